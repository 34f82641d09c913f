package main

import (
	"math"
	"math/rand/v2"

	"scan/detect"
	"scan/internal/geom"
)

// mix is what stands beside filled and crossed boxes: shares of signs and of what is
// unclear; the rest is nothing, of which plain is without any distractor.
type mix struct{ sign, unclear, plain float64 }

// trainMix is balanced so that what is rare is learnt; realMix is nearer to what exams hold,
// for calibration and figures.
var (
	trainMix = mix{0.32, 0.26, 0.3}
	realMix  = mix{0.2, 0.04, 0.65}
)

// scene is something that may be drawn beside a box: how often, and by whom it is drawn.
type scene struct {
	name  string
	share float64
	draw  func(a *at)
}

// at is a box about to get something beside it.
type at struct {
	*hand
	s   *sheet
	i   int
	box geom.Box
}

// markAll marks every box of the sheet by one hand: seven in ten are filled.
func (s *sheet) markAll(rng *rand.Rand, m mix) {
	h := newHand(rng)
	for i, b := range s.boxes {
		a := &at{h, s, i, b}
		r := rng.Float64()
		crossed := r > 0.72 && r < 0.9
		switch {
		case r <= 0.72:
			a.undo()
		case crossed:
			h.cross(s.ink, b)
		default:
			s.class[i], s.what[i] = -1, "empty"
			continue
		}
		if s.class[i] < 0 {
			continue // spoilt by a neighbour
		}
		r = rng.Float64()
		if crossed {
			r += 0.3 * rng.Float64() // signs beside crosses are rarer
		}
		list, class := nothings, detect.ZoneNothing
		switch {
		case r < m.sign:
			list, class = aside, detect.ZoneSign
		case r < m.sign+m.unclear:
			list, class = unclears, detect.ZoneUnclear
		case rng.Float64() < m.plain:
			s.what[i] = "plain"
			continue
		}
		sc := choose(rng, list)
		s.class[i], s.what[i] = class, sc.name
		before := a.around()
		a.beside(sc)
		if class != detect.ZoneNothing && a.around() < before+leastInk {
			s.class[i] = -1 // a word that did not fit, a sign under print
		}
	}
	dirt(rng, s.ink)
}

// leastInk is the least darkness, in canvas pixels, of what is worth a name: 0.15 square mm.
const leastInk = 20

// around sums the darkness of the zone around the box.
func (a *at) around() float64 {
	const left, other = 6.4, 2.3
	b := a.box
	zone := geom.Box{X: b.X - left, Y: b.Y - other, W: b.W + left + other, H: b.H + 2*other}
	return darkness(a.s, zone) - darkness(a.s, b.Inset(-0.2))
}

func choose(rng *rand.Rand, list []scene) scene {
	sum := 0.0
	for _, s := range list {
		sum += s.share
	}
	r := rng.Float64() * sum
	for _, s := range list {
		if r -= s.share; r < 0 {
			return s
		}
	}
	return list[0]
}

// undo fills a box, mostly over a cross, whose ends may reach far out of it.
func (a *at) undo() {
	c, b := a.s.ink, a.box
	switch a.rng.IntN(6) {
	case 0, 1:
	case 2: // a cross larger than the hand's others
		k := between(a.rng, -0.45, 0.05) * b.W
		if chance(a.rng, 0.3) {
			a.plusIn(b.Inset(k))
			break
		}
		a.exactCross(c, b.Inset(k).Shift(pt(0.12*b.W*clip(a.rng.NormFloat64(), 2), 0.12*b.H*clip(a.rng.NormFloat64(), 2))))
	case 3: // undone, selected in the box once more, undone
		a.cross(c, b)
		a.fill(c, b)
		a.cross(c, b)
	case 4:
		a.tick(c, b.Inset(between(a.rng, -0.4, 0.1)*b.W))
	default:
		a.cross(c, b)
	}
	a.fill(c, b)
}

// sign returns a place for a sign: mostly a little apart from the box and at its height.
func (a *at) sign() geom.Box {
	r := a.rng
	size := pick(r, between(r, 1.2, 2.2), between(r, 1.8, 3.2), between(r, 2.5, 4.2))
	gap := pick(r, between(r, 0.3, 1.6), between(r, 0.3, 1.6), between(r, -0.6, 0.4), between(r, 1, 3.5))
	size = min(size, a.s.room-0.3)
	gap = min(gap, min(a.s.room, 6.2)-size)
	tall := min(size*between(r, 0.75, 1.25), 0.85*a.s.pitch)
	mid := a.box.Center().Y + clip(0.16*r.NormFloat64(), 0.5)*a.box.H
	return geom.Box{X: a.box.X - gap - size, Y: mid - tall/2, W: size, H: tall}
}

// own is where what stands beside a box is its own: the box's height, and a little more.
func own(b geom.Box) geom.Box {
	return geom.Box{X: b.X - 6, Y: b.Y - 0.3, W: b.W + 7, H: b.H + 0.6}
}

// beside draws something beside the box, and takes the neighbours it reaches out of use:
// nobody could say whose it is.
func (a *at) beside(sc scene) {
	near := map[int]float64{}
	for i, o := range a.s.boxes {
		if i != a.i && math.Abs(o.Y-a.box.Y) < 14 && math.Abs(o.X-a.box.X) < 26 {
			near[i] = darkness(a.s, own(o))
		}
	}
	sc.draw(a)
	for i, before := range near {
		if darkness(a.s, own(a.s.boxes[i])) > before+leastInk/2 {
			a.s.class[i] = -1
		}
	}
}

func (a *at) line2(x0, y0, x1, y1 float64) { a.line(a.s.ink, pt(x0, y0), pt(x1, y1)) }

func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }
