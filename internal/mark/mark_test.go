package mark

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
)

var yes, no = true, false

// options makes options a, b, ... with a key: '+' correct, '-' not, '?' unknown.
func options(key string) []exam.Option {
	var list []exam.Option
	for i, k := range key {
		o := exam.Option{ID: string(rune('a' + i))}
		switch k {
		case '+':
			o.Correct = &yes
		case '-':
			o.Correct = &no
		}
		list = append(list, o)
	}
	return list
}

// columns makes credit boxes from 0 to most in halves for some correctors.
func columns(most float64, correctors int) []exam.CreditBox {
	var boxes []exam.CreditBox
	for c := 1; c <= correctors; c++ {
		for x := 0.0; x <= most; x += 0.5 {
			boxes = append(boxes, exam.CreditBox{Credits: x, Corrector: c})
		}
	}
	return boxes
}

// endterm has a choice problem (2 + 2 credits), a corrected one (3 + 1, the first twice)
// and one that only a handwritten score is worth (5).
func endterm() *exam.Exam {
	return &exam.Exam{
		Pages:   3,
		Sticker: &exam.Sticker{Page: 1},
		Problems: []exam.Problem{
			{ID: "1", Questions: []exam.Question{
				{ID: "1.1", Kind: exam.Choice, Credits: 2, Rule: exam.AllOrNothing, Select: exam.SelectAny, Options: options("+-")},
				{ID: "1.2", Kind: exam.Choice, Credits: 2, Rule: exam.AllOrNothing, Select: exam.SelectOne, Options: options("-+-")},
			}},
			{ID: "2", Questions: []exam.Question{
				{ID: "2.1", Kind: exam.Credit, Credits: 3, Boxes: columns(3, 2)},
				{ID: "2.2", Kind: exam.Credit, Credits: 1, Boxes: columns(1, 1)},
			}},
			{ID: "3"},
		},
		Scores: []exam.Score{
			{ID: "P2.I", Problem: "2", Corrector: 1, Max: 4, Step: 0.5},
			{ID: "P2.II", Problem: "2", Corrector: 2, Max: 4, Step: 0.5},
			{ID: "P3.I", Problem: "3", Corrector: 1, Max: 5, Step: 0.5},
			{ID: "P3.II", Problem: "3", Corrector: 2, Max: 5, Step: 0.5},
		},
	}
}

// perfect is a booklet of the endterm with nothing wrong: all credits, 13 of 13.
func perfect() []Reading {
	const sure = 0.9999
	r := func(field, kind, value string) Reading {
		return Reading{Booklet: "B001", Field: field, Kind: kind, Value: value, Confidence: sure}
	}
	blank := func(field, kind, reason string) Reading {
		return Reading{Booklet: "B001", Field: field, Kind: kind, Confidence: sure, Reason: reason}
	}
	return []Reading{
		r("sticker", KindSticker, "00123"),
		r("P2.I", KindScore, "4"), blank("P2.II", KindScore, "empty-score"),
		r("P3.I", KindScore, "5"), blank("P3.II", KindScore, ReasonEmpty),
		r("1.1.a", KindChoice, "crossed"), r("1.1.b", KindChoice, "empty"),
		r("1.2.a", KindChoice, "filled"), r("1.2.b", KindChoice, "remarked"), r("1.2.c", KindChoice, "empty"),
		r("2.1", KindCredit, "3"), blank("2.1/2", KindCredit, "none-marked"), r("2.2", KindCredit, "1"),
	}
}

// with returns readings with one field changed.
func with(readings []Reading, field string, change func(*Reading)) []Reading {
	for i := range readings {
		if readings[i].Field == field {
			change(&readings[i])
			return readings
		}
	}
	panic("no field " + field)
}

func value(v string) func(*Reading) { return func(r *Reading) { r.Value, r.Reason = v, "" } }

func reading(t *testing.T, readings []Reading, field string) Reading {
	t.Helper()
	for _, r := range readings {
		if r.Field == field {
			return r
		}
	}
	require.Fail(t, "no reading of "+field)
	return Reading{}
}

func number(x float64) *float64 { return &x }

func TestGradeOfAPerfectBooklet(t *testing.T) {
	readings, sheet := Grade(endterm(), perfect(), Policy{})
	assert.Equal(t, Sheet{
		Booklet: "B001", Code: "00123", Status: StatusFinal, Total: number(13),
		Problems:  map[string]*float64{"1": number(4), "2": number(4), "3": number(5)},
		Questions: map[string]*float64{"1.1": number(2), "1.2": number(2), "2.1": number(3), "2.2": number(1)},
	}, sheet)
	for _, r := range readings {
		assert.False(t, r.Review, r.Field)
	}
}

// Each case changes one reading of the perfect booklet.
func TestGrade(t *testing.T) {
	unsure := func(r *Reading) { r.Confidence = 0.9 }
	for _, tc := range []struct {
		name, field string
		change      func(*Reading)
		status      string
		total       *float64
		reviews     map[string]string // field -> reason
	}{
		{"wrong cross", "1.1.b", value("crossed"), StatusFinal, number(11), nil},
		{"cross undone", "1.1.a", value("filled"), StatusFinal, number(11), nil},
		{"selected again", "1.1.a", value("remarked"), StatusFinal, number(13), nil},
		{"nothing selected", "1.2.b", value("empty"), StatusFinal, number(11), nil},
		{"two crosses where one may be", "1.2.c", value("crossed"), StatusReview, number(11),
			map[string]string{"1.2.b": ReasonSeveralCrosses, "1.2.c": ReasonSeveralCrosses}},
		{"unsure box keeps its credits", "1.1.a", unsure, StatusReview, number(13), map[string]string{"1.1.a": ReasonUncertain}},
		{"reader's reason", "1.1.a", func(r *Reading) { r.Reason = "streak" }, StatusReview, number(13), map[string]string{"1.1.a": "streak"}},
		{"unread box", "1.1.a", value(""), StatusReview, nil, map[string]string{"1.1.a": ReasonUnread}},
		{"unread column", "2.2", func(r *Reading) { r.Value, r.Reason = "", "none-marked" }, StatusReview, nil, map[string]string{"2.2": "none-marked"}},
		{"not a number", "2.2", value("one"), StatusReview, nil, nil},
		{"second corrector agrees", "2.1/2", value("3"), StatusFinal, number(13), nil},
		{"second corrector wins", "2.1/2", value("2.5"), StatusReview, number(12.5), map[string]string{"2.1/2": ReasonCorrectors}},
		{"score is not the sum", "P2.I", value("3.5"), StatusReview, number(13), map[string]string{"P2.I": ReasonSum}},
		{"sum is not the score", "2.2", value("0.5"), StatusReview, number(12.5), map[string]string{"P2.I": ReasonSum}},
		{"a person decided the score", "P2.I", func(r *Reading) { r.Value, r.Reason = "3.5", ReasonDecided }, StatusFinal, number(13), nil},
		{"nobody wrote the sum", "P2.I", func(r *Reading) { r.Value, r.Reason = "", ReasonEmpty }, StatusFinal, number(13), nil},
		{"second score wins", "P3.II", value("4.5"), StatusReview, number(12.5), map[string]string{"P3.II": ReasonCorrectors}},
		{"second score agrees", "P3.II", value("5"), StatusFinal, number(13), nil},
		{"only score missing", "P3.I", func(r *Reading) { r.Value, r.Reason = "", ReasonEmpty }, StatusReview, nil, map[string]string{"P3.I": ReasonScoreMissing}},
		{"unread sticker", "sticker", func(r *Reading) { r.Value, r.Reason = "", "no-sticker" }, StatusReview, number(13), map[string]string{"sticker": "no-sticker"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			readings, sheet := Grade(endterm(), with(perfect(), tc.field, tc.change), Policy{})
			assert.Equal(t, tc.status, sheet.Status)
			assert.Equal(t, tc.total, sheet.Total)
			reviews := map[string]string{}
			for _, r := range readings {
				if r.Review {
					reviews[r.Field] = r.Reason
				}
			}
			if tc.reviews == nil {
				tc.reviews = map[string]string{}
			}
			assert.Equal(t, tc.reviews, reviews)
		})
	}
}

func TestScoreWithoutAPage(t *testing.T) {
	var rest []Reading
	for _, r := range perfect() {
		if r.Field != "2.1" && r.Field != "2.1/2" && r.Field != "2.2" {
			rest = append(rest, r)
		}
	}
	_, s := Grade(endterm(), rest, Policy{})
	assert.Equal(t, StatusIncomplete, s.Status)
	assert.Nil(t, s.Total)
	assert.Nil(t, s.Problems["2"])
	assert.Nil(t, s.Questions["2.1"])
	assert.Equal(t, number(4), s.Problems["1"], "what is there is scored")
	assert.Contains(t, s.Questions, "2.2", "a question not known is there, with nil")
}

func TestScoreWithoutReadings(t *testing.T) {
	s := Score(endterm(), nil)
	assert.Equal(t, StatusIncomplete, s.Status)
	assert.Nil(t, s.Total)
}

func TestScoreWithoutKey(t *testing.T) {
	e := endterm()
	e.Problems[0].Questions[0].Options = options("+?")
	_, s := Grade(e, perfect(), Policy{})
	assert.Equal(t, StatusReview, s.Status)
	assert.Nil(t, s.Questions["1.1"])
	assert.Nil(t, s.Problems["1"])
	assert.Equal(t, number(2), s.Questions["1.2"])
}

func TestChoiceRules(t *testing.T) {
	for _, tc := range []struct {
		name, key, marks string // marks: x crossed, r remarked, f filled, . empty
		q                exam.Question
		want             float64
	}{
		{"all right", "+-+-", "x.x.", exam.Question{Rule: exam.AllOrNothing, Credits: 2}, 2},
		{"all right with corrections", "+-+-", "rfxf", exam.Question{Rule: exam.AllOrNothing, Credits: 2}, 2},
		{"one wrong", "+-+-", "x.xx", exam.Question{Rule: exam.AllOrNothing, Credits: 2}, 0},
		{"none correct, none crossed", "----", "....", exam.Question{Rule: exam.AllOrNothing, Credits: 2}, 2},
		{"none correct, one crossed", "----", "..x.", exam.Question{Rule: exam.AllOrNothing, Credits: 2}, 0},
		{"every option counts", "+-+-", "x...", exam.Question{Rule: exam.PerOption, Credits: 2}, 1.5},
		{"wrong options cost", "+-+-", "xx..", exam.Question{Rule: exam.PerOption, Credits: 2, Wrong: -0.25}, 0.5},
		{"not below the floor", "+-+-", ".x.x", exam.Question{Rule: exam.PerOption, Credits: 2, Wrong: -0.5}, 0},
		{"a lower floor", "+-+-", ".x.x", exam.Question{Rule: exam.PerOption, Credits: 2, Wrong: -0.5, Floor: -1}, -1},
		{"thirds", "+--", "xx.", exam.Question{Rule: exam.PerOption, Credits: 1}, 0.666666667},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.q.ID, tc.q.Kind, tc.q.Options = "1.1", exam.Choice, options(tc.key)
			e := &exam.Exam{Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{tc.q}}}}
			var readings []Reading
			for i, m := range tc.marks {
				state := map[rune]string{'x': "crossed", 'r': "remarked", 'f': "filled", '.': "empty"}[m]
				readings = append(readings, Reading{Field: "1.1." + string(rune('a'+i)), Value: state, Confidence: 1})
			}
			s := Score(e, readings)
			require.NotNil(t, s.Total)
			assert.Equal(t, tc.want, *s.Total)
		})
	}
}

func TestSumsAreExact(t *testing.T) {
	e := &exam.Exam{Problems: []exam.Problem{{ID: "1"}}}
	var readings []Reading
	for i := range 30 {
		id := string(rune('A' + i))
		e.Problems[0].Questions = append(e.Problems[0].Questions, exam.Question{ID: id, Kind: exam.Credit, Credits: 1, Boxes: columns(1, 1)})
		readings = append(readings, Reading{Field: id, Value: "0.1", Confidence: 1})
	}
	s := Score(e, readings)
	assert.Equal(t, number(3), s.Total)
}

func TestThresholdFollowsFromCosts(t *testing.T) {
	assert.InDelta(t, 0.99, Policy{}.Threshold(), 1e-12)
	assert.InDelta(t, 0.9, Policy{CostRatio: 10}.Threshold(), 1e-12)
	assert.InDelta(t, 0, Policy{CostRatio: 0.5}.Threshold(), 0, "a misread that costs nothing is never reviewed")

	at := func(c float64) bool { return Decide([]Reading{{Value: "empty", Confidence: c}}, Policy{})[0].Review }
	assert.True(t, at(0.9899))
	assert.False(t, at(0.9901))
}

func TestDecideLeavesItsInputAlone(t *testing.T) {
	in := []Reading{{Value: "empty", Confidence: 0.5}}
	out := Decide(in, Policy{})
	assert.Equal(t, []Reading{{Value: "empty", Confidence: 0.5}}, in)
	assert.Equal(t, []Reading{{Value: "empty", Confidence: 0.5, Review: true, Reason: ReasonUncertain}}, out)
	assert.Equal(t, out, Decide(out, Policy{}), "deciding twice changes nothing")
}

func TestCheckLeavesItsInputAlone(t *testing.T) {
	in := with(perfect(), "1.1.a", func(r *Reading) { r.Confidence = 0.9 })
	before := append([]Reading(nil), in...)
	Check(endterm(), in)
	assert.Equal(t, before, in)
}

func TestCheckFlagsScansThatDiffer(t *testing.T) {
	twice := append(perfect(), Reading{Field: "2.2", Kind: KindCredit, Value: "0.5", Confidence: 1})
	assert.Equal(t, ReasonScans, reading(t, Check(endterm(), twice), "2.2").Reason)
	same := append(perfect(), Reading{Field: "2.2", Kind: KindCredit, Value: "1", Confidence: 1})
	assert.Empty(t, reading(t, Check(endterm(), same), "2.2").Reason)
}

func TestDecidedCrossesAreNotAskedAgain(t *testing.T) {
	readings := perfect()
	for _, f := range []string{"1.2.b", "1.2.c"} {
		with(readings, f, func(r *Reading) { r.Value, r.Reason = "crossed", ReasonDecided })
	}
	_, s := Grade(endterm(), readings, Policy{})
	assert.Equal(t, StatusFinal, s.Status)
	assert.Equal(t, number(0), s.Questions["1.2"])
}

// The handwritten 4 of problem 2 is read with a distribution; its credits sum to 4.
func TestCheckResolvesAScore(t *testing.T) {
	for _, tc := range []struct {
		name   string
		read   Reading
		value  string
		reason string
		above  float64 // confidence at least this
		below  float64
	}{
		{"likely the sum", Reading{Value: "4", Confidence: 0.9, Candidates: []ValueP{{4, 0.9}, {1, 0.08}}}, "4", "", 0.999, 1},
		{"a toss-up", Reading{Reason: ReasonUncertain, Candidates: []ValueP{{1, 0.5}, {4, 0.45}}}, "4", "", 0.99, 1},
		{"one in ten: resolved, but a person looks", Reading{Value: "1", Confidence: 0.85, Candidates: []ValueP{{1, 0.85}, {4, 0.1}}}, "4", "", 0.9, 0.99},
		{"one in five hundred is no agreement", Reading{Value: "1", Confidence: 0.99, Candidates: []ValueP{{1, 0.99}, {4, 0.002}}}, "1", ReasonSum, 0.99, 0.99},
		{"not in the distribution", Reading{Value: "3.5", Confidence: 0.99, Candidates: []ValueP{{3.5, 0.99}}}, "3.5", ReasonSum, 0.99, 0.99},
		{"unread without candidates", Reading{Reason: ReasonUncertain}, "", ReasonUncertain, 0, 0},
		{"a person must see it all the same", Reading{Value: "4", Confidence: 0.9, Reason: "struck-out", Candidates: []ValueP{{4, 0.9}}}, "4", "struck-out", 0.9, 0.9},
		{"decided otherwise", Reading{Value: "1", Confidence: 1, Reason: ReasonDecided, Candidates: []ValueP{{4, 0.9}}}, "1", ReasonDecided, 1, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.read.Field, tc.read.Kind = "P2.I", KindScore
			r := reading(t, Check(endterm(), with(perfect(), "P2.I", func(r *Reading) { *r = tc.read })), "P2.I")
			assert.Equal(t, tc.value, r.Value)
			assert.Equal(t, tc.reason, r.Reason)
			assert.GreaterOrEqual(t, r.Confidence, tc.above)
			assert.LessOrEqual(t, r.Confidence, tc.below)
		})
	}
}

func TestAgreementRaisesBothSides(t *testing.T) {
	in := with(perfect(), "2.1", func(r *Reading) { r.Confidence = 0.97 })
	with(in, "P2.I", func(r *Reading) { r.Confidence = 0.95 })
	out := Check(endterm(), in)
	assert.Greater(t, reading(t, out, "2.1").Confidence, 0.999)
	assert.Greater(t, reading(t, out, "P2.I").Confidence, 0.999)

	in = with(in, "P2.I", value("3.5"))
	assert.InDelta(t, 0.97, reading(t, Check(endterm(), in), "2.1").Confidence, 0, "disagreement raises nothing")
}

// TestNoSumTellsACrossFromAReMark: both select, so an agreeing sum leaves that doubt as it is.
func TestNoSumTellsACrossFromAReMark(t *testing.T) {
	e := endterm()
	e.Scores = []exam.Score{{ID: "P1.I", Problem: "1", Corrector: 1, Max: 4, Step: 0.5}}
	in := append(perfect(), Reading{Field: "P1.I", Kind: KindScore, Value: "4", Confidence: 0.999})
	with(in, "1.1.a", func(r *Reading) { r.Confidence, r.Within = 0.6, 0.65 })
	with(in, "1.1.b", func(r *Reading) { r.Confidence = 0.97 })
	out := Check(e, in)
	assert.Less(t, reading(t, out, "1.1.a").Confidence, 0.66)
	assert.Greater(t, reading(t, out, "1.1.b").Confidence, 0.97)
}

func TestAgreementSaysNothingOfBoxesThatDoNotCount(t *testing.T) {
	e := endterm()
	e.Scores = []exam.Score{{ID: "P1.I", Problem: "1", Corrector: 1, Max: 4, Step: 0.5}}
	in := append(perfect(), Reading{Field: "P1.I", Kind: KindScore, Value: "2", Confidence: 0.99})
	for _, f := range []string{"1.1.a", "1.2.a", "1.2.c"} {
		with(in, f, func(r *Reading) { r.Confidence = 0.97 })
	}
	// 1.2 is lost by two wrong boxes: another wrong one would not show in the sum.
	with(in, "1.2.b", value("empty"))
	with(in, "1.2.a", value("crossed"))
	out := Check(e, in)
	assert.Greater(t, reading(t, out, "1.1.a").Confidence, 0.995)
	assert.InDelta(t, 0.97, reading(t, out, "1.2.c").Confidence, 0)
}

func TestCheckStickers(t *testing.T) {
	roster, err := exam.ParseRoster("roster.csv", []byte("code,registration\n001,777\n002,778\n"))
	require.NoError(t, err)
	in := []Reading{
		{Booklet: "A", Field: "sticker", Value: "001"},
		{Booklet: "B", Field: "sticker", Value: "002"},
		{Booklet: "C", Field: "sticker", Value: "002"},
		{Booklet: "D", Field: "sticker", Value: "1"},
		{Booklet: "E", Field: "sticker", Reason: "no-sticker"},
		{Booklet: "F", Field: "sticker", Value: "999", Reason: ReasonDecided},
		{Booklet: "A", Field: "2.1", Value: "1"},
	}
	reasons := func(out []Reading) (list []string) {
		for _, r := range out {
			list = append(list, r.Reason)
		}
		return list
	}
	assert.Equal(t, []string{"", ReasonCodeTwice, ReasonCodeTwice, ReasonNotInRoster, "no-sticker", ReasonDecided, ""},
		reasons(CheckStickers(in, roster)))
	assert.Equal(t, []string{"", ReasonCodeTwice, ReasonCodeTwice, "", "no-sticker", ReasonDecided, ""},
		reasons(CheckStickers(in, nil)), "without a roster any code is good")

	s := Sheet{Code: "001"}
	s.Register(roster)
	assert.Equal(t, "777", s.Registration)
	s = Sheet{}
	s.Register(nil)
	assert.Empty(t, s.Registration)
}

func TestEmptyMustBeSure(t *testing.T) {
	sure := Reading{Kind: KindCredit, Field: "2.1/2", Reason: ReasonEmpty, Confidence: 0.9995}
	unsure := sure
	unsure.Confidence = 0.83
	got := Decide([]Reading{sure, unsure}, Policy{})
	assert.False(t, got[0].Review)
	assert.True(t, got[1].Review, "a second corrector's pale cross must not vanish")
	assert.Equal(t, ReasonUncertain, got[1].Reason)
}

// TestASumThatAgreesSettlesAnUnsureColumn: a column the reader was not sure of is settled by a
// handwritten sum that would be another one if the column were.
func TestASumThatAgreesSettlesAnUnsureColumn(t *testing.T) {
	in := with(perfect(), "2.1", func(r *Reading) { r.Confidence, r.Reason = 0.97, ReasonUncertain })
	out := Decide(Check(endterm(), in), Policy{})
	i := slices.IndexFunc(out, func(r Reading) bool { return r.Field == "2.1" })
	assert.False(t, out[i].Review, "reason %q confidence %.4f", out[i].Reason, out[i].Confidence)
	in = with(in, "2.1", func(r *Reading) { r.Reason = "other-mark" })
	out = Decide(Check(endterm(), in), Policy{})
	assert.True(t, out[i].Review, "a tick stays a person's to judge")
}

// Thirds of credits add up to whole ones, over questions and over problems, and reach the border of a
// grade that whole ones reach: 2 problems of 15 questions, a third of each earned.
func TestThirdsReachABorder(t *testing.T) {
	e := &exam.Exam{Grades: &exam.Grades{List: []exam.GradeStep{{Grade: "5.0"}, {From: 10, Grade: "4.0"}}}}
	var readings []Reading
	for p := range 2 {
		problem := exam.Problem{ID: string(rune('1' + p))}
		for i := range 15 {
			q := exam.Question{ID: problem.ID + "." + string(rune('A'+i)), Kind: exam.Choice, Rule: exam.PerOption, Credits: 1, Options: options("+++")}
			problem.Questions = append(problem.Questions, q)
			for k, state := range []string{"crossed", "empty", "empty"} {
				readings = append(readings, Reading{Field: exam.OptionField(q.ID, q.Options[k].ID), Value: state, Confidence: 1})
			}
		}
		e.Problems = append(e.Problems, problem)
	}
	s := Score(e, readings)
	assert.Equal(t, number(5), s.Problems["1"])
	assert.Equal(t, number(10), s.Total)
	grade, _ := e.Grade(*s.Total)
	assert.Equal(t, "4.0", grade)
	account := Account(e, readings)
	assert.Equal(t, "4.0", account[len(account)-1].Value)

	e.Problems[0].Questions = e.Problems[0].Questions[:10]
	e.Problems[1].Questions = e.Problems[1].Questions[:11]
	assert.Equal(t, number(7), Score(e, readings).Total, "10 and 11 thirds")
}
