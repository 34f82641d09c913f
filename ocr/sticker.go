package ocr

import (
	"math"
	"slices"
	"strings"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Reasons of a StickerReading, words of docs/formats.md.
const (
	reasonNoSticker = "no-sticker"         // the field is as printed
	reasonCode      = "code-unreadable"    // something is there, no code could be read
	reasonTwoCodes  = "two-codes"          // two different codes
	reasonDiffer    = "code-number-differ" // code and printed number say different things
	reasonNoNumber  = "number-unreadable"  // a code that needs its number's confirmation lacks it
)

// Where and how finely a sticker is looked for.
const (
	stickerZone         = 20.0 // mm around the field in which a sticker may lie
	coarseStickerPerMM  = 7.0  // pix a mm of the first look: a module of 0.35 mm gets 2.5
	minFineStickerPerMM = 8.0  // of the second look, for all that failed
	maxFineStickerPerMM = 12.0 // 300 dpi; finer scans are averaged down
)

// Confidence of what a sticker says. Code and number are read by different means
// from different ink: both wrong alike needs two faults that match. A
// Reed-Solomon code alone is proven module by module (Data Matrix) or by 7 to 28
// check codewords (QR); Code 128 alone has one check character and bands that agree.
const (
	confidenceBoth   = 0.99999
	confidenceRS     = 0.9999
	confidenceWeak   = 0.995
	confidenceDiffer = 0.5 // one of the two is wrong; which one is for a person
)

// ReadSticker looks for a code in and around the sticker field (mm) of a registered
// cover page and for the number printed beside it. form is the blank cover; what is
// printed there is neither code nor number.
func (r *Reader) ReadSticker(v raster.View, form raster.FormPage, box geom.Box) StickerReading {
	zone := box.Inset(-stickerZone)
	if form.Page != nil {
		zone = zone.Intersect(geom.Box{W: form.WidthMM, H: form.HeightMM})
	}
	hits := stickerCodes(v, zone, coarseStickerPerMM, codeWays[:1])
	if len(hits) == 0 {
		blank := form.Page != nil && asPrinted(v, form.View, box)
		hits = harderLook(v, zone, fineStickerPerMM(v, box), blank)
	}
	hits = slices.DeleteFunc(hits, func(h codeHit) bool { return notOfSticker(h, form, box) })
	texts := distinctTexts(hits)
	switch len(texts) {
	case 0:
		return r.noCode(v, form, box)
	case 1:
		return r.withNumber(v, form, hits)
	}
	return StickerReading{Code: strings.Join(texts, " | "), Symbology: hits[0].symbology, Reason: reasonTwoCodes}
}

// harderLook looks for codes in all ways, the last time without the ink of pens. Where
// the field is blank it is only looked for a sticker beside it.
func harderLook(v raster.View, zone geom.Box, pxPerMM float64, blank bool) []codeHit {
	if blank {
		return stickerCodes(v, zone, pxPerMM, codeWays[:2])
	}
	hits := stickerCodes(v, zone, pxPerMM, codeWays)
	if len(hits) == 0 && v.Page.HasColour() {
		hits = stickerCodes(withoutPens(v, zone), zone, pxPerMM, codeWays[:3])
	}
	return hits
}

// stickerCodes looks for codes with sides of 3.5 to 50 mm in a zone and returns them
// with their corners in mm.
func stickerCodes(v raster.View, zone geom.Box, pxPerMM float64, ways []codeWay) []codeHit {
	hits := findCodes(sampleBox(v, zone, pxPerMM), codeSearch{3.5 * pxPerMM, 50 * pxPerMM, len(ways) > 1}, ways)
	hits = slices.DeleteFunc(hits, func(h codeHit) bool { return !legible(h.text) })
	return mapHits(hits, geom.Homography{1 / pxPerMM, 0, zone.X, 0, 1 / pxPerMM, zone.Y, 0, 0, 1})
}

// withoutPens returns a view whose luminance in a zone (mm) is the largest of red,
// green and blue, a quarter beyond luminance: blue, red and green ink become about as
// light as paper, and what is within a fifth of paper becomes paper; what is printed
// black stays.
func withoutPens(v raster.View, zone geom.Box) raster.View {
	p := v.Page
	_, paper := quantiles(sampleBox(v, zone, 2), 0.1, 0.6)
	y := &raster.Plane{Pix: slices.Clone(p.Y.Pix), Stride: p.Y.Stride, W: p.Y.W, H: p.Y.H}
	b := codeHit{quad: zone.Corners()}.mapped(v.MMToPix).bounds(2)
	for py := max(int(b.Y), 0); py < min(int(b.Y+b.H), p.Y.H); py++ {
		for px := max(int(b.X), 0); px < min(int(b.X+b.W), p.Y.W); px++ {
			cb, cr := int(p.Cb.At(px/p.SubX, py/p.SubY))-128, int(p.Cr.At(px/p.SubX, py/p.SubY))-128
			more := max(359*cr, -88*cb-183*cr, 454*cb, 0) * 5 / 4 / 256 // red, green, blue less luminance (JFIF), a quarter more
			o := py*y.Stride + px
			if light := int(y.Pix[o]) + more; 5*light > 4*paper {
				y.Pix[o] = uint8(paper)
			} else {
				y.Pix[o] = uint8(light)
			}
		}
	}
	return raster.View{Page: &raster.Page{Y: y}, MMToPix: v.MMToPix}
}

func fineStickerPerMM(v raster.View, box geom.Box) float64 {
	sx, sy := v.MMToPix.ScaleAt(box.Center())
	return math.Min(math.Max(math.Max(sx, sy), minFineStickerPerMM), maxFineStickerPerMM)
}

// notOfSticker recognises codes (corners in mm) that belong to the page: a page
// code outside the field, or a code that the blank form carries at that place.
func notOfSticker(h codeHit, form raster.FormPage, box geom.Box) bool {
	if _, _, _, ok := ParsePageCode(h.text); ok && !box.Contains(h.center()) {
		return true
	}
	if form.Page == nil || !inked(sampleBox(form.View, h.bounds(0), 3)) {
		return false
	}
	return slices.ContainsFunc(stickerCodes(form.View, h.bounds(2), coarseStickerPerMM, codeWays[:1]),
		func(f codeHit) bool { return f.text == h.text })
}

// inked reports whether an eighth of a plane is dark: no code has less.
func inked(p *raster.Plane) bool {
	dark := 0
	for _, g := range p.Pix {
		if g < 160 {
			dark++
		}
	}
	return 8*dark > len(p.Pix)
}

func distinctTexts(hits []codeHit) []string {
	var texts []string
	for _, h := range hits {
		if !slices.Contains(texts, h.text) {
			texts = append(texts, h.text)
		}
	}
	return texts
}

// withNumber compares a sticker's code (hits agree, corners in mm) with the number
// beside it, if need be once more without the ink of pens.
func (r *Reader) withNumber(v raster.View, form raster.FormPage, hits []codeHit) StickerReading {
	s := r.besideCode(v, form, hits)
	if s.Confidence < confidenceBoth && v.Page.HasColour() {
		clean := withoutPens(v, hits[0].bounds(printedHalfW))
		if t := r.besideCode(clean, form, hits); t.Confidence == confidenceBoth {
			return t
		}
	}
	return s
}

// besideCode looks for the number: text lies along the code's own direction on most
// stickers, so that is tried first, the other three after it.
func (r *Reader) besideCode(v raster.View, form raster.FormPage, hits []codeHit) StickerReading {
	h := hits[0]
	s := StickerReading{Value: h.text, Code: h.text, Symbology: h.symbology, Confidence: confidenceRS, Doubt: h.doubt}
	var wipe [][4]geom.Point
	for _, h := range hits {
		wipe = append(wipe, h.grownQuad(0.6))
	}
	for _, turn := range []float64{0, 90, -90, 180} {
		number, agree := r.readPrinted(newWindow(v, form.View, h.center(), h.angleDeg()+turn, wipe), h.text)
		if agree {
			s.Printed, s.Confidence = number, confidenceBoth
			return s
		}
		if s.Printed == "" && turn == 0 {
			s.Printed = number
		}
	}
	switch {
	case s.Printed != "":
		s.Confidence, s.Reason = confidenceDiffer, reasonDiffer
	case h.weak():
		s.Confidence, s.Reason = confidenceWeak, reasonNoNumber
	}
	return s
}

// noCode tells an empty field from a sticker whose code cannot be read, and reads
// the latter's number for the person who will look.
func (r *Reader) noCode(v raster.View, form raster.FormPage, box geom.Box) StickerReading {
	if form.Page != nil && asPrinted(v, form.View, box) {
		return StickerReading{Reason: reasonNoSticker}
	}
	w := newWindow(v, form.View, box.Center(), 0, nil)
	number, _ := r.readPrinted(w, "")
	return StickerReading{Printed: number, Reason: reasonCode}
}

// asPrinted reports whether the field (mm) looks like the blank form: hardly any new
// ink, and the form's own ink where it should be. A sticker covers the one or
// brings the other. The limits leave room for dust and for a registration 0.4 mm
// off; TestStickerReasons objects.
func asPrinted(v, form raster.View, box geom.Box) bool {
	const pxPerMM = 6
	p, f := sampleBox(v, box, pxPerMM), sampleBox(form, box, pxPerMM)
	lo, hi := quantiles(p, 0.01, 0.8)
	ink := darkMask(p, 2*pxPerMM, max(15, (hi-lo)/5))
	near, nearInk := grown(formInk(f), 3), grown(ink, 3) // 0.5 mm
	added, covered, printed := 0, 0, 0
	for i := range p.Pix {
		if ink.Pix[i] != 0 && near.Pix[i] == 0 {
			added++
		}
		if f.Pix[i] < 150 {
			printed++
			if nearInk.Pix[i] == 0 {
				covered++
			}
		}
	}
	return added < 3*pxPerMM*pxPerMM && 4*covered <= printed // 3 mm2 of ink, a quarter covered
}
