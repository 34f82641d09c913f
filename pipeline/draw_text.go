package pipeline

import (
	"image"
	"image/color"
	"image/draw"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Text on an explanation.
const (
	textPx = 15 // height of a line in the panel
	linePx = 21
	smalPx = 12 // beside boxes
)

var parseMono = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gomono.TTF) })

// face returns the font in a size in pixels.
func face(px float64) (font.Face, error) {
	f, err := parseMono()
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: px, DPI: 72, Hinting: font.HintingFull})
}

// withPanel puts lines of text above a picture.
func withPanel(page image.Image, lines []string) *sketch {
	b := page.Bounds()
	s := &sketch{top: linePx*len(lines) + 12}
	s.img = image.NewNRGBA(image.Rect(0, 0, max(b.Dx(), 900), b.Dy()+s.top))
	draw.Draw(s.img, s.img.Bounds(), image.NewUniform(color.NRGBA{244, 244, 236, 255}), image.Point{}, draw.Src)
	draw.Draw(s.img, image.Rect(0, s.top, b.Dx(), s.top+b.Dy()), page, b.Min, draw.Src)
	for i, line := range lines {
		s.write(8, (i+1)*linePx-3, textPx, colourText, line)
	}
	return s
}

// text writes at a point of the page (mm, left end of the baseline) on a light ground.
func (s *sketch) text(x, y float64, c color.NRGBA, words string) {
	if words == "" {
		return
	}
	px, py := int(x*s.pxPerMM), s.top+int(y*s.pxPerMM)
	w := len(words) * smalPx * 6 / 10
	px = max(0, min(px, s.img.Bounds().Dx()-w-2))
	ground := image.Rect(px-1, py-smalPx+2, px+w+2, py+3)
	draw.Draw(s.img, ground, image.NewUniform(color.NRGBA{255, 255, 255, 200}), image.Point{}, draw.Over)
	s.write(px, py, smalPx, c, words)
}

// write draws text with the left end of its baseline at (x, y) pixels.
func (s *sketch) write(x, y, px int, c color.NRGBA, words string) {
	f, err := face(float64(px))
	if err != nil {
		return // the font is part of the program
	}
	d := font.Drawer{Dst: s.img, Src: image.NewUniform(c), Face: f, Dot: fixed.P(x, y)}
	d.DrawString(words)
}
