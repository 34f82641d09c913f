package main

import (
	"math"
	"math/rand/v2"

	"scan/internal/geom"
)

// writer is one person with one pen. Habits are drawn once; each mark varies around them.
type writer struct {
	rng  *rand.Rand
	pen  pen
	care float64 // 0 the sloppiest, 1 the neatest

	lag      float64 // mm over which the hand cuts corners
	wander   float64 // mm of slow drift
	tremor   float64 // mm
	taper    float64 // how much thinner a stroke begins and ends
	hook     float64 // chance of a hook at either end
	pressure float64

	cross crossHabits
	fill  fillHabits
}

func newWriter(rng *rand.Rand, cells bool) *writer {
	w := &writer{rng: rng, pen: newPen(rng), care: rng.Float64()}
	w.lag = w.u(0.02, 0.3) * (1.5 - w.care)
	w.wander = w.u(0.01, 0.08) * (1.5 - w.care)
	w.tremor = w.pick(0.005, 0.01, 0.02, 0.05)
	w.taper, w.hook = w.u(0, 0.6), w.u(0, 0.5)
	w.pressure = math.Exp(0.15 * w.norm())
	w.cross = w.crossHabits(cells)
	w.fill = w.fillHabits()
	return w
}

func (w *writer) u(lo, hi float64) float64  { return lo + (hi-lo)*w.rng.Float64() }
func (w *writer) norm() float64             { return clip(w.rng.NormFloat64(), 2.5) }
func (w *writer) pick(v ...float64) float64 { return v[w.rng.IntN(len(v))] }
func (w *writer) chance(p float64) bool     { return w.rng.Float64() < p }
func (w *writer) near(p geom.Point, d float64) geom.Point {
	return geom.Point{X: p.X + d*w.norm(), Y: p.Y + d*w.norm()}
}

func pt(x, y float64) geom.Point { return geom.Point{X: x, Y: y} }

// lineStep is the spacing in mm of a stroke's moments.
const lineStep = 0.1

// stroke moves the pen once through the places, in a smooth curve.
func (w *writer) stroke(p *paper, places ...geom.Point) {
	if len(places) == 0 {
		return
	}
	if len(places) > 1 && w.chance(w.hook) {
		places = append([]geom.Point{w.hookAt(places[0], places[1])}, places...)
	}
	if n := len(places); n > 1 && w.chance(0.7*w.hook) {
		places = append(append([]geom.Point(nil), places...), w.hookAt(places[n-1], places[n-2]))
	}
	p.lay(w.pen, w.moments(w.smooth(curve(places))))
}

// hookAt is what the pen leaves while landing or lifting: a short drag aside.
func (w *writer) hookAt(end, next geom.Point) geom.Point {
	d := next.Sub(end)
	a := math.Atan2(d.Y, d.X) + w.u(0.9, 2.7)*w.pick(-1, 1)
	l := math.Min(w.u(0.05, 0.5), 0.25*d.Norm()+0.05)
	return pt(end.X+l*math.Cos(a), end.Y+l*math.Sin(a))
}

// curve is a Catmull-Rom spline through the places, a point every lineStep.
func curve(v []geom.Point) (out []geom.Point) {
	at := func(i int) geom.Point { return v[min(max(i, 0), len(v)-1)] }
	for i := 0; i+1 < len(v); i++ {
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		n := max(int(c.Sub(b).Norm()/lineStep), 1)
		for k := range n {
			t := float64(k) / float64(n)
			m := func(a, b, c, d float64) float64 {
				return 0.5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
			}
			out = append(out, pt(m(a.X, b.X, c.X, d.X), m(a.Y, b.Y, c.Y, d.Y)))
		}
	}
	return append(out, v[len(v)-1])
}

// smooth lets the hand lag behind its plan, to and fro so that nothing shifts.
func (w *writer) smooth(v []geom.Point) []geom.Point {
	k := w.lag / (w.lag + lineStep)
	for i := 1; i < len(v); i++ {
		v[i] = v[i].Scale(1 - k).Add(v[i-1].Scale(k))
	}
	for i := len(v) - 2; i >= 0; i-- {
		v[i] = v[i].Scale(1 - k).Add(v[i+1].Scale(k))
	}
	return v
}

// moments adds the hand's noise and the pen's.
func (w *writer) moments(v []geom.Point) []moment {
	var drift geom.Point
	flow, dry := 1.0, 0
	out := make([]moment, len(v))
	for i, q := range v {
		drift = drift.Scale(0.97).Add(pt(w.rng.NormFloat64(), w.rng.NormFloat64()).Scale(0.24 * w.wander))
		q = q.Add(drift).Add(pt(w.rng.NormFloat64(), w.rng.NormFloat64()).Scale(w.tremor))
		end := math.Min(1, float64(min(i, len(v)-1-i)+1)*lineStep/0.5)
		press := w.pressure * (1 - w.taper*(1-end))
		flow = 1 + 0.93*(flow-1) + 0.37*w.pen.flowVar*w.rng.NormFloat64()*0.4
		if dry > 0 {
			dry--
		} else if w.rng.Float64() < w.pen.skip*lineStep*3 {
			dry = 1 + w.rng.IntN(6)
		}
		f := math.Min(math.Max(flow, 0.3), 1.15) * (1 - 0.5*w.taper*(1-end))
		if dry > 0 {
			f *= 0.25
		}
		out[i] = moment{q.X, q.Y, math.Max(w.pen.r*(1+w.pen.give*(press-1)), 0.05), f}
	}
	return out
}
