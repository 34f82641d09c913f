package export

import (
	"slices"
	"time"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
)

// Data is what exports are written from: a batch as it stands, and what is known besides. It is
// not changed.
type Data struct {
	Exam      *exam.Exam
	Roster    *exam.Roster // nil without one
	Batch     mark.Batch   // whole, also what is left out
	Decisions []store.Decision
	All       bool // also booklets that are not final

	Program   string    // version
	ExamHash  string    // SHA-256 of exam.yaml
	Threshold float64   // the confidence below which a person was asked
	Read      time.Time // when the scans were last read
}

// Sheets returns the booklets that are exported, in the order of their names: the final ones, or
// all of them.
func (d *Data) Sheets() []mark.Sheet {
	sheets := inOrder(d.Batch.Sheets)
	if d.All {
		return sheets
	}
	return slices.DeleteFunc(sheets, func(s mark.Sheet) bool { return s.Status != mark.StatusFinal })
}

// Open counts the booklets that are not final, by status.
func (d *Data) Open() map[string]int {
	n := map[string]int{}
	for _, s := range d.Batch.Sheets {
		if s.Status != mark.StatusFinal {
			n[s.Status]++
		}
	}
	return n
}

// grade returns the grade of a booklet, "" where there is no grading key or the booklet is not
// final: a grade that may still change is none.
func (d *Data) grade(s mark.Sheet) string {
	if s.Status != mark.StatusFinal || s.Total == nil {
		return ""
	}
	g, _ := d.Exam.Grade(*s.Total)
	return g
}

// graded reports whether there is a grading key.
func (d *Data) graded() bool { return d.Exam.Grades != nil }

// inOrder sorts a copy of the sheets by the names of the booklets.
func inOrder(sheets []mark.Sheet) []mark.Sheet {
	sheets = slices.Clone(sheets)
	slices.SortStableFunc(sheets, func(a, b mark.Sheet) int { return natural(a.Booklet, b.Booklet) })
	return sheets
}
