package author

import (
	"math"
	"slices"
	"sort"

	"scan/internal/geom"
)

// Sheet is one page of the form as it was found. Lengths are mm from the top-left corner.
type Sheet struct {
	WidthMM, HeightMM float64
	Squares           []Square   // in reading order
	Frames            []geom.Box // printed rectangles larger than a box
	Rules             []geom.Box // straight lines along an axis
	Words             []Word
}

// Square is a printed outline of the size of a box, outer edge.
type Square struct {
	geom.Box
	Field string // name of the form field on it, "" if there is none
	Solid bool   // filled with black: a printed example of an undone box
	Round bool   // a circle or an oval
}

// Word is a run of print without a space.
type Word struct {
	Text string
	geom.Box
	SizePt float64
}

// The sides of what is taken for a box, mm. Less is a bullet or a check mark in a text, more is
// a field to write in. The box character of LaTeX is 2.8 mm at 12 pt.
const (
	leastSide = 2.2
	mostSide  = 8.5
)

// boxLike reports whether a rectangle has the size and shape of a box.
func boxLike(b geom.Box) bool {
	long, short := math.Max(b.W, b.H), math.Min(b.W, b.H)
	return short >= leastSide && long <= mostSide && long <= 1.25*short
}

// ovalLike reports whether the bounds of a ring are those of a circle or an oval to be marked.
func ovalLike(b geom.Box) bool {
	return b.H >= leastSide && b.H <= mostSide && b.W >= 0.9*b.H && b.W <= 2*b.H
}

// dropLoneRings takes out rings that have no equal in their row or column: those of drawings,
// and letters.
func (s *Sheet) dropLoneRings() {
	all := slices.Clone(s.Squares)
	s.Squares = slices.DeleteFunc(s.Squares, func(q Square) bool {
		return q.Round && q.Field == "" && !slices.ContainsFunc(all, func(o Square) bool {
			aligned := math.Abs(o.X-q.X) < 0.5 || math.Abs(o.Y-q.Y) < 0.5
			return o.Round && o.Box != q.Box && aligned && math.Abs(o.W-q.W) < 0.3 && math.Abs(o.H-q.H) < 0.3
		})
	})
}

// sortReading sorts squares from top to bottom, those of one line from left to right.
func sortReading(s []Square) {
	sort.SliceStable(s, func(i, j int) bool {
		if d := s[i].Center().Y - s[j].Center().Y; math.Abs(d) > 0.4*math.Min(s[i].H, s[j].H) {
			return d < 0
		}
		return s[i].X < s[j].X
	})
}

// overlap is the share of the smaller box that both cover.
func overlap(a, b geom.Box) float64 {
	return a.Intersect(b).Area() / math.Min(a.Area(), b.Area())
}

// addSquare adds a square unless it is there already; the larger of two outlines stays, since
// a form field lies inside its printed frame.
func (s *Sheet) addSquare(q Square) {
	for i := range s.Squares {
		o := &s.Squares[i]
		if overlap(o.Box, q.Box) < 0.6 {
			continue
		}
		if q.Area() > o.Area() {
			o.Box = q.Box
		}
		o.Solid = o.Solid || q.Solid
		if o.Field == "" {
			o.Field = q.Field
		}
		return
	}
	s.Squares = append(s.Squares, q)
}
