package author

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"scan/internal/exam"
	"scan/internal/geom"
)

// namedField is how check boxes of known exam classes are called: problem, part, sub-part, then
// m and the option, or c and the cell.
var namedField = regexp.MustCompile(`^p?(\d{1,2})\.?([a-z]|\d{1,2})(?:\.?(\d{1,2}))?(m|c)\d+$`)

// fieldName takes the problem and the part out of a field's name.
func fieldName(name string) (problem, part string, ok bool) {
	m := namedField.FindStringSubmatch(name)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// problems turns the units into problems with questions.
func (d *drafter) problems() {
	slices.SortStableFunc(d.units, byPlace)
	for _, h := range d.headings {
		d.Exam.Problems = append(d.Exam.Problems, exam.Problem{ID: h.id, Title: h.title, Credits: h.credits})
	}
	for i := range d.units {
		u := &d.units[i]
		p := d.problemOf(u)
		q := d.question(u, p)
		q.ID = d.unique(q.ID, u.page)
		p.Questions = append(p.Questions, q)
	}
	d.shareCredits()
}

// problemOf finds the problem of a unit: by its field's name, by a label such as 2.1, by the
// last heading before it.
func (d *drafter) problemOf(u *unit) *exam.Problem {
	id := u.problem
	if id == "" && u.label != nil && u.label.full {
		id = leadingDigits(u.label.id)
	}
	for _, h := range d.headings {
		if id == "" || u.problem == "" && (u.label == nil || !u.label.full) {
			if h.page < u.page || h.page == u.page && h.y <= u.at.Y+3 {
				id = h.id
			}
		}
	}
	if id == "" {
		id = "1"
	}
	for i := range d.Exam.Problems {
		if d.Exam.Problems[i].ID == id {
			return &d.Exam.Problems[i]
		}
	}
	d.Exam.Problems = append(d.Exam.Problems, exam.Problem{ID: id})
	return &d.Exam.Problems[len(d.Exam.Problems)-1]
}

func leadingDigits(s string) string {
	for i, r := range s {
		if r < '0' || r > '9' {
			return s[:i]
		}
	}
	return s
}

func (d *drafter) question(u *unit, p *exam.Problem) exam.Question {
	q := exam.Question{Page: u.page, ID: u.id(p, d.flat, d.implied)}
	if q.ID == "" {
		q.ID = p.ID + "." + strconv.Itoa(len(p.Questions)+1)
		d.note(u.page, "question at y %.0f mm has no label that could be read; it is called %s", u.at.Y, q.ID)
	}
	if len(u.columns) > 0 {
		d.credit(&q, u)
		return q
	}
	q.Kind, q.Rule, q.Select = exam.Choice, exam.AllOrNothing, d.selects(u)
	for i, o := range d.order(u.page, u.options) {
		q.Options = append(q.Options, exam.Option{ID: optionID(i), Box: round(o.Box)})
	}
	if u.label != nil && u.label.credits != nil {
		q.Credits = *u.label.credits
	}
	return q
}

// id names the unit by its field or its label, "" if it has neither.
func (u *unit) id(p *exam.Problem, flat, implied bool) string {
	switch {
	case u.problem != "" && u.part[0] >= 'a':
		return u.problem + u.part
	case u.problem != "":
		return u.problem + "." + u.part
	case u.label != nil:
		if flat || implied && u.label.id == p.ID {
			return u.label.name("")
		}
		return u.label.name(p.ID)
	}
	return ""
}

func optionID(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return strconv.Itoa(i + 1)
}

// unique appends a number to an id that is taken.
func (d *drafter) unique(id string, page int) string {
	taken := func(id string) bool {
		return slices.ContainsFunc(d.Exam.Problems, func(o exam.Problem) bool {
			return slices.ContainsFunc(o.Questions, func(q exam.Question) bool { return q.ID == id })
		})
	}
	if !taken(id) {
		return id
	}
	for n := 2; ; n++ {
		if next := id + "-" + strconv.Itoa(n); !taken(next) {
			d.note(page, "there are two questions %s; one is called %s", id, next)
			return next
		}
	}
}

// credit reads what the cells of a column are worth.
func (d *drafter) credit(q *exam.Question, u *unit) {
	q.Kind = exam.Credit
	cells := u.columns[0].cells
	step, how := d.step(u, len(cells))
	for who, c := range u.columns {
		for i, cell := range c.cells {
			q.Boxes = append(q.Boxes, exam.CreditBox{Credits: float64(i) * step, Box: round(cell.Box), Corrector: who + 1})
		}
	}
	q.Credits = float64(len(cells)-1) * step
	if how == "" {
		d.note(u.page, "the column of %s has no numbers that could be read; half credits are assumed, which makes %g", q.ID, q.Credits)
	}
}

// step is the credits from one cell to the next: by the numbers beside the column, or by what the
// question is said to be worth.
func (d *drafter) step(u *unit, cells int) (step float64, how string) {
	first, last := u.columns[0], u.columns[len(u.columns)-1]
	var all []valued
	places := map[int]bool{}
	for _, w := range d.sheets[u.page-1].Words {
		if len([]rune(w.Text)) > 3 || !nearColumn(w.Box, first.box, last.box) {
			continue
		}
		for i, c := range first.cells {
			if math.Abs(c.Center().Y-w.Center().Y) >= 0.3*c.H {
				continue
			}
			places[i] = true
			if number.MatchString(w.Text) {
				all = append(all, valued{float64(i), parseNumber(w.Text)})
			}
		}
	}
	if s, ok := commonStep(all); ok {
		return s, "numbers"
	}
	if u.label != nil && u.label.credits != nil && cells > 1 {
		if s := *u.label.credits / float64(cells-1); s == 0.5 || s == 1 {
			return s, "label"
		}
	}
	if s, ok := stepOfPlaces(places); ok {
		d.note(u.page, "the numbers beside a column at y %.0f mm could not be read; where they stand makes a step of %g", first.box.Y, s)
		return s, "places"
	}
	return 0.5, ""
}

// stepOfPlaces tells from where numbers stand, unread, what a cell is worth: numbers are whole, so
// one beside every cell makes whole credits, one beside every other makes halves.
func stepOfPlaces(places map[int]bool) (step float64, ok bool) {
	if !places[0] || len(places) < 2 {
		return 0, false
	}
	for _, every := range []int{1, 2} {
		fits := true
		for i := range places {
			fits = fits && i%every == 0 && i/every < len(places)
		}
		if fits {
			return 1 / float64(every), true
		}
	}
	return 0, false
}

// valued is a number read beside a cell.
type valued struct{ cell, value float64 }

// commonStep is what most pairs of numbers agree on.
func commonStep(all []valued) (step float64, ok bool) {
	votes := map[float64]int{}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if b.cell == a.cell {
				continue
			}
			if s := (b.value - a.value) / (b.cell - a.cell); s == 0.25 || s == 0.5 || s == 1 || s == 2 {
				votes[s]++
			}
		}
	}
	most := 0
	for _, s := range []float64{0.5, 1, 2, 0.25} {
		if votes[s] > most {
			step, most = s, votes[s]
		}
	}
	return step, most > 0
}

// nearColumn reports whether a number stands right beside a column or a pair of them.
func nearColumn(w, first, last geom.Box) bool {
	left, right := first.X-w.X-w.W, w.X-last.X-last.W
	return left > -0.5 && left < 6 || right > -0.5 && right < 6
}

// shareCredits fills in what choice questions are worth where they do not say it themselves.
func (d *drafter) shareCredits() {
	each, said := d.creditsEach()
	for i := range d.Exam.Problems {
		p := &d.Exam.Problems[i]
		open, rest := 0, 0.0
		if p.Credits != nil {
			rest = *p.Credits
		}
		for _, q := range p.Questions {
			rest -= q.Credits
			if q.Credits == 0 {
				open++
			}
		}
		if open == 0 {
			continue
		}
		share := rest / float64(open)
		if p.Credits == nil || share <= 0 || math.Mod(share*4, 1) != 0 {
			share = each
			if !said {
				share = 1
			}
		}
		for j := range p.Questions {
			if p.Questions[j].Credits == 0 {
				p.Questions[j].Credits = share
			}
		}
		if p.Credits == nil && !said {
			d.note(p.Questions[0].Page, "nothing says what the questions of problem %s are worth; 1 credit each is assumed", p.ID)
		}
	}
}

// perQuestion is "2 points if all boxes are answered correctly" and the like.
var perQuestion = regexp.MustCompile(`(?i)(\d(?:[.,]5)?)\s*(?:credits?|points?|punkte?)\s*(?:if|wenn|falls|per|pro|for each|je)\b`)

func (d *drafter) creditsEach() (credits float64, ok bool) {
	for _, ls := range d.lines {
		for _, l := range ls {
			if m := perQuestion.FindStringSubmatch(l.text()); m != nil {
				return parseNumber(m[1]), true
			}
		}
	}
	return 0, false
}

// round gives lengths to a hundredth of a mm: what a person can read in the file.
func round(b geom.Box) geom.Box {
	r := func(v float64) float64 { return math.Round(v*100) / 100 }
	return geom.Box{X: r(b.X), Y: r(b.Y), W: r(b.W), H: r(b.H)}
}
