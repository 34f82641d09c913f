package exam

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const copiedExam = `version: 1
id: x
pages: 3
copies: copies.yaml
problems:
  - id: "1"
    questions:
      - id: "1.1"
        kind: choice
        page: 2
        credits: 2
        options:
          - {id: a, box: [20, 20, 4, 4], correct: true}
          - {id: b, box: [20, 30, 4, 4], correct: false}
          - {id: c, box: [20, 40, 4, 4], correct: false}
      - id: "1.2"
        kind: credit
        page: 2
        credits: 0.5
        boxes:
          - {credits: 0, box: [190, 20, 4, 4]}
          - {credits: 0.5, box: [190, 24, 4, 4]}
      - id: "1.3"
        kind: choice
        page: 3
        credits: 2
        options:
          - {id: a, box: [20, 20, 4, 4]}
`

const copies = `version: 1
copies:
  - copy: E0001
    form: booklets/E0001.pdf
  - copy: E0002
    form: booklets/E0002.pdf
    pages: [2]
    questions:
      "1.1":
        - {id: c, box: [20, 20, 4, 4]}
        - {id: a, box: [20, 30, 4, 4]}
        - {id: b, box: [20, 40, 4, 4]}
      "1.2":
        - {credits: 0, box: [190, 50, 4, 4]}
        - {credits: 0.5, box: [190, 54, 4, 4]}
`

func withCopies(t *testing.T, text string) (*Exam, error) {
	t.Helper()
	e, err := Parse("exam.yaml", []byte(copiedExam))
	require.NoError(t, err)
	return e, e.ParseCopies("copies.yaml", []byte(text))
}

// The key follows the option's text into every copy.
func TestForCopy(t *testing.T) {
	e, err := withCopies(t, copies)
	require.NoError(t, err)
	own, ok := e.ForCopy("E0002")
	require.True(t, ok)
	q := own.Question("1.1")
	assert.Equal(t, []float64{30, 40, 20}, []float64{q.Options[0].Box.Y, q.Options[1].Box.Y, q.Options[2].Box.Y})
	assert.Equal(t, "a", q.Options[0].ID)
	assert.True(t, *q.Options[0].Correct)
	assert.Equal(t, 54.0, own.Question("1.2").Boxes[1].Box.Y)
	assert.Equal(t, 20.0, e.Question("1.1").Options[0].Box.Y, "the exam stays as it is")
	same, ok := e.ForCopy("E0001")
	require.True(t, ok)
	assert.Equal(t, e.Question("1.1"), same.Question("1.1"))
	_, ok = e.ForCopy("E0003")
	assert.False(t, ok)
	assert.True(t, e.CopyDependent("1.1"))
	assert.False(t, e.CopyDependent("1.3"))
	c, _ := e.Copy("E0002")
	assert.False(t, c.Open("1.1"))
	assert.True(t, c.Differs(2))
	assert.Equal(t, "c", c.Questions[0].Options[0].ID, "in printed order")
}

func TestCopiesAreOfTheReading(t *testing.T) {
	e, err := withCopies(t, copies)
	require.NoError(t, err)
	other, err := withCopies(t, strings.Replace(copies, "id: c, box: [20, 20", "id: c, box: [21, 20", 1))
	require.NoError(t, err)
	assert.NotEqual(t, e.ReadingHash(), other.ReadingHash())
	again, err := withCopies(t, string(e.CopiesYAML("made by a test")))
	require.NoError(t, err)
	assert.Equal(t, e.Copies, again.Copies)
	assert.Equal(t, e.ReadingHash(), again.ReadingHash())
	back, err := Parse("exam.yaml", e.YAML())
	require.NoError(t, err)
	assert.Equal(t, "copies.yaml", back.CopiesFile)
}

// A question whose place in a copy is not known is said so, and never as in the exam.
func TestOpenQuestionOfACopy(t *testing.T) {
	e, err := withCopies(t, "version: 1\ncopies:\n  - {copy: E1, form: a.pdf, pages: [2], questions: {\"1.1\": []}}\n")
	require.NoError(t, err)
	c, _ := e.Copy("E1")
	assert.True(t, c.Open("1.1"))
	assert.True(t, e.CopyDependent("1.1"))
	again, err := withCopies(t, string(e.CopiesYAML()))
	require.NoError(t, err)
	assert.Equal(t, e.Copies, again.Copies)
}

func TestCopiesAreChecked(t *testing.T) {
	cases := []struct{ name, old, new, want string }{
		{"version", "version: 1", "version: 2", "copies.yaml:1: version 2 is not known"},
		{"key", "pages: [2]", "pagse: [2]", `copies.yaml:7: copy #2: unknown key "pagse"`},
		{"page", "pages: [2]", "pages: [4]", "copies.yaml:7: copy E0002: page 4 is not in the booklet"},
		{"page not listed", "pages: [2]", "pages: [3]", "copies.yaml:9: copy E0002: question 1.1: it stands on page 2, which pages does not list"},
		{"question", `"1.1"`, `"1.9"`, `copies.yaml:9: copy E0002: unknown key "1.9"`},
		{"option", "id: c", "id: d", "copies.yaml:10: copy E0002: question 1.1: the question has no option d in the exam; it has option a"},
		{"twice", "id: c", "id: a", "copies.yaml:11: copy E0002: question 1.1: option a stands twice"},
		{"missing", `        - {id: c, box: [20, 20, 4, 4]}` + "\n", "", "copies.yaml:9: copy E0002: question 1.1: option c is missing"},
		{"cell", "credits: 0.5, box", "credits: 1, box", "copies.yaml:15: copy E0002: question 1.2: the question has no box 1 in the exam"},
		{"key in a copy", "id: c, box", "id: c, correct: true, box", `copies.yaml:10: copy E0002: question 1.1: unknown key "correct"`},
		{"off page", "[20, 20, 4, 4]", "[20, 900, 4, 4]", "copies.yaml:10: copy E0002: question 1.1: option c: box is off the page"},
		{"overlap", "[20, 20, 4, 4]", "[20, 31, 4, 4]", "copies.yaml:11: copy E0002: question 1.1: option a: box overlaps option c by 3.0 mm"},
		{"overlap with the exam", "      \"1.2\":\n        - {credits: 0, box: [190, 50, 4, 4]}\n        - {credits: 0.5, box: [190, 54, 4, 4]}\n", "", ""},
		{"name", "E0002\n", "E0001\n", "copies.yaml:5: copy E0001: another copy has this name"},
		{"form", "booklets/E0002.pdf", "../E0002.pdf", `copies.yaml:6: copy E0002: form: "../E0002.pdf" is not a file in the exam folder`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.Replace(copies, c.old, c.new, 1)
			require.NotEqual(t, copies, changed)
			_, err := withCopies(t, changed)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, map[bool]error{true: ErrUnsupported, false: ErrInconsistent}[c.name == "version"])
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestLoadReadsTheCopies(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "exam.yaml")
	require.NoError(t, os.WriteFile(path, []byte(copiedExam), 0o644))
	_, err := Load(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "the copies that exam.yaml names cannot be read")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "copies.yaml"), []byte(copies), 0o644))
	e, err := Load(path)
	require.NoError(t, err)
	assert.Len(t, e.Copies, 2)
}
