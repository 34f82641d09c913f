package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// The local fit answers "where is the box" after registration: the printed patch around
// the box is moved over the scan, and the place is taken where print is darkest against
// the unprinted band beside it. A full fill leaves the outer band to decide, a cross
// adds the same to all places; so no ink needs to be known beforehand.
const (
	fitPxPerMM = 5    // a 0.2 mm frame is one pixel, blurred by the sampling
	fitRingMM  = 0.8  // nearby print and paper that takes part
	nearSearch = 0.6  // mm; registration leaves about 0.4
	fullSearch = 1.2  // mm; feed stretch. Half the gap to a neighbour would allow more
	goodFrame  = 0.55 // frame contrast below which the full search is tried
)

// frameFit is where the box's own frame was found.
type frameFit struct {
	Shift    geom.Point // mm, from the place registration predicts
	Contrast float64    // mean darkness of print minus that of paper beside it, [-1,1]
	Hit      float64    // share of the frame's pixels found dark, [0,1]
	WorstHit float64    // the same for the worst of the four sides
	Lost     int        // sides with less than half their pixels dark
	AtEdge   bool       // the best place lies on the border of the search
	Printed  bool       // the form prints something to fit to
	Helped   bool       // covered by ink: the place is its neighbours'
}

// fitTemplate is the print around a box as lists of pixel offsets.
type fitTemplate struct {
	w, h        int
	dark, light []int32 // pixel x | y<<16
	weight      []float32
	side        []uint8 // of each dark pixel: 0..3 frame side, 4 other print
}

// fitFrame searches the box's frame within search mm of where registration puts it.
func fitFrame(scan, form raster.View, box geom.Box, search float64) frameFit {
	area := box.Inset(-fitRingMM)
	t := newFitTemplate(form.Sample(area, fitPxPerMM), box)
	if len(t.dark) < 20 {
		return frameFit{Printed: false}
	}
	margin := math.Ceil(search*fitPxPerMM)/fitPxPerMM + 1.0/fitPxPerMM
	pt := lumaOnly(scan).Sample(area.Inset(-margin), fitPxPerMM)
	d := roughDarkness(pt)
	f := t.search(d, pt.Y.W, int(math.Round(margin*fitPxPerMM)), search)
	f.Printed = true
	return f
}

// newFitTemplate lists the printed and unprinted pixels of the form's patch.
func newFitTemplate(form *raster.Patch, box geom.Box) *fitTemplate {
	t := &fitTemplate{w: form.Y.W, h: form.Y.H}
	for y := range t.h {
		for x := range t.w {
			v := form.Y.Pix[y*form.Y.Stride+x]
			at := int32(x) | int32(y)<<16
			p := geom.Point{X: form.Box.X + (float64(x)+0.5)/fitPxPerMM, Y: form.Box.Y + (float64(y)+0.5)/fitPxPerMM}
			switch {
			case v < 160:
				t.dark = append(t.dark, at)
				t.side = append(t.side, frameSide(p, box))
			case v > 225:
				t.light = append(t.light, at)
				w := float32(1)
				if box.Contains(p) {
					w = 0.4 // ink is likelier here
				}
				t.weight = append(t.weight, w)
			}
		}
	}
	return t
}

// frameSide names the side of the box a point is nearest to: 0 left, 1 right, 2 top,
// 3 bottom, or 4 where it lies further than 1 mm from all or outside.
func frameSide(p geom.Point, b geom.Box) uint8 {
	d := [4]float64{p.X - b.X, b.X + b.W - p.X, p.Y - b.Y, b.Y + b.H - p.Y}
	best := 0
	for i := range d {
		if d[i] < -0.25 {
			return 4
		}
		if d[i] < d[best] {
			best = i
		}
	}
	if d[best] > math.Min(1, b.W/4) {
		return 4
	}
	return uint8(best)
}

// roughDarkness maps a patch to darkness with levels from its own histogram.
func roughDarkness(p *raster.Patch) []float32 {
	var hist [256]int
	for _, v := range p.Y.Pix {
		hist[v]++
	}
	lo, hi := float32(percentile(&hist, 0.03)), float32(percentile(&hist, 0.8))
	k := 1 / max(hi-lo, 30)
	var lut [256]float32
	for i := range lut {
		lut[i] = min(max((hi-float32(i))*k, 0), 1)
	}
	d := make([]float32, len(p.Y.Pix))
	for i, v := range p.Y.Pix {
		d[i] = lut[v]
	}
	return d
}

// percentile returns the smallest value with at least share q of the histogram at or
// below it.
func percentile(h *[256]int, q float64) int {
	n := 0
	for _, c := range h {
		n += c
	}
	need, sum := int(math.Ceil(q*float64(n))), 0
	for v, c := range h {
		if sum += c; sum >= need && sum > 0 {
			return v
		}
	}
	return 255
}

// search evaluates all shifts near the prediction, all of the range if that is poor,
// and refines the best to a fraction of a pixel.
func (t *fitTemplate) search(d []float32, stride, margin int, search float64) frameFit {
	full := int(math.Round(search * fitPxPerMM))
	near := min(full, int(math.Round(nearSearch*fitPxPerMM)))
	s := newShiftScores(t, d, stride, margin, full)
	bx, by := s.best(near)
	if s.at(bx, by) < goodFrame || max(abs(bx), abs(by)) == near {
		bx, by = s.best(full)
	}
	f := frameFit{Contrast: float64(s.at(bx, by)), AtEdge: max(abs(bx), abs(by)) >= full}
	f.Shift = geom.Point{X: (float64(bx) + s.vertex(bx, by, 1, 0)) / fitPxPerMM, Y: (float64(by) + s.vertex(bx, by, 0, 1)) / fitPxPerMM}
	t.hits(&f, d, stride, margin+bx, margin+by)
	return f
}

// hits measures how much of each side of the frame is dark at the place found.
func (t *fitTemplate) hits(f *frameFit, d []float32, stride, ox, oy int) {
	var hit, all [5]float64
	for i, at := range t.dark {
		o := (int(at>>16)+oy)*stride + int(at&0xffff) + ox
		s := t.side[i]
		all[s]++
		if max(d[o], d[o-1], d[o+1], d[o-stride], d[o+stride]) > 0.4 {
			hit[s]++
		}
	}
	f.WorstHit = 1
	sum, n := 0.0, 0.0
	for s := range 4 {
		if all[s] < 3 {
			continue
		}
		h := hit[s] / all[s]
		f.WorstHit = math.Min(f.WorstHit, h)
		if h < 0.5 {
			f.Lost++
		}
		sum, n = sum+hit[s], n+all[s]
	}
	if n == 0 { // a box without a frame: whatever is printed there
		sum, n = hit[4], all[4]
		f.WorstHit = sum / n
	}
	f.Hit = sum / n
}

// shiftScores computes and remembers the contrast of shifts.
type shiftScores struct {
	t              *fitTemplate
	d              []float32
	stride, margin int
	r              int
	score          []float32
	done           []bool
	offs, offsL    []int
	sumW           float32
}

func newShiftScores(t *fitTemplate, d []float32, stride, margin, r int) *shiftScores {
	n := 2*(r+1) + 1
	s := &shiftScores{t: t, d: d, stride: stride, margin: margin, r: r + 1,
		score: make([]float32, n*n), done: make([]bool, n*n)}
	s.offs, s.offsL = offsets(t.dark, stride), offsets(t.light, stride)
	for _, w := range t.weight {
		s.sumW += w
	}
	return s
}

func offsets(at []int32, stride int) []int {
	o := make([]int, len(at))
	for i, a := range at {
		o[i] = int(a>>16)*stride + int(a&0xffff)
	}
	return o
}

// at returns the contrast with the template moved by (x, y) pixels.
func (s *shiftScores) at(x, y int) float32 {
	i := (y+s.r)*(2*s.r+1) + x + s.r
	if s.done[i] {
		return s.score[i]
	}
	base := (s.margin+y)*s.stride + s.margin + x
	d := s.d[base:]
	var dark, light float32
	for _, o := range s.offs {
		dark += d[o]
	}
	for k, o := range s.offsL {
		light += d[o] * s.t.weight[k]
	}
	v := dark/float32(len(s.offs)) - light/max(s.sumW, 1)
	s.score[i], s.done[i] = v, true
	return v
}

// best returns the shift of highest contrast within r pixels; of equals the nearest.
func (s *shiftScores) best(r int) (bx, by int) {
	b := s.at(0, 0)
	for y := -r; y <= r; y++ {
		for x := -r; x <= r; x++ {
			v := s.at(x, y)
			if v > b || (v == b && x*x+y*y < bx*bx+by*by) {
				b, bx, by = v, x, y
			}
		}
	}
	return bx, by
}

// vertex returns the offset in (-0.5, 0.5) of the parabola through the score at
// (x, y) and its two neighbours along (dx, dy).
func (s *shiftScores) vertex(x, y, dx, dy int) float64 {
	a, b, c := float64(s.at(x-dx, y-dy)), float64(s.at(x, y)), float64(s.at(x+dx, y+dy))
	q := a - 2*b + c
	if q > -1e-6 {
		return 0
	}
	return math.Min(0.5, math.Max(-0.5, 0.5*(a-c)/q))
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}
