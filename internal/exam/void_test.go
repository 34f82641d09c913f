package exam

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withVoids makes option 1.1.b void, and question 1.10 in one of the ways ("" for not).
func withVoids(word string) string {
	text := strings.Replace(sound, "106.6, 4.27, 4.27], correct: false}", "106.6, 4.27, 4.27], correct: false, void: true}", 1)
	if word != "" {
		text = strings.Replace(text, "credits: 1\n", "credits: 1\n        void: "+word+"\n", 1)
	}
	return text
}

// What is stated in the file is what is printed: the sums stay, and only what can be earned is less.
func TestVoid(t *testing.T) {
	for _, tc := range []struct {
		word         string
		worth, total float64
	}{{"", 3, 10.5}, {"full", 3, 10.5}, {"zero", 2, 9.5}} {
		e := mustParse(t, withVoids(tc.word))
		q := e.Question("1.1")
		assert.Equal(t, []bool{false, true}, []bool{q.Options[0].Void, q.Options[1].Void})
		assert.True(t, q.Counts("1.1.a"))
		assert.False(t, q.Counts("1.1.b"))
		assert.Equal(t, tc.word == "", e.Question("1.10").Counts("1.10.a"), tc.word)
		assert.True(t, e.Question("2.1").Counts("2.1/2"))
		assert.InDelta(t, tc.worth, e.Worth("1"), 0, tc.word)
		assert.InDelta(t, 3, e.PrintedWorth("1"), 0, tc.word)
		assert.InDelta(t, tc.total, e.Total(), 0, tc.word)
		assert.InDelta(t, 7, e.PrintedWorth("3"), 0)
	}
}

func TestVoidNeedsNoKey(t *testing.T) {
	e := mustParse(t, strings.Replace(withVoids("zero"), "correct: false, void: true", "void: true", 1))
	assert.Empty(t, e.KeyMissing())
	assert.NoError(t, e.CheckKeys("exam.yaml"))
	e = mustParse(t, strings.Replace(withVoids("full"), "118.8, 4.27, 4.27], correct: true", "118.8, 4.27, 4.27]", 1))
	assert.Empty(t, e.KeyMissing())
	e.Question("1.10").Void = ""
	assert.Equal(t, []string{"1.10"}, e.KeyMissing())
	assert.ErrorContains(t, e.CheckKeys("exam.yaml"), "question 1.10: 1 of 2 options say neither")
}

// A void option may be correct beside the one that a student may select.
func TestVoidOptionIsNoSecondAnswer(t *testing.T) {
	text := strings.Replace(sound, "126.6, 4.27, 4.27], correct: false}", "126.6, 4.27, 4.27], correct: true, void: true}", 1)
	mustParse(t, text)
	_, err := Parse("exam.yaml", []byte(strings.Replace(text, ", void: true", "", 1)))
	assert.ErrorContains(t, err, "2 options are correct")
}

func TestVoidIsChecked(t *testing.T) {
	_, err := Parse("exam.yaml", []byte(withVoids("true")))
	assert.EqualError(t, err, `exam.yaml:25: question 1.10: void: "true" is not known; write full or zero`)
	_, err = Parse("exam.yaml", []byte(strings.Replace(withVoids(""), "void: true", "void: zero", 1)))
	assert.EqualError(t, err, `exam.yaml:20: question 1.1: option b: "zero" stands where true or false is expected; write one of them`)
}

func TestVoidChangesScoresAndNotReadings(t *testing.T) {
	base := mustParse(t, sound)
	seen := map[string]bool{base.ScoringHash(): true}
	for _, word := range []string{"", "full", "zero"} {
		e := mustParse(t, withVoids(word))
		assert.Equal(t, base.ReadingHash(), e.ReadingHash())
		assert.False(t, seen[e.ScoringHash()], word)
		seen[e.ScoringHash()] = true
	}
}

func TestVoidReadsBack(t *testing.T) {
	want := mustParse(t, withVoids("zero"))
	b := want.YAML()
	got, err := Parse("exam.yaml", b)
	require.NoError(t, err, "%s", b)
	got.lines, want.lines = nil, nil
	assert.Equal(t, want, got)
}

func TestEditVoid(t *testing.T) {
	gone, added := edit(t, commented, func(e *Exam, _ *Origin) {
		e.Problems[0].Questions[0].Options[1].Void = true
		e.Problems[0].Questions[1].Void = VoidZero
	})
	assert.Equal(t, []string{"          - {id: b, box: [28.45, 106.6, 4.27, 4.27], correct: false}\n"}, gone)
	assert.Equal(t, []string{"          - {id: b, box: [28.45, 106.6, 4.27, 4.27], correct: false, void: true}\n", "        void: zero\n"}, added)

	void := strings.Replace(commented, "correct: false}", "correct: false, void: true}   # two answers fit", 1)
	gone, added = edit(t, void, func(e *Exam, _ *Origin) { e.Problems[0].Questions[0].Options[1].Void = false })
	assert.Len(t, gone, 1)
	assert.Equal(t, []string{"          - {id: b, box: [28.45, 106.6, 4.27, 4.27], correct: false}   # two answers fit\n"}, added)
}
