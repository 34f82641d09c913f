package ocr

import (
	"cmp"
	"math"
	"slices"
)

// Segmentation cuts the ink of a field into atoms: pieces that belong to one glyph
// at most. It rather cuts too often (at every place where glyphs may touch), for
// the decoder joins neighbouring atoms again. The seams are least-ink paths from
// top to bottom, as in Congedo et al., "Segmentation of numeric strings" (ICDAR
// 1995).

// rect is a rectangle of pixels, right and bottom excluded.
type rect struct{ x0, y0, x1, y1 int }

func (r rect) w() int { return r.x1 - r.x0 }
func (r rect) h() int { return r.y1 - r.y0 }

func (r rect) union(o rect) rect {
	return rect{min(r.x0, o.x0), min(r.y0, o.y0), max(r.x1, o.x1), max(r.y1, o.y1)}
}

// atom is a piece of ink. Its pixels carry its number in inkMap.label.
type atom struct {
	rect
	area int // pixels
	body int // the connected piece it was cut from
	id   int32
}

// inkMap is the ink of a field at cellPxPerMM.
type inkMap struct {
	w, h  int
	ink   []float32 // 0 paper to 1 full ink of this pen
	label []int32   // number of the atom, 0 for paper
}

// Limits of a field worth decoding. A score is at most five glyphs; more pieces
// than maxAtoms are a scribble or dirt and a person looks at it anyway.
const (
	maxAtoms    = 18
	maxJoin     = 5  // atoms a glyph may be made of
	minHeightPx = 20 // 2 mm: digits are taken to be at least so high
)

// segment numbers the connected pieces in mask, drops what keep refuses, cuts wide
// pieces and returns the atoms from left to right with the height of a digit in
// pixels.
func (m *inkMap) segment(mask []bool, keep func(atom) bool) (atoms []atom, height int) {
	pieces := m.components(mask)
	pieces = slices.DeleteFunc(pieces, func(a atom) bool {
		if keep(a) {
			return false
		}
		m.erase(a)
		return true
	})
	height = minHeightPx
	for _, a := range pieces {
		height = max(height, a.h())
	}
	next := int32(len(m.label)) // above every number given so far
	for _, a := range pieces {
		atoms = append(atoms, m.cut(a, height, &next)...)
	}
	slices.SortFunc(atoms, func(a, b atom) int {
		return cmp.Or(cmp.Compare(a.x0+a.x1, b.x0+b.x1), cmp.Compare(a.y0, b.y0))
	})
	return atoms, height
}

// components labels the 8-connected pieces of mask.
func (m *inkMap) components(mask []bool) []atom {
	var out []atom
	var stack []int
	for i, on := range mask {
		if !on || m.label[i] != 0 {
			continue
		}
		a := atom{rect: rect{m.w, m.h, 0, 0}, id: int32(len(out) + 1), body: len(out) + 1}
		m.label[i] = a.id
		stack = append(stack[:0], i)
		for len(stack) > 0 {
			p := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := p%m.w, p/m.w
			a.rect = a.union(rect{x, y, x + 1, y + 1})
			a.area++
			for v := max(y-1, 0); v <= min(y+1, m.h-1); v++ {
				for u := max(x-1, 0); u <= min(x+1, m.w-1); u++ {
					if q := v*m.w + u; mask[q] && m.label[q] == 0 {
						m.label[q] = a.id
						stack = append(stack, q)
					}
				}
			}
		}
		out = append(out, a)
	}
	return out
}

// each calls f with every pixel of the atom.
func (m *inkMap) each(a atom, f func(i int)) {
	for y := a.y0; y < a.y1; y++ {
		for x := a.x0; x < a.x1; x++ {
			if i := y*m.w + x; m.label[i] == a.id {
				f(i)
			}
		}
	}
}

func (m *inkMap) erase(a atom) { m.each(a, func(i int) { m.label[i] = 0 }) }

// penWidth estimates the width of the strokes: a line of width s has 2/s of its
// pixels on its border.
func (m *inkMap) penWidth(a atom) float64 {
	border := 0
	m.each(a, func(i int) {
		x, y := i%m.w, i/m.w
		if x == 0 || y == 0 || x == m.w-1 || y == m.h-1 ||
			m.label[i-1] != a.id || m.label[i+1] != a.id || m.label[i-m.w] != a.id || m.label[i+m.w] != a.id {
			border++
		}
	})
	return max(1, 2*float64(a.area)/float64(max(border, 1)))
}

// seam is a path from the top of a piece to its bottom: the x of the first pixel
// to its right in each row, and the ink pixels it crosses.
type seam struct {
	x    []int
	mean float64
	cost float64
}

// Where a piece is cut. Widths are in digit heights. A digit is 0.3 to 0.9 wide, so
// a piece below cutWidth is one glyph; seams lie at least seamGap apart and may
// cross two strokes and a half: two, as where a 0 is cut in vain, are common, and
// joined digits share one. TestSegmentTouching objects to less.
const (
	cutWidth     = 0.5
	seamGap      = 0.22
	seamReach    = 0.25 // how far a seam may wander sideways
	seamInk      = 2.5  // pen widths
	dashHeight   = 16   // pixels: what is lower is a dash or a bar, and whole
	seamsPerWide = 3    // seams in a piece up to 1.6 wide; twice as many in wider ones
)

// cut splits a wide piece at its cheapest seams.
func (m *inkMap) cut(a atom, height int, next *int32) []atom {
	h := float64(height)
	if float64(a.w()) < cutWidth*h || float64(a.h()) < max(0.4*h, dashHeight) {
		return []atom{a}
	}
	limit := seamInk*m.penWidth(a) + 1
	found := m.waists(a, h)
	edge := int(0.15 * h)
	for x := a.x0 + edge; x <= a.x1-edge; x += 3 {
		if s := m.seam(a, x, int(seamReach*h)); s.cost <= limit {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(p, q seam) int { return cmp.Compare(p.cost, q.cost) })
	most := seamsPerWide
	if float64(a.w()) > 1.6*h {
		most *= 2
	}
	var chosen []seam
	for _, s := range found {
		near := func(t seam) bool { return math.Abs(s.mean-t.mean) < seamGap*h }
		if len(chosen) < most && !slices.ContainsFunc(chosen, near) {
			chosen = append(chosen, s)
		}
	}
	return m.split(a, chosen, next)
}

// waists returns seams where the outline falls in from above and from below, free
// of cost: rounded digits that touch side by side share more ink than a stroke's
// width.
func (m *inkMap) waists(a atom, h float64) []seam {
	const depth, reach = 0.1, 0.08
	top, bottom := make([]int, a.w()), make([]int, a.w())
	for x := range top {
		top[x] = a.y1
	}
	m.each(a, func(i int) {
		x, y := i%m.w-a.x0, i/m.w
		top[x], bottom[x] = min(top[x], y), min(bottom[x], -y)
	})
	up, down := dips(top), dips(bottom)
	var out []seam
	for x := 1; x+1 < len(up); x++ {
		at := func(x int) int { return min(up[x], down[x]) }
		if float64(at(x)) >= depth*h && at(x) > at(x-1) && at(x) >= at(x+1) {
			s := m.seam(a, a.x0+x, int(reach*h))
			s.cost = 0
			out = append(out, s)
		}
	}
	return out
}

// dips tells by how much each place of a profile lies below (has a greater y than)
// the lower of the highest places to its left and right.
func dips(y []int) []int {
	out := make([]int, len(y))
	best := y[0]
	for x, v := range y {
		best = min(best, v)
		out[x] = v - best
	}
	best = y[len(y)-1]
	for x := len(y) - 1; x >= 0; x-- {
		best = min(best, y[x])
		out[x] = min(out[x], y[x]-best)
	}
	return out
}

// seam finds the cheapest path down around x by dynamic programming.
func (m *inkMap) seam(a atom, x, reach int) seam {
	const sideways = 0.3 // ink pixels that a step to the side is worth
	x0, x1 := max(x-reach, a.x0), min(x+reach, a.x1-1)
	w := x1 - x0 + 1
	cost := make([]float64, w)
	prev := make([]float64, w)
	from := make([]int8, w*a.h())
	for y := a.y0; y < a.y1; y++ {
		cost, prev = prev, cost
		for i := range w {
			best, step := prev[i], int8(0)
			if i > 0 && prev[i-1]+sideways < best {
				best, step = prev[i-1]+sideways, -1
			}
			if i+1 < w && prev[i+1]+sideways < best {
				best, step = prev[i+1]+sideways, 1
			}
			if m.label[y*m.w+x0+i] == a.id {
				best++
			}
			cost[i], from[(y-a.y0)*w+i] = best, step
		}
	}
	at := 0
	for i := range cost {
		if cost[i] < cost[at] || cost[i] == cost[at] && abs(x0+i-x) < abs(x0+at-x) {
			at = i
		}
	}
	s := seam{x: make([]int, a.h()), cost: cost[at]}
	for y := a.h() - 1; y >= 0; y-- {
		s.x[y] = x0 + at
		s.mean += float64(x0+at) / float64(a.h())
		at += int(from[y*w+at])
	}
	return s
}

func abs(x int) int { return max(x, -x) }

// split gives the pixels between neighbouring seams new numbers. Crumbs of less
// than minCrumb pixels go to the piece on their left.
func (m *inkMap) split(a atom, seams []seam, next *int32) []atom {
	const minCrumb = 8
	if len(seams) == 0 {
		return []atom{a}
	}
	slices.SortFunc(seams, func(p, q seam) int { return cmp.Compare(p.mean, q.mean) })
	part := func(i int) int {
		x, y := i%m.w, i/m.w-a.y0
		n := 0
		for _, s := range seams {
			if x >= s.x[y] {
				n++
			}
		}
		return n
	}
	count := make([]int, len(seams)+1)
	m.each(a, func(i int) { count[part(i)]++ })
	to := make([]int, len(count))
	for i := range to {
		to[i] = i
		if i > 0 && count[i] < minCrumb {
			to[i] = to[i-1]
		}
	}
	if count[0] < minCrumb {
		to[0] = to[1]
	}
	out := make([]atom, len(count))
	var members = make([][]int, len(count))
	m.each(a, func(i int) { k := to[part(i)]; members[k] = append(members[k], i) })
	for k, px := range members {
		*next++
		out[k] = atom{rect: rect{m.w, m.h, 0, 0}, id: *next, body: a.body, area: len(px)}
		for _, i := range px {
			m.label[i] = *next
			out[k].rect = out[k].union(rect{i % m.w, i / m.w, i%m.w + 1, i/m.w + 1})
		}
	}
	return slices.DeleteFunc(out, func(a atom) bool { return a.area == 0 })
}

// join returns the ink of some atoms as a picture of their common box.
func (m *inkMap) join(atoms []atom) (InkImage, rect) {
	r := atoms[0].rect
	for _, a := range atoms[1:] {
		r = r.union(a.rect)
	}
	im := InkImage{W: r.w(), H: r.h(), A: make([]float32, r.w()*r.h())}
	for _, a := range atoms {
		m.each(a, func(i int) { im.A[(i/m.w-r.y0)*im.W+i%m.w-r.x0] = max(m.ink[i], 0.5) })
	}
	return im, r
}
