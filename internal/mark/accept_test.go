package mark

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
)

func TestAccept(t *testing.T) {
	e := &exam.Exam{Sticker: &exam.Sticker{Page: 1}, Problems: []exam.Problem{
		{ID: "1", Questions: []exam.Question{
			{ID: "1.1", Kind: exam.Choice, Options: []exam.Option{{ID: "a"}}},
			{ID: "1.2", Kind: exam.Credit, Boxes: []exam.CreditBox{{Credits: 0, Corrector: 1}, {Credits: 0.5, Corrector: 1}, {Credits: 0.5, Corrector: 2}}},
			{ID: "1.3", Kind: exam.Credit, Boxes: []exam.CreditBox{{Credits: 1, Corrector: 2, Box: geom.Box{X: 1}}}},
		}}, {ID: "2"}},
		Scores: []exam.Score{
			{ID: "s1", Problem: "1", Corrector: 1, Max: 2, Step: 0.5},
			{ID: "s2.I", Problem: "2", Corrector: 1, Max: 30, Step: 0.1},
			{ID: "s2.II", Problem: "2", Corrector: 2, Max: 30, Step: 0.1},
		}}
	roster, err := exam.ParseRoster("roster.csv", []byte("code,registration\n0042,R\n"))
	require.NoError(t, err)
	for _, c := range []struct{ field, value, want, wrong string }{
		{"1.1.a", "crossed", "crossed", ""},
		{"1.1.a", " remarked ", "remarked", ""},
		{"1.1.a", "", "", "1.1.a is one of empty, crossed, filled, remarked"},
		{"1.1.a", "lost", "", "1.1.a is one of"},
		{"1.2", "0,50", "0.5", ""},
		{"1.2", "-0", "0", ""},
		{"1.2", "1", "", `1.2 has cells for 0, 0.5 credits, not "1"`},
		{"1.2", "none", "", "not \"none\""},
		{"1.2", "NaN", "", "has cells for"},
		{"1.2/2", "none", "none", ""},
		{"1.2/2", "0", "", "1.2/2 has cells for 0.5 credits"},
		{"1.3/2", "none", "", "has cells for 1"},
		{"s1", "1.5", "1.5", ""},
		{"s1", "2.5", "", "s1 is a number from 0 to 2 in steps of 0.5"},
		{"s1", "0.3", "", "s1 is a number"},
		{"s1", "-1", "", "s1 is a number"},
		{"s1", "none", "none", ""},
		{"s2.I", "0.3", "0.3", ""},
		{"s2.I", "29.9", "29.9", ""},
		{"s2.I", "none", "", "s2.I is a number"},
		{"s2.II", "none", "none", ""},
		{"sticker", "0042", "0042", ""},
		{"sticker", "42", "", "no student of the roster"},
		{"sticker", "", "", "a sticker has a code"},
		{"1.1.b", "crossed", "", "the exam has no field 1.1.b"},
	} {
		got, err := Accept(e, roster, c.field, c.value)
		assert.Equal(t, c.want, got, "%s %s", c.field, c.value)
		if c.wrong == "" {
			assert.NoError(t, err, "%s %s", c.field, c.value)
		} else {
			assert.ErrorContains(t, err, c.wrong, "%s %s", c.field, c.value)
		}
	}
	got, err := Accept(e, nil, "sticker", "anything")
	assert.Equal(t, "anything", got)
	assert.NoError(t, err, "without a roster every code may be")
}
