package detect

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Two form pages may differ by no more than their page number. Then the places where they
// differ are compared piece by piece: the scan's piece is correlated with what either page
// prints there. Both pages are laid into one frame, each as its own registration to the
// scan says, so that form pages which are themselves scans, a little askew, differ only in
// what is printed.

const (
	diffPxPerMM  = 4.0
	diffMM       = 6.0 // side of a piece
	diffSearchMM = 0.8 // what registration may be off, locally
	diffEdgeMM   = 5.0 // the outermost strip, where scanned forms show their edge and shadow
	maxDiffs     = 40
	// diffLevel and diffPixels are what makes a piece: grey levels by which a pixel must differ,
	// and how many full pixels of 0.06 mm2 must. A digit that changes gives 8 and more.
	diffLevel  = 60
	diffPixels = 5
	// pieceNCCLeast is the least correlation that either page must reach for a piece to be
	// heard: where handwriting or a code covers both, neither does.
	pieceNCCLeast = 0.55
	// pieceDifference is the least difference that counts: pieces that differ on paper but not
	// in this scan say nothing.
	pieceDifference = 0.12
)

// diffOf returns the pieces in which pages i and j differ when laid on each other as they
// are, made once: centres in mm.
func (f *Form) diffOf(i, j int) []geom.Point {
	key := [2]int{min(i, j), max(i, j)}
	if known, ok := f.diffs.Load(key); ok {
		if points, ok := known.([]geom.Point); ok {
			return points
		}
	}
	a, b := &f.pages[key[0]], &f.pages[key[1]]
	points := findDiffs(a.View, b.View, min(a.WidthMM, b.WidthMM), min(a.HeightMM, b.HeightMM))
	f.diffs.Store(key, points)
	return points
}

// findDiffs returns the centres of the pieces of w x h mm in which two views differ most.
func findDiffs(a, b raster.View, w, h float64) []geom.Point {
	box := geom.Box{W: w, H: h}
	pa, pb := a.Sample(box, diffPxPerMM).Y, b.Sample(box, diffPxPerMM).Y
	type cell struct {
		at    geom.Point
		total int
	}
	var cells []cell
	const n, edge = int(diffMM * diffPxPerMM / 2), int(diffEdgeMM * diffPxPerMM)
	for y := edge; y+n+edge <= pa.H; y += n / 2 {
		for x := edge; x+n+edge <= pa.W; x += n / 2 {
			if s := absDiff(pa, pb, x, y, n); s > 255*diffPixels {
				c := geom.Point{X: float64(x) + float64(n)/2, Y: float64(y) + float64(n)/2}
				cells = append(cells, cell{c.Scale(1 / diffPxPerMM), s})
			}
		}
	}
	slices.SortStableFunc(cells, func(p, q cell) int { return q.total - p.total })
	var out []geom.Point
	for _, c := range cells {
		far := !slices.ContainsFunc(out, func(p geom.Point) bool { return p.Sub(c.at).Norm() < diffMM*0.7 })
		if far && len(out) < maxDiffs {
			out = append(out, c.at)
		}
	}
	return out
}

func absDiff(a, b *raster.Plane, x0, y0, n int) int {
	s := 0
	for y := y0; y < y0+n; y++ {
		for x := x0; x < x0+n; x++ {
			d := int(a.Pix[y*a.Stride+x]) - int(b.Pix[y*b.Stride+x])
			if d > diffLevel || d < -diffLevel {
				s += max(d, -d)
			}
		}
	}
	return s
}

// compare says by how much the scan correlates better with page a than with page b, both
// under one transform; decided is false if nothing tells them apart.
func (f *Form) compare(v raster.View, a, b int) (margin float64, decided bool) {
	return tellApart(f.diffOf(a, b), f.pages[a].View, f.pages[b].View, v)
}

// duel is compare for two pages that were both found in the scan, each under its own
// transform; 0 where nothing tells them apart.
func (f *Form) duel(va raster.View, a int, vb raster.View, b int) float64 {
	pixToB, ok := vb.MMToPix.Inverse()
	if !ok {
		return 0
	}
	viewB := f.pages[b].View
	viewB.MMToPix = viewB.MMToPix.Mul(pixToB).Mul(va.MMToPix)
	w, h := f.pages[a].WidthMM, f.pages[a].HeightMM
	m, _ := tellApart(findDiffs(f.pages[a].View, viewB, w, h), f.pages[a].View, viewB, va)
	return m
}

// tellApart returns the mean difference of correlation with the scan, view a minus view b,
// over the pieces that are heard, each weighted by its own difference: one digit that
// changed must not be outvoted by blur. All three views are in one frame.
func tellApart(pieces []geom.Point, a, b, scan raster.View) (margin float64, decided bool) {
	sum, weight := 0.0, 0.0
	for _, c := range pieces {
		box := geom.Box{X: c.X - diffMM/2, Y: c.Y - diffMM/2, W: diffMM, H: diffMM}
		if insideShare(scan, box) < 1 {
			continue
		}
		around := scan.Sample(box.Inset(-diffSearchMM), anchorPxPerMM).Y
		ca, cb := pieceNCC(a, box, around), pieceNCC(b, box, around)
		if w := math.Abs(ca - cb); w >= pieceDifference && max(ca, cb) >= pieceNCCLeast {
			sum += (ca - cb) * w
			weight += w
		}
	}
	if weight == 0 {
		return 0, false
	}
	return sum / weight, true
}

// pieceNCC correlates what is printed in the box with the scan around it; where nothing is
// printed it is 0.
func pieceNCC(v raster.View, box geom.Box, around *raster.Plane) float64 {
	plane := v.Sample(box, anchorPxPerMM).Y
	t, ok := normalised(plane)
	if !ok {
		return 0
	}
	_, _, ncc := searchNCC(t, plane.W, around)
	return max(ncc, 0)
}
