package detect

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// finish makes a coarse transform fine, verifies it, and tells the page from every other but
// its twins: those are registered themselves and meet in the contest.
func (f *Form) finish(p *raster.Page, c *coarsePage, page int, twins []int, mmToCoarse geom.Homography, o orientation) Registered {
	factor := float64(c.factor)
	toPix := geom.ScaleBy(factor, factor).Mul(mmToCoarse)
	r, seen := f.fit(p, c, page, toPix, o)
	if r.Reason != "" {
		return r
	}
	for range 2 { // a better page found on the way is fitted and judged afresh, once
		margin, rival := f.margin(r.View, seen, page, twins)
		r.Margin = margin.value
		switch {
		case margin.value >= margin.needed:
			r.OK = true
			return r
		case margin.value > -margin.needed:
			r.Reason = ReasonAmbiguous
			return r
		}
		page = rival
		if r, seen = f.fit(p, c, page, r.MMToPix, o); r.Reason != "" {
			return r
		}
	}
	r.Reason = ReasonAmbiguous
	return r
}

// fit locates the anchors of one form page and fits the transform to them. Reason is "" if
// residual, coverage and geometry hold; seen is the scan's ink under the fitted transform.
func (f *Form) fit(p *raster.Page, c *coarsePage, page int, toPix geom.Homography, o orientation) (r Registered, seen shown) {
	idx := &f.pages[page]
	r = Registered{View: raster.View{Page: p, MMToPix: toPix}, FormPage: page + 1, Rotation: o.rotation, paper: &lazyPaper{}}
	good, visible, ok := locateAnchors(&r, idx, c)
	if !ok {
		r.Reason = ReasonNoMatch
		return r, seen
	}
	f.describeFit(&r, idx, good, p, o)
	share := float64(len(good)) / float64(max(visible, 1))
	seen = c.warp(r.MMToPix, idx)
	r.score = share * recall(seen.ink, seen.paper, idx)
	switch {
	case len(good) < 5 || share < minAnchorShare/2:
		r.Reason = ReasonNoMatch
	case !flatSheet(r.MMToPix, idx, o):
		r.Reason = ReasonGeometry
	case len(good) < min(minAnchors, max(5, len(idx.anchors)/2)) || share < minAnchorShare ||
		r.score < minScore || r.Coverage < minCoverage:
		r.Reason = ReasonFewPoints
	case r.ResidualMM > maxResidualMM || r.ResidualMM > doubtResidualMM && !convincing(r):
		r.Reason = ReasonResidual
	}
	return r, seen
}

// locateAnchors makes r's transform fine: a third of the anchors is looked up widely and
// fitted, then all of them closely. If the third does not hold, all are looked up widely, again
// and again while more are found: what holds in one part of the page grows over it.
func locateAnchors(r *Registered, idx *formIndex, c *coarsePage) (good []found, visible int, ok bool) {
	wide, seen := locateSome(r.MMToPix, idx, c, 1.6, 3)
	if h, kept, ok := robustFit(r.MMToPix, wide); ok && len(kept) >= 9 && 4*len(kept) >= 3*seen {
		r.MMToPix = h
	} else if !growFit(r, idx, c) {
		return nil, 0, false
	}
	near, visible := locateSome(r.MMToPix, idx, c, 0.7, 1)
	r.MMToPix, good, ok = robustFit(r.MMToPix, near)
	return good, visible, ok
}

func growFit(r *Registered, idx *formIndex, c *coarsePage) bool {
	most := 0
	for range 6 {
		wide, seen := locateSome(r.MMToPix, idx, c, 1.6, 1)
		h, kept, ok := robustFit(r.MMToPix, wide)
		if !ok {
			return most > 0
		}
		if len(kept) <= most {
			break
		}
		most = len(kept)
		r.MMToPix = h
		if 3*most >= 2*seen {
			break
		}
	}
	return true
}

// locateSome looks up every step-th anchor within reach mm and returns those that correlate,
// and how many could be seen.
func locateSome(toPix geom.Homography, idx *formIndex, c *coarsePage, reach float64, step int) (hits []found, visible int) {
	k := float64(c.fineFactor)
	fine := raster.View{Page: c.fine, MMToPix: geom.ScaleBy(1/k, 1/k).Mul(toPix)}
	for i := 0; i < len(idx.anchors); i += step {
		a := idx.anchors[i].locate(fine, reach)
		a.pix = a.pix.Scale(k)
		visible += boolInt(a.visible)
		if a.ncc >= anchorNCC {
			hits = append(hits, a)
		}
	}
	return hits, visible
}

// robustFit fits an affine map, or a homography where anchors are many and it fits clearly
// better, to the anchors that agree with it, tightening what agreeing means round by round.
func robustFit(start geom.Homography, all []found) (geom.Homography, []found, bool) {
	h := start
	for _, tolMM := range []float64{2.2, 1.2, 0.8, 0.7} {
		s, _ := h.ScaleAt(geom.Point{X: 100, Y: 150})
		keep := within(h, all, tolMM*s)
		if len(keep) < 5 {
			return start, keep, false
		}
		src, dst := ends(keep)
		g, ok := geom.FitAffine(src, dst)
		if !ok {
			return start, keep, false
		}
		h = g
		// Eight free parameters follow noise unless many anchors, far apart, hold them.
		if tolMM < 1 && len(keep) >= 20 && geom.HullArea(src) > 120*150 {
			if g, ok := geom.FitHomography(src, dst); ok && rms(g, keep) < 0.85*rms(h, keep) {
				h = g
			}
		}
	}
	s, _ := h.ScaleAt(geom.Point{X: 100, Y: 150})
	return h, within(h, all, 0.7*s), true
}

func within(h geom.Homography, all []found, tol float64) []found {
	var out []found
	for _, a := range all {
		if h.Apply(a.form).Sub(a.pix).Norm() <= tol {
			out = append(out, a)
		}
	}
	return out
}

func ends(fs []found) (src, dst []geom.Point) {
	for _, a := range fs {
		src, dst = append(src, a.form), append(dst, a.pix)
	}
	return src, dst
}

// rms returns the root mean square residual in pixels.
func rms(h geom.Homography, fs []found) float64 {
	sum := 0.0
	for _, a := range fs {
		d := h.Apply(a.form).Sub(a.pix)
		sum += d.X*d.X + d.Y*d.Y
	}
	return math.Sqrt(sum / float64(max(len(fs), 1)))
}

// describeFit fills in what is reported of a fit.
func (f *Form) describeFit(r *Registered, idx *formIndex, good []found, p *raster.Page, o orientation) {
	mid := geom.Point{X: idx.WidthMM / 2, Y: idx.HeightMM / 2}
	sx, sy := r.MMToPix.ScaleAt(mid)
	r.PxPerMM = math.Sqrt(sx * sy)
	r.ResidualMM = rms(r.MMToPix, good) / r.PxPerMM
	r.SkewDeg = wrap180(r.MMToPix.AngleAt(mid) + float64(o.rotation))
	r.Scale = 1
	if d := math.Sqrt(p.DPIX * p.DPIY); d > 0 {
		r.Scale = r.PxPerMM * 25.4 / d
	}
	var all []geom.Point
	for _, a := range idx.anchors {
		all = append(all, a.center)
	}
	src, _ := ends(good)
	if area := geom.HullArea(all); area > 0 {
		r.Coverage = geom.HullArea(src) / area
	}
}

func wrap180(deg float64) float64 {
	for deg > 180 {
		deg -= 360
	}
	for deg <= -180 {
		deg += 360
	}
	return deg
}

// flatSheet reports whether the transform can be a flat sheet on a scanner: near-square
// pixels, near-right angles, little perspective, a skew and scale that were promised.
func flatSheet(h geom.Homography, idx *formIndex, o orientation) bool {
	var angles []float64
	for _, c := range (geom.Box{W: idx.WidthMM, H: idx.HeightMM}).Corners() {
		sx, sy := h.ScaleAt(c)
		ax := h.AngleAt(c)
		dy := h.Apply(c.Add(geom.Point{Y: 1})).Sub(h.Apply(c))
		ay := math.Atan2(dy.Y, dy.X)*180/math.Pi - 90
		if r := sx / sy; r < 0.88 || r > 1.14 {
			return false
		}
		if math.Abs(wrap180(ax-ay)) > 2.5 || math.Abs(wrap180(ax+float64(o.rotation))) > skewMaxDeg+3 {
			return false
		}
		if s := sx / o.pxPerMM; s < 0.86 || s > 1.14 {
			return false
		}
		angles = append(angles, ax)
	}
	return math.Abs(wrap180(slices.Max(angles)-slices.Min(angles))) < 2
}

// shown is what a scan shows in the frame of a form page.
type shown struct{ ink, paper inkMap }

// warp returns the scan's ink and paper in the frame of a form page.
func (c *coarsePage) warp(mmToPix geom.Homography, idx *formIndex) (s shown) {
	k := 1 / float64(c.factor)
	s.ink, s.paper = scanInk(c.smooth, geom.ScaleBy(k, k).Mul(mmToPix), idx.print.w, idx.print.h)
	return s
}

// judged is a margin and what it must reach.
type judged struct{ value, needed float64 }

// margin compares the page with every form page but its twins on the scan's ink; rival is the page
// it is told apart from least.
func (f *Form) margin(v raster.View, seen shown, page int, twins []int) (judged, int) {
	worst, rival := judged{1, minMargin}, -1
	if len(f.pages) == 1 {
		return worst, rival
	}
	idx := &f.pages[page]
	for b := range f.pages {
		if b == page || slices.Contains(twins, b) {
			continue
		}
		m := judged{needed: minMargin}
		var decided bool
		m.value, decided = evidence(seen.ink, seen.paper, idx, &f.pages[b])
		if !decided || m.value < minMargin {
			if t, ok := f.compare(v, page, b); ok {
				m = judged{t, minTwinMargin}
			} else if !decided {
				m.value = 0
			}
		}
		if m.value-m.needed < worst.value-worst.needed {
			worst, rival = m, b
		}
	}
	return worst, rival
}
