package author

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/internal/shareddata"
)

var update = flag.Bool("update", false, "rewrite the rows of testdata/forms.txt that were measured")

// ratio is "right of all".
type ratio struct{ right, all int }

func (c *ratio) add(ok bool) {
	c.all++
	if ok {
		c.right++
	}
}

func (c ratio) String() string { return fmt.Sprintf("%d/%d", c.right, c.all) }

// tally is a row of the table: what of a form came out right.
type tally struct {
	boxes                         ratio
	invented, moved               int
	questions, ids, credits, cols ratio
	scores                        ratio
	sticker, title                bool
	notes                         int
}

const tallyHead = "form way boxes invented moved questions ids credits columns scores sticker title notes"

func (t tally) row(form, way string) string {
	yes := map[bool]string{true: "right", false: "wrong"}
	return fmt.Sprintf("%s %s %v %d %d %v %v %v %v %v %s %s %d", form, way, t.boxes, t.invented, t.moved,
		t.questions, t.ids, t.credits, t.cols, t.scores, yes[t.sticker], yes[t.title], t.notes)
}

// movedMM is how far an edge may lie from the truth. Readers of scans bear 0.3 mm.
const movedMM = 0.3

func distance(a, b geom.Box) float64 {
	return math.Max(math.Max(math.Abs(a.X-b.X), math.Abs(a.Y-b.Y)), math.Max(math.Abs(a.X+a.W-b.X-b.W), math.Abs(a.Y+a.H-b.Y-b.H)))
}

// boxesOf lists the boxes of a question; corrector and credits of a cell make its name.
func boxesOf(q exam.Question) map[string]geom.Box {
	out := map[string]geom.Box{}
	for _, o := range q.Options {
		out[o.ID] = o.Box
	}
	for _, b := range q.Boxes {
		out[fmt.Sprintf("%d:%g", max(1, b.Corrector), b.Credits)] = b.Box
	}
	return out
}

func questionsOf(e *exam.Exam) (all []exam.Question) {
	for _, p := range e.Problems {
		all = append(all, p.Questions...)
	}
	return all
}

// compare counts what a draft has right.
func compare(want *exam.Exam, d Draft) (t tally) {
	got := questionsOf(d.Exam)
	hit := map[geom.Box]bool{}
	for _, q := range questionsOf(want) {
		o := sameBoxes(q, got)
		t.questions.add(o != nil)
		t.ids.add(o != nil && o.ID == q.ID && problemOfID(d.Exam, o.ID) == problemOfID(want, q.ID))
		t.credits.add(o != nil && o.Credits == q.Credits)
		if q.Kind == exam.Credit {
			t.cols.add(o != nil && sameCells(q, *o))
		}
		for _, b := range boxesOf(q) {
			g, dist := nearestBox(b, q.Page, got)
			t.boxes.add(dist < b.W/2)
			if dist < b.W/2 {
				hit[g] = true
				if dist > movedMM {
					t.moved++
				}
			}
		}
	}
	for _, q := range got {
		for _, b := range boxesOf(q) {
			if !hit[b] {
				t.invented++
			}
		}
	}
	t.cover(want, d)
	return t
}

func (t *tally) cover(want *exam.Exam, d Draft) {
	for _, s := range want.Scores {
		ok := false
		for _, o := range d.Exam.Scores {
			ok = ok || o.Problem == s.Problem && o.Corrector == max(1, s.Corrector) && o.Max == s.Max && distance(o.Box, s.Box) < 1.2
		}
		t.scores.add(ok)
	}
	t.invented += max(0, len(d.Exam.Scores)-len(want.Scores))
	t.sticker = (want.Sticker == nil) == (d.Exam.Sticker == nil)
	if want.Sticker != nil && d.Exam.Sticker != nil {
		t.sticker = distance(want.Sticker.Box, d.Exam.Sticker.Box) < 1
	}
	t.title = d.Exam.Title == want.Title
	t.notes = len(d.Notes)
}

// sameBoxes finds the question that has the boxes of another, all and no more, in its order.
func sameBoxes(q exam.Question, all []exam.Question) *exam.Question {
	for i, o := range all {
		a, b := boxesOf(q), boxesOf(o)
		same := o.Page == q.Page && o.Kind == q.Kind && len(a) == len(b) && o.Select == q.Select
		if q.Kind == exam.Credit {
			same = same && distance(q.Boxes[0].Box, o.Boxes[0].Box) < 1
		} else {
			for id := range a {
				same = same && distance(a[id], b[id]) < a[id].W/2
			}
		}
		if same {
			return &all[i]
		}
	}
	return nil
}

func sameCells(q, o exam.Question) bool {
	a, b := boxesOf(q), boxesOf(o)
	for name := range a {
		if distance(a[name], b[name]) > 1 {
			return false
		}
	}
	return len(a) == len(b)
}

func problemOfID(e *exam.Exam, id string) string {
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			if q.ID == id {
				return p.ID
			}
		}
	}
	return ""
}

func nearestBox(b geom.Box, page int, all []exam.Question) (best geom.Box, d float64) {
	d = math.Inf(1)
	for _, q := range all {
		for _, o := range boxesOf(q) {
			if q.Page == page && distance(b, o) < d {
				best, d = o, distance(b, o)
			}
		}
	}
	return best, d
}

// pagesOf draws a form at 300 dpi.
func pagesOf(t *testing.T, path string, n int) (pages []*raster.Page) {
	t.Helper()
	for i := range n {
		p, err := raster.RenderPDF(path, i+1, 300)
		require.NoError(t, err)
		pages = append(pages, p)
	}
	return pages
}

func store(t *testing.T, name string, b []byte, err error) string {
	t.Helper()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, b, 0o600))
	return path
}

// measured is what a run adds to the table.
type measured struct {
	t    *testing.T
	rows []string
}

func (m *measured) add(form, way string, want *exam.Exam, d Draft, err error) {
	require.NoError(m.t, err, "%s %s", form, way)
	m.rows = append(m.rows, compare(want, d).row(form, way))
	if testing.Verbose() {
		for _, n := range d.Notes {
			m.t.Logf("%s %s: %d: %s", form, way, n.Page, n.Text)
		}
	}
	e := *d.Exam
	e.ID, e.Form = "test", "form.pdf"
	file := e.YAML()
	_, err = exam.Parse("exam.yaml", file)
	assert.NoError(m.t, err, "%s %s", form, way)
}

// ways measures a vector form as it is, as images, and, if asked for, as a skewed noisy scan.
func (m *measured) ways(form, path string, want *exam.Exam, scan bool) {
	d, err := FromForm(path)
	m.add(form, "vector", want, d, err)
	pages := pagesOf(m.t, path, want.Pages)
	if len(pages) == 1 {
		b, err := fixtures.PNG(pages[0])
		d, err := FromForm(store(m.t, "form.png", b, err))
		m.add(form, "png", want, d, err)
	} else {
		b, err := fixtures.ImagePDF(pages, 90)
		d, err := FromForm(store(m.t, "images.pdf", b, err))
		m.add(form, "images", want, d, err)
	}
	if scan {
		scans, moved := fixtures.ScanForm(pages, want, 4)
		b, err := fixtures.ImagePDF(scans, 85)
		d, err := FromForm(store(m.t, "scan.pdf", b, err))
		m.add(form, "scan", moved, d, err)
	}
}

// TestLayouts measures the made-up forms. What it measured is in testdata/forms.txt, which is to
// change in both directions: a form that reads better now has to be written down, too.
func TestLayouts(t *testing.T) {
	m := measured{t: t}
	for _, name := range fixtures.LayoutNames() {
		l, err := fixtures.NewLayout(name)
		require.NoError(t, err)
		m.ways(name, store(t, name+".pdf", l.PDF, nil), l.Exam, name == "samples" || name == "word-table")
	}
	m.check()
}

// TestSharedForms measures real forms where they are, and the practice forms as images with them:
// both take a minute.
func TestSharedForms(t *testing.T) {
	shareddata.Path(t, "forms", "exam-a-blank.pdf")
	m := measured{t: t}
	for variant := range fixtures.Variants {
		path, truth := practice(t, variant)
		m.ways(fmt.Sprintf("practice-%d", variant), path, truth, false)
	}
	for _, f := range countedForms {
		path := shareddata.Path(t, "forms", f.file)
		sheets := sheetsOf(t, path)
		want := f.truth(t, draft(sheets))
		if sheetsHaveFields(sheets) {
			m.add(f.name, "fields", want, draft(sheets), nil)
			m.add(f.name, "vector", want, draft(sheetsWithoutFields(t, path)), nil)
		} else {
			m.add(f.name, "vector", want, draft(sheets), nil)
		}
		b, err := fixtures.ImagePDF(pagesOf(t, path, want.Pages), 90)
		d, err := FromForm(store(t, "images.pdf", b, err))
		m.add(f.name, "images", want, d, err)
	}
	m.check()
}

// check compares the rows with those of the table, by form and way.
func (m *measured) check() { sameRows(m.t, "testdata/forms.txt", tallyHead, m.rows) }

// sameRows compares rows with those of a table, by their first two words; -update rewrites these.
func sameRows(t *testing.T, golden, head string, rows []string) {
	t.Helper()
	key := func(row string) string { return strings.Join(strings.Fields(row)[:2], " ") }
	b, err := os.ReadFile(golden)
	if !*update {
		require.NoError(t, err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(b) == 0 {
		lines = []string{head}
	}
	for _, row := range rows {
		at := slices.IndexFunc(lines, func(l string) bool { return key(l) == key(row) })
		switch {
		case *update && at < 0:
			lines = append(lines, row)
		case *update:
			lines[at] = row
		case at < 0:
			assert.Fail(t, "not in "+golden, row)
		default:
			assert.Equal(t, lines[at], row, head)
		}
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
	}
}
