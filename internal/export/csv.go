// Package export writes results: the CSV files whose columns are a contract, the workbook, the
// list for a learning platform, JSON, and what changed since the last time. A file is there whole
// or not at all.
package export

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/mark"
)

// Scores writes a row per booklet in the order of its name, a column per problem, then one
// per question, in the order of the exam. Credits not known are left empty.
func Scores(w io.Writer, e *exam.Exam, sheets []mark.Sheet) error {
	problems, questions := columns(e)
	rows := [][]string{slices.Concat([]string{"booklet", "code", "registration", "status", "total"}, problems, questions)}
	for _, s := range inOrder(sheets) {
		row := []string{s.Booklet, s.Code, s.Registration, s.Status, optional(s.Total)}
		for _, id := range problems {
			row = append(row, optional(s.Problems[id]))
		}
		for _, id := range questions {
			row = append(row, optional(s.Questions[id]))
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// columns lists the ids of problems and questions in the order of the exam.
func columns(e *exam.Exam) (problems, questions []string) {
	for _, p := range e.Problems {
		problems = append(problems, p.ID)
		for _, q := range p.Questions {
			questions = append(questions, q.ID)
		}
	}
	return problems, questions
}

var readingColumns = []string{"booklet", "source", "source_page", "page", "field", "kind", "value", "confidence", "review", "reason"}

// Readings writes a row per thing read, by booklet, form page, source page and then as given.
func Readings(w io.Writer, readings []mark.Reading) error {
	readings = slices.Clone(readings)
	slices.SortStableFunc(readings, compareReadings)
	rows := [][]string{readingColumns}
	for _, r := range readings {
		rows = append(rows, []string{r.Booklet, r.Source, strconv.Itoa(r.SourcePage), strconv.Itoa(r.Page), r.Field, r.Kind,
			r.Value, confidence(r.Confidence), yesNo(r.Review), r.Reason})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// Pages writes every page of every source once, by source and page.
func Pages(w io.Writer, pages []mark.Page) error {
	pages = slices.Clone(pages)
	slices.SortStableFunc(pages, func(a, b mark.Page) int {
		if c := natural(a.Source, b.Source); c != 0 {
			return c
		}
		return a.SourcePage - b.SourcePage
	})
	rows := [][]string{{"source", "source_page", "booklet", "page", "status", "reason", "rotation", "scale", "residual_mm"}}
	for _, p := range pages {
		rows = append(rows, []string{p.Source, strconv.Itoa(p.SourcePage), p.Booklet, formPage(p.Page), p.Status, p.Reason,
			strconv.Itoa(p.Rotation), fixed(p.Scale, 4), fixed(p.ResidualMM, 3)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func compareReadings(a, b mark.Reading) int {
	if c := natural(a.Booklet, b.Booklet); c != 0 {
		return c
	}
	if c := a.Page - b.Page; c != 0 {
		return c
	}
	if c := natural(a.Source, b.Source); c != 0 {
		return c
	}
	return a.SourcePage - b.SourcePage
}

// natural orders names as people do, batch2 before batch10: runs of digits compare as
// numbers. Names that differ only in leading zeros compare as text.
func natural(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		n, m := digits(x), digits(y)
		if n > 0 && m > 0 {
			u, v := strings.TrimLeft(x[:n], "0"), strings.TrimLeft(y[:m], "0")
			if len(u) != len(v) {
				return len(u) - len(v)
			}
			if c := strings.Compare(u, v); c != 0 {
				return c
			}
			x, y = x[n:], y[m:]
			continue
		}
		if x[0] != y[0] {
			return int(x[0]) - int(y[0])
		}
		x, y = x[1:], y[1:]
	}
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(a, b)
}

// digits counts the digits s starts with.
func digits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

// optional writes credits in their shortest form, and nothing where they are not known.
func optional(x *float64) string {
	if x == nil {
		return ""
	}
	return exam.FormatNumber(*x)
}

// confidence writes a probability with four decimals. They are cut, not rounded: 1.0000
// is said of nothing below 0.99995, and no threshold is passed by writing.
func confidence(p float64) string {
	if math.IsNaN(p) {
		p = 0
	}
	p = min(max(p, 0), 1)
	if p < 0.99995 {
		p = math.Floor(p*1e4+1e-9) / 1e4 // 1e-9: 0.9 is stored a little below
	}
	return fixed(p, 4)
}

func fixed(x float64, decimals int) string { return strconv.FormatFloat(x, 'f', decimals, 64) }

func yesNo(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// formPage leaves the page empty where there is none.
func formPage(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
