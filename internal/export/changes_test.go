package export

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
)

// rescore scores the sample again by its exam as it is now.
func rescore(d *Data) {
	for i, s := range d.Batch.Sheets {
		var own []mark.Reading
		for _, r := range d.Batch.Readings {
			if r.Booklet == s.Booklet {
				own = append(own, r)
			}
		}
		d.Batch.Sheets[i] = sampleSheet(d.Exam, own, s.Code, s.Registration, s.Status)
	}
}

// before is what the sample was, long after its decisions.
func before() Before {
	d := sampleData()
	return Before{Exam: d.Exam, Sheets: d.Batch.Sheets, At: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
}

// told writes changes as lines.
func told(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		b.WriteString(strings.TrimSpace(strings.Join([]string{c.Booklet, c.What, c.ID}, " ")) + ": " + c.Before + " -> " + c.After + " (" + strings.Join(c.Reasons, " ") + ")\n")
	}
	return b.String()
}

func TestNothingChanged(t *testing.T) {
	assert.Empty(t, Changes(before(), sampleData()))
}

func TestAnotherKey(t *testing.T) {
	d := sampleData()
	d.Exam.Problems[0].Questions[0].Options[1].Correct = yes(true) // both options of 1.1 are right now
	rescore(d)
	assert.Equal(t, `B1 total: 4.5 -> 6.5 (key)
B1 problem 1: 1.5 -> 3.5 (key)
B1 question 1.1: 0 -> 2 (key)
B2 total: 9 -> 7 (key)
B2 grade: 1.0 -> 4.0 (key)
B2 problem 1: 3.5 -> 1.5 (key)
B2 question 1.1: 2 -> 0 (key)
B10 problem 1: 2 -> 0 (key)
B10 question 1.1: 2 -> 0 (key)
`, told(Changes(before(), d)))
}

func TestAVoidOptionAndOtherCredits(t *testing.T) {
	d := sampleData()
	d.Exam.Problems[0].Questions[0].Options[1].Void = true
	d.Exam.Problems[0].Questions[0].Credits = 4
	rescore(d)
	got := told(Changes(before(), d))
	assert.Contains(t, got, "B1 question 1.1: 0 -> 4 (void credits)\n")
	assert.Contains(t, got, "B2 question 1.1: 2 -> 4 (void credits)\n")
	assert.Contains(t, got, "B2 total: 9 -> 11 (void credits)\n")
}

// The cell that was crossed stays; what it is worth is the exam's.
func TestCellsOfAColumnAreWorthSomethingElse(t *testing.T) {
	d := sampleData()
	d.Exam.Problems[1].Questions[0].Boxes[1].Credits = 2.5
	for i, r := range d.Batch.Readings {
		if r.Field == "2.1" && r.Value == "3" {
			d.Batch.Readings[i].Value = "2.5"
		}
	}
	rescore(d)
	got := told(Changes(before(), d))
	assert.Contains(t, got, "B2 total: 9 -> 8.5 (credits)\n")
	assert.Contains(t, got, "B2 question 2.1: 3 -> 2.5 (credits)\n")
}

func TestADecisionSince(t *testing.T) {
	d := sampleData()
	was := before()
	was.At = d.Decisions[0].At.Add(-time.Second)
	i := slices.IndexFunc(d.Batch.Readings, func(r mark.Reading) bool { return r.Booklet == "B1" && r.Field == "1.1.b" })
	d.Batch.Readings[i].Value = "empty"
	rescore(d)
	assert.Equal(t, `B1 total: 4.5 -> 6.5 (decision)
B1 problem 1: 1.5 -> 3.5 (decision)
B1 question 1.1: 0 -> 2 (decision)
`, told(Changes(was, d)))
	was.At = d.Decisions[3].At
	assert.Contains(t, told(Changes(was, d)), "B1 question 1.1: 0 -> 2 (reading)\n", "what was decided before is no reason")
}

// A key that changed and a decision can both have a part in it, or only one of them.
func TestTheReasonIsTheOneThatMadeTheDifference(t *testing.T) {
	d := sampleData()
	was := before()
	was.At = d.Decisions[0].At.Add(-time.Second)
	i := slices.IndexFunc(d.Batch.Readings, func(r mark.Reading) bool { return r.Booklet == "B1" && r.Field == "1.1.b" })
	d.Batch.Readings[i].Value = "empty"
	d.Exam.Problems[0].Questions[0].Credits = 3
	d.Exam.Problems[0].Questions[1].Credits = 2
	rescore(d)
	got := told(Changes(was, d))
	assert.Contains(t, got, "B1 question 1.1: 0 -> 3 (credits decision)\n")
	assert.Contains(t, got, "B1 question 1.2: 1.5 -> 2 (credits)\n")
	assert.Contains(t, got, "B1 total: 4.5 -> 8 (credits decision)\n")
	assert.Contains(t, got, "B2 question 1.1: 2 -> 3 (credits)\n")
}

func TestADecisionAboutAPageIsOneAboutItsFields(t *testing.T) {
	d := sampleData()
	was := before()
	d.Decisions = append(d.Decisions, store.Decision{ID: "id9", At: was.At.Add(time.Hour), Page: "imageB10", Field: mark.FieldPage,
		Source: "a.pdf", SourcePage: 2, Action: store.ActionDecide, Value: mark.PageKeep})
	i := slices.IndexFunc(d.Batch.Readings, func(r mark.Reading) bool { return r.Booklet == "B10" && r.Field == "2.1" })
	d.Batch.Readings[i].Value = "3"
	rescore(d)
	d.Batch.Sheets[1].Status = mark.StatusFinal
	assert.Equal(t, `B10 total:  -> 9 (decision)
B10 grade:  -> 1.0 (decision)
B10 problem 2:  -> 3 (decision)
B10 question 2.1:  -> 3 (decision)
`, told(Changes(was, d)))
}

func TestAnotherGradingKey(t *testing.T) {
	d := sampleData()
	d.Exam.Grades = &exam.Grades{List: []exam.GradeStep{{From: 0, Grade: "5.0"}, {From: 3, Grade: "3.0"}, {From: 7.5, Grade: "1.0"}}}
	assert.Equal(t, "B1 grade: 4.0 -> 3.0 (grades)\n", told(Changes(before(), d)))
}

func TestAnotherStudent(t *testing.T) {
	d := sampleData()
	d.Batch.Sheets[0].Registration = "99"
	assert.Equal(t, "B2 registration: 03712345 -> 99 (roster)\n", told(Changes(before(), d)))
}

// A sticker that was decided may be another booklet's: this one is nobody's then.
func TestACodeThatTwoHave(t *testing.T) {
	d := sampleData()
	d.Batch.Sheets[0].Registration = ""
	d.Batch.Sheets[1].Code, d.Batch.Sheets[1].Registration = d.Batch.Sheets[0].Code, ""
	assert.Contains(t, told(Changes(before(), d)), "B2 registration: 03712345 ->  (reading)\n")
}

// Without page codes, booklets are named by their place in the scan.
func TestBookletsAreFollowedByTheirCodes(t *testing.T) {
	d := sampleData()
	was := before()
	was.Sheets[0].Booklet, was.Sheets[2].Booklet = "B1", "B2" // they lay the other way round
	assert.Empty(t, Changes(was, d))
	was.Sheets = append(was.Sheets[:2], mark.Sheet{Booklet: "B30", Code: "x", Status: mark.StatusFinal, Total: number(3)})
	assert.Equal(t, "B1 total:  -> 4.5 (new)\nB30 total: 3 ->  (gone)\n", told(Changes(was, d)))
}

func TestAnUnknownExam(t *testing.T) {
	d := sampleData()
	was := before()
	was.Exam = nil
	was.Sheets[0].Questions["1.1"] = number(0)
	assert.Equal(t, "B2 question 1.1: 0 -> 2 (reading)\n", told(Changes(was, d)))
}

func TestWriteChanges(t *testing.T) {
	d := sampleData()
	d.Exam.Problems[0].Questions[0].Credits = 3
	rescore(d)
	var out bytes.Buffer
	require.NoError(t, WriteChanges(&out, Changes(before(), d)))
	assert.Equal(t, `booklet,code,registration,what,id,before,after,reason
B2,00123,03712345,total,,9,10,credits
B2,00123,03712345,problem,1,3.5,4.5,credits
B2,00123,03712345,question,1.1,2,3,credits
B10,777,,problem,1,2,3,credits
B10,777,,question,1.1,2,3,credits
`, out.String())
}
