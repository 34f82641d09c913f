package detect

import (
	"slices"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// Reasons about a credit column.
const (
	reasonNone    = "none-marked"    // no cell is crossed
	reasonSeveral = "several-marked" // more than one is
)

// ReadCredit reads the credit columns of a question: one ColumnReading for each
// corrector present in q.Boxes, in rising order. Cells follow the order of that
// corrector's boxes in q.Boxes, and Marked counts among them.
func ReadCredit(reg Registered, form raster.FormPage, q exam.Question, neighbours []geom.Box, conv exam.Conventions) []ColumnReading {
	paper := reg.lookAtPaper(form)
	var out []ColumnReading
	for _, who := range correctors(q.Boxes) {
		var boxes []exam.CreditBox
		for _, b := range q.Boxes {
			if b.Corrector == who {
				boxes = append(boxes, b)
			}
		}
		out = append(out, readColumn(reg, form, who, boxes, neighbours, paper, conv.CorrectorInks()))
	}
	return out
}

func correctors(boxes []exam.CreditBox) (ids []int) {
	for _, b := range boxes {
		if !slices.Contains(ids, b.Corrector) {
			ids = append(ids, b.Corrector)
		}
	}
	slices.Sort(ids)
	return ids
}

// readColumn reads one column of cells. inks are those a cell may be crossed in, where the
// scan has colour; none means any.
func readColumn(reg Registered, form raster.FormPage, who int, boxes []exam.CreditBox, neighbours []geom.Box, paper *PageState, inks []string) ColumnReading {
	col := ColumnReading{Corrector: who, Marked: -1}
	ks, cases := make([]kindP, len(boxes)), make([]*boxCase, len(boxes))
	for i, b := range boxes {
		c := newCase(reg.View, form, b.Box, without(neighbours, b.Box), paper)
		c.measure()
		ks[i], cases[i] = c.classify(), c
		col.Cells = append(col.Cells, c.readCell(ks[i]))
	}
	col.decide(boxes, ks)
	if col.Marked >= 0 && col.Reason == "" {
		m := col.Marked
		col.Reason = cases[m].cellInkReason(inks)
		col.Cells[m].Features = cases[m].named(ks[m], signs{})
	}
	return col
}

// readCell turns the measures of a credit cell into a reading.
func (c *boxCase) readCell(k kindP) BoxReading {
	r := BoxReading{Box: c.fitted(), FitMM: c.fit.Shift.Norm(), Reason: c.why}
	r.P = [4]float64{k[kindEmpty], k.selected(), k[kindFilled], 0}
	r.settle()
	if r.Reason == "" {
		r.Reason = doubt(k, r.Confidence)
	}
	r.Features = c.named(k, signs{})
	return r
}

// otherCounts is the chance that a mark in another cell that is neither cross nor fill
// means a second choice. It trades reviews of columns with a stroke that reached the next
// cell (the usual case) for two marks of which one is odd; cells where such a mark is the
// likeliest reading are reviewed in any case.
const otherCounts = 0.25

// besideCounts replaces otherCounts for the cells next to the chosen one: ink that is
// neither cross nor fill is there as a rule the end of the chosen cell's own strokes.
const besideCounts = 0.05

// otherSole is the chance that a mark which is more likely a cross than not, but may be a
// scribble or a letter, means its own cell all the same.
const otherSole = 0.8

// decide picks the crossed cell. The cells are taken as independent: cell i is the
// answer if it is crossed and no other is.
func (col *ColumnReading) decide(boxes []exam.CreditBox, ks []kindP) {
	best, bestP := -1, 0.0
	crossed := 0
	for i, k := range ks {
		p := k.selected()
		if p >= 0.5 {
			p += otherSole * k[kindOther]
		}
		for j, o := range ks {
			if j != i {
				w := otherCounts
				if o[kindOther] < 0.5 && boxes[i].Box.Inset(-0.2).Intersect(boxes[j].Box).Area() > 0 {
					w = besideCounts
				}
				p *= 1 - o[kindCrossed] - o[kindStroke] - w*o[kindOther]
			}
		}
		if p > bestP {
			best, bestP = i, p
		}
		if k.selected() > 0.5 {
			crossed++
		}
	}
	col.Confidence = bestP
	for _, c := range col.Cells {
		if hard(c.Reason) {
			col.Reason = c.Reason
			col.Confidence = min(col.Confidence, 0.5)
		}
	}
	switch {
	case crossed == 0:
		col.refuse(reasonNone)
		col.Confidence = 1 - sumCrossed(ks)
	case crossed > 1:
		col.refuse(reasonSeveral)
	default:
		col.Marked, col.Credits = best, boxes[best].Credits
		if col.Reason == "" && bestP < reviewBelow {
			col.Reason = reasonUnsure
		}
	}
}

// refuse leaves the column unread with a reason; a reason about paper stays.
func (col *ColumnReading) refuse(reason string) {
	if col.Reason == "" {
		col.Reason = reason
	}
}

// hard reports whether a reason says that a box could not be measured at all.
func hard(reason string) bool {
	switch reason {
	case reasonOffPage, reasonNoPaper, reasonLowContrast, reasonStreak, reasonNoFrame:
		return true
	}
	return false
}

func sumCrossed(ks []kindP) float64 {
	s := 0.0
	for _, k := range ks {
		s += k.selected()
	}
	return min(s, 1)
}
