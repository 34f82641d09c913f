package booklets

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
)

func at(x, y float64) geom.Box { return geom.Box{X: x, Y: y, W: 4, H: 4} }

// small is an exam with a thing of every kind on two pages.
func small() *exam.Exam {
	yes, no := true, false
	return &exam.Exam{Title: "Small", Pages: 3, Sticker: &exam.Sticker{Page: 1, Box: geom.Box{X: 10, Y: 30, W: 38, H: 20}},
		Problems: []exam.Problem{
			{ID: "1", Title: "Choice", Questions: []exam.Question{{ID: "1.1", Kind: exam.Choice, Page: 2, Credits: 2, Rule: exam.AllOrNothing, Options: []exam.Option{
				{ID: "a", Box: at(30, 50), Correct: &yes}, {ID: "b", Box: at(30, 60), Correct: &no}, {ID: "c", Box: at(30, 70), Correct: &no, Void: true}}}}},
			{ID: "2", Questions: []exam.Question{
				{ID: "2.1", Kind: exam.Credit, Page: 3, Credits: 1, Boxes: []exam.CreditBox{
					{Box: at(15, 50), Corrector: 1}, {Credits: 1, Box: at(15, 54), Corrector: 1}, {Box: at(20, 50), Corrector: 2}, {Credits: 1, Box: at(20, 54), Corrector: 2}}},
				{ID: "2.2", Kind: exam.Credit, Page: 3, Credits: 1, Boxes: []exam.CreditBox{{Box: at(15, 90), Corrector: 1}, {Credits: 1, Box: at(15, 94), Corrector: 1}}}}}},
		Scores: []exam.Score{{ID: "P1.I", Problem: "1", Corrector: 1, Page: 1, Box: at(60, 100), Max: 2, Step: 0.5}}}
}

func credit(x float64) *float64 { return &x }

func batchOf(readings ...mark.Reading) mark.Batch {
	b := mark.Batch{
		Pages: []mark.Page{ // not in the order of the form
			{Source: "a.pdf", SourcePage: 3, Booklet: "B001", Page: 3, Status: "ok", Registered: true, WidthMM: 200, HeightMM: 290},
			{Source: "a.pdf", SourcePage: 1, Booklet: "B001", Page: 1, Status: "ok", Registered: true, WidthMM: 200, HeightMM: 290},
			{Source: "a.pdf", SourcePage: 2, Booklet: "B001", Page: 2, Status: "ok", Registered: true, WidthMM: 200, HeightMM: 290},
			{Source: "a.pdf", SourcePage: 4, Booklet: "B001", Page: 2, Status: "duplicate", Registered: true},
			{Source: "a.pdf", SourcePage: 5, Booklet: "B002", Page: 2, Status: "ok", Registered: true},
			{Source: "a.pdf", SourcePage: 6, Booklet: "B001", Status: "blank"},
		},
		Sheets: []mark.Sheet{{Booklet: "B001", Code: "0042", Status: mark.StatusFinal, Total: credit(3),
			Problems: map[string]*float64{"1": credit(2), "2": credit(1)}}},
		Booklets: []mark.Booklet{{ID: "B001"}},
	}
	for _, r := range readings {
		r.Booklet = "B001"
		b.Readings = append(b.Readings, r)
	}
	return b
}

func read(field, value string) mark.Reading {
	return mark.Reading{Field: field, Value: value, Confidence: 0.99}
}

func decidedAs(field, value string) mark.Reading {
	return mark.Reading{Field: field, Value: value, Confidence: 1, Reason: mark.ReasonDecided}
}

func open(field, value string) mark.Reading {
	return mark.Reading{Field: field, Value: value, Review: true, Reason: mark.ReasonUncertain}
}

func build(t *testing.T, batch mark.Batch) Booklet {
	t.Helper()
	b, err := Build(small(), batch, "B001", func(p mark.Page) (Scan, error) { return Scan{Name: p.Source, Page: p.SourcePage}, nil })
	require.NoError(t, err)
	return b
}

func TestBuild(t *testing.T) {
	b := build(t, batchOf(read(exam.StickerField, "0042"), read("1.1.a", "crossed"), decidedAs("1.1.b", "filled"), read("1.1.c", "remarked"),
		read("2.1", "0"), read("2.1/2", "1"), open("2.2", ""), mark.Reading{Field: "P1.I", Reason: mark.ReasonEmpty}))
	assert.Equal(t, "0042", b.title())
	assert.Equal(t, []Row{{"1", "Choice", credit(2), 2}, {"2", "", credit(1), 2}}, b.Rows)
	assert.InDelta(t, 4, b.Worth, 1e-9)
	assert.Empty(t, b.Notes)
	require.Len(t, b.Pages, 3)
	for i, p := range b.Pages {
		assert.Equal(t, [3]int{i + 1, i + 1}, [3]int{p.FormPage, p.Scan.Page}, "in the order of the form")
		assert.InDelta(t, 290, p.HeightMM, 1e-9)
	}
	assert.Equal(t, []Mark{
		{Box: geom.Box{X: 10, Y: 30, W: 38, H: 20}, Text: "0042", Side: Below, Look: Plain, Frame: true},
		{Box: at(60, 100), Text: "empty", Side: Within, Look: Plain, Frame: true},
	}, b.Pages[0].Marks)

	choice := b.Pages[1].Marks
	require.Len(t, choice, 4)
	assert.Equal(t, Mark{Box: at(30, 50), Text: "crossed", Side: LeftOf, Look: Right, Frame: true}, choice[0])
	assert.Equal(t, Mark{Box: at(30, 60), Text: "undone", Side: LeftOf, Look: Right, Frame: true, Gap: signGap, Decided: true}, choice[1])
	assert.Equal(t, "re-marked, void", choice[2].Text)
	assert.Equal(t, Void, choice[2].Look)
	assert.Equal(t, Result, choice[3].Look)
	assert.Equal(t, "2 / 2", choice[3].Text)
	assert.Equal(t, geom.Box{X: 30, Y: 50, W: 4, H: 24}, choice[3].Box)
	assert.Greater(t, choice[3].Gap, signGap+width(markSize, choice[2].runs()...), "beyond all words")

	var texts []string
	for _, m := range b.Pages[2].Marks {
		texts = append(texts, m.Text)
	}
	// Each column, its cell, the second column, its cell, the question; then one that waits.
	assert.Equal(t, []string{"0", "", "1", "", "1 / 1", "?", "? / 1"}, texts)
	assert.Equal(t, at(15, 50), b.Pages[2].Marks[1].Box, "the first corrector's 0")
	assert.Equal(t, at(20, 54), b.Pages[2].Marks[3].Box, "the second corrector's 1")
	assert.Equal(t, Open, b.Pages[2].Marks[5].Look)
}

func TestBuildSaysWhatIsNotFinal(t *testing.T) {
	batch := batchOf(open("1.1.a", "crossed"), read("1.1.b", "crossed"), read("1.1.c", ""), open("2.2", ""))
	batch.Sheets[0].Status, batch.Sheets[0].Code = mark.StatusIncomplete, ""
	batch.Booklets[0].Missing = []int{3, 7}
	b := build(t, batch)
	assert.Equal(t, "B001", b.title())
	assert.Equal(t, []string{"Not final: pages are missing.", "Missing pages: 3, 7"}, b.Notes)
	marks := b.Pages[1].Marks
	assert.Equal(t, "crossed?", marks[0].Text)
	assert.Equal(t, Open, marks[0].Look)
	assert.Equal(t, Wrong, marks[1].Look)
	assert.Equal(t, "void", marks[2].Text, "nobody need look at it")
	assert.Equal(t, Void, marks[2].Look)

	batch.Sheets[0].Status = mark.StatusReview
	batch.Booklets[0].Waived = true
	assert.Equal(t, []string{"Not final: something in it waits for a person.", "Missing pages, which earn nothing: 3, 7"}, build(t, batch).Notes)
}

// A student who finds another sum on the cover is told which one counts.
func TestBuildSaysWhatSumsDiffer(t *testing.T) {
	note := []string{"Written, but not counted: 1.5 for problem 1"}
	for _, tc := range []struct {
		readings []mark.Reading
		want     []string
	}{
		{[]mark.Reading{decidedAs("P1.I", "1.5")}, note},
		{[]mark.Reading{read("P1.I", "2")}, nil},
		{[]mark.Reading{read("P1.I", "2"), decidedAs("P1.II", "1.5")}, note},
		{[]mark.Reading{decidedAs("P1.I", "1.5"), read("P1.II", "2")}, nil},
		{[]mark.Reading{decidedAs("P1.I", mark.ValueNone)}, nil},
	} {
		e := small()
		e.Scores = append(e.Scores, exam.Score{ID: "P1.II", Problem: "1", Corrector: 2, Page: 1, Box: geom.Box{X: 60, Y: 120, W: 20, H: 10}, Max: 2, Step: 0.5})
		b, err := Build(e, batchOf(tc.readings...), "B001", func(mark.Page) (Scan, error) { return Scan{}, nil })
		require.NoError(t, err)
		assert.Equal(t, tc.want, b.Notes, "%v", tc.readings)
	}
}

func TestBuildGrades(t *testing.T) {
	e := small()
	e.Grades = &exam.Grades{List: []exam.GradeStep{{From: 0, Grade: "5.0"}, {From: 3, Grade: "1.0"}}}
	scan := func(mark.Page) (Scan, error) { return Scan{}, nil }
	batch := batchOf()
	b, err := Build(e, batch, "B001", scan)
	require.NoError(t, err)
	assert.Equal(t, "1.0", b.Grade)
	batch.Sheets[0].Status = mark.StatusReview
	b, err = Build(e, batch, "B001", scan)
	require.NoError(t, err)
	assert.Empty(t, b.Grade, "a grade that may still change is none")
}

func TestBuildPagePutByHand(t *testing.T) {
	batch := batchOf(decidedAs("2.1", "1"), decidedAs("2.2", "0"))
	batch.Pages[0].Registered = false
	b := build(t, batch)
	assert.Empty(t, b.Pages[2].Marks, "nobody knows where its boxes are")
	assert.Equal(t, []string{"Page 3, put here by hand", "2.1: 1 / 1", "2.2: 0 / 1"}, b.Pages[2].Notes)
}

func TestBuildFails(t *testing.T) {
	_, err := Build(small(), batchOf(), "B009", nil)
	assert.ErrorContains(t, err, "B009")
	gone := errors.New("gone")
	_, err = Build(small(), batchOf(), "B001", func(mark.Page) (Scan, error) { return Scan{}, gone })
	assert.ErrorIs(t, err, gone)
}

// A copy's boxes stand elsewhere than the form's.
func TestBuildUsesTheCopysBoxes(t *testing.T) {
	e := small()
	e.CopiesFile = "copies.yaml"
	e.Copies = []exam.Copy{{ID: "E0101", Pages: []int{2}, Questions: []exam.CopyQuestion{
		{ID: "1.1", Options: []exam.Option{{ID: "c", Box: at(30, 50)}, {ID: "b", Box: at(30, 60)}, {ID: "a", Box: at(30, 70)}}}}}}
	batch := batchOf(read("1.1.a", "crossed"), read("1.1.b", "empty"), read("1.1.c", "empty"))
	batch.Pages[2].Copy = "E0101"
	b, err := Build(e, batch, "B001", func(mark.Page) (Scan, error) { return Scan{}, nil })
	require.NoError(t, err)
	assert.Equal(t, at(30, 70), b.Pages[1].Marks[0].Box, "option a")
	assert.Equal(t, Right, b.Pages[1].Marks[0].Look)

	// Where nobody knows the copy, or where its boxes are, nothing is written beside a wrong box.
	for _, change := range []func(){func() { batch.Pages[2].Copy = "" }, func() {
		batch.Pages[2].Copy, e.Copies[0].Questions[0].Options = "E0101", nil
	}} {
		change()
		b, err = Build(e, batch, "B001", func(mark.Page) (Scan, error) { return Scan{}, nil })
		require.NoError(t, err)
		assert.Empty(t, b.Pages[1].Marks)
		assert.Equal(t, []string{"1.1: 2 / 2"}, b.Pages[1].Notes)
	}
}
