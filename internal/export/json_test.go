package export

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
)

func TestJSON(t *testing.T) {
	golden(t, "scores.json", func(w io.Writer) error { return JSON(w, sampleData()) })
}

func TestJSONOfAllLeavesNobodyOut(t *testing.T) {
	d := sampleData()
	d.All = true
	var out bytes.Buffer
	require.NoError(t, JSON(&out, d))
	var doc scoresDoc
	require.NoError(t, json.Unmarshal(out.Bytes(), &doc))
	require.Len(t, doc.Booklets, 3)
	assert.Empty(t, doc.LeftOut)
	assert.Equal(t, "B10", doc.Booklets[2].Booklet)
	assert.Nil(t, doc.Booklets[2].Total)
	assert.Nil(t, doc.Booklets[2].Questions["2.1"])
	assert.InDelta(t, 2, *doc.Booklets[2].Problems["1"], 0)
	assert.Empty(t, doc.Booklets[2].Grade)
}

func TestJSONOfNothingHasNoNull(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, JSON(&out, &Data{Exam: &exam.Exam{}}))
	assert.NotContains(t, out.String(), "null")
}

// What a void question is worth is told as it counts.
func TestJSONOfVoidQuestions(t *testing.T) {
	d := sampleData()
	d.Exam.Problems[0].Questions[0].Void = exam.VoidZero
	var out bytes.Buffer
	require.NoError(t, JSON(&out, d))
	var doc scoresDoc
	require.NoError(t, json.Unmarshal(out.Bytes(), &doc))
	assert.InDelta(t, 0, doc.Exam.Problems[0].Questions[0].Credits, 0)
	assert.InDelta(t, 1.5, doc.Exam.Problems[0].Credits, 0)
	assert.InDelta(t, 8.5, doc.Exam.Credits, 0)
}
