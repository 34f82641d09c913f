package exam

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withGrades puts a grading key into the sound exam of 10.5 credits; its line is 9.
func withGrades(text string) string {
	return strings.Replace(sound, "problems:\n", text+"\nproblems:\n", 1)
}

func TestGradeByList(t *testing.T) {
	up := mustParse(t, withGrades("grades:\n  - {grade: 5.0}\n  - {from: 4.5, grade: 4.0}\n  - {from: 9, grade: \"1.0\"}"))
	down := mustParse(t, withGrades("grades: [{from: 9, grade: \"1.0\"}, {from: 4.5, grade: 4.0}, {from: 0, grade: 5.0}]"))
	for total, want := range map[float64]string{-1: "5.0", 0: "5.0", 4.4999: "5.0", 4.5: "4.0", 4.5 - 1e-9: "4.0", 8.5: "4.0", 9: "1.0", 10.5: "1.0"} {
		for _, e := range []*Exam{up, down} {
			got, ok := e.Grade(total)
			assert.True(t, ok)
			assert.Equal(t, want, got, "%g credits", total)
		}
	}
	assert.Equal(t, []GradeStep{{0, "5.0"}, {4.5, "4.0"}, {9, "1.0"}}, down.Grades.Steps())
	assert.Equal(t, GradeStep{9, "1.0"}, down.Grades.List[0], "the list stays as it is written")
	assert.Equal(t, up.ScoringHash(), down.ScoringHash())

	_, ok := mustParse(t, sound).Grade(5)
	assert.False(t, ok, "no grading key")
}

// The exam of 91 credits: 4.0 from 45.5, 1.0 from 86, every third 4.5 credits apart.
func TestGermanThirds(t *testing.T) {
	e := &Exam{Grades: &Grades{Scheme: GermanThirds, Pass: 45.5, Best: 86}}
	assert.Equal(t, []GradeStep{{0, "5.0"}, {45.5, "4.0"}, {50, "3.7"}, {54.5, "3.3"}, {59, "3.0"}, {63.5, "2.7"},
		{68, "2.3"}, {72.5, "2.0"}, {77, "1.7"}, {81.5, "1.3"}, {86, "1.0"}}, e.Grades.Steps())
	for total, want := range map[float64]string{0: "5.0", 45: "5.0", 45.5: "4.0", 49.5: "4.0", 50: "3.7", 85.5: "1.3", 86: "1.0", 91: "1.0"} {
		got, _ := e.Grade(total)
		assert.Equal(t, want, got, "%g credits", total)
	}
}

// 10 to 19.9 in ninths of 1.1: 11.1, 12.2, 13.3, ... The middle between two steps goes to the lower,
// in the student's favour; pass and best stay what was written.
func TestBordersAreRounded(t *testing.T) {
	borders := func(g Grades) (from []float64) {
		for _, s := range g.Steps()[1:] {
			from = append(from, s.From)
		}
		return from
	}
	assert.Equal(t, []float64{10, 11.1, 12.2, 13.3, 14.4, 15.5, 16.6, 17.7, 18.8, 19.9}, borders(Grades{Scheme: GermanThirds, Pass: 10, Best: 19.9}))
	assert.Equal(t, []float64{10, 11, 12, 13.5, 14.5, 15.5, 16.5, 17.5, 19, 19.9}, borders(Grades{Scheme: GermanThirds, Pass: 10, Best: 19.9, Round: 0.5}))
	assert.Equal(t, []float64{10.25, 11, 12, 13, 14, 15, 16, 17, 18, 19.25}, borders(Grades{Scheme: GermanThirds, Pass: 10.25, Best: 19.25, Round: 1}))
	assert.Equal(t, []float64{10.5, 11, 12, 13, 14, 15, 16, 17, 18, 19.5}, borders(Grades{Scheme: GermanThirds, Pass: 10.5, Best: 19.5, Round: 1}))
}

func TestGradesAreChecked(t *testing.T) {
	for text, want := range map[string][]string{
		"grades: []":                                                   {`9: grades: there are no grades; list them as {from: 45.5, grade: "4.0"}, or take grades out`},
		"grades: thirds":                                               {`9: grades: "thirds" stands where keys and values are expected; write scheme, pass, best, round`},
		"grades: {pass: 4, best: 9}":                                   {"9: grades: scheme is missing; add for example scheme: german-thirds"},
		"grades: {scheme: swiss, pass: 4, best: 9}":                    {`9: grades: scheme: "swiss" is not known; write german-thirds`},
		"grades: {scheme: german-thirds, pass: 4}":                     {"9: grades: best is missing; add for example best: 86"},
		"grades: {scheme: german-thirds, pass: 9, best: 4}":            {"9: grades: pass is 9 and best 4; pass must be more than 0, and best more than pass"},
		"grades: {scheme: german-thirds, pass: 0, best: 4}":            {"9: grades: pass is 0 and best 4; pass must be more than 0, and best more than pass"},
		"grades: {scheme: german-thirds, pass: 4, best: 11}":           {"9: grades: best is 11, but the exam has only 10.5 credits; lower it"},
		"grades: {scheme: german-thirds, pass: 4, best: 9, round: -1}": {"9: grades: round is -1; write the step of the borders, for example round: 0.5"},
		"grades: {scheme: german-thirds, pass: 4, best: 9, round: 1}":  {"9: grades: 3.7 and 3.3 both begin at 5 credits; write a smaller round, or more credits between pass and best"},
		"grades:\n  - {from: 1, grade: a}\n  - {from: 2, grade: b}":    {"10: grade a: from is 1, so that fewer credits have no grade; write from: 0 for the lowest grade"},
		"grades:\n  - {from: 2, grade: b}\n  - {from: 1, grade: a}":    {"11: grade a: from is 1, so that fewer credits have no grade; write from: 0 for the lowest grade"},
		"grades:\n  - {grade: a}\n  - {from: 2, grade: a}":             {"11: grade a: the grade stands twice; each has one border: take one out"},
		"grades:\n  - {grade: a}\n  - {from: 2}":                       {`11: grades: grade is missing; add for example grade: "4.0"`},
		"grades:\n  - {grade: a}\n  - {from: 2, grade: ''}":            {`11: grades: a grade has no name; write for example grade: "4.0"`},
		"grades:\n  - {grade: a}\n  - {from: 2, grade: b}\n  - {from: 2, grade: c}": {
			"12: grade c: from is 2, and 2 for the grade before it; list the grades by their credits, each with its own"},
		"grades:\n  - {grade: a}\n  - {from: 3, grade: b}\n  - {from: 2, grade: c}": {
			"12: grade c: from is 2, and 3 for the grade before it; list the grades by their credits, each with its own"},
		"grades:\n  - {grade: a}\n  - {from: 10.6, grade: b}": {"11: grade b: from is 10.6, but the exam has only 10.5 credits; lower it"},
		"grades:\n  - {grade: a}\n  - {ab: 2, grade: b}": {`11: grades: unknown key "ab"; the keys here are from, grade`,
			"11: grade b: from is 0, and 0 for the grade before it; list the grades by their credits, each with its own"},
	} {
		_, err := Parse("exam.yaml", []byte(withGrades(text)))
		assert.EqualError(t, err, "exam.yaml:"+strings.Join(want, "\nexam.yaml:"), text)
	}
}

// A border that void questions put out of reach is reported.
func TestGradesWithinWhatCanBeEarned(t *testing.T) {
	text := withGrades("grades: [{grade: a}, {from: 10, grade: b}]")
	mustParse(t, text)
	_, err := Parse("exam.yaml", []byte(strings.Replace(text, "credits: 1\n", "credits: 1\n        void: zero\n", 1)))
	assert.ErrorContains(t, err, "from is 10, but the exam has only 9.5 credits")
}

func TestGradesReadBack(t *testing.T) {
	for _, text := range []string{
		"grades: {scheme: german-thirds, pass: 4.5, best: 9}",
		"grades: {scheme: german-thirds, pass: 4.5, best: 9, round: 0.25}",
		"grades: [{from: 9, grade: sehr gut}, {from: 4, grade: \"4.0\"}, {from: 0, grade: no}]",
	} {
		want := mustParse(t, withGrades(text))
		b := want.YAML()
		got, err := Parse("exam.yaml", b)
		require.NoError(t, err, "%s", b)
		got.lines, want.lines = nil, nil
		assert.Equal(t, want, got)

		gone, added := edit(t, withGrades(text), func(e *Exam, _ *Origin) { e.Title = "Other" })
		assert.Len(t, gone, 1)
		assert.Equal(t, []string{"title: Other\n"}, added, "an edit leaves the grading key alone")
		e, _, err := Examine("exam.yaml", []byte(withGrades(text)))
		require.NoError(t, err)
		e.Grades = nil
		_, _, err = Edit("exam.yaml", []byte(withGrades(text)), e, OriginOf(e))
		assert.ErrorIs(t, err, errUnfaithful)
	}
}
