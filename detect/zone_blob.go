package detect

import (
	"math"

	"scan/internal/geom"
)

// touchMM: nearer to the box than this, ink is part of its mark; print hides 0.2.
const touchMM = 0.3

// apartMM is how far off the box a piece stands that cannot be part of its mark, unless it
// lies off a corner.
const apartMM = 0.5

// blob is a connected piece of ink outside the box, in mm on the form.
type blob struct {
	box    geom.Box
	pixels int
	sum    geom.Point
	gap    float64 // least distance to the box
	neigh  bool    // touches another printed box
}

// extent is the longer side.
func (b blob) extent() float64 { return math.Max(b.box.W, b.box.H) }

// broad reports whether the piece has width: a fold or a thin streak is long and has none.
func (b blob) broad() bool { return math.Min(b.box.W, b.box.H) >= 0.45 }

// add sorts a piece of ink into the zones.
func (s *signs) add(b blob, box geom.Box) {
	mid := geom.Point{X: b.sum.X / float64(b.pixels), Y: b.sum.Y / float64(b.pixels)}
	left := mid.X < box.X && mid.Y > box.Y-0.35*box.H && mid.Y < box.Y+1.35*box.H
	switch {
	case b.neigh:
	case b.gap < touchMM:
		reach := math.Max(math.Max(box.X-b.box.X, b.box.X+b.box.W-box.X-box.W), math.Max(box.Y-b.box.Y, b.box.Y+b.box.H-box.Y-box.H))
		s.Touch = math.Max(s.Touch, reach)
	case left && b.broad():
		s.Left = math.Max(s.Left, b.extent())
		if b.gap >= apartMM && mid.Y > box.Y && mid.Y < box.Y+box.H {
			s.Apart = math.Max(s.Apart, b.extent())
		}
	case !left:
		s.Other = math.Max(s.Other, b.extent())
	}
}

// blobs returns the connected ink outside the box (8 neighbours), smallest pieces of
// less than 0.04 square mm left out.
func (p *inkPatch) blobs(near []geom.Box) (out []blob) {
	t := p.threshold()
	seen := make([]bool, p.w*p.h)
	bx0, by0, bx1, by1 := p.window(p.box)
	ok := func(x, y int) bool {
		i := y*p.w + x
		inBox := x >= bx0 && x < bx1 && y >= by0 && y < by1
		return !seen[i] && !inBox && p.ink[i] > t
	}
	var stack []int
	for y := range p.h {
		for x := range p.w {
			if !ok(x, y) {
				continue
			}
			seen[y*p.w+x] = true
			stack = append(stack[:0], y*p.w+x)
			b, n := p.flood(stack, seen, near, ok)
			if n >= 4 {
				out = append(out, b)
			}
		}
	}
	return out
}

// flood collects one connected piece.
func (p *inkPatch) flood(stack []int, seen []bool, near []geom.Box, ok func(x, y int) bool) (blob, int) {
	x0, y0, x1, y1 := p.w, p.h, 0, 0
	b := blob{gap: math.Inf(1)}
	toNear := math.Inf(1)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		x, y := i%p.w, i/p.w
		b.pixels++
		at := geom.Point{X: p.origin.X + (float64(x)+0.5)/markPxPerMM, Y: p.origin.Y + (float64(y)+0.5)/markPxPerMM}
		b.sum = b.sum.Add(at)
		b.gap = math.Min(b.gap, boxDistance(p.box, at))
		for _, o := range near {
			toNear = math.Min(toNear, boxDistance(o, at))
		}
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x+1), max(y1, y+1)
		for j := max(y-1, 0); j <= min(y+1, p.h-1); j++ {
			for k := max(x-1, 0); k <= min(x+1, p.w-1); k++ {
				if ok(k, j) {
					seen[j*p.w+k] = true
					stack = append(stack, j*p.w+k)
				}
			}
		}
	}
	b.neigh = toNear < 0.45 && toNear < b.gap
	b.box = geom.Box{X: p.origin.X + float64(x0)/markPxPerMM, Y: p.origin.Y + float64(y0)/markPxPerMM,
		W: float64(x1-x0) / markPxPerMM, H: float64(y1-y0) / markPxPerMM}
	return b, b.pixels
}

// boxDistance is the distance from a place to a box, 0 inside.
func boxDistance(b geom.Box, p geom.Point) float64 {
	dx := math.Max(0, math.Max(b.X-p.X, p.X-b.X-b.W))
	dy := math.Max(0, math.Max(b.Y-p.Y, p.Y-b.Y-b.H))
	return math.Hypot(dx, dy)
}
