package mark

import (
	"math"
	"strconv"

	"scan/internal/exam"
)

// The statuses of a sheet.
const (
	StatusFinal      = "final"
	StatusReview     = "review"     // something in it waits for a person
	StatusIncomplete = "incomplete" // a page with something to read is not there
)

// Grade checks, decides and scores the readings of one booklet.
func Grade(e *exam.Exam, readings []Reading, policy Policy) ([]Reading, Sheet) {
	readings = Decide(Check(e, readings), policy)
	return readings, Score(e, readings)
}

// Score computes the credits of one booklet from its readings, the best ones where they
// wait for review. A question whose boxes were not all read, or whose key is not known,
// has no credits (nil), and then neither have its problem nor the total.
func Score(e *exam.Exam, readings []Reading) Sheet {
	b := newBook(e, readings)
	s := Sheet{Problems: map[string]*float64{}, Questions: map[string]*float64{}}
	if len(readings) > 0 {
		s.Booklet = readings[0].Booklet
	}
	s.Code = b.fields[exam.StickerField].Value
	total := sum{}
	for i := range e.Problems {
		p := &e.Problems[i]
		for j := range p.Questions {
			s.Questions[p.Questions[j].ID] = b.question(&p.Questions[j])
		}
		s.Problems[p.ID] = b.problem(p)
		total.add(s.Problems[p.ID])
	}
	s.Total = total.credits()
	s.Status = b.status(s.Total)
	return s
}

func (b *book) status(total *float64) string {
	if b.missing() {
		return StatusIncomplete
	}
	for _, r := range b.fields {
		if r.Review {
			return StatusReview
		}
	}
	if total == nil {
		return StatusReview
	}
	return StatusFinal
}

// sum adds credits; one that is not known makes the sum unknown.
type sum struct {
	value   float64
	unknown bool
}

func (s *sum) add(credits *float64) {
	if credits == nil {
		s.unknown = true
		return
	}
	s.value += *credits
}

func (s *sum) credits() *float64 {
	if s.unknown {
		return nil
	}
	return credits(s.value)
}

// credits rounds to 1e-6: far below any step on paper, far above what floats add up to.
func credits(x float64) *float64 {
	x = math.Round(x*1e6)/1e6 + 0 // + 0 makes -0 a 0
	return &x
}

// book is the readings of one booklet by field.
type book struct {
	exam   *exam.Exam
	fields map[string]Reading
}

func newBook(e *exam.Exam, readings []Reading) *book {
	b := &book{exam: e, fields: make(map[string]Reading, len(readings))}
	for _, r := range readings {
		if _, twice := b.fields[r.Field]; !twice {
			b.fields[r.Field] = r
		}
	}
	return b
}

// missing reports whether anything to be read has no reading at all.
func (b *book) missing() bool {
	for _, f := range Fields(b.exam) {
		if _, ok := b.fields[f]; !ok {
			return true
		}
	}
	return false
}

// Fields lists every field that a whole booklet has in readings.csv.
func Fields(e *exam.Exam) []string {
	var fields []string
	if e.Sticker != nil {
		fields = append(fields, exam.StickerField)
	}
	for _, p := range e.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			for _, o := range q.Options {
				fields = append(fields, exam.OptionField(q.ID, o.ID))
			}
			for _, c := range q.Correctors() {
				fields = append(fields, exam.CreditField(q.ID, c))
			}
		}
	}
	for _, s := range e.Scores {
		fields = append(fields, s.ID)
	}
	return fields
}

// problem returns the credits of a problem: the sum of its questions, or without
// questions the handwritten score, the second corrector's where it is written.
func (b *book) problem(p *exam.Problem) *float64 {
	if len(p.Questions) == 0 {
		return b.scored(p.ID)
	}
	s := sum{}
	for i := range p.Questions {
		s.add(b.question(&p.Questions[i]))
	}
	return s.credits()
}

func (b *book) scored(problem string) *float64 {
	var first *float64
	for _, s := range b.exam.Scores {
		if s.Problem != problem {
			continue
		}
		v := b.number(s.ID)
		if s.Corrector == 2 && v != nil {
			return v
		}
		if s.Corrector == 1 {
			first = v
		}
	}
	return first
}

func (b *book) question(q *exam.Question) *float64 {
	if q.Kind == exam.Credit {
		return b.awarded(q, 2)
	}
	return b.chosen(q, "")
}

// awarded returns the credits of a credit question after a number of corrections: the
// last corrector's who marked it.
func (b *book) awarded(q *exam.Question, corrections int) *float64 {
	if corrections == 2 {
		if v := b.number(exam.CreditField(q.ID, 2)); v != nil {
			return v
		}
	}
	return b.number(exam.CreditField(q.ID, 1))
}

// number returns the value of a field as credits, nil if there is none.
func (b *book) number(field string) *float64 {
	x, err := strconv.ParseFloat(b.fields[field].Value, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return credits(x)
}

// chosen returns the credits of a choice question, with the selection of one field
// turned over unless flip is "".
func (b *book) chosen(q *exam.Question, flip string) *float64 {
	wrong := 0
	for _, o := range q.Options {
		field := exam.OptionField(q.ID, o.ID)
		selected, known := selects(b.fields[field].Value)
		if !known || o.Correct == nil {
			return nil
		}
		if (selected != *o.Correct) != (field == flip) {
			wrong++
		}
	}
	if q.Rule == exam.PerOption {
		each := q.Credits / float64(len(q.Options))
		earned := each*float64(len(q.Options)-wrong) + q.Wrong*float64(wrong)
		return credits(max(earned, q.Floor))
	}
	if wrong > 0 {
		return credits(0)
	}
	return credits(q.Credits)
}

// selects tells what a choice box's value means: a cross selects, a complete fill undoes
// it, a sign beside the fill selects again.
func selects(value string) (selected, known bool) {
	switch value {
	case "crossed", "remarked":
		return true, true
	case "empty", "filled":
		return false, true
	}
	return false, false
}
