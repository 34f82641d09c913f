package report

import (
	"slices"

	"scan/internal/exam"
)

// gradeCount is how many booklets earned a grade.
type gradeCount struct {
	grade  string
	from   float64 // the least total, credits
	n      int
	better int // booklets with this grade or a better one
}

// grades counts totals by the grading key, the best grade first; nothing without a key.
func grades(e *exam.Exam, totals []float64) []gradeCount {
	if e.Grades == nil || len(totals) == 0 {
		return nil
	}
	n := map[string]int{}
	for _, x := range totals {
		if g, ok := e.Grade(x); ok {
			n[g]++
		}
	}
	steps := e.Grades.Steps()
	slices.Reverse(steps)
	var all []gradeCount
	better := 0
	for _, s := range steps {
		better += n[s.Grade]
		all = append(all, gradeCount{grade: s.Grade, from: s.From, n: n[s.Grade], better: better})
	}
	return all
}
