package print

import (
	"fmt"
	"math"
	"strings"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// Where codes may be, mm.
const (
	edgeMM  = 5.0  // from the paper's edge: what printers and feeders reach
	spineMM = 10.5 // at the bound side: cut off before scanning
	// stripMM is how far from the top and bottom edge codes are looked for by the reader.
	stripMM = 25.0
	// fieldMM is kept free between a box and a quiet zone: a sign beside a box counts, and a code
	// would look like one. It trades room for that; issued exams keep 6 mm to the code itself.
	fieldMM = 4.5
)

// Text beside a code, in points and mm. Courier is 0.6 em wide.
const (
	textPt, smallTextPt = 7.0, 5.5
	courierWidth        = 0.6
	textGap, textPad    = 1.0, 0.5
)

// Placement is where the codes and their text go on a page.
type Placement struct {
	Codes []geom.Box // without their quiet zones: the upper one, then the lower two from left to right
	Text  geom.Box
	Lines int // 1, or 2: the exam, and below it copy and page
	Pt    float64
}

// Layout is where codes go on every page of a form.
type Layout struct{ Pages []Placement }

// NoRoomError tells why a page cannot carry codes.
type NoRoomError struct {
	Page int
	What string
}

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("page %d: no room for %s within %.0f mm of the page's edge", e.Page, e.What, stripMM)
}

// Place finds room for three codes a page and their text on the free margins of a form:
// one at the top and two at the bottom, so that a half turn shows; odd pages are bound on the
// left, even ones on the right. A page without room is a *NoRoomError. s and text are those of any
// page: all have the same size.
func Place(form []raster.FormPage, e *exam.Exam, s Symbol, text string) (Layout, error) {
	var l Layout
	for i, f := range form {
		p := placer{margin: newMargin(f, fields(e, i+1)), symbol: s, odd: i%2 == 0}
		placed, missing := p.place(text)
		if missing != "" {
			return Layout{}, &NoRoomError{Page: i + 1, What: missing}
		}
		l.Pages = append(l.Pages, placed)
	}
	return l, nil
}

// fields are the boxes of a page with the space that belongs to them.
func fields(e *exam.Exam, page int) []geom.Box {
	var all []geom.Box
	for _, b := range e.PageBoxes(page) {
		all = append(all, b.Inset(-fieldMM))
	}
	return all
}

// placer places what one page carries.
type placer struct {
	*margin
	symbol Symbol
	odd    bool
	taken  []geom.Box // codes with their quiet zones
	placed Placement
}

func (p *placer) place(text string) (placed Placement, missing string) {
	s := p.symbol
	left, right := edgeMM, p.w-edgeMM
	if p.odd {
		left = spineMM + s.Quiet
	} else {
		right = p.w - spineMM - s.Quiet
	}
	top := geom.Box{X: left, Y: edgeMM, W: right - left, H: stripMM - edgeMM}
	bottom := geom.Box{X: left, Y: p.h - stripMM, W: right - left, H: stripMM - edgeMM}
	half := bottom
	half.W = p.w/2 - left
	other := bottom
	other.X, other.W = p.w/2, right-p.w/2

	low := bottom.Y + bottom.H - s.H
	outerX, innerX := right-s.W, 20.0
	if !p.odd {
		outerX, innerX = left, p.w-20-s.W
	}
	lowLeft, lowRight := geom.Point{X: math.Min(innerX, outerX), Y: low}, geom.Point{X: math.Max(innerX, outerX), Y: low}
	switch {
	case !p.code(geom.Point{X: outerX, Y: edgeMM}, top):
		return placed, "the code at the top"
	case !p.code(lowLeft, half):
		return placed, "the code at the bottom left"
	case !p.code(lowRight, other):
		return placed, "the code at the bottom right"
	case !p.text(text, left, right):
		return placed, "the text beside a code"
	}
	return p.placed, ""
}

// code places a code as near to want as can be.
func (p *placer) code(want geom.Point, area geom.Box) bool {
	s := p.symbol
	b, ok := p.nearest(s.W, s.H, s.Quiet, want, area, p.taken)
	if ok {
		p.placed.Codes = append(p.placed.Codes, b)
		p.taken = append(p.taken, b.Inset(-s.Quiet))
	}
	return ok
}

// text places the small print: beside a code if it can be, in one line or two; else above or
// below one. The lower codes come first.
func (p *placer) text(text string, left, right float64) bool {
	for _, pt := range []float64{textPt, smallTextPt} {
		for _, places := range []func(c geom.Box, w, h float64) []geom.Box{p.beside, p.above} {
			for _, lines := range []int{1, 2} {
				w, h := textSize(text, lines, pt)
				for _, code := range []int{1, 2, 0} {
					for _, b := range places(p.placed.Codes[code], w, h) {
						if b.X >= left && b.X+b.W <= right && b.Y >= edgeMM && b.Y+b.H <= p.h-edgeMM && p.fits(b.Inset(-textPad), p.taken) {
							p.placed.Text, p.placed.Lines, p.placed.Pt = b, lines, pt
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// beside lists the places of a text right and left of a code.
func (p *placer) beside(c geom.Box, w, h float64) []geom.Box {
	gap := p.symbol.Quiet + textGap
	return []geom.Box{{X: c.X + c.W + gap, Y: c.Y + c.H - h, W: w, H: h}, {X: c.X - gap - w, Y: c.Y + c.H - h, W: w, H: h}}
}

// above lists the places above and below a code, flush with its left or right side.
func (p *placer) above(c geom.Box, w, h float64) []geom.Box {
	gap := p.symbol.Quiet + textGap
	var all []geom.Box
	for _, y := range []float64{c.Y - gap - h, c.Y + c.H + gap} {
		all = append(all, geom.Box{X: c.X, Y: y, W: w, H: h}, geom.Box{X: c.X + c.W - w, Y: y, W: w, H: h})
	}
	return all
}

// textSize is the size (mm) of a text in Courier.
func textSize(text string, lines int, pt float64) (w, h float64) {
	em := pt * mmPerPoint
	for _, line := range textLines(text, lines) {
		w = math.Max(w, float64(len(line))*courierWidth*em)
	}
	return w, float64(lines) * em
}

// textLines splits a code's text before its copy for two lines.
func textLines(text string, lines int) []string {
	if lines == 1 {
		return []string{text}
	}
	i := strings.LastIndexByte(text, '-')
	i = strings.LastIndexByte(text[:max(i, 0)], '-')
	if i < 0 {
		return []string{text, ""}
	}
	return []string{text[:i], text[i+1:]}
}
