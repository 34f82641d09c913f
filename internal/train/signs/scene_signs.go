package main

import (
	"math"

	"scan/internal/geom"
)

// aside are signs that select a filled box again, on its left.
var aside = []scene{
	{"habit", 0.3, (*at).habit},
	{"cross", 0.34, func(a *at) { a.exactCross(a.s.ink, a.sign()) }},
	{"own cross", 0.1, func(a *at) { b := a.sign(); a.cross(a.s.ink, b.Inset(0.1*b.W)) }},
	{"plus", 0.07, (*at).plus},
	{"tick", 0.12, func(a *at) { a.tick(a.s.ink, a.sign()) }},
	{"arrow", 0.11, (*at).arrow},
	{"circle", 0.05, func(a *at) { a.ring(a.s.ink, a.sign(), 0, between(a.rng, 0.95, 1.2)) }},
	{"underlined", 0.03, (*at).underlined},
	{"double", 0.04, func(a *at) { b := a.sign(); a.exactCross(a.s.ink, b); a.exactCross(a.s.ink, b.Shift(pt(0.25, 0.15))) }},
	{"star", 0.03, func(a *at) { b := a.sign(); a.plusIn(b); a.exactCross(a.s.ink, b.Inset(0.1*b.W)) }},
}

// habit lets a writer of fixtures put the sign it is used to. A ring around the box is one
// of them, which other forms foresee: it is told by its ink on the right.
func (a *at) habit() {
	if a.w == nil {
		a.exactCross(a.s.ink, a.sign())
		return
	}
	right := geom.Box{X: a.box.X + a.box.W + 0.1, Y: a.box.Y, W: 2.2, H: a.box.H}
	before := darkness(a.s, right)
	a.w.Remark(a.s.ink, a.box)
	if darkness(a.s, right) > before+1 {
		a.s.class[a.i], a.s.what[a.i] = unclear, "habit ring"
	}
}

// darkness sums what is not white in a box, in pixels.
func darkness(s *sheet, b geom.Box) (sum float64) {
	k := s.ink.PxPerMM
	for y := max(int(b.Y*k), 0); y < min(int((b.Y+b.H)*k), s.ink.H); y++ {
		for x := max(int(b.X*k), 0); x < min(int((b.X+b.W)*k), s.ink.W); x++ {
			sum += 1 - float64(s.ink.Pix[3*(y*s.ink.W+x)+1])/255
		}
	}
	return sum
}

// underlined is a cross with a line below it.
func (a *at) underlined() {
	b := a.sign()
	a.exactCross(a.s.ink, geom.Box{X: b.X, Y: b.Y - 0.1*b.H, W: b.W, H: 0.8 * b.H})
	y := b.Y + b.H*between(a.rng, 0.8, 1.05)
	a.line2(b.X, y, b.X+b.W, y+0.15*clip(a.rng.NormFloat64(), 2))
}

func (a *at) plus() { a.plusIn(a.sign()) }

func (a *at) plusIn(b geom.Box) {
	c := b.Center()
	a.line2(b.X, c.Y, b.X+b.W, c.Y+0.15*clip(a.rng.NormFloat64(), 2))
	a.line2(c.X, b.Y, c.X+0.15*clip(a.rng.NormFloat64(), 2), b.Y+b.H)
}

// arrow points at the box.
func (a *at) arrow() {
	b := a.sign()
	y := b.Center().Y
	tip := pt(b.X+b.W, y)
	a.line(a.s.ink, pt(b.X-between(a.rng, 0, 1), y+0.4*clip(a.rng.NormFloat64(), 2)), tip)
	l, open := math.Min(0.45*b.W, 1.5)*between(a.rng, 0.7, 1.2), between(a.rng, 0.4, 0.9)
	a.line(a.s.ink, pt(tip.X-l*math.Cos(open), y-l*math.Sin(open)), tip, pt(tip.X-l*math.Cos(open), y+l*math.Sin(open)))
}
