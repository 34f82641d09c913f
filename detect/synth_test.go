package detect

import (
	"math/rand/v2"

	"scan/internal/geom"
	"scan/internal/raster"
)

// The tests here need no fixtures: forms are drawn as lines of random letter-like strokes.

const (
	testW, testH = 210.0, 297.0
	formPx       = raster.FormDPI / 25.4
)

type sheet struct {
	*raster.Plane
	px float64
}

func newSheet(px float64) sheet {
	p := raster.NewPlane(int(testW*px), int(testH*px))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	return sheet{p, px}
}

// bar draws a dark rectangle (mm).
func (s sheet) bar(x, y, w, h float64, v uint8) {
	for py := int(y * s.px); py < int((y+h)*s.px+0.5); py++ {
		for px := int(x * s.px); px < int((x+w)*s.px+0.5); px++ {
			if px >= 0 && py >= 0 && px < s.W && py < s.H {
				s.Pix[py*s.Stride+px] = v
			}
		}
	}
}

// letter draws four random strokes in 1.6 x 2.2 mm.
func (s sheet) letter(rng *rand.Rand, x, y float64) {
	for range 4 {
		if rng.IntN(2) == 0 {
			s.bar(x+rng.Float64()*1.2, y, 0.3, 1+rng.Float64()*1.2, 0)
		} else {
			s.bar(x, y+rng.Float64()*1.9, 0.8+rng.Float64()*0.6, 0.3, 0)
		}
	}
}

func (s sheet) textLine(rng *rand.Rand, x, y, width float64) {
	for end := x + width; x < end; x += 1.2 {
		for range 2 + rng.IntN(7) {
			if x > end {
				break
			}
			s.letter(rng, x, y)
			x += 1.9
		}
	}
}

func (s sheet) frame(x, y, w, h, stroke float64) {
	s.bar(x, y, w, stroke, 0)
	s.bar(x, y+h-stroke, w, stroke, 0)
	s.bar(x, y, stroke, h, 0)
	s.bar(x+w-stroke, y, stroke, h, 0)
}

// printedPage draws a page: common header and frame, own text, own number in the footer.
func printedPage(seed uint64, lines int, footer uint64) raster.FormPage {
	s := newSheet(formPx)
	common := rand.New(rand.NewPCG(9, 9))
	s.textLine(common, 20, 12, 60)
	s.frame(20, 20, 165, 255, 0.2)
	own := rand.New(rand.NewPCG(seed, 1))
	y := 30.0
	for range lines {
		s.textLine(own, 26, y, 60+own.Float64()*90)
		y += 5 + own.Float64()*6
	}
	foot := rand.New(rand.NewPCG(footer, 2))
	s.textLine(common, 90, 286, 12)
	s.letter(foot, 108, 286)
	s.letter(foot, 110, 286)
	return s.formPage()
}

func (s sheet) formPage() raster.FormPage {
	return raster.FormPage{
		View: raster.View{
			Page:    &raster.Page{Y: s.Plane, DPIX: s.px * 25.4, DPIY: s.px * 25.4},
			MMToPix: geom.ScaleBy(s.px, s.px)},
		WidthMM: testW, HeightMM: testH}
}

// scanOf resamples a form page through mmToPix into an image of w x h pixels on a
// background, with noise.
func scanOf(p raster.FormPage, mmToPix geom.Homography, w, h int, background uint8, dpi float64, seed uint64) *raster.Page {
	inv, _ := mmToPix.Inverse()
	out := raster.NewPlane(w, h)
	rng := rand.New(rand.NewPCG(seed, 3))
	src := p.Page.Y
	px, _ := p.MMToPix.ScaleAt(geom.Point{})
	for y := range h {
		for x := range w {
			q := inv.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			v := float64(background)
			if q.X >= 0 && q.Y >= 0 && q.X < testW && q.Y < testH {
				v = 0.85*float64(src.At(int(q.X*px), int(q.Y*px))) + 20
			}
			v += rng.NormFloat64() * 5
			out.Pix[y*w+x] = uint8(min(max(v, 0), 255))
		}
	}
	return &raster.Page{Y: out, DPIX: dpi, DPIY: dpi}
}

// scribble draws n long dark strokes over the scan.
func scribble(p *raster.Plane, n int, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 4))
	for range n {
		x, y := rng.Float64()*float64(p.W), rng.Float64()*float64(p.H)
		dx, dy := rng.NormFloat64(), rng.NormFloat64()
		for range 160 {
			dx, dy = dx+rng.NormFloat64()*0.2, dy+rng.NormFloat64()*0.2
			x, y = x+dx, y+dy
			for j := -1; j <= 1; j++ {
				for i := -1; i <= 1; i++ {
					if px, py := int(x)+i, int(y)+j; px >= 0 && py >= 0 && px < p.W && py < p.H {
						p.Pix[py*p.Stride+px] = 40
					}
				}
			}
		}
	}
}
