package pipeline

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/ocr"
)

// scoreExam has a problem that a handwritten number alone is worth.
var scoreExam = strings.Replace(smallExam, "scores:\n", `  - id: "3"
scores:
  - {id: s3, problem: "3", corrector: 1, page: 4, box: [45, 120, 18, 9], max: 4, step: 0.5}
`, 1)

func TestWiderScores(t *testing.T) {
	for change, want := range map[string]map[string]bool{
		"max: 4, step: 0.5":  {},
		"max: 3, step: 0.5":  {},
		"max: 4, step: 1":    {},
		"max: 5, step: 0.5":  {"s3": true},
		"max: 4, step: 0.25": {"s3": true},
	} {
		now, err := exam.Parse(ExamFile, []byte(strings.Replace(scoreExam, "max: 4, step: 0.5", change, 1)))
		if assert.NoError(t, err) {
			assert.Equal(t, want, widerScores(scoreExam, now), change)
		}
	}
	beside, err := exam.Parse(ExamFile, []byte(strings.Replace(scoreExam, "max: 1, step: 0.5", "max: 1, step: 0.25", 1)))
	require.NoError(t, err)
	assert.Empty(t, widerScores(scoreExam, beside), "beside its credits a sum tells")
}

// A number read among fewer is asked about, until the field is read among all of them.
func TestAWiderScoreIsAskedAbout(t *testing.T) {
	f := twoBooklets(t)
	f.write(ExamFile, scoreExam)
	for _, image := range []string{"1.4", "2.4"} {
		r := f.results[image]
		r.Scores = append(r.Scores, ScoreResult{"s3", ocr.ScoreReading{Read: true, Value: 1, Confidence: 0.9999}})
		f.results[image] = r
	}
	f.store()
	before := said(reading(t, f.read(), "1.4", "s3"))
	assert.NotContains(t, before, "review")
	f.write(ExamFile, strings.Replace(scoreExam, "max: 4", "max: 13", 1))
	s := f.open()
	out, err := s.Outcome(context.Background())
	require.NoError(t, err)
	assert.Equal(t, strings.Fields(before)[0]+" wider-score review", said(reading(t, out, "1.4", "s3")))
	out = f.decide(s, "ann", "1.4", "s3", "12.5")
	assert.Equal(t, "12.5 decided", said(reading(t, out, "1.4", "s3")))
	f.store()
	assert.Equal(t, "12.5 decided", said(reading(t, f.read(), "1.4", "s3")))
	assert.NotContains(t, said(reading(t, f.read(), "2.4", "s3")), "review")
}
