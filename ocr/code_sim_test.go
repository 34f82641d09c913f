package ocr

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/makiuchi-d/gozxing/datamatrix/encoder"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"scan/internal/geom"
	"scan/internal/raster"
)

// simPxPerMM is the resolution stickers and forms are drawn at before they are
// scanned.
const simPxPerMM = 16

// canvas is a white drawing surface in mm.
type canvas struct{ *image.Gray }

func newCanvas(w, h float64) canvas {
	g := image.NewGray(image.Rect(0, 0, int(w*simPxPerMM), int(h*simPxPerMM)))
	draw.Draw(g, g.Bounds(), image.White, image.Point{}, draw.Src)
	return canvas{g}
}

func (c canvas) plane() *raster.Plane {
	return &raster.Plane{Pix: c.Pix, Stride: c.Stride, W: c.Bounds().Dx(), H: c.Bounds().Dy()}
}

func (c canvas) fill(b geom.Box, grey uint8) {
	r := image.Rect(int(b.X*simPxPerMM), int(b.Y*simPxPerMM), int((b.X+b.W)*simPxPerMM), int((b.Y+b.H)*simPxPerMM))
	draw.Draw(c, r, image.NewUniform(color.Gray{Y: grey}), image.Point{}, draw.Src)
}

// stroke draws a round pen from a to b. A pen darkens: what is printed blacker stays;
// a light one (128 and more) scratches.
func (c canvas) stroke(a, b geom.Point, width float64, grey uint8) {
	r := width / 2 * simPxPerMM
	n := int(b.Sub(a).Norm() * simPxPerMM / 2)
	for i := range n + 1 {
		q := a.Add(b.Sub(a).Scale(float64(i) / float64(max(n, 1)))).Scale(simPxPerMM)
		for y := int(q.Y - r); y <= int(q.Y+r); y++ {
			for x := int(q.X - r); x <= int(q.X+r); x++ {
				if math.Hypot(float64(x)-q.X, float64(y)-q.Y) <= r && (image.Point{X: x, Y: y}).In(c.Bounds()) {
					if o := c.PixOffset(x, y); grey >= 128 || c.Pix[o] > grey {
						c.Pix[o] = grey
					}
				}
			}
		}
	}
}

// text writes with digits about 0.72 size high, its base line starting at (x, y).
func (c canvas) text(t testing.TB, x, y, size float64, s string) {
	f, err := opentype.Parse(goregular.TTF)
	require.NoError(t, err)
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size * simPxPerMM, DPI: 72, Hinting: font.HintingNone})
	require.NoError(t, err)
	d := font.Drawer{Dst: c, Src: image.Black, Face: face, Dot: fixed.P(int(x*simPxPerMM), int(y*simPxPerMM))}
	d.DrawString(s)
}

// matrix draws the modules of a code into a box; the code has no quiet zone.
func (c canvas) matrix(b geom.Box, m *gozxing.BitMatrix) {
	mw, mh := b.W/float64(m.GetWidth()), b.H/float64(m.GetHeight())
	for y := range m.GetHeight() {
		for x := range m.GetWidth() {
			if m.Get(x, y) {
				x0, y0 := int((b.X+float64(x)*mw)*simPxPerMM+0.5), int((b.Y+float64(y)*mh)*simPxPerMM+0.5)
				x1, y1 := int((b.X+float64(x+1)*mw)*simPxPerMM+0.5), int((b.Y+float64(y+1)*mh)*simPxPerMM+0.5)
				draw.Draw(c, image.Rect(x0, y0, x1, y1), image.Black, image.Point{}, draw.Src)
			}
		}
	}
}

// encoded returns the modules of a code without quiet zone, one pix a module.
func encoded(t testing.TB, symbology, text string, rectangular bool) *gozxing.BitMatrix {
	var m *gozxing.BitMatrix
	var err error
	switch symbology {
	case symQR:
		m, err = qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 1, 1, map[gozxing.EncodeHintType]interface{}{
			gozxing.EncodeHintType_MARGIN: 0, gozxing.EncodeHintType_ERROR_CORRECTION: decoder.ErrorCorrectionLevel_M})
	case symDataMatrix:
		shape := encoder.SymbolShapeHint_FORCE_SQUARE
		if rectangular {
			shape = encoder.SymbolShapeHint_FORCE_RECTANGLE
		}
		m, err = datamatrix.NewDataMatrixWriter().Encode(text, gozxing.BarcodeFormat_DATA_MATRIX, 1, 1,
			map[gozxing.EncodeHintType]interface{}{gozxing.EncodeHintType_DATA_MATRIX_SHAPE: shape})
	case symCode128:
		m, err = oned.NewCode128Writer().Encode(text, gozxing.BarcodeFormat_CODE_128, 1, 1,
			map[gozxing.EncodeHintType]interface{}{gozxing.EncodeHintType_MARGIN: 0})
	}
	require.NoError(t, err)
	return m
}

// simSticker is a sticker as it is printed: 46 x 21 mm, code and number.
type simSticker struct {
	symbology, code, printed string
	rectangular              bool
}

func (s simSticker) draw(t testing.TB) canvas {
	c := newCanvas(46, 21)
	m := encoded(t, s.symbology, s.code, s.rectangular)
	switch {
	case s.symbology == symCode128:
		c.matrix(geom.Box{X: 6, Y: 2, W: 34, H: 9}, m)
		c.text(t, 13, 17, 4.5, s.printed)
	case s.rectangular:
		c.matrix(geom.Box{X: 2, Y: 3, W: 16, H: 16 * float64(m.GetHeight()) / float64(m.GetWidth())}, m)
		c.text(t, 21, 9, 4.5, s.printed)
	default:
		side := 15.0
		if s.symbology == symDataMatrix {
			side = 10
		}
		c.matrix(geom.Box{X: 3, Y: 3, W: side, H: side}, m)
		c.text(t, 22, 12, 4.5, s.printed)
	}
	return c
}

// simField is the sticker field of the simulated cover, 90 x 70 mm, in mm.
var simField = geom.Box{X: 25, Y: 24, W: 39, H: 21.5}

// simForm draws the blank cover.
func simForm(t testing.TB) canvas {
	c := newCanvas(90, 70)
	for d := -30.0; d < 60; d += 2.5 {
		for s := 0.0; s < 21.5; s += 0.02 {
			if x := d + s; x > 0 && x < 38.8 {
				c.fill(geom.Box{X: simField.X + x, Y: simField.Y + s, W: 0.25, H: 0.06}, 120)
			}
		}
	}
	for _, b := range []geom.Box{
		{X: 25, Y: 24, W: 39, H: 0.2}, {X: 25, Y: 45.3, W: 39, H: 0.2}, {X: 25, Y: 24, W: 0.2, H: 21.5}, {X: 63.8, Y: 24, W: 0.2, H: 21.5},
	} {
		c.fill(b, 0)
	}
	c.text(t, 27, 32, 3, "Place student sticker here")
	c.text(t, 20, 56, 5, "Introduction to Examples")
	c.text(t, 20, 62, 3.5, "Exam 2345 on 12 August 2020")
	c.text(t, 20, 14, 3.5, "Chair of Examples, 10317")
	return c
}

// clone returns a copy to draw on.
func (c canvas) clone() canvas {
	g := *c.Gray
	g.Pix = append([]uint8(nil), c.Pix...)
	return canvas{&g}
}

// place puts a sticker with its middle at (mm), turned clockwise by deg.
func (c canvas) place(s canvas, at geom.Point, deg float64) {
	w, h := float64(s.Bounds().Dx()), float64(s.Bounds().Dy())
	m := geom.Translate(at.Scale(simPxPerMM)).Mul(geom.RotateDeg(deg)).Mul(geom.Translate(geom.Point{X: -w / 2, Y: -h / 2}))
	inv, _ := m.Inverse()
	for y := range c.Bounds().Dy() {
		for x := range c.Bounds().Dx() {
			q := inv.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			if q.X >= 0 && q.Y >= 0 && q.X < w && q.Y < h {
				c.Pix[y*c.Stride+x] = s.Pix[int(q.Y)*s.Stride+int(q.X)]
			}
		}
	}
}

// simScan is how a canvas is scanned. Blur is a radius in mm, contrast 1 keeps
// black black, noise is the standard deviation in grey levels.
type simScan struct {
	dpi, skewDeg, blur, noise, contrast float64
	bilevel                             bool
	seed                                uint64
}

// of scans a canvas; the view maps its mm to the scan's pix.
func (s simScan) of(c canvas) raster.View {
	src := c.plane()
	for range 2 {
		if r := int(s.blur * simPxPerMM); r > 0 {
			src = boxBlur(src, r)
		}
	}
	k := s.dpi / 25.4
	w, h := float64(src.W)/simPxPerMM, float64(src.H)/simPxPerMM
	toPix := geom.Translate(geom.Point{X: (w/2 + 3) * k, Y: (h/2 + 3) * k}).Mul(geom.RotateDeg(s.skewDeg)).
		Mul(geom.ScaleBy(k, k)).Mul(geom.Translate(geom.Point{X: -w / 2, Y: -h / 2}))
	inv, _ := toPix.Inverse()
	p := sampleLuma(src, geom.ScaleBy(simPxPerMM, simPxPerMM).Mul(inv), int((w+6)*k), int((h+6)*k), 3)
	rng := rand.New(rand.NewPCG(s.seed, 1))
	for i, g := range p.Pix {
		v := 250 - (255-float64(g))*s.contrast*0.94 + rng.NormFloat64()*s.noise
		p.Pix[i] = uint8(math.Min(math.Max(v, 0), 255))
	}
	if s.bilevel {
		level := uint8(250 - 120*s.contrast)
		for i, g := range p.Pix {
			p.Pix[i] = 0
			if g > level {
				p.Pix[i] = 255
			}
		}
	}
	return raster.View{Page: &raster.Page{Y: p, Bilevel: s.bilevel}, MMToPix: toPix}
}

// simFormPage renders a blank cover as the form.
func simFormPage(form canvas) raster.FormPage {
	v := simScan{dpi: raster.FormDPI, contrast: 1.06}.of(form)
	return raster.FormPage{View: v, WidthMM: 90, HeightMM: 70}
}
