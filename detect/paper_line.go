package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Dirt on the glass draws a line along the feed over the whole page, and a fold one
// across it. Neither is a stroke, yet through a box both look like one. They are told from
// strokes, and from printed lines, by what only a whole page shows: they go on, dead
// straight, where nobody writes that straight and the form prints nothing.

// paperLine is a straight line over the page, in stored pixels: the places p with
// |p.N - At| <= Half whose distance along it lies between From and To.
type paperLine struct {
	n        geom.Point // unit normal
	at, half float64
	from, to float64
}

const (
	lineBands   = 32   // the page is cut into so many bands across the line
	bandSamples = 8    // pixel rows looked at in a band; the brightest is the paper there
	linePxPerMM = 12.0 // density of looking across a line
)

// bandProfile holds, for each band, the brightest of a band's samples at each position
// across: the paper's tone, whatever is written or printed on a part of the band.
type bandProfile struct {
	tone   [lineBands][]uint8
	step   int  // stored pixels from one position to the next
	column bool // positions are columns of the page, bands lie below one another
}

func newBandProfile(y *raster.Plane, column bool, pxPerMM float64) *bandProfile {
	b := &bandProfile{step: max(1, int(pxPerMM/linePxPerMM+0.3)), column: column}
	across, along := y.W, y.H
	if !column {
		across, along = along, across
	}
	n := across / b.step
	for i := range b.tone {
		b.tone[i] = make([]uint8, n)
	}
	at := func(k int) int { return (2*k + 1) * along / (2 * lineBands * bandSamples) }
	if !column {
		b.rows(y, at)
		return b
	}
	for k := range lineBands * bandSamples {
		row, m := y.Row(at(k)), b.tone[k/bandSamples]
		if b.step == 1 {
			for i, v := range row[:len(m)] {
				m[i] = uint8(max(int(m[i]), int(v))) // of whole ints: without a branch
			}
			continue
		}
		for i := range m {
			m[i] = max(m[i], row[i*b.step])
		}
	}
	return b
}

// rows fills in the profile of bands that lie side by side.
func (b *bandProfile) rows(y *raster.Plane, at func(int) int) {
	var xs [lineBands][bandSamples]int
	for k := range lineBands * bandSamples {
		xs[k/bandSamples][k%bandSamples] = at(k)
	}
	for i := range b.tone[0] {
		row := y.Row(i * b.step)
		for k := range xs {
			m := 0
			for _, x := range &xs[k] {
				m = max(m, int(row[x]))
			}
			b.tone[k][i] = uint8(m)
		}
	}
}

// hollow is where a band's paper is darker than on both sides.
type hollow struct {
	known, dark []uint32 // a bit for each band, by position
	depth       []float32
}

// lineReach are the distances in mm at which a line's two sides are looked at: the
// narrow one for streaks of a few pixels, the wide one for smears up to 2 mm.
var lineReach = [2]float64{0.5, 1.4}

// hollows compares each position with both its sides. noise keeps the paper's own grain
// out: a line must be darker than six levels and two and a half times the grain, which is
// a quarter of what is taken for ink (TestStreakThroughAnEmptyBox objects to more).
func (b *bandProfile) hollows(tone uint8, pxPerMM float64) hollow {
	n := len(b.tone[0])
	h := hollow{make([]uint32, n), make([]uint32, n), make([]float32, n)}
	paper := int(0.6 * float64(tone))
	for k := range b.tone {
		m, bit := b.tone[k], uint32(1)<<k
		r0 := int(math.Round(lineReach[0] * pxPerMM / float64(b.step)))
		r1 := int(math.Round(lineReach[1] * pxPerMM / float64(b.step)))
		limit := int(math.Min(60, math.Max(6, 2.5*grain(m, r0))))
		mid, known, dark, depth := m[r1:n-r1], h.known[r1:n-r1], h.dark[r1:n-r1], h.depth[r1:n-r1]
		near0, near1 := m[r1-r0:][:len(mid)], m[r1+r0:][:len(mid)]
		far0, far1 := m[:len(mid)], m[2*r1:][:len(mid)]
		for i, v := range mid {
			side := max(min(int(near0[i]), int(near1[i])), min(int(far0[i]), int(far1[i])))
			if side < paper {
				continue
			}
			known[i] |= bit
			if side-int(v) > limit {
				dark[i] |= bit
				depth[i] += float32(side - int(v))
			}
		}
	}
	return h
}

// grain is the mean difference between places r apart, large ones cut.
func grain(m []uint8, r int) float64 {
	sum := 0
	n := 0
	for i := r; i < len(m); i += 5 {
		d := int(m[i]) - int(m[i-r])
		sum += min(max(d, -d), 16)
		n++
	}
	return float64(sum) / float64(max(n, 1))
}

// over returns the line's pixels on a patch, or nil: a mask of w x h. toPix maps pixels
// of the patch to stored ones.
func (l paperLine) over(toPix geom.Homography, w, h int) (mask []bool, steep bool) {
	near := false
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, c := range [4]geom.Point{{}, {X: float64(w)}, {Y: float64(h)}, {X: float64(w), Y: float64(h)}} {
		d, along := l.from0(toPix.Apply(c))
		lo, hi = math.Min(lo, d), math.Max(hi, d)
		near = near || along >= l.from && along <= l.to
	}
	if lo > l.half || hi < -l.half || !near {
		return nil, false
	}
	mask = make([]bool, w*h)
	for y := range h {
		for x := range w {
			d, along := l.from0(toPix.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}))
			mask[y*w+x] = math.Abs(d) <= l.half && along >= l.from && along <= l.to
		}
	}
	o := toPix.Apply(geom.Point{})
	dx, _ := l.from0(toPix.Apply(geom.Point{X: 1}))
	dy, _ := l.from0(toPix.Apply(geom.Point{Y: 1}))
	d0, _ := l.from0(o)
	return mask, math.Abs(dx-d0) > math.Abs(dy-d0)
}

// from0 is a place's distance from the line and its distance along it.
func (l paperLine) from0(p geom.Point) (across, along float64) {
	return p.X*l.n.X + p.Y*l.n.Y - l.at, math.Abs(p.Y*l.n.X) + math.Abs(p.X*l.n.Y)
}

// mend replaces the ink under a line by what lies to both sides of it, so that an empty
// box is empty and a stroke goes on. steep lines are crossed along rows.
func (p *inkPatch) mend(mask []bool, steep bool) {
	if mask == nil {
		return
	}
	p.mended += p.shareOf(mask)
	n, l, across, along := p.h, p.w, p.w, 1
	if !steep {
		n, l, across, along = p.w, p.h, 1, p.w
	}
	for k := range n {
		o := k * across
		for j := 0; j < l; j++ {
			if !mask[o+j*along] {
				continue
			}
			e := j
			for e < l && mask[o+e*along] {
				e++
			}
			p.bridge(o+(j-1)*along, along, e-j, j > 0, e < l)
			j = e
		}
	}
}

// shareOf is the share of the box that a mask covers.
func (p *inkPatch) shareOf(mask []bool) float64 {
	x0, y0, x1, y1 := p.window(p.box)
	n := 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if mask[y*p.w+x] {
				n++
			}
		}
	}
	return float64(n) / float64(max((x1-x0)*(y1-y0), 1))
}

// bridge draws a straight slope of ink over n pixels after i, between the ink at i and
// that behind them; where a side is not there or is print, the other one counts.
func (p *inkPatch) bridge(i, step, n int, hasA, hasB bool) {
	var a, b float32
	hasA = hasA && p.free[i]
	hasB = hasB && p.free[i+(n+1)*step]
	if hasA {
		a = p.ink[i]
	}
	if hasB {
		b = p.ink[i+(n+1)*step]
	}
	switch {
	case !hasA:
		a = b
	case !hasB:
		b = a
	}
	for k := 1; k <= n; k++ {
		if q := i + k*step; p.free[q] {
			t := float32(k) / float32(n+1)
			p.ink[q] = a + float32(t*(b-a))
		}
	}
}
