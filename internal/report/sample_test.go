package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"scan/internal/exam"
	"scan/internal/mark"
)

var yes, no = true, false

// sampleExam has 4 choice questions of 4 options (2 credits each), 5 credit questions corrected twice (3 credits
// each), a problem of a handwritten score alone (6), and a grading key.
func sampleExam() *exam.Exam {
	e := &exam.Exam{ID: "endterm", Title: "Introduction to Deep Learning", Pages: 4, Sticker: &exam.Sticker{Page: 1},
		Problems: []exam.Problem{{ID: "1", Title: "Multiple Choice"}, {ID: "2", Title: "Backpropagation"}, {ID: "3", Title: "Essay"}},
		Scores: []exam.Score{{ID: "P3.I", Problem: "3", Corrector: 1, Page: 1, Max: 6, Step: 0.5},
			{ID: "P3.II", Problem: "3", Corrector: 2, Page: 1, Max: 6, Step: 0.5}},
		Grades: &exam.Grades{Scheme: exam.GermanThirds, Pass: 14, Best: 26, Round: 0.5}}
	for i := range 4 {
		q := exam.Question{ID: fmt.Sprintf("1.%d", i+1), Kind: exam.Choice, Page: 2, Credits: 2, Rule: exam.AllOrNothing, Select: exam.SelectAny}
		for j := range 4 {
			correct := &no
			if (i+j)%2 == 0 {
				correct = &yes
			}
			q.Options = append(q.Options, exam.Option{ID: string(rune('a' + j)), Correct: correct})
		}
		e.Problems[0].Questions = append(e.Problems[0].Questions, q)
	}
	for i := range 5 {
		q := exam.Question{ID: fmt.Sprintf("2.%d", i+1), Kind: exam.Credit, Page: 3, Credits: 3}
		for c := 1; c <= 2; c++ {
			for x := 0.0; x <= 3; x += 0.5 {
				q.Boxes = append(q.Boxes, exam.CreditBox{Credits: x, Corrector: c})
			}
		}
		e.Problems[1].Questions = append(e.Problems[1].Questions, q)
	}
	return e
}

// student is one made-up taker of the sample exam.
type student struct {
	*rand.Rand
	skill   float64 // standard normal
	booklet string
}

// knows tells by chance whether the student can do something of a difficulty (logistic model).
func (s student) knows(difficulty float64) bool {
	return s.Float64() < 1/(1+math.Exp(difficulty-1.4*s.skill))
}

func (s student) reading(page int, field, kind, value string) mark.Reading {
	r := mark.Reading{Booklet: s.booklet, Source: "secret.pdf", SourcePage: page, Page: page, Field: field, Kind: kind, Value: value,
		Confidence: 1 - 0.002*math.Pow(s.Float64(), 6)}
	if value == "" {
		r.Confidence, r.Reason = 0.9999, "none-marked"
	}
	if s.Float64() < 0.03 {
		r.Confidence = 0.4 + 0.55*s.Float64()
	}
	return r
}

// readings makes all that is read from a booklet. In 1.4 the key of option d is wrong: who knows does not cross it.
func (s student) readings(e *exam.Exam, code string) []mark.Reading {
	all := []mark.Reading{s.reading(1, "sticker", mark.KindSticker, code)}
	for i, q := range e.Problems[0].Questions {
		for j, o := range q.Options {
			crossed := *o.Correct == s.knows(float64(i)-2.2)
			if i == 3 && j == 3 {
				crossed = !s.knows(0)
			}
			value := "empty"
			if crossed {
				value = "crossed"
			}
			all = append(all, s.reading(2, exam.OptionField(q.ID, o.ID), mark.KindChoice, value))
		}
	}
	for i, q := range e.Problems[1].Questions {
		credits := 0.0
		for range 6 {
			if s.knows(float64(i) - 2) {
				credits += 0.5
			}
		}
		second := ""
		if s.Float64() < 0.25 {
			second = fmt.Sprint(min(3, max(0, credits+0.5*float64(s.IntN(3)-1))))
		}
		all = append(all, s.reading(3, q.ID, mark.KindCredit, fmt.Sprint(credits)), s.reading(3, q.ID+"/2", mark.KindCredit, second))
	}
	return append(all, s.reading(1, "P3.I", mark.KindScore, fmt.Sprint(min(6, max(0, math.Round(2*(3+1.5*s.skill+s.NormFloat64()))/2)))),
		mark.Reading{Booklet: s.booklet, Source: "secret.pdf", SourcePage: 1, Page: 1, Field: "P3.II", Kind: mark.KindScore, Reason: "empty-score", Confidence: 0.9999})
}

// sample makes the data of n students; a person decided all that was open in the first of them, open stays open in the rest.
func sample(n, decided int) Data {
	e, r := sampleExam(), rand.New(rand.NewPCG(5, 1))
	d := Data{Exam: e, Now: time.Date(2026, 9, 14, 10, 32, 0, 0, time.UTC),
		Run:    Run{Program: "0.5.0", Began: time.Date(2026, 9, 14, 9, 1, 0, 0, time.UTC), Seconds: 93.4, Read: 4 * n},
		Ledger: Ledger{ByMode: map[string]int{"single": 60, "batch": 25, "spot": 50}, Withdrawn: 2, Reviewers: 2, Spot: Spot{N: 50, Wrong: 0, Bound: 0.0582}}}
	for i := range n {
		s := student{Rand: r, skill: r.NormFloat64(), booklet: fmt.Sprintf("B%03d", i+1)}
		readings, sheet := mark.Grade(e, s.readings(e, fmt.Sprintf("4711%04d", i)), d.Run.Policy)
		if i < decided {
			readings = decideAll(readings, r)
			sheet = mark.Score(e, readings)
		}
		sheet.Registration = fmt.Sprintf("0815%04d", i)
		d.Batch.Readings = append(d.Batch.Readings, readings...)
		d.Batch.Sheets = append(d.Batch.Sheets, sheet)
		for p := range 4 {
			page := mark.Page{Source: "secret.pdf", SourcePage: 4*i + p + 1, Booklet: s.booklet, Page: p + 1, Status: "ok"}
			if i%40 == 7 && p == 3 {
				page.Status, page.Reason = "refused", "coverage"
			}
			d.Batch.Pages = append(d.Batch.Pages, page)
		}
	}
	return d
}

// decideAll is a person who mostly agrees with the reader.
func decideAll(readings []mark.Reading, r *rand.Rand) []mark.Reading {
	for i := range readings {
		x := &readings[i]
		if !x.Review {
			continue
		}
		x.Read = &mark.ReaderValue{Value: x.Value, Confidence: x.Confidence, Reason: x.Reason, Review: true}
		x.Reason, x.Review, x.Confidence = mark.ReasonDecided, false, 1
		if x.Kind == mark.KindCredit && (x.Value == "" || r.IntN(5) == 0) && x.Field[len(x.Field)-2:] != "/2" {
			x.Value = "1.5"
		}
		if x.Kind == mark.KindCredit && x.Value == "" {
			x.Value = mark.ValueNone
		}
	}
	return readings
}
