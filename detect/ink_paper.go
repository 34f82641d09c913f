package detect

import (
	"scan/internal/geom"
	"scan/internal/raster"
)

// Reasons that stand for "is there clean paper here", asked before ink is judged.
const (
	reasonOffPage     = "off-page"     // the box leaves the scan
	reasonNoPaper     = "no-paper"     // a dark area as of a hole, a fold or black backing
	reasonLowContrast = "low-contrast" // print can hardly be told from paper
	reasonStreak      = "streak"       // a straight line from far above to far below, or across
	reasonNoFrame     = "no-frame"     // the printed frame was not found where it should be
)

// minContrast is the least distance of paper and print in grey levels. It trades
// very pale scans (60) for patches of noise; TestLowContrast objects.
const minContrast = 40

// maxMended is the share of a box that lines over the page may hide. It trades reviews of
// boxes under a smear for marks that could lie under it: of a cross in the rest of the box
// less than half would be seen.
const maxMended = 0.35

// boxEdgeMM is how much of the paper around a box must be on the scan: its frame's blur. Sheets
// lose a strip where the spine was cut off; a box beside the cut can be read all the same.
const boxEdgeMM = 0.3

// onScan reports whether the scan shows the whole box.
func (c *boxCase) onScan() bool {
	for _, p := range c.box.Inset(-boxEdgeMM).Corners() {
		at := c.scan.MMToPix.Apply(p)
		if at.X < 0 || at.Y < 0 || at.X > float64(c.scan.Page.Y.W) || at.Y > float64(c.scan.Page.Y.H) {
			return false
		}
	}
	return true
}

// paperReason tells why the patch cannot be judged, or "".
func (c *boxCase) paperReason(scan *raster.Patch) string {
	switch {
	case scan.Outside > 0 && !c.onScan():
		return reasonOffPage
	case c.tone.Paper < 0.55*float64(c.paper.tone), c.ink.bareInside > 0.1:
		return reasonNoPaper
	case c.tone.contrast() < minContrast:
		return reasonLowContrast
	case c.ink.mended > maxMended:
		return reasonStreak
	}
	return c.streakReason()
}

// streakReason looks for lines through the whole patch that go on beyond it. A line
// beside the box is erased from the ink, one through the box is a reason.
func (c *boxCase) streakReason() string {
	p := c.ink
	bx0, by0, bx1, by1 := p.window(p.box)
	hit := false
	for _, x := range p.fullLines(p.w, p.h, 1, p.w) {
		if !c.goesOn(x, true) {
			continue
		}
		hit = hit || (x >= bx0-1 && x <= bx1)
		p.erase(max(x-2, 0), 0, min(x+3, p.w), p.h)
	}
	for _, y := range p.fullLines(p.h, p.w, p.w, 1) {
		if !c.goesOn(y, false) {
			continue
		}
		hit = hit || (y >= by0-1 && y <= by1)
		p.erase(0, max(y-2, 0), p.w, min(y+3, p.h))
	}
	if hit {
		return reasonStreak
	}
	return ""
}

// fullLines lists the lines (columns or rows) inked from border to border: n lines
// of length l; across steps from line to line, along steps within one.
func (p *inkPatch) fullLines(n, l, across, along int) (lines []int) {
	t := p.threshold()
	for k := 1; k < n-1; k++ {
		o := k * across
		if p.ink[o+2*along] <= t && p.ink[o+3*along] <= t { // cheap refusal of most lines
			continue
		}
		ink, free := 0, 0
		for j := range l {
			i := o + j*along
			if !p.free[i] {
				continue
			}
			free++
			if max(p.ink[i], p.ink[i-across], p.ink[i+across]) > t {
				ink++
			}
		}
		if free > l/3 && ink*100 >= free*93 {
			lines = append(lines, k)
		}
	}
	return lines
}

// goesOn reports whether the line k of the patch is inked on 8 mm beyond both ends:
// the scanner's dirt draws over the whole page, a pen stops.
func (c *boxCase) goesOn(k int, column bool) bool {
	const far, halfWidth = 8.0, 0.25
	r := ringFor(c.box)
	a := c.box.Inset(-r)
	at := (float64(k) + 0.5) / markPxPerMM
	ends := [2]geom.Box{
		{X: a.X + at - halfWidth, Y: a.Y - far, W: 2 * halfWidth, H: far},
		{X: a.X + at - halfWidth, Y: a.Y + a.H, W: 2 * halfWidth, H: far}}
	if !column {
		ends = [2]geom.Box{
			{X: a.X - far, Y: a.Y + at - halfWidth, W: far, H: 2 * halfWidth},
			{X: a.X + a.W, Y: a.Y + at - halfWidth, W: far, H: 2 * halfWidth}}
	}
	for _, e := range ends {
		if c.lineShare(e, column) < 0.85 {
			return false
		}
	}
	return true
}

// lineShare is the share of a narrow strip's unprinted length that is inked.
func (c *boxCase) lineShare(strip geom.Box, column bool) float64 {
	scan, form := lumaOnly(c.scan).Sample(strip, markPxPerMM), c.form.Sample(strip, markPxPerMM)
	p := newInkPatch(scan, form, c.tone, strip, c.maskRadius())
	n, l, across, along := p.w, p.h, 1, p.w
	if !column {
		n, l, across, along = p.h, p.w, p.w, 1
	}
	ink, free := 0, 0
	for j := range l {
		inked, isFree := false, false
		for k := range n {
			i := k*across + j*along
			inked = inked || p.ink[i] > p.threshold()
			isFree = isFree || p.free[i]
		}
		if isFree {
			free++
			if inked {
				ink++
			}
		}
	}
	if free < l/4 {
		return 1 // all print: cannot refute
	}
	return float64(ink) / float64(free)
}

// erase takes a rectangle out of the measurement.
func (p *inkPatch) erase(x0, y0, x1, y1 int) {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			p.ink[y*p.w+x], p.free[y*p.w+x] = 0, false
		}
	}
}

// reason tells why the frame was not found, or "". The limits trade worn and broken
// frames for boxes measured in the wrong place: three sides must be mostly there.
// TestCoveredFrame and TestFitFindsShift object.
func (f frameFit) reason() string {
	if !f.Printed || f.Helped {
		return ""
	}
	if f.Hit < 0.6 || f.Lost > 1 || f.Contrast < 0.25 || f.AtEdge {
		return reasonNoFrame
	}
	return ""
}
