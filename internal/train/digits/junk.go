package main

import (
	"math"

	"scan/ocr"
)

// junk draws what a wrong segment looks like.
func (m maker) junk() (glyph, bool) {
	switch u := m.Float64(); {
	case u < 0.36:
		return m.finish(m.ink(m.pair()), ocr.ClassJunk)
	case u < 0.66:
		return m.part()
	case u < 0.80:
		return m.finish(m.ink(m.withScrap()), ocr.ClassJunk)
	case u < 0.90:
		p := m.p.letters[m.IntN(len(m.p.letters))]
		return m.finish(m.warp(p.InkImage), ocr.ClassJunk)
	default:
		return m.finish(m.ink(m.doodle()), ocr.ClassJunk)
	}
}

// pair writes two or three digits side by side, touching or nearly. In half of them the
// first is a 1: leant on a 0 it makes but one round glyph with a stroke too many.
func (m maker) pair() strokes {
	first := m.IntN(10)
	if m.Float64() < 0.5 {
		first = 1
	}
	out := m.sample(first).unit()
	for range 1 + m.IntN(5)/4 {
		_, _, x1, _ := out.bounds()
		k := m.between(0.8, 1.2)
		next := m.sample(m.IntN(10)).unit().scale(k, k).shift(x1+m.between(-0.2, 0.3), m.between(-0.2, 0.2))
		out = append(out, next...)
	}
	return out
}

// part keeps one side of a digit, as a cut in the wrong place does. Narrow digits
// are left out: half a 1 is a 1.
func (m maker) part() (glyph, bool) {
	s := m.sample([]int{0, 2, 3, 4, 5, 6, 8, 9, 0, 4}[m.IntN(10)])
	x0, y0, x1, y1 := s.bounds()
	if x1-x0 < 0.4*(y1-y0) {
		return glyph{}, false
	}
	im := m.ink(s)
	w := int(float64(im.W) * min(1, (x1-x0)/(y1-y0)))
	cut := int(float64(w) * m.between(0.35, 0.65))
	left := m.Float64() < 0.5
	for y := range im.H {
		for x := range im.W {
			if (x < cut) == left {
				im.A[y*im.W+x] = 0
			}
		}
	}
	return m.finish(im, ocr.ClassJunk)
}

// withScrap adds a piece of a neighbour to a digit.
func (m maker) withScrap() strokes {
	s := m.sample(m.IntN(10)).unit()
	x0, _, x1, _ := s.bounds()
	x := x1 + m.between(0.12, 0.35)
	if m.Float64() < 0.5 {
		x = x0 - m.between(0.12, 0.35)
	}
	if m.Float64() < 0.5 {
		return append(s, line(point{x, m.between(0, 0.4)}, point{x + m.between(-0.1, 0.1), m.between(0.6, 1)}, m.between(-0.3, 0.3)))
	}
	other := m.sample(m.IntN(10)).unit()
	k := m.between(0.3, 0.6)
	return append(s, other.scale(k, k).shift(x, m.between(0, 0.6))...)
}

// doodle is a free curve: no digit, no strike.
func (m maker) doodle() strokes {
	n := 12 + m.IntN(30)
	st := make([]point, n)
	x, y, a := 0.0, 0.0, m.between(0, 6.3)
	bend := m.between(-0.4, 0.4)
	for i := range st {
		st[i] = point{x, y}
		a += bend + m.between(-0.5, 0.5)
		x, y = x+0.1*math.Cos(a), y+0.1*math.Sin(a)
	}
	return strokes{st}
}

// struck draws digits with a strike through them or scribbled over.
func (m maker) struck() (glyph, bool) {
	s := m.sample(m.IntN(10)).unit()
	if m.Float64() < 0.35 {
		s = m.pair()
	}
	return m.finish(m.ink(strike(m, s)), ocr.ClassStruck)
}

// strike crosses strokes out: one to four lines that reach past the glyph, a cross
// or a zigzag. One flat line through the middle is left out, for that is a 7's bar.
func strike(m maker, s strokes) strokes {
	x0, y0, x1, y1 := s.bounds()
	w, h := x1-x0, y1-y0
	at := func(u, v float64) point { return point{x0 + u*w, y0 + v*h} }
	edge := func() float64 { return m.between(0.15, 0.45) }
	switch m.IntN(4) {
	case 0: // parallel lines
		n, lean := 2+m.IntN(3), m.between(-0.5, 0.5)
		for i := range n {
			v := (float64(i)+0.5)/float64(n) + m.between(-0.08, 0.08)
			s = append(s, line(at(-edge(), v+lean), at(1+edge(), v-lean), m.between(-0.1, 0.1)))
		}
	case 1: // a cross
		s = append(s, line(at(-edge(), -edge()/2), at(1+edge(), 1+edge()/2), 0),
			line(at(-edge(), 1+edge()/2), at(1+edge(), -edge()/2), 0))
	case 2: // one slanted line
		a, b := at(-edge()*1.5, 0.9+edge()/2), at(1+edge()*1.5, 0.1-edge()/2)
		if m.Float64() < 0.3 {
			a, b = at(-edge()*1.5, 0.1-edge()/2), at(1+edge()*1.5, 0.9+edge()/2)
		}
		s = append(s, line(a, b, m.between(-0.1, 0.1)))
	default: // a zigzag
		n := 5 + m.IntN(8)
		var z []point
		for i := range n {
			u := -0.1 + 1.2*float64(i)/float64(n-1)
			z = append(z, at(u, float64(i%2)*m.between(0.6, 1.1)+m.between(-0.1, 0.15)))
		}
		s = append(s, z)
	}
	return s
}
