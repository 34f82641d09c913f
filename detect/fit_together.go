package detect

import (
	"math"

	"scan/internal/geom"
)

// Boxes of one question lie on one piece of paper: where ink covers a box's frame so that it
// cannot be found, its neighbours tell where it is. Their shifts must agree among themselves,
// or the paper is stretched or folded between them.
const (
	// helpReach is how far away, in mm, a neighbour's shift still holds. A feed stall stretches
	// 1 mm over 30 mm of paper at worst; 20 mm leave 0.4 mm between two agreeing neighbours.
	helpReach = 20.0
	// helpSpread is how far, in mm, the neighbours' shifts may lie apart: the local fit's own
	// scatter is 0.1.
	helpSpread = 0.3
)

// fitTogether finds the frames of all cases, of those covered by ink with their neighbours' help,
// and measures every box.
func fitTogether(cases []*boxCase) {
	for _, c := range cases {
		c.fit = fitFrame(c.scan, c.form, c.box, fullSearch)
	}
	for i, c := range cases {
		if c.fit.reason() == "" {
			continue
		}
		if shift, ok := helpedShift(cases, i); ok {
			c.fit = frameFit{Shift: shift, Printed: true, Helped: true, Hit: c.fit.Hit, Contrast: c.fit.Contrast, WorstHit: c.fit.WorstHit}
		}
	}
	for _, c := range cases {
		c.measureFitted()
	}
}

// helpedShift is the mean shift of the boxes near case i whose frames were found, nearer ones
// counting more. There must be two, and they must agree.
func helpedShift(cases []*boxCase, i int) (shift geom.Point, ok bool) {
	lo, hi := geom.Point{X: math.Inf(1), Y: math.Inf(1)}, geom.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	seen, weights := 0, 0.0
	for j, o := range cases {
		d := o.box.Center().Sub(cases[i].box.Center()).Norm()
		if j == i || d > helpReach || !o.fit.Printed || o.fit.Helped || o.fit.reason() != "" {
			continue
		}
		s, w := o.fit.Shift, 1/(1+d)
		shift, weights = shift.Add(s.Scale(w)), weights+w
		lo = geom.Point{X: math.Min(lo.X, s.X), Y: math.Min(lo.Y, s.Y)}
		hi = geom.Point{X: math.Max(hi.X, s.X), Y: math.Max(hi.Y, s.Y)}
		seen++
	}
	if seen < 2 {
		return shift, false
	}
	return shift.Scale(1 / weights), math.Max(hi.X-lo.X, hi.Y-lo.Y) <= helpSpread
}
