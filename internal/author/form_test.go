package author

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// practice writes the form of a practice exam and returns its path and what is true of it.
func practice(t *testing.T, variant int) (path string, truth *exam.Exam) {
	t.Helper()
	f, err := fixtures.NewForm(variant)
	require.NoError(t, err)
	path = filepath.Join(t.TempDir(), "form.pdf")
	require.NoError(t, os.WriteFile(path, f.PDF, 0o600))
	return path, f.Exam
}

// near asserts that two boxes differ by less than tol mm on every side.
func near(t *testing.T, want, got geom.Box, tol float64, what string) {
	t.Helper()
	d := math.Max(math.Max(math.Abs(want.X-got.X), math.Abs(want.Y-got.Y)),
		math.Max(math.Abs(want.X+want.W-got.X-got.W), math.Abs(want.Y+want.H-got.Y-got.H)))
	assert.Less(t, d, tol, "%s: %v, not %v", what, got, want)
}

// TestVectorForms: everything on the practice forms is found, and nothing else. A tenth of a
// mm is what two ways of drawing the same frame differ by.
func TestVectorForms(t *testing.T) {
	for variant := range fixtures.Variants {
		path, truth := practice(t, variant)
		d, err := FromForm(path)
		require.NoError(t, err)
		assert.Empty(t, d.Notes)
		sameExam(t, truth, d.Exam, 0.1)
		require.NotNil(t, d.Stated)
		assert.Equal(t, total(truth), *d.Stated)
	}
}

func total(e *exam.Exam) (sum float64) {
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			sum += q.Credits
		}
	}
	return sum
}

// sameExam compares ids, credits and boxes.
func sameExam(t *testing.T, want, got *exam.Exam, tol float64) {
	t.Helper()
	require.Len(t, got.Problems, len(want.Problems))
	for i, p := range want.Problems {
		o := got.Problems[i]
		assert.Equal(t, []string{p.ID, p.Title}, []string{o.ID, o.Title})
		require.Len(t, o.Questions, len(p.Questions), "problem %s", p.ID)
		for j, q := range p.Questions {
			sameQuestions(t, q, o.Questions[j], tol)
		}
	}
	require.Len(t, got.Scores, len(want.Scores))
	for i, s := range want.Scores {
		near(t, s.Box, got.Scores[i].Box, 1, "score "+s.ID)
		assert.Equal(t, []any{s.Problem, s.Corrector, s.Max}, []any{got.Scores[i].Problem, got.Scores[i].Corrector, got.Scores[i].Max}, s.ID)
	}
	require.Equal(t, want.Sticker != nil, got.Sticker != nil)
	if want.Sticker != nil {
		near(t, want.Sticker.Box, got.Sticker.Box, 0.5, "sticker")
	}
}

func sameQuestions(t *testing.T, want, got exam.Question, tol float64) {
	t.Helper()
	assert.Equal(t, []any{want.ID, want.Kind, want.Page, want.Credits}, []any{got.ID, got.Kind, got.Page, got.Credits})
	assert.Equal(t, want.Select, got.Select, want.ID)
	require.Len(t, got.Options, len(want.Options), want.ID)
	for k, o := range want.Options {
		assert.Equal(t, o.ID, got.Options[k].ID)
		near(t, o.Box, got.Options[k].Box, tol, want.ID+"."+o.ID)
	}
	require.Len(t, got.Boxes, len(want.Boxes), want.ID)
	for _, b := range want.Boxes {
		found := false
		for _, o := range got.Boxes {
			if o.Credits == b.Credits && max(1, o.Corrector) == max(1, b.Corrector) {
				near(t, b.Box, o.Box, tol, want.ID)
				found = true
			}
		}
		assert.True(t, found, "%s: a cell of %g credits by corrector %d", want.ID, b.Credits, b.Corrector)
	}
}

// TestReadLayoutOfThePracticeForm: pages come in their size in mm.
func TestReadLayoutOfThePracticeForm(t *testing.T) {
	path, truth := practice(t, 0)
	ls, err := raster.ReadLayout(path)
	require.NoError(t, err)
	require.Len(t, ls, truth.Pages)
	assert.InDelta(t, 210, ls[0].WidthMM, 0.01)
	assert.InDelta(t, 297, ls[0].HeightMM, 0.01)
}
