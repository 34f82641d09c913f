package author

import (
	"fmt"
	"math"
	"slices"

	"scan/internal/exam"
)

// impliedProblems looks at forms without headings. Where numbered questions have lettered parts,
// the numbers are the problems; where they have none, all questions are of one problem.
func (d *drafter) impliedProblems() {
	if len(d.headings) > 0 || slices.ContainsFunc(d.units, func(u unit) bool { return u.problem != "" }) {
		return
	}
	parts := slices.ContainsFunc(d.units, func(u unit) bool { return u.label != nil && !u.label.full && !u.label.isNumber() })
	if !parts {
		d.flat = true
		return
	}
	d.implied = true
	for _, p := range d.labelled {
		for i := range p.labels {
			l := &p.labels[i]
			known := slices.ContainsFunc(d.headings, func(h placedHeading) bool { return h.id == l.id })
			if l.isNumber() && !known && d.begins(p.page, l) {
				d.headings = append(d.headings, placedHeading{heading{id: l.id, credits: l.credits}, p.page, l.Y})
			}
		}
	}
}

// begins reports whether a numbered label is a problem: it says what it is worth, or boxes stand
// below it before the next number.
func (d *drafter) begins(page int, l *label) bool {
	if l.credits != nil {
		return true
	}
	next := math.Inf(1)
	for _, p := range d.labelled {
		for _, o := range p.labels {
			if p.page == page && o.isNumber() && o.Y > l.Y+1 {
				next = math.Min(next, o.Y)
			}
		}
	}
	return slices.ContainsFunc(d.units, func(u unit) bool { return u.page == page && u.at.Y > l.Y-1 && u.at.Y < next })
}

// isNumber reports whether a label is a number alone.
func (l *label) isNumber() bool { return !l.full && l.id[0] >= '0' && l.id[0] <= '9' }

// dropEmpty leaves out problems without boxes and without a field for a score: nothing can be
// read of them, and exam.yaml cannot hold them.
func (d *drafter) dropEmpty() {
	d.Exam.Problems = slices.DeleteFunc(d.Exam.Problems, func(p exam.Problem) bool {
		scored := slices.ContainsFunc(d.Exam.Scores, func(s exam.Score) bool { return s.Problem == p.ID })
		if len(p.Questions) > 0 || scored {
			return false
		}
		worth := ""
		if p.Credits != nil {
			worth = fmt.Sprintf(" (%g credits)", *p.Credits)
		}
		d.note(0, "problem %s%s has no boxes and no field for a score; it is left out", p.ID, worth)
		return true
	})
}
