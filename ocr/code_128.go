package ocr

import (
	"cmp"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Reading Code 128 at any angle: cells whose gradients all point one way are
// gathered to areas of parallel bars; across each area grey profiles are averaged
// along the bars, in bands, cut at local thresholds, and given to gozxing's row
// decoder, which demands start, stop, quiet zones and the check character. The
// check character lets one in a hundred damaged codes through, so bands that do not
// overlap must say the same and none may say anything else.

// bars is an area of parallel bars: centre and half extents (pix) along the reading
// direction u and along the bars (u turned by a quarter).
type bars struct {
	mid, u         geom.Point
	halfLen, halfH float64
}

func (b bars) at(along, up float64) geom.Point {
	return b.mid.Add(b.u.Scale(along)).Add(geom.Point{X: -b.u.Y, Y: b.u.X}.Scale(up))
}

// barCell is the side of a cell in pix. It holds at least three bars of 0.25 mm at
// 10 pix a mm; smaller cells see bars in letters.
const barCell = 16

// findCode128 returns the Code 128 symbols of a plane.
func findCode128(p *raster.Plane) []codeHit {
	var hits []codeHit
	for _, b := range findBars(p) {
		if h, ok := readBars(p, b); ok {
			if !slices.ContainsFunc(hits, func(o codeHit) bool { return insideQuad(o.grownQuad(2), h.center()) }) {
				hits = append(hits, h)
			}
		}
	}
	return hits
}

// barFlow is the mean gradient direction of a cell, in degrees of [0, 180); ok if
// the cell has strong gradients and they agree.
func barFlow(p *raster.Plane, x0, y0 int) (deg float64, ok bool) {
	var xx, yy, xy float64
	for y := y0; y < min(y0+barCell, p.H-1); y++ {
		a, b := p.Pix[y*p.Stride:], p.Pix[(y+1)*p.Stride:]
		for x := x0; x < min(x0+barCell, p.W-1); x++ {
			d1, d2 := int(b[x+1])-int(a[x]), int(a[x+1])-int(b[x])
			gx, gy := float64(d1+d2)/2, float64(d1-d2)/2
			xx, yy, xy = xx+gx*gx, yy+gy*gy, xy+gx*gy
		}
	}
	const energy = barCell * barCell * 60 // a mean gradient of 8 grey levels
	if xx+yy < energy || math.Hypot(xx-yy, 2*xy) < 0.6*(xx+yy) {
		return 0, false
	}
	deg = 0.5 * math.Atan2(2*xy, xx-yy) * 180 / math.Pi
	return math.Mod(deg+180, 180), true
}

// findBars gathers cells of one direction to areas, the largest first.
func findBars(p *raster.Plane) []bars {
	cols, rows := p.W/barCell, p.H/barCell
	flow := make([]float64, cols*rows)
	var hist [36]int
	for i := range flow {
		flow[i] = -1
		if d, ok := barFlow(p, i%cols*barCell, i/cols*barCell); ok {
			flow[i] = d
			hist[int(d/5)%36]++
		}
	}
	var areas []bars
	for peak := range 36 {
		n := hist[peak] + hist[(peak+1)%36] + hist[(peak+35)%36]
		if n < 4 || hist[peak] == 0 || hist[peak] < hist[(peak+1)%36] || hist[peak] < hist[(peak+35)%36] {
			continue
		}
		areas = append(areas, barAreas(flow, cols, rows, float64(peak)*5+2.5)...)
	}
	slices.SortStableFunc(areas, func(a, b bars) int { return cmp.Compare(b.halfLen*b.halfH, a.halfLen*a.halfH) })
	return areas[:min(len(areas), 6)]
}

// barAreas returns the connected areas of cells whose direction is within 10
// degrees of deg.
func barAreas(flow []float64, cols, rows int, deg float64) []bars {
	mask := raster.NewPlane(cols, rows)
	for i, d := range flow {
		if d >= 0 && math.Abs(turn180(d-deg)) < 10 {
			mask.Pix[i] = 1
		}
	}
	labels, comps := components(mask)
	var areas []bars
	for _, c := range comps {
		if c.n < 4 {
			continue
		}
		sum := 0.0
		for i, l := range labels {
			if int(l) == c.label {
				sum += turn180(flow[i] - deg)
			}
		}
		if b := barExtent(labels, cols, c, deg+sum/float64(c.n)); b.halfLen > 2*barCell {
			areas = append(areas, b)
		}
	}
	return areas
}

// turn180 brings a difference of line directions into [-90, 90).
func turn180(d float64) float64 { return math.Mod(d+270, 180) - 90 }

func barExtent(labels []int32, cols int, c component, deg float64) bars {
	sin, cos := math.Sincos(deg * math.Pi / 180)
	u := geom.Point{X: cos, Y: sin}
	n := geom.Point{X: -sin, Y: cos}
	l0, l1, h0, h1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for i, l := range labels {
		if int(l) != c.label {
			continue
		}
		q := geom.Point{X: (float64(i%cols) + 0.5) * barCell, Y: (float64(i/cols) + 0.5) * barCell}
		l0, l1 = math.Min(l0, inner(q, u)), math.Max(l1, inner(q, u))
		h0, h1 = math.Min(h0, inner(q, n)), math.Max(h1, inner(q, n))
	}
	mid := u.Scale((l0 + l1) / 2).Add(n.Scale((h0 + h1) / 2))
	return bars{mid, u, (l1-l0)/2 + barCell, (h1-h0)/2 + barCell/2}
}

// Bands across the height of the bars, as shares of the half height: narrow ones
// see around a stroke, the two halves average noise away.
var barBands = []struct{ from, to float64 }{
	{-0.1, 0.1}, {-0.4, -0.2}, {0.2, 0.4}, {-0.65, -0.45}, {0.45, 0.65}, {-0.9, -0.7}, {0.7, 0.9}, {-0.75, -0.02}, {0.02, 0.75},
}

// profileStep is the distance of profile samples in pix: edges of bars 2 pix wide
// are placed to an eighth of their width.
const profileStep = 0.25

// readBars decodes the bands and lets them vote.
func readBars(p *raster.Plane, b bars) (codeHit, bool) {
	type vote struct {
		hit   codeHit
		bands []int
	}
	votes := map[string]*vote{}
	for i, band := range barBands {
		prof := b.profile(p, band.from, band.to)
		for _, r := range decodeProfile(prof) {
			v := votes[r.text]
			if v == nil {
				v = &vote{hit: b.hit(p, r, (band.from+band.to)/2)}
				votes[r.text] = v
			}
			v.bands = append(v.bands, i)
		}
	}
	if len(votes) != 1 {
		return codeHit{}, false
	}
	for _, v := range votes {
		if apart(v.bands) && v.hit.text != "" {
			return v.hit, true
		}
	}
	return codeHit{}, false
}

// apart reports whether two of the bands do not overlap.
func apart(bands []int) bool {
	for _, i := range bands {
		for _, j := range bands {
			if barBands[i].to <= barBands[j].from {
				return true
			}
		}
	}
	return false
}

// code128Doubt is the doubt of a code whose check character, one of 103, was right;
// that several bands agree says less than it seems, a stroke along the bars is in all.
const code128Doubt = -2

// barMargin widens the profile beyond the area found, as a share of its half
// length, for the quiet zones and for cells lost at the ends.
const barMargin = 0.3

// profile samples grey across the bars, averaged over a band of their height.
func (b bars) profile(p *raster.Plane, from, to float64) []float64 {
	half := b.halfLen * (1 + barMargin)
	prof := make([]float64, int(2*half/profileStep))
	lines := max(int((to-from)*b.halfH), 1)
	for k := range lines {
		up := b.halfH * (from + (to-from)*(float64(k)+0.5)/float64(lines))
		q, d := b.at(-half+profileStep/2, up), b.u.Scale(profileStep)
		for i := range prof {
			g := 255.0 // beyond the plane
			if inPlane(p, q) {
				g = float64(lumaAt(p, q)) / 256
			}
			prof[i] += g / float64(lines)
			q = q.Add(d)
		}
	}
	return prof
}

// rowText is a decoded profile: from and to are sample positions, from > to if it
// was read backwards.
type rowText struct {
	text     string
	from, to float64
}

// decodeProfile decodes a profile by several thresholds; every distinct text counts
// once.
func decodeProfile(prof []float64) []rowText {
	var found []rowText
	for _, bits := range [][]bool{
		belowLocal(prof, len(prof)/24), belowLocal(prof, len(prof)/50), belowLocal(sharpRow(prof), len(prof)/24), belowMean(prof),
	} {
		r, ok := decodeRow(bits)
		if ok && !slices.ContainsFunc(found, func(o rowText) bool { return o.text == r.text }) {
			found = append(found, r)
		}
	}
	return found
}

// belowLocal marks samples darker than the middle of the extremes within r samples,
// where these differ enough to hold a bar.
func belowLocal(prof []float64, r int) []bool {
	lo, hi := slidingExtremes(prof, r)
	least := 0.15 * (slices.Max(prof) - slices.Min(prof))
	bits := make([]bool, len(prof))
	for i, v := range prof {
		bits[i] = v < (lo[i]+hi[i])/2 && hi[i]-lo[i] > least
	}
	return bits
}

// slidingExtremes returns the least and the greatest value within r samples of each
// sample, by blocks of 2r+1 scanned from both ends (van Herk 1992; Gil, Werman 1993).
func slidingExtremes(v []float64, r int) (lo, hi []float64) {
	return sliding(v, r, func(a, b float64) float64 { return min(a, b) }), sliding(v, r, func(a, b float64) float64 { return max(a, b) })
}

func sliding(v []float64, r int, pick func(a, b float64) float64) []float64 {
	n, k := len(v), 2*r+1
	fore, back, out := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range v {
		fore[i], back[n-1-i] = v[i], v[n-1-i]
		if i%k != 0 {
			fore[i] = pick(fore[i-1], v[i])
		}
		if j := n - 1 - i; j < n-1 && (j+1)%k != 0 {
			back[j] = pick(back[j+1], v[j])
		}
	}
	for i := range out {
		a, b := max(i-r, 0), min(i+r, n-1)
		out[i] = pick(back[a], fore[b])
		if i-r < 0 { // the window starts before the first block
			out[i] = pick(fore[b], back[0])
			if b < k {
				out[i] = fore[b]
			}
		}
		if i+r > n-1 && a/k == b/k {
			out[i] = back[a]
		}
	}
	return out
}

func belowMean(prof []float64) []bool {
	level := (slices.Max(prof) + slices.Min(prof)) / 2
	bits := make([]bool, len(prof))
	for i, v := range prof {
		bits[i] = v < level
	}
	return bits
}

// sharpRow takes back blur of about a pixel.
func sharpRow(prof []float64) []float64 {
	const d = int(1.5 / profileStep)
	out := make([]float64, len(prof))
	for i, v := range prof {
		around := (prof[max(i-d, 0)] + prof[min(i+d, len(prof)-1)]) / 2
		out[i] = v + 0.7*(v-around)
	}
	return out
}

var code128 = func() oned.RowDecoder {
	d, _ := oned.NewCode128Reader().(oned.RowDecoder) // decodeRow's tests fail where it is none
	return d
}()

// decodeRow decodes a row forwards, then backwards.
func decodeRow(bits []bool) (rowText, bool) {
	row := gozxing.NewBitArray(len(bits))
	for i, b := range bits {
		if b {
			row.Set(i)
		}
	}
	for _, back := range []bool{false, true} {
		if back {
			row.Reverse()
		}
		res, err := code128.DecodeRow(0, row, nil)
		if err != nil {
			continue
		}
		from, to := res.GetResultPoints()[0].GetX(), res.GetResultPoints()[1].GetX()
		if back {
			from, to = float64(len(bits))-from, float64(len(bits))-to
		}
		return rowText{latin1(res.GetText()), from, to}, true
	}
	return rowText{}, false
}

// hit places what was decoded at a height (share of the half height) in the plane.
func (b bars) hit(p *raster.Plane, r rowText, height float64) codeHit {
	half := b.halfLen * (1 + barMargin)
	from, to := r.from*profileStep-half, r.to*profileStep-half
	end := math.Copysign(b.halfLen*0.06, to-from) // the points are in the middle of start and stop
	from, to = from-end, to+end
	top, bottom := b.reach(p, height, -1), b.reach(p, height, 1)
	if from > to {
		top, bottom = bottom, top
	}
	return codeHit{text: r.text, symbology: symCode128, doubt: code128Doubt,
		quad: [4]geom.Point{b.at(from, top), b.at(to, top), b.at(to, bottom), b.at(from, bottom)}}
}

// reach follows the bars from a height to one side (-1 or 1) until rows no longer
// look like the one there, and returns where that is in pix: cells are too coarse
// to keep off a number printed close to the bars.
func (b bars) reach(p *raster.Plane, height, side float64) float64 {
	mid := b.profile(p, height-0.05, height+0.05)
	far := 0.0
	for up := 1.0; up < 2.5*b.halfH; up++ {
		at := height + side*up/b.halfH
		if correlation(mid, b.profile(p, at, at)) > 0.6 {
			far = up
		} else if up-far > 4 { // longer than a stroke across the bars is wide
			break
		}
	}
	return height*b.halfH + side*far
}

// correlation is Pearson's, in [-1, 1]; 0 for a constant row.
func correlation(a, b []float64) float64 {
	var sa, sb, saa, sbb, sab float64
	for i := range a {
		sa, sb = sa+a[i], sb+b[i]
		saa, sbb, sab = saa+a[i]*a[i], sbb+b[i]*b[i], sab+a[i]*b[i]
	}
	n := float64(len(a))
	va, vb := saa-sa*sa/n, sbb-sb*sb/n
	if va <= 0 || vb <= 0 {
		return 0
	}
	return (sab - sa*sb/n) / math.Sqrt(va*vb)
}
