package pipeline

import (
	"maps"
	"math"
	"slices"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/mark"
	"scan/ocr"
)

// bookletReadings lists what was read from a booklet, page by page and in the order of
// the exam. Only pages that count are in it: a second scan of a page is not read twice.
func bookletReadings(b *Booklet, pages []Scanned, placed []Placed, e *exam.Exam) (rows []mark.Reading) {
	for _, n := range slices.Sorted(maps.Keys(b.Pages)) {
		i := b.Pages[n]
		for _, r := range pageReadings(pages[i].PageResult, e) {
			r.Booklet, r.Source, r.SourcePage, r.Page = b.ID, pages[i].Path, pages[i].Page, n
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
	for _, c := range p.Choices {
		q := e.Question(c.Question)
		for _, o := range unreadOptions(c, q) {
			add(exam.OptionField(q.ID, o.ID), mark.KindChoice, "", 0, c.Reason)
		}
		for i, b := range c.Boxes {
			r := add(exam.OptionField(q.ID, q.Options[i].ID), mark.KindChoice, string(b.State), b.Confidence, b.Reason)
			r.Within = share(within(b))
		}
	}
	for _, c := range p.Credits {
		for _, corrector := range unreadColumns(c, e) {
			add(exam.CreditField(c.Question, corrector), mark.KindCredit, "", 0, c.Reason)
		}
		for _, col := range c.Columns {
			add(exam.CreditField(c.Question, col.Corrector), mark.KindCredit, creditValue(col), col.Confidence, col.Reason)
		}
	}
	for _, s := range p.Scores {
		value := ""
		if s.Read {
			value = number(s.Value)
		}
		r := add(s.ID, mark.KindScore, value, s.Confidence, scoreReason(s.Reason))
		for _, v := range s.Values {
			r.Candidates = append(r.Candidates, mark.ValueP(v))
		}
	}
	return rows
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

// creditValue is the credits of a column, "" unless exactly one cell is crossed.
func creditValue(c detect.ColumnReading) string {
	if c.Marked < 0 {
		return ""
	}
	return number(c.Credits)
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
