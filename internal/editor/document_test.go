package editor

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
)

// What the page does not show comes back from it: what is void, the grading key, and a score's most
// as printed.
func TestDocumentKeepsWhatThePageDoesNotShow(t *testing.T) {
	yes := true
	file := &exam.Exam{ID: "x", Pages: 2, Form: "form.pdf", Grades: &exam.Grades{Scheme: exam.GermanThirds, Pass: 1, Best: 2},
		Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{
			{ID: "1.1", Kind: exam.Choice, Page: 1, Credits: 2, Rule: exam.AllOrNothing, Select: exam.SelectAny,
				Options: []exam.Option{{ID: "a", Box: geom.Box{X: 1, Y: 1, W: 4, H: 4}, Correct: &yes, Void: true}}},
			{ID: "1.2", Kind: exam.Credit, Page: 2, Credits: 1, Void: exam.VoidZero,
				Boxes: []exam.CreditBox{{Credits: 1, Box: geom.Box{X: 1, Y: 1, W: 4, H: 4}, Corrector: 1}}}}}},
		Scores: []exam.Score{{ID: "s", Problem: "1", Corrector: 1, Page: 1, Box: geom.Box{X: 9, Y: 9, W: 9, H: 9}, Max: 3, Step: 0.5}}}
	b, err := json.Marshal(newDocument(file))
	require.NoError(t, err)
	var d document
	require.NoError(t, json.Unmarshal(b, &d))
	got, _ := d.onto(file)
	assert.Equal(t, file, got)
}
