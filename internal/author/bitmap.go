package author

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// bitmap is a page in black and white. ink[i] is true where something is printed.
type bitmap struct {
	w, h  int
	ink   []bool
	grey  *raster.Plane
	perMM float64
}

// inkBelow is the grey value under which a pixel is print, on white paper. Half-tones of
// watermarks are lighter; thin lines of 0.15 mm are at 200 dpi as dark as 150.
const inkBelow = 160

func newBitmap(p *raster.Plane, perMM float64) *bitmap {
	b := &bitmap{w: p.W, h: p.H, grey: p, perMM: perMM}
	b.ink = b.below(inkBelow)
	return b
}

// below tells which pixels are darker than a grey value is on white paper.
func (b *bitmap) below(level int) []bool {
	ink := make([]bool, b.w*b.h)
	level = level * paperOf(b.grey) / 255
	for j := range b.h {
		for i, v := range b.grey.Row(j) {
			ink[j*b.w+i] = int(v) < level
		}
	}
	return ink
}

// paperOf is the commonest grey value of the lighter half.
func paperOf(p *raster.Plane) int {
	var n [256]int
	for y := 0; y < p.H; y += 3 {
		for _, v := range p.Row(y) {
			n[v]++
		}
	}
	best := 255
	for v := 128; v < 256; v++ {
		if n[v] > n[best] {
			best = v
		}
	}
	return best
}

// area is a connected region of one colour, in pixels.
type area struct {
	x0, y0, x1, y1 int // bounds, x1 and y1 exclusive
	n              int // pixels
	ink            bool
	inside         int // pixels of regions that it surrounds, such as a letter
}

func (b *bitmap) mm(a area) geom.Box {
	return geom.Box{X: float64(a.x0) / b.perMM, Y: float64(a.y0) / b.perMM, W: float64(a.x1-a.x0) / b.perMM, H: float64(a.y1-a.y0) / b.perMM}
}

// areas labels the connected regions (4 neighbours) of either colour with sides of up to most mm.
func (b *bitmap) areas(most float64) (out []area) {
	seen := make([]bool, len(b.ink))
	side := int(most * b.perMM)
	var stack []int32
	for i := range b.ink {
		if seen[i] {
			continue
		}
		var a area
		a, stack = b.flood(i, seen, stack)
		if a.x1-a.x0 <= side && a.y1-a.y0 <= side {
			out = append(out, a)
		}
	}
	return out
}

// flood marks the region of a pixel as seen.
func (b *bitmap) flood(i int, seen []bool, stack []int32) (area, []int32) {
	a := area{x0: b.w, y0: b.h, ink: b.ink[i]}
	seen[i] = true
	stack = append(stack[:0], int32(i))
	for len(stack) > 0 {
		k := int(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		x, y := k%b.w, k/b.w
		a.n++
		a.x0, a.y0, a.x1, a.y1 = min(a.x0, x), min(a.y0, y), max(a.x1, x+1), max(a.y1, y+1)
		for _, o := range [4]int{k - 1, k + 1, k - b.w, k + b.w} {
			if o < 0 || o >= len(b.ink) || o == k-1 && x == 0 || o == k+1 && x == b.w-1 || seen[o] || b.ink[o] != a.ink {
				continue
			}
			seen[o] = true
			stack = append(stack, int32(o))
		}
	}
	return a, stack
}

// surround counts what regions that may be boxes have inside them.
func surround(areas []area) {
	for i := range areas {
		a := &areas[i]
		if a.ink || a.full() >= raggedFull || a.full() < leastFull {
			continue
		}
		for _, o := range areas {
			if o.x0 > a.x0 && o.x1 < a.x1 && o.y0 > a.y0 && o.y1 < a.y1 {
				a.inside += o.n
			}
		}
	}
}

// leastFull is what is left white of a box or an oval with a letter in it.
const leastFull = 0.45

// filled is full with what lies inside.
func (a area) filled() float64 {
	return float64(a.n+a.inside) / float64((a.x1-a.x0)*(a.y1-a.y0))
}

// full is the share of its bounds that the region covers.
func (a area) full() float64 { return float64(a.n) / float64((a.x1-a.x0)*(a.y1-a.y0)) }

// leastInside is the least side of the white inside of a box, mm.
const leastInside = 1.7

// raggedFull is the share of its bounds that a box covers at least: less than all, since in scans its
// edges are ragged. A circle covers 0.79.
const raggedFull = 0.87

// roundFull is what a circle covers of its bounds.
const roundFull = math.Pi / 4

// sort takes a region for a box, a black example, or nothing.
func (b *bitmap) sort(a area, s *Sheet) {
	in := b.mm(a)
	long, short := math.Max(in.W, in.H), math.Min(in.W, in.H)
	switch {
	case short < leastInside || long > 2*short:
	case a.filled() < raggedFull || long > 1.2*short:
		if line, ok := b.ring(a); ok && !a.ink {
			if box := in.Inset(-line); ovalLike(box) && b.alone(box) {
				s.addSquare(Square{Box: box, Round: true})
			}
		}
	case a.ink:
		if boxLike(in) {
			s.addSquare(Square{Box: in, Solid: true})
		}
	default:
		if line, ok := b.frame(a); ok {
			if box := in.Inset(-line); boxLike(box) {
				s.addSquare(Square{Box: box})
			}
		}
	}
}

// alone reports whether no print stands right beside a ring: else it is a letter of a word.
func (b *bitmap) alone(ring geom.Box) bool {
	for _, x := range []float64{ring.X - 0.7, ring.X + ring.W + 0.25} {
		for dx := 0.0; dx < 0.45; dx += 1 / b.perMM {
			for y := ring.Y; y < ring.Y+ring.H; y += 1 / b.perMM {
				if b.at(int((x+dx)*b.perMM), int(y*b.perMM)) {
					return false
				}
			}
		}
	}
	return true
}

// ring measures the line in mm around a white region that fills an ellipse, and no less.
func (b *bitmap) ring(a area) (mm float64, ok bool) {
	if math.Abs(a.filled()-roundFull) > 0.035 || a.x1-a.x0 > 2*(a.y1-a.y0) {
		return 0, false
	}
	cx, cy := (a.x0+a.x1)/2, (a.y0+a.y1)/2
	var widths []int
	for _, side := range [4]struct{ x, y, dx, dy int }{{cx, a.y0 - 1, 0, -1}, {cx, a.y1, 0, 1}, {a.x0 - 1, cy, -1, 0}, {a.x1, cy, 1, 0}} {
		n := 0
		for ; n < int(maxLine*b.perMM)+2 && b.at(side.x+n*side.dx, side.y+n*side.dy); n++ {
		}
		if n == 0 || n > int(maxRing*b.perMM) {
			return 0, false
		}
		widths = append(widths, n)
	}
	slices.Sort(widths)
	return float64(widths[1]) / b.perMM, widths[3]-widths[0] <= 2
}

// maxRing is the widest line of a circle to be marked, mm: letters such as O of a title have
// wider strokes, thinner at the top.
const maxRing = 0.6

// frame measures the line around a white region in mm: the thinnest side's, since on the others
// the black may go on into a wider frame. It is no frame unless nine in ten pixels along each
// side are print.
func (b *bitmap) frame(a area) (mm float64, ok bool) {
	thinnest := math.MaxInt
	for which := range 4 {
		w, ok := b.lineWidth(b.side(a, which))
		if !ok {
			return 0, false
		}
		thinnest = min(thinnest, w)
	}
	return float64(thinnest) / b.perMM, true
}

// side lists the pixels just outside a region: 0 above, 1 below, 2 left, 3 right. The last entry
// is the direction outwards.
func (b *bitmap) side(a area, which int) (ps []geom.Point) {
	out := [4]geom.Point{{Y: -1}, {Y: 1}, {X: -1}, {X: 1}}[which]
	if which < 2 {
		y := [2]int{a.y0 - 1, a.y1}[which]
		for x := a.x0 + 1; x < a.x1-1; x++ {
			ps = append(ps, geom.Point{X: float64(x), Y: float64(y)})
		}
	} else {
		x := [2]int{a.x0 - 1, a.x1}[which-2]
		for y := a.y0 + 1; y < a.y1-1; y++ {
			ps = append(ps, geom.Point{X: float64(x), Y: float64(y)})
		}
	}
	return append(ps, out)
}

// lineWidth is the median width in pixels of the line that begins at a side, up to maxLine.
func (b *bitmap) lineWidth(side []geom.Point) (int, bool) {
	out := side[len(side)-1]
	side = side[:len(side)-1]
	var widths []int
	for _, p := range side {
		n := 0
		for ; n < int(maxLine*b.perMM)+2 && b.at(int(p.X+float64(n)*out.X), int(p.Y+float64(n)*out.Y)); n++ {
		}
		if n > 0 {
			widths = append(widths, n)
		}
	}
	if len(side) == 0 || (len(side)-len(widths))*10 > len(side) {
		return 0, false
	}
	slices.Sort(widths)
	return widths[len(widths)/2], true
}

func (b *bitmap) at(x, y int) bool {
	return x >= 0 && y >= 0 && x < b.w && y < b.h && b.ink[y*b.w+x]
}
