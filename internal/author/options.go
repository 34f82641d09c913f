package author

import (
	"math"
	"regexp"
	"slices"

	"scan/internal/exam"
)

// farMM is the distance between two options on one line from which they are read as columns: a
// list set in two columns goes down the first one first.
const farMM = 40

// order brings the options of a question into the order in which a person counts them: by their
// printed letters, down the columns of a list set in columns, or else line by line.
func (d *drafter) order(page int, options []Square) []Square {
	out := slices.Clone(options)
	letters := map[Square]string{}
	for _, q := range out {
		for _, l := range d.lines[page-1] {
			if m := lettered.FindStringSubmatch(l.words[0].Text); m != nil && besideLeft(q.Box, l.words[0].Box) {
				letters[q] = m[1] + m[2]
			}
		}
	}
	switch {
	case len(letters) == len(out):
		slices.SortStableFunc(out, func(a, b Square) int { return sign(float64(letters[a][0]) - float64(letters[b][0])) })
	case inColumns(out):
		slices.SortStableFunc(out, func(a, b Square) int {
			if dx := a.X - b.X; math.Abs(dx) > farMM {
				return sign(dx)
			}
			return sign(a.Y - b.Y)
		})
	}
	return out
}

// inColumns reports whether options stand in two columns or more of two lines or more.
func inColumns(options []Square) bool {
	right, below := false, false
	for _, o := range options {
		right = right || math.Abs(o.X-options[0].X) > farMM
		below = below || math.Abs(o.Y-options[0].Y) > o.H
	}
	return right && below
}

// onlyOne is how forms say that one option may be crossed.
var onlyOne = regexp.MustCompile(`(?i)genau eine|nur eine|einfachauswahl|exactly one|only one|single choice|one correct answer|one answer`)

// selects reads how many options may be crossed: from the question's text, from what is said
// before the first question, from what stands above the boxes.
func (d *drafter) selects(u *unit) exam.Select {
	top := u.options[0].Y
	for _, o := range u.options {
		top = math.Min(top, o.Y)
	}
	if u.label != nil {
		for _, l := range d.lines[u.page-1] {
			if l.Y >= u.label.Y-1 && l.Y < top && l.X > u.label.X-2 && onlyOne.MatchString(l.text()) {
				return exam.SelectOne
			}
		}
	}
	if d.oneInPreface(u) || d.opposites(u) {
		return exam.SelectOne
	}
	return exam.SelectAny
}

// oneInPreface reports whether the text from a problem's heading (or the form's beginning) to its
// first question says that one option may be crossed.
func (d *drafter) oneInPreface(u *unit) bool {
	fromPage, fromY := 1, 0.0
	for _, h := range d.headings {
		if h.page < u.page || h.page == u.page && h.y <= u.at.Y+3 {
			fromPage, fromY = h.page, h.y
		}
	}
	page, y := d.firstLabel(fromPage, fromY)
	for _, l := range d.lines[fromPage-1] {
		if l.Y >= fromY-1 && (page > fromPage || l.Y < y) && onlyOne.MatchString(l.text()) {
			return true
		}
	}
	return false
}

// firstLabel finds where the first question after a place begins.
func (d *drafter) firstLabel(page int, y float64) (atPage int, atY float64) {
	atPage, atY = len(d.sheets)+1, 0
	for _, u := range d.units {
		top := u.at.Y
		if u.label != nil {
			top = u.label.Y - 0.5
		}
		after := u.page > page || u.page == page && top > y+1
		if after && (u.page < atPage || u.page == atPage && top < atY) {
			atPage, atY = u.page, top
		}
	}
	return atPage, atY
}

// opposite are the headings of tables in which one box of two is crossed.
var opposite = regexp.MustCompile(`(?i)^(true|false|richtig|falsch|wahr|unwahr|ja|nein|yes|no|right|wrong|stimmt|korrekt|correct|incorrect|r|f|w|t)$`)

// opposites reports whether a question has two boxes on a line below such headings.
func (d *drafter) opposites(u *unit) bool {
	if len(u.options) != 2 || math.Abs(u.options[0].Y-u.options[1].Y) > 1 {
		return false
	}
	for _, o := range u.options {
		headed := slices.ContainsFunc(d.sheets[u.page-1].Words, func(w Word) bool {
			return w.Y < o.Y && math.Abs(w.Center().X-o.Center().X) < math.Max(o.W, 0.6*w.W) && opposite.MatchString(w.Text)
		})
		if !headed {
			return false
		}
	}
	return true
}
