package main

import (
	"math"
	"math/rand/v2"

	"scan/internal/geom"
	"scan/internal/raster"
)

// A sheet is a made-up piece of a form with one writer's marks on it: a grid of choice
// boxes or columns of credit cells, in one of many print styles.
type sheet struct {
	form    raster.FormPage
	blank   *paper // as the form file shows it
	ink     *paper // as it lies on the desk
	boxes   []geom.Box
	frame   float64 // mm
	columns bool
	crowded bool  // boxes share their frames
	kind    []int // of each box, as detect counts them; unclear: a person could not tell
	what    []string
	spoilt  []bool // inked by a mark meant for another box
}

const (
	sheetW, sheetH = 84.0, 62.0 // mm
	inkPx          = 12.0       // pixels of the paper per mm
	formPx         = raster.FormDPI / 25.4
)

// newSheet prints a form and lets a writer mark it.
func newSheet(rng *rand.Rand, m mix) *sheet {
	s := &sheet{columns: rng.Float64() < 0.33}
	s.blank, s.ink = newPaper(sheetW, sheetH, formPx), newPaper(sheetW, sheetH, inkPx)
	if s.columns {
		s.crowded = true
		s.layColumns(rng)
	} else {
		s.layGrid(rng)
	}
	if rng.Float64() < 0.15 {
		s.misprint(rng)
	}
	s.form = raster.FormPage{View: s.blank.view(), WidthMM: sheetW, HeightMM: sheetH}
	s.markAll(rng, m)
	return s
}

// misprint puts things on the paper that the form does not show: the form on file is another
// edition, or was drawn from measures.
func (s *sheet) misprint(rng *rand.Rand) {
	form := s.blank
	s.blank = newPaper(1, 1, formPx)
	for _, b := range s.boxes {
		if rng.Float64() < 0.4 {
			side := pick(rng, b.X-3-2*rng.Float64(), b.X+b.W+0.3+rng.Float64())
			s.glyphs(rng, side, b.Y+b.H*rng.Float64(), 1+2*rng.Float64())
		}
		if rng.Float64() < 0.1 {
			s.print(geom.Box{X: b.X - 4, Y: b.Y + b.H + 0.3 + rng.Float64(), W: 12, H: 0.15}, 1, 0)
		}
	}
	s.blank = form
}

// print puts a rectangle on the form and on the paper, where it may have come out a
// little wider (gain, mm on each side).
func (s *sheet) print(b geom.Box, dark, gain float64) {
	s.blank.rect(b, dark)
	s.ink.rect(b.Inset(-gain), dark)
}

// rect darkens a rectangle, with exact cover at its edges.
func (p *paper) rect(b geom.Box, dark float64) {
	k := p.px
	x0, y0, x1, y1 := b.X*k, b.Y*k, (b.X+b.W)*k, (b.Y+b.H)*k
	for y := max(int(y0), 0); y < min(int(math.Ceil(y1)), p.h); y++ {
		cy := math.Min(y1, float64(y+1)) - math.Max(y0, float64(y))
		for x := max(int(x0), 0); x < min(int(math.Ceil(x1)), p.w); x++ {
			cx := math.Min(x1, float64(x+1)) - math.Max(x0, float64(x))
			q := &p.pix[y*p.w+x]
			*q = uint8(float64(*q)*(1-dark*cx*cy) + 0.5)
		}
	}
}

// style is how a form prints its boxes.
type style struct {
	w, h, stroke float64 // mm, outer edge
	shape        int
	dark         float64
	gain         float64
	letter       bool
}

// Shapes of boxes.
const (
	square = iota
	dotted
	rounded
	oval
)

func newStyle(rng *rand.Rand, columns bool) style {
	u := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
	st := style{dark: pick(rng, 1, 1, 1, u(0.35, 1)), gain: pick(rng, 0, 0, u(-0.03, 0.05))}
	size := pick(rng, 4.28, u(3.3, 5.2), u(2.5, 4), u(4, 8))
	if columns {
		size = pick(rng, 4.28, u(3.3, 5.5))
	}
	st.w, st.h = size, size
	st.stroke = math.Min(pick(rng, 0.71, u(0.08, 0.4), u(0.15, 1)), 0.19*size)
	if columns {
		st.stroke = math.Max(st.stroke, 0.12)
		return st
	}
	switch r := rng.Float64(); {
	case r < 0.05:
		st.shape, st.stroke = dotted, math.Min(st.stroke, 0.4)
	case r < 0.14:
		st.shape = rounded
	case r < 0.32:
		st.shape, st.stroke = oval, math.Min(st.stroke, 0.5)
		st.h = math.Min(st.h, 5)
		st.w = st.h * pick(rng, 1, u(1.1, 1.7))
	}
	st.letter = rng.Float64() < 0.1
	return st
}

// box prints one box and remembers it.
func (s *sheet) box(rng *rand.Rand, st style, x, y float64) geom.Box {
	b := geom.Box{X: x, Y: y, W: st.w, H: st.h}
	switch st.shape {
	case oval:
		s.pill(b, math.Min(b.W, b.H)/2, st)
	case rounded:
		s.pill(b, 0.25*b.H, st)
	default:
		s.rectFrame(b, st)
	}
	s.boxes = append(s.boxes, b)
	if st.letter {
		c := geom.Box{X: x + 0.34*b.W, Y: y + 0.28*b.H, W: 0.32 * b.W, H: 0.44 * b.H}
		s.glyph(rng, c, 0.05*b.H, pick(rng, 0.3, 0.6, 1), st.gain)
	}
	return b
}

// rectFrame is the outline of a box; a dotted one is broken.
func (s *sheet) rectFrame(b geom.Box, st style) {
	w := st.stroke
	sides := []geom.Box{{X: b.X, Y: b.Y, W: w, H: b.H}, {X: b.X + b.W - w, Y: b.Y, W: w, H: b.H},
		{X: b.X + w, Y: b.Y, W: b.W - 2*w, H: w}, {X: b.X + w, Y: b.Y + b.H - w, W: b.W - 2*w, H: w}}
	for _, r := range sides {
		if st.shape != dotted {
			s.print(r, st.dark, st.gain)
			continue
		}
		for d := 0.0; d < math.Max(r.W, r.H); d += 2.2 * w {
			q := geom.Box{X: r.X, Y: r.Y + d, W: w, H: w}
			if r.W > r.H {
				q = geom.Box{X: r.X + d, Y: r.Y, W: w, H: w}
			}
			s.print(q, st.dark, st.gain)
		}
	}
}

// pill is an outline with round corners of the given radius: up to circles and ovals.
func (s *sheet) pill(b geom.Box, r float64, st style) {
	for _, t := range []struct {
		p    *paper
		gain float64
	}{{s.blank, 0}, {s.ink, st.gain}} {
		k := t.p.px
		x0, y0, x1, y1 := t.p.window(b.Inset(-0.3))
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				d := outside(b, r, (float64(x)+0.5)/k, (float64(y)+0.5)/k)
				lo, hi := math.Max(d-0.5/k, -st.stroke-t.gain), math.Min(d+0.5/k, t.gain)
				if c := (hi - lo) * k; c > 0 {
					q := &t.p.pix[y*t.p.w+x]
					*q = uint8(float64(*q)*(1-st.dark*c) + 0.5)
				}
			}
		}
	}
}

// outside is the distance of a place from a box with round corners, negative within.
func outside(b geom.Box, r, x, y float64) float64 {
	c := b.Center()
	dx, dy := math.Abs(x-c.X)-b.W/2+r, math.Abs(y-c.Y)-b.H/2+r
	return math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0) - r
}

// layGrid lays choice boxes, most with text to their right.
func (s *sheet) layGrid(rng *rand.Rand) {
	st := newStyle(rng, false)
	s.frame = st.stroke
	pitchY := st.h + pick(rng, 3.2, 3.6, 1+4*rng.Float64())
	pitchX := st.w + pick(rng, 9, 2+10*rng.Float64(), 6+6*rng.Float64())
	shared := rng.Float64() < 0.06 // boxes in a row share their frames
	if shared && st.shape == square {
		pitchX, s.crowded = st.w-st.stroke, true
	}
	text, gap := rng.Float64() < 0.75 && pitchX > st.w+4, pick(rng, 1.5, 1, 2.5, 0.4)
	for y := 5 + rng.Float64(); y+st.h+4 < sheetH; y += pitchY {
		n := 0
		for x := 7 + rng.Float64(); x+st.w+5 < sheetW; x += pitchX {
			b := s.box(rng, st, x, y)
			if text {
				s.glyphs(rng, x+b.W+gap, y+b.H/2, math.Min(pitchX-st.w-gap, 2+rng.Float64()*6))
			}
			if n++; shared && n%6 == 0 {
				x += 4
			}
		}
	}
}

// layColumns lays columns of cells that share their frames, some two side by side.
func (s *sheet) layColumns(rng *rand.Rand) {
	st := newStyle(rng, true)
	s.frame = st.stroke
	pitch := st.h - st.stroke
	around := pick(rng, 0, 0, 0.18)
	double := rng.Float64() < 0.4
	labels := rng.Float64() < 0.8
	for x, i := 6+2*rng.Float64(), 0; x+st.w+5 < sheetW; i++ {
		n, top := 3+rng.IntN(11), 4+3*rng.Float64()
		for range 1 + boolInt(double) {
			y, k := top, 0
			for ; k < n && y+st.h+4 < sheetH; k++ {
				s.box(rng, st, x, y)
				if labels && !double && k%2 == 0 {
					s.glyphs(rng, x+st.w+0.8, y+st.h/2, 1.5)
				}
				y += pitch
			}
			if around > 0 {
				s.rectFrame(geom.Box{X: x - around, Y: top - around, W: st.w + 2*around, H: y - top + st.stroke + 2*around}, style{stroke: around, dark: 1})
			}
			x += pitch + 2*around
		}
		x += pick(rng, 5, 7, 9)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// glyphs is a line of something like text.
func (s *sheet) glyphs(rng *rand.Rand, x, mid, width float64) {
	h := 1.5 + 1.2*rng.Float64()
	for end := x + width; x < end; x += 0.9 * h {
		s.glyph(rng, geom.Box{X: x, Y: mid - h/2, W: 0.6 * h, H: h}, 0.12*h, 1, 0)
	}
}

// glyph is a letter made of bars.
func (s *sheet) glyph(rng *rand.Rand, b geom.Box, w, dark, gain float64) {
	bars := []geom.Box{{X: b.X, Y: b.Y, W: w, H: b.H}, {X: b.X + b.W - w, Y: b.Y, W: w, H: b.H},
		{X: b.X, Y: b.Y, W: b.W, H: w}, {X: b.X, Y: b.Y + b.H/2, W: b.W, H: w}, {X: b.X, Y: b.Y + b.H - w, W: b.W, H: w}}
	for _, r := range bars {
		if rng.Float64() < 0.6 {
			s.print(r, dark, gain)
		}
	}
}

func pick(rng *rand.Rand, v ...float64) float64 { return v[rng.IntN(len(v))] }
