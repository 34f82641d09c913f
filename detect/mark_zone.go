package detect

import (
	"math"

	"scan/internal/geom"
)

// A filled box is undone unless a sign stands beside it. The sign belongs on the left,
// where 5 to 6 mm are free; anything as large elsewhere (a ring, a sign on another
// side) goes to a person.
const (
	zoneLeftMM   = 6.5 // how far left a sign is looked for
	zoneOtherMM  = 2.5 // how far to the other sides something unexpected is
	signMinMM    = 1.2 // least extent of a sign; smaller is dirt or the fill's overshoot
	speckMM      = 0.6 // least extent that is worth a person's look beside a filled box
	touchMM      = 0.3 // nearer to the box than this, ink is part of its mark: print hides 0.2
	reachMM      = 1.5 // how far a fill runs over its box; a sign is wider
	flakeMM      = 2.0 // a flake of the fill's edge is smaller; an arc of a ring is not
	otherSlackMM = 0.9 // how much further it may run up, down and to the right
	strokeEndMM  = 2.6 // how far the strokes of a cross below a fill leave the corners
	// signThinMM is the least width of a sign's shorter side: a scanner's streak or a fold
	// beside the box is long but has none (TestStreakBesideAFillIsNoSign).
	signThinMM = 0.45
	// signGapMM is how far apart from the box a sign stands; nearer, it may be the end of a
	// cross that the fill did not cover (TestArmOfACrossBesideAFillIsNoSign).
	signGapMM = 0.75
)

// Reasons about what stands beside a box.
const (
	reasonBeside = "ink-beside" // something written near the box that is not a clear sign
)

// signs is what the zones around a box hold.
type signs struct {
	Left    float64 // extent in mm of the largest separate sign on the left
	Touch   float64 // reach in mm beyond the box of ink that touches it
	Other   float64 // extent of the largest separate ink on the other sides
	Count   int     // separate pieces of sign size on the left
	Runs    bool    // a piece leaves the zone on the left: a line, a text
	Doubt   bool    // a piece on the left is a thin line (streak, fold) or hardly apart from the box
	MinFree float64 // share of the left zone that print leaves free
}

// blob is a connected piece of ink outside the box, in mm on the form.
type blob struct {
	box    geom.Box
	pixels int
	sum    geom.Point
	gap    float64 // least distance to the box
	neigh  bool    // touches another printed box
	leaves bool    // touches the patch's border
}

// extent is the longer side.
func (b blob) extent() float64 { return math.Max(b.box.W, b.box.H) }

// strokeEnd reports what a cross leaves outside a box that was filled over it: a short
// piece off one of the corners. One that is cut off from the corner must be shorter, since
// a sign may stand there.
func (b blob) strokeEnd(mid geom.Point, box geom.Box) bool {
	d := mid.Sub(box.Center())
	if math.Abs(d.X) < 0.4*box.W || math.Abs(d.Y) < 0.4*box.H || b.gap > 0.9 {
		return false
	}
	return b.extent() < strokeEndMM && (b.gap < touchMM || b.extent() < 1.8)
}

// surrounds reports whether the piece leaves the box on three sides or more: a ring.
func (b blob) surrounds(box geom.Box) bool {
	const d = 0.6 // more than the overshoot of a fill on most sides
	n := 0
	for _, out := range [4]float64{box.X - b.box.X, b.box.X + b.box.W - box.X - box.W,
		box.Y - b.box.Y, b.box.Y + b.box.H - box.Y - box.H} {
		if out > d {
			n++
		}
	}
	return n >= 3
}

// clearlyApart reports whether a piece on the left can be a sign: it has width, and stands off
// the box, or at least off its corners, where the ends of a cross are.
func (b blob) clearlyApart(mid geom.Point, box geom.Box) bool {
	width := math.Min(b.box.W, b.box.H)
	atMiddle := math.Abs(mid.Y-box.Center().Y) < 0.3*box.H && width >= signMinMM
	return width >= signThinMM && (b.gap >= signGapMM || atMiddle)
}

// lookBeside measures the zones around the box.
func (c *boxCase) lookBeside() signs {
	area := geom.Box{X: c.box.X - zoneLeftMM, Y: c.box.Y - zoneOtherMM,
		W: c.box.W + zoneLeftMM + zoneOtherMM, H: c.box.H + 2*zoneOtherMM}
	scan, form := lumaOnly(c.scan).Sample(area, markPxPerMM), c.form.Sample(area, markPxPerMM)
	p := c.newInk(scan, form)
	var s signs
	x0, y0, x1, y1 := p.window(geom.Box{X: area.X, Y: c.box.Y, W: zoneLeftMM, H: c.box.H})
	s.MinFree = p.freeShare(x0, y0, x1, y1)
	for _, b := range p.blobs(c.near) {
		s.add(b, c.box)
	}
	return s
}

// add sorts a piece of ink into the zones.
func (s *signs) add(b blob, box geom.Box) {
	if b.neigh {
		return
	}
	mid := geom.Point{X: b.sum.X / float64(b.pixels), Y: b.sum.Y / float64(b.pixels)}
	left := mid.X < box.X && mid.Y > box.Y-0.35*box.H && mid.Y < box.Y+1.35*box.H
	// Signs stand on the left; to the other sides the strokes below a fill may reach further.
	reach := math.Max(box.X-b.box.X, math.Max(b.box.X+b.box.W-box.X-box.W,
		math.Max(box.Y-b.box.Y, b.box.Y+b.box.H-box.Y-box.H))-otherSlackMM)
	switch {
	case b.strokeEnd(mid, box):
	case b.gap < touchMM || b.gap < 0.55 && reach < reachMM && b.extent() < flakeMM:
		s.Touch = math.Max(s.Touch, reach)
		if b.surrounds(box) {
			s.Other = math.Max(s.Other, b.extent())
		}
	case left && b.extent() >= speckMM && !b.clearlyApart(mid, box):
		s.Doubt = true
	case left:
		s.Left = math.Max(s.Left, b.extent())
		if b.extent() >= signMinMM {
			s.Count++
		}
		s.Runs = s.Runs || (b.leaves && b.extent() >= signMinMM)
	default:
		s.Other = math.Max(s.Other, b.extent())
	}
}

// remarked judges the signs beside a filled box: the probability that it is selected
// again, and a reason where a person must look.
func (s signs) remarked() (p float64, reason string) {
	sign := s.Left >= signMinMM
	switch {
	case s.Touch > reachMM || s.Other >= signMinMM || s.Runs || s.Doubt:
		return 0.5, reasonBeside
	case s.MinFree < 0.4: // print covers the zone: a sign might hide
		return 0.3, reasonBeside
	case sign && s.Left <= 6 && s.Count <= 4:
		return 0.9985, ""
	case sign:
		return 0.7, reasonBeside
	case s.Left >= speckMM || s.Other >= 0.9:
		return 0.1, reasonBeside
	}
	return 0.0005, ""
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
	b.leaves = x0 == 0
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
