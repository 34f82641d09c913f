package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Anchors are small pieces of print, spread over the form page, that are looked up in
// the scan one by one by normalised cross-correlation, to a fraction of a pixel. They
// make the coarse transform fine, and how many of them are where they must be is the
// proof that the page is the one it is taken for.

const (
	anchorPxPerMM = 6.0 // 150 dpi: the least resolution promised
	anchorMM      = 7.0 // side of the piece: a short word, or a corner of a frame
	anchorPx      = int(anchorMM * anchorPxPerMM)
	anchorsWanted = 56
	// anchorNCC is the least correlation of a verified anchor. Clean scans give 0.8 to
	// 0.97, 150 dpi and handwriting across the piece 0.55 to 0.8; unrelated text of the
	// same size gives up to 0.5 at its best place.
	anchorNCC = 0.55
)

// anchor is one piece of a form page.
type anchor struct {
	center geom.Point // mm
	pix    []float32  // anchorPx x anchorPx, zero mean, unit norm
}

// found is an anchor as seen in the scan.
type found struct {
	form    geom.Point // mm on the form
	pix     geom.Point // pix of the page where it was found
	ncc     float64
	visible bool
}

// pickAnchors chooses keypoints evenly: the strongest of each cell of the page, in rounds.
// Repeated print (squared paper, rows of boxes) fits itself after a shift and proves
// nothing: it is taken only where there is too little else.
func pickAnchors(view raster.View, kps []geom.Point, repeated []bool, w, h float64) []anchor {
	const cell = 24.0
	taken := map[[2]int]int{}
	var out []anchor
	for round := 1; round <= 6 && len(out) < anchorsWanted; round++ {
		const plainRounds = 4
		if round > plainRounds && len(out) >= 2*minAnchors {
			break
		}
		for i, p := range kps {
			c := [2]int{int(p.X / cell), int(p.Y / cell)}
			if taken[c] >= (round-1)%plainRounds+1 || len(out) >= anchorsWanted || tooClose(p, out) || repeated[i] && round <= plainRounds {
				continue
			}
			b := geom.Box{X: p.X - anchorMM/2, Y: p.Y - anchorMM/2, W: anchorMM, H: anchorMM}
			if b.X < 0 || b.Y < 0 || b.X+b.W > w || b.Y+b.H > h {
				continue
			}
			if pix, ok := normalised(view.Sample(b, anchorPxPerMM).Y); ok {
				taken[c]++
				out = append(out, anchor{p, pix})
			}
		}
	}
	return out
}

// findRepeated marks the keypoints that have a look-alike 1.5 to 13 mm away: the pitch of
// squared paper and of rows of boxes lies between.
func findRepeated(points []geom.Point, desc []descriptor) []bool {
	const near, far, alike = 1.5, 13.0, 26
	out := make([]bool, len(points))
	for i := range points {
		for j := range i {
			if d := points[i].Sub(points[j]); d.Norm() < far && d.Norm() > near && desc[i].distance(&desc[j]) <= alike {
				out[i], out[j] = true, true
			}
		}
	}
	return out
}

func tooClose(p geom.Point, as []anchor) bool {
	for _, a := range as {
		if a.center.Sub(p).Norm() < anchorMM*0.6 {
			return true
		}
	}
	return false
}

// normalised returns the plane with zero mean and unit norm; ok is false if it is flat.
func normalised(p *raster.Plane) ([]float32, bool) {
	n := p.W * p.H
	sum, sq := 0.0, 0.0
	for _, v := range p.Pix[:n] {
		sum += float64(v)
		sq += float64(v) * float64(v)
	}
	mean := sum / float64(n)
	norm := math.Sqrt(sq - sum*mean)
	if norm < 4*math.Sqrt(float64(n)) { // standard deviation below 4 grey levels
		return nil, false
	}
	out := make([]float32, n)
	for i, v := range p.Pix[:n] {
		out[i] = float32((float64(v) - mean) / norm)
	}
	return out, true
}

// locate searches the anchor within reach mm of where mmToPix puts it.
func (a *anchor) locate(v raster.View, reach float64) found {
	half := anchorMM/2 + reach
	box := geom.Box{X: a.center.X - half, Y: a.center.Y - half, W: 2 * half, H: 2 * half}
	f := found{form: a.center}
	if inside := insideShare(v, box); inside < 0.75 {
		return f
	}
	f.visible = true
	pt := v.Sample(box, anchorPxPerMM)
	dx, dy, ncc := searchNCC(a.pix, anchorPx, pt.Y)
	r := float64(pt.Y.W-anchorPx) / 2
	at := a.center.Add(geom.Point{X: (dx - r) / anchorPxPerMM, Y: (dy - r) / anchorPxPerMM})
	f.pix, f.ncc = v.MMToPix.Apply(at), ncc
	return f
}

// insideShare estimates the share of the box that lies on the page, from a 3x3 grid.
func insideShare(v raster.View, b geom.Box) float64 {
	n := 0
	w, h := float64(v.Page.W()), float64(v.Page.H())
	for i := range 9 {
		q := v.MMToPix.Apply(geom.Point{X: b.X + b.W*float64(i%3)/2, Y: b.Y + b.H*float64(i/3)/2})
		if q.X >= 0 && q.Y >= 0 && q.X <= w && q.Y <= h {
			n++
		}
	}
	return float64(n) / 9
}

// searchNCC slides the n x n template over the plane and returns the offset of the best
// correlation, refined by a parabola, and the correlation there: first every third
// offset on every second pixel, then the neighbourhood of the best on all pixels.
func searchNCC(t []float32, n int, p *raster.Plane) (x, y, ncc float64) {
	rx, ry := p.W-n, p.H-n
	bx, by, best := 0, 0, -2.0
	for oy := 0; oy <= ry; oy += 3 {
		for ox := 0; ox <= rx; ox += 3 {
			if c := nccAt(t, n, p, ox, oy, 2); c > best {
				bx, by, best = ox, oy, c
			}
		}
	}
	var score [5][5]float64
	cx, cy := bx, by
	best = -2
	for j := range 5 {
		for i := range 5 {
			ox, oy := cx+i-2, cy+j-2
			score[j][i] = -2
			if ox < 0 || oy < 0 || ox > rx || oy > ry {
				continue
			}
			score[j][i] = nccAt(t, n, p, ox, oy, 1)
			if score[j][i] > best {
				bx, by, best = ox, oy, score[j][i]
			}
		}
	}
	at := func(ox, oy int) float64 {
		if i, j := ox-cx+2, oy-cy+2; i >= 0 && i < 5 && j >= 0 && j < 5 {
			return score[j][i]
		}
		return -2
	}
	x = float64(bx) + parabola(at(bx-1, by), best, at(bx+1, by))
	y = float64(by) + parabola(at(bx, by-1), best, at(bx, by+1))
	return x, y, best
}

// parabola returns the offset of the vertex through three equidistant samples whose middle
// one is largest, in [-0.5, 0.5].
func parabola(l, m, r float64) float64 {
	if l < -1 || r < -1 {
		return 0
	}
	d := l - 2*m + r
	if d >= 0 {
		return 0
	}
	return min(max(0.5*(l-r)/d, -0.5), 0.5)
}

// nccAt correlates the normalised template with the window at (ox, oy), looking at every
// step-th pixel in both directions.
func nccAt(t []float32, n int, p *raster.Plane, ox, oy, step int) float64 {
	var sum, sq int
	var dot, tsum, tsq float32
	cnt := 0
	for y := 0; y < n; y += step {
		row := p.Pix[(oy+y)*p.Stride+ox:][:n]
		tr := t[y*n:][:n]
		for x := 0; x < n; x += step {
			v := int(row[x])
			sum += v
			sq += v * v
			dot += tr[x] * float32(v)
			if step > 1 {
				tsum += tr[x]
				tsq += tr[x] * tr[x]
			}
		}
		cnt += (n + step - 1) / step
	}
	c := float64(cnt)
	if step == 1 {
		tsq = 1
	}
	vv := float64(sq) - float64(sum)*float64(sum)/c
	tt := float64(tsq) - float64(tsum)*float64(tsum)/c
	if vv < 4*c || tt <= 0 { // a flat window correlates with nothing
		return 0
	}
	return (float64(dot) - float64(tsum)*float64(sum)/c) / math.Sqrt(vv*tt)
}
