package report

import (
	"html/template"
	"slices"

	"scan/internal/exam"
	"scan/internal/mark"
)

// view is the page as the template shows it: words and shapes, nothing left to compute.
type view struct {
	CSS      template.CSS
	Title    string
	Exam     string
	Facts    []string // under the title
	Notices  []string
	Tiles    []tile
	Sections []section
}

// tile is a number to see first; faint where it is not known.
type tile struct {
	Label, Value, Note string
	Faint              bool
}

// section is a part of the page with a heading.
type section struct {
	ID, Title string
	Blocks    []block
}

// block is one thing of a section: the field that is set.
type block struct {
	Heading string
	Text    string
	Chart   *chart
	Key     *[2]string // beside a chart of two kinds of bars: what they are
	Grid    *grid
	Terms   []term
}

// term is a word and what it means.
type term struct{ Name, Text string }

// numbers is everything that was computed.
type numbers struct {
	Data
	table         *table
	answers       answers
	totals        distribution
	grades        []gradeCount
	problems      []itemFigures
	items         []itemFigures
	byItems       reliability
	byProblems    reliability
	correctors    []correctorFigures
	reader        readerFigures
	waiting, lack int // booklets in review, and incomplete ones
}

func compute(d Data) *numbers {
	n := &numbers{Data: d, table: newTable(d.Exam, d.Batch.Sheets), reader: newReaderFigures(d.Batch)}
	t := n.table
	n.answers = answersOf(t.sheets, d.Batch.Readings)
	n.totals, n.grades = t.distribution(), grades(d.Exam, t.totals)
	for i := range t.problems {
		n.problems = append(n.problems, t.figures(i, t.problems))
	}
	for i := range t.items {
		n.items = append(n.items, t.figures(i, t.items))
	}
	n.byItems, n.byProblems = t.reliability(t.items), t.reliability(t.problems)
	n.correctors = correctors(d.Exam, t.sheets, n.answers)
	for _, s := range d.Batch.Sheets {
		switch s.Status {
		case mark.StatusReview:
			n.waiting++
		case mark.StatusIncomplete:
			n.lack++
		}
	}
	return n
}

func newView(d Data, w words) view {
	n := compute(d)
	v := view{CSS: style(), Title: d.Exam.Title, Exam: d.Exam.ID, Notices: w.notices(n), Tiles: w.tiles(n)}
	if v.Title == "" {
		v.Title = d.Exam.ID
	}
	v.Facts = w.facts(d)
	if len(n.table.totals) > 0 {
		v.Sections = []section{w.totals(n), w.problems(n), w.questions(n), w.choices(n), w.agreement(n), w.correctors(n)}
	}
	v.Sections = append(v.Sections, w.reading(n), w.people(n), w.methods(n))
	v.Sections = slices.DeleteFunc(v.Sections, func(s section) bool { return len(s.Blocks) == 0 })
	return v
}

// style is the page's style sheet, which is part of the program.
func style() template.CSS {
	b, err := files.ReadFile("templates/style.css")
	if err != nil {
		panic("report: " + err.Error())
	}
	return template.CSS(b) //nolint:gosec // embedded
}

func (w words) facts(d Data) []string {
	facts := []string{w.say("facts.exam", d.Exam.ID), w.say("facts.credits", w.credits(d.Exam.Total()))}
	if !d.Now.IsZero() {
		facts = append(facts, w.say("facts.written", w.moment(d.Now)))
	}
	if d.Run.Program != "" {
		facts = append(facts, w.say("facts.program", d.Run.Program))
	}
	return facts
}

// rough is how many booklets correlations need to be more than a hint.
const rough = 30

func (w words) notices(n *numbers) []string {
	var all []string
	count, of := len(n.table.totals), len(n.Batch.Sheets)
	switch {
	case of == 0:
		all = append(all, w.say("notice.empty"))
	case count == 0:
		all = append(all, w.say("notice.none", w.count(of), w.count(n.waiting), w.count(n.lack)))
	case count < of:
		all = append(all, w.say("notice.some", w.count(count), w.count(of), w.count(n.waiting), w.count(n.lack)))
	default:
		all = append(all, w.say("notice.all", w.booklets(of)))
	}
	if count > 0 && count < rough {
		all = append(all, w.say("notice.few", w.count(count), w.count(rough)))
	}
	if missing := n.Exam.KeyMissing(); len(missing) > 0 {
		all = append(all, w.say("notice.key", w.list(missing)))
	}
	if void := voids(n.Exam); len(void) > 0 {
		all = append(all, w.say("notice.void", w.list(void)))
	}
	return all
}

// voids names the questions and options that do not count as printed.
func voids(e *exam.Exam) []string {
	var all []string
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			if q.Void != "" {
				all = append(all, q.ID)
				continue
			}
			for _, o := range q.Options {
				if o.Void {
					all = append(all, exam.OptionField(q.ID, o.ID))
				}
			}
		}
	}
	return all
}

// booklets says how many booklets.
func (w words) booklets(n int) string { return w.counted("booklets", n) }
