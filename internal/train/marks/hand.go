package main

import (
	"math/rand/v2"
	"slices"

	"scan/fixtures"
	"scan/internal/geom"
)

// markAll lets one writer mark every box.
func (s *sheet) markAll(rng *rand.Rand, m mix, columns bool) {
	w := newWriter(rng, columns)
	for w.PenWidth() > widestPen*s.boxes[0].H {
		w = newWriter(rng, columns)
	}
	s.kind, s.what = make([]int, len(s.boxes)), make([]string, len(s.boxes))
	for i, b := range s.boxes {
		k := draw(rng, m)
		s.kind[i] = k
		switch k {
		case empty:
			s.what[i] = "empty"
			if !columns && rng.Float64() < 0.35 {
				s.what[i] = s.dirt(rng, w, b)
			}
		case crossed:
			w.Cross(s.ink, b)
			s.what[i] = "cross"
		case filled:
			s.what[i] = s.undo(rng, w, b, !columns)
		default:
			s.what[i] = s.odd(rng, w, b, columns)
			s.kind[i] = other
			if s.what[i] == "tick" || s.what[i] == "slash" {
				s.kind[i] = stroke
			}
		}
	}
	s.blankOut()
}

// widestPen is the widest pen, in box heights, whose cross leaves any white in a box: a
// wider one fills it, and no reader can tell what was meant.
const widestPen = 0.24

func newWriter(rng *rand.Rand, corrector bool) *fixtures.Writer {
	if corrector {
		return fixtures.NewCorrector(rng, []fixtures.Colour{fixtures.Red, fixtures.Green, fixtures.Blue, fixtures.Black}[rng.IntN(4)])
	}
	return fixtures.NewStudent(rng)
}

func draw(rng *rand.Rand, m mix) int {
	r := rng.Float64()
	for k, v := range m {
		if r -= v; r < 0 {
			return k
		}
	}
	return empty
}

// undo fills a box, half of the time over a cross, sometimes with a sign beside it where
// there is room for one.
func (s *sheet) undo(rng *rand.Rand, w *fixtures.Writer, b geom.Box, room bool) string {
	if rng.IntN(2) == 0 {
		w.Fill(s.ink, b)
	} else {
		w.CrossThenFill(s.ink, b)
	}
	if room && rng.IntN(4) == 0 {
		w.Remark(s.ink, b)
	}
	return "fill"
}

// odd puts into a box what no instruction foresees; in crowded columns nothing that would
// end in a neighbour's cell and make its truth wrong.
func (s *sheet) odd(rng *rand.Rand, w *fixtures.Writer, b geom.Box, crowded bool) string {
	how := rng.IntN(12)
	if crowded && (how == 8 || how == 9 || how == 10) {
		how = 11
	}
	switch how {
	case 0, 1:
		w.Tick(s.ink, b)
		return "tick"
	case 2, 3:
		w.Slash(s.ink, b)
		return "slash"
	case 4, 5, 6:
		w.Scribble(s.ink, b)
		return "scribble"
	case 7:
		s.erased(rng, w, b)
		return "erased"
	case 8:
		p := b.Corners()[rng.IntN(4)]
		q := b.Center().Add(b.Center().Sub(p).Scale(0.2 + rng.Float64()*1.5))
		w.Stray(s.ink, p.Add(geom.Point{X: rng.Float64() - 0.5, Y: rng.Float64() - 0.5}), q)
		return "stray"
	case 9, 10:
		w.Text(s.ink, geom.Box{X: b.X - rng.Float64()*2, Y: b.Y - 1, W: b.W + 3, H: b.H + 2}, 1)
		return "text"
	}
	x, y := b.X+b.W*(0.1+0.5*rng.Float64()), b.Y+b.H*(0.3+0.4*rng.Float64())
	w.Stray(s.ink, geom.Point{X: x, Y: y}, geom.Point{X: x + b.W*(0.2+0.6*rng.Float64()), Y: y + b.H*0.2*(rng.Float64()-0.5)})
	return "bar"
}

// erased draws a mark and takes most of it away again.
func (s *sheet) erased(rng *rand.Rand, w *fixtures.Writer, b geom.Box) {
	before := s.ink.Clone()
	if rng.IntN(2) == 0 {
		w.Cross(s.ink, b)
	} else {
		w.Fill(s.ink, b)
	}
	left := 0.06 + 0.1*rng.Float64()
	eachPixel(s.ink, b.Inset(-1.5), func(i int) {
		s.ink.Pix[i] = uint8(float64(before.Pix[i])*(1-left) + float64(s.ink.Pix[i])*left + 0.5)
	})
}

// dirt leaves a box unmarked but not clean: a speck, a pen's touch, a ring or a line
// beside it.
func (s *sheet) dirt(rng *rand.Rand, w *fixtures.Writer, b geom.Box) string {
	switch rng.IntN(4) {
	case 0:
		w.Dot(s.ink, b)
		return "dot"
	case 1:
		for range 1 + rng.IntN(4) {
			d := 0.05 + 0.2*rng.Float64()
			paint(s.ink, rect{geom.Box{X: b.X + rng.Float64()*b.W, Y: b.Y + rng.Float64()*b.H, W: d, H: d}, 0.2 + 0.6*rng.Float64()})
		}
		return "specks"
	case 2:
		y := b.Y + pick(rng, -0.5, b.H+0.5) + 0.4*rng.Float64()
		w.Stray(s.ink, geom.Point{X: b.X - 1, Y: y}, geom.Point{X: b.X + b.W + 1, Y: y + 0.5*(rng.Float64()-0.5)})
		return "line beside"
	}
	paint(s.ink, rect{b.Inset(0.5), 0.02 + 0.05*rng.Float64()}) // a faint stain
	return "stain"
}

// mayBeOther names what is judged by the ink that came to lie inside the box.
var mayBeOther = []string{"stray", "text", "bar", "erased", "line beside", "dot"}

// blankOut corrects the kind where an odd mark or a line beside missed or met the
// inside of its box: what counts is the ink that is there.
func (s *sheet) blankOut() {
	for i, b := range s.boxes {
		if !slices.Contains(mayBeOther, s.what[i]) {
			continue
		}
		n, faint, all := 0, 0, 0
		in := b.Inset(0.22 * b.W)
		eachPixel(s.ink, in, func(i int) {
			all++
			if s.ink.Pix[i] < 200 {
				n++
			}
			if s.ink.Pix[i] < 225 {
				faint++
			}
		})
		share := float64(n) / float64(max(all, 1))
		switch {
		case s.what[i] == "erased":
			if faint*20 < all { // rubbed out so well that nobody sees it
				s.kind[i] = -1
			}
		case s.what[i] == "dot" && share > 0.05: // a felt pen's
			s.kind[i] = other
		case s.kind[i] == other && share < 0.02, s.what[i] == "line beside" && share > 0.01:
			s.kind[i] = -1
		}
	}
}

// eachPixel visits the bytes of the canvas within a box.
func eachPixel(c *fixtures.Canvas, b geom.Box, f func(i int)) {
	k := c.PxPerMM
	for y := max(int(b.Y*k), 0); y < min(int((b.Y+b.H)*k), c.H); y++ {
		for x := max(int(b.X*k), 0); x < min(int((b.X+b.W)*k), c.W); x++ {
			for ch := range 3 {
				f(3*(y*c.W+x) + ch)
			}
		}
	}
}
