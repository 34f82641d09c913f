package sets

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"scan/detect"
	"scan/fixtures"
	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/pipeline"
)

// The published exam and what is counted in it.
const (
	publicPDF     = "exam-a-blank.pdf"
	publicFields  = "exam-a-fields.txt"
	publicBoxes   = 36
	publicColumns = 34
	publicPages   = 16
)

// publicSets read a published exam, printed by others: its choice boxes and credit columns,
// known from the form fields of its PDF, are marked by made-up writers and scanned. They ask
// whether what was learnt on our own forms holds on one we did not draw.
func publicSets() (all []bench.Source) {
	for _, level := range []string{"default", "heavy"} {
		all = append(all, set{"public-form/" + level, bench.Simulated,
			"a published exam's printed form, marked by made-up writers, scanned as \"" + level + "\", whole chain; a booklet is a group",
			func(ctx context.Context, o bench.Options) ([]bench.Item, error) { return readPublic(ctx, level, o) }})
	}
	return all
}

// publicShare of the boxes asked for are on this form.
const publicShare = 0.003

func readPublic(ctx context.Context, level string, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, "forms")
	if err != nil {
		return nil, err
	}
	e, err := publicExam(filepath.Join(dir, publicFields))
	if err != nil {
		return nil, err
	}
	desk, err := newPublicDesk(filepath.Join(dir, publicPDF), e, level)
	if err != nil {
		return nil, err
	}
	defer desk.form.Close()
	booklets := max(1, int(publicShare*float64(o.Boxes)/publicBoxes))
	pages := desk.pages()
	return each(ctx, o, booklets*len(pages), func(i int) ([]bench.Item, error) {
		return desk.read(ctx, o.Seed+seedBase, i/len(pages), pages[i%len(pages)])
	})
}

var publicField = regexp.MustCompile(`^(\d+) p(\d+)\.(\d+)\.\d+([mc])(\d+) /Btn x=([\d.]+) y=([\d.]+) w=([\d.]+) h=([\d.]+) mm`)

// publicExam makes the exam out of the list of form fields: page, name, box.
func publicExam(path string) (*exam.Exam, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	e := &exam.Exam{Version: 1, ID: "public", Form: publicPDF, Pages: publicPages}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if m := publicField.FindStringSubmatch(lines.Text()); m != nil {
			addPublicField(e, m)
		}
	}
	boxes, columns := 0, 0
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			boxes += len(q.Options)
			columns += min(1, len(q.Boxes))
		}
	}
	if boxes != publicBoxes || columns != publicColumns {
		return nil, fmt.Errorf("%s: %d boxes and %d columns, not %d and %d: the file is not the one this set was made for", path, boxes, columns, publicBoxes, publicColumns)
	}
	return e, nil
}

func addPublicField(e *exam.Exam, m []string) {
	n := func(i int) float64 { v, _ := strconv.ParseFloat(m[i], 64); return v }
	problem, id := m[2], m[2]+"."+m[3]
	if k := len(e.Problems); k == 0 || e.Problems[k-1].ID != problem {
		e.Problems = append(e.Problems, exam.Problem{ID: problem})
	}
	p := &e.Problems[len(e.Problems)-1]
	if k := len(p.Questions); k == 0 || p.Questions[k-1].ID != id {
		kind := exam.Credit
		if m[4] == "m" {
			kind = exam.Choice
		}
		p.Questions = append(p.Questions, exam.Question{ID: id, Kind: kind, Page: int(n(1))})
	}
	q := &p.Questions[len(p.Questions)-1]
	box := geom.Box{X: n(6), Y: n(7), W: n(8), H: n(9)}
	if q.Kind == exam.Choice {
		q.Options = append(q.Options, exam.Option{ID: m[5], Box: box})
		return
	}
	q.Boxes = append(q.Boxes, exam.CreditBox{Credits: n(5) / 2, Box: box, Corrector: 1})
	q.Credits = n(5) / 2
}

// publicDesk holds the printed pages and the reader of the published exam.
type publicDesk struct {
	exam   *exam.Exam
	form   *pipeline.Form
	level  fixtures.Level
	prints map[int]*fixtures.Canvas
}

func newPublicDesk(pdf string, e *exam.Exam, level string) (*publicDesk, error) {
	lv, err := fixtures.LevelByName(level)
	if err != nil {
		return nil, err
	}
	printed, err := raster.LoadForm(pdf, "")
	if err != nil {
		return nil, err
	}
	form, err := pipeline.NewForm(printed, e)
	if err != nil {
		return nil, err
	}
	d := &publicDesk{exam: e, form: form, level: lv, prints: map[int]*fixtures.Canvas{}}
	for page := 1; page <= e.Pages; page++ {
		if len(e.PageBoxes(page)) == 0 {
			continue
		}
		p, err := raster.RenderPDF(pdf, page, fixtures.PrintDPI)
		if err != nil {
			return nil, err
		}
		d.prints[page] = fixtures.NewCanvas(p, float64(p.W())/printed[page-1].WidthMM)
	}
	return d, nil
}

func (d *publicDesk) pages() (pages []int) {
	for page := 1; page <= d.exam.Pages; page++ {
		if d.prints[page] != nil {
			pages = append(pages, page)
		}
	}
	return pages
}

// read marks, scans and reads one page of one booklet. Both writers of a booklet are the
// same on all its pages.
func (d *publicDesk) read(ctx context.Context, seed uint64, booklet, page int) ([]bench.Item, error) {
	of := func(n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed+uint64(booklet), n)) }
	student := fixtures.NewStudent(of(1))
	corrector := fixtures.NewCorrector(of(2), []fixtures.Colour{fixtures.Red, fixtures.Green}[booklet%2])
	rng := of(100 + uint64(page))
	c := d.prints[page].Clone()
	items, boxes := d.mark(c, rng, student, corrector, page)
	sc := fixtures.Scan(c, d.level.Machine(of(3)), page, rng)
	scanned, err := asStored(sc)
	if err != nil {
		return nil, err
	}
	read := ofPage(pipeline.ReadPage(scanned, d.exam, d.form, pipeline.Hints{}), d.exam)
	for i := range items {
		it := &items[i]
		it.Group = fmt.Sprintf("booklet %d", booklet+1)
		if got, ok := read[it.Name]; ok {
			take(it, got)
		} else {
			it.Reason = "page-not-read"
		}
		it.Name = fmt.Sprintf("booklet %d, page %d, %s", booklet+1, page, it.Name)
		place(it, boxes[i], c.WidthMM(), c.HeightMM())
		if !sc.Shows(boxes[i]) {
			it.Truth, it.Odd, it.Kind = anything, true, "hidden"
		}
		show(ctx, *it, raster.View{Page: scanned, MMToPix: sc.MMToPix}, boxes[i])
	}
	return items, nil
}

// mark lets the student and the corrector write on a page. Items are named by their field.
func (d *publicDesk) mark(c *fixtures.Canvas, rng *rand.Rand, student, corrector *fixtures.Writer, page int) (items []bench.Item, boxes []geom.Box) {
	for _, p := range d.exam.Problems {
		for _, q := range p.Questions {
			if q.Page != page {
				continue
			}
			for _, o := range q.Options {
				it := markChoice(rng, student, c, o.Box)
				it.Field, it.Name = bench.Choice, exam.OptionField(q.ID, o.ID)
				items, boxes = append(items, it), append(boxes, o.Box)
			}
			if len(q.Boxes) > 0 {
				b := q.Boxes[rng.IntN(len(q.Boxes))]
				corrector.Cross(c, b.Box)
				items = append(items, bench.Item{Field: bench.Column, Name: exam.CreditField(q.ID, 1), Kind: "cross", Truth: exam.FormatNumber(b.Credits)})
				boxes = append(boxes, b.Box)
			}
		}
	}
	return items, boxes
}

// asStored sends a colour or grey scan through the JPEG coder at the scanner's quality.
func asStored(sc fixtures.Scanned) (*raster.Page, error) {
	if sc.Page.Bilevel {
		return sc.Page, nil
	}
	b, err := raster.EncodeJPEG(sc.Page, sc.Quality)
	if err != nil {
		return nil, err
	}
	p, err := raster.DecodeJPEG(b)
	if err == nil {
		p.DPIX, p.DPIY = sc.Page.DPIX, sc.Page.DPIY
	}
	return p, err
}

// markChoice puts into a box what students put there: nothing, a cross, a cross undone, a
// sign beside it.
func markChoice(rng *rand.Rand, w *fixtures.Writer, c *fixtures.Canvas, b geom.Box) bench.Item {
	switch v := rng.Float64(); {
	case v < 0.40:
		w.Cross(c, b)
		return bench.Item{Truth: string(detect.Crossed), Kind: "cross"}
	case v < 0.48:
		w.CrossThenFill(c, b)
		return bench.Item{Truth: string(detect.Filled), Kind: "cross, then fill"}
	case v < 0.52:
		w.CrossThenFill(c, b)
		w.Remark(c, b)
		return bench.Item{Truth: string(detect.Remarked), Kind: "sign beside"}
	}
	return bench.Item{Truth: string(detect.Empty), Kind: "none"}
}
