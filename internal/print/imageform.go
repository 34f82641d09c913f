package print

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"scan/internal/raster"
)

// zeroTime keeps the clock out of files: the same input gives the same bytes.
var zeroTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// FormPDF returns the form as PDF. Images become its pages, pixel for pixel; pages tells their
// size on paper.
func FormPDF(path string, pages []raster.FormPage) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(bytes.TrimLeft(b[:min(len(b), 1024)], "\x00\t\r\n "), []byte("%PDF")) || bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) {
		return b, nil
	}
	src, err := raster.Open(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if src.Pages() != len(pages) {
		return nil, fmt.Errorf("%s has %d pages, but %d are drawn", path, src.Pages(), len(pages))
	}
	pdf := newDocument()
	for i, shown := range pages {
		p, err := src.Page(i + 1)
		if err != nil {
			return nil, err
		}
		if err := addImagePage(pdf, i, p, shown); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	err = pdf.Output(&out)
	return out.Bytes(), err
}

// newDocument begins a PDF whose bytes depend on what is in it alone.
func newDocument() *fpdf.Fpdf {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm"})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCreationDate(zeroTime)
	pdf.SetModificationDate(zeroTime)
	pdf.SetCatalogSort(true)
	return pdf
}

func addImagePage(pdf *fpdf.Fpdf, i int, p *raster.Page, shown raster.FormPage) error {
	img, err := uprightPNG(p)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("page-%d", i+1)
	addPage(pdf, shown.WidthMM, shown.HeightMM)
	pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, img)
	pdf.ImageOptions(name, 0, 0, shown.WidthMM, shown.HeightMM, false, fpdf.ImageOptions{}, 0, "")
	return pdf.Error()
}

// addPage adds a page of the size as it is, broad ones too.
func addPage(pdf *fpdf.Fpdf, w, h float64) {
	pdf.AddPageFormat("P", fpdf.SizeType{Wd: w, Ht: h})
}

// uprightPNG encodes the pixels of a page as it is looked at.
func uprightPNG(p *raster.Page) (io.Reader, error) {
	w, h := p.W(), p.H()
	if p.Turn%180 != 0 {
		w, h = h, w
	}
	at := func(x, y int) (int, int) {
		switch (p.Turn%360 + 360) % 360 {
		case 90:
			return y, w - 1 - x
		case 180:
			return w - 1 - x, h - 1 - y
		case 270:
			return h - 1 - y, x
		}
		return x, y
	}
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if !p.HasColour() {
		img := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				sx, sy := at(x, y)
				img.Pix[y*img.Stride+x] = p.Y.At(sx, sy)
			}
		}
		err := enc.Encode(&buf, img)
		return &buf, err
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := at(x, y)
			cx, cy := sx/p.SubX, sy/p.SubY
			r, g, b := color.YCbCrToRGB(p.Y.At(sx, sy), p.Cb.At(cx, cy), p.Cr.At(cx, cy))
			o := y*img.Stride + 4*x
			img.Pix[o], img.Pix[o+1], img.Pix[o+2], img.Pix[o+3] = r, g, b, 255
		}
	}
	err := enc.Encode(&buf, img)
	return &buf, err
}
