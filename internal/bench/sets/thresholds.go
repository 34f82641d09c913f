package sets

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"

	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

const faintWords = 14

// faintInk puts scans of one word in 14 pens, down to hardly visible, into number cells whose
// frames are drawn around them. There is no number to read: silence about ink is the error.
func faintInk(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, zesjeDir...)
	if err != nil {
		return nil, err
	}
	items, err := each(ctx, o, faintWords, func(i int) ([]bench.Item, error) {
		name := fmt.Sprintf("image%d.jpg", i+1)
		if i+1 == faintWords {
			name = "image14.png"
		}
		v, form, box, err := framed(filepath.Join(dir, "thresholds", name))
		if err != nil {
			return nil, err
		}
		it := bench.Item{Field: bench.Score, Name: name, Group: name, Kind: "word", Truth: anything, Odd: true, X: -1, Y: -1}
		take(&it, ofScore(ocr.ReadScore(v, form, exam.Score{ID: "S", Problem: "1", Corrector: 1, Page: 1, Box: box, Max: 20, Step: 0.5})))
		show(ctx, it, v, box)
		return []bench.Item{it}, nil
	})
	if err != nil {
		return nil, err
	}
	return exactly(items, faintWords)
}

// framed makes a page at 300 dpi that shows an image in the middle of paper, with a frame of
// 0.4 mm around it, and its form.
func framed(path string) (v raster.View, form raster.FormPage, cell geom.Box, err error) {
	f, err := os.Open(path)
	if err != nil {
		return v, form, cell, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return v, form, cell, fmt.Errorf("%s: %w", path, err)
	}
	const margin, stroke, k = 118, 5, 300 / mmPerInch // 10 mm and 0.4 mm in pixels
	b := img.Bounds()
	w, h := b.Dx()+2*margin, b.Dy()+2*margin
	p := &raster.Page{Y: raster.NewPlane(w, h), Cb: raster.NewPlane(w, h), Cr: raster.NewPlane(w, h), SubX: 1, SubY: 1, DPIX: 300, DPIY: 300}
	inner := image.Rect(margin, margin, w-margin, h-margin)
	for y := range h {
		for x := range w {
			at, c := image.Pt(x, y), color.Color(color.Gray{Y: 253})
			switch {
			case at.In(inner):
				c = overWhite(img.At(b.Min.X+x-margin, b.Min.Y+y-margin))
			case at.In(inner.Inset(-stroke)):
				c = color.Gray{Y: 40}
			}
			r, g, bl, _ := c.RGBA()
			i := y*w + x
			p.Y.Pix[i], p.Cb.Pix[i], p.Cr.Pix[i] = color.RGBToYCbCr(uint8(r>>8), uint8(g>>8), uint8(bl>>8))
		}
	}
	frame := inner.Inset(-stroke)
	cell = geom.Box{X: float64(frame.Min.X) / k, Y: float64(frame.Min.Y) / k, W: float64(frame.Dx()) / k, H: float64(frame.Dy()) / k}
	form = drawnForm([]geom.Box{cell}, float64(w)/k, float64(h)/k, stroke/k, false)
	return upright(p, 300), form, cell, nil
}

// overWhite shows a colour that may be transparent on white.
func overWhite(c color.Color) color.Color {
	r, g, b, a := c.RGBA()
	w := 0xffff - a
	return color.RGBA64{R: uint16(r + w), G: uint16(g + w), B: uint16(b + w), A: 0xffff}
}
