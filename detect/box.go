package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// markPxPerMM is the density at which ink is measured, pixels per mm. It trades time
// (quadratic) for the thinnest stroke kept apart from paper: at 10 a 0.2 mm pen is two
// pixels wide, and a box of 4.3 mm costs 5,300 pixels.
const markPxPerMM = 10

// ringMM is how far around a box ink is measured. It must hold the strokes of a cross
// that leave the box (1 mm is common) and stay below the 3.2 mm gap between two rows.
const ringMM = 1.5

// ringFor returns the ring of a box: larger boxes draw larger marks.
func ringFor(b geom.Box) float64 { return math.Max(ringMM, 0.35*math.Max(b.W, b.H)) }

// boxCase is one printed box on one scanned page, and what is measured of it, stage by
// stage: tone, fit, ink, features.
type boxCase struct {
	scan          raster.View   // moved by the local fit
	form          raster.View   //
	box           geom.Box      // mm on the form
	near          []geom.Box    // other printed boxes of the page
	paper         *PageState    // of the whole page
	fit           frameFit      //
	tone          tone          // local paper and print levels
	seen, printed *raster.Patch // scan and form on box and ring
	ink           *inkPatch     // ink on box and ring
	feat          inkFeatures   //
	why           string        // a reason found before classification
	hue           inkHue        //
}

// newCase prepares the measurement of a box.
func newCase(reg raster.View, form raster.FormPage, box geom.Box, near []geom.Box, paper *PageState) *boxCase {
	return &boxCase{scan: reg, form: form.View, box: box, near: near, paper: paper}
}

// measure runs the three questions in order: where is the box, is there clean paper,
// what ink is on it. It stops at the first that cannot be answered; c.why says which.
func (c *boxCase) measure() {
	c.fit = fitFrame(c.scan, c.form, c.box, fullSearch)
	c.measureFitted()
}

// measureFitted measures a box whose place is known.
func (c *boxCase) measureFitted() {
	c.scan.MMToPix = c.scan.MMToPix.Mul(geom.Translate(c.fit.Shift))
	area := c.box.Inset(-ringFor(c.box))
	scan := lumaOnly(c.scan).Sample(area, markPxPerMM)
	form := c.form.Sample(area, markPxPerMM)
	c.tone = measureTone(scan, form)
	c.ink = c.newInk(scan, form)
	if scan.Outside > 0 {
		c.hideOutside(c.ink)
	}
	c.seen, c.printed = scan, form
	c.why = c.paperReason(scan)
	if c.why == "" {
		c.why = c.fit.reason()
	}
	c.feat = measureInk(c.ink)
}

// maskRadius is the distance in mm around print inside which darkness is not counted
// as ink: one scan pixel of blur, at least 0.15 mm of print gain and misfit.
func (c *boxCase) maskRadius() float64 {
	sx, sy := c.scan.MMToPix.ScaleAt(c.box.Center())
	return math.Min(0.35, math.Max(0.15, 1/math.Min(sx, sy)))
}

// fitted is the box on the page as registered, after the local fit.
func (c *boxCase) fitted() geom.Box { return c.box.Shift(c.fit.Shift) }

// lumaOnly returns the view without its chroma planes: they are sampled only where
// ink was found.
func lumaOnly(v raster.View) raster.View {
	if !v.Page.HasColour() {
		return v
	}
	p := *v.Page
	p.Cb, p.Cr = nil, nil
	return raster.View{Page: &p, MMToPix: v.MMToPix}
}
