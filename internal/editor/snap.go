package editor

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

const (
	// inkBelow is the grey value under which a pixel of the form is print: thin lines of
	// 0.15 mm are at 200 dpi as dark as 150, tints and watermarks are lighter.
	inkBelow = 160
	// leastInside and mostInside bound the white inside of a printed frame, mm: less is a
	// letter's, more a frame around half a page.
	leastInside, mostInside = 1.7, 120.0
	// maxLine is the widest line of a frame, mm. What is wider is a bar.
	maxLine = 1.0
	// framedShare is the share of each side that must be print. Dotted frames let the white
	// out and are found by their sides.
	framedShare = 0.9
	// agree is the least share (common area over joint area) of a drawn box and the frame
	// that its middle lies in. Less, and another frame was meant.
	agree = 0.35
	// reach is how far a side of a drawn box is moved to a printed line, mm.
	reach = 1.5
)

// snap returns the printed frame that a drawn box means, its outer edge in mm: the frame around
// the middle of the box if it is about as large, else the lines nearest to its sides. A box
// without a size asks for the frame around its corner.
func snap(p raster.FormPage, b geom.Box) (geom.Box, bool) {
	s := snapper{y: p.Page.Y, perMM: float64(p.Page.W()) / p.WidthMM}
	around, ok := s.around(b.Center())
	if ok && (b.Area() == 0 || around.Intersect(b).Area() >= agree*(around.Area()+b.Area()-around.Intersect(b).Area())) {
		return rounded(around), true
	}
	if b.W < leastInside || b.H < leastInside {
		return b, false
	}
	sides, ok := s.sides(b)
	return rounded(sides), ok
}

// rounded keeps a hundredth of a millimetre: a tenth of a pixel.
func rounded(b geom.Box) geom.Box {
	r := func(x float64) float64 { return math.Round(x*100) / 100 }
	return geom.Box{X: r(b.X), Y: r(b.Y), W: r(b.W), H: r(b.H)}
}

type snapper struct {
	y     *raster.Plane
	perMM float64
}

func (s snapper) ink(x, y int) bool {
	return x >= 0 && y >= 0 && x < s.y.W && y < s.y.H && s.y.Pix[y*s.y.Stride+x] < inkBelow
}

// pixels is a region: columns [x0, x1), rows [y0, y1).
type pixels struct{ x0, y0, x1, y1 int }

// around finds the frame whose white inside holds a point.
func (s snapper) around(at geom.Point) (b geom.Box, ok bool) {
	in, ok := s.flood(int(at.X*s.perMM), int(at.Y*s.perMM))
	least := int(leastInside * s.perMM)
	if !ok || in.x1-in.x0 < least || in.y1-in.y0 < least {
		return b, false
	}
	var line [4]float64
	for side := range 4 {
		if line[side], ok = s.lineOf(in, side); !ok {
			return b, false
		}
	}
	thin := slices.Min(line[:]) // on other sides the black may go on into a wider frame
	for side := range 4 {
		if line[side] > thin+1.5 {
			line[side] = thin
		}
	}
	x, y := float64(in.x0)-line[2], float64(in.y0)-line[0]
	return geom.Box{X: x / s.perMM, Y: y / s.perMM, W: (float64(in.x1) + line[3] - x) / s.perMM, H: (float64(in.y1) + line[1] - y) / s.perMM}, true
}

// flood returns the bounds of the white around a pixel; false if it is print, or the white
// goes on.
func (s snapper) flood(x, y int) (in pixels, ok bool) {
	most := int(mostInside * s.perMM)
	if x < 0 || y < 0 || x >= s.y.W || y >= s.y.H || s.ink(x, y) {
		return in, false
	}
	seen := make([]bool, s.y.W*s.y.H)
	seen[y*s.y.W+x] = true
	in = pixels{x, y, x + 1, y + 1}
	for stack := []int{y*s.y.W + x}; len(stack) > 0; {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		px, py := at%s.y.W, at/s.y.W
		in = pixels{min(in.x0, px), min(in.y0, py), max(in.x1, px+1), max(in.y1, py+1)}
		if px == 0 || py == 0 || px == s.y.W-1 || py == s.y.H-1 || in.x1-in.x0 > most || in.y1-in.y0 > most {
			return in, false
		}
		for _, next := range [4]int{at - 1, at + 1, at - s.y.W, at + s.y.W} {
			if !seen[next] && !s.ink(next%s.y.W, next/s.y.W) {
				seen[next] = true
				stack = append(stack, next)
			}
		}
	}
	return in, true
}

// lineOf measures how far the line along a side of a region reaches, in pixels from the region: 0
// above, 1 below, 2 left, 3 right. Its outer edge lies within a pixel, where the grey says.
func (s snapper) lineOf(in pixels, side int) (reach float64, ok bool) {
	dx, dy := [4]int{0, 0, -1, 1}[side], [4]int{-1, 1, 0, 0}[side]
	x, y := [4]int{in.x0, in.x0, in.x0 - 1, in.x1}[side], [4]int{in.y0 - 1, in.y1, in.y0, in.y0}[side]
	along := in.x1 - in.x0
	if side >= 2 {
		along = in.y1 - in.y0
	}
	hits := 0
	dark := make([]float64, int(maxLine*s.perMM)+3) // mean of pixel -1 (in the region), 0, 1, ...
	for i := range along {
		px, py := x+i*min(1, dy*dy), y+i*min(1, dx*dx)
		if s.ink(px, py) {
			hits++
		}
		for k := range dark {
			dark[k] += float64(255-s.y.At(px+(k-1)*dx, py+(k-1)*dy)) / 255 / float64(along)
		}
	}
	if float64(hits) < framedShare*float64(along) {
		return 0, false
	}
	end := 2
	for end < len(dark) && dark[end] > faint {
		end++
	}
	if end == 2 { // within one pixel and a bit of the region's
		if dark[0] > faint {
			return dark[1], true
		}
		return (1 + dark[1]) / 2, true
	}
	return float64(end-2) + dark[end-1], true
}

// faint is the darkness under which a pixel beside a line is paper.
const faint = 0.08

// sides moves every side of a box to the line nearest to it, the outer edge; false if a side
// finds none.
func (s snapper) sides(b geom.Box) (geom.Box, bool) {
	x0, ok0 := s.lineNear(b.X, b.Y, b.H, true, -1)
	x1, ok1 := s.lineNear(b.X+b.W, b.Y, b.H, true, 1)
	y0, ok2 := s.lineNear(b.Y, b.X, b.W, false, -1)
	y1, ok3 := s.lineNear(b.Y+b.H, b.X, b.W, false, 1)
	return geom.Box{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}, ok0 && ok1 && ok2 && ok3
}

// lineNear looks for a line across (upright or level) that runs along [from, from+length], near
// a place; out is the direction out of the box, -1 or 1.
func (s snapper) lineNear(place, from, length float64, upright bool, out int) (mm float64, ok bool) {
	first, n := int((from+0.15*length)*s.perMM), int(0.7*length*s.perMM)
	isLine := func(at int) bool {
		hits := 0
		for i := range n {
			if upright && s.ink(at, first+i) || !upright && s.ink(first+i, at) {
				hits++
			}
		}
		return float64(hits) >= 0.5*float64(n) // dots and dashes
	}
	centre := int(place * s.perMM)
	for d := 0; d <= int(reach*s.perMM); d++ {
		for _, at := range [2]int{centre + d*out, centre - d*out} {
			if !isLine(at) {
				continue
			}
			for isLine(at + out) {
				at += out
			}
			return (float64(at) + float64(out+1)/2) / s.perMM, true
		}
	}
	return 0, false
}
