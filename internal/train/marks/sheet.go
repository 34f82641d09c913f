package main

import (
	"math"
	"math/rand/v2"

	"scan/fixtures"
	"scan/internal/geom"
	"scan/internal/raster"
)

// A sheet is a made-up piece of a form with one writer's marks on it: either a grid of
// choice boxes or columns of credit cells, in one of many print styles.
type sheet struct {
	form  raster.FormPage
	ink   *fixtures.Canvas
	boxes []geom.Box
	kind  []int // of each box, as detect counts them; -1 not used
	what  []string
}

// Kinds as in detect; a stroke is a tick or a slash.
const (
	empty = iota
	crossed
	filled
	stroke
	other
)

// mix is the share of each kind on a sheet: empty, crossed, filled, and odd marks.
type mix [4]float64

// trainMix is balanced so that rare kinds are learnt; realMix is what exams hold, for
// calibration and figures.
var (
	trainMix = mix{0.22, 0.30, 0.24, 0.24}
	cellMix  = mix{0.55, 0.22, 0.12, 0.11} // in columns: neighbours reach into most cells
	realMix  = mix{0.52, 0.37, 0.08, 0.03}
)

const (
	sheetW, sheetH = 120.0, 84.0 // mm
	inkPx          = 11.81       // canvas pixels per mm
	formPx         = raster.FormDPI / 25.4
)

// rect is printed black with the given darkness.
type rect struct {
	geom.Box
	dark float64
}

// newSheet draws a sheet.
func newSheet(rng *rand.Rand, m mix) *sheet {
	s := &sheet{}
	columns := rng.Float64() < 0.35
	var printed []rect
	if columns {
		printed = s.layColumns(rng)
	} else {
		printed = s.layGrid(rng)
	}
	formCanvas := fixtures.BlankCanvas(sheetW, sheetH, formPx)
	s.ink = fixtures.BlankCanvas(sheetW, sheetH, inkPx)
	for _, r := range printed {
		paint(formCanvas, r)
		paint(s.ink, r)
	}
	s.form = raster.FormPage{View: raster.View{Page: formCanvas.Page(), MMToPix: geom.ScaleBy(formPx, formPx)},
		WidthMM: sheetW, HeightMM: sheetH}
	if columns && m == trainMix {
		m = cellMix
	}
	s.markAll(rng, m, columns)
	return s
}

// paint multiplies a rectangle of print onto a canvas, with exact cover at its edges.
func paint(c *fixtures.Canvas, r rect) {
	k := c.PxPerMM
	x0, y0, x1, y1 := r.X*k, r.Y*k, (r.X+r.W)*k, (r.Y+r.H)*k
	for y := max(int(y0), 0); y < min(int(math.Ceil(y1)), c.H); y++ {
		cy := math.Min(y1, float64(y+1)) - math.Max(y0, float64(y))
		for x := max(int(x0), 0); x < min(int(math.Ceil(x1)), c.W); x++ {
			cx := math.Min(x1, float64(x+1)) - math.Max(x0, float64(x))
			for ch := range 3 {
				p := &c.Pix[3*(y*c.W+x)+ch]
				*p = uint8(float64(*p)*(1-r.dark*cx*cy) + 0.5)
			}
		}
	}
}

// layGrid lays choice boxes with text to their right, letters inside on some forms.
func (s *sheet) layGrid(rng *rand.Rand) (printed []rect) {
	size := pick(rng, 4.28, 4.28, 4.28, 3.0+5*rng.Float64())
	if size > 6.5 {
		size = 3 + 3.5*rng.Float64()
	}
	stroke := math.Min(pick(rng, 0.71, 0.71, 0.35, 0.15+0.6*rng.Float64()), 0.17*size)
	pitchY := size + pick(rng, 3.2, 3.5, 2+3*rng.Float64())
	pitchX := size + 9 + 8*rng.Float64()
	letter, dotted, oval := rng.Float64() < 0.06, rng.Float64() < 0.05, rng.Float64() < 0.1
	for y := 4 + rng.Float64(); y+size+3 < sheetH; y += pitchY {
		for x := 8 + rng.Float64(); x+size+4 < sheetW; x += pitchX {
			b := geom.Box{X: x, Y: y, W: size, H: size}
			if oval {
				b.W, b.H = 1.3*size, 0.9*size
				printed = append(printed, pill(b, math.Min(stroke, 0.4))...)
			} else {
				printed = append(printed, frame(b, stroke, dotted)...)
			}
			s.boxes = append(s.boxes, b)
			if letter {
				printed = append(printed, glyph(rng, geom.Box{X: x + 0.35*size, Y: y + 0.3*size, W: 0.3 * size, H: 0.4 * size}, 0.18, pick(rng, 0.5, 1))...)
			}
			if rng.Float64() < 0.8 {
				printed = append(printed, glyphs(rng, x+b.W+pick(rng, 1.7, 1.2, 2.5), y+size/2, 1+rng.IntN(3))...)
			}
		}
	}
	return printed
}

// layColumns lays columns of cells that share their frames.
func (s *sheet) layColumns(rng *rand.Rand) (printed []rect) {
	size := pick(rng, 4.28, 4.28, 3.5+2*rng.Float64())
	stroke := math.Min(pick(rng, 0.714, 0.714, 0.2+0.5*rng.Float64()), 0.17*size)
	pitch := size - stroke
	around := pick(rng, stroke, stroke+0.18)
	double := rng.IntN(2) == 0 // two correctors, side by side
	var gap float64
	n, top := 0, 0.0
	for x, i := 6+3*rng.Float64(), 0; x+size+6 < sheetW; x, i = x+gap, i+1 {
		if gap = 13 + 3*rng.Float64(); double && i%2 == 0 {
			gap = pitch + 0.36
		}
		if !double || i%2 == 0 {
			n, top = 3+rng.IntN(11), 4+3*rng.Float64()
		}
		y := top
		for i := 0; i < n && y+size+3 < sheetH; i++ {
			b := geom.Box{X: x, Y: y, W: size, H: size}
			s.boxes = append(s.boxes, b)
			printed = append(printed, frame(b, stroke, false)...)
			if gap > 10 && i%2 == 0 {
				printed = append(printed, glyphs(rng, x+size+0.9, y+size/2, 1)...)
			}
			y += pitch
		}
		e := around - stroke
		printed = append(printed, frame(geom.Box{X: x - e, Y: top - e, W: size + 2*e, H: y - top + stroke + 2*e}, e, false)...)
	}
	return printed
}

// frame is the outline of a box; dotted frames are broken.
func frame(b geom.Box, w float64, dotted bool) []rect {
	if w <= 0 {
		return nil
	}
	all := []rect{{geom.Box{X: b.X, Y: b.Y, W: w, H: b.H}, 1}, {geom.Box{X: b.X + b.W - w, Y: b.Y, W: w, H: b.H}, 1},
		{geom.Box{X: b.X + w, Y: b.Y, W: b.W - 2*w, H: w}, 1}, {geom.Box{X: b.X + w, Y: b.Y + b.H - w, W: b.W - 2*w, H: w}, 1}}
	if !dotted {
		return all
	}
	var out []rect
	for _, r := range all {
		for d := 0.0; d < math.Max(r.W, r.H); d += 2.2 * w {
			q := geom.Box{X: r.X, Y: r.Y + d, W: w, H: w}
			if r.W > r.H {
				q = geom.Box{X: r.X + d, Y: r.Y, W: w, H: w}
			}
			out = append(out, rect{q, 1})
		}
	}
	return out
}

// pill is an oval outline: two half circles and two lines, set from small squares.
func pill(b geom.Box, w float64) (printed []rect) {
	c, r, n := b.Center(), (b.H-w)/2, 150
	for i := range n {
		s, co := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		x := c.X + r*co + math.Copysign(b.W/2-b.H/2, co)
		printed = append(printed, rect{geom.Box{X: x - w/2, Y: c.Y + r*s - w/2, W: w, H: w}, 1})
	}
	straight := b.W - b.H
	for _, y := range []float64{b.Y, b.Y + b.H - w} {
		printed = append(printed, rect{geom.Box{X: c.X - straight/2, Y: y, W: straight, H: w}, 1})
	}
	return printed
}

// glyphs is a line of something like text.
func glyphs(rng *rand.Rand, x, mid float64, n int) (printed []rect) {
	h := 1.6 + rng.Float64()
	for range n {
		printed = append(printed, glyph(rng, geom.Box{X: x, Y: mid - h/2, W: 0.6 * h, H: h}, 0.25, 1)...)
		x += 0.9 * h
	}
	return printed
}

// glyph is a letter made of bars.
func glyph(rng *rand.Rand, b geom.Box, w, dark float64) (printed []rect) {
	bars := []geom.Box{{X: b.X, Y: b.Y, W: w, H: b.H}, {X: b.X + b.W - w, Y: b.Y, W: w, H: b.H},
		{X: b.X, Y: b.Y, W: b.W, H: w}, {X: b.X, Y: b.Y + b.H/2, W: b.W, H: w}, {X: b.X, Y: b.Y + b.H - w, W: b.W, H: w}}
	for _, r := range bars {
		if rng.Float64() < 0.6 {
			printed = append(printed, rect{r, dark})
		}
	}
	return printed
}

func pick(rng *rand.Rand, v ...float64) float64 { return v[rng.IntN(len(v))] }
