package raster

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
)

// decodePNG decodes a whole PNG; DPI comes from its pHYs chunk.
func decodePNG(b []byte) (*Page, error) {
	cfg, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, damaged("PNG: %v", err)
	}
	if err := checkSize(cfg.Width, cfg.Height); err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, damaged("PNG: %v", err)
	}
	p := pageFromImage(img)
	p.Bilevel = len(b) > 25 && b[24] == 1 && !p.HasColour()
	p.setDPI(pngDPI(b))
	return p, nil
}

// pngDPI reads the pHYs chunk, which precedes the pixels.
func pngDPI(b []byte) (x, y float64) {
	for at := 8; at+12 <= len(b); {
		n, name := int(binary.BigEndian.Uint32(b[at:])), string(b[at+4:at+8])
		if name == "IDAT" || n < 0 || at+12+n > len(b) {
			return 0, 0
		}
		if name == "pHYs" && n == 9 && b[at+16] == 1 {
			const perInch = 0.0254
			return float64(binary.BigEndian.Uint32(b[at+8:])) * perInch, float64(binary.BigEndian.Uint32(b[at+12:])) * perInch
		}
		at += 12 + n
	}
	return 0, 0
}

// pageFromImage converts the kinds of image that Go's PNG decoder returns. What is
// transparent shows white paper.
func pageFromImage(img image.Image) *Page {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	switch m := img.(type) {
	case *image.Gray:
		return &Page{Y: &Plane{Pix: m.Pix, Stride: m.Stride, W: w, H: h}, SubX: 1, SubY: 1}
	case *image.Gray16:
		p := newGreyPage(w, h)
		for y := range h {
			for x, row := 0, p.Y.Row(y); x < w; x++ {
				row[x] = m.Pix[y*m.Stride+2*x]
			}
		}
		return p
	case *image.Paletted:
		return fromPalette(m.Pix, m.Stride, w, h, paletteRGB(m.Palette))
	case *image.NRGBA:
		overWhite(m.Pix)
		return pageFromRGBA(m.Pix, m.Stride, w, h)
	case *image.RGBA:
		return pageFromRGBA(m.Pix, m.Stride, w, h)
	}
	buf := make([]byte, 4*w*h)
	for y := range h {
		for x := range w {
			c := straight(img.At(x, y))
			copy(buf[4*(y*w+x):], []byte{c.R, c.G, c.B, c.A})
		}
	}
	overWhite(buf)
	return pageFromRGBA(buf, 4*w, w, h)
}

// straight takes the alpha out of a colour's channels.
func straight(c color.Color) color.NRGBA {
	n, _ := color.NRGBAModel.Convert(c).(color.NRGBA) // the model makes nothing else
	return n
}

func pageFromRGBA(pix []byte, stride, w, h int) *Page {
	p := newColourPage(w, h)
	p.fromRGB(pix, stride, 4)
	p.dropGreyChroma()
	return p
}

func paletteRGB(pal color.Palette) (rgb []byte) {
	for _, c := range pal {
		n := straight(c)
		px := []byte{n.R, n.G, n.B, n.A}
		overWhite(px)
		rgb = append(rgb, px[:3]...)
	}
	return rgb
}

// fromPalette maps one index a byte through a palette of r, g, b triples. An index
// beyond the palette shows black, as it does elsewhere.
func fromPalette(idx []byte, stride, w, h int, rgb []byte) *Page {
	n := len(rgb) / 3
	tab := newColourPage(256, 1)
	full := make([]byte, 768)
	copy(full, rgb[:3*min(n, 256)])
	tab.fromRGB(full, 768, 3)
	grey := true
	for i := range min(n, 256) {
		grey = grey && tab.Cb.Pix[i] == 128 && tab.Cr.Pix[i] == 128
	}
	p := newGreyPage(w, h)
	if !grey {
		p = newColourPage(w, h)
	}
	for y := range h {
		in := idx[y*stride : y*stride+w]
		for x, v := range in {
			p.Y.Pix[y*w+x] = tab.Y.Pix[v]
		}
		if !grey {
			for x, v := range in {
				p.Cb.Pix[y*w+x], p.Cr.Pix[y*w+x] = tab.Cb.Pix[v], tab.Cr.Pix[v]
			}
		}
	}
	p.dropGreyChroma()
	return p
}
