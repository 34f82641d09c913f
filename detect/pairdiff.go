package detect

import (
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Two form pages may differ by no more than their page number. Then the places where they
// differ are compared piece by piece: the scan's piece is correlated with what either page
// prints there.

const (
	diffMM       = 6.0 // side of a piece
	diffSearchMM = 0.8 // what registration may be off, locally
	maxDiffs     = 12
)

// pairDiff holds the pieces in which two form pages differ most.
type pairDiff struct{ at []geom.Point } // centres, mm

// diffOf returns the pieces for pages i < j, made once.
func (f *Form) diffOf(i, j int) *pairDiff {
	key := [2]int{min(i, j), max(i, j)}
	if d, ok := f.diffs.Load(key); ok {
		return d.(*pairDiff)
	}
	d, _ := f.diffs.LoadOrStore(key, findDiffs(&f.pages[key[0]], &f.pages[key[1]]))
	return d.(*pairDiff)
}

func findDiffs(a, b *formIndex) *pairDiff {
	const px = 4.0
	box := geom.Box{W: min(a.WidthMM, b.WidthMM), H: min(a.HeightMM, b.HeightMM)}
	pa, pb := a.Sample(box, px).Y, b.Sample(box, px).Y
	type cell struct {
		at    geom.Point
		total int
	}
	var cells []cell
	const n = int(diffMM * px / 2)
	for y := 0; y+n <= pa.H; y += n / 2 {
		for x := 0; x+n <= pa.W; x += n / 2 {
			if s := absDiff(pa, pb, x, y, n); s > 255*5 { // 5 full pixels of 0.06 mm2
				c := geom.Point{X: (float64(x) + float64(n)/2) / px, Y: (float64(y) + float64(n)/2) / px}
				cells = append(cells, cell{c, s})
			}
		}
	}
	slices.SortStableFunc(cells, func(p, q cell) int { return q.total - p.total })
	d := &pairDiff{}
	for _, c := range cells {
		far := !slices.ContainsFunc(d.at, func(p geom.Point) bool { return p.Sub(c.at).Norm() < diffMM*0.7 })
		if far && len(d.at) < maxDiffs {
			d.at = append(d.at, c.at)
		}
	}
	return d
}

func absDiff(a, b *raster.Plane, x0, y0, n int) int {
	s := 0
	for y := y0; y < y0+n; y++ {
		for x := x0; x < x0+n; x++ {
			d := int(a.Pix[y*a.Stride+x]) - int(b.Pix[y*b.Stride+x])
			if d > 60 || d < -60 {
				s += max(d, -d)
			}
		}
	}
	return s
}

// compare returns the mean difference of correlation, page a minus page b, over the pieces
// in which they differ; decided is false if no piece could be compared.
func (f *Form) compare(v raster.View, a, b int) (margin float64, decided bool) {
	var diffs []float64
	for _, c := range f.diffOf(a, b).at {
		box := geom.Box{X: c.X - diffMM/2, Y: c.Y - diffMM/2, W: diffMM, H: diffMM}
		if insideShare(v, box) < 1 {
			continue
		}
		scan := v.Sample(box.Inset(-diffSearchMM), anchorPxPerMM).Y
		ca, oka := pieceNCC(f.pages[a].FormPage, box, scan)
		cb, okb := pieceNCC(f.pages[b].FormPage, box, scan)
		if oka || okb {
			diffs = append(diffs, ca-cb)
		}
	}
	if len(diffs) == 0 {
		return 0, false
	}
	slices.Sort(diffs)
	return diffs[len(diffs)/2], true
}

// pieceNCC correlates what the page prints in the box with the scan around it; a page that
// prints nothing there correlates with nothing.
func pieceNCC(p raster.FormPage, box geom.Box, scan *raster.Plane) (ncc float64, ok bool) {
	plane := p.Sample(box, anchorPxPerMM).Y
	t, ok := normalised(plane)
	if !ok {
		return 0, false
	}
	_, _, ncc = searchNCC(t, plane.W, scan)
	return max(ncc, 0), true
}
