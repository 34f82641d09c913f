package review

import (
	"scan/internal/exam"
	"scan/internal/mark"
)

// sum holds a handwritten number against the credits that it should be the sum of.
type sum struct {
	Written string    `json:"written"`
	Total   *float64  `json:"total"` // null: not all parts are known
	Parts   []sumPart `json:"parts"`
}

// sumPart is what a question gives; Item is the field that says so, the first one of a choice question.
type sumPart struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Item  string `json:"item"`
}

// sum returns what a score should be; nil for all that repeats no sum.
func (v *view) sum(t *thing) *sum {
	p := v.parts[t.reading.Field]
	if p.score == nil || p.problem == nil || len(p.problem.Questions) == 0 {
		return nil
	}
	s := &sum{Written: t.reading.Value, Parts: []sumPart{}}
	total := 0.0
	known := true
	for i := range p.problem.Questions {
		q := &p.problem.Questions[i]
		part := v.sumPart(t.reading.Booklet, q, p.corrector)
		s.Parts = append(s.Parts, part)
		x, err := number(part.Value)
		known = known && err == nil
		total += x
	}
	if known {
		s.Total = &total
	}
	return s
}

// sumPart is a question as one corrector saw it: a second one who left a column empty agreed with
// the first.
func (v *view) sumPart(booklet string, q *exam.Question, corrector int) sumPart {
	if q.Kind == exam.Choice {
		part := sumPart{Field: q.ID}
		if len(q.Options) > 0 {
			part.Item = v.idOf(booklet, exam.OptionField(q.ID, q.Options[0].ID))
		}
		if sheet := v.sheets[booklet]; sheet != nil && sheet.Questions[q.ID] != nil {
			part.Value = credits(*sheet.Questions[q.ID])
		}
		return part
	}
	for by := corrector; by > 0; by-- {
		field := exam.CreditField(q.ID, by)
		t := v.field(booklet, field)
		if t != nil && (by == 1 || t.reading.Value != "" && t.reading.Value != mark.ValueNone) {
			return sumPart{field, t.reading.Value, t.id}
		}
	}
	return sumPart{Field: q.ID}
}

func (v *view) idOf(booklet, field string) string {
	if t := v.field(booklet, field); t != nil {
		return t.id
	}
	return ""
}
