package exam

import (
	"fmt"
	"math"
	"strings"

	"scan/internal/geom"
)

const (
	// maxPageMM bounds a page before the form is known: an A3 sheet and some. A box
	// beyond it is in the wrong unit (an A4 page has 595 x 842 points).
	maxPageMM = 450
	// sharedFrameMM is how far two boxes may overlap. Cells of a credit column are
	// 4.27 mm at a pitch of 3.57 mm: they share a stroke of 0.7 mm. More than 1 mm
	// would let a cross of one cell be ink of the other.
	sharedFrameMM = 1.0
	// minBoxMM is the least side of a box: below it a pen stroke fills the box.
	minBoxMM = 1.0
	// edgeSlackMM is how far a box may stand over the form's edge: half a stroke, and
	// what rounding of the page size in points makes (297 mm = 841.89 pt).
	edgeSlackMM = 0.4
)

// placed is a box with its page, its name for people and its path in the file.
type placed struct {
	page        int
	box         geom.Box
	where, path string
}

// placedBoxes lists every box of the exam: sticker, questions, scores.
func (e *Exam) placedBoxes() []placed {
	var all []placed
	if e.Sticker != nil {
		all = append(all, placed{e.Sticker.Page, e.Sticker.Box, "sticker", "sticker.box"})
	}
	for i, p := range e.Problems {
		for j := range p.Questions {
			all = append(all, p.Questions[j].placedBoxes(fmt.Sprintf("problems[%d].questions[%d]", i, j))...)
		}
	}
	for i, s := range e.Scores {
		path := fmt.Sprintf("scores[%d]", i)
		label := name("score", path, s.ID)
		all = append(all, placed{s.Page, s.Box, label, path + ".box"})
	}
	return all
}

func (q *Question) placedBoxes(path string) []placed {
	var all []placed
	where := name("question", path, q.ID)
	add := func(box geom.Box, at, label string) {
		all = append(all, placed{q.Page, box, within(where, label), at + ".box"})
	}
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", path, i)
		add(o.Box, at, name("option", at, o.ID))
	}
	for i, b := range q.Boxes {
		label := "box " + FormatNumber(b.Credits)
		if b.Corrector == 2 {
			label += " of corrector 2"
		}
		add(b.Box, fmt.Sprintf("%s.boxes[%d]", path, i), label)
	}
	return all
}

// boxes checks every box alone, then the boxes of a page against each other.
func (c *checker) boxes() {
	all := c.exam.placedBoxes()
	var sound []placed
	for _, b := range all {
		if c.box(b) && !c.isBroken(b.path) {
			sound = append(sound, b)
		}
	}
	for i, b := range sound {
		for _, earlier := range sound[:i] {
			c.overlap(earlier, b)
		}
	}
}

// box reports whether a box can be on a page at all.
func (c *checker) box(b placed) bool {
	x, y, w, h := b.box.X, b.box.Y, b.box.W, b.box.H
	switch {
	case !finite(x, y, w, h):
		c.say(b.path, b.where, "box holds a number that is not finite; write [x, y, width, height] in mm")
	case w <= 0 || h <= 0:
		c.say(b.path, b.where, "box is %s x %s mm; width and height must be more than 0: correct [x, y, width, height]", FormatNumber(w), FormatNumber(h))
	case w < minBoxMM || h < minBoxMM:
		c.say(b.path, b.where, "box is %s x %s mm, too small to hold a mark; lengths are in mm: correct [x, y, width, height]", FormatNumber(w), FormatNumber(h))
	case x < 0 || y < 0 || x+w > maxPageMM || y+h > maxPageMM:
		c.say(b.path, b.where, "box is off the page; lengths are in mm from the page's top-left corner: correct [x, y, width, height]")
	default:
		return true
	}
	return false
}

// overlap reports two boxes that share more than a frame.
func (c *checker) overlap(a, b placed) {
	if a.page != b.page {
		return
	}
	common := a.box.Intersect(b.box)
	depth := math.Min(common.W, common.H)
	if depth <= sharedFrameMM+1e-9 {
		return
	}
	c.say(b.path, b.where, "box overlaps %s by %.1f mm; boxes may share a frame (up to 1 mm): correct [x, y, width, height]",
		shortName(a.where, b.where), depth)
}

// shortName drops from a name what the message has said already: "option a" and not
// "question 1.1: option a" where both are of one question.
func shortName(other, where string) string {
	end := strings.LastIndex(where, ": ") + len(": ")
	if end < len(": ") {
		return other
	}
	return strings.TrimPrefix(other, where[:end])
}

// CheckForm checks the exam against the real form: sizes are the pages of the form in
// mm, in order (X and Y are ignored). It finds a wrong number of pages and boxes off
// their page.
func (e *Exam) CheckForm(file string, sizes []geom.Box) error {
	c := checker{exam: e, file: file}
	if len(sizes) != e.Pages {
		c.say("pages", "", "pages is %d, but %s has %d; correct pages, or put the form of this exam there", e.Pages, e.Form, len(sizes))
	}
	for _, b := range e.placedBoxes() {
		if b.page < 1 || b.page > len(sizes) {
			continue
		}
		size := sizes[b.page-1]
		if b.box.X+b.box.W > size.W+edgeSlackMM || b.box.Y+b.box.H > size.H+edgeSlackMM {
			c.say(b.path, b.where, "box is off page %d of %s, which is %.1f x %.1f mm: correct [x, y, width, height] or page",
				b.page, e.Form, size.W, size.H)
		}
	}
	c.issues = append(c.issues, e.checkCopiesForm(sizes)...)
	return checkError(c.issues)
}

// CheckPrint asks about every box but the sticker's whether the form prints it; printed returns
// what is wrong, "" if nothing is. file is what the exam file is called in messages. A sticker
// field may be a tinted place, or none.
func (e *Exam) CheckPrint(file string, printed func(page int, box geom.Box) string) error {
	c := checker{exam: e, file: file}
	for _, b := range e.placedBoxes() {
		if b.path == "sticker.box" {
			continue
		}
		if text := printed(b.page, b.box); text != "" {
			c.say(b.path, b.where, "%s", text)
		}
	}
	return checkError(c.issues)
}

// CheckKeys lists the choice questions of which it is not known which options are right: they
// bring no credits.
func (e *Exam) CheckKeys(file string) error {
	c := checker{exam: e, file: file}
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			q := &e.Problems[i].Questions[j]
			open := 0
			for _, o := range q.Options {
				if q.needsKey(o) {
					open++
				}
			}
			if open > 0 {
				c.say(fmt.Sprintf("problems[%d].questions[%d]", i, j), "question "+q.ID,
					"%d of %d options say neither correct: true nor correct: false; without them the question brings no credits", open, len(q.Options))
			}
		}
	}
	return checkError(c.issues)
}

// ids reports problems, questions or scores that share an id.
func (c *checker) ids() {
	problems, questions, scores := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, p := range c.exam.Problems {
		path := fmt.Sprintf("problems[%d]", i)
		c.once(problems, path, "problem", p.ID)
		for j, q := range p.Questions {
			c.once(questions, fmt.Sprintf("%s.questions[%d]", path, j), "question", q.ID)
		}
	}
	for i, s := range c.exam.Scores {
		c.once(scores, fmt.Sprintf("scores[%d]", i), "score", s.ID)
	}
}

func (c *checker) once(seen map[string]bool, path, thing, id string) {
	if id != "" && seen[id] {
		c.say(path+".id", thing+" "+id, "another %s has this id; give each its own", thing)
	}
	seen[id] = true
}

// fields reports two things whose rows in readings.csv could not be told apart.
func (c *checker) fields() {
	seen := map[string]string{StickerField: "the sticker"}
	add := func(path, where, field string) {
		if other, twice := seen[field]; twice && other != where {
			c.say(path+".id", where, "it would be called %q in readings.csv, as %s is; change an id", field, other)
		}
		seen[field] = where
	}
	for i, p := range c.exam.Problems {
		for j, q := range p.Questions {
			path := fmt.Sprintf("problems[%d].questions[%d]", i, j)
			where := name("question", path, q.ID)
			for k, o := range q.Options {
				at := fmt.Sprintf("%s.options[%d]", path, k)
				add(at, within(where, name("option", at, o.ID)), OptionField(q.ID, o.ID))
			}
			for _, corrector := range q.Correctors() {
				add(path, where, CreditField(q.ID, corrector))
			}
		}
	}
	for i, s := range c.exam.Scores {
		path := fmt.Sprintf("scores[%d]", i)
		add(path, name("score", path, s.ID), s.ID)
	}
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
