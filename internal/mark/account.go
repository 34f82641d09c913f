package mark

import (
	"fmt"
	"slices"
	"strings"

	"scan/internal/exam"
)

// Line is one step of how a booklet's score came about.
type Line struct {
	Step string `json:"step"` // one of the Step... words
	ID   string `json:"id,omitempty"`

	// Of a field: what it says, as in readings.csv; what would be right; and what that comes to.
	// Of a grade: Value is the grade.
	Value   string `json:"value,omitempty"`
	Key     string `json:"key,omitempty"`     // of a choice box: KeySelected or KeyNotSelected, "" if not known
	Verdict string `json:"verdict,omitempty"` // one of the Verdict... words

	// Of all others: how credits are earned, and how these were, in words and numbers.
	Rule    string `json:"rule,omitempty"`
	Formula string `json:"formula,omitempty"`

	// Credits is nil where it is not known, and for fields that have none of their own. Worth is
	// what could be earned; 0 for fields.
	Credits *float64 `json:"credits,omitempty"`
	Worth   float64  `json:"worth,omitempty"`
}

// What a line explains.
const (
	StepField    = "field"
	StepQuestion = "question"
	StepProblem  = "problem"
	StepTotal    = "total"
	StepGrade    = "grade"
)

// What is right in a choice box.
const (
	KeySelected    = "selected"
	KeyNotSelected = "not-selected"
)

// Verdicts about any field.
const (
	VerdictMissing  = "missing"  // its page is not there, and nobody gave it up
	VerdictCounts   = "counts"   // this number gives the credits
	VerdictReplaced = "replaced" // the second corrector's number does
	VerdictEmpty    = "empty"    // nothing stands there, and need not
	VerdictRepeats  = "repeats"  // a handwritten sum: the questions give the credits
)

// Account explains what Score computes: for each problem its questions with their fields, then the
// fields of its handwritten scores, then the sum; at the end the total, and the grade if the exam
// has a grading key and the total is known.
func Account(e *exam.Exam, readings []Reading) []Line {
	a := account{book: newBook(e, readings)}
	total, parts := sum{}, []*float64{}
	for i := range e.Problems {
		credits := a.problem(&e.Problems[i])
		total.add(credits)
		parts = append(parts, credits)
	}
	all := rounded(total.credits())
	a.add(Line{Step: StepTotal, Rule: "the sum of the problems", Formula: addition(parts, all), Credits: all, Worth: e.Total()})
	if all != nil {
		a.grade(*all)
	}
	return a.lines
}

type account struct {
	*book
	lines []Line
}

func (a *account) add(l Line) { a.lines = append(a.lines, l) }

func (a *account) problem(p *exam.Problem) *float64 {
	var parts []*float64
	for i := range p.Questions {
		q := &p.Questions[i]
		a.question(q)
		parts = append(parts, a.earns(q))
	}
	fields := a.scoreFields(p.ID)
	credits := a.book.problem(p)
	l := Line{Step: StepProblem, ID: p.ID, Credits: rounded(credits), Worth: a.exam.Worth(p.ID)}
	if len(p.Questions) > 0 {
		for _, f := range fields {
			a.add(a.field(f, VerdictRepeats))
		}
		l.Rule, l.Formula = "the sum of its questions", addition(parts, credits)
	} else {
		a.numbers(fields)
		l.Rule, l.Formula = "the number written by hand, the second corrector's where there is one", a.lastFormula(fields)
	}
	a.add(l)
	return credits
}

func (a *account) question(q *exam.Question) {
	l := Line{Step: StepQuestion, ID: q.ID, Credits: rounded(a.earns(q)), Worth: q.Worth()}
	if q.Kind == exam.Choice {
		a.boxes(q)
		l.Rule, l.Formula = choiceRule(q), a.choiceFormula(q)
	} else {
		fields := creditFields(q)
		if q.Void == "" {
			a.numbers(fields)
		} else {
			a.voids(fields)
		}
		l.Rule, l.Formula = "the credits crossed, the second corrector's where there are any", a.lastFormula(fields)
	}
	switch q.Void {
	case exam.VoidFull:
		l.Rule, l.Formula = "void: everybody gets all credits", text(l.Credits)
	case exam.VoidZero:
		l.Rule, l.Formula = "void: nobody gets any, and the exam is worth less", text(l.Credits)
	}
	a.add(l)
}

// field is the line of a field; that it is not there or lost comes before any other verdict.
func (a *account) field(field, verdict string) Line {
	r, there := a.fields[field]
	switch {
	case verdict == VerdictVoid:
	case !there:
		verdict = VerdictMissing
	case r.Value == ValueLost:
		verdict = VerdictLost
	}
	return Line{Step: StepField, ID: field, Value: r.Value, Verdict: verdict}
}

func (a *account) voids(fields []string) {
	for _, f := range fields {
		a.add(a.field(f, VerdictVoid))
	}
}

// boxes explains the options of a choice question.
func (a *account) boxes(q *exam.Question) {
	for _, o := range q.Options {
		verdict := a.judge(q, o)
		if q.Void != "" {
			verdict = VerdictVoid
		}
		l := a.field(exam.OptionField(q.ID, o.ID), verdict)
		if o.Correct != nil {
			l.Key = KeyNotSelected
			if *o.Correct {
				l.Key = KeySelected
			}
		}
		if q.Rule == exam.PerOption && q.Void == "" {
			l.Credits = optionCredits(q, l.Verdict)
		}
		a.add(l)
	}
}

// optionCredits are what one option earns where each does for itself.
func optionCredits(q *exam.Question, verdict string) *float64 {
	switch verdict {
	case VerdictRight, VerdictVoid:
		return rounded(credits(q.Credits / float64(len(q.Options))))
	case VerdictWrong:
		return credits(q.Wrong)
	}
	return nil
}

// numbers explains fields of which the last number counts.
func (a *account) numbers(fields []string) {
	counts := a.counting(fields)
	for i, f := range fields {
		verdict := VerdictUnread
		switch {
		case f == counts:
			verdict = VerdictCounts
		case a.number(f) != nil:
			verdict = VerdictReplaced
		case i > 0 && (a.fields[f].Value == ValueNone || a.fields[f].Reason == ReasonEmpty || a.fields[f].Reason == noneMarked):
			verdict = VerdictEmpty
		}
		l := a.field(f, verdict)
		if verdict == VerdictCounts {
			l.Credits = a.number(f)
		}
		a.add(l)
	}
}

// counting returns the field whose number counts, "" if there is no number.
func (a *account) counting(fields []string) string {
	for _, f := range slices.Backward(fields) {
		if a.number(f) != nil {
			return f
		}
	}
	return ""
}

func (a *account) lastFormula(fields []string) string {
	switch f := a.counting(fields); {
	case f != "":
		return fmt.Sprintf("%s: %s", f, text(a.number(f)))
	case a.last(fields) != nil:
		return fields[0] + " is lost: 0"
	case len(fields) > 0:
		return fields[0] + " is not known: ?"
	}
	return "?"
}

func choiceRule(q *exam.Question) string {
	if q.Rule == exam.PerOption {
		return fmt.Sprintf("each option that is right earns %s / %d, each other %s; at least %s",
			exam.FormatNumber(q.Credits), len(q.Options), exam.FormatNumber(q.Wrong), exam.FormatNumber(q.Floor))
	}
	return exam.FormatNumber(q.Credits) + " if every option is right, else 0"
}

// choiceFormula counts the verdicts of a choice question's options.
func (a *account) choiceFormula(q *exam.Question) string {
	of := map[string][]string{}
	for _, o := range q.Options {
		v := a.judge(q, o)
		of[v] = append(of[v], o.ID)
	}
	n := len(q.Options)
	wrong := len(of[VerdictWrong])
	switch open := slices.Concat(of[VerdictUnread], of[VerdictNoKey]); {
	case len(of[VerdictLost]) > 0:
		return strings.Join(of[VerdictLost], ", ") + " is lost: 0"
	case len(open) > 0:
		return strings.Join(open, ", ") + " is not known: ?"
	case q.Rule == exam.PerOption:
		return fmt.Sprintf("%d right x %s / %d + %d wrong x %s, at least %s: %s", n-wrong, exam.FormatNumber(q.Credits), n,
			wrong, exam.FormatNumber(q.Wrong), exam.FormatNumber(q.Floor), text(earned(q, wrong)))
	}
	return fmt.Sprintf("%d of %d right: %s", n-wrong, n, text(earned(q, wrong)))
}

func (a *account) grade(total float64) {
	grade, ok := a.exam.Grade(total)
	if !ok {
		return
	}
	var from float64
	for _, s := range a.exam.Grades.Steps() {
		if s.Grade == grade {
			from = s.From
		}
	}
	a.add(Line{Step: StepGrade, Value: grade, Rule: "the grade of the highest border that the total reaches",
		Formula: fmt.Sprintf("%s from %s", grade, exam.FormatNumber(from))})
}

// addition writes a sum: "2 + 0 + 1.5: 3.5".
func addition(parts []*float64, total *float64) string {
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = text(p)
	}
	return strings.Join(words, " + ") + ": " + text(total)
}

// text writes credits, ? where they are not known.
func text(x *float64) string {
	if x == nil {
		return "?"
	}
	return exam.FormatNumber(*rounded(x))
}
