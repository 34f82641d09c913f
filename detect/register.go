package detect

import (
	"cmp"
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Registration finds which form page a scan shows and where, in four steps, each of which
// may refuse:
//
//	orient  assume a quarter turn, a skew and a scale (likeliest first)
//	match   pair keypoints with each form page, vote, RANSAC     -> within about 0.5 mm
//	fine    correlate anchors, fit robustly, twice                -> within about 0.1 mm
//	verify  residual, coverage, share of anchors, margin to every other form page
//
// The first assumption that verifies wins; a page that verifies under none is refused.

// Hints are what is known of a page before it is looked at. Zero values know nothing.
type Hints struct {
	Expect int // form page that probably comes, counted from 1
}

// Reasons for which a page is refused.
const (
	ReasonBlank     = "blank"     // no print and next to no ink
	ReasonNoMatch   = "no-match"  // nothing on it agrees with any form page
	ReasonFewPoints = "coverage"  // too little of the print is where it must be
	ReasonResidual  = "residual"  // print is there but not in one plane: creased, torn, stretched
	ReasonAmbiguous = "ambiguous" // two form pages fit equally well
	ReasonGeometry  = "geometry"  // the fit is no scan of a flat sheet
)

const (
	// minAnchorShare is the least share of visible anchors that must be verified. Wrong pages
	// of the same exam share header, footer and frames: up to 0.5. Handwriting over the whole
	// page leaves 0.45 and more, so that alone it does not decide (TestRegisterUnderHandwriting).
	minAnchorShare = 0.35
	minAnchors     = 8
	// The score is the share of anchors found times the share of print found. On 48 simulated
	// pages of the two worst levels right pages gave 0.84 and more, wrong ones 0.44 and less;
	// twins are told apart otherwise. From convincingScore on no other orientation is tried;
	// between it and minScore all are, and the best must beat every other page clearly.
	convincingScore = 0.62
	sharpScore      = 0.46
	sharpResidualMM = 0.13
	sharpCoverage   = 0.6
	minScore        = 0.45
	rivalShare      = 0.6 // of a page's score: a page that reaches less is no twin
	// maxResidualMM bounds the RMS of verified anchors. Feed stretch gives up to 0.26, partial
	// fits of the right page 0.3 and more; boxes are fitted locally within 1.2 mm afterwards.
	maxResidualMM   = 0.29
	doubtResidualMM = 0.2 // above it only a convincing score will do
	// minCoverage is the least share of the printed area between verified anchors: a transform
	// held by one corner says nothing about the other.
	minCoverage = 0.35
	// minMargin is the least evidence against every other form page. Right pages give 0.5 to 0.95,
	// pages under dense handwriting 0.3; below it a person decides (TestRegisterTwins).
	minMargin     = 0.18
	minTwinMargin = 0.12 // the same for pages that differ by small print only (correlation)
)

// coarsePage is the scan reduced: fine to about anchorPxPerMM, in which anchors are looked
// up, and coarse to about coarsePxPerMM, in which the page is recognised.
type coarsePage struct {
	fine       *raster.Page
	fineFactor int           // pixels of the scan per pixel of fine
	factor     int           // the same of the coarse planes
	plane      *raster.Plane // stretched
	smooth     *raster.Plane
	points     []keypoint
	skews      []float64
	inkPart    float64 // share of dark pixels with paper around them
	bright     float64 // share of the image that is as bright as paper
	paperGrey  int     // grey level of paper
}

// Register finds the form page that p shows. It is a pure function of its arguments and
// safe for concurrent use.
func (f *Form) Register(p *raster.Page, h Hints) Registered {
	all := contest{form: f, refusal: Registered{View: raster.View{Page: p}, Reason: ReasonNoMatch}}
	var c *coarsePage
	scale, reducedFor := 0.0, 0.0
	for i, o := range f.orientations(p) {
		if len(all.verified) > 0 && i > 0 && o.pxPerMM != scale {
			break // found at the likeliest scale in some turn; other scales would only find less
		}
		if c == nil || math.Abs(o.pxPerMM/reducedFor-1) > 0.3 {
			c = reduceForCoarse(p, o.pxPerMM, minSpan)
			if c.blank() {
				return f.faintOrBlank(p, o, h, &all)
			}
			reducedFor = o.pxPerMM
		}
		scale = o.pxPerMM
		for _, skew := range c.skews[:min(o.skews, len(c.skews))] {
			f.tryOrientation(p, c, o, skew, h, &all)
			if all.settled() {
				return all.result()
			}
		}
	}
	return all.result()
}

// contest gathers the pages that verify, and the best of the refusals.
type contest struct {
	form     *Form
	verified []Registered // one a form page, its best
	refusal  Registered
}

func (c *contest) add(r Registered) {
	if !r.OK {
		if betterRefusal(r, c.refusal) {
			c.refusal = r
		}
		return
	}
	for i, v := range c.verified {
		if v.FormPage == r.FormPage {
			if r.score > v.score {
				c.verified[i] = r
			}
			return
		}
	}
	c.verified = append(c.verified, r)
}

// settled reports whether a page was found beyond doubt, so that no other orientation needs
// to be tried.
func (c *contest) settled() bool { return slices.ContainsFunc(c.verified, convincing) }

// convincing reports whether a page need not be looked for elsewhere: enough is found, or
// less but sharply and all over the page, as under handwriting. Chance fits are never sharp.
func convincing(r Registered) bool {
	return r.score >= convincingScore ||
		r.score >= sharpScore && r.ResidualMM <= sharpResidualMM && r.Coverage >= sharpCoverage
}

// result returns the page that beats every other one that verified, compared piece by piece,
// each under its own transform; if none does, the page is refused as ambiguous.
func (c *contest) result() Registered {
	if len(c.verified) == 0 {
		return c.refusal
	}
	slices.SortStableFunc(c.verified, func(a, b Registered) int { return cmp.Compare(b.score, a.score) })
	for i, r := range c.verified {
		r.Margin = min(r.Margin, c.leastMargin(i))
		if r.Margin >= minTwinMargin {
			return r
		}
	}
	r := c.verified[0]
	r.OK, r.Reason = false, ReasonAmbiguous
	return r
}

func (c *contest) leastMargin(i int) float64 {
	r, least := c.verified[i], 1.0
	for j, o := range c.verified {
		switch {
		case j == i:
		case o.score < rivalShare*r.score: // not a twin: found by chance, in another orientation
		default:
			least = min(least, c.form.duel(r.View, r.FormPage-1, o.View, o.FormPage-1))
		}
	}
	return least
}

const (
	// blankInk and blankPoints tell a blank sheet: specks, show-through and a scanner's shadow
	// stay below both; a footer alone is above.
	blankInk    = 0.0006
	blankPoints = 14
	// strongNoble is the response of a clear corner; noise stays below 200.
	strongNoble = 600
	// blankPaper is the least grey level of a blank sheet and blankBright the least share of
	// the image that must be paper: a black, negative or dark scan is not blank but wrong.
	blankPaper  = 150
	blankBright = 0.5
)

// blank reports whether the image shows a sheet of paper with nothing on it.
func (c *coarsePage) blank() bool {
	return c.inkPart < blankInk && c.bright >= blankBright && c.paperGrey >= blankPaper && c.strongPoints() < blankPoints
}

// faintOrBlank looks once more at a sheet that seems blank, with its contrast stretched to
// the full: a pale scan of a form is that form, and its boxes say what can be read.
func (f *Form) faintOrBlank(p *raster.Page, o orientation, h Hints, all *contest) Registered {
	c := reduceForCoarse(p, o.pxPerMM, faintSpan)
	for _, turn := range []int{o.rotation, (o.rotation + 180) % 360} {
		o.rotation = turn
		f.tryOrientation(p, c, o, c.skews[0], h, all)
	}
	if len(all.verified) > 0 {
		return all.result()
	}
	all.refusal.Reason = ReasonBlank
	return all.refusal
}

// strongPoints counts clear corners on paper: with paper around them on all sides, so that
// the sheet's own edge on a dark backing does not count.
func (c *coarsePage) strongPoints() int {
	n := 0
	for _, k := range c.points {
		n += boolInt(k.noble > strongNoble && c.onPaper(k.x, k.y))
	}
	return n
}

// onPaper reports whether the plane is bright 7 mm away in eight directions.
func (c *coarsePage) onPaper(x, y int) bool {
	const d, e = int(7 * coarsePxPerMM), int(5 * coarsePxPerMM)
	for _, o := range [8][2]int{{d, 0}, {-d, 0}, {0, d}, {0, -d}, {e, e}, {e, -e}, {-e, e}, {-e, -e}} {
		if c.smooth.At(x+o[0], y+o[1]) < 150 {
			return false
		}
	}
	return true
}

// betterRefusal prefers the refusal that came furthest, to tell the person more.
func betterRefusal(r, best Registered) bool {
	rank := []string{ReasonNoMatch, ReasonGeometry, ReasonFewPoints, ReasonResidual, ReasonAmbiguous}
	return slices.Index(rank, r.Reason) > slices.Index(rank, best.Reason)
}

// orientation is an assumption about how the sheet lies in the image.
type orientation struct {
	rotation int     // clockwise quarter turn that brings the pixels upright
	pxPerMM  float64 // pixels of the image per mm of the form
	skews    int     // how many skew candidates to try
	window   float64 // how far the sheet may lie from the middle (mm)
}

// orientations lists assumptions, likeliest first: upright by the file's word and the page's
// shape at its stated resolution, then turned, then other scales.
func (f *Form) orientations(p *raster.Page) []orientation {
	w, h := f.pages[0].WidthMM, f.pages[0].HeightMM
	turns := []int{p.Turn, (p.Turn + 180) % 360, (p.Turn + 90) % 360, (p.Turn + 270) % 360}
	if sideways(p, p.Turn) != (w > h) {
		turns = []int{turns[2], turns[3], turns[0], turns[1]}
	}
	var out []orientation
	for i, s := range scales(p, w, h) {
		if i == 0 {
			out = append(out, orientation{turns[0], s, 3, nearWindowMM})
		}
		for _, t := range turns {
			n := 3
			if i > 0 {
				n = 1
			}
			out = append(out, orientation{t, s, n, windowMM})
		}
	}
	return out
}

// sideways reports whether the image, turned by turn, is wider than high.
func sideways(p *raster.Page, turn int) bool { return (p.W() > p.H()) != (turn%180 == 90) }

// scales lists the likely pixels per mm: as the file claims, as the size of the image says,
// and 7 % around the better one.
func scales(p *raster.Page, w, h float64) []float64 {
	bySize := float64(max(p.W(), p.H())) / max(w, h)
	base := bySize
	if d := math.Sqrt(p.DPIX*p.DPIY) / 25.4; d > 0 {
		// A claim is believed if the sheet it gives is no smaller than 0.8 and no larger
		// than twice the form.
		if r := bySize / d; r > 0.8 && r < 2.1 {
			base = d
		}
	}
	out := []float64{base}
	if r := bySize / base; r < 0.975 || r > 1.025 {
		out = append(out, bySize)
	}
	return append(out, base*0.93, base*1.075)
}

func reduceForCoarse(p *raster.Page, pxPerMM float64, minSpan int) *coarsePage {
	c := &coarsePage{fineFactor: max(1, int(math.Round(pxPerMM/anchorPxPerMM)))}
	c.fine = &raster.Page{Y: p.Y.Reduce(c.fineFactor), SubX: 1, SubY: 1}
	more := coarseFactor(pxPerMM / float64(c.fineFactor))
	c.factor = c.fineFactor * more
	grey := c.fine.Y.Reduce(more)
	c.plane = stretch(grey, minSpan)
	hist := histogram(grey)
	c.paperGrey = paperLevel(&hist)
	c.smooth = smooth3(c.plane)
	c.points = findKeypoints(c.plane, pxPerMM/float64(c.factor), scanKeypointBlock)
	c.skews = skewCandidates(c.plane, 2)
	if !slices.Contains(c.skews, 0) {
		c.skews = append(c.skews, 0)
	}
	c.inkPart, c.bright = c.inkShare()
	return c
}

// inkShare returns the share of dark pixels with paper around them, and of bright pixels.
func (c *coarsePage) inkShare() (ink, bright float64) {
	dark, light := 0, 0
	for y := range c.plane.H {
		for x, v := range c.plane.Pix[y*c.plane.Stride:][:c.plane.W] {
			switch {
			case v >= 150:
				light++
			case c.onPaper(x, y):
				dark++
			}
		}
	}
	n := float64(max(c.plane.W*c.plane.H, 1))
	return float64(dark) / n, float64(light) / n
}

// tryOrientation matches the page to all form pages under one assumption and enters the
// likeliest into the contest.
func (f *Form) tryOrientation(p *raster.Page, c *coarsePage, o orientation, skew float64, h Hints, all *contest) {
	// The image shows the sheet turned by -rotation; skew is what the pixels are turned by.
	angle := float64((360-o.rotation)%360) + skew
	coarseScale := o.pxPerMM / float64(c.factor)
	first := &f.pages[0]
	centre := geom.Point{X: float64(c.plane.W) / 2, Y: float64(c.plane.H) / 2}
	mmToCoarse := geom.Translate(centre).Mul(geom.RotateDeg(angle)).Mul(geom.ScaleBy(coarseScale, coarseScale)).
		Mul(geom.Translate(geom.Point{X: -first.WidthMM / 2, Y: -first.HeightMM / 2}))
	coarseToMM, _ := mmToCoarse.Inverse()
	mm := make([]geom.Point, len(c.points))
	for i, k := range c.points {
		mm[i] = coarseToMM.Apply(k.pos())
	}
	sp := newScanPoints(mm, describe(c.smooth, c.points, coarseScale, angle))
	extra := sheetExcess(p, o, first)
	wx, wy := o.window+extra.X, o.window+extra.Y
	var fits []coarseFit
	quick := o.window == nearWindowMM
	ranked := f.rank(sp, wx, wy, quick, h)
	for _, cand := range ranked {
		if quick && float64(cand.votes) < twinInliers*float64(ranked[0].votes) {
			break
		}
		toMM, n := ransac(sp.matchPage(&f.pages[cand.page], wx, wy, 1))
		fits = append(fits, coarseFit{cand.page, toMM, n})
	}
	slices.SortStableFunc(fits, func(a, b coarseFit) int { return b.inliers - a.inliers })
	var twins []int
	for _, fit := range fits {
		if fit.inliers >= minInliers && float64(fit.inliers) >= twinInliers*float64(fits[0].inliers) {
			twins = append(twins, fit.page)
		}
	}
	for i, page := range twins {
		all.add(f.finish(p, c, page, twins, mmToCoarse.Mul(fits[i].toMM), o))
	}
}

// coarseFit is a form page with the transform on which most of its pairs agree.
type coarseFit struct {
	page    int
	toMM    geom.Homography
	inliers int
}

// twinInliers is the share of the most agreeing pairs from which another page is looked at
// too: twins share all but a number, other pages of an exam a third and less.
const twinInliers = 0.45

// sheetExcess returns by how much half the image exceeds half the form (mm): a small sheet
// on a large scanner bed may lie anywhere on it.
func sheetExcess(p *raster.Page, o orientation, f *formIndex) geom.Point {
	w, h := float64(p.W())/o.pxPerMM, float64(p.H())/o.pxPerMM
	if o.rotation%180 == 90 {
		w, h = h, w
	}
	clamp := func(v float64) float64 { return min(max(v, 0), 80) }
	return geom.Point{X: clamp((w - f.WidthMM) / 2), Y: clamp((h - f.HeightMM) / 2)}
}

// candidate is a form page whose pairs vote for a common shift.
type candidate struct{ page, votes int }

const (
	// maxCandidates is how many form pages get a RANSAC in each orientation.
	maxCandidates = 4
	// rankPoints is about how many keypoints of a form page take part in a quick vote; pages
	// under dense handwriting need all of them (TestRegisterUnderHandwriting).
	rankPoints = 180
)

func (f *Form) rank(sp *scanPoints, windowX, windowY float64, quick bool, h Hints) []candidate {
	out := make([]candidate, len(f.pages))
	for i := range f.pages {
		step := 1
		if quick {
			step = max(1, len(f.pages[i].points)/rankPoints)
		}
		votes := shiftPeak(sp.matchPage(&f.pages[i], windowX, windowY, step))
		out[i] = candidate{i, votes * step}
	}
	slices.SortStableFunc(out, func(a, b candidate) int {
		if d := b.votes - a.votes; d != 0 {
			return d
		}
		// Equal votes (twins): the expected page is looked at first; it gains nothing else.
		return boolInt(b.page == h.Expect-1) - boolInt(a.page == h.Expect-1)
	})
	return out[:min(maxCandidates, len(out))]
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
