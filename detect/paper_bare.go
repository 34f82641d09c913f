package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Where paper is missing at the page's edge, or torn off, the scanner's black backing is
// seen: an area without a bright speck that is connected to the border of the scan.

// bareMap marks the cells of a coarse grid over the stored page that show no paper.
type bareMap struct {
	cell float64 // stored pixels
	w, h int
	bare []bool // nil where there is none

	blocks []geom.Point // stored pixels: middles of dark squares of two cells, apart from the border
}

// bareCellMM is the edge of a cell. Fills and felt pens leave cells without a bright
// speck too, but not from the border on.
const bareCellMM = 1.5

// findBare floods dark cells from the border of the page, and lists the dark blocks that
// are not reached: a hole is one, as is a thick blot.
func findBare(v raster.View, tone uint8) bareMap {
	sx, sy := v.MMToPix.ScaleAt(geom.Point{})
	m := bareMap{cell: math.Max(bareCellMM*math.Sqrt(sx*sy), 3)}
	y := v.Page.Y
	m.w, m.h = int(float64(y.W)/m.cell), int(float64(y.H)/m.cell)
	if m.w < 3 || m.h < 3 {
		return bareMap{}
	}
	limit := uint8(0.45 * float64(tone))
	dark := make([]bool, m.w*m.h)
	n := 0
	for j := range m.h {
		for i := range m.w {
			if m.dark(y, i, j, limit) {
				dark[j*m.w+i] = true
				n++
			}
		}
	}
	if n == 0 {
		return bareMap{}
	}
	m.bare = make([]bool, m.w*m.h)
	m.flood(dark)
	for j := range m.h - 1 {
		for i := range m.w - 1 {
			k := j*m.w + i
			if dark[k] && dark[k+1] && dark[k+m.w] && dark[k+m.w+1] && !m.bare[k] {
				m.blocks = append(m.blocks, geom.Point{X: float64(i+1) * m.cell, Y: float64(j+1) * m.cell})
			}
		}
	}
	return m
}

// flood marks as bare the dark cells that are connected to the border.
func (m bareMap) flood(dark []bool) {
	var stack []int
	visit := func(x, y int) {
		if i := y*m.w + x; x >= 0 && y >= 0 && x < m.w && y < m.h && dark[i] && !m.bare[i] {
			m.bare[i] = true
			stack = append(stack, i)
		}
	}
	for x := range m.w {
		visit(x, 0)
		visit(x, m.h-1)
	}
	for y := range m.h {
		visit(0, y)
		visit(m.w-1, y)
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := i%m.w, i/m.w
		visit(x-1, y)
		visit(x+1, y)
		visit(x, y-1)
		visit(x, y+1)
	}
}

// dark reports whether 16 samples of a cell are all dark.
func (m bareMap) dark(p *raster.Plane, cx, cy int, limit uint8) bool {
	for j := range 4 {
		row := p.Row(int((float64(cy) + (float64(j)+0.5)/4) * m.cell))
		for i := range 4 {
			if row[int((float64(cx)+(float64(i)+0.5)/4)*m.cell)] > limit {
				return false
			}
		}
	}
	return true
}

// at reports whether a place of the stored page shows no paper.
func (m bareMap) at(p geom.Point) bool {
	x, y := int(p.X/m.cell), int(p.Y/m.cell)
	return p.X >= 0 && p.Y >= 0 && x < m.w && y < m.h && m.bare[y*m.w+x]
}

// seeds lists the pixels of a patch that show no paper. A dark block counts unless it lies
// on a printed box, where it is a fill.
func (m bareMap) seeds(toPix geom.Homography, p *inkPatch, boxes []geom.Box) (seeds []int) {
	if m.bare == nil {
		return nil
	}
	inv, _ := toPix.Inverse()
	for _, b := range m.blocks {
		q := inv.Apply(b)
		x, y := int(math.Floor(q.X)), int(math.Floor(q.Y))
		if x < 0 || y < 0 || x >= p.w || y >= p.h {
			continue
		}
		at := geom.Point{X: p.origin.X + q.X/markPxPerMM, Y: p.origin.Y + q.Y/markPxPerMM}
		if !onBox(at, boxes) {
			seeds = append(seeds, y*p.w+x)
		}
	}
	if !m.near(toPix, p.w, p.h) {
		return seeds
	}
	for y := range p.h {
		for x := range p.w {
			if m.at(toPix.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})) {
				seeds = append(seeds, y*p.w+x)
			}
		}
	}
	return seeds
}

// blotMM is how far from a box a dark block may lie and still be a fill that ran over.
const blotMM = 1.0

func onBox(at geom.Point, boxes []geom.Box) bool {
	for _, b := range boxes {
		if boxDistance(b, at) < blotMM {
			return true
		}
	}
	return false
}

// near reports whether any cell about a patch is bare.
func (m bareMap) near(toPix geom.Homography, w, h int) bool {
	lo := geom.Point{X: math.Inf(1), Y: math.Inf(1)}
	hi := geom.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, c := range [4]geom.Point{{}, {X: float64(w)}, {Y: float64(h)}, {X: float64(w), Y: float64(h)}} {
		q := toPix.Apply(c)
		lo.X, lo.Y, hi.X, hi.Y = math.Min(lo.X, q.X), math.Min(lo.Y, q.Y), math.Max(hi.X, q.X), math.Max(hi.Y, q.Y)
	}
	for y := lo.Y; y < hi.Y+m.cell; y += m.cell {
		for x := lo.X; x < hi.X+m.cell; x += m.cell {
			if m.at(geom.Point{X: x, Y: y}) {
				return true
			}
		}
	}
	return false
}

// strip takes the backing out of the ink: all that is dark and connected to a bare place.
// What of it lies in the box is counted in p.bareInside, square mm.
func (p *inkPatch) strip(seeds []int) {
	if seeds == nil {
		return
	}
	x0, y0, x1, y1 := p.window(p.box)
	seen := make([]bool, p.w*p.h)
	for stack := seeds; len(stack) > 0; {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[i] {
			continue
		}
		seen[i] = true
		x, y := i%p.w, i/p.w
		if x >= x0 && x < x1 && y >= y0 && y < y1 {
			p.bareInside += 1.0 / (markPxPerMM * markPxPerMM)
		}
		for _, j := range [4][2]int{{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}} {
			if k := j[1]*p.w + j[0]; j[0] >= 0 && j[1] >= 0 && j[0] < p.w && j[1] < p.h && p.ink[k] > 0.3 {
				stack = append(stack, k)
			}
		}
		p.ink[i], p.free[i] = 0, false
	}
}
