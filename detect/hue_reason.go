package detect

import "math"

// Reasons about who wrote in a box. They need a scan in colour.
const (
	reasonCorrector = "corrector-ink" // ink reserved to correctors would decide a student's box
	reasonStudent   = "student-ink"   // a corrector's cell is marked in ink that is not theirs
)

// inkHue is the colour of a box's ink, for the record.
type inkHue struct {
	Known     bool    // the page is in colour and there is ink enough
	Cb, Cr    float64 // place in the plane of hues, see hue
	Corrector float64 // share of the ink that is red or green, [0,1]
	inkP              // mean over the ink
	seen      *hueMap
	inks      []string // reserved, in a student's box
	apart     bool     // reserved ink was taken away, and the rest is read alone
	beside    float64  // square mm of reserved ink taken away beside the box
}

// leastInk is the ink in square mm of full darkness below which colour is noise.
const leastInk = 0.08

// measureHue looks at the colour of the box's ink, once.
func (c *boxCase) measureHue() {
	if c.hue.seen != nil || c.ink == nil || !c.inColour() {
		return
	}
	m := c.newHueMap(c.ink)
	c.hue.seen, c.hue.inkP = m, m.likely
	c.hue.Cb, c.hue.Cr, c.hue.Corrector = m.hue.X, m.hue.Y, m.likely.Red+m.likely.Green
	c.hue.Known = m.amount(c.tone.contrast()) >= leastInk
}

// inColour reports whether the page shows colours.
func (c *boxCase) inColour() bool {
	return c.scan.Page.HasColour() && (c.paper == nil || !c.paper.grey)
}

const (
	// reservedShare is the share of a mark in reserved ink from which a person looks. Less
	// cannot make another mark of it; it trades marks of two inks for the fringes of bad
	// scanners around fills, up to 0.2. liftShare is the share from which strokes are taken
	// out.
	reservedShare, liftShare = 0.25, 0.07
	// doubtShare is the probability that the ink as a whole is a reserved one from which a
	// person looks. Pale pencil may be anything to 0.25; the darkest green through dull
	// scanners comes to 0.4.
	doubtShare = 0.3
	// ownShare is the least share of the ink that must surely be the student's to be read
	// alone, and ownInk the least amount in square mm: a short thin stroke.
	ownShare, ownInk = 0.25, 0.25
	// mixedShare is the share of ink whose colour is in doubt up to which two inks are
	// taken apart. Where strokes cross, colours mix; more is one ink of odd colour.
	mixedShare = 0.3
	// besideInk is the reserved ink in square mm beside a filled box from which a person
	// looks: the student's sign may lie under it.
	besideInk = 0.3
)

// reserve takes strokes in reserved inks out of a student's box where what is left can be
// read alone: most ink is clearly one or the other, and the rest is a mark.
func (c *boxCase) reserve(inks []string) {
	if len(inks) == 0 || c.why != "" || c.blank() || !c.inColour() {
		return
	}
	c.hue.inks = inks
	c.measureHue()
	if !c.hue.Known {
		return
	}
	are, arent, doubt := c.hue.seen.shares(inks)
	own := arent * c.hue.seen.amount(c.tone.contrast())
	if are <= liftShare || arent < ownShare || own < ownInk || doubt > mixedShare {
		return
	}
	mixed, feat := c.ink, c.feat
	c.ink, _ = mixed.without(c.hue.seen, inks)
	c.feat = measureInk(c.ink)
	if c.blank() || !c.classify().clear() {
		c.ink, c.feat = mixed, feat
		return
	}
	c.hue.apart = true
}

// clear reports a mark that is a cross or a fill and nothing else.
func (k kindP) clear() bool { return math.Max(k[kindCrossed], k[kindFilled]) > 0.95 }

// reservedOut takes reserved ink out of a patch that reaches beyond the box.
func (c *boxCase) reservedOut(p *inkPatch) *inkPatch {
	if c.hue.inks == nil {
		return p
	}
	q, beside := p.without(c.newHueMap(p), c.hue.inks)
	c.hue.beside = beside
	return q
}

// without returns the patch less its ink of the named colours, and how much of that
// was outside the box, in square mm.
func (p *inkPatch) without(m *hueMap, inks []string) (*inkPatch, float64) {
	const f = markPxPerMM / huePxPerMM
	out := *p
	out.ink = make([]float32, len(p.ink))
	taken, t := 0, p.threshold()
	x0, y0, x1, y1 := p.window(p.box)
	for y := range p.h {
		for x := range p.w {
			i := y*p.w + x
			if of := m.ink[min(y/f, m.h-1)*m.w+min(x/f, m.w-1)].of(inks); p.ink[i] > 0 && of > 0.5 {
				if p.ink[i] > t && of > 0.8 && (x < x0 || x >= x1 || y < y0 || y >= y1) {
					taken++
				}
				continue
			}
			out.ink[i] = p.ink[i]
		}
	}
	return &out, float64(taken) / (markPxPerMM * markPxPerMM)
}

// inkReason tells whether the mark in a student's box is in a reserved ink, or "".
// correctors are the reserved inks; where there are none anybody may write in any colour.
func (c *boxCase) inkReason(correctors []string) string {
	if len(correctors) == 0 || c.ink == nil {
		return ""
	}
	c.measureHue()
	if c.hue.beside > besideInk {
		return reasonCorrector
	}
	if !c.hue.Known || c.hue.apart {
		return ""
	}
	if are, _, _ := c.hue.seen.shares(correctors); are > reservedShare || c.hue.seen.whole.of(correctors) > doubtShare {
		return reasonCorrector
	}
	return ""
}

// cellInkReason tells whether the mark in a corrector's cell is in another ink, or "".
func (c *boxCase) cellInkReason(correctors []string) string {
	if len(correctors) == 0 || c.ink == nil {
		return ""
	}
	c.measureHue()
	if c.hue.Known && c.hue.of(correctors) < 0.5 {
		return reasonStudent
	}
	return ""
}
