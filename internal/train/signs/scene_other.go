package main

import (
	"scan/detect"
	"scan/internal/geom"
)

const unclear = detect.ZoneUnclear

// nothings mean nothing: a person would not hesitate.
var nothings = []scene{
	{"speck", 0.3, func(a *at) {
		for range 1 + a.rng.IntN(3) {
			p, d := a.near(), between(a.rng, 0.08, 0.45)
			paint(a.s.ink, rect{geom.Box{X: p.X, Y: p.Y, W: d, H: d * between(a.rng, 0.6, 1.6)}, between(a.rng, 0.15, 0.9)})
		}
	}},
	{"pen rest", 0.12, func(a *at) { a.dot(a.s.ink, a.near()) }},
	{"hair", 0.08, func(a *at) { // of dust: thin and pale
		f := &hand{rng: a.rng, r: between(a.rng, 0.03, 0.07), dark: between(a.rng, 0.2, 0.6), wild: 0.2}
		p := a.near()
		f.curve(a.s.ink, []geom.Point{p, p.Add(pt(between(a.rng, -1.5, 1.5), between(a.rng, -1.5, 1.5))), p.Add(pt(between(a.rng, -2, 2), between(a.rng, -2, 2)))})
	}},
	{"streak piece", 0.1, func(a *at) {
		x, y, l := a.box.X-between(a.rng, 0.4, 6), a.box.Y+between(a.rng, -2, 3), between(a.rng, 1, 8)
		paint(a.s.ink, rect{geom.Box{X: x, Y: y, W: between(a.rng, 0.05, 0.17), H: l}, between(a.rng, 0.15, 0.7)})
	}},
	{"stain", 0.1, func(a *at) {
		p, d := a.near(), between(a.rng, 0.5, 3)
		(&hand{rng: a.rng, r: d / 2, dark: between(a.rng, 0.02, 0.12)}).ink(a.s.ink, []geom.Point{p, p.Add(pt(d*a.rng.Float64(), d*a.rng.Float64()))})
	}},
	{"rubbed out", 0.06, (*at).erased},
	{"arms", 0.35, (*at).arms},
}

// near is a place in the zone.
func (a *at) near() geom.Point {
	return pt(a.box.X+between(a.rng, -6, a.box.W+2), a.box.Y+between(a.rng, -2, a.box.H+2))
}

// arms are ends of a cross that the fill does not cover: short strokes that leave the
// box's corners, sometimes cut off from it.
func (a *at) arms() {
	o, b := a.box.Center(), a.box
	long := between(a.rng, 0.5, 1.9) * min(b.W, 5) / 4.28
	for _, q := range b.Corners() {
		if chance(a.rng, 0.45) {
			continue
		}
		d := q.Sub(o)
		d = d.Scale(1 / d.Norm())
		turn := 0.2 * clip(a.rng.NormFloat64(), 2)
		d = pt(d.X-turn*d.Y, d.Y+turn*d.X)
		from := q.Add(d.Scale(pick(a.rng, -0.3, -0.3, between(a.rng, 0, 0.6))))
		from = from.Add(pt(0.2*clip(a.rng.NormFloat64(), 2), 0.2*clip(a.rng.NormFloat64(), 2)))
		a.line(a.s.ink, from, from.Add(d.Scale(long*between(a.rng, 0.6, 1.1))))
	}
}

// erased is a sign of which a rubber left next to nothing.
func (a *at) erased() {
	f := &hand{rng: a.rng, r: between(a.rng, 0.12, 0.3), dark: between(a.rng, 0.02, 0.09), wild: 0.1}
	f.exactCross(a.s.ink, a.sign())
}

// unclears are what a person must look at.
var unclears = []scene{
	{"ring", 0.18, func(a *at) {
		if a.w != nil && chance(a.rng, 0.6) {
			a.w.Ring(a.s.ink, a.box)
			return
		}
		k := between(a.rng, 0.4, 1.6)
		b := a.box.Inset(-k)
		b = geom.Box{X: b.X - between(a.rng, -0.3, 0.8), Y: b.Y, W: b.W + between(a.rng, 0, 1), H: b.H}
		a.ring(a.s.ink, b, a.rng.Float64(), 1+between(a.rng, 0.7, 1.2))
	}},
	{"arc", 0.04, func(a *at) {
		from := a.rng.Float64()
		a.ring(a.s.ink, a.box.Inset(-between(a.rng, 0.8, 1.6)), from, from+between(a.rng, 0.25, 0.6))
	}},
	{"line through", 0.1, func(a *at) {
		y := a.box.Y + a.box.H*between(a.rng, 0.1, 0.9)
		a.line2(a.box.X-between(a.rng, 2, 14), y+0.5*clip(a.rng.NormFloat64(), 2), a.box.X+between(a.rng, 1, 14), y+0.5*clip(a.rng.NormFloat64(), 2))
	}},
	{"dash", 0.09, func(a *at) {
		b := a.sign()
		y := b.Center().Y
		a.line2(b.X-0.3, y+0.3*clip(a.rng.NormFloat64(), 2), b.X+max(b.W, 1.8)-0.3, y+0.3*clip(a.rng.NormFloat64(), 2))
	}},
	{"slash", 0.07, func(a *at) {
		b := a.sign()
		if b.H = max(b.H, 2); chance(a.rng, 0.75) {
			a.line2(b.X+b.W, b.Y, b.X, b.Y+b.H)
		} else {
			a.line2(b.X, b.Y, b.X+b.W, b.Y+b.H)
		}
	}},
	{"word", 0.12, func(a *at) {
		w, h := between(a.rng, 3.2, 5.5), between(a.rng, 2.2, 4.5)
		a.word(a.s.ink, geom.Box{X: a.box.X - w - between(a.rng, 0.2, 1), Y: a.box.Center().Y - h*between(a.rng, 0.4, 0.7), W: w, H: h})
	}},
	{"number", 0.05, func(a *at) {
		b := a.sign()
		if a.w == nil {
			a.word(a.s.ink, b)
			return
		}
		a.w.Number(a.s.ink, b, []string{"2", "3", "5", "8", "10", "17", "26"}[a.rng.IntN(7)])
	}},
	{"text across", 0.08, func(a *at) {
		h := between(a.rng, 3, 5)
		x := a.box.X - between(a.rng, 3, 16)
		a.word(a.s.ink, geom.Box{X: x, Y: a.box.Center().Y - h*between(a.rng, 0.2, 0.8), W: between(a.rng, 8, 25), H: h})
	}},
	{"sign right", 0.05, func(a *at) {
		d := between(a.rng, 1.4, 2.8)
		b := geom.Box{X: a.box.X + a.box.W + between(a.rng, 0.2, 0.8), Y: a.box.Center().Y - d/2 + clip(0.4*a.rng.NormFloat64(), 1), W: d, H: d}
		a.exactCross(a.s.ink, b)
	}},
	{"sign above or below", 0.05, func(a *at) {
		d := between(a.rng, 1.4, 2.2)
		y := a.box.Y - d - between(a.rng, 0.2, 0.6)
		if chance(a.rng, 0.5) {
			y = a.box.Y + a.box.H + between(a.rng, 0.2, 0.6)
		}
		b := geom.Box{X: a.box.X + between(a.rng, -1, a.box.W-d+1), Y: y, W: d, H: d}
		a.exactCross(a.s.ink, b)
		for i, o := range a.s.boxes {
			if i != a.i && o.Inset(-3).Contains(b.Center()) {
				a.s.class[i] = -1
			}
		}
	}},
	{"struck sign", 0.09, func(a *at) {
		b := a.sign()
		a.exactCross(a.s.ink, b)
		if a.w != nil && chance(a.rng, 0.4) {
			a.w.StrikeOut(a.s.ink, b)
			return
		}
		a.fill(a.s.ink, b)
	}},
	{"two signs", 0.04, func(a *at) {
		b := a.sign()
		b.W, b.H = min(b.W, 2.6), min(b.H, 2.6)
		b.X = a.box.X - b.W - 0.5
		a.exactCross(a.s.ink, b)
		a.exactCross(a.s.ink, b.Shift(pt(-b.W-0.4, 0.3*clip(a.rng.NormFloat64(), 2))))
	}},
}
