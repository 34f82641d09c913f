package print

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// cellsPerMM is the resolution at which a page's free space is known.
const cellsPerMM = 4

// inkStep is how much darker than the page's paper a pixel must be to count as print: less than
// the palest tint anybody prints (5 %), more than what a scanned form's paper varies.
const inkStep = 10

// margin knows which parts of a page are free: without print, away from fields, and open to the
// paper's edge. The white inside of a frame is where somebody will write.
type margin struct {
	w, h    float64
	cols    int
	rows    int
	blocked []int32 // integral image: how many cells above and left are not free
}

// newMargin finds the free space of a page of the form. fields are kept free too.
func newMargin(form raster.FormPage, fields []geom.Box) *margin {
	m := &margin{w: form.WidthMM, h: form.HeightMM}
	m.cols, m.rows = int(m.w*cellsPerMM), int(m.h*cellsPerMM)
	taken := m.printed(form)
	open := m.open(taken)
	for i := range taken {
		taken[i] = taken[i] || !open[i]
	}
	for _, f := range fields {
		x0, y0, x1, y1 := m.cells(f)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				taken[y*m.cols+x] = true
			}
		}
	}
	m.count(taken)
	return m
}

// printed marks the cells that hold any print.
func (m *margin) printed(form raster.FormPage) []bool {
	p := form.Page.Y
	paper := medianOf(p)
	taken := make([]bool, m.cols*m.rows)
	for y := range p.H {
		row := p.Row(y)
		cy := min(y*m.rows/p.H, m.rows-1)
		for x, v := range row[:p.W] {
			if int(v) < paper-inkStep {
				taken[cy*m.cols+min(x*m.cols/p.W, m.cols-1)] = true
			}
		}
	}
	return taken
}

func medianOf(p *raster.Plane) int {
	var counts [256]int
	n := 0
	for y := 0; y < p.H; y += 4 {
		for _, v := range p.Row(y)[:p.W] {
			counts[v]++
			n++
		}
	}
	sum := 0
	for v, c := range counts {
		if sum += c; 2*sum >= n {
			return v
		}
	}
	return 255
}

// open marks the cells from which the paper's edge can be reached over unprinted ones.
func (m *margin) open(taken []bool) []bool {
	open := make([]bool, len(taken))
	var queue []int
	visit := func(x, y int) {
		if x < 0 || y < 0 || x >= m.cols || y >= m.rows {
			return
		}
		if i := y*m.cols + x; !taken[i] && !open[i] {
			open[i] = true
			queue = append(queue, i)
		}
	}
	for x := range m.cols {
		visit(x, 0)
		visit(x, m.rows-1)
	}
	for y := range m.rows {
		visit(0, y)
		visit(m.cols-1, y)
	}
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		x, y := i%m.cols, i/m.cols
		visit(x-1, y)
		visit(x+1, y)
		visit(x, y-1)
		visit(x, y+1)
	}
	return open
}

// count sums up what is not free.
func (m *margin) count(taken []bool) {
	m.blocked = make([]int32, (m.cols+1)*(m.rows+1))
	for y := range m.rows {
		sum := int32(0)
		for x := range m.cols {
			if taken[y*m.cols+x] {
				sum++
			}
			m.blocked[(y+1)*(m.cols+1)+x+1] = m.blocked[y*(m.cols+1)+x+1] + sum
		}
	}
}

// cells returns the cells that a box touches, cut to the page.
func (m *margin) cells(b geom.Box) (x0, y0, x1, y1 int) {
	clip := func(v float64, most int) int { return min(max(int(v), 0), most) }
	return clip(math.Floor(b.X*cellsPerMM), m.cols), clip(math.Floor(b.Y*cellsPerMM), m.rows),
		clip(math.Ceil((b.X+b.W)*cellsPerMM), m.cols), clip(math.Ceil((b.Y+b.H)*cellsPerMM), m.rows)
}

// free tells whether nothing is in a box.
func (m *margin) free(b geom.Box) bool {
	x0, y0, x1, y1 := m.cells(b)
	at := func(x, y int) int32 { return m.blocked[y*(m.cols+1)+x] }
	return at(x1, y1)-at(x0, y1)-at(x1, y0)+at(x0, y0) == 0
}

// nearest returns the free place for something of w x h (mm) that is nearest to want, within
// the area; pad is kept free around it but may leave the area. taken is in the way.
func (m *margin) nearest(w, h, pad float64, want geom.Point, area geom.Box, taken []geom.Box) (geom.Box, bool) {
	const step = 0.5
	best, least := geom.Box{}, math.Inf(1)
	for y := area.Y; y <= area.Y+area.H-h+1e-9; y += step {
		for x := area.X; x <= area.X+area.W-w+1e-9; x += step {
			b := geom.Box{X: x, Y: y, W: w, H: h}
			// Towards the middle of the page is worse than along the edge: somebody writes there.
			if d := math.Abs(x-want.X) + 3*math.Abs(y-want.Y); d < least && m.fits(b.Inset(-pad), taken) {
				best, least = b, d
			}
		}
	}
	return best, !math.IsInf(least, 1)
}

// fits tells whether a box is free of print and of what has been placed.
func (m *margin) fits(b geom.Box, taken []geom.Box) bool {
	return m.free(b) && !slices.ContainsFunc(taken, func(t geom.Box) bool { return overlap(t, b) })
}

func overlap(a, b geom.Box) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}
