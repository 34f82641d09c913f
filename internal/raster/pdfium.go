package raster

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// renderer is the one PDFium of the process: it runs one call at a time, starts
// when first needed, and keeps the document used last open.
var renderer struct {
	sync.Mutex
	pool  pdfium.Pool
	inst  pdfium.Pdfium
	doc   references.FPDF_DOCUMENT
	owner *pdfBytes
	calls int
}

// pdfBytes identifies a PDF for the renderer.
type pdfBytes struct{ data []byte }

// recycleAfter bounds what a leak inside PDFium can take: a new instance costs
// about 30 ms once compiled.
const recycleAfter = 400

// startRenderer starts PDFium; the lock is held.
func startRenderer() error {
	if renderer.pool == nil {
		pool, err := webassembly.Init(webassembly.Config{
			MaxTotal: 1, MaxIdle: 1, FSConfig: wazero.NewFSConfig(), RuntimeConfig: rendererConfig()})
		if err != nil {
			return fmt.Errorf("start PDF renderer: %w", err)
		}
		renderer.pool = pool
	}
	if renderer.inst == nil {
		inst, err := renderer.pool.GetInstance(time.Minute)
		if err != nil {
			return fmt.Errorf("start PDF renderer: %w", err)
		}
		renderer.inst, renderer.calls = inst, 0
	}
	return nil
}

// rendererConfig keeps the compiled module on disk: start-up falls from seconds to
// a tenth of one. PDFium needs exception handling, which wazero has as experimental.
func rendererConfig() wazero.RuntimeConfig {
	cfg := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	for _, base := range []func() (string, error){os.UserCacheDir, func() (string, error) { return os.TempDir(), nil }} {
		dir, err := base()
		if err != nil {
			continue
		}
		if c, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "scan", "pdfium")); err == nil {
			return cfg.WithCompilationCache(c)
		}
	}
	return cfg
}

// stopRenderer drops the instance, after a panic in it or many calls; the lock is held.
func stopRenderer() {
	if renderer.inst != nil {
		_ = renderer.inst.Close() // a new one is started in any case
	}
	renderer.inst, renderer.owner = nil, nil
}

// withPDF runs f with the document open in PDFium.
func withPDF(b *pdfBytes, f func(inst pdfium.Pdfium, doc references.FPDF_DOCUMENT) error) (err error) {
	renderer.Lock()
	defer renderer.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = damaged("the PDF renderer failed: %v", r)
			stopRenderer()
		}
	}()
	if renderer.calls++; renderer.calls > recycleAfter {
		stopRenderer()
	}
	if err := startRenderer(); err != nil {
		return err
	}
	if renderer.owner != b {
		closeOpenPDF()
		r, err := renderer.inst.OpenDocument(&requests.OpenDocument{FileReader: bytes.NewReader(b.data), FileReaderSize: int64(len(b.data))})
		if errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity) {
			return errEncrypted()
		}
		if err != nil {
			return damaged("PDF cannot be opened (%v)", err)
		}
		renderer.doc, renderer.owner = r.Document, b
	}
	err = f(renderer.inst, renderer.doc)
	var u *UnsupportedError
	if err != nil && !errors.As(err, &u) {
		stopRenderer() // whatever failed may have left PDFium in disorder
	}
	return err
}

func closeOpenPDF() {
	if renderer.owner != nil {
		_, _ = renderer.inst.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: renderer.doc})
		renderer.owner = nil
	}
}

// forgetPDF closes the document if it is the one held open.
func forgetPDF(b *pdfBytes) {
	renderer.Lock()
	defer renderer.Unlock()
	defer func() {
		if recover() != nil {
			stopRenderer()
		}
	}()
	if renderer.owner == b {
		closeOpenPDF()
	}
}

func errEncrypted() error {
	return &UnsupportedError{What: "PDF with a password", Do: "remove the password and put the file here again"}
}

// pdfiumPages returns the number of pages PDFium sees.
func pdfiumPages(b *pdfBytes) (n int, err error) {
	err = withPDF(b, func(inst pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		r, err := inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
		if err == nil {
			n = r.PageCount
		}
		return err
	})
	return n, err
}

// rendered is a page drawn by PDFium, already turned as its /Rotate asks and cut to
// its CropBox. Sizes are in points.
type rendered struct {
	page              *Page
	widthPt, heightPt float64
}

// renderPDF draws page n (from 1) at about dpi: the true resolution, in DPIX and
// DPIY, is that of whole pixels on the page.
func renderPDF(b *pdfBytes, n int, dpi float64, grey bool) (out rendered, err error) {
	err = withPDF(b, func(inst pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: n - 1}}
		size, err := inst.GetPageSize(&requests.GetPageSize{Page: page})
		if err != nil {
			return damaged("page cannot be read (%v)", err)
		}
		out.widthPt, out.heightPt = size.Width, size.Height
		w, h := math.Round(size.Width*dpi/72), math.Round(size.Height*dpi/72)
		if !(w >= 1 && h >= 1) || w*h > MaxPixels {
			return unsupported("page of %.0f x %.0f mm", size.Width*25.4/72, size.Height*25.4/72)
		}
		req := &requests.RenderPageInPixels{Page: page, Width: int(w), Height: int(h), ImageFormat: requests.RenderImageFormatRGBA, RenderForm: true,
			RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_PRINTING}
		if grey {
			req.ImageFormat = requests.RenderImageFormatGrayscale
		}
		r, err := inst.RenderPageInPixels(req)
		if err != nil {
			return damaged("page cannot be drawn (%v)", err)
		}
		defer r.Cleanup()
		out.page, err = pageFromRender(r.Result.RenderedImage)
		return err
	})
	if err == nil {
		out.page.DPIX = float64(out.page.W()) * 72 / out.widthPt
		out.page.DPIY = float64(out.page.H()) * 72 / out.heightPt
	}
	return out, err
}

// pageFromRender copies a drawing out of PDFium's memory, over white paper.
func pageFromRender(img image.Image) (*Page, error) {
	switch m := img.(type) {
	case *image.Gray:
		p := newGreyPage(m.Rect.Dx(), m.Rect.Dy())
		for y := range p.H() {
			copy(p.Y.Row(y), m.Pix[y*m.Stride:])
		}
		return p, nil
	case *image.RGBA:
		overWhite(m.Pix)
		return pageFromRGBA(m.Pix, m.Stride, m.Rect.Dx(), m.Rect.Dy()), nil
	}
	return nil, fmt.Errorf("the PDF renderer drew an image of kind %T", img)
}

// overWhite lays straight-alpha RGBA pixels on white, in place.
func overWhite(pix []byte) {
	for i := 0; i+3 < len(pix); i += 4 {
		if a := int(pix[i+3]); a != 255 {
			for j := range 3 {
				pix[i+j] = byte((int(pix[i+j])*a + 255*(255-a) + 127) / 255)
			}
		}
	}
}

// bitmapOfImage returns the pixels of the only image of page n at their own size,
// neither placed nor turned.
func bitmapOfImage(b *pdfBytes, n int) (p *Page, err error) {
	err = withPDF(b, func(inst pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
		page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: n - 1}}
		objs, err := inst.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
		if err != nil {
			return err
		}
		var found []references.FPDF_PAGEOBJECT
		for i := range objs.Count {
			o, err := inst.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
			if err != nil {
				return err
			}
			found = append(found, imagesIn(inst, o.PageObject, 0)...)
		}
		if len(found) != 1 {
			return unsupported("%d images where one was expected", len(found))
		}
		p, err = copyBitmap(inst, found[0])
		return err
	})
	return p, err
}

func imagesIn(inst pdfium.Pdfium, o references.FPDF_PAGEOBJECT, depth int) (found []references.FPDF_PAGEOBJECT) {
	t, err := inst.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil || depth > maxFormDepth {
		return nil
	}
	if t.Type == enums.FPDF_PAGEOBJ_IMAGE {
		return []references.FPDF_PAGEOBJECT{o}
	}
	if t.Type != enums.FPDF_PAGEOBJ_FORM {
		return nil
	}
	c, err := inst.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
	if err != nil {
		return nil
	}
	for i := range c.Count {
		if s, err := inst.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)}); err == nil {
			found = append(found, imagesIn(inst, s.PageObject, depth+1)...)
		}
	}
	return found
}

func copyBitmap(inst pdfium.Pdfium, o references.FPDF_PAGEOBJECT) (*Page, error) {
	r, err := inst.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: o})
	if err != nil {
		return nil, damaged("image cannot be decoded (%v)", err)
	}
	defer func() { _, _ = inst.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: r.Bitmap}) }()
	f, err1 := inst.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: r.Bitmap})
	w, err2 := inst.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: r.Bitmap})
	h, err3 := inst.FPDFBitmap_GetHeight(&requests.FPDFBitmap_GetHeight{Bitmap: r.Bitmap})
	s, err4 := inst.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: r.Bitmap})
	buf, err5 := inst.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: r.Bitmap})
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return nil, damaged("image cannot be decoded (%v)", err)
	}
	if err := checkSize(w.Width, h.Height); err != nil {
		return nil, err
	}
	switch f.Format {
	case enums.FPDF_BITMAP_FORMAT_GRAY:
		p := newGreyPage(w.Width, h.Height)
		for y := range p.H() {
			copy(p.Y.Row(y), buf.Buffer[y*s.Stride:])
		}
		return p, nil
	case enums.FPDF_BITMAP_FORMAT_BGR, enums.FPDF_BITMAP_FORMAT_BGRX:
		step := 3
		if f.Format == enums.FPDF_BITMAP_FORMAT_BGRX {
			step = 4
		}
		p := newColourPage(w.Width, h.Height)
		for y := range p.H() {
			row := buf.Buffer[y*s.Stride:]
			for i := 0; i < step*p.W(); i += step {
				row[i], row[i+2] = row[i+2], row[i]
			}
		}
		p.fromRGB(buf.Buffer, s.Stride, step)
		p.dropGreyChroma()
		return p, nil
	default:
		return nil, unsupported("image with transparency")
	}
}

// RenderPDF draws page n (from 1) of a PDF in colour at about dpi, as printed:
// with the appearance of annotations and form fields, turned by /Rotate and cut to
// the CropBox. DPIX and DPIY are exact.
func RenderPDF(path string, n int, dpi float64) (*Page, error) {
	b, err := readFile(path)
	if err != nil {
		return nil, err
	}
	pdf := &pdfBytes{b}
	defer forgetPDF(pdf)
	out, err := renderPDF(pdf, n, dpi, false)
	return out.page, locate(err, path, n)
}
