package author

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"scan/internal/exam"
	"scan/internal/geom"
)

// matcher finds the boxes of the exam in another copy.
type matcher struct {
	ref, own *printedCopy
	draft    *Draft // of the exam; notes go there
	follow   bool   // names of form fields follow the texts
	pictures *pictures
}

// copyMovedMM is how far a box must stand elsewhere to be listed: the draft is exact to 0.02 mm in
// vector graphics, and a box is fitted to its frame within more than a mm when it is read.
const copyMovedMM = 0.15

func (m *matcher) match() (exam.Copy, error) {
	c := exam.Copy{ID: m.own.name}
	e, o := m.draft.Exam, m.own.draft.Exam
	if err := sameShape(e, o); err != nil {
		return c, err
	}
	if (m.ref.sheets == nil) != (m.own.sheets == nil) {
		return c, fmt.Errorf("%w: one of them is made of pictures, the other is not", errDiffers)
	}
	m.pictures = &pictures{ref: m.ref.path, own: m.own.path}
	m.follow = m.fieldsFollow()
	for _, p := range e.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			found, moved := m.question(q, o.Question(q.ID))
			if !moved {
				continue
			}
			c.Questions = append(c.Questions, found)
			if !slices.Contains(c.Pages, q.Page) {
				c.Pages = append(c.Pages, q.Page)
			}
		}
	}
	for page := range m.ref.lines {
		if !slices.Contains(c.Pages, page+1) && m.printDiffers(page) {
			c.Pages = append(c.Pages, page+1)
		}
	}
	slices.Sort(c.Pages)
	return c, m.pictures.err
}

// sameShape reports what makes a copy another exam.
func sameShape(e, o *exam.Exam) error {
	if e.Pages != o.Pages {
		return fmt.Errorf("%w: it has %d pages, not %d", errDiffers, o.Pages, e.Pages)
	}
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			other := o.Question(q.ID)
			switch {
			case other == nil:
				return fmt.Errorf("%w: no question %s was found", errDiffers, q.ID)
			case other.Kind != q.Kind || other.Page != q.Page:
				return fmt.Errorf("%w: question %s is %s on page %d, not %s on page %d", errDiffers, q.ID, other.Kind, other.Page, q.Kind, q.Page)
			case len(other.Options) != len(q.Options) || len(other.Boxes) != len(q.Boxes):
				return fmt.Errorf("%w: question %s has %d boxes, not %d", errDiffers, q.ID,
					len(other.Options)+len(other.Boxes), len(q.Options)+len(q.Boxes))
			}
		}
	}
	if countQuestions(e) != countQuestions(o) {
		return fmt.Errorf("%w: it has %d questions, not %d", errDiffers, countQuestions(o), countQuestions(e))
	}
	return sameFields(e, o)
}

func countQuestions(e *exam.Exam) (n int) {
	for _, p := range e.Problems {
		n += len(p.Questions)
	}
	return n
}

// sameFields reports fields of the cover that stand elsewhere: no copy may move them.
func sameFields(e, o *exam.Exam) error {
	if (e.Sticker == nil) != (o.Sticker == nil) || e.Sticker != nil && (e.Sticker.Page != o.Sticker.Page || apart(e.Sticker.Box, o.Sticker.Box) > 1) {
		return fmt.Errorf("%w: the sticker field stands elsewhere", errDiffers)
	}
	if len(e.Scores) != len(o.Scores) {
		return fmt.Errorf("%w: it has %d fields for scores, not %d", errDiffers, len(o.Scores), len(e.Scores))
	}
	for i, s := range e.Scores {
		if t := o.Scores[i]; t.ID != s.ID || t.Page != s.Page || apart(s.Box, t.Box) > 1 {
			return fmt.Errorf("%w: the score field %s stands elsewhere", errDiffers, s.ID)
		}
	}
	return nil
}

// apart is how far the edges of two boxes are apart at most, mm.
func apart(a, b geom.Box) float64 {
	return max(math.Abs(a.X-b.X), math.Abs(a.Y-b.Y), math.Abs(a.X+a.W-b.X-b.W), math.Abs(a.Y+a.H-b.Y-b.H))
}

// question finds where the boxes of a question stand; moved is false where they stand as in the
// reference.
func (m *matcher) question(q, other *exam.Question) (found exam.CopyQuestion, moved bool) {
	found.ID = q.ID
	if q.Kind == exam.Credit {
		for i, b := range other.Boxes {
			moved = moved || apart(b.Box, q.Boxes[i].Box) > copyMovedMM
		}
		found.Boxes = other.Boxes
		return found, moved
	}
	at, why := m.options(q, other)
	if why != "" {
		m.draft.Notes = append(m.draft.Notes, Note{q.Page, fmt.Sprintf("copy %s: %s; its boxes of %s are left open in %s", m.own.name, why, q.ID, CopiesFile)})
		return found, true
	}
	for place, o := range other.Options {
		k := slices.Index(at, place)
		found.Options = append(found.Options, exam.Option{ID: q.Options[k].ID, Box: o.Box})
		moved = moved || k != place || apart(o.Box, q.Options[k].Box) > copyMovedMM
	}
	return found, moved
}

// options returns at which place of the copy each option of the reference stands, or why that
// is not certain.
func (m *matcher) options(q, other *exam.Question) (at []int, why string) {
	at = m.byText(q, other)
	named := m.byField(q, other)
	if slices.Contains(at, -1) && named != nil && agree(at, named) {
		return named, ""
	}
	if slices.Contains(at, -1) {
		if why = m.pictures.complete(m, q, other, at); why != "" {
			return nil, why
		}
	}
	if named != nil && !slices.Equal(at, named) {
		return nil, "the texts of the options and the names of their form fields say different things"
	}
	return at, ""
}

// agree reports whether two orders, where both know, are the same.
func agree(a, b []int) bool {
	for i := range a {
		if a[i] >= 0 && a[i] != b[i] {
			return false
		}
	}
	return true
}

// byText finds options whose text stands in the question once, in both copies; -1 for others.
func (m *matcher) byText(q, other *exam.Question) []int {
	mine, theirs := m.ref.texts(q), m.own.texts(other)
	at := make([]int, len(mine))
	for i, t := range mine {
		at[i] = -1
		if t != "" && times(mine, t) == 1 && times(theirs, t) == 1 {
			at[i] = slices.Index(theirs, t)
		}
	}
	return at
}

func times(list []string, s string) (n int) {
	for _, t := range list {
		if t == s {
			n++
		}
	}
	return n
}

// texts lists the texts of a question's options, "" where none was found.
func (c *printedCopy) texts(q *exam.Question) []string {
	boxes := optionBoxes(q)
	out := make([]string, len(boxes))
	for i, b := range boxes {
		out[i], _, _ = c.optionText(q.Page, b, boxes)
	}
	return out
}

func optionBoxes(q *exam.Question) []geom.Box {
	boxes := make([]geom.Box, len(q.Options))
	for i, o := range q.Options {
		boxes[i] = o.Box
	}
	return boxes
}

// fieldsFollow tells whether the names of form fields go with the texts: they do if anywhere they
// stand in another order than in the reference. Else they number the places.
func (m *matcher) fieldsFollow() bool {
	for _, p := range m.draft.Exam.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			at := m.fieldOrder(q, m.own.draft.Exam.Question(q.ID))
			for k, place := range at {
				if place != k {
					return true
				}
			}
		}
	}
	return false
}

// byField is the order that form fields tell, nil if they tell none.
func (m *matcher) byField(q, other *exam.Question) []int {
	if !m.follow {
		return nil
	}
	return m.fieldOrder(q, other)
}

// fieldOrder finds the form fields of the reference by name; nil where one is missing.
func (m *matcher) fieldOrder(q, other *exam.Question) []int {
	mine, theirs := m.ref.fields(q), m.own.fields(other)
	at := make([]int, len(mine))
	for i, f := range mine {
		if at[i] = slices.Index(theirs, f); f == "" || at[i] < 0 {
			return nil
		}
	}
	return at
}

// fields lists the names of the form fields on a question's options.
func (c *printedCopy) fields(q *exam.Question) []string {
	out := make([]string, len(q.Options))
	if c.sheets == nil {
		return out
	}
	for i, o := range q.Options {
		for _, s := range c.sheets[q.Page-1].Squares {
			if apart(s.Box, o.Box) < 0.1 {
				out[i] = s.Field
			}
		}
	}
	return out
}

// printDiffers reports whether the words of a page differ, page from 0. The text of the codes and
// the copy's name are no difference: nothing is read near them.
func (m *matcher) printDiffers(page int) bool {
	return !slices.Equal(m.ref.wordsOf(page), m.own.wordsOf(page))
}

// wordsOf lists the words of a page with their places to a fifth of a mm.
func (c *printedCopy) wordsOf(page int) (list []string) {
	for _, w := range c.sheets[page].Words {
		if strings.Contains(w.Text, c.name) {
			continue
		}
		list = append(list, fmt.Sprintf("%s %.0f %.0f", w.Text, 5*w.X, 5*w.Y))
	}
	slices.Sort(list)
	return list
}
