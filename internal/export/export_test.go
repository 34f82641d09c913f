package export

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/mark"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what write makes with testdata/name; -update remakes it.
func golden(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	require.NoError(t, write(&got))
	want := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(want, got.Bytes(), 0o600))
	}
	expected, err := os.ReadFile(want)
	require.NoError(t, err)
	assert.Equal(t, string(expected), got.String())
}

func number(x float64) *float64 { return &x }

// collision is an exam whose problem and question share the id 1.
var collision = &exam.Exam{Problems: []exam.Problem{
	{ID: "1", Questions: []exam.Question{{ID: "1"}, {ID: "1.2"}}},
	{ID: "2, b", Questions: []exam.Question{{ID: "2.1"}}},
	{ID: "3"},
}}

func TestScores(t *testing.T) {
	sheets := []mark.Sheet{
		{Booklet: "B10", Status: mark.StatusIncomplete,
			Problems: map[string]*float64{"1": nil}, Questions: map[string]*float64{"1": number(0)}},
		{Booklet: "B2", Code: "00123", Registration: "03712345", Status: mark.StatusFinal, Total: number(17.5),
			Problems:  map[string]*float64{"1": number(2.5), "2, b": number(0.666667), "3": number(12)},
			Questions: map[string]*float64{"1": number(-0.5), "1.2": number(3), "2.1": number(0.666667)}},
		{Booklet: "B002", Code: "7\n8", Status: mark.StatusReview, Total: number(90)},
	}
	golden(t, "scores.csv", func(w io.Writer) error { return Scores(w, collision, sheets) })
	assert.Equal(t, "B10", sheets[0].Booklet, "the caller's order stays")
}

func TestReadings(t *testing.T) {
	readings := []mark.Reading{
		{Booklet: "E0134", Source: "b/batch10.pdf", SourcePage: 2, Page: 2, Field: "1.1.b", Kind: "choice", Value: "empty", Confidence: 0.99994999},
		{Booklet: "E0134", Source: "b/batch10.pdf", SourcePage: 2, Page: 2, Field: "1.1.a", Kind: "choice", Value: "crossed", Confidence: 0.99995},
		{Booklet: "E0134", Source: "b/batch10.pdf", SourcePage: 1, Page: 1, Field: "sticker", Kind: "sticker", Value: "00123", Confidence: 1},
		{Booklet: "E0134", Source: "b/batch2.pdf", SourcePage: 7, Page: 1, Field: "P1.I", Kind: "score", Value: "4.5", Confidence: 0.62, Review: true, Reason: "uncertain",
			Candidates: []mark.ValueP{{Value: 4.5, P: 0.62}}},
		{Booklet: "E0004", Source: "b/one, two.pdf", SourcePage: 1, Page: 4, Field: "2.1/2", Kind: "credit", Reason: "empty"},
	}
	golden(t, "readings.csv", func(w io.Writer) error { return Readings(w, readings) })
}

func TestPages(t *testing.T) {
	pages := []mark.Page{
		{Source: "batch10.pdf", SourcePage: 1, Status: "refused", Reason: "residual", Scale: 0, ResidualMM: 3.14159},
		{Source: "batch2.pdf", SourcePage: 11, Booklet: "E0134", Page: 2, Status: "ok", Rotation: 180, Scale: 1.00236, ResidualMM: 0.0449},
		{Source: "batch2.pdf", SourcePage: 2, Booklet: "E0134", Page: 1, Status: "ok", Scale: 1, ResidualMM: 0.04},
	}
	golden(t, "pages.csv", func(w io.Writer) error { return Pages(w, pages) })
}

func TestNothingToWriteIsAHeader(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, Readings(&out, nil))
	assert.Equal(t, "booklet,source,source_page,page,field,kind,value,confidence,review,reason\n", out.String())
}

func TestConfidenceIsNeverRoundedUp(t *testing.T) {
	for p, want := range map[float64]string{
		0: "0.0000", 0.9: "0.9000", 0.998: "0.9980", 0.99799999: "0.9979", 0.99994: "0.9999", 0.999949: "0.9999",
		0.99995: "1.0000", 1: "1.0000", 1.2: "1.0000", -1: "0.0000", 0.00004: "0.0000",
	} {
		assert.Equal(t, want, confidence(p), p)
	}
}

func TestNatural(t *testing.T) {
	inOrder := []string{"", "B", "B1", "B02", "B2", "B2a", "B10", "a", "a1b2", "a1b10", "a2"}
	for i, a := range inOrder {
		for j, b := range inOrder {
			switch c := natural(a, b); {
			case i < j:
				assert.Negative(t, c, "%q %q", a, b)
			case i > j:
				assert.Positive(t, c, "%q %q", a, b)
			default:
				assert.Zero(t, c, a)
			}
		}
	}
}

func TestAFailedWriteLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "scores.csv")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	full := errors.New("disk full")

	err := writeFile(path, func(w io.Writer) error {
		_, _ = w.Write(make([]byte, 1<<16))
		return full
	})
	require.ErrorIs(t, err, full)
	require.ErrorContains(t, err, path)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "old", string(b))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no temporary file stays")
}

func TestAFailedRenameLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "scores.csv")
	require.NoError(t, os.MkdirAll(filepath.Join(path, "in the way"), 0o755))
	require.Error(t, WriteFile(path, []byte("new")))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestNoFolder(t *testing.T) {
	err := WriteFile(filepath.Join(t.TempDir(), "no", "pages.csv"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "pages.csv cannot be written")
}
