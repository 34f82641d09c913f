package author

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"scan/internal/exam"
	"scan/internal/geom"
)

// Draft is an exam as it was found on a form, and what a person should look at.
type Draft struct {
	Exam   *exam.Exam
	Stated *float64 // what the form says the exam is worth, nil if it does not
	Notes  []Note
	Spare  [][]Square // per page, squares that are no boxes to be read: examples
	From   string     // "form fields", "vector paths" or "pixels"

	texts map[string]string // of the options, by field; only where copies differ
}

// Note is something that had to be guessed, or that does not agree.
type Note struct {
	Page int // 0: the whole form
	Text string
}

// unit is a question as it was found on a page.
type unit struct {
	page    int
	at      geom.Point // where it begins
	options []Square   // of a choice question
	columns []column   // of a credit question, first corrector first
	problem string     // where the name of a form field says it
	part    string
	label   *label
}

// drafter collects a draft.
type drafter struct {
	Draft
	sheets   []Sheet
	lines    [][]line
	headings []placedHeading
	units    []unit
	labelled []pageLabels // where questions may begin
	flat     bool         // questions are numbered through, without problems
	implied  bool         // the numbers of questions stand for problems
}

type pageLabels struct {
	page   int
	labels []label
}

type placedHeading struct {
	heading
	page int
	y    float64
}

// draft reads the sheets of a form, one per page.
func draft(sheets []Sheet) Draft {
	d := drafter{sheets: sheets, Draft: Draft{Exam: &exam.Exam{Version: 1, Pages: len(sheets)}, Spare: make([][]Square, len(sheets))}}
	body := bodySize(sheets)
	for i, s := range sheets {
		ls := lines(s.Words, barriers(s.Squares, s.Rules))
		d.lines = append(d.lines, ls)
		for _, l := range ls {
			if h, ok := headingOf(l, body); ok {
				d.headings = append(d.headings, placedHeading{h, i + 1, l.Y})
			}
		}
	}
	d.headings = dropRepeated(d.headings)
	d.title()
	for i := range sheets {
		d.page(i + 1)
	}
	d.impliedProblems()
	d.problems()
	d.cover()
	d.dropEmpty()
	d.checkTotals()
	return d.Draft
}

// dropRepeated keeps the first heading of each problem: running heads repeat them.
func dropRepeated(hs []placedHeading) (out []placedHeading) {
	for _, h := range hs {
		if !slices.ContainsFunc(out, func(o placedHeading) bool { return o.id == h.id }) {
			out = append(out, h)
		}
	}
	return out
}

func (d *drafter) note(page int, format string, args ...any) {
	d.Notes = append(d.Notes, Note{page, fmt.Sprintf(format, args...)})
}

// logoPt is larger than titles are set, in points: what is read there by OCR is a logo.
const logoPt = 36

// title takes the largest print of the first page.
func (d *drafter) title() {
	var best line
	for _, l := range d.lines[0] {
		if l.Y < 0.5*d.sheets[0].HeightMM && l.size > best.size+0.5 && l.size < logoPt && len(l.text()) > 3 {
			best = l
		}
	}
	d.Exam.Title = best.text()
}

// page finds the questions of one page.
func (d *drafter) page(page int) {
	s := &d.sheets[page-1]
	named := d.anyNamed()
	var squares []Square
	for _, q := range s.Squares {
		if named && q.Field == "" || q.Solid || onGrid(q.Box, s.Rules) {
			d.Spare[page-1] = append(d.Spare[page-1], q)
			continue
		}
		squares = append(squares, q)
	}
	squares, grid := withoutGrids(squares)
	d.Spare[page-1] = append(d.Spare[page-1], grid...)
	columns, alone := split(squares)
	columns, rows := d.optionTables(page, columns)
	alone = append(alone, rows...)
	sortReading(alone)
	labels := d.labels(page, alone)
	d.labelled = append(d.labelled, pageLabels{page, labels})
	for _, pair := range pair(columns) {
		d.addColumns(page, pair, labels)
	}
	d.addChoices(page, alone, labels)
}

func (d *drafter) anyNamed() bool {
	return slices.ContainsFunc(d.sheets, func(s Sheet) bool {
		return slices.ContainsFunc(s.Squares, func(q Square) bool { return q.Field != "" })
	})
}

// labels lists where questions begin. What stands right of a box is an option's own label.
func (d *drafter) labels(page int, squares []Square) (all []label) {
	for _, l := range d.lines[page-1] {
		lb, ok := labelOf(l)
		ok = ok && !d.endsRow(page, l)
		if ok && !slices.ContainsFunc(squares, func(q Square) bool { return besideLeft(q.Box, l.Box) }) {
			if lb.credits == nil {
				lb.credits = d.pointsBeside(page, l)
			}
			all = append(all, lb)
		}
	}
	return all
}

// endsRow reports whether a line holds nothing but points in brackets, behind other text.
func (d *drafter) endsRow(page int, l line) bool {
	return marginPoints.MatchString(l.text()) && slices.ContainsFunc(d.lines[page-1], func(o line) bool {
		return o.X+o.W < l.X && sameLine(o.Box, l.Box)
	})
}

// pointsBeside finds points in brackets that stand alone at the end of a label's line.
func (d *drafter) pointsBeside(page int, l line) *float64 {
	for _, o := range d.lines[page-1] {
		if o.X > l.X+l.W && sameLine(l.Box, o.Box) {
			if m := marginPoints.FindStringSubmatch(o.text()); m != nil {
				c := parseNumber(m[1])
				return &c
			}
		}
	}
	return nil
}

// besideLeft reports whether a box stands just left of a line.
func besideLeft(b, l geom.Box) bool {
	gap := l.X - b.X - b.W
	return gap > -1 && gap < 9 && math.Abs(l.Center().Y-b.Center().Y) < math.Max(b.H, l.H)*0.7
}

func (d *drafter) addColumns(page int, pair []column, labels []label) {
	u := unit{page: page, at: geom.Point{X: pair[0].box.X, Y: pair[0].box.Y}, columns: pair}
	if p, part, ok := fieldName(pair[0].cells[0].Field); ok {
		u.problem, u.part = p, part
	}
	u.label = nearestLabel(labels, pair[0].box)
	d.units = append(d.units, u)
}

// nearestLabel finds the label that a margin column belongs to: the one beside its top, or the
// last one above.
func nearestLabel(labels []label, b geom.Box) *label {
	best, bestD := -1, math.Inf(1)
	for i, l := range labels {
		dy := l.Y - b.Y
		if dy < 0 {
			dy *= -1.5 // a column begins with its question, or a little above
		}
		if l.Y > b.Y+b.H || dy > 60 {
			continue
		}
		if dy < bestD {
			best, bestD = i, dy
		}
	}
	if best < 0 {
		return nil
	}
	return &labels[best]
}

// addChoices groups boxes that stand alone to questions.
func (d *drafter) addChoices(page int, alone []Square, labels []label) {
	var groups []unit
	for _, q := range alone {
		if !d.isOption(page, q) {
			d.Spare[page-1] = append(d.Spare[page-1], q)
			continue
		}
		u := unit{page: page, at: geom.Point{X: q.X, Y: q.Y}, options: []Square{q}}
		if p, part, ok := fieldName(q.Field); ok {
			u.problem, u.part = p, part
		} else {
			u.label = labelAbove(labels, q.Box)
		}
		k := slices.IndexFunc(groups, func(g unit) bool { return sameQuestion(g, u, q) })
		if k < 0 {
			groups = append(groups, u)
			continue
		}
		groups[k].options = append(groups[k].options, q)
	}
	for _, g := range groups {
		if len(g.options) == 1 && g.problem == "" {
			d.Spare[page-1] = append(d.Spare[page-1], g.options[0])
			d.note(page, "a single box at x %.0f, y %.0f mm was taken for no question; add it if it is one", g.at.X, g.at.Y)
			continue
		}
		d.units = append(d.units, g)
	}
}

// sameQuestion reports whether a box belongs to a group: named so by its form field, below the
// same label, or without any label right below the last one.
func sameQuestion(g, u unit, q Square) bool {
	last := g.options[len(g.options)-1]
	switch {
	case g.problem != "" || u.problem != "":
		return g.problem == u.problem && g.part == u.part
	case g.label != nil && u.label != nil:
		return g.label.Box == u.label.Box
	case g.label != nil || u.label != nil:
		return false
	}
	return math.Abs(q.X-last.X) < 1 && q.Y-last.Y < 20 || math.Abs(q.Y-last.Y) < 1
}

// labelAbove finds the label a box stands below, in its own text column.
func labelAbove(labels []label, b geom.Box) *label {
	best := -1
	for i, l := range labels {
		if l.X > b.X+1 || l.Y > b.Y+b.H || b.X-l.X > farLeft && math.Abs(l.Center().Y-b.Center().Y) > b.H {
			continue
		}
		if best < 0 || later(l, labels[best]) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return &labels[best]
}

// farLeft is how far left of a box the label of its question may begin, unless it stands in the
// same row.
const farLeft = 119.0

// later reports whether a label is nearer to what stands below and right of both: the text
// column further right counts before the lower line.
func later(l, than label) bool {
	if d := l.X - than.X; math.Abs(d) > 40 {
		return d > 0
	}
	return l.Y > than.Y
}

// isOption reports whether a lone box is something to cross: text stands right of it, and it is
// not an example within a sentence or a box of the page's foot ("Page empty").
func (d *drafter) isOption(page int, q Square) bool {
	if q.Field != "" {
		return true
	}
	s := d.sheets[page-1]
	if q.Y > s.HeightMM-14 || slices.ContainsFunc(s.Words, func(w Word) bool {
		return overlap(w.Box, q.Box) > 0.5 && w.Area() > 0.1*q.Area() && !isBoxSign(w.Text) && len([]rune(w.Text)) > 1
	}) {
		return false
	}
	right := slices.ContainsFunc(s.Words, func(w Word) bool { return besideLeft(q.Box, w.Box) })
	left := slices.ContainsFunc(s.Words, func(w Word) bool {
		gap := q.X - w.X - w.W
		return gap > -0.5 && gap < 6 && math.Abs(w.Center().Y-q.Center().Y) < q.H && len(w.Text) > 1
	})
	return right && !left || d.inRow(page, q) && (right || d.saysLeft(page, q))
}

// saysLeft reports whether text stands anywhere left of a box on its line: the number of the
// question, or a statement.
func (d *drafter) saysLeft(page int, q Square) bool {
	return slices.ContainsFunc(d.sheets[page-1].Words, func(w Word) bool {
		return w.X+w.W < q.X+0.5 && math.Abs(w.Center().Y-q.Center().Y) < math.Max(q.H, w.H)*0.8
	})
}

// inRow reports whether boxes of the same kind stand on the same line: options side by side.
func (d *drafter) inRow(page int, q Square) bool {
	n := 0
	for _, o := range d.sheets[page-1].Squares {
		if math.Abs(o.Y-q.Y) < 1 && math.Abs(o.W-q.W) < 0.3 && !o.Solid {
			n++
		}
	}
	return n >= 2
}

// byPlace orders units as a reader meets them.
func byPlace(a, b unit) int {
	return cmp.Or(cmp.Compare(a.page, b.page), sign(columnOf(a)-columnOf(b)), sign(a.at.Y-b.at.Y), sign(a.at.X-b.at.X))
}

// columnOf tells the left text column from the right one where a label says so.
func columnOf(u unit) float64 {
	if u.label == nil || len(u.columns) > 0 {
		return 0
	}
	return math.Floor(u.label.X / 80)
}
