package pipeline

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/raster"
	"scan/internal/store"
	"scan/ocr"
)

// largeExam has 16 pages: 9 choice questions of 4 options on page 2, two credit questions on each of
// pages 3 to 15 in columns of 7 cells, a score for each problem and a sticker on the cover.
func largeExam() *exam.Exam {
	e := &exam.Exam{Pages: 16, Sticker: &exam.Sticker{Page: 1, Box: geom.Box{X: 10, Y: 30, W: 39, H: 21}}}
	yes, no := true, false
	choice := exam.Problem{ID: "1"}
	for n := range 9 {
		q := exam.Question{ID: fmt.Sprintf("1.%d", n+1), Kind: exam.Choice, Page: 2, Credits: 2, Rule: exam.AllOrNothing}
		for k, key := range []*bool{&yes, &no, &no, &yes} {
			q.Options = append(q.Options, exam.Option{ID: string(rune('a' + k)), Correct: key,
				Box: geom.Box{X: 20 + 90*float64(n%2), Y: 20 + 25*float64(n/2) + 8*float64(k), W: 4.3, H: 4.3}})
		}
		choice.Questions = append(choice.Questions, q)
	}
	e.Problems = append(e.Problems, choice)
	for page := 3; page <= 15; page++ {
		p := exam.Problem{ID: fmt.Sprint(page - 1)}
		for n := range 2 {
			q := exam.Question{ID: fmt.Sprintf("%d.%d", page-1, n+1), Kind: exam.Credit, Page: page, Credits: 3}
			for c := range 7 {
				q.Boxes = append(q.Boxes, exam.CreditBox{Credits: float64(c) / 2, Corrector: 1,
					Box: geom.Box{X: 190, Y: 40 + 100*float64(n) + 3.57*float64(c), W: 4.3, H: 4.3}})
			}
			p.Questions = append(p.Questions, q)
		}
		e.Problems = append(e.Problems, p)
		e.Scores = append(e.Scores, exam.Score{ID: "s" + p.ID, Problem: p.ID, Corrector: 1, Page: 1, Max: 6, Step: 0.5,
			Box: geom.Box{X: 10 + 12*float64(page), Y: 150, W: 10, H: 8}})
	}
	return e
}

// largeBatch is booklets of largeExam without page codes, everything read for sure but for one
// column a booklet.
func largeBatch(e *exam.Exam, booklets int) (pages []Scanned) {
	for b := range booklets {
		for n := 1; n <= e.Pages; n++ {
			r := PageResult{Status: StatusOK, FormPage: n, Width: 1654, Height: 2339, MMToPix: geom.ScaleBy(7.9, 7.9)}
			if n == 1 {
				code := fmt.Sprintf("%07d", 1000000+b)
				r.Sticker = &ocr.StickerReading{Value: code, Code: code, Confidence: 1}
				for _, s := range e.Scores {
					r.Scores = append(r.Scores, ScoreResult{s.ID, ocr.ScoreReading{Value: 3, Read: true, Confidence: 0.99,
						Values: []ocr.ValueP{{Value: 3, P: 0.99}, {Value: 2.5, P: 0.005}}}})
				}
			}
			for _, p := range e.Problems {
				for i := range p.Questions {
					if q := &p.Questions[i]; q.Page == n {
						r.fake(q, b)
					}
				}
			}
			pages = append(pages, Scanned{Ref: raster.Ref{Path: fmt.Sprintf("scan%03d.pdf", b/20), Page: b%20*16 + n},
				Image: fmt.Sprintf("%d-%d", b, n), File: fmt.Sprint(b / 20), PageResult: r})
		}
	}
	return pages
}

func (r *PageResult) fake(q *exam.Question, booklet int) {
	if q.Kind == exam.Choice {
		c := ChoiceResult{Question: q.ID}
		for i, o := range q.Options {
			b := detect.BoxReading{State: detect.Empty, Confidence: 1, Box: o.Box}
			if (i+booklet)%3 == 0 {
				b.State = detect.Crossed
			}
			c.Boxes = append(c.Boxes, b)
		}
		r.Choices = append(r.Choices, c)
		return
	}
	col := detect.ColumnReading{Corrector: 1, Marked: 3, Credits: 1.5, Confidence: 1}
	for _, b := range q.Boxes {
		col.Cells = append(col.Cells, detect.BoxReading{Box: b.Box})
	}
	if q.ID == "4.1" {
		col.Marked, col.Reason = -1, "several-marked"
	}
	r.Credits = append(r.Credits, CreditResult{Question: q.ID, Columns: []detect.ColumnReading{col}})
}

func largeSettler(tb testing.TB, booklets int) *settler {
	e := largeExam()
	s := &settler{exam: e, pages: largeBatch(e, booklets), required: all(16)}
	out, err := s.settle(context.Background(), nil)
	require.NoError(tb, err)
	require.Len(tb, out.Sheets, booklets)
	return s
}

// BenchmarkOpening is the first look at 400 booklets of 16 pages.
func BenchmarkOpening(b *testing.B) {
	for b.Loop() {
		largeSettler(b, 400)
	}
}

// BenchmarkDecision is one more decision about a field in a batch of 400 booklets that has had a thousand.
func BenchmarkDecision(b *testing.B) {
	benchmarkDecisions(b, func(n int) store.Decision {
		return store.Decision{Page: fmt.Sprintf("%d-5", n%400), Field: "4.1", Value: []string{"1", "2"}[n/400%2]}
	})
}

// BenchmarkPageDecision is one more decision about a page, which puts the whole batch together anew.
func BenchmarkPageDecision(b *testing.B) {
	benchmarkDecisions(b, func(n int) store.Decision {
		return store.Decision{Page: fmt.Sprintf("%d-16", n%400), Field: mark.FieldPage, Value: "drop unusable"}
	})
}

func benchmarkDecisions(b *testing.B, next func(n int) store.Decision) {
	s := largeSettler(b, 400)
	var all []store.Decision
	for n := range 1000 {
		all = append(all, store.Decision{ID: fmt.Sprint("old", n), Page: fmt.Sprintf("%d-%d", n%400, 6+n/400), Field: fmt.Sprintf("%d.1", 5+n/400), Value: "1"})
	}
	_, err := s.settle(context.Background(), all)
	require.NoError(b, err)
	for n := 0; b.Loop(); n++ {
		d := next(n)
		d.ID = fmt.Sprint(n)
		all = append(all, d)
		_, err := s.settle(context.Background(), all)
		require.NoError(b, err)
	}
}
