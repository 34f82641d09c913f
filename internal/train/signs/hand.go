package main

import (
	"math"
	"math/rand/v2"

	"scan/fixtures"
	"scan/internal/geom"
)

// A hand moves one pen: either a writer of fixtures, or a plainer one of the trainer's
// own, so that the network does not learn one simulation's habits.
type hand struct {
	rng  *rand.Rand
	w    *fixtures.Writer // nil: own pen
	r    float64          // mm, radius of the own pen
	dark float64          // 0..1
	skip float64          // share of an own stroke that is broken
	wild float64          // mm by which own points scatter
	size float64          // of own crosses, in box widths
}

func newHand(rng *rand.Rand) *hand {
	h := &hand{rng: rng, size: between(rng, 0.5, 1.5)}
	if rng.Float64() < 0.6 {
		h.w = fixtures.NewStudent(rng)
		return h
	}
	h.r, h.dark, h.wild = between(rng, 0.1, 0.3), between(rng, 0.45, 1), between(rng, 0.03, 0.25)
	switch rng.IntN(10) {
	case 0, 3:
		h.r = between(rng, 0.35, 0.65)
	case 1:
		h.dark = between(rng, 0.25, 0.5)
	case 2:
		h.skip = between(rng, 0, 0.3)
	}
	return h
}

func between(rng *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }

func pt(x, y float64) geom.Point { return geom.Point{X: x, Y: y} }

// line draws one stroke through the points.
func (h *hand) line(c *fixtures.Canvas, ps ...geom.Point) {
	if h.w == nil {
		h.curve(c, ps)
		return
	}
	for i := 1; i < len(ps); i++ {
		h.w.Stray(c, ps[i-1], ps[i])
	}
}

// curve draws an own stroke: the points scattered, sides bowed.
func (h *hand) curve(c *fixtures.Canvas, ps []geom.Point) {
	var path []geom.Point
	j := func(p geom.Point) geom.Point {
		return pt(p.X+h.wild*clip(h.rng.NormFloat64(), 2), p.Y+h.wild*clip(h.rng.NormFloat64(), 2))
	}
	a := j(ps[0])
	path = append(path, a)
	for _, q := range ps[1:] {
		b := j(q)
		d := b.Sub(a)
		bow := 0.08 * clip(h.rng.NormFloat64(), 2)
		for k := 1; k <= 4; k++ {
			t := float64(k) / 4
			off := bow * 4 * t * (1 - t)
			path = append(path, a.Add(d.Scale(t)).Add(pt(-d.Y*off, d.X*off)))
		}
		a = b
	}
	from := 0
	for i := range path { // breaks
		if i-from > 1 && h.rng.Float64() < h.skip/3 {
			h.ink(c, path[from:i])
			from = i + 1
		}
	}
	if from < len(path) {
		h.ink(c, path[from:])
	}
}

// ink lays a polyline with round ends on the canvas, each pixel once.
func (h *hand) ink(c *fixtures.Canvas, path []geom.Point) {
	r := h.r * (0.85 + 0.3*h.rng.Float64())
	k, reach := c.PxPerMM, r+0.1
	x0, y0, x1, y1 := pixels(c, path, reach)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	if len(path) == 1 {
		path = append(path, path[0])
	}
	near := make([]float64, (x1-x0)*(y1-y0)) // squared distance to the path, mm
	for i := range near {
		near[i] = reach * reach
	}
	for i := 1; i < len(path); i++ {
		a, v := path[i-1], path[i].Sub(path[i-1])
		norm := math.Max(v.X*v.X+v.Y*v.Y, 1e-9)
		u0, v0, u1, v1 := pixels(c, path[i-1:i+1], reach)
		for y := v0; y < v1; y++ {
			for x := u0; x < u1; x++ {
				dx, dy := (float64(x)+0.5)/k-a.X, (float64(y)+0.5)/k-a.Y
				t := max(0, min(1, (dx*v.X+dy*v.Y)/norm))
				dx, dy = dx-t*v.X, dy-t*v.Y
				d := &near[(y-y0)*(x1-x0)+x-x0]
				*d = min(*d, dx*dx+dy*dy)
			}
		}
	}
	for i, d := range near {
		if cover := min(1, 0.5-(math.Sqrt(d)-r)*k); cover > 0 {
			darken(c, x0+i%(x1-x0), y0+i/(x1-x0), h.dark*cover)
		}
	}
}

// pixels is the rectangle of a canvas within reach of the points.
func pixels(c *fixtures.Canvas, ps []geom.Point, reach float64) (x0, y0, x1, y1 int) {
	lo, hi := ps[0], ps[0]
	for _, p := range ps[1:] {
		lo, hi = pt(min(lo.X, p.X), min(lo.Y, p.Y)), pt(max(hi.X, p.X), max(hi.Y, p.Y))
	}
	k := c.PxPerMM
	return max(int((lo.X-reach)*k), 0), max(int((lo.Y-reach)*k), 0), min(int((hi.X+reach)*k)+1, c.W), min(int((hi.Y+reach)*k)+1, c.H)
}

// cross draws a cross of the hand's habit for the box.
func (h *hand) cross(c *fixtures.Canvas, b geom.Box) {
	if h.w != nil {
		h.w.Cross(c, b)
		return
	}
	h.exactCross(c, b.Inset(b.W*(1-h.size*(0.85+0.3*h.rng.Float64()))/2).Shift(pt(0.07*b.W*clip(h.rng.NormFloat64(), 2), 0.07*b.H*clip(h.rng.NormFloat64(), 2))))
}

// exactCross draws the diagonals of the box.
func (h *hand) exactCross(c *fixtures.Canvas, b geom.Box) {
	h.line(c, pt(b.X, b.Y), pt(b.X+b.W, b.Y+b.H))
	h.line(c, pt(b.X+b.W, b.Y), pt(b.X, b.Y+b.H))
}

// fill blackens the box.
func (h *hand) fill(c *fixtures.Canvas, b geom.Box) {
	if h.w != nil {
		h.w.Fill(c, b)
		return
	}
	over := pick(h.rng, between(h.rng, -0.12, 0.05), between(h.rng, -0.1, 0.22)) * b.W
	in := b.Inset(-over).Shift(pt(0.05*b.W*clip(h.rng.NormFloat64(), 1.5), 0.05*b.H*clip(h.rng.NormFloat64(), 1.5)))
	step := h.r * between(h.rng, 1, 2.2)
	var ps []geom.Point
	flat, tilt := h.rng.IntN(2) == 0, 0.5*clip(h.rng.NormFloat64(), 1)
	n := int(in.W/step) + 1
	for i := range n + 1 {
		t, side := float64(i)/float64(n), float64(i%2)
		u := math.Max(0, math.Min(1, t+tilt*(side-0.5)*0.3))
		if flat {
			ps = append(ps, pt(in.X+side*in.W, in.Y+u*in.H))
		} else {
			ps = append(ps, pt(in.X+u*in.W, in.Y+side*in.H))
		}
	}
	h.curve(c, ps)
	if h.rng.IntN(3) == 0 {
		h.exactCross(c, b.Inset(0.15*b.W))
	}
}

// tick draws a check mark into the box.
func (h *hand) tick(c *fixtures.Canvas, b geom.Box) {
	h.line(c, pt(b.X, b.Y+b.H*between(h.rng, 0.4, 0.7)), pt(b.X+b.W*between(h.rng, 0.25, 0.45), b.Y+b.H), pt(b.X+b.W, b.Y))
}

// ring draws a loop along the ellipse in the box, from one share of a turn to another.
func (h *hand) ring(c *fixtures.Canvas, b geom.Box, from, to float64) {
	var ps []geom.Point
	o, grow := b.Center(), 0.12*clip(h.rng.NormFloat64(), 2)
	n := int(14*(to-from)) + 2
	for i := range n + 1 {
		t := from + (to-from)*float64(i)/float64(n)
		s, co := math.Sincos(2 * math.Pi * t)
		k := 1 + grow*(t-from)
		ps = append(ps, pt(o.X+k*b.W/2*co, o.Y+k*b.H/2*s))
	}
	if h.w != nil { // straight pieces between the points
		for i := 1; i < len(ps); i++ {
			h.w.Stray(c, ps[i-1], ps[i])
		}
		return
	}
	wild := h.wild
	h.wild = math.Min(wild, 0.06)
	h.curve(c, ps)
	h.wild = wild
}

// word writes letters into the box, as many as fit.
func (h *hand) word(c *fixtures.Canvas, b geom.Box) {
	if h.w != nil {
		h.w.Text(c, b, 1)
		return
	}
	x, w := b.X, b.H*between(h.rng, 0.3, 0.5)
	for ; x+w*0.7 < b.X+b.W; x += w {
		ps := []geom.Point{pt(x, b.Y+b.H*0.8)}
		for range 3 + h.rng.IntN(3) {
			top := 0.35
			if h.rng.IntN(4) == 0 {
				top = 0
			}
			ps = append(ps, pt(x+w*h.rng.Float64(), b.Y+b.H*between(h.rng, top, 0.85)))
		}
		h.curve(c, append(ps, pt(x+w, b.Y+b.H*0.8)))
	}
}

// dot rests the pen.
func (h *hand) dot(c *fixtures.Canvas, p geom.Point) { h.line(c, p, p.Add(pt(0.05, 0.03))) }
