package report

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/mark"
)

func credits(x float64) *float64 { return &x }

// sheets makes final sheets of an exam with one problem "1" and one question "1.1".
func sheets(totals ...float64) []mark.Sheet {
	var all []mark.Sheet
	for i, x := range totals {
		all = append(all, mark.Sheet{Booklet: string(rune('A' + i)), Status: mark.StatusFinal, Total: credits(x),
			Problems: map[string]*float64{"1": credits(x)}, Questions: map[string]*float64{"1.1": credits(x)}})
	}
	return all
}

func oneQuestion(worth float64) *exam.Exam {
	return &exam.Exam{Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{{ID: "1.1", Kind: exam.Credit, Credits: worth}}}}}
}

func TestOnlyFinalBookletsCount(t *testing.T) {
	all := sheets(1, 2, 3, 4)
	all[1].Status = mark.StatusReview
	all[2].Status = mark.StatusIncomplete
	all = append(all, sheets(9)...)
	all[4].Total = nil // final without a total: not to be counted, nor to crash
	assert.Equal(t, []float64{1, 4}, newTable(oneQuestion(4), all).totals)
}

func TestHistogram(t *testing.T) {
	d := newTable(oneQuestion(10), sheets(0, 0.5, 0.999999, 1, 9.5, 10, 10)).distribution()
	assert.InDelta(t, 0.5, d.step, 1e-9)
	require.Len(t, d.bins, 20)
	assert.Equal(t, []int{1, 2, 1}, d.bins[:3], "a bin holds its lower end")
	assert.Equal(t, 3, d.bins[19], "the last one its upper end as well")

	d = newTable(oneQuestion(91), sheets(-3, 91, 95)).distribution()
	assert.InDelta(t, 5, d.step, 1e-9)
	assert.InDelta(t, -5, d.from, 1e-9, "credits below nothing have a bin")
	assert.Equal(t, 1, d.bins[0])
	assert.Equal(t, 2, d.bins[19], "nor is anything above the exam's credits lost")
	for span, width := range map[float64]float64{0: 0.5, 12.5: 0.5, 12.6: 1, 25: 1, 26: 2, 91: 5, 125: 5, 126: 10, 1000: 50} {
		assert.InDelta(t, width, binWidth(span), 1e-9, span)
	}
}

func TestEveryTotalIsInTheHistogram(t *testing.T) {
	for _, n := range []int{1, 2, 3, 100} {
		table := newTable(sampleExam(), sample(n, n).Batch.Sheets)
		sum := 0
		for _, b := range table.distribution().bins {
			sum += b
		}
		assert.Equal(t, len(table.totals), sum)
	}
}

func TestGrades(t *testing.T) {
	e := oneQuestion(10)
	assert.Nil(t, grades(e, []float64{3}), "no key, no grades")
	e.Grades = &exam.Grades{List: []exam.GradeStep{{From: 8, Grade: "A"}, {From: 5, Grade: "B"}, {From: 0, Grade: "F"}}}
	assert.Equal(t, []gradeCount{{"A", 8, 1, 1}, {"B", 5, 2, 3}, {"F", 0, 1, 4}}, grades(e, []float64{4.5, 5, 7.5, 8}))
	n := compute(Data{Exam: e, Batch: mark.Batch{Sheets: sheets(4.5, 5)}})
	_, ok := passes(n)
	assert.False(t, ok, "a list does not say what passes")
	e.Grades = &exam.Grades{Scheme: exam.GermanThirds, Pass: 5, Best: 9}
	passed, ok := passes(n)
	assert.True(t, ok)
	assert.Equal(t, 1, passed)
}

func TestThirds(t *testing.T) {
	low, high, ok := thirds([]float64{6, 1, 5, 2, 4, 3, 7})
	assert.True(t, ok)
	assert.Equal(t, [2]float64{2, 6}, [2]float64{low, high})
	_, _, ok = thirds([]float64{1, 1, 1, 1, 2})
	assert.True(t, ok)
	_, _, ok = thirds([]float64{2, 2, 2, 2})
	assert.False(t, ok, "where all are alike nobody is better")
	_, _, ok = thirds([]float64{1, 2})
	assert.False(t, ok)
}

// What selects an option must be the same here as where it is scored.
func TestSelectsAsScored(t *testing.T) {
	e := &exam.Exam{Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{{ID: "1.1", Kind: exam.Choice, Credits: 1,
		Rule: exam.AllOrNothing, Options: []exam.Option{{ID: "a", Correct: &yes}}}}}}}
	for _, value := range []string{"crossed", "remarked", "empty", "filled", "", "lost", "none", "nonsense"} {
		x, known := selects(value)
		scored := mark.Score(e, []mark.Reading{{Field: "1.1.a", Kind: mark.KindChoice, Value: value}}).Questions["1.1"]
		if value == mark.ValueLost {
			assert.False(t, known, "lost earns nothing, but nobody left it empty")
			continue
		}
		require.Equal(t, scored != nil, known, value)
		if known {
			assert.InDelta(t, *scored, x, 1e-9, value)
		}
	}
}

func TestVoidIsSaid(t *testing.T) {
	d := sample(40, 40)
	q := d.Exam.Problems[0].Questions
	q[0].Void, q[1].Void, q[2].Options[1].Void = exam.VoidFull, exam.VoidZero, true
	q[3].Options[3].Correct = &no // as who knows took it
	for i := range d.Batch.Sheets {
		var own []mark.Reading
		for _, r := range d.Batch.Readings {
			if r.Booklet == d.Batch.Sheets[i].Booklet {
				own = append(own, r)
			}
		}
		d.Batch.Sheets[i] = mark.Score(d.Exam, own)
	}
	n := compute(d)
	assert.Len(t, n.table.totals, 40)
	assert.Equal(t, figure{1, true}, n.items[0].difficulty, "everybody has all")
	assert.Equal(t, figure{}, n.items[1].difficulty, "nothing of nothing")
	assert.Equal(t, []string{"remark.void.full"}, n.items[0].remarks(n.table.items[0]))
	assert.Equal(t, []string{"remark.void.zero"}, n.items[1].remarks(n.table.items[1]))
	assert.Equal(t, 8, n.byItems.items, "what does not vary is in no alpha")
	assert.Equal(t, []string{"1.1", "1.2", "1.3.b"}, voids(d.Exam))
	assert.True(t, n.table.options(n.table.items[2], n.answers)[1].void)
}

func TestRemarks(t *testing.T) {
	it := item{earned: make([]float64, 40)}
	assert.Equal(t, []string{"remark.weak", "remark.hard"}, itemFigures{difficulty: known(0.1), discrimination: known(0.1)}.remarks(it))
	assert.Equal(t, []string{"remark.negative", "remark.easy"}, itemFigures{difficulty: known(0.95), discrimination: known(-0.5)}.remarks(it))
	assert.Empty(t, itemFigures{difficulty: known(0.5), discrimination: known(0.4)}.remarks(it))
	it.earned = it.earned[:20]
	assert.Empty(t, itemFigures{difficulty: known(0.5), discrimination: known(0.1)}.remarks(it), "too few to say it")
}

func TestCorrectors(t *testing.T) {
	e := sampleExam()
	read := answers{
		"A": {"2.1": "2", "2.1/2": "2.5", "2.2": "1", "2.2/2": "1", "P3.I": "4", "P3.II": "3"},
		"B": {"2.1": "2", "2.1/2": "none", "2.2": "1", "2.2/2": "", "P3.I": "4"},
		"C": {"2.1": "3", "2.1/2": "1.5"},
	}
	all := correctors(e, []mark.Sheet{{Booklet: "A"}, {Booklet: "B"}, {Booklet: "C"}}, read)
	require.Len(t, all, 6)
	assert.Equal(t, []pair{{2, 2.5}, {3, 1.5}}, all[0].pairs)
	assert.Equal(t, 2, all[0].differ)
	assert.Equal(t, known(-0.5), all[0].mean)
	assert.Equal(t, known(1), all[0].off)
	assert.InDelta(t, 1.5, all[0].largest, 1e-9)
	assert.Equal(t, 0, all[1].differ)
	assert.Equal(t, "3", all[5].id)
	assert.Equal(t, []pair{{4, 3}}, all[5].pairs)
	assert.Equal(t, 3, together(all).differ)
	assert.Len(t, together(all).pairs, 4)
}
