package mark

import (
	"math"
	"slices"
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
	readings = spareVoid(e, Decide(Check(e, readings), policy))
	return readings, Score(e, readings)
}

// Score computes the credits of one booklet from its readings, the best ones where they
// wait for review. A question whose boxes were not all read, or whose key is not known,
// has no credits (nil), and then neither have its problem nor the total. What is void needs
// neither, and what is lost earns nothing.
func Score(e *exam.Exam, readings []Reading) Sheet {
	b := newBook(e, readings)
	s := Sheet{Problems: map[string]*float64{}, Questions: map[string]*float64{}}
	if len(readings) > 0 {
		s.Booklet = readings[0].Booklet
	}
	if code := b.fields[exam.StickerField].Value; code != ValueLost {
		s.Code = code
	}
	total := sum{}
	for i := range e.Problems {
		p := &e.Problems[i]
		for j := range p.Questions {
			s.Questions[p.Questions[j].ID] = rounded(b.earns(&p.Questions[j]))
		}
		credits := b.problem(p)
		s.Problems[p.ID] = rounded(credits)
		total.add(credits)
	}
	s.Total = rounded(total.credits())
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
	return &s.value
}

// credits is a number of credits that is known.
func credits(x float64) *float64 { return &x }

// rounded rounds to 1e-9, where credits leave the package or are compared: far below any step on paper,
// far above what floats add up to. Nothing that was rounded is added up: thirds make whole credits.
func rounded(x *float64) *float64 {
	if x == nil {
		return nil
	}
	return credits(math.Round(*x*1e9)/1e9 + 0) // + 0 makes -0 a 0
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
			fields = append(fields, questionFields(&p.Questions[i])...)
		}
	}
	for _, s := range e.Scores {
		fields = append(fields, s.ID)
	}
	return fields
}

// problem returns the credits of a problem: the sum of its questions, or without
// questions the handwritten score.
func (b *book) problem(p *exam.Problem) *float64 {
	if len(p.Questions) == 0 {
		return b.scored(p.ID)
	}
	s := sum{}
	for i := range p.Questions {
		s.add(b.earns(&p.Questions[i]))
	}
	return s.credits()
}

// scored returns the handwritten score that alone is worth a problem's credits.
func (b *book) scored(problem string) *float64 { return b.last(b.scoreFields(problem)) }

// scoreFields lists the fields of a problem's handwritten scores, the first corrector's first.
func (b *book) scoreFields(problem string) (fields []string) {
	for _, corrector := range []int{1, 2} {
		for _, s := range b.exam.Scores {
			if s.Problem == problem && s.Corrector == corrector {
				fields = append(fields, s.ID)
			}
		}
	}
	return fields
}

// last returns the number that the last corrector wrote of those who wrote one. Where nobody did
// and the page of the first one's field is lost, it is 0.
func (b *book) last(fields []string) *float64 {
	for _, f := range slices.Backward(fields) {
		if v := b.number(f); v != nil {
			return v
		}
	}
	if len(fields) > 0 && b.fields[fields[0]].Value == ValueLost {
		return credits(0)
	}
	return nil
}

// earns returns the credits of a question as the exam stands now.
func (b *book) earns(q *exam.Question) *float64 {
	switch {
	case q.Void == exam.VoidFull:
		return credits(q.Credits)
	case q.Void == exam.VoidZero:
		return credits(0)
	case q.Kind == exam.Credit:
		return b.last(creditFields(q))
	}
	return b.answered(q)
}

// creditFields lists the columns of a credit question, the first corrector's first.
func creditFields(q *exam.Question) (fields []string) {
	for _, c := range q.Correctors() {
		fields = append(fields, exam.CreditField(q.ID, c))
	}
	return fields
}

// Verdicts about a choice box, see Line.
const (
	VerdictRight  = "right"
	VerdictWrong  = "wrong"
	VerdictVoid   = "void"   // counts as right whatever is there
	VerdictLost   = "lost"   // its page is not there
	VerdictUnread = "unread" // there is no value
	VerdictNoKey  = "no-key" // nobody has said yet what is right
)

// judge says whether a choice box is as it should be.
func (b *book) judge(q *exam.Question, o exam.Option) string {
	value := b.fields[exam.OptionField(q.ID, o.ID)].Value
	selected, known := Selects(value)
	switch {
	case o.Void:
		return VerdictVoid
	case value == ValueLost:
		return VerdictLost
	case !known:
		return VerdictUnread
	case o.Correct == nil:
		return VerdictNoKey
	case selected == *o.Correct:
		return VerdictRight
	}
	return VerdictWrong
}

// answered returns the credits of a choice question that is not void as a whole. One box that is
// lost loses them: that it was left empty, rightly, is not known.
func (b *book) answered(q *exam.Question) *float64 {
	wrong, known := 0, true
	for _, o := range q.Options {
		switch b.judge(q, o) {
		case VerdictLost:
			return credits(0)
		case VerdictUnread, VerdictNoKey:
			known = false
		case VerdictWrong:
			wrong++
		}
	}
	if !known {
		return nil
	}
	return earned(q, wrong)
}

// awarded returns the credits of a credit question after a number of corrections, as the paper
// has them: the last corrector's who marked it.
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
	return rounded(&x)
}

// chosen returns the credits of a choice question as a corrector of the printed exam summed them
// up, nothing void, with the selection of one field turned over unless flip is "".
func (b *book) chosen(q *exam.Question, flip string) *float64 {
	wrong := 0
	for _, o := range q.Options {
		field := exam.OptionField(q.ID, o.ID)
		selected, known := Selects(b.fields[field].Value)
		if !known || o.Correct == nil {
			return nil
		}
		if (selected != *o.Correct) != (field == flip) {
			wrong++
		}
	}
	return earned(q, wrong)
}

// earned returns the credits of a choice question of which some options are wrong and the others
// right.
func earned(q *exam.Question, wrong int) *float64 {
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

// Selects tells what a choice box's value means: a cross selects, a complete fill undoes
// it, a sign beside the fill selects again.
func Selects(value string) (selected, known bool) {
	switch value {
	case "crossed", "remarked":
		return true, true
	case "empty", "filled":
		return false, true
	}
	return false, false
}
