package detect

import (
	"math"
	"slices"

	"scan/internal/raster"
)

// Skew comes out of the page alone, before any form is looked at: lines of print and
// ruled lines project to sharp peaks when looked at along their direction. For each
// angle the dark edges of the page are projected and the squared steps of the profile
// summed; the angle with the largest sum is the skew (Postl 1986, as in many scanners).
// Handwriting adds noise, not peaks. Both axes are projected, so that a page of
// vertical rules or a page lying on its side is measured as well.

const (
	skewMaxDeg  = 12.0 // a little beyond the promised 10
	skewStepDeg = 0.5  // descriptors bear twice that
)

// skewCandidates returns the likeliest angles in degrees, best first, at most n, at
// least 2 degrees apart; positive is clockwise on the stored pixels, modulo 90.
func skewCandidates(p *raster.Plane, n int) []float64 {
	xs, ys := edgePoints(p)
	type scored struct{ deg, score float64 }
	var all []scored
	for d := -skewMaxDeg; d <= skewMaxDeg+1e-9; d += skewStepDeg {
		all = append(all, scored{d, profileSharpness(xs, ys, d, p.W+p.H)})
	}
	slices.SortStableFunc(all, func(a, b scored) int {
		if a.score > b.score {
			return -1
		}
		return 1
	})
	var out []float64
	for _, s := range all {
		if len(out) < n && !slices.ContainsFunc(out, func(d float64) bool { return math.Abs(d-s.deg) < 2 }) {
			out = append(out, s.deg)
		}
	}
	return out
}

// edgePoints returns points whose right or lower neighbour is clearly brighter or darker,
// at most about 8,000, centred on the plane.
func edgePoints(p *raster.Plane) (xs, ys []float32) {
	const step = 30 // grey levels; paper noise after reduction is below 10
	skip := 1
	if p.W*p.H > 1<<20 {
		skip = 2
	}
	// The margin is left out: scanner borders and torn edges are long, straight and
	// not of the form.
	mx, my := p.W/16, p.H/16
	for y := my; y < p.H-my-1; y += skip {
		row, below := p.Pix[y*p.Stride:], p.Pix[(y+1)*p.Stride:]
		for x := mx; x < p.W-mx-1; x++ {
			v := int(row[x])
			dx, dy := v-int(row[x+1]), v-int(below[x])
			if dx > step || dx < -step || dy > step || dy < -step {
				xs = append(xs, float32(x-p.W/2))
				ys = append(ys, float32(y-p.H/2))
			}
		}
	}
	if k := len(xs)/8000 + 1; k > 1 {
		j := 0
		for i := 0; i < len(xs); i += k {
			xs[j], ys[j] = xs[i], ys[i]
			j++
		}
		xs, ys = xs[:j], ys[:j]
	}
	return xs, ys
}

func profileSharpness(xs, ys []float32, deg float64, size int) float64 {
	s64, c64 := math.Sincos(deg * math.Pi / 180)
	s, c := float32(s64), float32(c64)
	rows, cols := make([]int32, 2*size), make([]int32, 2*size)
	half := float32(size)
	for i := range xs {
		rows[int(ys[i]*c-xs[i]*s+half)]++
		cols[int(xs[i]*c+ys[i]*s+half)]++
	}
	sum := 0.0
	for i := 1; i < len(rows); i++ {
		dr, dc := float64(rows[i]-rows[i-1]), float64(cols[i]-cols[i-1])
		sum += dr*dr + dc*dc
	}
	return sum
}
