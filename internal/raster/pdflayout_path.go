package raster

import (
	"math"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scan/internal/geom"
)

// path adds the subpaths of a painted path object.
func (l *layoutReader) path(o references.FPDF_PAGEOBJECT, toMM affine) {
	style, painted := l.style(o, toMM)
	if !painted {
		return
	}
	for _, sub := range l.subpaths(o, toMM) {
		s := style
		s.Box, s.Rect = bounds(sub.corners), !sub.curved && isRect(sub.corners)
		s.Round = sub.curved && isRound(sub.ends, s.Box)
		s.Box = s.Box.Inset(-s.Stroke / 2)
		l.out.Shapes = append(l.out.Shapes, s)
	}
}

// style reads how a path is painted: its line, its fill.
func (l *layoutReader) style(o references.FPDF_PAGEOBJECT, toMM affine) (s Shape, painted bool) {
	mode, err := l.inst.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
	if err != nil {
		return s, false
	}
	if mode.FillMode != enums.FPDF_FILLMODE_NONE {
		if c, err := l.inst.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o}); err == nil {
			s.Filled, s.Fill = true, darkness(c.FillColor.R, c.FillColor.G, c.FillColor.B, c.FillColor.A)
		}
	}
	if mode.Stroke {
		if w, err := l.inst.FPDFPageObj_GetStrokeWidth(&requests.FPDFPageObj_GetStrokeWidth{PageObject: o}); err == nil {
			s.Stroke = math.Max(float64(w.StrokeWidth)*toMM.scale(), 0.05) // a width of 0 is the thinnest line
		}
		if c, err := l.inst.FPDFPageObj_GetStrokeColor(&requests.FPDFPageObj_GetStrokeColor{PageObject: o}); err == nil {
			s.Dark = darkness(c.StrokeColor.R, c.StrokeColor.G, c.StrokeColor.B, c.StrokeColor.A)
		}
	}
	return s, s.Filled || s.Stroke > 0
}

// darkness is 1 - luminance (ITU-R BT.601), over white paper.
func darkness(r, g, b, a uint) float64 {
	y := (0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b)) / 255
	return (1 - y) * float64(a) / 255
}

type subpath struct {
	corners []geom.Point // with the points that curves are drawn towards
	ends    []geom.Point // those on the path
	curved  bool
}

func (l *layoutReader) subpaths(o references.FPDF_PAGEOBJECT, toMM affine) (all []subpath) {
	n, err := l.inst.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: o})
	if err != nil || n.Count > maxSegments {
		return nil
	}
	curve := 0 // points since the last curve began
	for i := range n.Count {
		s, err := l.inst.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: o, Index: i})
		if err != nil {
			return nil
		}
		t, err1 := l.inst.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s.PathSegment})
		p, err2 := l.inst.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment})
		if err1 != nil || err2 != nil {
			return nil
		}
		if t.Type == enums.FPDF_SEGMENT_MOVETO || len(all) == 0 {
			all = append(all, subpath{})
		}
		last := &all[len(all)-1]
		last.corners = append(last.corners, toMM.apply(float64(p.X), float64(p.Y)))
		if t.Type == enums.FPDF_SEGMENT_BEZIERTO {
			last.curved = true
			curve++
		} else {
			curve = 0
		}
		if curve%3 == 0 {
			last.ends = append(last.ends, last.corners[len(last.corners)-1])
		}
	}
	return all
}

func bounds(ps []geom.Point) geom.Box {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range ps {
		x0, y0, x1, y1 = math.Min(x0, p.X), math.Min(y0, p.Y), math.Max(x1, p.X), math.Max(y1, p.Y)
	}
	return geom.Box{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}
}

// isRect reports whether the corners run along the sides of their bounding box.
func isRect(ps []geom.Point) bool {
	const tol = 0.02 // mm
	if len(ps) < 4 || len(ps) > 6 {
		return false
	}
	b := bounds(ps)
	for i, p := range ps {
		q := ps[(i+1)%len(ps)]
		if math.Abs(p.X-q.X) > tol && math.Abs(p.Y-q.Y) > tol {
			return false
		}
		onX := p.X-b.X < tol || b.X+b.W-p.X < tol
		onY := p.Y-b.Y < tol || b.Y+b.H-p.Y < tol
		if !onX || !onY {
			return false
		}
	}
	return b.W > tol && b.H > tol
}

// isRound reports whether a curved outline is an ellipse or a rectangle with round corners: its
// points lie on the ellipse of its bounds, or on the bounds.
func isRound(ends []geom.Point, b geom.Box) bool {
	const tol = 0.04 // of the half axes
	c := b.Center()
	for _, p := range ends {
		u, v := math.Abs(p.X-c.X)/(b.W/2), math.Abs(p.Y-c.Y)/(b.H/2)
		if math.Abs(math.Hypot(u, v)-1) > tol && math.Abs(u-1) > tol && math.Abs(v-1) > tol {
			return false
		}
	}
	return len(ends) >= 4 && b.W > 0 && b.H > 0
}

// words reads the text, split at spaces and wide gaps.
func (l *layoutReader) words() error {
	r, err := l.inst.GetPageTextStructured(&requests.GetPageTextStructured{Page: l.page,
		Mode: requests.GetPageTextStructuredModeChars, CollectFontInformation: true})
	if err != nil {
		return damaged("the text of the page cannot be read (%v)", err)
	}
	var w Word
	end := func() {
		if w.Text != "" {
			l.out.Words = append(l.out.Words, w)
		}
		w = Word{}
	}
	for _, c := range r.Chars {
		a := l.toMM.apply(c.PointPosition.Left, c.PointPosition.Top)
		b := l.toMM.apply(c.PointPosition.Right, c.PointPosition.Bottom)
		box := bounds([]geom.Point{a, b})
		size := 0.0
		if c.FontInformation != nil {
			size = c.FontInformation.RenderedSize
		}
		if isSign(c.Text) && box.W > 1 && box.H > 1 {
			l.out.Signs = append(l.out.Signs, Word{Text: c.Text, Box: box, SizePt: size})
		}
		if strings.TrimFunc(c.Text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) == "" {
			end()
			continue
		}
		if w.Text != "" && !follows(w.Box, box) {
			end()
		}
		if w.Text == "" {
			w.Box, w.SizePt = box, size
		}
		w.Text += c.Text
		w.Box = bounds([]geom.Point{{X: w.Box.X, Y: w.Box.Y}, {X: w.Box.X + w.Box.W, Y: w.Box.Y + w.Box.H},
			{X: box.X, Y: box.Y}, {X: box.X + box.W, Y: box.Y + box.H}})
	}
	end()
	return nil
}

// isSign reports whether a character may be a printed box: a geometric shape, a dingbat, or
// one of a symbol font that has no code of its own.
func isSign(text string) bool {
	for _, r := range text {
		switch {
		case r >= 0x25A0 && r <= 0x27BF, r >= 0xE000 && r <= 0xF8FF, r >= 0x2B1A && r <= 0x2B1C:
			return true
		case r != ' ' && r != '\n' && r != '\r' && r != '\t' && unicode.IsControl(r), r == unicode.ReplacementChar:
			return true
		}
	}
	return false
}

// follows reports whether a character continues a word: on its line, without a gap.
func follows(word, c geom.Box) bool {
	h := math.Max(math.Max(word.H, c.H), 1.5)
	gap := c.X - word.X - word.W
	return gap > -0.7*h && gap < 0.45*h && c.Y < word.Y+word.H+0.5*h && c.Y+c.H > word.Y-0.5*h
}

// fields lists the widgets of a page by their full names.
func (f *pdfFile) fields(page int, toMM affine) (all []FormField) {
	if f.xref == nil || f.pages[page].dict == nil {
		return nil
	}
	for _, o := range f.array(f.pages[page].dict["Annots"]) {
		d, err := f.dict(o)
		if err != nil || d == nil {
			continue
		}
		if kind, _ := f.name(d["Subtype"]); kind != "Widget" {
			continue
		}
		r := f.array(d["Rect"])
		if len(r) != 4 {
			continue
		}
		var v [4]float64
		for i := range v {
			v[i], _ = f.float(r[i])
		}
		field := FormField{Box: bounds([]geom.Point{toMM.apply(v[0], v[1]), toMM.apply(v[2], v[3])})}
		field.Name, field.Kind = f.fieldName(d)
		state, _ := f.name(d["AS"])
		field.On = state != "" && state != "Off"
		all = append(all, field)
	}
	return all
}

// fieldName joins the partial names up the tree of fields, and finds the inherited type.
func (f *pdfFile) fieldName(d types.Dict) (name, kind string) {
	var parts []string
	for depth := 0; d != nil && depth < 20; depth++ {
		if t, err := f.deref(d["T"]); err == nil && t != nil {
			if s, err := types.StringOrHexLiteral(t); err == nil && s != nil && *s != "" {
				parts = append([]string{*s}, parts...)
			}
		}
		if kind == "" {
			kind, _ = f.name(d["FT"])
		}
		d, _ = f.dict(d["Parent"])
	}
	return strings.Join(parts, "."), kind
}
