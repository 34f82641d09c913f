package raster

import (
	"math"

	"scan/internal/geom"
)

const mmPerInch = 25.4

// LoadForm returns every page of a blank form in grey at FormDPI: the pages of a
// PDF as printed, or PNG, JPEG and TIFF images. An image that says no resolution is
// taken for A4 or Letter, whichever fits its shape better. Rendered pages are kept
// in cacheDir under the hash of the file; "" keeps nothing, and a cache that cannot
// be written or read costs time only.
func LoadForm(path, cacheDir string) ([]FormPage, error) {
	b, err := readFile(path)
	if err != nil {
		return nil, err
	}
	cache := formCachePath(cacheDir, b)
	if pages, ok := loadFormCache(cache); ok {
		return pages, nil
	}
	var pages []FormPage
	if sniff(b) == kindPDF {
		pages, err = renderForm(path, b)
	} else {
		pages, err = imageForm(path)
	}
	if err != nil {
		return nil, err
	}
	saveFormCache(cache, pages)
	return pages, nil
}

func renderForm(path string, b []byte) ([]FormPage, error) {
	if err := checkEnd(b); err != nil {
		return nil, locate(err, path, 0)
	}
	pdf := &pdfBytes{b}
	defer forgetPDF(pdf)
	n, err := pdfiumPages(pdf)
	if err != nil {
		return nil, locate(err, path, 0)
	}
	pages := make([]FormPage, n)
	for i := range pages {
		if pages[i], err = renderFormPage(pdf, path, i+1); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func renderFormPage(pdf *pdfBytes, path string, n int) (FormPage, error) {
	r, err := renderPDF(pdf, n, FormDPI*oversample, true)
	if err != nil {
		return FormPage{}, locate(err, path, n)
	}
	return newFormPage(ReduceTo(r.page, oversample), r.widthPt*mmPerInch/72, r.heightPt*mmPerInch/72), nil
}

// oversample is how much finer a form is drawn than it is kept. PDFium moves the
// edges of rectangles to whole pixels, at 200 dpi by up to 0.06 mm; three times
// finer that is 0.02 mm, at twice the time. TestLoadFormGeometry would object to 1.
const oversample = 3

// newFormPage maps mm to pixels by the page's resolution.
func newFormPage(p *Page, widthMM, heightMM float64) FormPage {
	toPix := geom.ScaleBy(p.DPIX/mmPerInch, p.DPIY/mmPerInch)
	return FormPage{View: View{Page: p, MMToPix: toPix}, WidthMM: widthMM, HeightMM: heightMM}
}

func imageForm(path string) ([]FormPage, error) {
	src, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	pages := make([]FormPage, src.Pages())
	for i := range pages {
		p, err := src.Page(i + 1)
		if err != nil {
			return nil, err
		}
		pages[i] = formFromImage(p)
	}
	return pages, nil
}

// formFromImage turns the image upright and resamples it to FormDPI.
func formFromImage(p *Page) FormPage {
	g := &Page{Y: p.Y.upright(p.Turn), SubX: 1, SubY: 1}
	dx, dy := p.DPIX, p.DPIY
	if p.Turn%180 != 0 {
		dx, dy = dy, dx
	}
	wMM, hMM := float64(g.W())/dx*mmPerInch, float64(g.H())/dy*mmPerInch
	if dx == 0 || dy == 0 {
		wMM, hMM = paperSize(g.W(), g.H())
	}
	view := View{Page: g, MMToPix: geom.ScaleBy(float64(g.W())/wMM, float64(g.H())/hMM)}
	patch := view.Sample(geom.Box{W: wMM, H: hMM}, FormDPI/mmPerInch)
	return newFormPage(&Page{Y: patch.Y, SubX: 1, SubY: 1, DPIX: FormDPI, DPIY: FormDPI}, wMM, hMM)
}

// paperSize returns the sheet, A4 or Letter (mm), whose shape is closer to w x h.
func paperSize(w, h int) (wMM, hMM float64) {
	a, b := 210.0, 297.0
	ratio := float64(max(w, h)) / float64(min(w, h))
	if math.Abs(ratio-279.4/215.9) < math.Abs(ratio-297.0/210.0) {
		a, b = 215.9, 279.4
	}
	if w > h {
		a, b = b, a
	}
	return a, b
}
