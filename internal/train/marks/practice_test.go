package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/detect"
	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// outcome counts what became of fields. Odd marks, for which the instructions have no
// answer, are counted apart.
type outcome struct{ n, right, misread, review int }

func (o *outcome) add(v verdict) {
	o.n++
	switch v {
	case right:
		o.right++
	case review:
		o.review++
	default:
		o.misread++
	}
}

func (o outcome) String() string {
	return fmt.Sprintf("%d: right %d, misread %d, review %d", o.n, o.right, o.misread, o.review)
}

// sure is the confidence from which nobody is asked by the ordinary policy.
const sure = 0.99

type verdict int

const (
	right verdict = iota
	misread
	review
)

// practice reads the boxes of practice exams with the true registration, off by slip.
type practice struct {
	forms   []raster.FormPage
	exam    *exam.Exam
	rng     *rand.Rand
	choice  outcome // boxes marked as the instructions say
	cells   outcome // cells of the columns: a column that is not right costs one
	columns outcome
	odd     outcome
	reasons map[string]int
	wrong   []string
}

// TestPracticeExam holds the reader to the floors on scans by the simulated scanner of
// fixtures, which the network was not trained on, and by writers it has not seen.
func TestPracticeExam(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates 96 pages")
	}
	dir := os.Getenv("MARKS_BATCH") // a batch made before, for work on the reader
	if dir == "" {
		dir = t.TempDir()
		_, err := fixtures.MakeBatch(dir, fixtures.BatchOptions{Seed: 4711, Booklets: 3, Format: "jpeg"})
		require.NoError(t, err)
	}
	p := readPractice(t, dir)
	t.Logf("choice boxes %v\ncolumns      %v\ncells        %v\nodd          %v\nreasons %v", p.choice, p.columns, p.cells, p.odd, p.reasons)
	for _, w := range p.wrong {
		t.Log(w)
	}
	boxes := p.choice.n + p.cells.n
	require.Greater(t, boxes, 500)
	assert.Zero(t, p.choice.misread+p.columns.misread, "misreads")
	assert.GreaterOrEqual(t, (p.choice.right+p.cells.right)*1000, boxes*985, "right")
	assert.LessOrEqual(t, (p.choice.review+p.cells.review)*1000, boxes*15, "questions to a person")
}

func readPractice(t *testing.T, dir string) *practice {
	p := &practice{rng: rand.New(rand.NewPCG(9, 9)), reasons: map[string]int{}}
	var err error
	form, err := filepath.Glob(filepath.Join(dir, "form.*"))
	require.NoError(t, err)
	require.NotEmpty(t, form)
	p.forms, err = raster.LoadForm(form[0], "")
	require.NoError(t, err)
	ids, err := fixtures.ReadTruth(filepath.Join(dir, "truth"))
	require.NoError(t, err)
	require.NotEmpty(t, ids)
	f, err := fixtures.NewForm(ids[0].Variant)
	require.NoError(t, err)
	p.exam = f.Exam
	for _, truth := range ids {
		for _, pg := range truth.Pages {
			if pg.Is == fixtures.PageForm && len(pg.Fields) > 0 {
				p.page(t, dir, pg)
			}
		}
	}
	return p
}

// page reads every question of one page.
func (p *practice) page(t *testing.T, dir string, pg fixtures.PageTruth) {
	src, err := raster.Open(filepath.Join(dir, "scans", pg.Source))
	require.NoError(t, err)
	defer src.Close()
	img, err := src.Page(pg.SourcePage)
	require.NoError(t, err)
	slip := geom.Translate(geom.Point{X: 0.15 * p.rng.NormFloat64(), Y: 0.15 * p.rng.NormFloat64()})
	reg := detect.Registered{View: raster.View{Page: img, MMToPix: pg.MMToPix.Mul(slip)}, OK: true, FormPage: pg.FormPage}
	form := p.forms[pg.FormPage-1]
	fields := map[string]fixtures.Field{}
	for _, f := range pg.Fields {
		fields[f.Field] = f
	}
	at := fmt.Sprintf("%s:%d", pg.Source, pg.SourcePage)
	boxes := pageBoxes(p.exam, pg.FormPage)
	for _, pr := range p.exam.Problems {
		for _, q := range pr.Questions {
			if q.Page != pg.FormPage {
				continue
			}
			if q.Kind == exam.Choice {
				for i, r := range detect.ReadChoice(reg, form, q, boxes, p.exam.Conventions) {
					p.option(at, fields[q.ID+"."+q.Options[i].ID], r)
				}
				continue
			}
			for _, c := range detect.ReadCredit(reg, form, q, boxes, p.exam.Conventions) {
				name := q.ID
				if c.Corrector == 2 {
					name += "/2"
				}
				p.column(at, fields[name], c)
			}
		}
	}
}

// pageBoxes lists all printed boxes of a form page.
func pageBoxes(e *exam.Exam, page int) (boxes []geom.Box) {
	for _, pr := range e.Problems {
		for _, q := range pr.Questions {
			if q.Page != page {
				continue
			}
			for _, o := range q.Options {
				boxes = append(boxes, o.Box)
			}
			for _, b := range q.Boxes {
				boxes = append(boxes, b.Box)
			}
		}
	}
	return boxes
}

func (p *practice) option(at string, f fixtures.Field, r detect.BoxReading) {
	accept := f.Accept
	if accept == nil {
		accept = []string{f.Value}
	}
	v := misread
	switch {
	case r.Reason != "" || r.Confidence < sure:
		v = review
	case slices.Contains(accept, string(r.State)):
		v = right
	}
	count := &p.choice
	if f.Odd != "" {
		count = &p.odd
	}
	count.add(v)
	p.note(at, f, v, r.Reason, string(r.State), r)
}

func (p *practice) column(at string, f fixtures.Field, c detect.ColumnReading) {
	v := misread
	said := fmt.Sprint(c.Credits)
	switch {
	case c.Reason != "" || c.Confidence < sure:
		v = review
	case (!f.Review || f.Hidden) && said == f.Value:
		v = right
	}
	if f.Review && v == review || f.Value == "" && !f.Review && v == review {
		v = right // a person must look, or a column left empty by the second corrector
	}
	p.columns.add(v)
	p.cells.n += len(c.Cells)
	p.cells.right += len(c.Cells) - 1
	p.cells.n--
	p.cells.add(v) // a person looks at a column once
	worst := c.Cells[0]
	for _, cell := range c.Cells {
		if cell.Reason != "" || cell.Confidence < worst.Confidence && worst.Reason == "" {
			worst = cell
		}
	}
	if c.Reason == "none-marked" && v == right {
		return
	}
	p.note(at, f, v, c.Reason, said, worst)
}

// note keeps what is worth a look.
func (p *practice) note(at string, f fixtures.Field, v verdict, reason, said string, r detect.BoxReading) {
	if v == right {
		return
	}
	what := f.Value
	if f.Odd != "" {
		what = f.Odd
	}
	p.reasons[f.Kind+"/"+what+"/"+reason]++
	if v == misread || f.Odd == "" {
		p.wrong = append(p.wrong, fmt.Sprintf("%s %s %s: %d said %s %s %.4f box %.1f,%.1f %s", at, f.Field, what, v, said, reason, r.Confidence, r.Box.X, r.Box.Y, features(r)))
	}
}

func features(r detect.BoxReading) (s string) {
	var names []string
	for k := range r.Features {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		s += fmt.Sprintf("%s %.2f ", k, r.Features[k])
	}
	return s
}
