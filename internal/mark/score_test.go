package mark

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/exam"
)

// The perfect booklet with one reading changed and something void: 13 credits are printed.
func TestVoid(t *testing.T) {
	option := func(question, i int) func(*exam.Exam) {
		return func(e *exam.Exam) { e.Problems[0].Questions[question].Options[i].Void = true }
	}
	whole := func(problem, question int, as exam.Void) func(*exam.Exam) {
		return func(e *exam.Exam) { e.Problems[problem].Questions[question].Void = as }
	}
	for _, tc := range []struct {
		name, field string
		change      func(*Reading)
		void        func(*exam.Exam)
		want        float64 // of 13
	}{
		{"a wrong cross at a void option", "1.1.b", value("crossed"), option(0, 1), 13},
		{"a wrong cross at another option", "1.1.a", value("empty"), option(0, 1), 11},
		{"nothing read at a void option", "1.1.b", value(""), option(0, 1), 13},
		{"a second cross, at a void option", "1.2.c", value("crossed"), option(1, 2), 13},
		{"everybody has it", "1.1.b", value("crossed"), whole(0, 0, exam.VoidFull), 13},
		{"everybody has it, read or not", "1.1.b", value(""), whole(0, 0, exam.VoidFull), 13},
		{"nobody has it", "1.1.b", value("empty"), whole(0, 0, exam.VoidZero), 11},
		{"nobody has it, read or not", "1.1.b", value(""), whole(0, 0, exam.VoidZero), 11},
		{"a column that everybody has", "2.2", value("0"), whole(1, 1, exam.VoidFull), 13},
		{"a column that nobody has", "2.2", value(""), whole(1, 1, exam.VoidZero), 12},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := endterm()
			e.Scores = e.Scores[2:] // without sums
			tc.void(e)
			var in []Reading
			for _, r := range with(perfect(), tc.field, tc.change) {
				if r.Field != "P2.I" && r.Field != "P2.II" {
					in = append(in, r)
				}
			}
			readings, s := Grade(e, in, Policy{})
			assert.Equal(t, StatusFinal, s.Status)
			assert.Equal(t, number(tc.want), s.Total)
			for _, r := range readings {
				assert.False(t, r.Review, "%s waits for %s", r.Field, r.Reason)
			}
		})
	}
}

// Without the void the same readings wait for a person, and the reason tells why they need not.
func TestVoidSparesReviews(t *testing.T) {
	in := with(perfect(), "1.1.b", func(r *Reading) { r.Reason = "other-mark" })
	out, s := Grade(endterm(), in, Policy{})
	assert.Equal(t, StatusReview, s.Status)
	assert.True(t, reading(t, out, "1.1.b").Review)

	e := endterm()
	e.Problems[0].Questions[0].Options[1].Void = true
	out, s = Grade(e, in, Policy{})
	assert.Equal(t, StatusFinal, s.Status)
	assert.Equal(t, ReasonVoid, reading(t, out, "1.1.b").Reason)
	assert.Empty(t, reading(t, out, "1.1.a").Reason, "who asks for nobody keeps its reason")

	with(in, "1.1.a", func(r *Reading) { r.Reason = "other-mark" })
	_, s = Grade(e, in, Policy{})
	assert.Equal(t, StatusReview, s.Status, "the other options still count")
}

func TestVoidNeedsNoKey(t *testing.T) {
	e := endterm()
	e.Problems[0].Questions[0].Options = options("+?")
	e.Problems[0].Questions[0].Options[1].Void = true
	_, s := Grade(e, perfect(), Policy{})
	assert.Equal(t, number(13), s.Total)
}

// Credits of options are shares of the printed question: a void option earns its share.
func TestVoidPerOption(t *testing.T) {
	q := exam.Question{ID: "1.1", Kind: exam.Choice, Rule: exam.PerOption, Credits: 2, Wrong: -0.5, Options: options("+-+-")}
	q.Options[1].Void = true
	e := &exam.Exam{Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{q}}}}
	in := []Reading{{Field: "1.1.a", Value: "crossed"}, {Field: "1.1.b", Value: "crossed"}, {Field: "1.1.c", Value: "empty"}, {Field: "1.1.d", Value: "empty"}}
	assert.Equal(t, number(1), Score(e, in).Total, "3 x 0.5 - 0.5")
}

// The sum of problem 2 was written when nothing was void. It may also have been written after.
func TestSumsOfThePrintedExam(t *testing.T) {
	for _, tc := range []struct {
		name, score string
		void        exam.Void
		total       float64
		status      string
	}{
		{"written before, nobody has it", "3.5", exam.VoidZero, 12, StatusFinal},
		{"written after, nobody has it", "3", exam.VoidZero, 12, StatusFinal},
		{"written before, everybody has it", "3.5", exam.VoidFull, 13, StatusFinal},
		{"written after, everybody has it", "4", exam.VoidFull, 13, StatusFinal},
		{"neither", "2", exam.VoidZero, 12, StatusReview},
		{"neither, everybody has it", "3", exam.VoidFull, 13, StatusReview},
		{"not void", "3", "", 12.5, StatusReview},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := endterm()
			e.Problems[1].Questions[1].Void = tc.void
			in := with(with(perfect(), "2.2", value("0.5")), "P2.I", value(tc.score))
			out, s := Grade(e, in, Policy{})
			assert.Equal(t, number(tc.total), s.Total)
			assert.Equal(t, tc.status, s.Status)
			if tc.status == StatusReview {
				assert.Equal(t, ReasonSum, reading(t, out, "P2.I").Reason)
			}
		})
	}
}

// A key was corrected after the sums were written: they are those of the key as it was.
func TestSumsOfAnEarlierKey(t *testing.T) {
	before, now := endterm(), endterm()
	now.Scores = append(now.Scores, exam.Score{ID: "P1.I", Problem: "1", Corrector: 1, Max: 4, Step: 0.5})
	now.Problems[0].Questions[0].Options = options("++")
	for written, status := range map[string]string{"4": StatusFinal, "2": StatusFinal, "3": StatusReview} {
		in := append(perfect(), Reading{Field: "P1.I", Kind: KindScore, Value: written, Confidence: 0.9999})
		now.Before = nil
		_, s := Grade(now, in, Policy{})
		assert.Equal(t, written == "2", s.Status != StatusReview, "%s by one key alone", written)
		now.Before = []*exam.Exam{before}
		out, s := Grade(now, in, Policy{})
		assert.Equal(t, status, s.Status, written)
		assert.Equal(t, number(2), s.Problems["1"], "the score is by the key as it is")
		assert.Equal(t, written, reading(t, out, "P1.I").Value)
	}
}

// A sum by the key of its day vouches for boxes as it did before the key was corrected.
func TestAnEarlierKeysSumVouches(t *testing.T) {
	before, now := endterm(), endterm()
	for _, e := range []*exam.Exam{before, now} {
		e.Scores = append(e.Scores, exam.Score{ID: "P1.I", Problem: "1", Corrector: 1, Max: 4, Step: 0.5})
	}
	now.Problems[0].Questions[0].Options = options("++")
	unsure := func(r *Reading) { r.Confidence = 0.97 }
	in := append(with(perfect(), "1.1.b", unsure), Reading{Field: "P1.I", Kind: KindScore, Value: "4", Confidence: 0.9999})
	was := reading(t, Check(before, in), "1.1.b").Confidence
	assert.Greater(t, was, 0.999)
	assert.InDelta(t, 0.97, reading(t, Check(now, in), "1.1.b").Confidence, 0, "the sum is another by the new key")
	now.Before = []*exam.Exam{before}
	is := reading(t, Check(now, in), "1.1.b").Confidence
	assert.Greater(t, is, 0.999)
	assert.Less(t, is, was, "two keys agree by chance more easily than one")
	_, s := Grade(now, in, Policy{})
	assert.Equal(t, StatusFinal, s.Status)
	assert.Equal(t, number(2), s.Problems["1"])
}

// A sum written after a question was void says nothing of its boxes, and raises nothing.
func TestSumWithVoidsRaisesNothing(t *testing.T) {
	e := endterm()
	e.Problems[1].Questions[1].Void = exam.VoidZero
	in := with(with(perfect(), "2.1", func(r *Reading) { r.Confidence = 0.97 }), "P2.I", value("3"))
	assert.InDelta(t, 0.97, reading(t, Check(e, in), "2.1").Confidence, 0)
	with(in, "P2.I", value("4"))
	assert.Greater(t, reading(t, Check(e, in), "2.1").Confidence, 0.999, "the sum of the printed exam does")
}

// Pages of the perfect booklet are lost, and a person said so.
func TestLost(t *testing.T) {
	lost := func(r *Reading) { r.Value, r.Reason, r.Confidence = ValueLost, ReasonDecided, 1 }
	for _, tc := range []struct {
		name   string
		fields []string
		want   float64 // of 13
	}{
		{"a choice question", []string{"1.1.a", "1.1.b"}, 11},
		{"boxes that were rightly empty", []string{"1.2.a", "1.2.b", "1.2.c"}, 11},
		{"one box of a question", []string{"1.1.b"}, 11},
		{"a column", []string{"2.2"}, 12},
		{"both columns", []string{"2.1", "2.1/2"}, 10},
		{"the score that alone gives credits", []string{"P3.I", "P3.II"}, 8},
		{"the sum of what is there", []string{"P2.I", "P2.II"}, 13},
		{"the sticker", []string{"sticker"}, 13},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := perfect()
			for _, f := range tc.fields {
				with(in, f, lost)
			}
			_, s := Grade(endterm(), in, Policy{})
			assert.Equal(t, StatusFinal, s.Status)
			assert.Equal(t, number(tc.want), s.Total)
			assert.NotEqual(t, ValueLost, s.Code)
		})
	}
}

func TestLostUnderRules(t *testing.T) {
	q := exam.Question{ID: "1.1", Kind: exam.Choice, Rule: exam.PerOption, Credits: 2, Wrong: -0.5, Floor: -2, Options: options("+-")}
	e := &exam.Exam{Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{q}}}}
	in := []Reading{{Field: "1.1.a", Value: "empty"}, {Field: "1.1.b", Value: ValueLost}}
	assert.Equal(t, number(0), Score(e, in).Total, "neither the share of the other option nor its malus")
	e.Problems[0].Questions[0].Options[1].Void = true
	assert.Equal(t, number(0.5), Score(e, in).Total, "what is void is not lost: 1 - 0.5")
	e.Problems[0].Questions[0].Void = exam.VoidFull
	assert.Equal(t, number(2), Score(e, in).Total)
}

// A person said that nothing stands in a second column, or in a field for a sum.
func TestNone(t *testing.T) {
	none := func(r *Reading) { r.Value, r.Reason, r.Confidence = ValueNone, ReasonDecided, 1 }
	for _, field := range []string{"2.1/2", "P2.I", "P2.II", "P3.II"} {
		_, s := Grade(endterm(), with(perfect(), field, none), Policy{})
		assert.Equal(t, StatusFinal, s.Status, field)
		assert.Equal(t, number(13), s.Total, field)
	}
	for _, field := range []string{"2.1", "P3.I"} {
		in := with(perfect(), field, none)
		_, s := Grade(endterm(), in, Policy{})
		assert.Nil(t, s.Total, "%s alone gives the credits", field)
	}
}
