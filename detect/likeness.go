package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// likenessReachMM is how far the two pieces may be out of place: what registration leaves, and
// the frame of a box from which a line of text is measured.
const likenessReachMM = 0.45

// Likeness compares two pieces of print of the same size, box a of one page with box b of
// another: the highest correlation, [-1,1], within 0.45 mm of where they lie. Empty paper is
// like nothing (0). pxPerMM is how closely it looks: 4 tells lines of text apart, 10 the
// indices of formulas.
func Likeness(a raster.View, boxA geom.Box, b raster.View, boxB geom.Box, pxPerMM float64) float64 {
	boxB.W, boxB.H = boxA.W, boxA.H
	p := a.Sample(boxA, pxPerMM).Y
	q := b.Sample(boxB.Inset(-likenessReachMM), pxPerMM).Y
	smooth, wide := smooth3(p), smooth3(q)
	best := 0.0
	for dy := range wide.H - smooth.H + 1 {
		for dx := range wide.W - smooth.W + 1 {
			best = math.Max(best, correlation(smooth, wide, dx, dy))
		}
	}
	return best
}

// correlation is the normalised correlation of p with q shifted by (dx, dy) pixels.
func correlation(p, q *raster.Plane, dx, dy int) float64 {
	var n, sp, sq, pp, qq, pq int64
	for y := range p.H {
		row, other := p.Row(y), q.Row(y + dy)[dx:]
		for x, v := range row {
			a, b := int64(v), int64(other[x])
			n++
			sp, sq, pp, qq, pq = sp+a, sq+b, pp+a*a, qq+b*b, pq+a*b
		}
	}
	vp, vq := float64(n*pp-sp*sp), float64(n*qq-sq*sq)
	const flat = 16 // grey levels squared: noise of empty paper
	if vp < flat*float64(n*n) || vq < flat*float64(n*n) {
		return 0
	}
	return float64(n*pq-sp*sq) / math.Sqrt(vp*vq)
}
