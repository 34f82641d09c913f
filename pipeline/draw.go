package pipeline

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"github.com/disintegration/imaging"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// What is drawn on an explanation, and in which colour.
var (
	colourPrint   = color.NRGBA{40, 90, 255, 255} // outline of the print that is expected
	colourEmpty   = color.NRGBA{130, 130, 130, 255}
	colourCrossed = color.NRGBA{0, 150, 60, 255}
	colourFilled  = color.NRGBA{230, 120, 0, 255}
	colourRemark  = color.NRGBA{150, 0, 200, 255}
	colourReview  = color.NRGBA{220, 0, 0, 255} // frame of everything that waits for a person
	colourField   = color.NRGBA{0, 140, 170, 255}
	colourText    = color.NRGBA{20, 20, 20, 255}
)

// remarkZoneMM is how far left of a filled box a sign is looked for (detect's zone).
const remarkZoneMM = 6.5

// sketch draws on a page in mm.
type sketch struct {
	img     *image.NRGBA
	pxPerMM float64
	top     int // height of the panel above the page
}

// drawPage draws the page as it was registered, or as it is where it was refused.
func drawPage(scan *raster.Page, e *exam.Exam, form *Form, x *Explanation, more []string) image.Image {
	lines := append(describePage(x), more...)
	if x.Result.Status != StatusOK {
		return withPanel(imaging.Fit(turned(scan), 1240, 1754, imaging.Box), lines).img
	}
	f := form.pageOf(x.Result)
	px := explainDPI / 25.4
	area := geom.Box{W: f.WidthMM, H: f.HeightMM}
	view := raster.View{Page: scan, MMToPix: x.Result.MMToPix}
	page := patchImage(view.Sample(area, px))
	outline(page, f.Sample(area, px))
	s := withPanel(page, lines)
	s.pxPerMM = px
	s.fields(e, x.Result)
	return s.img
}

// describePage says what is known of the page as a whole.
func describePage(x *Explanation) []string {
	r := x.Result
	lines := []string{fmt.Sprintf("%s page %d: %s", x.Ref.Path, x.Ref.Page, strings.TrimSpace(r.Status+" "+r.Reason))}
	if r.Detail != "" {
		lines = append(lines, r.Detail)
	}
	is := "form page"
	if r.Status != StatusOK {
		is = "at best form page"
	}
	lines = append(lines,
		fmt.Sprintf("%s %d   turned %d deg, skew %.2f deg, scale %.4f, %.2f pixels/mm", is, r.FormPage, r.Rotation, r.SkewDeg, r.Scale, r.PxPerMM),
		fmt.Sprintf("residual %.3f mm   coverage %.2f   margin %.2f", r.ResidualMM, r.Coverage, r.Margin))
	for _, sc := range r.Scores {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("score %s: seen as %q, %s", sc.ID, sc.Text, sc.Reason)))
	}
	for _, c := range r.Codes {
		lines = append(lines, fmt.Sprintf("code %s (%s) at %.0f, %.0f mm", c.Text, c.Symbology, c.Center.X, c.Center.Y))
	}
	return lines
}

// fields draws every field of the page.
func (s *sketch) fields(e *exam.Exam, r PageResult) {
	if own, ok := e.ForCopy(r.Copy); ok {
		e = own
	}
	for _, c := range r.Codes {
		s.mark(geom.Box{X: c.Center.X - 3, Y: c.Center.Y - 3, W: 6, H: 6}, colourField, c.Text)
	}
	if st := r.Sticker; st != nil {
		s.sticker(e.Sticker.Box, st)
	}
	for _, c := range r.Choices {
		for _, b := range c.Boxes {
			s.box(b, true)
		}
	}
	for _, c := range r.Credits {
		for _, col := range c.Columns {
			s.column(col, e.Question(c.Question))
		}
	}
	for _, sc := range r.Scores {
		s.score(e, sc)
	}
}

func (s *sketch) sticker(box geom.Box, st *ocr.StickerReading) {
	s.mark(box, colourField, strings.TrimSpace(fmt.Sprintf("code %q number %q %.4f %s", st.Code, st.Printed, st.Confidence, st.Reason)))
	if st.Reason != "" {
		s.frame(box.Inset(-0.8), colourReview)
	}
}

// box draws one box in the colour of its state, with the zone where a filled one is
// re-marked.
func (s *sketch) box(b detect.BoxReading, label bool) {
	c := stateColour(b.State)
	s.frame(b.Box.Inset(-0.25), c)
	if b.State == detect.Filled || b.State == detect.Remarked {
		s.frame(geom.Box{X: b.Box.X - remarkZoneMM, Y: b.Box.Y - 1, W: remarkZoneMM, H: b.Box.H + 2}, c)
	}
	if b.Reason != "" {
		s.frame(b.Box.Inset(-0.8), colourReview)
	}
	if label && (b.State != detect.Empty || b.Reason != "") {
		s.text(b.Box.X, b.Box.Y+b.Box.H+2.6, c, strings.TrimSpace(fmt.Sprintf("%s %.3f %s", b.State, b.Confidence, b.Reason)))
	}
}

func (s *sketch) column(col detect.ColumnReading, q *exam.Question) {
	if len(col.Cells) == 0 {
		return
	}
	all := col.Cells[0].Box
	for _, b := range col.Cells {
		s.box(b, false)
		all = all.Union(b.Box)
	}
	words := fmt.Sprintf("%s %.3f %s", creditValue(col, q), col.Confidence, col.Reason)
	s.text(all.X, all.Y-1, colourCrossed, strings.TrimSpace(words))
	if col.Reason != "" {
		s.frame(all.Inset(-0.8), colourReview)
	}
}

func (s *sketch) score(e *exam.Exam, sc ScoreResult) {
	for _, f := range e.Scores {
		if f.ID != sc.ID {
			continue
		}
		value := "?"
		if sc.Read {
			value = exam.FormatNumber(sc.Value)
		}
		// Fields stand side by side: the reason is in the panel.
		s.frame(f.Box, colourField)
		s.text(f.Box.X+0.8, f.Box.Y+f.Box.H-0.8, colourField, fmt.Sprintf("%s %.2f", value, sc.Confidence))
		if sc.Reason != "" {
			s.frame(f.Box.Inset(-0.8), colourReview)
		}
	}
}

func stateColour(s detect.State) color.NRGBA {
	switch s {
	case detect.Crossed:
		return colourCrossed
	case detect.Filled:
		return colourFilled
	case detect.Remarked:
		return colourRemark
	default:
		return colourEmpty
	}
}

// mark draws a frame with a text above it.
func (s *sketch) mark(b geom.Box, c color.NRGBA, text string) {
	s.frame(b, c)
	s.text(b.X, b.Y-0.8, c, text)
}

// frame draws the outline of a box (mm), two pixels wide.
func (s *sketch) frame(b geom.Box, c color.NRGBA) {
	r := s.rect(b)
	src := image.NewUniform(c)
	for _, side := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, r.Min.Y+2)}, {image.Pt(r.Min.X, r.Max.Y-2), r.Max},
		{r.Min, image.Pt(r.Min.X+2, r.Max.Y)}, {image.Pt(r.Max.X-2, r.Min.Y), r.Max},
	} {
		draw.Draw(s.img, side, src, image.Point{}, draw.Src)
	}
}

func (s *sketch) rect(b geom.Box) image.Rectangle {
	at := func(v float64) int { return int(v*s.pxPerMM + 0.5) }
	return image.Rect(at(b.X), s.top+at(b.Y), at(b.X+b.W), s.top+at(b.Y+b.H))
}

// patchImage converts a patch to a picture.
func patchImage(p *raster.Patch) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, p.Y.W, p.Y.H))
	for y := range p.Y.H {
		for x := range p.Y.W {
			v := p.Y.At(x, y)
			c := color.NRGBA{v, v, v, 255}
			if p.Cb != nil {
				c.R, c.G, c.B = color.YCbCrToRGB(v, p.Cb.At(x, y), p.Cr.At(x, y))
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// turned is the raw page as its file asks to show it.
func turned(p *raster.Page) image.Image {
	patch := &raster.Patch{Y: p.Y}
	if p.HasColour() {
		view := raster.View{Page: p, MMToPix: geom.Identity()}
		patch = view.Sample(geom.Box{W: float64(p.W()), H: float64(p.H())}, 1)
	}
	m := patchImage(patch)
	switch p.Turn {
	case 90:
		return imaging.Rotate270(m) // imaging turns the other way
	case 180:
		return imaging.Rotate180(m)
	case 270:
		return imaging.Rotate90(m)
	}
	return m
}

// outline draws thin blue lines where the form's print begins.
func outline(img *image.NRGBA, form *raster.Patch) {
	const dark = 150
	p := form.Y
	for y := range p.H {
		for x := range p.W {
			if p.At(x, y) >= dark {
				continue
			}
			if p.At(x-1, y) >= dark || p.At(x+1, y) >= dark || p.At(x, y-1) >= dark || p.At(x, y+1) >= dark {
				c := img.NRGBAAt(x, y)
				img.SetNRGBA(x, y, color.NRGBA{mix(c.R, colourPrint.R), mix(c.G, colourPrint.G), mix(c.B, colourPrint.B), 255})
			}
		}
	}
}

func mix(a, b uint8) uint8 { return uint8((int(a) + int(b)) / 2) }
