package pipeline

import (
	"math"

	"scan/internal/exam"
)

// widerScores names the scores that alone give a problem's credits and allow a number now that they did not
// when they were read (was is exam.yaml as it was): the reader held what is written for one of the others. Where
// credits stand beside a score, their sum tells.
func widerScores(was string, now *exam.Exam) map[string]bool {
	before, err := exam.Parse(ExamFile, []byte(was))
	if err != nil {
		return nil
	}
	wider := map[string]bool{}
	for _, s := range now.Scores {
		if p := now.Problem(s.Problem); p == nil || len(p.Questions) > 0 {
			continue
		}
		for _, old := range before.Scores {
			if old.ID == s.ID && (s.Max > old.Max+1e-9 || !isMultiple(s.Step, old.Step)) {
				wider[s.ID] = true
			}
		}
	}
	return wider
}

// isMultiple reports whether every multiple of x is one of y.
func isMultiple(x, y float64) bool { return math.Abs(x/y-math.Round(x/y)) < 1e-9 }
