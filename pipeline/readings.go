package pipeline

import (
	"maps"
	"math"
	"slices"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/ocr"
)

// bookletReadings lists what was read from a booklet, page by page and in the order of
// the exam. Only pages that count are in it: a second scan of a page is not read twice.
func bookletReadings(b *Booklet, pages []Scanned, placed []Placed, e *exam.Exam) (rows []mark.Reading) {
	for _, n := range slices.Sorted(maps.Keys(b.Pages)) {
		i := b.Pages[n]
		read, copyID := pageReadings(pages[i].PageResult, e), pages[i].Copy
		if placed[i].Blind {
			read, copyID = unreadReadings(e, n, reasonByHand), listedCopy(e, b.Copy)
		}
		for _, r := range read {
			r.Booklet, r.Source, r.SourcePage, r.Page = b.ID, pages[i].Path, pages[i].Page, n
			r.Image, r.Copy = pages[i].Image, copyID
			if placed[i].Differ[r.Field] {
				r.Reason = mark.ReasonScans
			}
			if doubt := placed[i].Doubt; doubt != "" {
				r.Reason = doubt
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// unreadReadings lists the fields of a form page of which nothing is known.
func unreadReadings(e *exam.Exam, page int, reason string) (rows []mark.Reading) {
	add := func(field, kind string) {
		rows = append(rows, mark.Reading{Page: page, Field: field, Kind: kind, Reason: reason})
	}
	if e.Sticker != nil && e.Sticker.Page == page {
		add(exam.StickerField, mark.KindSticker)
	}
	for _, p := range e.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			if q.Page != page {
				continue
			}
			for _, o := range q.Options {
				add(exam.OptionField(q.ID, o.ID), mark.KindChoice)
			}
			for _, c := range q.Correctors() {
				add(exam.CreditField(q.ID, c), mark.KindCredit)
			}
		}
	}
	for _, s := range e.Scores {
		if s.Page == page {
			add(s.ID, mark.KindScore)
		}
	}
	return rows
}

// listedCopy is the name of a copy if it is printed otherwise than the form, else "".
func listedCopy(e *exam.Exam, name string) string {
	if _, listed := e.Copy(name); listed {
		return name
	}
	return ""
}

// pageReadings turns a page result into rows. What goes to a person is decided in
// internal/mark.
func pageReadings(p PageResult, e *exam.Exam) (rows []mark.Reading) {
	add := func(field, kind, value string, confidence float64, reason string) *mark.Reading {
		rows = append(rows, mark.Reading{Field: field, Kind: kind, Value: value, Confidence: share(confidence), Reason: reason})
		return &rows[len(rows)-1]
	}
	if s := p.Sticker; s != nil {
		r := add(exam.StickerField, mark.KindSticker, s.Value, s.Confidence, s.Reason)
		r.Printed, r.Doubt = s.Printed, s.Doubt
	}
	if own, ok := e.ForCopy(p.Copy); ok && p.Copy != "" {
		e = own // where its boxes are on this page
	}
	for _, c := range p.Choices {
		q := e.Question(c.Question)
		if q == nil {
			continue // taken out since, with its boxes: another layout, and no row of this exam
		}
		for _, o := range unreadOptions(c, q) {
			add(exam.OptionField(q.ID, o.ID), mark.KindChoice, "", 0, c.Reason)
		}
		order := boxOrder(c.Boxes, optionBoxes(q))
		for i, b := range c.Boxes {
			r := add(exam.OptionField(q.ID, q.Options[order[i]].ID), mark.KindChoice, string(b.State), b.Confidence, b.Reason)
			r.Within = share(within(b))
		}
	}
	for _, c := range p.Credits {
		for _, corrector := range unreadColumns(c, e) {
			add(exam.CreditField(c.Question, corrector), mark.KindCredit, "", 0, c.Reason)
		}
		for _, col := range c.Columns {
			add(exam.CreditField(c.Question, col.Corrector), mark.KindCredit, creditValue(col, e.Question(c.Question)), col.Confidence, col.Reason)
		}
	}
	for _, s := range p.Scores {
		value, reason := "", scoreReason(s.Reason)
		if s.Read {
			value = exam.FormatNumber(s.Value)
		}
		if s.Read && !allowedScore(e, s.ID, s.Value) {
			value, reason = "", ocr.ReasonUnclearScore
		}
		r := add(s.ID, mark.KindScore, value, s.Confidence, reason)
		for _, v := range s.Values {
			if allowedScore(e, s.ID, v.Value) {
				r.Candidates = append(r.Candidates, mark.ValueP(v))
			}
		}
	}
	return rows
}

// allowedScore reports whether a number may be written in a score. What may have changed since the
// page was read.
func allowedScore(e *exam.Exam, id string, value float64) bool {
	_, err := mark.Accept(e, nil, id, exam.FormatNumber(value))
	return err == nil
}

// unreadOptions lists the options of a question that was not read.
func unreadOptions(c ChoiceResult, q *exam.Question) []exam.Option {
	if c.Reason == "" {
		return nil
	}
	return q.Options
}

// unreadColumns lists the correctors of a credit question that was not read.
func unreadColumns(c CreditResult, e *exam.Exam) []int {
	if c.Reason == "" {
		return nil
	}
	return e.Question(c.Question).Correctors()
}

// within is the probability of a box's state among the states that select as it does, or do not.
func within(b detect.BoxReading) float64 {
	selects := func(s detect.State) bool { return s == detect.Crossed || s == detect.Remarked }
	own, alike := 0.0, 0.0
	for i, s := range detect.States {
		if s == b.State {
			own = b.P[i]
		}
		if selects(s) == selects(b.State) {
			alike += b.P[i]
		}
	}
	if alike == 0 {
		return 0
	}
	return own / alike
}

// creditValue is the credits of a column, "" unless exactly one cell is crossed: those that the exam
// gives the crossed cell now, which may be others than when the page was read.
func creditValue(c detect.ColumnReading, q *exam.Question) string {
	if c.Marked < 0 {
		return ""
	}
	column := q.Column(c.Corrector)
	if len(c.Cells) != len(column) {
		return exam.FormatNumber(c.Credits)
	}
	boxes := make([]geom.Box, len(column))
	for i, b := range column {
		boxes[i] = b.Box
	}
	return exam.FormatNumber(column[boxOrder(c.Cells, boxes)[c.Marked]].Credits)
}

func optionBoxes(q *exam.Question) []geom.Box {
	boxes := make([]geom.Box, len(q.Options))
	for i, o := range q.Options {
		boxes[i] = o.Box
	}
	return boxes
}

// boxOrder tells which of the exam's boxes each box of a reading is: the nearest, as the fit moves a
// box by less than half the way to the next one, or, should two claim the same, by their order. The
// order in the file may be another one than when the page was read.
func boxOrder(read []detect.BoxReading, boxes []geom.Box) []int {
	order, taken := make([]int, len(read)), make([]bool, len(boxes))
	for i, r := range read {
		best := 0
		for k, b := range boxes {
			if b.Center().Sub(r.Box.Center()).Norm() < boxes[best].Center().Sub(r.Box.Center()).Norm() {
				best = k
			}
		}
		if taken[best] {
			for k := range order {
				order[k] = k
			}
			return order
		}
		order[i], taken[best] = best, true
	}
	return order
}

// share bounds a probability.
func share(p float64) float64 { return math.Min(1, math.Max(0, finite(p))) }

// scoreReason turns the reader's word for an empty field into the one that asks for
// nobody: whether a number had to stand there is decided in internal/mark.
func scoreReason(reason string) string {
	if reason == ocr.ReasonEmptyScore {
		return mark.ReasonEmpty
	}
	return reason
}
