package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/raster"
	"scan/internal/store"
	"scan/ocr"
)

// shuffled is a batch of four copies with shuffled options, at 150 dpi. The codes of page 2 of
// the second copy are torn off; the fourth copy is not listed. Only pages 2 and 3 are scanned.
func shuffled(t *testing.T) (dir string, truth map[string]fixtures.Field) {
	t.Helper()
	dir = t.TempDir()
	b, err := fixtures.MakeCopyBatch(dir, fixtures.CopyBatchOptions{Seed: 11, Variant: 1, Pages: []int{2, 3}, DPI: 150,
		Torn: [][2]int{{2, 2}}, Unlisted: 1})
	require.NoError(t, err)
	truth = map[string]fixtures.Field{}
	for _, p := range b.Truth.Pages {
		for _, f := range p.Fields {
			truth[fmt.Sprint(p.SourcePage, " ", f.Field)] = f
		}
	}
	return dir, truth
}

func TestCopiesThatDiffer(t *testing.T) {
	dir, truth := shuffled(t)
	out, err := Read(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	require.Len(t, out.Pages, 8)
	right, open := map[int]int{}, 0
	for _, r := range out.Readings {
		want := truth[fmt.Sprint(r.SourcePage, " ", r.Field)]
		switch {
		case r.Reason == reasonCopyNotListed:
			open++
			assert.Equal(t, []any{7, "", true}, []any{r.SourcePage, r.Value, r.Review}, "a copy that is not listed is never read")
		case !r.Review && want.Odd == "":
			assert.Equal(t, want.Value, r.Value, "page %d: %s", r.SourcePage, r.Field)
			right[r.SourcePage]++
		}
	}
	assert.Equal(t, 32, open)
	for _, page := range []int{1, 3, 5} {
		assert.Greater(t, right[page], 25, "scan %d: the torn one (3) by its booklet's copy", page)
	}
	assert.Positive(t, right[8], "what does not depend on the copy is read")

	again, err := Read(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	assert.Zero(t, again.Summary.Read)
	assert.Equal(t, out.Readings, again.Readings)

	t.Run("session", func(t *testing.T) { copySession(t, dir, out) })
	t.Run("pages", func(t *testing.T) { copyPages(t, dir) })
	require.NoError(t, os.Remove(filepath.Join(dir, "booklets", "E0103.pdf")))
	_, err = Read(context.Background(), Options{Dir: dir})
	assert.ErrorContains(t, err, "the form of copy E0103 that copies.yaml names cannot be read")
}

// copySession opens the batch for review: what was read by the copy of a booklet is there, and a
// decision stands where the box is in this copy.
func copySession(t *testing.T, dir string, read *Outcome) {
	ctx := context.Background()
	s, err := OpenSession(ctx, Options{Dir: dir})
	require.NoError(t, err)
	defer s.Close()
	out, err := s.Outcome(ctx)
	require.NoError(t, err)
	sameBatch(t, read, out)
	torn := out.Pages[2]
	assert.Equal(t, "E0102", torn.Copy)
	r, err := s.Result(ctx, torn)
	require.NoError(t, err)
	assert.Equal(t, "E0102", r.Copy)
	out, added, err := s.Decide(ctx, []store.Decision{{Page: torn.Image, Field: "1.1.a", Value: "filled"}})
	require.NoError(t, err)
	own, _ := s.Exam.ForCopy("E0102")
	page, boxes, _ := own.Place("1.1.a")
	assert.Equal(t, exam.PlaceText(page, boxes), added[0].Place)
	assert.Equal(t, "filled decided", said(reading(t, out, torn.Image, "1.1.a")))
	again, err := Read(ctx, Options{Dir: dir})
	require.NoError(t, err)
	sameBatch(t, again, out)
}

// copyPages reads pages of the batch by themselves.
func copyPages(t *testing.T, dir string) {
	e, err := exam.Load(filepath.Join(dir, ExamFile))
	require.NoError(t, err)
	form, err := LoadForm(dir, e)
	require.NoError(t, err)
	defer form.Close()
	src, err := raster.Open(filepath.Join(dir, ScansDir, "batch1.pdf"))
	require.NoError(t, err)
	defer src.Close()
	reasonsOf := func(scan int, h Hints) map[string]int {
		p, err := src.Page(scan)
		require.NoError(t, err)
		r := ReadPage(p, e, form, h)
		require.Equal(t, StatusOK, r.Status)
		reasons := map[string]int{}
		for _, c := range r.Choices {
			reasons[c.Reason]++
		}
		return reasons
	}
	assert.Equal(t, map[string]int{reasonCopyUnknown: 8}, reasonsOf(3, Hints{}), "codes torn off")
	assert.Equal(t, map[string]int{"": 8}, reasonsOf(3, Hints{Copy: "E0102"}), "its copy")
	assert.Equal(t, map[string]int{reasonCopyPrint: 8}, reasonsOf(3, Hints{Copy: "E0103"}), "another copy")
	assert.Equal(t, map[string]int{"": 8}, reasonsOf(1, Hints{Copy: "E0103"}), "the code counts, not the hint")

	// A code that names another copy than is printed: copies.yaml of another print run.
	e.Copies[0].ID, e.Copies[2].ID = e.Copies[2].ID, e.Copies[0].ID
	form.copies = newCopyForms(dir, e, form)
	assert.Equal(t, map[string]int{reasonCopyPrint: 8}, reasonsOf(1, Hints{}))

	form.copies = newCopyForms(t.TempDir(), e, form)
	assert.Equal(t, map[string]int{reasonCopyForm: 8}, reasonsOf(1, Hints{}), "a form that cannot be loaded")
}

func TestWhichCopy(t *testing.T) {
	e := &exam.Exam{CopiesFile: "copies.yaml", Copies: []exam.Copy{{ID: "E1"}, {ID: "E2"}}, Codes: &exam.Codes{Exam: "X"}}
	code := func(ex, c string) ocr.PageCode { return ocr.PageCode{Exam: ex, Copy: c, Page: 2} }
	cases := []struct {
		name  string
		codes []ocr.PageCode
		hint  string
		want  copyChoice
	}{
		{"by its codes", []ocr.PageCode{code("X", "E1"), code("X", "E1")}, "E2", copyChoice{name: "E1"}},
		{"codes differ", []ocr.PageCode{code("X", "E1"), code("X", "E2")}, "", copyChoice{reason: reasonCopyUnknown}},
		{"other exam", []ocr.PageCode{code("Y", "E1")}, "", copyChoice{reason: reasonCopyUnknown}},
		{"no code", nil, "", copyChoice{reason: reasonCopyUnknown}},
		{"by the booklet", nil, "E2", copyChoice{name: "E2", guess: true}},
		{"not listed", []ocr.PageCode{code("X", "E3")}, "", copyChoice{reason: reasonCopyNotListed, detail: "copy E3 is not listed in copies.yaml"}},
	}
	for _, c := range cases {
		assert.Equal(t, c.want, whichCopy(e, c.codes, c.hint), c.name)
	}
}

// A page without a code that lies beside a booklet is not its page where the print says otherwise;
// and what was not read is no second scan of anything.
func TestPrintKeepsStraysOut(t *testing.T) {
	e := &exam.Exam{Pages: 2, CopiesFile: "c", Copies: []exam.Copy{{ID: "E2"}}, Problems: onePage.Problems}
	code := func(page int) []ocr.PageCode { return []ocr.PageCode{{Exam: "X", Copy: "E2", Page: page}} }
	page := func(n int, codes []ocr.PageCode, copyName, reason string) Scanned {
		return Scanned{PageResult: PageResult{Status: StatusOK, FormPage: n, Codes: codes, Copy: copyName,
			Choices: []ChoiceResult{{Question: "1.1", Reason: reason}}}}
	}
	own, open := page(1, code(1), "E2", ""), page(2, nil, "", reasonCopyUnknown)
	a := assembleRead([]Scanned{own, open}, e, []int{1, 2})
	assert.Equal(t, []string{"E2", reasonCodeUnread}, []string{a.Placed[1].Booklet, a.Placed[1].Reason})
	a = assembleRead([]Scanned{own, page(2, nil, "E2", reasonCopyPrint)}, e, []int{1, 2})
	assert.Equal(t, []string{"", StatusReview, reasonNoCode}, []string{a.Placed[1].Booklet, a.Placed[1].Status, a.Placed[1].Reason})
	a = assembleRead([]Scanned{own, open, open}, e, []int{1, 2})
	assert.Equal(t, []string{StatusReview, reasonDuplicates}, []string{a.Placed[2].Status, a.Placed[2].Reason})
}

// What was not read has a row an option and a column, so that nothing looks decided.
func TestUnreadQuestionsHaveRows(t *testing.T) {
	r := PageResult{Status: StatusOK, Choices: []ChoiceResult{{Question: "1.1", Reason: reasonCopyUnknown}},
		Credits: []CreditResult{{Question: "1.2", Reason: reasonCopyUnknown}}}
	assert.True(t, r.copyOpen())
	assert.Equal(t, []mark.Reading{
		{Field: "1.1.a", Kind: "choice", Reason: "copy-unknown"},
		{Field: "1.2", Kind: "credit", Reason: "copy-unknown"},
		{Field: "1.2/2", Kind: "credit", Reason: "copy-unknown"},
	}, pageReadings(r, onePage))
}

func TestOptionTextEndsAtTheNextBox(t *testing.T) {
	q := exam.Question{Options: []exam.Option{{Box: geom.Box{X: 20, Y: 50, W: 4, H: 4}}, {Box: geom.Box{X: 50, Y: 50, W: 4, H: 4}}, {Box: geom.Box{X: 20, Y: 60, W: 4, H: 4}}}}
	page := raster.FormPage{WidthMM: 100}
	assert.InDelta(t, 49, optionText(&q, 0, page).X+optionText(&q, 0, page).W, 1e-9)
	assert.InDelta(t, 92, optionText(&q, 1, page).X+optionText(&q, 1, page).W, 1e-9)
	assert.InDelta(t, textWidthMM, optionText(&q, 2, page).W, 1e-9)
}

// Memory is bounded by pages, whatever the number of copies; the last one is always kept.
func TestCopyFormsForget(t *testing.T) {
	c := &copyForms{}
	for _, pages := range []int{30, 30, 2, 30, 100} {
		c.recent = append(c.recent, &loadedCopy{pages: pages})
		c.forget()
	}
	assert.Len(t, c.recent, 1)
	c.recent = []*loadedCopy{{pages: 40}, {pages: 30}, {pages: 30}}
	c.forget()
	assert.Len(t, c.recent, 2)
}
