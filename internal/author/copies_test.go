package author

import (
	"os"
	"path/filepath"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
)

// Every option of every shuffled copy is found again by its text, none guessed.
func TestFromForms(t *testing.T) {
	for v := range fixtures.Variants {
		dir := t.TempDir()
		names, forms, err := fixtures.WriteCopies(dir, v, 3, 5, v == 0)
		require.NoError(t, err)
		d, files, err := FromForms(filepath.Join(dir, "booklets"))
		require.NoError(t, err)
		require.Len(t, files, 3)
		for _, n := range d.Notes {
			assert.NotContains(t, n.Text, "copy", "nothing is left open")
		}
		if v == 0 {
			require.NotNil(t, d.Exam.Codes)
			assert.Equal(t, exam.Codes{Exam: "PX-MEASURE-1-20261123", PageOffset: 2}, *d.Exam.Codes)
		}
		for i, c := range d.Exam.Copies {
			assert.Equal(t, names[i], c.ID)
			own, ok := d.Exam.ForCopy(c.ID)
			require.True(t, ok)
			sameOptions(t, forms[0].Exam, forms[i].Exam, d.Exam, own)
		}
		assert.Empty(t, d.Exam.Copies[0].Pages)
		assert.Equal(t, map[int][]int{0: {2, 3}, 1: {2}}[v], d.Exam.Copies[1].Pages)
		d.Exam.ID, d.Exam.Form = "x", "form.pdf"
		again, err := exam.Parse("exam.yaml", d.Exam.YAML())
		require.NoError(t, err)
		require.NoError(t, again.ParseCopies(CopiesFile, d.Exam.CopiesYAML()))
		assert.Equal(t, d.Exam.Copies, again.Copies)
	}
}

// A solution of any copy gives the key of all of them.
func TestKeyOfACopy(t *testing.T) {
	cases := []struct {
		name  string
		codes bool
		copy  int // whose solution, from 1; 0 is of a copy that is not there
		file  string
		err   string
	}{
		{"by its codes", true, 2, "solution.pdf", ""},
		{"by the order of its options", false, 2, "solution.pdf", ""},
		{"no such copy", true, 0, "solution.pdf", "which is not among the copies"},
		{"no such order", false, 0, "solution.pdf", "in an order that no copy has"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			_, forms, err := fixtures.WriteCopies(dir, 1, 2, 5, c.codes)
			require.NoError(t, err)
			d, files, err := FromForms(filepath.Join(dir, "booklets"))
			require.NoError(t, err)
			name := fixtures.CopyName(9)
			if c.copy > 0 {
				name = fixtures.CopyName(c.copy)
			}
			f, err := fixtures.NewCopySolution(1, name, 5, c.codes)
			require.NoError(t, err)
			path := filepath.Join(dir, c.file)
			require.NoError(t, os.WriteFile(path, f.PDF, 0o600))
			if c.codes && c.err == "" { // the reading of crosses is shown once
				k, sure, err := d.solvedCopy(path)
				require.NoError(t, err)
				assert.Equal(t, []any{1, true}, []any{k, sure})
				return
			}
			_, err = d.TakeCopyKey(files, path)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			for _, q := range forms[0].Exam.Problems[0].Questions {
				for place, o := range q.Options { // the draft counts places of the first copy
					got := d.Exam.Question(q.ID).Options[place].Correct
					require.NotNil(t, got, q.ID)
					assert.Equal(t, *o.Correct, *got, "%s, place %d", q.ID, place)
				}
			}
		})
	}
}

// Credit columns may stand elsewhere in a copy, fields of the cover may not.
func TestWhatMovesInACopy(t *testing.T) {
	column := func(y float64) exam.Question {
		return exam.Question{ID: "2.1", Kind: exam.Credit, Page: 2, Credits: 0.5, Boxes: []exam.CreditBox{
			{Credits: 0, Box: geom.Box{X: 190, Y: y, W: 4, H: 4}, Corrector: 1}, {Credits: 0.5, Box: geom.Box{X: 190, Y: y + 4, W: 4, H: 4}, Corrector: 1}}}
	}
	made := func(y, sticker float64) *printedCopy {
		e := &exam.Exam{Pages: 2, Sticker: &exam.Sticker{Page: 1, Box: geom.Box{X: sticker, Y: 20, W: 38, H: 21}},
			Problems: []exam.Problem{{ID: "2", Questions: []exam.Question{column(y)}}}}
		return &printedCopy{name: "K2", draft: Draft{Exam: e}}
	}
	ref := made(50, 20)
	cases := []struct {
		y, sticker float64
		pages      []int
		err        string
	}{{50, 20, nil, ""}, {58, 20, []int{2}, ""}, {50, 30, nil, "the sticker field stands elsewhere"}}
	for _, c := range cases {
		m := matcher{ref: ref, own: made(c.y, c.sticker), draft: &ref.draft}
		got, err := m.match()
		if c.err != "" {
			require.ErrorContains(t, err, c.err)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, c.pages, got.Pages)
		if len(c.pages) > 0 {
			assert.Equal(t, column(c.y).Boxes, got.Questions[0].Boxes)
		}
	}
}

// sameOptions holds the places found of every option against where its text was printed. The draft
// calls options by their place in the first copy, the fixture by their text.
func sameOptions(t *testing.T, first, truth, draft, own *exam.Exam) {
	t.Helper()
	for _, p := range first.Problems {
		for _, q := range p.Questions {
			for place, o := range q.Options {
				box := own.Question(q.ID).Options[place].Box
				require.Equal(t, string(rune('a'+place)), draft.Question(q.ID).Options[place].ID)
				for _, printed := range truth.Question(q.ID).Options {
					if printed.ID == o.ID {
						near(t, printed.Box, box, 0.1, q.ID+"."+o.ID)
					}
				}
			}
		}
	}
}

// quiz prints one page with one question; each option is drawn by its function at a place.
func quiz(t *testing.T, path string, options []func(pdf *fpdf.Fpdf, x, y float64)) {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	pdf.SetFont("Helvetica", "B", 13)
	pdf.Text(20, 20, "Problem 1  Multiple Choice (2 credits)")
	pdf.SetFont("Helvetica", "", 10)
	pdf.Text(20, 30, "1.1  Which of these are linear? Any number of answers can be correct.")
	pdf.Text(20, 90, "This page holds nothing else but a line of text below the question.")
	for i, draw := range options {
		y := 38 + 8*float64(i)
		pdf.SetLineWidth(0.4)
		pdf.Rect(25, y, 4, 4, "D")
		pdf.Text(30.5, y+3.2, string(rune('a'+i))+")")
		draw(pdf, 36, y+3.2)
	}
	require.NoError(t, pdf.OutputFileAndClose(path))
}

// formula prints x with a raised or lowered 2: the words are the same, the picture is not.
func formula(dy float64) func(*fpdf.Fpdf, float64, float64) {
	return func(pdf *fpdf.Fpdf, x, y float64) {
		pdf.SetFont("Helvetica", "", 10)
		pdf.Text(x, y, "y = x")
		pdf.SetFont("Helvetica", "", 7)
		pdf.Text(x+8.4, y+dy, "2")
		pdf.SetFont("Helvetica", "", 10)
	}
}

func sentence(s string) func(*fpdf.Fpdf, float64, float64) {
	return func(pdf *fpdf.Fpdf, x, y float64) { pdf.Text(x, y, s) }
}

// zigzag is a drawing without a word.
func zigzag(teeth int) func(*fpdf.Fpdf, float64, float64) {
	return func(pdf *fpdf.Fpdf, x, y float64) {
		pdf.SetLineWidth(0.3)
		for i := range teeth {
			a := x + 24*float64(i)/float64(teeth)
			pdf.Line(a, y, a+12/float64(teeth), y-3)
			pdf.Line(a+12/float64(teeth), y-3, a+24/float64(teeth), y)
		}
	}
}

// Options without words of their own are told by their pictures, or left open.
func TestOptionsByTheirPictures(t *testing.T) {
	type draw = func(*fpdf.Fpdf, float64, float64)
	cases := []struct {
		name    string
		options []draw
		open    bool
	}{
		{"formulas and drawings", []draw{formula(-1.2), sentence("None of them."), formula(0.9), zigzag(5), zigzag(7)}, false},
		{"the same drawing twice", []draw{zigzag(5), sentence("None of them."), zigzag(5)}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			n := len(c.options)
			quiz(t, filepath.Join(dir, "K1.pdf"), c.options)
			turned := make([]draw, n) // option i stands at place i-1
			for i, o := range c.options {
				turned[(i+n-1)%n] = o
			}
			quiz(t, filepath.Join(dir, "K2.pdf"), turned)
			d, _, err := FromForms(dir)
			require.NoError(t, err)
			cp, ok := d.Exam.Copy("K2")
			require.True(t, ok)
			assert.Equal(t, c.open, cp.Open("1.1"))
			if c.open {
				assert.Contains(t, d.Notes[len(d.Notes)-1].Text, "copy K2: option a could not be told by its text nor by its picture")
				return
			}
			for place, o := range cp.Questions[0].Options {
				assert.Equal(t, string(rune('a'+(place+1)%n)), o.ID)
			}
		})
	}
}

// Names of form fields that go with the texts count where there are no words, and must not
// contradict those that are there.
func TestOptionsByTheirFields(t *testing.T) {
	q := exam.Question{ID: "1.1", Kind: exam.Choice, Page: 1, Options: make([]exam.Option, 2)}
	boxes := []geom.Box{{X: 20, Y: 20, W: 4, H: 4}, {X: 20, Y: 30, W: 4, H: 4}}
	made := func(texts, names [2]string) *printedCopy {
		s := Sheet{WidthMM: 210, HeightMM: 297}
		for i, b := range boxes {
			q.Options[i] = exam.Option{ID: optionID(i), Box: b}
			s.Squares = append(s.Squares, Square{Box: b, Field: names[i]})
			if texts[i] != "" {
				s.Words = append(s.Words, Word{Text: texts[i], Box: geom.Box{X: 26, Y: b.Y + 0.5, W: 20, H: 3}})
			}
		}
		e := &exam.Exam{Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{q}}}}
		return &printedCopy{name: "K", sheets: []Sheet{s}, lines: [][]line{lines(s.Words, nil)}, draft: Draft{Exam: e}}
	}
	cases := []struct {
		texts, names [2]string
		want         []int
		why          string
	}{
		{[2]string{"no", "yes"}, [2]string{"m1", "m2"}, []int{1, 0}, ""},
		{[2]string{"no", "yes"}, [2]string{"m2", "m1"}, []int{1, 0}, ""},
		{[2]string{}, [2]string{"m2", "m1"}, []int{1, 0}, ""},
		{[2]string{"yes", "no"}, [2]string{"m2", "m1"}, nil, "the texts of the options and the names of their form fields say different things"},
	}
	for _, c := range cases {
		m := matcher{ref: made([2]string{"yes", "no"}, [2]string{"m1", "m2"}), own: made(c.texts, c.names)}
		m.draft = &m.ref.draft
		m.follow = m.fieldsFollow()
		at, why := m.options(&q, &q)
		assert.Equal(t, c.want, at)
		assert.Equal(t, c.why, why)
	}
}
