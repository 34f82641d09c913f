package detect

import (
	"math"
	"math/rand/v2"
	"slices"

	"scan/internal/geom"
)

// Coarse matching: descriptors of the scan are looked up for every keypoint of a form
// page, only where the page could lie (a window around its predicted place), and the
// pairs vote for a shift. Pages with the fullest peak are tried by RANSAC (Fischler and
// Bolles 1981) over two-point similarities whose scale and angle stay near the
// prediction: repeated print (choice boxes, squared paper) makes many wrong pairs, but
// wrong pairs do not agree.

const (
	// windowMM is how far a page may lie from its predicted place: 20 mm of promised
	// shift, half a cut spine, and what 10 % of scale and skew error move a corner.
	windowMM = 34.0
	// nearWindowMM is tried first: most sheets lie within it, and a third of the area is a
	// third of the comparisons.
	nearWindowMM = 20.0
	// maxDistance is the most bits by which a pair of descriptors may differ (of 256).
	// Unrelated places differ by about 90; blurred and noisy copies by 10 to 50.
	maxDistance = 64
	// ransacToleranceMM is how far a pair may lie from a similarity; it must cover
	// what shear and stretch add (0.5 %, over half a page 0.7 mm).
	ransacToleranceMM = 1.4
	// ransacRounds find a page of which one pair in eight is right, 99 times in 100.
	ransacRounds = 600
	// minInliers is the least number of agreeing pairs worth a fine registration.
	minInliers = 7
)

// scanPoints are the keypoints of a scan under one assumed orientation, in mm of a page
// whose centre is the form's, bucketed for window queries.
type scanPoints struct {
	mm   []geom.Point
	desc []descriptor
	grid [bucketSide * bucketSide][]int32
}

const (
	bucketMM   = 8.0
	bucketSide = 80 // -160 to 480 mm: an A3 sheet fits
)

// bucketOf returns the column and row of the bucket of p, clamped to the grid.
func bucketOf(p geom.Point) (bx, by int) {
	at := func(v float64) int { return min(max(int(v/bucketMM+bucketSide/4), 0), bucketSide-1) }
	return at(p.X), at(p.Y)
}

func newScanPoints(mm []geom.Point, desc []descriptor) *scanPoints {
	s := &scanPoints{mm: mm, desc: desc}
	for i, p := range mm {
		bx, by := bucketOf(p)
		s.grid[by*bucketSide+bx] = append(s.grid[by*bucketSide+bx], int32(i))
	}
	return s
}

// pair is a form keypoint and the scan keypoint that looks like it.
type pair struct {
	form, scan geom.Point // mm
	distance   int
}

// matchPage pairs every step-th keypoint of a form page with the most similar of the scan
// within windowX and windowY mm.
func (s *scanPoints) matchPage(f *formIndex, windowX, windowY float64, step int) []pair {
	var out []pair
	rx, ry := int(math.Ceil(windowX/bucketMM)), int(math.Ceil(windowY/bucketMM))
	for i := 0; i < len(f.points); i += step {
		p := f.points[i]
		bx, by := bucketOf(p)
		best, bestD := int32(-1), maxDistance+1
		for y := max(by-ry, 0); y <= min(by+ry, bucketSide-1); y++ {
			for _, cell := range s.grid[y*bucketSide+max(bx-rx, 0) : y*bucketSide+min(bx+rx, bucketSide-1)+1] {
				for _, j := range cell {
					if d := f.desc[i].distance(&s.desc[j]); d < bestD {
						best, bestD = j, d
					}
				}
			}
		}
		if best >= 0 {
			out = append(out, pair{p, s.mm[best], bestD})
		}
	}
	return out
}

// shiftPeak returns the largest number of pairs whose shifts agree within about 9 mm.
func shiftPeak(pairs []pair) int {
	const bin, side = 6.0, 64
	var votes [side * side]int
	for _, p := range pairs {
		d := p.scan.Sub(p.form)
		x, y := int(d.X/bin+side/2), int(d.Y/bin+side/2)
		if x > 0 && y > 0 && x < side-1 && y < side-1 {
			votes[y*side+x]++
		}
	}
	best := 0
	for i := side + 1; i < side*(side-1)-1; i++ {
		n := 0
		for _, r := range []int{i - side, i, i + side} {
			n += votes[r-1] + votes[r] + votes[r+1]
		}
		best = max(best, n)
	}
	return best
}

// ransac returns the transform from form mm to scan mm on which most pairs agree, refined
// to an affine map where enough do, and the number that agree.
func ransac(pairs []pair) (geom.Homography, int) {
	if len(pairs) < minInliers {
		return geom.Homography{}, 0
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return a.distance - b.distance })
	rng := rand.New(rand.NewPCG(uint64(len(pairs)), 77))
	var best geom.Homography
	bestN := 0
	for round := range ransacRounds {
		if round == ransacRounds/4 && bestN > len(pairs)/4 {
			break // found beyond doubt
		}
		// The best-looking pairs are drawn first (PROSAC; Chum and Matas 2005).
		pool := min(len(pairs), 12+round*2)
		a, b := pairs[rng.IntN(pool)], pairs[rng.IntN(pool)]
		if a.form.Sub(b.form).Norm() < 25 {
			continue
		}
		h, ok := geom.FitSimilarity2(a.form, b.form, a.scan, b.scan)
		if !ok || !plausible(h) {
			continue
		}
		if n := countInliers(h, pairs); n > bestN {
			best, bestN = h, n
		}
	}
	if bestN < minInliers {
		return best, bestN
	}
	return refine(best, pairs)
}

// plausible bounds a similarity from form mm to predicted scan mm: 12 % of scale, 4 degrees.
func plausible(h geom.Homography) bool {
	s := math.Hypot(h[0], h[3])
	return s > 0.88 && s < 1.12 && math.Abs(math.Atan2(h[3], h[0])) < 4*math.Pi/180
}

func countInliers(h geom.Homography, pairs []pair) int {
	n := 0
	for _, p := range pairs {
		x := h[0]*p.form.X + h[1]*p.form.Y + h[2] - p.scan.X
		y := h[3]*p.form.X + h[4]*p.form.Y + h[5] - p.scan.Y
		if x*x+y*y < ransacToleranceMM*ransacToleranceMM {
			n++
		}
	}
	return n
}

// refine fits the pairs that agree, again and again while more come to agree: a sheet that is
// scaled differently along and across the feed agrees with a similarity only in one part,
// from which an affine map grows over the page.
func refine(h geom.Homography, pairs []pair) (geom.Homography, int) {
	n := 0
	for range 12 {
		var src, dst []geom.Point
		for _, p := range pairs {
			if h.Apply(p.form).Sub(p.scan).Norm() < ransacToleranceMM {
				src, dst = append(src, p.form), append(dst, p.scan)
			}
		}
		if len(src) <= n {
			break
		}
		n = len(src)
		fit := geom.FitSimilarity
		// An affine map needs points in both directions or it shears at will.
		if n >= 10 && geom.HullArea(src) > 40*40 {
			fit = geom.FitAffine
		}
		g, ok := fit(src, dst)
		if !ok {
			break
		}
		h = g
	}
	return h, n
}
