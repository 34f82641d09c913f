package main

import (
	"math"

	"scan/internal/geom"
)

// crossHabits are a writer's way with crosses; shares are of the box.
type crossHabits struct {
	size, sizeVar float64 // extent of a cross
	bias          geom.Point
	off           float64 // spread of its middle
	aspect, turn  float64
	bow           [2]float64 // curvature of the two strokes
	loose         float64    // scatter of the ends
	ribbon        float64    // chance of a cross without lifting the pen
	twice         float64    // chance that a stroke is drawn again
	star          float64    // chance of a third stroke through the middle
	arcs          float64    // chance of two arcs back to back in place of two diagonals
}

// crossHabits draws from tiny and neat to far beyond the frame. In columns of cells marks
// keep nearer to their own cell, or nobody could tell which is meant.
func (w *writer) crossHabits(cells bool) crossHabits {
	h := crossHabits{sizeVar: w.u(0.04, 0.25) * (1.4 - w.care), aspect: math.Exp(0.16 * w.norm()), turn: 0.12 * w.norm(),
		off: w.u(0.02, 0.13) * (1.6 - w.care), loose: w.u(0.03, 0.16) * (1.5 - w.care)}
	h.bias = pt(w.norm(), w.norm()).Scale(w.pick(0.02, 0.04, 0.1))
	switch r := w.rng.Float64(); {
	case r < 0.28:
		h.size = w.u(0.35, 0.7)
	case r < 0.72:
		h.size = w.u(0.7, 1.1)
	default:
		h.size = w.u(1.1, 1.75)
	}
	if cells {
		h.size = math.Min(h.size, w.u(0.6, 1.45))
		h.off, h.bias = 0.6*h.off, h.bias.Scale(0.6)
	}
	if w.chance(0.12) {
		h.turn += w.pick(-1, 1) * w.u(0.3, math.Pi/4+0.1) // towards a plus
	}
	b := w.pick(0, 0.05, 0.1, 0.25, 0.4)
	h.bow = [2]float64{b * w.norm(), b * w.norm()}
	if w.chance(0.12) {
		v := w.u(0.3, 0.9) * w.pick(1, 1, -1)
		h.bow = [2]float64{v, -v} // two arcs back to back
	}
	h.ribbon = w.pick(0, 0, 0, 0.1, 0.9) * (1.1 - w.care)
	h.twice = w.pick(0, 0, 0, 0.1, 0.5)
	if w.chance(0.06) {
		h.star = 0.9
	}
	if w.chance(0.1) {
		h.arcs = 0.95
	}
	return h
}

// drawCross marks a box. It returns how far off the middle of the box the strokes meet, in
// box sizes along the worse axis.
func (w *writer) drawCross(p *paper, b geom.Box) float64 {
	h := w.cross
	dx, dy := h.bias.X+h.off*w.norm(), h.bias.Y+h.off*w.norm()
	if w.chance(0.02) {
		dx, dy = dx+0.2*w.norm(), dy+0.2*w.norm()
	}
	s := math.Min(h.size*math.Exp(h.sizeVar*w.norm()), 1.9) / 2
	k := math.Sqrt(h.aspect)
	o := b.Center().Add(pt(dx*b.W, dy*b.H))
	w.crossAt(p, o, s*b.W*k, s*b.H/k)
	return math.Max(math.Abs(dx), math.Abs(dy))
}

// crossAt draws a cross of the given half width and height.
func (w *writer) crossAt(p *paper, o geom.Point, hw, hh float64) {
	a, b := w.diagonal(o, hw, hh, 0), w.diagonal(o, -hw, hh, 1)
	if w.chance(w.cross.arcs) {
		a, b = w.arc(o, hw, hh), w.arc(o, -hw, hh)
	}
	if w.chance(w.cross.star) {
		d := w.pick(0, math.Pi/2) + 0.15*w.norm()
		y, x := math.Sincos(d + w.cross.turn)
		w.stroke(p, w.near(o.Add(pt(-1.1*hw*x, -1.1*hh*y)), 0.1), w.near(o.Add(pt(1.1*hw*x, 1.1*hh*y)), 0.1))
	}
	if w.chance(0.3) {
		b[0], b[2] = b[2], b[0]
	}
	if w.chance(0.5) {
		a, b = b, a
	}
	if w.chance(w.cross.ribbon) {
		m := a[2].Add(b[0]).Scale(0.5)
		m = o.Add(m.Sub(o).Scale(w.u(0.9, 1.4)))
		w.stroke(p, a[0], a[1], a[2], m, b[0], b[1], b[2])
		return
	}
	for _, d := range [][]geom.Point{a, b} {
		w.stroke(p, d...)
		if w.chance(w.cross.twice) {
			w.stroke(p, w.near(d[0], 0.12), w.near(d[1], 0.1), w.near(d[2], 0.12))
		}
	}
}

// arc is one half of a cross of two arcs back to back: from one corner to the next, through
// the middle and a little beyond.
func (w *writer) arc(o geom.Point, hw, hh float64) []geom.Point {
	k, l := w.u(0, 0.55), w.cross.loose
	end := func(y float64) geom.Point { return w.near(o.Add(pt(-hw, y)), l*hh) }
	return []geom.Point{end(-hh), w.near(o.Add(pt(k*hw, 0)), 0.5*l*hh), end(hh)}
}

// diagonal is one stroke of a cross from top to bottom.
func (w *writer) diagonal(o geom.Point, hw, hh float64, n int) []geom.Point {
	h := w.cross
	o = o.Add(pt(h.loose*hw*w.norm(), h.loose*hh*w.norm()))
	lean := h.turn + 0.05*w.norm()
	s, c := math.Sincos(lean)
	end := func(x, y float64) geom.Point {
		x, y = x*(1+h.loose*w.norm()), y*(1+h.loose*w.norm())
		return o.Add(pt(x*c-y*s, x*s+y*c))
	}
	a, b := end(-hw, -hh), end(hw, hh)
	bow := (h.bow[n] + 0.04*w.norm()) / 2
	mid := a.Add(b).Scale(0.5).Add(pt(-(b.Y-a.Y)*bow, (b.X-a.X)*bow))
	return []geom.Point{a, mid, b}
}

// fillHabits are a writer's way of blackening a box.
type fillHabits struct {
	how     int     // zigzag, hatching, spiral, loops
	gap     float64 // white between lines, in line widths
	over    float64 // mm beyond the frame; negative stays inside
	tilt    float64
	outline bool
	twice   bool
}

func (w *writer) fillHabits() fillHabits {
	h := fillHabits{how: w.rng.IntN(4), gap: 0.9 * w.rng.Float64() * w.rng.Float64(), over: w.u(-0.25, 0.9) * (1.1 - 0.8*w.care),
		tilt: w.pick(0, math.Pi/2, 0.8, -0.8, 1.2) + 0.15*w.norm(), outline: w.chance(0.25), twice: w.chance(0.35)}
	if w.chance(0.45) {
		h.how = 0
	}
	return h
}

// drawFill blackens a box, or the part of it that is given.
func (w *writer) drawFill(p *paper, b geom.Box) {
	h := w.fill
	area := b.Inset(0.1*b.W - h.over - 0.08*w.norm()).Shift(pt(0.04*b.W*w.norm(), 0.04*b.H*w.norm()))
	if h.outline {
		w.outline(p, b.Inset(w.u(0.12, 0.2)*b.W))
	}
	w.cover(p, area, 2*w.pen.r*(0.7+h.gap), h.tilt)
	if h.twice || h.how >= 2 && w.chance(0.6) {
		w.stroke(p, w.zigzag(area.Inset(0.05*area.W), 2*w.pen.r*w.u(0.8, 1.8), h.tilt+w.u(0.4, 1.6))...)
	}
}

// cover goes over an area once in the writer's pattern, lines step mm apart.
func (w *writer) cover(p *paper, area geom.Box, step, tilt float64) {
	if area.W < 0.3 || area.H < 0.3 {
		return
	}
	switch w.fill.how {
	case 1:
		for z := w.zigzag(area, step, tilt); len(z) > 2; z = z[2:] {
			w.stroke(p, z[0], z[1])
		}
	case 2:
		w.stroke(p, w.spiral(area, step*0.9)...)
	case 3:
		w.stroke(p, w.coil(area, step)...)
	default:
		w.stroke(p, w.zigzag(area, step, tilt)...)
	}
}

// zigzag plans lines in direction tilt over the area.
func (w *writer) zigzag(area geom.Box, step, tilt float64) (v []geom.Point) {
	s, c := math.Sincos(tilt)
	o := area.Center()
	reach := (math.Abs(area.W*s) + math.Abs(area.H*c)) / 2
	side := 1.0
	for d := -reach + step/3; d < reach-step/4; d += step * w.u(0.35, 0.65) {
		lo, hi, ok := chord(area, s, c, d)
		if !ok {
			continue
		}
		e := hi
		if side < 0 {
			e = lo
		}
		e += 0.12 * w.norm() * (1.2 - w.care)
		v = append(v, pt(o.X+e*c-d*s, o.Y+e*s+d*c))
		side = -side
	}
	if len(v) < 2 {
		return []geom.Point{o, o.Add(pt(step, 0))}
	}
	return v
}

// chord is the range of u for which centre + u*(c,s) + d*(-s,c) lies in the area.
func chord(area geom.Box, s, c, d float64) (lo, hi float64, ok bool) {
	lo, hi = -1e9, 1e9
	cut := func(p, along, half float64) {
		if math.Abs(along) < 1e-6 {
			if math.Abs(p) > half {
				lo, hi = 1, -1
			}
			return
		}
		a, b := (-half-p)/along, (half-p)/along
		lo, hi = math.Max(lo, math.Min(a, b)), math.Min(hi, math.Max(a, b))
	}
	cut(-d*s, c, area.W/2)
	cut(d*c, s, area.H/2)
	return lo, hi, lo < hi
}

// spiral winds inwards; its outer turns are between a circle and the square.
func (w *writer) spiral(area geom.Box, step float64) (v []geom.Point) {
	o, turns := area.Center(), math.Max(1.5, area.W/2/step)
	n, square := int(turns*10), w.u(2, 5)
	for i := range n + 1 {
		t := float64(i) / float64(n)
		k := 1.1 - 1.06*t + 0.02*w.norm()
		y, x := math.Sincos(-1.2 + 2*math.Pi*turns*t)
		q := math.Pow(math.Pow(math.Abs(x), square)+math.Pow(math.Abs(y), square), -1/square)
		v = append(v, pt(o.X+k*q*x*area.W/2, o.Y+k*q*y*area.H/2))
	}
	return v
}

// coil marches across the area in loops.
func (w *writer) coil(area geom.Box, step float64) (v []geom.Point) {
	n, r := max(int(area.W/step), 3), math.Min(area.W/4, step)
	for i := range n * 8 {
		s, c := math.Sincos(2*math.Pi*float64(i)/8 + 0.4)
		x := area.X + r + (area.W-2*r)*float64(i)/float64(n*8)
		v = append(v, pt(x+r*c, area.Center().Y+area.H/2*s*(1+0.05*w.norm())))
	}
	return v
}

func (w *writer) outline(p *paper, b geom.Box) {
	q := b.Corners()
	var v []geom.Point
	for i := range 9 {
		a, c := q[i/2%4], q[(i/2+1)%4]
		v = append(v, w.near(a.Add(c.Sub(a).Scale(0.5*float64(i%2))), 0.06))
	}
	w.stroke(p, v...)
}

// drawTick draws a check mark, often with its tail outside.
func (w *writer) drawTick(p *paper, b geom.Box) {
	s := b.W * math.Min(math.Max(w.cross.size, 0.5), 1.5) * w.u(0.75, 1.15)
	o := b.Center().Add(pt(0.08*b.W*w.norm(), 0.08*b.H*w.norm()))
	w.tickAt(p, o, s)
}

func (w *writer) tickAt(p *paper, o geom.Point, s float64) {
	start := pt(o.X-s*w.u(0.25, 0.5), o.Y+s*w.u(-0.15, 0.2))
	knee := pt(o.X-s*w.u(0, 0.2), o.Y+s*w.u(0.3, 0.5))
	end := pt(o.X+s*w.u(0.3, 0.7), o.Y-s*w.u(0.3, 0.75))
	if w.chance(0.06) { // a left-handed one
		for _, q := range []*geom.Point{&start, &knee, &end} {
			q.X = 2*o.X - q.X
		}
	}
	mid := knee.Add(end).Scale(0.5).Add(pt(s*w.u(-0.05, 0.06), 0))
	if w.chance(0.5) {
		w.stroke(p, start, knee, mid, end)
		return
	}
	w.stroke(p, start, start.Add(knee).Scale(0.5), knee, knee, mid, end) // a sharp knee
}

// drawLine draws one line through the box: a slash, mostly; a bar or an upright sometimes.
func (w *writer) drawLine(p *paper, b geom.Box) {
	s := math.Min(math.Max(w.cross.size, 0.55), 1.6) * w.u(0.85, 1.2) / 2
	o := b.Center().Add(pt(0.09*b.W*w.norm(), 0.09*b.H*w.norm()))
	a := w.pick(-math.Pi/4, -math.Pi/4, -math.Pi/4, math.Pi/4, 0, math.Pi/2) + 0.2*w.norm()
	if s > 0.65 && math.Abs(math.Sin(2*a)) < 0.5 {
		s = 0.6
	}
	y, x := math.Sincos(a)
	l := s * b.W * math.Min(1/math.Max(math.Abs(x), math.Abs(y)), 1.35)
	d, bow := pt(l*x, l*y), 0.08*w.norm()
	w.stroke(p, o.Sub(d), o.Add(pt(-d.Y*bow, d.X*bow)), o.Add(d))
	if w.chance(0.12) {
		w.stroke(p, w.near(o.Sub(d), 0.12), w.near(o.Add(d), 0.12))
	}
}

// drawScribble puts something deliberate into the box that is neither cross nor fill: a
// part of a fill, a curl, a wave, a ring, a letter.
func (w *writer) drawScribble(p *paper, b geom.Box) {
	in := b.Inset(w.u(0.12, 0.22) * b.W)
	switch w.rng.IntN(7) {
	case 0, 1, 2:
		share := w.u(0.35, 0.68)
		part := geom.Box{X: in.X + (1-share)*in.W*w.rng.Float64(), Y: in.Y, W: share * in.W, H: in.H}
		if w.chance(0.5) {
			part = geom.Box{X: in.X, Y: in.Y + (1-share)*in.H*w.rng.Float64(), W: in.W, H: share * in.H}
		}
		w.cover(p, part, 2*w.pen.r*w.u(0.7, 1.5), w.fill.tilt)
	case 3: // a wide zigzag
		w.stroke(p, w.zigzag(in.Inset(-w.u(0, 0.8)), math.Max(in.W/w.u(2, 3.5), 2.6*w.pen.r), w.fill.tilt)...)
	case 4: // a ring inside
		w.ring(p, in.Center(), in.W*w.u(0.25, 0.5), in.H*w.u(0.25, 0.5))
	case 5: // a curl
		v := []geom.Point{}
		for range 4 + w.rng.IntN(4) {
			v = append(v, pt(in.X+in.W*w.rng.Float64(), in.Y+in.H*w.rng.Float64()))
		}
		w.stroke(p, v...)
	default:
		w.letter(p, in.Inset(w.u(-0.3, 0.15)))
	}
}

// ring draws a loop around a place.
func (w *writer) ring(p *paper, o geom.Point, rx, ry float64) {
	start, turns := w.u(0, 6.28), w.u(0.95, 1.25)
	oval, ph := 0.08*w.norm(), w.u(0, 6.28)
	var v []geom.Point
	for i := range 13 {
		a := start - 2*math.Pi*turns*float64(i)/12
		k := 1 + oval*math.Cos(2*a+ph) + 0.03*w.norm()
		s, c := math.Sincos(a)
		v = append(v, pt(o.X+k*rx*c, o.Y+k*ry*s))
	}
	w.stroke(p, v...)
}

// letter writes something like a letter: two to three strokes between places of a grid.
func (w *writer) letter(p *paper, b geom.Box) {
	for range 1 + w.rng.IntN(3) {
		var v []geom.Point
		for range 2 + w.rng.IntN(3) {
			v = append(v, w.near(pt(b.X+b.W*0.5*float64(w.rng.IntN(3)), b.Y+b.H*0.5*float64(w.rng.IntN(3))), 0.1*b.W))
		}
		w.stroke(p, v...)
	}
}

// text writes letters along a line.
func (w *writer) text(p *paper, x, y, size float64, n int) {
	for range n {
		w.letter(p, geom.Box{X: x, Y: y, W: 0.6 * size, H: size})
		x += size * w.u(0.7, 1)
	}
}

// drawDot rests the pen somewhere in the box.
func (w *writer) drawDot(p *paper, b geom.Box) {
	in := b.Inset(0.24 * b.W)
	o := pt(in.X+w.rng.Float64()*in.W, in.Y+w.rng.Float64()*in.H)
	w.stroke(p, o, w.near(o, w.u(0.02, 0.18)))
}
