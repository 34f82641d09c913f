package author

import (
	"math"
	"path/filepath"
	"slices"
	"strings"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// swappedSigns compares the characters of two PDFs: some solutions print a check mark in place
// of the box, and as the right options are often set in bold, lines move. marked tells whether
// another sign stands for a box that the form prints as a character; known is false for all
// other boxes.
func swappedSigns(form, solution string, e *exam.Exam) func(page int, box geom.Box) (marked, known bool) {
	none := func(int, geom.Box) (bool, bool) { return false, false }
	if !strings.EqualFold(filepath.Ext(form), ".pdf") || !strings.EqualFold(filepath.Ext(solution), ".pdf") {
		return none
	}
	a, err1 := raster.ReadLayout(form)
	b, err2 := raster.ReadLayout(solution)
	if err1 != nil || err2 != nil || len(a) != len(b) {
		return none // then the pixels alone must do
	}
	return func(page int, box geom.Box) (marked, known bool) {
		column := sameColumn(e.PageBoxes(page), box)
		was, is := signsOf(a[page-1], column), signsIn(b[page-1], column)
		if len(was) != len(column) || len(is) != len(column) {
			return false, false
		}
		k := slices.Index(column, box)
		return was[k].Text != is[k].Text, true
	}
}

// sameColumn lists the boxes right above and below one another, from the top.
func sameColumn(boxes []geom.Box, box geom.Box) (column []geom.Box) {
	for _, b := range boxes {
		if math.Abs(b.X-box.X) < 1 && math.Abs(b.W-box.W) < 0.5 {
			column = append(column, b)
		}
	}
	slices.SortFunc(column, func(a, b geom.Box) int { return sign(a.Y - b.Y) })
	return column
}

// signsOf finds the characters that are printed as the boxes.
func signsOf(l raster.Layout, column []geom.Box) (signs []raster.Word) {
	for _, b := range column {
		k := slices.IndexFunc(l.Signs, func(w raster.Word) bool { return overlap(w.Box, b) > 0.6 })
		if k < 0 {
			return nil
		}
		signs = append(signs, l.Signs[k])
	}
	return signs
}

// signsIn finds the single characters that stand in a column of boxes, wherever on it, and have
// no letter's meaning.
func signsIn(l raster.Layout, column []geom.Box) (signs []raster.Word) {
	x, w := column[0].X, column[0].W
	for _, c := range append(slices.Clone(l.Signs), l.Words...) {
		if len([]rune(c.Text)) != 1 || math.Abs(c.Box.Center().X-x-w/2) > 0.5*w || !isMark(c.Text) {
			continue
		}
		if !slices.ContainsFunc(signs, func(o raster.Word) bool { return overlap(o.Box, c.Box) > 0.5 }) {
			signs = append(signs, c)
		}
	}
	slices.SortFunc(signs, func(a, b raster.Word) int { return sign(a.Box.Y - b.Box.Y) })
	return signs
}

// isMark reports whether a character may stand for a box, crossed or not.
func isMark(text string) bool {
	return isBoxSign(text) || strings.ContainsAny(text, "√✓✔☑☒✗✘×xX■⊠⊗") || []rune(text)[0] < ' '
}
