package ocr

import (
	"cmp"
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Finding QR codes at any angle and in perspective, several in one plane:
//
//	finders   squares in squares: rows and columns through their middle are dark,
//	          light, dark, light, dark by 1:1:3:1:1 at any angle
//	corners   three of them that make a right angle
//	grid      the version whose fixed modules fit best (code_qr_grid.go)
//	decode    (code_qr.go)

// finder is a candidate for a finder pattern: its middle in pix and the length of a
// level line through it, seven modules of an upright code.
type finder struct {
	at    geom.Point
	width float64
	rows  int // how many rows saw it
}

// qrWindow is half the window in pix in which ink is told from paper: at 7 pix a mm
// a finder pattern of 0.35 to 1.2 mm modules is neither lost in it nor does it fill it.
const qrWindow = 24

// findFinders returns the finder patterns of a plane, those seen by most rows first.
func findFinders(p *raster.Plane) []finder {
	lo, hi := quantiles(p, 0.02, 0.9)
	if hi-lo < 15 {
		return nil
	}
	masks := []*raster.Plane{darkMask(p, qrWindow, max(2, (hi-lo)/16)), below(p, uint8((lo+hi)/2)), below(p, uint8(lo+int(penShare*float64(hi-lo))))}
	var all []finder
	for _, mask := range masks {
		for y := range mask.H {
			all = findersOfRow(mask, y, all)
		}
	}
	slices.SortStableFunc(all, func(a, b finder) int { return cmp.Compare(b.rows, a.rows) })
	return all[:min(len(all), maxFinders)]
}

// maxFinders bounds the finder patterns combined: three of them are a code.
const maxFinders = 16

// below marks pixels darker than a level.
func below(p *raster.Plane, level uint8) *raster.Plane {
	d := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		for x, v := range p.Pix[y*p.Stride : y*p.Stride+p.W] {
			if v < level {
				d.Pix[y*p.W+x] = 1
			}
		}
	}
	return d
}

// findersOfRow adds the finder patterns crossed by row y of a mask to those known.
func findersOfRow(mask *raster.Plane, y int, known []finder) []finder {
	row := mask.Pix[y*mask.W : (y+1)*mask.W]
	var runs [5]int
	for x := 0; x < len(row); {
		from, ink := x, row[x]
		for x < len(row) && row[x] == ink {
			x++
		}
		copy(runs[:], runs[1:])
		runs[4] = x - from
		if ink == 0 || runs[0] == 0 || !finderRuns(runs) {
			continue
		}
		mid := float64(x-runs[4]-runs[3]) - float64(runs[2])/2
		if f, ok := crossChecked(mask, mid, y, float64(runs[0]+runs[1]+runs[2]+runs[3]+runs[4])); ok {
			known = addFinder(known, f)
		}
	}
	return known
}

// finderRuns reports whether five runs are as 1:1:3:1:1, each within 0.75 modules
// (the middle one 1.4) and half a pixel.
func finderRuns(r [5]int) bool {
	total := r[0] + r[1] + r[2] + r[3] + r[4]
	if total < 7 {
		return false
	}
	m := float64(total) / 7
	for i, n := range r {
		want, slack := m, 0.65*m+0.5
		if i == 2 {
			want, slack = 3*m, 1.2*m+0.5
		}
		if math.Abs(float64(n)-want) > slack {
			return false
		}
	}
	return true
}

// crossChecked follows the column through the middle of a row's finder pattern, then
// the row through the column's middle.
func crossChecked(mask *raster.Plane, x float64, y int, width float64) (finder, bool) {
	cy, h, ok := runsThrough(mask, int(x), y, 0, 1, width)
	if !ok {
		return finder{}, false
	}
	cx, w, ok := runsThrough(mask, int(x), int(cy), 1, 0, width)
	if !ok || h > 1.8*w || w > 1.8*h {
		return finder{}, false
	}
	return finder{at: geom.Point{X: cx, Y: cy}, width: math.Sqrt(w * h), rows: 1}, true
}

// runsThrough measures the five runs through (x, y) along an axis and returns their
// middle on it and their length.
func runsThrough(mask *raster.Plane, x, y, dx, dy int, width float64) (mid, length float64, ok bool) {
	at := func(k int) int {
		qx, qy := x+k*dx, y+k*dy
		if qx < 0 || qy < 0 || qx >= mask.W || qy >= mask.H {
			return -1
		}
		return int(mask.Pix[qy*mask.W+qx])
	}
	if at(0) != 1 {
		return 0, 0, false
	}
	limit := int(1.5*width) + 2
	var runs [5]int
	ends := [2]int{}
	for side, step := range [2]int{-1, 1} {
		k := step
		for i, ink := range [3]int{1, 0, 1} {
			for at(k) == ink && k*step <= limit {
				runs[2+step*i]++
				k += step
			}
			if runs[2+step*i] == 0 && i > 0 {
				return 0, 0, false
			}
		}
		ends[side] = k
	}
	runs[2]++
	if !finderRuns(runs) {
		return 0, 0, false
	}
	inner0, inner1 := ends[0]+1+runs[0]+runs[1], ends[1]-runs[4]-runs[3]
	base := float64(x*dx + y*dy)
	return base + float64(inner0+inner1)/2, float64(ends[1] - ends[0] - 1), true
}

// addFinder merges a finder pattern with the one known at its place.
func addFinder(known []finder, f finder) []finder {
	for i, k := range known {
		if k.at.Sub(f.at).Norm() < 0.25*k.width && f.width < 1.5*k.width && k.width < 1.5*f.width {
			n := float64(k.rows)
			k.at = k.at.Scale(n).Add(f.at).Scale(1 / (n + 1))
			k.width = (n*k.width + f.width) / (n + 1)
			k.rows++
			known[i] = k
			return known
		}
	}
	return append(known, f)
}

// qrCorner is three finder patterns that can be a code's: top-left, top-right and
// bottom-left, with the mean length of a module along each leg.
type qrCorner struct {
	tl, tr, bl       geom.Point
	moduleX, moduleY float64
	odd              float64 // how far from a right angle with equal legs and modules
}

// qrCorners returns the triples of finder patterns that can be a code's, the most
// regular first.
func qrCorners(f []finder) []qrCorner {
	var list []qrCorner
	for i := range f {
		for j := range f {
			for k := range f {
				if i == j || i == k || j == k {
					continue
				}
				if c, ok := cornerOf(f[i], f[j], f[k]); ok {
					list = append(list, c)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b qrCorner) int { return cmp.Compare(a.odd, b.odd) })
	return list[:min(len(list), maxQRCorners)]
}

// maxQRCorners bounds the triples examined, half a millisecond each at worst.
const maxQRCorners = 24

func cornerOf(tl, tr, bl finder) (qrCorner, bool) {
	x, y := tr.at.Sub(tl.at), bl.at.Sub(tl.at)
	lx, ly := x.Norm(), y.Norm()
	if lx == 0 || ly == 0 {
		return qrCorner{}, false
	}
	sin, cos := cross(x, y)/(lx*ly), inner(x, y)/(lx*ly)
	widths := math.Max(tl.width, math.Max(tr.width, bl.width)) / math.Min(tl.width, math.Min(tr.width, bl.width))
	legs := math.Max(lx, ly) / math.Min(lx, ly)
	if sin < 0.7 || math.Abs(cos) > 0.6 || widths > 2 || legs > 1.8 {
		return qrCorner{}, false
	}
	c := qrCorner{tl: tl.at, tr: tr.at, bl: bl.at, odd: math.Abs(cos) + (widths - 1) + (legs - 1)}
	c.moduleX = (tl.width + tr.width) / 14 * levelShare(x.Scale(1/lx))
	c.moduleY = (tl.width + bl.width) / 14 * levelShare(y.Scale(1/ly))
	return c, lx > 10*c.moduleX && ly > 10*c.moduleY
}

// levelShare is the side of a square over the length of the level line through its
// middle, for a square whose sides lie along a unit vector.
func levelShare(u geom.Point) float64 { return math.Max(math.Abs(u.X), math.Abs(u.Y)) }

// versions returns the versions of QR codes that the distances of a corner allow, the
// likeliest first.
func (c qrCorner) versions() []int {
	dim := (c.tr.Sub(c.tl).Norm()/c.moduleX+c.bl.Sub(c.tl).Norm()/c.moduleY)/2 + 7
	v := (dim - 17) / 4
	reach := 1 + 0.12*v
	var list []int
	for n := 1; n <= 40; n++ {
		if math.Abs(float64(n)-v) <= reach {
			list = append(list, n)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Compare(math.Abs(float64(a)-v), math.Abs(float64(b)-v))
	})
	return list
}
