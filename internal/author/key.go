package author

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// Key counts what a sample solution told.
type Key struct {
	Right  int // options that are right
	Unsure int // options it was not clear for; they stay without a key
}

// solutionDPI is what a solution in vector graphics is drawn at before it is read as a scan.
const solutionDPI = 300

// sureOfKey is how certain a box of the solution must be read. A key is looked at by a person
// anyway, on the overlay; what is less certain stays open and is listed.
const sureOfKey = 0.9

// TakeKey reads which options are right from a copy of the form with these crossed: a PDF, or
// scanned pages in any order. It notes what was not clear.
func (d *Draft) TakeKey(form, solution string) (*Key, error) {
	printed, err := raster.LoadForm(form, "")
	if err != nil {
		return nil, err
	}
	pages, err := openSolution(solution)
	if err != nil {
		return nil, err
	}
	r := keyReader{draft: d, printed: printed, form: detect.NewForm(printed), found: map[int]detect.Registered{}}
	for i, p := range pages {
		lighten(p)
		if reg := r.form.Register(p, detect.Hints{Expect: i + 1}); reg.OK {
			r.found[reg.FormPage] = reg
		}
	}
	if len(r.found) == 0 {
		return nil, fmt.Errorf("%s is no solution of %s: none of its pages shows a page of the form", solution, form)
	}
	r.swapped = swappedSigns(form, solution, d.Exam)
	return r.read(), nil
}

// openSolution decodes every page of a solution in colour.
func openSolution(path string) (pages []*raster.Page, err error) {
	src, err := raster.Open(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	for n := 1; n <= src.Pages(); n++ {
		var p *raster.Page
		if strings.EqualFold(filepath.Ext(path), ".pdf") {
			p, err = raster.RenderPDF(path, n, solutionDPI)
		} else {
			p, err = src.Page(n)
		}
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// lightest is the luminance above which print of a solution is a watermark or a tint. Crosses
// are darker, in any ink; a pale pencil of a scanned solution is not, and is then asked about.
const lightest = 185

// lighten takes watermarks off a page.
func lighten(p *raster.Page) {
	for y := range p.H() {
		row := p.Y.Row(y)
		for x, v := range row {
			if v > lightest {
				row[x] = 255
			}
		}
	}
}

type keyReader struct {
	draft   *Draft
	printed []raster.FormPage
	form    *detect.Form
	found   map[int]detect.Registered
	swapped func(page int, box geom.Box) (marked, known bool)
}

func (r *keyReader) read() *Key {
	k := &Key{}
	d := r.draft
	missing := map[int]bool{}
	for i := range d.Exam.Problems {
		for j := range d.Exam.Problems[i].Questions {
			q := &d.Exam.Problems[i].Questions[j]
			if q.Kind != exam.Choice {
				continue
			}
			reg, ok := r.found[q.Page]
			if !ok && !missing[q.Page] {
				missing[q.Page] = true
				d.Notes = append(d.Notes, Note{q.Page, "this page of the form was not found in the solution; its options have no key"})
			}
			r.question(q, reg, ok, k)
		}
	}
	return k
}

// question sets the key of one question.
func (r *keyReader) question(q *exam.Question, reg detect.Registered, ok bool, k *Key) {
	var boxes []detect.BoxReading
	if ok {
		boxes = r.boxes(q, reg)
	}
	for i := range q.Options {
		o := &q.Options[i]
		right, known := r.swapped(q.Page, o.Box)
		if !known && boxes != nil {
			right, known = keyOf(boxes[i])
			known = known || emptyBesideNotes(boxes, i)
		}
		if !known {
			k.Unsure++
			if ok {
				r.draft.Notes = append(r.draft.Notes, Note{q.Page, fmt.Sprintf("whether %s is right could not be told from the solution", exam.OptionField(q.ID, o.ID))})
			}
			continue
		}
		o.Correct = &right
		if right {
			k.Right++
		}
	}
	r.severalRight(q)
}

// severalRight believes the solution where it crosses more options than the form allows.
func (r *keyReader) severalRight(q *exam.Question) {
	n := 0
	for _, o := range q.Options {
		if o.Correct != nil && *o.Correct {
			n++
		}
	}
	if n > 1 && q.Select == exam.SelectOne {
		q.Select = exam.SelectAny
		r.draft.Notes = append(r.draft.Notes, Note{q.Page, fmt.Sprintf("the form seems to allow one cross at %s, the solution has %d; select: any is taken", q.ID, n)})
	}
}

// boxes reads the boxes of a question. Notes in red lie over some solutions, crosses in red are
// in others: where nothing but red was found in a box it counts.
func (r *keyReader) boxes(q *exam.Question, reg detect.Registered) []detect.BoxReading {
	near := r.draft.Exam.PageBoxes(q.Page)
	form := r.printed[q.Page-1]
	own := detect.ReadChoice(reg, form, *q, near, exam.Conventions{})
	anyInk := detect.ReadChoice(reg, form, *q, near, exam.Conventions{Correctors: []string{}})
	for i := range own {
		if _, known := keyOf(own[i]); !known {
			own[i] = anyInk[i]
		}
	}
	return own
}

// keyOf turns what is in a box into a key.
func keyOf(b detect.BoxReading) (right, known bool) {
	if b.Reason != "" || b.Confidence < sureOfKey {
		return false, false
	}
	return b.State == detect.Crossed || b.State == detect.Remarked, true
}

// emptyBesideNotes reports whether a box is surely empty but for something written near it, in a
// question of which another box is surely crossed. Solutions are full of notes, and crosses reach
// into their neighbours; without a crossed box the ink may be how this one was marked.
func emptyBesideNotes(boxes []detect.BoxReading, i int) bool {
	b := boxes[i]
	if b.State != detect.Empty || b.Reason != inkBeside || b.Confidence < sureOfKey {
		return false
	}
	return slices.ContainsFunc(boxes, func(o detect.BoxReading) bool {
		right, known := keyOf(o)
		return right && known
	})
}

// inkBeside is detect's reason for ink near a box that is no clear sign.
const inkBeside = "ink-beside"
