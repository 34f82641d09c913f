package pipeline

import (
	"fmt"
	"math"
)

// Booklets by the order of the scan
//
// Without page codes a booklet is a stretch of the scan. The pages that were
// recognised are cut into stretches by dynamic programming over all places to cut;
// each stretch costs what is strange about it, and the cheapest cut wins. So a lost
// page, a lost cover, a page fed twice and a sheet turned over each disturb their own
// booklet alone, and a stack fed backwards is as good as one fed forwards.
//
// The unit of cost is one missing page.
const (
	// A page fed twice is rarer than a lost one, and two students' pages taken for one
	// is worse than one student's taken for two: both halves then show as incomplete.
	costDuplicate = 4
	// Per page that the scan jumps back. A sheet turned over jumps back by one.
	costBack = 0.1
	// A whole stretch backwards, so that forwards wins where both fit.
	costBackwards = 0.05
	// A stretch without cover, on top of the missing page.
	costNoCover = 0.5
	// A cover behind its sheet's back page (2 1 4 3 ...): sheets fed turned over.
	costCoverSecond = 0.2
	// A cover amid its booklet: it may well be the next one's.
	costCoverInside = 3
	// A stretch over the end of a file of several pages.
	costFileEnd = 0.3
)

// byOrder puts the pages own (indices in scan order) together to booklets.
func (a *assembler) byOrder(own []int) {
	if runs := parityRuns(a.pages, own, a.exam.Pages); runs != nil {
		a.byParity(runs)
		return
	}
	cuts := a.cut(own, a.required)
	for _, s := range cuts {
		b := a.newBooklet(fmt.Sprintf("B%03d", len(a.booklets)+1), "")
		a.fill(b, own[s.from:s.to], s)
	}
	a.sendStraysHome()
	a.doubtShift(cuts)
	a.adoptBetween()
}

// doubtShift doubts covers that may belong to other pages than those they lie on. The sign
// is a cover alone: its pages lie on the next cover (1 1 2-16), and if another booklet has
// no cover, all between may be shifted by one (1 1 2-16 2-16, 2-16 1-16 1-16 1).
func (a *assembler) doubtShift(cuts []stretch) {
	if len(a.required) < 2 {
		return
	}
	for i := range cuts {
		if !a.loneCover(i) {
			continue
		}
		a.doubtCovers(i, a.nextBare(i, -1))
		a.doubtCovers(i, a.nextBare(i, +1))
		if i+1 < len(cuts) && !cuts[i+1].backwards {
			a.doubtCovers(i, i+1)
		}
		if i > 0 && cuts[i-1].backwards {
			a.doubtCovers(i, i-1)
		}
	}
}

// loneCover reports whether booklet i is a cover and nothing else.
func (a *assembler) loneCover(i int) bool {
	_, cover := a.booklets[i].Pages[1]
	return cover && len(a.booklets[i].Pages) == 1
}

// nextBare returns the next booklet without cover in a direction, from if there is none.
func (a *assembler) nextBare(from, step int) int {
	for i := from + step; i >= 0 && i < len(a.booklets); i += step {
		if _, cover := a.booklets[i].Pages[1]; !cover {
			return i
		}
	}
	return from
}

// doubtCovers doubts the booklets between two, both included; one alone is not doubted.
func (a *assembler) doubtCovers(i, j int) {
	if i == j {
		return
	}
	for _, b := range a.booklets[min(i, j) : max(i, j)+1] {
		b.Doubt = reasonCover
	}
}

// stretch is own[from:to] taken as one booklet.
type stretch struct {
	from, to  int
	backwards bool
	misplaced bool // its cover is not where a cover is
	cost      float64
}

// fill joins the pages of a stretch to its booklet.
func (a *assembler) fill(b *Booklet, pages []int, s stretch) {
	if s.misplaced {
		b.Doubt = reasonCover
	}
	last := 0
	for k, i := range pages {
		n, reason := a.pages[i].FormPage, ""
		switch {
		case s.backwards:
			reason = reasonBackwards
			if k > 0 && n > last {
				reason = reasonOutOfOrder
			}
		case k > 0 && n < last:
			reason = reasonOutOfOrder
		}
		last = n
		a.join(b, i, reason)
	}
}

// cut finds the cheapest stretches. Their length is bounded by two booklets and a
// few pages more, which no sensible stretch exceeds.
func (a *assembler) cut(own []int, required []int) []stretch {
	n := len(own)
	best := make([]stretch, n+1) // best[i]: the last stretch of the cheapest cut of own[:i]
	for i := 1; i <= n; i++ {
		best[i].cost = math.Inf(1)
	}
	longest := 2*a.exam.Pages + 8
	for from := range n {
		m := a.newMeasure(required)
		for to := from + 1; to <= min(n, from+longest); to++ {
			if !m.add(own[to-1]) {
				break
			}
			s := m.stretch()
			s.from, s.to, s.cost = from, to, s.cost+best[from].cost
			if s.cost < best[to].cost {
				best[to] = s
			}
		}
	}
	var cuts []stretch
	for to := n; to > 0; to = best[to].from {
		cuts = append(cuts, best[to])
	}
	for i, j := 0, len(cuts)-1; i < j; i, j = i+1, j-1 {
		cuts[i], cuts[j] = cuts[j], cuts[i]
	}
	return cuts
}

// measure is the cost of a stretch that grows page by page.
type measure struct {
	a                *assembler
	required         int
	want, have       map[int]bool
	got, count       int     // required pages there; all pages
	shared           float64 // costs that do not depend on the direction
	back, forth      float64 // pages jumped back and forth
	cover, coverPage int     // position of the cover from 1, 0 if none; its index
	beforeCover      int     // the form page before the cover, 0 if none
	last             int     // index of the last page, -1 if none
}

func (a *assembler) newMeasure(required []int) *measure {
	m := &measure{a: a, required: len(required), want: map[int]bool{}, have: map[int]bool{}, last: -1}
	for _, n := range required {
		m.want[n] = true
	}
	return m
}

// add takes one more page; false if no booklet can hold it.
func (m *measure) add(i int) bool {
	p := &m.a.pages[i]
	n := p.FormPage
	if n == 1 && m.cover > 0 && !sameSticker(&m.a.pages[m.coverPage], p) {
		return false
	}
	m.count++
	if n == 1 && m.cover == 0 {
		m.cover, m.coverPage = m.count, i
		if m.last >= 0 {
			m.beforeCover = m.a.pages[m.last].FormPage
		}
	}
	if m.have[n] {
		m.shared += costDuplicate
	} else if m.have[n] = true; m.want[n] {
		m.got++
	}
	if m.last >= 0 {
		q := &m.a.pages[m.last]
		if d := float64(q.FormPage - n); d > 0 {
			m.back += d
		} else {
			m.forth -= d
		}
		if q.Path != p.Path && (!q.Alone || !p.Alone) {
			m.shared += costFileEnd
		}
	}
	m.last = i
	return true
}

// stretch returns the cost so far, in the direction that is cheaper.
func (m *measure) stretch() stretch {
	cost := m.shared + float64(m.required-m.got)
	if m.cover == 0 && m.want[1] {
		cost += costNoCover
	}
	up, upMisplaced := coverCost(m.cover)
	down, downMisplaced := coverCost(m.count + 1 - m.cover)
	if m.beforeCover > m.a.exam.Pages/2+1 {
		// ... 15 16 1 is no booklet fed backwards, whose cover follows page 2.
		down, downMisplaced = costCoverInside, true
	}
	if m.cover == 0 {
		up, down, upMisplaced, downMisplaced = 0, 0, false, false
	}
	up += costBack * m.back
	down += costBack*m.forth + costBackwards
	if down < up {
		return stretch{cost: cost + down, backwards: true, misplaced: downMisplaced}
	}
	return stretch{cost: cost + up, misplaced: upMisplaced}
}

// coverCost takes the cover's position counted from where a cover belongs.
func coverCost(position int) (cost float64, misplaced bool) {
	switch position {
	case 1:
		return 0, false
	case 2:
		return costCoverSecond, false
	}
	return costCoverInside, true
}

// sameSticker tells whether two covers are surely the same student's.
func sameSticker(a, b *Scanned) bool {
	return a.Sticker != nil && b.Sticker != nil && a.Sticker.Value != "" && a.Sticker.Value == b.Sticker.Value
}

// adoptBetween names the booklet of pages that are nothing by themselves (blank,
// refused, unreadable) where the pages before and behind belong to the same one. It
// is for finding them again: they stay what they are.
func (a *assembler) adoptBetween() {
	before := make([]string, len(a.placed))
	name := ""
	for i, p := range a.placed {
		if before[i] = name; p.Booklet != "" {
			name = p.Booklet
		}
	}
	name = ""
	for i := len(a.placed) - 1; i >= 0; i-- {
		p := &a.placed[i]
		if p.Booklet != "" {
			name = p.Booklet
		} else if name != "" && name == before[i] && p.Status != StatusForeign {
			p.Booklet = name
		}
	}
}
