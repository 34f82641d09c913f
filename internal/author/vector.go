package author

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// dark is how dark a line or a fill must be to count as print: watermarks and tinted
// backgrounds are lighter.
const dark = 0.35

// fromLayout turns what a PDF says of a page into a sheet.
func fromLayout(l raster.Layout) Sheet {
	s := Sheet{WidthMM: l.WidthMM, HeightMM: l.HeightMM}
	for _, w := range l.Words {
		s.Words = append(s.Words, Word{Text: w.Text, Box: w.Box, SizePt: w.SizePt})
	}
	for _, shape := range l.Shapes {
		s.addShape(shape, l.Shapes)
	}
	s.addHoles(l.Shapes)
	s.addCrossedRules()
	for _, g := range l.Signs {
		if boxLike(g.Box) && isBoxSign(g.Text) {
			s.addSquare(Square{Box: g.Box})
		}
	}
	s.takeFields(l.Fields)
	s.dropLoneRings()
	sortReading(s.Squares)
	return s
}

// addShape sorts a painted path: a box, a frame, a rule, or something else.
func (s *Sheet) addShape(p raster.Shape, all []raster.Shape) {
	line := p.Stroke > 0 && p.Dark >= dark
	solid := p.Filled && p.Fill >= dark
	switch {
	case math.Min(p.Box.W, p.Box.H) < 1.2 && (line || solid):
		s.Rules = append(s.Rules, p.Box)
	case p.Round && line && ovalLike(p.Box):
		s.addSquare(Square{Box: p.Box, Round: true})
	case !p.Rect || (!line && !solid):
	case boxLike(p.Box) && line:
		s.addSquare(Square{Box: p.Box, Solid: solid})
	case boxLike(p.Box): // black with white on it, or an undone example
		s.addSquare(Square{Box: p.Box, Solid: !holdsWhite(p.Box, all)})
	case math.Min(p.Box.W, p.Box.H) > leastSide:
		s.Frames = append(s.Frames, p.Box)
	}
}

// holdsWhite reports whether a white rectangle lies inside the box.
func holdsWhite(b geom.Box, all []raster.Shape) bool {
	return slices.ContainsFunc(all, func(o raster.Shape) bool {
		return o.Filled && o.Fill < dark && o.Box.Area() > 0.2*b.Area() && o.Box.Area() < b.Area() && overlap(o.Box, b) > 0.95
	})
}

// addHoles finds columns printed as white cells on one black rectangle: a cell reaches into
// the black as far as the line to its neighbour is wide.
func (s *Sheet) addHoles(all []raster.Shape) {
	for _, f := range all {
		if !f.Rect || !f.Filled || f.Fill < dark || math.Min(f.Box.W, f.Box.H) < leastSide {
			continue
		}
		var holes []geom.Box
		for _, o := range all {
			if o.Rect && o.Filled && o.Fill < dark && o.Stroke == 0 && boxLike(o.Box.Inset(-0.4)) && o.Box.W < f.Box.W && overlap(o.Box, f.Box) > 0.95 {
				holes = append(holes, o.Box)
			}
		}
		for i, h := range holes {
			line := math.Min(math.Min(h.X-f.Box.X, f.Box.X+f.Box.W-h.X-h.W), maxLine)
			for j, o := range holes {
				if gap := math.Max(math.Max(o.X-h.X-h.W, h.X-o.X-o.W), math.Max(o.Y-h.Y-h.H, h.Y-o.Y-o.H)); i != j && gap > 0 {
					line = math.Min(line, gap)
				}
			}
			s.addSquare(Square{Box: h.Inset(-line)})
		}
	}
}

// maxLine is the widest frame of a box, mm.
const maxLine = 1.2

// addCrossedRules finds boxes drawn as four lines: two across and two down that meet.
func (s *Sheet) addCrossedRules() {
	var across, down []geom.Box
	for _, r := range s.Rules {
		switch {
		case r.W >= leastSide && r.W <= mostSide && r.H < 1.2:
			across = append(across, r)
		case r.H >= leastSide && r.H <= mostSide && r.W < 1.2:
			down = append(down, r)
		}
	}
	for i, top := range across {
		for j, bottom := range across {
			if i == j || bottom.Y <= top.Y || math.Abs(bottom.X-top.X) > meetMM || math.Abs(bottom.W-top.W) > meetMM {
				continue
			}
			b := geom.Box{X: top.X, Y: top.Y, W: top.W, H: bottom.Y + bottom.H - top.Y}
			if boxLike(b) && hasSides(b, down) {
				s.addSquare(Square{Box: b})
			}
		}
	}
}

// meetMM is how far apart the ends of two lines of one box may be.
const meetMM = 0.35

func hasSides(b geom.Box, down []geom.Box) bool {
	at := func(x float64) bool {
		return slices.ContainsFunc(down, func(r geom.Box) bool {
			return math.Abs(r.Center().X-x) < meetMM && math.Abs(r.Y-b.Y) < meetMM+0.2 && math.Abs(r.Y+r.H-b.Y-b.H) < meetMM+0.2
		})
	}
	return at(b.X) && at(b.X+b.W)
}

// isBoxSign reports whether a character may stand for an empty box. Symbol fonts give codes
// without a meaning of their own: their shape must do.
func isBoxSign(text string) bool {
	for _, r := range text {
		switch {
		case r == '□' || r == '▢' || r == '☐' || r == '❏' || r == '❐' || r == '❑' || r == '❒' || r == '◻' || r == '⬜':
			return true
		case r >= 0xE000 && r <= 0xF8FF, r == 3, r == 0x0F, r == 0xFFFD: // \square of AMS, \Box of LaTeX
			return true
		}
	}
	return false
}

// takeFields names the squares after the form's check boxes. Where a form has check boxes,
// other squares are examples or print.
func (s *Sheet) takeFields(fields []raster.FormField) {
	for _, f := range fields {
		if f.Kind != "Btn" || !boxLike(f.Box) {
			continue
		}
		s.addSquare(Square{Box: f.Box, Field: f.Name})
	}
}
