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

// selects reads from the question's text how many options may be crossed.
func (d *drafter) selects(u *unit) exam.Select {
	if u.label == nil {
		return exam.SelectAny
	}
	top := u.options[0].Y
	for _, o := range u.options {
		top = math.Min(top, o.Y)
	}
	for _, l := range d.lines[u.page-1] {
		if l.Y >= u.label.Y-1 && l.Y < top && l.X > u.label.X-2 && onlyOne.MatchString(l.text()) {
			return exam.SelectOne
		}
	}
	return exam.SelectAny
}
