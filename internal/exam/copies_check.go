package exam

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"scan/internal/geom"
)

// checkCopies reports what is inconsistent in the copies.
func (e *Exam) checkCopies(file string, doc *document) []Issue {
	// The checker's words and tolerances are those of the exam file; only the lines are others.
	own := *e
	own.lines = e.copyLines
	c := checker{exam: &own, file: file, broken: doc.broken}
	if len(e.Copies) == 0 && len(doc.issues) == 0 {
		c.say("copies", "", "there are no copies; list them, or take copies: out of the exam file")
	}
	seen := map[string]bool{}
	for i := range e.Copies {
		c.copy(fmt.Sprintf("copies[%d]", i), &e.Copies[i], seen)
	}
	return c.issues
}

func (c *checker) copy(path string, cp *Copy, seen map[string]bool) {
	where := "copy " + cp.ID
	switch {
	case cp.ID == "" || strings.ContainsAny(cp.ID, "/\\\n"):
		c.say(path+".copy", where, "copy %q cannot be a copy's name; write it as in the page codes, for example E0134", cp.ID)
	case seen[cp.ID]:
		c.say(path+".copy", where, "another copy has this name; each stands here once")
	}
	seen[cp.ID] = true
	if cp.Form == "" || !filepath.IsLocal(cp.Form) {
		c.say(path+".form", where, "form: %q is not a file in the exam folder; write its name, for example booklets/E0134.pdf", cp.Form)
	}
	for i, page := range cp.Pages {
		at := fmt.Sprintf("%s.pages[%d]", path, i)
		c.page(at, where, page)
		if slices.Contains(cp.Pages[:i], page) {
			c.say(at, where, "page %d stands twice; remove one", page)
		}
	}
	for _, q := range cp.Questions {
		ref := c.exam.Question(q.ID)
		if ref != nil && !cp.Differs(ref.Page) {
			c.say(path+".questions."+q.ID, within(where, "question "+q.ID),
				"it stands on page %d, which pages does not list; add the page, or leave the question out", ref.Page)
		}
	}
	c.copyBoxes(path, cp)
}

// copyBoxes checks the boxes of a copy alone, and against all others of their page.
func (c *checker) copyBoxes(path string, cp *Copy) {
	moved := cp.ownBoxes(c.exam, path)
	var sound []placed
	for _, b := range moved {
		if c.box(b) && !c.isBroken(b.path) {
			sound = append(sound, b)
		}
	}
	var rest []placed
	for _, b := range c.exam.placedBoxes() {
		if !slices.ContainsFunc(cp.Questions, func(q CopyQuestion) bool { return strings.HasPrefix(b.where, "question "+q.ID+": ") }) {
			rest = append(rest, b)
		}
	}
	for i, b := range sound {
		for _, other := range append(slices.Clip(rest), sound[:i]...) {
			c.overlap(other, b)
		}
	}
}

// CheckCopyPrint asks about every box that stands elsewhere in a copy whether the copy prints it,
// as CheckPrint does of the form. file is what the copies' file is called in messages.
func (e *Exam) CheckCopyPrint(file, name string, printed func(page int, box geom.Box) string) error {
	own := *e
	own.lines = e.copyLines
	c := checker{exam: &own, file: file}
	for i := range e.Copies {
		if e.Copies[i].ID != name {
			continue
		}
		for _, b := range e.Copies[i].ownBoxes(e, fmt.Sprintf("copies[%d]", i)) {
			if text := printed(b.page, b.box); text != "" {
				c.say(b.path, b.where, "%s", text)
			}
		}
	}
	return checkError(c.issues)
}

// CheckCopiesOpen lists the questions of copies of which it is not known where their boxes stand.
func (e *Exam) CheckCopiesOpen(file string) error {
	own := *e
	own.lines = e.copyLines
	c := checker{exam: &own, file: file}
	for i, cp := range e.Copies {
		for _, q := range cp.Questions {
			if cp.Open(q.ID) {
				c.say(fmt.Sprintf("copies[%d].questions.%s", i, q.ID), "copy "+cp.ID+": question "+q.ID,
					"the list is empty, so that a person is asked about the question; write the boxes in printed order")
			}
		}
	}
	return checkError(c.issues)
}
