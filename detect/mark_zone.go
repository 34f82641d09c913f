package detect

import (
	"math"

	"scan/internal/geom"
)

// A filled box is undone unless a sign stands beside it. The sign belongs on the left,
// where forms leave 5 to 6 mm free. The zone network tells a sign from nothing and from
// what a person must look at; the rules here only say where it is not to be believed.
const (
	zoneLeftMM  = zoneLeftCells * zoneCellMM  // how far left a sign is looked for
	zoneOtherMM = zoneOtherCells * zoneCellMM // how far to the other sides something unexpected is
)

// Reasons about what stands beside a box.
const (
	reasonBeside = "ink-beside" // something written near the box that is not a clear sign
)

// signs is what the zones around a box hold.
type signs struct {
	P       [ZoneClasses]float64 // calibrated probabilities: nothing, a sign, unclear
	Left    float64              // extent in mm of the largest separate piece of ink on the left
	Apart   float64              // the same, of pieces at the height of the box and clear of it
	Touch   float64              // reach in mm beyond the box of ink that touches it
	Other   float64              // extent of the largest separate piece on the other sides
	MinFree float64              // share of the left zone that can be seen
}

// lookBeside judges the zones around the box.
func (c *boxCase) lookBeside() signs {
	p, s := c.zone()
	s.P = zoneNet().Judge(c.zoneInput(p))
	return s
}

// zone measures the ink around the box.
func (c *boxCase) zone() (p *inkPatch, s signs) {
	area := geom.Box{X: c.box.X - zoneLeftMM, Y: c.box.Y - zoneOtherMM,
		W: c.box.W + zoneLeftMM + zoneOtherMM, H: c.box.H + 2*zoneOtherMM}
	scan, form := lumaOnly(c.scan).Sample(area, markPxPerMM), c.form.Sample(area, markPxPerMM)
	p = c.newInk(scan, form)
	if scan.Outside > 0 {
		c.hideOutside(p)
	}
	x0, y0, x1, y1 := p.window(geom.Box{X: area.X, Y: c.box.Y, W: zoneLeftMM, H: c.box.H})
	s.MinFree = p.freeShare(x0, y0, x1, y1)
	for _, b := range p.blobs(c.near) {
		s.add(b, c.box)
	}
	return p, s
}

// hideOutside takes what the scan does not show out of the patch.
func (c *boxCase) hideOutside(p *inkPatch) {
	pg := c.scan.Page
	for y := range p.h {
		for x := range p.w {
			at := c.scan.MMToPix.Apply(geom.Point{X: p.origin.X + (float64(x)+0.5)/markPxPerMM, Y: p.origin.Y + (float64(y)+0.5)/markPxPerMM})
			if at.X < 0 || at.Y < 0 || at.X >= float64(pg.Y.W) || at.Y >= float64(pg.Y.H) {
				p.erase(x, y, x+1, y+1)
			}
		}
	}
}

// Limits of belief. Each lies where the drawn zones of the trainer hold next to no case:
// they guard against pictures unlike all of them.
const (
	minSeen = 0.4 // share of the left zone that must be seen: a sign might hide
	// leastSignMM is the least extent of ink on the left where a sign may be read.
	leastSignMM = 0.8
	// sureSignMM is the extent of a broad piece on the left, clear of the box and at its
	// height, from which only a person may read nothing.
	sureSignMM = 1.8
)

// hidden tells why the zone cannot be judged, or "".
func (s signs) hidden() string {
	if s.MinFree < minSeen {
		return reasonBeside
	}
	return ""
}

// remarked judges the signs beside a box: the probability that they select it, and a reason
// where a person must look whatever that probability is. What is unclear selects it or not
// with equal chance.
func (s signs) remarked() (p float64, reason string) {
	p = s.P[ZoneSign] + s.P[ZoneUnclear]/2
	switch {
	case s.hidden() != "":
		return 0.3, s.hidden()
	case s.P[ZoneUnclear] >= 0.5,
		s.P[ZoneSign] >= 0.5 && math.Max(s.Left, s.Touch) < leastSignMM,
		s.P[ZoneNothing] >= 0.5 && s.Apart >= sureSignMM:
		return p, reasonBeside
	}
	return p, ""
}

// stray tells why a person must look at what stands beside a crossed box, or "". A sign
// beside a cross says what the cross says.
func (s signs) stray() string {
	if s.P[ZoneUnclear] >= 0.5 {
		return reasonBeside
	}
	return ""
}
