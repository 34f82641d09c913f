package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
	"scan/ocr"
)

func twoBooklets(t *testing.T) *folder {
	return newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4"})
}

// What is decided counts at once, and in the next run.
func TestADecisionCounts(t *testing.T) {
	f := twoBooklets(t)
	out := f.read()
	assert.Equal(t, mark.StatusReview, sheet(t, out, "B001").Status)
	assert.Equal(t, 4, out.Summary.ReviewItems)

	s := f.open()
	f.decide(s, "ann", "1.2", "1.1.b", "empty")
	out = f.decide(s, "ann", "1.3", "2.1", "0,5")
	r := reading(t, out, "1.3", "2.1")
	assert.Equal(t, "0.5 decided", said(r))
	assert.Equal(t, 1.0, r.Confidence)
	require.NotNil(t, r.Read)
	assert.Equal(t, mark.ReaderValue{Confidence: 0.5, Reason: "several-marked", Review: true}, *r.Read)
	assert.Equal(t, "- several-marked review", said(reading(t, out, "2.3", "2.1")), "the other booklet's stays")
	one := sheet(t, out, "B001")
	assert.Equal(t, mark.StatusFinal, one.Status)
	assert.Equal(t, 2.5, *one.Total)
	assert.Equal(t, "R1", one.Registration)
	assert.Equal(t, 2, out.Summary.Decisions)
	assert.Equal(t, 2, out.Summary.ReviewItems)

	sameBatch(t, f.read(), out)

	ledger, err := s.Ledger(context.Background())
	require.NoError(t, err)
	require.Len(t, ledger, 2)
	d := ledger[1]
	assert.Equal(t, "0.5", d.Value)
	assert.Equal(t, "3: 15.0 58.0 4.0 4.0 15.0 61.6 4.0 4.0 15.0 65.2 4.0 4.0", d.Place)
	assert.Equal(t, []any{"a.pdf", 3, "several-marked", 0.5, "test"}, []any{d.Source, d.SourcePage, d.OldReason, d.Confidence, d.Program})
	assert.NotEmpty(t, d.SourceHash)
}

// Nothing that happens to files, results or thresholds takes a decision away.
func TestDecisionsStay(t *testing.T) {
	cases := map[string]func(f *folder){
		"again":         func(*folder) {},
		"files renamed": func(f *folder) { f.rename("a.pdf", "z.pdf") },
		"files reordered": func(f *folder) {
			f.rename("a.pdf", "z.pdf")
			f.files["b.pdf"] = []string{"3.1", "3.2", "3.3", "3.4"}
			f.results["3.1"] = smallPage("3.1")
			f.results["3.2"] = smallPage("3.2")
			f.results["3.3"] = smallPage("3.3")
			f.results["3.4"] = smallPage("3.4")
			f.store()
		},
		"one file of two": func(f *folder) {
			f.files = map[string][]string{"x.pdf": {"2.1", "2.2", "2.3", "2.4"}, "y.pdf": {"1.1", "1.2", "1.3", "1.4"}}
			f.store()
		},
		"a copy of a file":   func(f *folder) { f.files["0.pdf"] = f.files["a.pdf"]; f.store() },
		"results deleted":    func(f *folder) { require.NoError(f.t, os.RemoveAll(filepath.Join(f.dir, ResultsDir))) },
		"a higher threshold": func(f *folder) { f.policy.CostRatio = 100000 },
		"read otherwise now": func(f *folder) {
			r := smallPage("1.3")
			r.Credits[0].Columns[0].Marked, r.Credits[0].Columns[0].Credits, r.Credits[0].Columns[0].Reason = 2, 1, ""
			f.results["1.3"] = r
			f.store()
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			f := twoBooklets(t)
			f.read()
			f.decide(f.open(), "ann", "1.3", "2.1", "0.5")
			change(f)
			out := f.read()
			assert.Equal(t, "0.5 decided", said(reading(t, out, "1.3", "2.1")))
			sameBatch(t, out, f.openOutcome())
		})
	}
}

func (f *folder) openOutcome() *Outcome {
	out, err := f.open().Outcome(context.Background())
	require.NoError(f.t, err)
	return out
}

// A session needs no scans.
func TestSessionNeedsNoScans(t *testing.T) {
	f := twoBooklets(t)
	want := f.read()
	require.NoError(t, os.RemoveAll(filepath.Join(f.dir, ScansDir)))
	s := f.open()
	out := f.decide(s, "ann", "1.3", "2.1", "1")
	assert.Equal(t, want.Pages, out.Pages)
	assert.Equal(t, "1 decided", said(reading(t, out, "1.3", "2.1")))
	r, err := s.Result(context.Background(), out.Pages[2])
	require.NoError(t, err)
	assert.Equal(t, 3, r.FormPage)
}

// Two reviewers who did not know of each other contradict each other; a third, who does, resolves it.
func TestReviewersContradict(t *testing.T) {
	f := twoBooklets(t)
	f.read()
	ann, bob := f.open(), f.open()
	knowNothing := func(who, value string) store.Decision {
		return store.Decision{Page: "1.3", Field: "2.1", Value: value, Who: who}
	}
	_, _, err := ann.Decide(context.Background(), []store.Decision{knowNothing("ann", "0.5")})
	require.NoError(t, err)
	out, _, err := bob.Decide(context.Background(), []store.Decision{knowNothing("bob", "1")})
	require.NoError(t, err)
	r := reading(t, out, "1.3", "2.1")
	assert.Equal(t, "- reviewers-differ review", said(r))
	assert.Len(t, r.Decisions, 2)
	assert.Equal(t, mark.StatusReview, sheet(t, out, "B001").Status)
	seen, err := ann.Outcome(context.Background())
	require.NoError(t, err)
	sameBatch(t, out, seen) // another process sees it too

	out = f.decide(ann, "cleo", "1.3", "2.1", "0.5")
	assert.Equal(t, "0.5 decided", said(reading(t, out, "1.3", "2.1")))
	assert.Len(t, reading(t, out, "1.3", "2.1").Decisions, 1)

	// Taken back, the contradiction stands again; with bob's taken back too, ann's word does.
	ledger, err := ann.Ledger(context.Background())
	require.NoError(t, err)
	withdraw := func(who string) *Outcome {
		for _, d := range ledger {
			if d.Who == who && d.Action == store.ActionDecide {
				out, _, err = ann.Decide(context.Background(), []store.Decision{{Page: d.Page, Field: d.Field, Who: who, Action: store.ActionWithdraw, Supersedes: []string{d.ID}}})
				require.NoError(t, err)
			}
		}
		return out
	}
	assert.Equal(t, "- reviewers-differ review", said(reading(t, withdraw("cleo"), "1.3", "2.1")))
	assert.Equal(t, "0.5 decided", said(reading(t, withdraw("bob"), "1.3", "2.1")))
	assert.Equal(t, "- several-marked review", said(reading(t, withdraw("ann"), "1.3", "2.1")))
	sameBatch(t, f.read(), out)
}

// Those who agree without knowing it confirm each other.
func TestReviewersAgree(t *testing.T) {
	f := twoBooklets(t)
	f.read()
	s := f.open()
	out, _, err := s.Decide(context.Background(), []store.Decision{
		{Page: "1.3", Field: "2.1", Value: "1", Who: "ann"}, {Page: "1.3", Field: "2.1", Value: "1.0", Who: "bob"}})
	require.NoError(t, err)
	r := reading(t, out, "1.3", "2.1")
	assert.Equal(t, "1 decided", said(r))
	assert.Len(t, r.Decisions, 2)
}

// An answer that the exam does not have is refused, and nothing of the batch is kept.
func TestNonsenseIsRefused(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 9.0"})
	f.read()
	s := f.open()
	for _, d := range []store.Decision{
		{Page: "1.3", Field: "2.1", Value: "0.7"},
		{Page: "1.3", Field: "2.1", Value: "none"},
		{Page: "1.2", Field: "1.1.a", Value: "maybe"},
		{Page: "1.1", Field: "sticker", Value: "4711"},
		{Page: "1.1", Field: "s2", Value: "1.5"},
		{Page: "1.3", Field: "9.9", Value: "1"},
		{Page: "nowhere", Field: "2.1", Value: "1"},
		{Page: "1.3", Field: mark.FieldPage, Value: "drop somewhere"},
		{Page: "1.3", Field: mark.FieldPage, Value: "assign 2.1 5 0"},
		{Page: "1.3", Field: mark.FieldPage, Value: "assign 2.1 3 45"},
		{Page: "1.3", Field: mark.FieldPage, Value: "assign nowhere 3 0"},
		{Page: "1.1", Field: mark.FieldMissing, Value: "gone"},
		{Page: "9.0", Field: mark.FieldPage, Value: "keep"},
		{Page: "1.3", Field: "2.1", Action: store.ActionWithdraw},
	} {
		fine := store.Decision{Page: "1.3", Field: "2.1", Value: "1"}
		_, _, err := s.Decide(context.Background(), []store.Decision{fine, d})
		assert.Error(t, err, "%s %s", d.Field, d.Value)
	}
	ledger, err := s.Ledger(context.Background())
	require.NoError(t, err)
	assert.Empty(t, ledger)
}

// Scans that come while people review are taken up; another exam or roster needs a new start.
func TestASessionFollows(t *testing.T) {
	ctx := context.Background()
	f := twoBooklets(t)
	f.read()
	s := f.open()
	f.decide(s, "ann", "1.2", "1.1.b", "crossed")
	require.NoError(t, s.Follow(ctx), "nothing new")

	f.files["b.pdf"] = []string{"3.1", "3.2", "3.3", "3.4"}
	for _, image := range f.files["b.pdf"] {
		f.results[image] = smallPage(image)
	}
	f.store()
	want := f.read()
	stays, err := s.Outcome(ctx)
	require.NoError(t, err)
	assert.Len(t, stays.Booklets, 2, "until it is told to follow")
	require.NoError(t, s.Follow(ctx))
	now, err := s.Outcome(ctx)
	require.NoError(t, err)
	sameBatch(t, want, now)
	assert.Equal(t, "crossed decided", said(reading(t, now, "1.2", "1.1.b")))

	f.write(RosterFile, "code,registration\n7,R7\n")
	f.read()
	assert.ErrorIs(t, s.Follow(ctx), ErrOtherExam)
	f.write(ExamFile, strings.Replace(smallExam, "correct: false", "correct: true", 1))
	f.read()
	assert.ErrorContains(t, s.Follow(ctx), "exam.yaml was changed and read anew; end this program and start it again")
}

// Credits, keys and rules change without a page being read again; what was decided of cells that are no
// more is asked again.
func TestCorrectionsOfTheExam(t *testing.T) {
	f := twoBooklets(t)
	f.read()
	s := f.open()
	f.decide(s, "ann", "1.2", "1.1.b", "crossed")
	f.decide(s, "ann", "1.3", "2.1", "0.5")
	out := f.decide(s, "ann", "2.3", "2.1", "1")
	assert.Equal(t, 0.5, *sheet(t, out, "B001").Total)
	require.NoError(t, s.KeepExport(context.Background(), s.Run.Began, out.Sheets))

	f.write(ExamFile, strings.NewReplacer("correct: false", "correct: true", "credits: 1\n", "credits: 2\n",
		"credits: 1,", "credits: 2,", "max: 1,", "max: 2,").Replace(smallExam))
	after := f.openOutcome()
	assert.Equal(t, 2.5, *sheet(t, after, "B001").Total, "both options are right now")
	assert.Equal(t, "0.5 decided", said(reading(t, after, "1.3", "2.1")))
	assert.Equal(t, "- decision-outdated review", said(reading(t, after, "2.3", "2.1")), "there is no cell for 1 credit now")
	before, _, err := f.open().LastRun(context.Background())
	require.NoError(t, err)
	assert.Equal(t, out.Sheets, before.Sheets)

	f.write(ExamFile, strings.Replace(smallExam, "[15, 58, 4, 4]", "[15, 50, 4, 4]", 1))
	_, err = OpenSession(context.Background(), Options{Dir: f.dir})
	assert.ErrorContains(t, err, "boxes have moved in exam.yaml (2.1): run scan read first")
	f.store()
	assert.Equal(t, "- decision-outdated review", said(reading(t, f.read(), "1.3", "2.1")))

	f.write(ExamFile, smallExam)
	f.read()
	f.write("form.pdf", "another form")
	_, err = OpenSession(context.Background(), Options{Dir: f.dir})
	assert.ErrorContains(t, err, "the form form.pdf is another one: run scan read first")
}

// A decision about what is gone is kept and said, and comes back with it.
func TestDecisionsAboutWhatIsGone(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.3 1.4", "b.pdf": "2.1 2.2 2.3 2.4"})
	f.read()
	f.decide(f.open(), "ann", "2.3", "2.1", "0.5")
	gone := f.files["b.pdf"]
	delete(f.files, "b.pdf")
	f.store()
	assert.Equal(t, []Note{{"decision-unused", "b.pdf", "1 (2.1)"}}, f.read().Notes)
	f.files["c.pdf"] = gone
	f.store()
	out := f.read()
	assert.Empty(t, out.Notes)
	assert.Equal(t, "0.5 decided", said(reading(t, out, "2.3", "2.1")))
}

// Several may look, decide and listen at once.
func TestSessionsAtOnce(t *testing.T) {
	f := twoBooklets(t)
	f.read()
	one, other := f.open(), f.open()
	var wg sync.WaitGroup
	for n := range 8 {
		s := one
		if n%2 == 1 {
			s = other
		}
		wg.Go(func() {
			for k := range 5 {
				_, _, err := s.Decide(context.Background(), []store.Decision{{Page: "1.3", Field: "2.1", Value: "1", Who: fmt.Sprint(n)}})
				assert.NoError(t, err)
				out, err := s.Outcome(context.Background())
				assert.NoError(t, err)
				_, err = s.Result(context.Background(), out.Pages[k])
				assert.NoError(t, err)
				_, err = s.Ledger(context.Background())
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	for _, s := range []*Session{one, other} {
		out, err := s.Outcome(context.Background())
		require.NoError(t, err)
		assert.Len(t, reading(t, out, "1.3", "2.1").Decisions, 40)
		assert.Equal(t, 40, out.Summary.Decisions)
	}
}

// A number that may not be written any more is asked about, and offered no more.
func TestAScoreThatMayNotBe(t *testing.T) {
	e := &exam.Exam{Problems: []exam.Problem{{ID: "1"}}, Scores: []exam.Score{{ID: "s1", Problem: "1", Corrector: 1, Max: 5, Step: 1}}}
	r := PageResult{Scores: []ScoreResult{{"s1", ocr.ScoreReading{Read: true, Value: 5, Confidence: 0.99,
		Values: []ocr.ValueP{{Value: 5, P: 0.99}, {Value: 4.5, P: 0.005}, {Value: 4, P: 0.005}}}}}}
	rows := pageReadings(r, e)
	assert.Equal(t, "5 -", said(rows[0]))
	assert.Equal(t, []mark.ValueP{{Value: 5, P: 0.99}, {Value: 4, P: 0.005}}, rows[0].Candidates)
	e.Scores[0].Max = 4
	rows = pageReadings(r, e)
	assert.Equal(t, "- unclear-score", said(rows[0]))
	assert.Equal(t, []mark.ValueP{{Value: 4, P: 0.005}}, rows[0].Candidates)
}

func TestNotRead(t *testing.T) {
	f := twoBooklets(t)
	_, err := OpenSession(context.Background(), Options{Dir: f.dir})
	assert.ErrorIs(t, err, ErrNotRead)
	require.NoError(t, os.Remove(filepath.Join(f.dir, store.FileName)))
	_, err = OpenSession(context.Background(), Options{Dir: f.dir})
	assert.ErrorIs(t, err, ErrNotRead)
	assert.NoFileExists(t, filepath.Join(f.dir, store.FileName))
}
