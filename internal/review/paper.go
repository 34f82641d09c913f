package review

import (
	"sync"

	"scan/internal/exam"
	"scan/internal/geom"
)

// paper is what never changes while the page is open: the exam and who wrote it.
type paper struct {
	exam   *exam.Exam
	roster *exam.Roster
	parts  map[string]part // by field

	mu     sync.Mutex
	copies map[string]*exam.Exam
}

// part is what a field of readings.csv is in the exam.
type part struct {
	problem   *exam.Problem
	question  *exam.Question // nil for scores and the sticker
	corrector int            // of a credit column or a score
	score     *exam.Score
}

func newPaper(e *exam.Exam, roster *exam.Roster) *paper {
	p := &paper{exam: e, roster: roster, parts: map[string]part{}, copies: map[string]*exam.Exam{}}
	for i := range e.Problems {
		problem := &e.Problems[i]
		for j := range problem.Questions {
			q := &problem.Questions[j]
			for _, o := range q.Options {
				p.parts[exam.OptionField(q.ID, o.ID)] = part{problem: problem, question: q}
			}
			for _, c := range q.Correctors() {
				p.parts[exam.CreditField(q.ID, c)] = part{problem: problem, question: q, corrector: c}
			}
		}
	}
	for i := range e.Scores {
		s := &e.Scores[i]
		p.parts[s.ID] = part{problem: e.Problem(s.Problem), score: s, corrector: s.Corrector}
	}
	return p
}

// layout returns the exam with the boxes of a copy.
func (p *paper) layout(copied string) *exam.Exam {
	if copied == "" {
		return p.exam
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.copies[copied]; ok {
		return e
	}
	e, ok := p.exam.ForCopy(copied)
	if !ok {
		e = p.exam
	}
	p.copies[copied] = e
	return e
}

// place returns the boxes of a thing's field on its page, mm.
func (p *paper) place(t *thing) (page int, boxes []geom.Box) {
	if t.reading == nil {
		return 0, nil
	}
	page, boxes, _ = p.layout(t.reading.Copy).Place(t.reading.Field)
	return page, boxes
}

// placeText is the place of a thing's field as the ledger has it, "" where there is none.
func (p *paper) placeText(t *thing) string {
	page, boxes := p.place(t)
	if page == 0 {
		return ""
	}
	return exam.PlaceText(page, boxes)
}

// siblings are the fields of the same question, or of the same problem for scores, in the order
// of the exam; the field itself is among them.
func (p *paper) siblings(field string) (fields []string) {
	own := p.parts[field]
	switch {
	case own.question != nil:
		for _, o := range own.question.Options {
			fields = append(fields, exam.OptionField(own.question.ID, o.ID))
		}
		for _, c := range own.question.Correctors() {
			fields = append(fields, exam.CreditField(own.question.ID, c))
		}
	case own.score != nil:
		for _, s := range p.exam.Scores {
			if s.Problem == own.score.Problem {
				fields = append(fields, s.ID)
			}
		}
	}
	return fields
}
