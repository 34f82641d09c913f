package ocr

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Where the number beside a code is looked for: a window around it, turned so that
// the text lies level. Stickers are up to 65 x 34 mm and carry the code at one end.
const (
	printedHalfW, printedHalfH = 36.0, 18.0 // mm
	printedPxPerMM             = 10.0
	paperPix                   = 16 // 1.6 mm: paper is what is lighter than the mean around it
)

// Characters that stand 1.2 to 7 mm high can be the number: below is small print,
// above a heading.
const minDigitMM, maxDigitMM = 1.2, 7.0

// printedLine is a line of characters in the pix of its window. slope is dy/dx.
type printedLine struct {
	x0, y0, x1, y1 int
	height         int // of the tallest character
	slope          float64
	dist           float64 // from the window's middle, in characters' heights
	touched        bool    // other ink runs into it: it may confirm a code but not contradict it
}

// window is a turned piece of a page around a point, with what is printed on the
// form and the code itself wiped out.
type window struct {
	plane *raster.Plane
	mask  *raster.Plane // 1 where a character may be
}

// newWindow samples the window about center (mm), turned by deg clockwise. wipe are
// quadrilaterals (mm) that hold no text.
func newWindow(v raster.View, form raster.View, center geom.Point, deg float64, wipe [][4]geom.Point) window {
	toMM := geom.Translate(center).Mul(geom.RotateDeg(deg)).
		Mul(geom.Homography{1 / printedPxPerMM, 0, -printedHalfW, 0, 1 / printedPxPerMM, -printedHalfH, 0, 0, 1})
	const w, h = int(2 * printedHalfW * printedPxPerMM), int(2 * printedHalfH * printedPxPerMM)
	around := geom.Box{X: center.X - 1, Y: center.Y - 1, W: 2, H: 2}
	n := oversample(v.MMToPix, around, printedPxPerMM)
	p := sampleLuma(v.Page.Y, v.MMToPix.Mul(toMM), w, h, n)
	fromMM, _ := toMM.Inverse()
	for _, q := range wipe {
		fillQuad(p, codeHit{quad: q}.mapped(fromMM).quad, 255)
	}
	lo, hi := quantiles(p, 0.01, 0.8)
	mask := darkMask(p, paperPix, max(10, (hi-lo)/5))
	if form.Page != nil {
		removePrinted(mask, sampleLuma(form.Page.Y, form.MMToPix.Mul(toMM), w, h, 1))
	}
	return window{p, mask}
}

// formOff is how far (pix of a window, 0.4 mm) the form's ink may lie from where
// registration puts it.
const formOff = 4

// formInk marks the dark pixels of a form.
func formInk(form *raster.Plane) *raster.Plane {
	dark := raster.NewPlane(form.W, form.H)
	for i, g := range form.Pix {
		if g < 200 {
			dark.Pix[i] = 1
		}
	}
	return dark
}

// grown marks pixels with a marked pixel in the square of 2r+1 around them.
func grown(mask *raster.Plane, r int) *raster.Plane {
	in := newIntegral(mask)
	out := raster.NewPlane(mask.W, mask.H)
	for y := range mask.H {
		for x := range mask.W {
			if in.mean(x-r, y-r, x+r+1, y+r+1) > 0 {
				out.Pix[y*mask.W+x] = 1
			}
		}
	}
	return out
}

// removePrinted clears the components of a mask that are the form's own ink: they
// lie on it by nine tenths, and around them (2.5 mm) the form can be seen. Where it
// cannot, a sticker covers it, and whatever crosses its lines is on the sticker.
func removePrinted(mask, form *raster.Plane) {
	ink := formInk(form)
	near, scanned := grown(ink, formOff), grown(mask, formOff/2)
	seen := raster.NewPlane(ink.W, ink.H)
	for i, m := range ink.Pix {
		seen.Pix[i] = m & scanned.Pix[i]
	}
	inkSum, seenSum := newIntegral(ink), newIntegral(seen)
	labels, comps := components(mask)
	on := make([]int, len(comps)+1)
	for i, l := range labels {
		if l > 0 && near.Pix[i] != 0 {
			on[l]++
		}
	}
	drop := make([]bool, len(comps)+1)
	for _, c := range comps {
		const r = 25
		x0, y0, x1, y1 := c.x0-r, c.y0-r, c.x1+r, c.y1+r
		visible := seenSum.mean(x0, y0, x1, y1) > 0.6*inkSum.mean(x0, y0, x1, y1)
		drop[c.label] = visible && 10*on[c.label] >= 9*c.n
	}
	for i, l := range labels {
		if drop[l] {
			mask.Pix[i] = 0
		}
	}
}

// lines groups the window's characters to lines, the nearest to its middle first.
func (w window) lines() []printedLine {
	labels, all := components(w.mask)
	lo, hi := minDigitMM*printedPxPerMM, maxDigitMM*printedPxPerMM
	var comps []component
	large := make([]bool, len(all)+1)
	for _, c := range all {
		h, wd := float64(c.y1-c.y0), float64(c.x1-c.x0)
		large[c.label] = h > hi || wd > hi && wd > 2.5*h
		if h >= lo && h <= hi && wd <= 8*h && c.n >= c0Pixels(h) {
			comps = append(comps, c)
		}
	}
	slices.SortFunc(comps, func(a, b component) int { return cmp.Compare(a.x0, b.x0) })
	used := make([]bool, len(comps))
	var lines []printedLine
	for i := range comps {
		if !used[i] {
			used[i] = true
			if l, ok := w.line(chain(comps, used, i)); ok {
				l.touched = w.touched(l, labels, large)
				lines = append(lines, l)
			}
		}
	}
	slices.SortFunc(lines, func(a, b printedLine) int { return cmp.Compare(a.dist, b.dist) })
	return lines
}

// touched reports whether something too large for a character lies in a line or
// within its height before and behind it, where a character may be hidden.
func (w window) touched(l printedLine, labels []int32, large []bool) bool {
	for y := max(l.y0-l.height/6, 0); y < min(l.y1+l.height/6, w.plane.H); y++ {
		for x := max(l.x0-l.height, 0); x < min(l.x1+l.height, w.plane.W); x++ {
			if large[labels[y*w.mask.W+x]] {
				return true
			}
		}
	}
	return false
}

// c0Pixels is the least ink of a character of height h: an upright stroke of a
// twentieth of its height.
func c0Pixels(h float64) int { return int(h * h / 20) }

// chain follows a line of text from character i to the right: like heights, a gap
// of at most 1.1 heights, the middle moving by at most a quarter height.
func chain(comps []component, used []bool, i int) []component {
	line := []component{comps[i]}
	last := comps[i]
	for j := i + 1; j < len(comps); j++ {
		c := comps[j]
		h := float64(max(last.y1-last.y0, c.y1-c.y0))
		gap := float64(c.x0 - last.x1)
		if used[j] || gap < -0.2*h {
			continue
		}
		if gap > 1.1*h {
			break
		}
		if float64(min(last.y1-last.y0, c.y1-c.y0)) > 0.65*h && math.Abs(float64(c.y0+c.y1-last.y0-last.y1)) < 0.5*h {
			line, last, used[j] = append(line, c), c, true
		}
	}
	return line
}

// line measures a chain; ok is false if it is too short for a number of three
// digits.
func (w window) line(chain []component) (printedLine, bool) {
	first, last := chain[0], chain[len(chain)-1]
	l := printedLine{x0: first.x0, x1: last.x1, y0: first.y0, y1: first.y1}
	for _, c := range chain {
		l.y0, l.y1, l.x1 = min(l.y0, c.y0), max(l.y1, c.y1), max(l.x1, c.x1)
		l.height = max(l.height, c.y1-c.y0)
	}
	if dx := last.x0 + last.x1 - first.x0 - first.x1; dx > 2*l.height {
		l.slope = float64(last.y0+last.y1-first.y0-first.y1) / float64(dx)
	}
	dx := math.Max(0, math.Max(float64(l.x0-w.plane.W/2), float64(w.plane.W/2-l.x1)))
	dy := math.Max(0, math.Max(float64(l.y0-w.plane.H/2), float64(w.plane.H/2-l.y1)))
	l.dist = math.Hypot(dx, dy) / float64(l.height)
	return l, float64(l.x1-l.x0) > 1.3*float64(l.height) && math.Abs(l.slope) < 0.2
}

// ocrHeights are the heights in pix a line's characters get for the OCR engine: it
// was trained on about the first; where that disagrees with the code the others are
// asked, as a coarse scan loses a doubled digit at one size and not at another.
var ocrHeights = []float64{34, 46, 26}

// crop returns a line levelled, scaled to characters of ocrHeight pix, stretched to
// full contrast and with a white border. Neighbours above and below are cut off.
func (w window) crop(l printedLine, ocrHeight float64) *raster.Plane {
	const border = 12
	k := float64(l.height) / ocrHeight
	len1 := float64(l.x1-l.x0) / k
	out := raster.NewPlane(int(len1)+2*border, int(ocrHeight)+2*border)
	mid := geom.Point{X: float64(l.x0+l.x1) / 2, Y: float64(l.y0+l.y1) / 2}
	m := geom.Translate(mid).Mul(geom.RotateDeg(math.Atan(l.slope) * 180 / math.Pi)).
		Mul(geom.Homography{k, 0, -k * float64(out.W) / 2, 0, k, -k * float64(out.H) / 2, 0, 0, 1})
	s := sampleLuma(w.plane, m, out.W, out.H, max(1, int(math.Round(k))))
	lo, hi := quantiles(s, 0.02, 0.6)
	for y := range out.H {
		for x := range out.W {
			g := 255
			if y >= border-5 && y < out.H-border+5 && x >= border-8 && x < out.W-border+8 {
				g = min(max((int(s.Pix[y*s.W+x])-lo)*255/max(hi-lo, 1), 0), 255)
			}
			out.Pix[y*out.W+x] = uint8(g)
		}
	}
	return out
}

// The characters a number may be made of.
const (
	digits   = "0123456789"
	alphanum = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-"
)

// maxLines bounds the OCR calls of a cover: 7 ms each.
const maxLines = 6

// readPrinted reads the number printed beside the code that says want, in a window
// level with it. agree is true if a line says exactly want. Otherwise number is the
// nearest line no other ink runs into that reads alike at two sizes, and as digits both
// when only digits are allowed and when letters are, and is about as long as want; ""
// if there is none.
func (r *Reader) readPrinted(w window, want string) (number string, agree bool) {
	allowed := digits
	if strings.Trim(want, digits) != "" {
		allowed = alphanum
	}
	lines := w.lines()
	lines = lines[:min(len(lines), maxLines)]
	for _, l := range lines {
		text := r.ocrLine(w.crop(l, ocrHeights[0]), allowed)
		if text == "" {
			continue
		}
		if says(text, want) {
			return text, true
		}
		if !numberLike(text, want) {
			continue
		}
		same := 0
		for _, h := range ocrHeights[1:] {
			other := r.ocrLine(w.crop(l, h), allowed)
			if want != "" && says(other, want) {
				return other, true
			}
			if other == text {
				same++
			}
		}
		if number == "" && same > 0 && (want == "" || !l.touched) &&
			(allowed == alphanum || r.ocrLine(w.crop(l, ocrHeights[0]), alphanum) == text) {
			number = text
		}
	}
	return number, false
}

// says reports whether a printed line is what the code says, or all its digits if
// they are at least four.
func says(text, want string) bool {
	return text == want || len(text) >= 4 && text == onlyDigits(want)
}

// numberLike reports whether a line can be meant to be want: at least three
// characters, most of them digits if want has digits only, and its length at most
// two off.
func numberLike(text, want string) bool {
	if want == "" {
		return len(text) >= 3
	}
	d := len(text) - len(want)
	return len(text) >= 3 && d <= 2 && d >= -2 && len(onlyDigits(text)) >= len(onlyDigits(want))/2
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// ocrLine reads a line with blanks removed; an engine that fails reads "".
func (r *Reader) ocrLine(p *raster.Plane, allowed string) string {
	if r.ocr == nil {
		r.ocr = &tesseract{}
	}
	text, err := r.ocr.line(p, allowed)
	if err != nil {
		if r.err == nil {
			r.err = err
		}
		return ""
	}
	return strings.Join(strings.Fields(text), "")
}
