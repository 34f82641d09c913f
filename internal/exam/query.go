package exam

import (
	"math"
	"slices"

	"scan/internal/geom"
)

// Problem returns the problem with an id, nil if there is none.
func (e *Exam) Problem(id string) *Problem {
	for i := range e.Problems {
		if e.Problems[i].ID == id {
			return &e.Problems[i]
		}
	}
	return nil
}

// Question returns the question with an id, nil if there is none.
func (e *Exam) Question(id string) *Question {
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			if q := &e.Problems[i].Questions[j]; q.ID == id {
				return q
			}
		}
	}
	return nil
}

// Worth returns the credits a problem can earn: the sum of its questions, but for those that are
// void and count for nobody, or without questions the largest value of its handwritten scores. 0
// for an unknown problem.
func (e *Exam) Worth(problem string) float64 {
	if p := e.Problem(problem); p != nil {
		return e.worth(p)
	}
	return 0
}

func (e *Exam) worth(p *Problem) float64 {
	if len(p.Questions) == 0 {
		return e.printedWorth(p)
	}
	sum := 0.0
	for i := range p.Questions {
		sum += p.Questions[i].Worth()
	}
	return exact(sum)
}

// PrintedWorth returns the credits of a problem as the paper has them, void questions included:
// what its heading says, and the most that a corrector may have written. 0 for an unknown problem.
func (e *Exam) PrintedWorth(problem string) float64 {
	if p := e.Problem(problem); p != nil {
		return e.printedWorth(p)
	}
	return 0
}

func (e *Exam) printedWorth(p *Problem) float64 {
	if len(p.Questions) > 0 {
		return p.questionCredits()
	}
	worth := 0.0
	for _, s := range e.Scores {
		if s.Problem == p.ID {
			worth = math.Max(worth, s.Max)
		}
	}
	return worth
}

// Total returns the credits that the whole exam can earn.
func (e *Exam) Total() float64 {
	total := 0.0
	for i := range e.Problems {
		total += e.worth(&e.Problems[i])
	}
	return exact(total)
}

// printedTotal is Total as the paper has it.
func (e *Exam) printedTotal() float64 {
	total := 0.0
	for i := range e.Problems {
		total += e.printedWorth(&e.Problems[i])
	}
	return exact(total)
}

// KeyMissing lists the choice questions that have an option without a key, in the
// order of the file. They are read, but not scored.
func (e *Exam) KeyMissing() []string {
	var ids []string
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			if !q.HasKey() {
				ids = append(ids, q.ID)
			}
		}
	}
	return ids
}

// HasKey reports whether every option that counts says if it is correct; true for credit
// questions and for void ones.
func (q *Question) HasKey() bool {
	return !slices.ContainsFunc(q.Options, q.needsKey)
}

// needsKey reports whether an option counts and does not say if it is correct.
func (q *Question) needsKey(o Option) bool { return o.Correct == nil && !o.Void && q.Void == "" }

// Correctors lists the correctors that have a column in a credit question: 1, or 1 and 2.
func (q *Question) Correctors() []int {
	var has [3]bool
	for _, b := range q.Boxes {
		if b.Corrector == 1 || b.Corrector == 2 {
			has[b.Corrector] = true
		}
	}
	var list []int
	for c := 1; c <= 2; c++ {
		if has[c] {
			list = append(list, c)
		}
	}
	return list
}

// Column returns the boxes of one corrector, in the order of the file.
func (q *Question) Column(corrector int) []CreditBox {
	var column []CreditBox
	for _, b := range q.Boxes {
		if b.Corrector == corrector {
			column = append(column, b)
		}
	}
	return column
}

// OptionField is the field of a choice box in readings.csv, e.g. "1.1.a".
func OptionField(question, option string) string { return question + "." + option }

// CreditField is the field of a credit column in readings.csv: "2.1", and "2.1/2" for
// the second corrector.
func CreditField(question string, corrector int) string {
	if corrector == 2 {
		return question + "/2"
	}
	return question
}

// StickerField is the field of the sticker in readings.csv.
const StickerField = "sticker"

// PageBoxes returns every box on a page in mm: the sticker, then the questions' boxes
// in the order of the file, then the scores.
func (e *Exam) PageBoxes(page int) []geom.Box {
	var boxes []geom.Box
	for _, b := range e.placedBoxes() {
		if b.page == page {
			boxes = append(boxes, b.box)
		}
	}
	return boxes
}

// questionCredits is the sum of the questions as printed.
func (p *Problem) questionCredits() float64 {
	sum := 0.0
	for _, q := range p.Questions {
		sum += q.Credits
	}
	return exact(sum)
}

// exact rounds credits to 1e-6, so that sums of thirds and tenths compare equal.
func exact(x float64) float64 { return math.Round(x*1e6) / 1e6 }
