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
		out = append(out, readColumn(reg, form, who, boxes, neighbours, paper, conv))
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

// readColumn reads one column of cells.
func readColumn(reg Registered, form raster.FormPage, who int, boxes []exam.CreditBox, neighbours []geom.Box, paper *PageState, conv exam.Conventions) ColumnReading {
	col := ColumnReading{Corrector: who, Marked: -1}
	ks, cases := make([]kindP, len(boxes)), make([]*boxCase, len(boxes))
	for i, b := range boxes {
		cases[i] = newCase(reg.View, form, b.Box, without(neighbours, b.Box), paper)
	}
	fitTogether(cases)
	for i, c := range cases {
		ks[i] = c.classify()
		col.Cells = append(col.Cells, c.readCell(ks[i], conv))
	}
	col.decide(boxes, ks, conv.AnyMark())
	if col.Marked >= 0 && col.Reason == "" {
		m := col.Marked
		col.Reason = cases[m].cellInkReason(conv.CorrectorInks())
		col.Cells[m].Features = cases[m].named(ks[m], signs{})
	}
	return col
}

// readCell turns the measures of a credit cell into a reading.
func (c *boxCase) readCell(k kindP, conv exam.Conventions) BoxReading {
	r := BoxReading{Kind: MarkKindNames[k.best()], Box: c.fitted(), FitMM: c.fit.Shift.Norm(), Reason: c.why}
	empty, selected, undone := k.states(conv.AnyMark())
	r.P = [4]float64{empty, selected, undone, 0}
	r.settle()
	if r.Reason == "" && !conv.AnyMark() && k.odd() {
		r.Reason = reasonOther
	}
	r.Features = c.named(k, signs{})
	return r
}

// What a column is expected to hold before it is looked at: nothing (the second corrector
// leaves most of theirs), one choice, or more. That several are rare lets the end of a
// stroke in the next cell pass; two plain crosses outweigh it (TestColumns).
const (
	priorNone    = 0.2
	priorOne     = 0.78
	priorSeveral = 0.02
	// priorCell is the odds of a cross in a box that the network's probabilities are
	// calibrated to.
	priorCell = 0.43
)

// oddElsewhere is the chance that a mark in another cell that is neither cross nor fill
// means a second choice; below oddClear it is as a rule the end of the chosen cell's own
// strokes, and counts by its own probability times oddFaint.
const (
	oddElsewhere = 0.25
	oddClear     = 0.5
	oddFaint     = 0.02
)

// oddSole is the chance that a mark which is more likely a cross than not, but may be a
// scribble or a letter, means its own cell all the same.
const oddSole = 0.8

// vague is the probability of ink that is neither a choice nor its undoing.
func (k kindP) vague() float64 { return k[kindScribble] + k[kindErased] + k[kindForeign] }

// odds are, for each cell, the likelihood of what is seen if the cell is marked over that
// if it is not.
func odds(ks []kindP, anyMark bool) []float64 {
	r := make([]float64, len(ks))
	for i, k := range ks {
		_, p, _ := k.states(anyMark)
		if p >= 0.5 && !anyMark {
			p += oddSole * k.vague()
		}
		p = min(max(p, 1e-5), 1-1e-5)
		r[i] = p / (1 - p) / priorCell
	}
	return r
}

// decide picks the crossed cell by Bayes' rule over the cells: none is marked, one, or
// two. Each claim carries its own probability.
func (col *ColumnReading) decide(boxes []exam.CreditBox, ks []kindP, anyMark bool) {
	r, n := odds(ks, anyMark), float64(len(ks))
	best, sum, pairs := 0, 0.0, 0.0
	for i, v := range r {
		pairs += v * sum
		sum += v
		if v > r[best] {
			best = i
		}
	}
	none, one := priorNone, priorOne/n*sum
	several := priorSeveral / max(n*(n-1)/2, 1) * pairs
	all := none + one + several
	switch {
	case several > one && several > none:
		col.Reason, col.Confidence = reasonSeveral, several/all
	case none > one:
		col.Reason, col.Confidence = reasonNone, none/all
	default:
		col.Marked, col.Credits = best, boxes[best].Credits
		col.Confidence = priorOne / n * r[best] / all
	}
	if !anyMark {
		col.Confidence *= unspoilt(ks, col.Marked)
	}
	for _, c := range col.Cells {
		if hard(c.Reason) { // what nobody could measure may hold anything
			col.Reason = c.Reason
			col.Confidence = min(col.Confidence, 0.5)
		}
	}
}

// unspoilt is the chance that no odd mark in a cell other than the chosen one counts.
func unspoilt(ks []kindP, chosen int) float64 {
	p := 1.0
	for i, k := range ks {
		v := k.vague()
		switch {
		case i == chosen:
		case v >= oddClear:
			p *= 1 - oddElsewhere*v
		default:
			p *= 1 - oddFaint*v
		}
	}
	return p
}

// hard reports whether a reason says that a box could not be measured at all.
func hard(reason string) bool {
	switch reason {
	case reasonOffPage, reasonNoPaper, reasonLowContrast, reasonStreak, reasonNoFrame:
		return true
	}
	return false
}
