package exam

import (
	"fmt"
	"slices"

	"scan/internal/geom"
)

// Copy is an issued copy whose print differs from the reference form: its options stand in an
// order of their own. An option's id belongs to its text, so that the key is the same in
// every copy.
type Copy struct {
	ID        string // as in its page codes, e.g. "E0134"
	Form      string // the copy as printed, relative to the exam folder
	Pages     []int  // form pages whose print differs, ascending
	Questions []CopyQuestion
}

// CopyQuestion is where the boxes of a question stand in a copy, in printed order: options of
// a choice question (without key), cells of a credit question. Without any, nobody knows.
type CopyQuestion struct {
	ID      string
	Options []Option
	Boxes   []CreditBox
}

// copyOf returns the copy of an id, nil if there is none.
func (e *Exam) copyOf(id string) *Copy {
	for i := range e.Copies {
		if e.Copies[i].ID == id {
			return &e.Copies[i]
		}
	}
	return nil
}

// Copy returns a copy by the name that its page codes give it; false if it is not listed.
func (e *Exam) Copy(id string) (Copy, bool) {
	if c := e.copyOf(id); c != nil {
		return *c, true
	}
	return Copy{}, false
}

// Differs reports whether a form page is printed otherwise in this copy.
func (c Copy) Differs(page int) bool { return slices.Contains(c.Pages, page) }

// Open reports whether it is not known where the boxes of a question stand in this copy.
func (c Copy) Open(question string) bool {
	return slices.ContainsFunc(c.Questions, func(q CopyQuestion) bool {
		return q.ID == question && len(q.Options)+len(q.Boxes) == 0
	})
}

// HasCopies reports whether copies differ, so that a page cannot be read whole before it is
// known which copy it is of.
func (e *Exam) HasCopies() bool { return e.CopiesFile != "" }

// CopyDependent reports whether the boxes of a question stand elsewhere in some copy.
func (e *Exam) CopyDependent(question string) bool {
	return slices.ContainsFunc(e.Copies, func(c Copy) bool {
		return slices.ContainsFunc(c.Questions, func(q CopyQuestion) bool { return q.ID == question })
	})
}

// ForCopy returns the exam as a copy is printed: the same questions, options and keys in the
// same order, with the boxes of this copy. false if the copy is not listed.
func (e *Exam) ForCopy(id string) (*Exam, bool) {
	c := e.copyOf(id)
	if c == nil {
		return nil, false
	}
	own := *e
	own.Problems = slices.Clone(e.Problems)
	for i := range own.Problems {
		p := &own.Problems[i]
		p.Questions = slices.Clone(p.Questions)
		for j := range p.Questions {
			c.place(&p.Questions[j])
		}
	}
	return &own, true
}

// place gives a question the boxes it has in this copy.
func (c *Copy) place(q *Question) {
	k := slices.IndexFunc(c.Questions, func(o CopyQuestion) bool { return o.ID == q.ID })
	if k < 0 {
		return
	}
	at := c.Questions[k]
	q.Options, q.Boxes = slices.Clone(q.Options), slices.Clone(q.Boxes)
	for i := range q.Options {
		for _, o := range at.Options {
			if o.ID == q.Options[i].ID {
				q.Options[i].Box = o.Box
			}
		}
	}
	for i := range q.Boxes {
		for _, b := range at.Boxes {
			if sameCell(b, q.Boxes[i]) {
				q.Boxes[i].Box = b.Box
			}
		}
	}
}

func sameCell(a, b CreditBox) bool {
	return a.Corrector == b.Corrector && a.Credits-b.Credits < creditSlack && b.Credits-a.Credits < creditSlack
}

// layoutLines is what a copy adds to the layout.
func (c *Copy) layoutLines() []string {
	lines := []string{fmt.Sprintf("copy %q pages %v", c.ID, c.Pages)}
	for _, q := range c.Questions {
		lines = append(lines, fmt.Sprintf("copy %q moves %q", c.ID, q.ID))
		for _, o := range q.Options {
			lines = append(lines, fmt.Sprintf("copy %q choice %q %s", c.ID, OptionField(q.ID, o.ID), canonicalBox(o.Box)))
		}
		for _, b := range q.Boxes {
			lines = append(lines, fmt.Sprintf("copy %q credit %q %s", c.ID, CreditField(q.ID, b.Corrector), canonicalBox(b.Box)))
		}
	}
	return lines
}

// ownBoxes lists the boxes that stand elsewhere in this copy, with their place in the file.
func (c *Copy) ownBoxes(e *Exam, path string) (own []placed) {
	for _, q := range c.Questions {
		ref := e.Question(q.ID)
		if ref == nil {
			continue
		}
		moved := Question{ID: q.ID, Page: ref.Page, Options: q.Options, Boxes: q.Boxes}
		for i, b := range moved.placedBoxes("") {
			b.where = within("copy "+c.ID, b.where)
			b.path = fmt.Sprintf("%s.questions.%s[%d].box", path, q.ID, i)
			own = append(own, b)
		}
	}
	return own
}

// checkCopiesForm checks the copies' boxes against the sizes of the form's pages, mm.
func (e *Exam) checkCopiesForm(sizes []geom.Box) (issues []Issue) {
	for i := range e.Copies {
		path := fmt.Sprintf("copies[%d]", i)
		for _, b := range e.Copies[i].ownBoxes(e, path) {
			if b.page > len(sizes) || inside(b.box, sizes[b.page-1]) {
				continue
			}
			size := sizes[b.page-1]
			issues = append(issues, Issue{File: e.CopiesFile, Line: e.copyLines.of(b.path), Where: b.where, Kind: ErrInconsistent,
				Text: fmt.Sprintf("box is off page %d of the form, which is %.1f x %.1f mm: correct [x, y, width, height]", b.page, size.W, size.H)})
		}
	}
	return issues
}

func inside(b, page geom.Box) bool {
	return b.X+b.W <= page.W+edgeSlackMM && b.Y+b.H <= page.H+edgeSlackMM
}
