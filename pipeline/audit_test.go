package pipeline

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// The re-scorer below is written from docs/formats.md ("audit") alone. It knows what stands in an
// audit file and nothing of exam, mark or pipeline.

// audited is what of an audit file gives the score.
type audited struct {
	Sheet struct {
		Status              string
		Total               *float64
		Grade               string
		Problems, Questions map[string]*float64
	}
	Counting struct {
		Problems []struct {
			ID        string
			Questions []auditedQuestion
			Scores    []struct {
				Field     string
				Corrector int
			}
		}
		Grades []struct {
			From  float64
			Grade string
		}
	}
	Readings []struct{ Field, Value string }
}

// The features of a box stay with its option when the options of a question are listed in another order.
func TestAuditFindsBoxesByPlace(t *testing.T) {
	dir := readBatch(t)
	file := filepath.Join(dir, ExamFile)
	e, err := exam.Load(file)
	require.NoError(t, err)
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			slices.Reverse(e.Problems[i].Questions[j].Options)
		}
	}
	require.NoError(t, os.WriteFile(file, e.YAML(), 0o600))

	files, _ := auditFiles(t, dir)
	n := 0
	for id, b := range files {
		var a Audit
		require.NoError(t, json.Unmarshal(b, &a))
		for _, r := range a.Readings {
			_, at, ok := e.Place(r.Field)
			if r.Kind != mark.KindChoice || len(r.Boxes) == 0 {
				continue
			}
			require.True(t, ok)
			require.InDelta(t, at[0].X, r.Boxes[0].Box[0], 2, "%s: %s", id, r.Field)
			require.InDelta(t, at[0].Y, r.Boxes[0].Box[1], 2, "%s: %s", id, r.Field)
			require.Equal(t, r.Value, r.Boxes[0].State, "%s: %s", id, r.Field)
			n++
		}
	}
	require.Greater(t, n, 50)
}

type auditedQuestion struct {
	ID, Kind, Void, Rule  string
	Credits, Wrong, Floor float64
	Options               []struct {
		Field   string
		Correct *bool
		Void    bool
	}
	Cells []struct{ Field string }
}

// rescored is a score computed by hand; nil is not known.
type rescored struct {
	total               *float64
	problems, questions map[string]*float64
	grade               string
}

func (a audited) rescore() rescored {
	values := map[string]string{}
	for _, r := range a.Readings {
		values[r.Field] = r.Value
	}
	out := rescored{problems: map[string]*float64{}, questions: map[string]*float64{}}
	var all []*float64
	for _, p := range a.Counting.Problems {
		var parts []*float64
		for _, q := range p.Questions {
			out.questions[q.ID] = q.rescore(values)
			parts = append(parts, out.questions[q.ID])
		}
		credits := addUp(parts)
		if len(p.Questions) == 0 {
			fields := [2]string{}
			for _, s := range p.Scores {
				fields[s.Corrector-1] = s.Field
			}
			credits = lastNumber(values, fields[0], fields[1])
		}
		out.problems[p.ID] = credits
		all = append(all, credits)
	}
	if out.total = rounded(addUp(all)); out.total != nil && a.Sheet.Status == mark.StatusFinal {
		for i, g := range a.Counting.Grades {
			if i == 0 || *out.total >= g.From {
				out.grade = g.Grade
			}
		}
	}
	return out
}

// rounded is a number as it is written.
func rounded(x *float64) *float64 {
	if x == nil {
		return nil
	}
	r := math.Round(*x*1e9) / 1e9
	return &r
}

func (q auditedQuestion) rescore(values map[string]string) *float64 {
	zero := 0.0
	switch {
	case q.Void == "full":
		return &q.Credits
	case q.Void == "zero":
		return &zero
	case q.Kind == "credit":
		first, second := q.Cells[0].Field, ""
		for _, c := range q.Cells {
			if strings.HasSuffix(c.Field, "/2") {
				second = c.Field
			} else {
				first = c.Field
			}
		}
		return lastNumber(values, first, second)
	}
	right, unknown := 0, false
	for _, o := range q.Options {
		v := values[o.Field]
		switch selected := v == "crossed" || v == "remarked"; {
		case o.Void:
			right++
		case v == "lost":
			return &zero
		case o.Correct == nil, !selected && v != "empty" && v != "filled":
			unknown = true
		case selected == *o.Correct:
			right++
		}
	}
	n := len(q.Options)
	switch {
	case unknown:
		return nil
	case q.Rule == "per-option":
		x := math.Max(q.Floor, float64(right)*q.Credits/float64(n)+float64(n-right)*q.Wrong)
		return &x
	case right == n:
		return &q.Credits
	}
	return &zero
}

// lastNumber is the second field's number, or else the first's.
func lastNumber(values map[string]string, first, second string) *float64 {
	for _, f := range []string{second, first} {
		if x, err := strconv.ParseFloat(values[f], 64); err == nil {
			return &x
		}
	}
	if values[first] == "lost" {
		return new(float64)
	}
	return nil
}

func addUp(parts []*float64) *float64 {
	sum := 0.0
	for _, p := range parts {
		if p == nil {
			return nil
		}
		sum += *p
	}
	return &sum
}

// readBatch is a small batch of the older form, whose cover has scores, read.
func readBatch(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	_, err := fixtures.MakeBatch(dir, fixtures.BatchOptions{Seed: 3, Booklets: 3, Variant: 1, Level: "default", Troubles: true})
	require.NoError(t, err)
	_, err = Read(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	return dir
}

// audit opens a session on a folder and returns the audits of all booklets, as files have them.
func auditFiles(t *testing.T, dir string) (files map[string][]byte, out *Outcome) {
	t.Helper()
	s, err := OpenSession(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	defer s.Close()
	out, err = s.Outcome(context.Background())
	require.NoError(t, err)
	files = map[string][]byte{}
	for _, b := range out.Booklets {
		a, err := s.Audit(context.Background(), out, b.ID)
		require.NoError(t, err)
		files[b.ID], err = json.Marshal(a)
		require.NoError(t, err)
	}
	_, err = s.Audit(context.Background(), out, "B999")
	require.ErrorContains(t, err, `no booklet "B999"`)
	return files, out
}

// requireRescored computes every score of a folder again from the audit files alone.
func requireRescored(t *testing.T, dir string) (known int) {
	t.Helper()
	files, out := auditFiles(t, dir)
	require.Len(t, files, len(out.Sheets))
	for _, s := range out.Sheets {
		var a audited
		require.NoError(t, json.Unmarshal(files[s.Booklet], &a))
		got := a.rescore()
		require.Equal(t, s.Total, got.total, s.Booklet)
		for id, x := range got.problems {
			require.Equal(t, s.Problems[id], rounded(x), "%s: %s", s.Booklet, id)
		}
		for id, x := range got.questions {
			require.Equal(t, s.Questions[id], rounded(x), "%s: %s", s.Booklet, id)
		}
		require.Len(t, got.problems, len(s.Problems))
		require.Len(t, got.questions, len(s.Questions))
		require.Equal(t, a.Sheet.Grade, got.grade, s.Booklet)
		if s.Total != nil {
			known++
		}
	}
	return known
}

// decideAll answers whatever waits in the fields of a folder and gives up its missing pages. One answer
// is replaced by another person, and one is given anew and taken back.
func decideAll(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	s, err := OpenSession(ctx, Options{Dir: dir})
	require.NoError(t, err)
	defer s.Close()
	out, err := s.Outcome(ctx)
	require.NoError(t, err)
	var all []store.Decision
	for _, r := range out.Readings {
		value := map[string]string{mark.KindChoice: "empty", mark.KindCredit: "1", mark.KindScore: "1"}[r.Kind]
		if r.Review && value != "" {
			all = append(all, store.Decision{Page: r.Image, Field: r.Field, Source: r.Source, SourcePage: r.SourcePage,
				Who: "a", Value: value, Old: r.Value, OldReason: r.Reason, Confidence: r.Confidence})
		}
	}
	require.NotEmpty(t, all)
	for _, b := range out.Booklets {
		if len(b.Missing) > 0 {
			all = append(all, store.Decision{Page: b.Anchor, Field: mark.FieldMissing, Who: "a", Value: mark.MissingWaived})
		}
	}
	_, made, err := s.Decide(ctx, all)
	require.NoError(t, err)
	again := made[0]
	again.Who, again.Supersedes, again.Note = "b", []string{made[0].ID}, "looked twice"
	slip := made[1]
	slip.Value, slip.Supersedes = made[1].Value, []string{made[1].ID}
	_, made, err = s.Decide(ctx, []store.Decision{again, slip})
	require.NoError(t, err)
	_, _, err = s.Decide(ctx, []store.Decision{{Page: slip.Page, Field: slip.Field, Who: "a", Action: store.ActionWithdraw, Supersedes: []string{made[1].ID}}})
	require.NoError(t, err)
}

// change replaces a text of exam.yaml.
func change(t *testing.T, dir, old, now string) {
	t.Helper()
	path := filepath.Join(dir, ExamFile)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(b), old)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(b), old, now, 1)), 0o600))
}

// What a batch's audits say, step by step: as read, as decided, without the scans, and after the exam
// counts otherwise.
func TestAudits(t *testing.T) {
	dir := readBatch(t)
	before, _ := auditFiles(t, dir)
	again, _ := auditFiles(t, dir)
	require.Equal(t, before, again, "same batch, same bytes")
	requireRescored(t, dir)

	decideAll(t, dir)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, ScansDir)), "no image is opened")
	assert.Positive(t, requireRescored(t, dir), "totals that are known")
	checkSources(t, dir)

	differ := sumsThatDiffer(t, dir)
	change(t, dir, "problems:", "grades: {scheme: german-thirds, pass: 10, best: 40}\nproblems:")
	change(t, dir, "correct: true}", "correct: false}")
	assert.Positive(t, requireRescored(t, dir))
	assert.Equal(t, differ, sumsThatDiffer(t, dir), "who summed up knew the key of then")
	change(t, dir, "correct: false}", "correct: true, void: true}")
	change(t, dir, "kind: credit\n", "kind: credit\n        void: zero\n")
	assert.Positive(t, requireRescored(t, dir))
}

// sumsThatDiffer lists the handwritten sums that contradict their credits.
func sumsThatDiffer(t *testing.T, dir string) (fields []string) {
	t.Helper()
	_, out := auditFiles(t, dir)
	for _, r := range out.Readings {
		if r.Reason == mark.ReasonSum {
			fields = append(fields, r.Booklet+" "+r.Field)
		}
	}
	return fields
}

// checkSources wants everything named by its hash, and every decision told.
func checkSources(t *testing.T, dir string) {
	t.Helper()
	files, out := auditFiles(t, dir)
	states, lost := map[string]int{}, 0
	for _, b := range out.Booklets {
		var a Audit
		require.NoError(t, json.Unmarshal(files[b.ID], &a))
		assert.Equal(t, weightHashes(), a.Made.Weights)
		assert.Equal(t, ReadingVersion, a.Made.ReadingVersion)
		assert.InDelta(t, mark.DefaultCostRatio, a.Made.CostRatio, 0)
		assert.InDelta(t, mark.Policy{}.Threshold(), a.Made.Threshold, 0)
		assert.Len(t, a.Made.ExamYAML, 64)
		assert.Equal(t, a.Made.ExamYAML, a.Made.ExamYAMLRead)
		for _, p := range a.Pages {
			assert.Len(t, p.SourceSHA256, 64, p.Source)
			assert.NotEmpty(t, p.Image)
			if p.Status == StatusOK {
				require.NotNil(t, p.Registration)
				assert.InDelta(t, 1, p.Registration.Scale, 0.1)
			}
		}
		lost += checkReadings(t, a)
		for _, d := range a.Ledger {
			states[d.State]++
		}
	}
	assert.Equal(t, 1, states[string(ledger.Replaced)], "%v", states)
	assert.Equal(t, 1, states[string(ledger.Withdrawn)], "%v", states)
	assert.Equal(t, 1, states[string(ledger.Withdrawal)], "%v", states)
	assert.Greater(t, states[string(ledger.Stands)], 3)
	assert.Positive(t, lost, "fields on pages that were given up")
}

// checkReadings wants every reading with what it rests on.
func checkReadings(t *testing.T, a Audit) (lost int) {
	t.Helper()
	for _, r := range a.Readings {
		if r.Value == mark.ValueLost {
			lost++
			assert.NotEmpty(t, r.Decisions, r.Field)
			continue
		}
		switch r.Kind {
		case mark.KindChoice:
			require.Len(t, r.Boxes, 1, r.Field)
			assert.NotEmpty(t, r.Boxes[0].Features, r.Field)
		case mark.KindCredit:
			require.NotNil(t, r.Marked, r.Field)
			assert.Greater(t, len(r.Boxes), 1, r.Field)
		case mark.KindSticker:
			assert.NotNil(t, r.Sticker)
			assert.Equal(t, exam.StickerField, r.Field)
		}
		if r.Reason == mark.ReasonDecided {
			require.NotNil(t, r.Reader, r.Field)
			assert.True(t, r.Reader.Review, r.Field)
			assert.NotEmpty(t, r.Decisions, r.Field)
		}
	}
	return lost
}

// Where options are shuffled, an audit has the boxes where its copy has them, and the values by option.
func TestAuditsOfShuffledCopies(t *testing.T) {
	dir, _ := shuffled(t)
	_, err := Read(context.Background(), Options{Dir: dir})
	require.NoError(t, err)
	requireRescored(t, dir)
	files, out := auditFiles(t, dir)
	compared := 0
	for _, b := range out.Booklets {
		var a Audit
		require.NoError(t, json.Unmarshal(files[b.ID], &a))
		own, listed := out.Exam.ForCopy(b.Copy)
		for _, r := range a.Readings {
			if !listed || r.Kind != mark.KindChoice || len(r.Boxes) == 0 {
				continue
			}
			_, boxes, _ := own.Place(r.Field)
			require.InDelta(t, boxes[0].X, r.Boxes[0].Box[0], 1, "%s %s", b.ID, r.Field)
			require.InDelta(t, boxes[0].Y, r.Boxes[0].Box[1], 1, "%s %s", b.ID, r.Field)
			assert.Equal(t, auditBox(boxes[0]), option(t, a, r.Field).Box)
			compared++
		}
	}
	assert.Greater(t, compared, 50)
}

// option finds how a choice box counts.
func option(t *testing.T, a Audit, field string) AuditOption {
	t.Helper()
	for _, p := range a.Counting.Problems {
		for _, q := range p.Questions {
			for _, o := range q.Options {
				if o.Field == field {
					return o
				}
			}
		}
	}
	require.Fail(t, "no option "+field)
	return AuditOption{}
}
