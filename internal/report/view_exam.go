package report

import (
	"strings"

	"scan/internal/exam"
)

func (w words) tiles(n *numbers) []tile {
	if len(n.table.totals) == 0 {
		return nil
	}
	d := n.totals
	text := func(f figure, say func(float64) string) string { return w.or(f, say).Text }
	tiles := []tile{
		{Label: w.say("tile.booklets"), Value: w.count(d.n), Note: w.say("tile.booklets.of", w.count(len(n.Batch.Sheets)))},
		w.tile("tile.mean", d.mean, w.number1, w.say("tile.mean.of", w.credits(n.table.most), text(part1(d.mean, n.table.most), w.percent))),
		w.tile("tile.median", d.median, w.credits, w.say("tile.median.half", text(d.q1, w.credits), text(d.q3, w.credits))),
		w.tile("tile.sd", d.sd, w.number1, w.say("tile.sd.unit")),
		w.tile("tile.alpha", n.byItems.alpha, w.number2, w.say("tile.alpha.of", w.count(n.byItems.items))),
	}
	if passed, ok := passes(n); ok {
		tiles = append(tiles, w.tile("tile.passed", part(passed, d.n), w.percent, w.say("tile.passed.of", w.count(passed), w.credits(n.Exam.Grades.Pass))))
	}
	return tiles
}

func (w words) tile(label string, f figure, say func(float64) string, note string) tile {
	c := w.or(f, say)
	return tile{w.say(label), c.Text, note, c.Faint}
}

// part1 is a mean as a share of the most.
func part1(f figure, most float64) figure {
	if !f.ok || most <= 0 {
		return figure{}
	}
	return known(f.x / most)
}

// passes counts the booklets that passed; ok is false where the grading key does not say what passes.
func passes(n *numbers) (passed int, ok bool) {
	if n.Exam.Grades == nil || n.Exam.Grades.Scheme == "" {
		return 0, false
	}
	for _, x := range n.table.totals {
		if exact(x) >= n.Exam.Grades.Pass {
			passed++
		}
	}
	return passed, true
}

func (w words) totals(n *numbers) section {
	d := n.totals
	s := section{ID: "distribution", Title: w.say("totals.title")}
	s.Blocks = append(s.Blocks, block{Chart: w.histogram(d)}, block{Text: w.say("totals.strip")},
		block{Grid: &grid{Caption: w.say("totals.caption"), Head: w.heads("totals", "what", "n", "mean", "sd", "least", "q1", "median", "q3", "most"),
			Groups: one([]row{{Head: w.say("totals.row"), Cells: []cell{plain(w.count(d.n)), w.or(d.mean, w.number2), w.or(d.sd, w.number2),
				w.or(d.least, w.credits), w.or(d.q1, w.credits), w.or(d.median, w.credits), w.or(d.q3, w.credits), w.or(d.most, w.credits)}}})}})
	if len(n.grades) == 0 {
		return s
	}
	g := grid{Caption: w.say("grades.caption"), Head: w.heads("grades", "grade", "from", "n", "share", "better")}
	var rows []row
	for _, c := range n.grades {
		rows = append(rows, row{Head: c.grade, Cells: []cell{plain(w.credits(c.from)), plain(w.count(c.n)),
			w.barred(part(c.n, d.n), "bar"), w.or(part(c.better, d.n), w.percent)}})
	}
	g.Groups = one(rows)
	s.Blocks = append(s.Blocks, block{Heading: w.say("grades.title")}, block{Chart: w.gradeChart(n.grades)}, block{Grid: &g})
	return s
}

// heads are the heads of a table's columns.
func (w words) heads(table string, columns ...string) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = w.say(table + ".col." + c)
	}
	return all
}

// itemColumns are those of problems and of questions.
var itemColumns = []string{"id", "most", "mean", "sd", "difficulty", "full", "zero", "discrimination", "without", "remark"}

func (w words) itemRow(it item, f itemFigures) row {
	var remarks []string
	for _, key := range f.remarks(it) {
		remarks = append(remarks, w.say(key))
	}
	return row{Head: it.id, Cells: []cell{plain(w.credits(it.credits)), w.or(f.mean, w.number2), w.or(f.sd, w.number2), w.barred(f.difficulty, "bar"),
		w.or(f.full, w.percent), w.or(f.zero, w.percent), w.or(f.discrimination, w.number2), w.or(f.alphaWithout, w.number2), plain(strings.Join(remarks, "; "))}}
}

func (w words) problems(n *numbers) section {
	var rows []row
	for i, it := range n.table.problems {
		r := w.itemRow(it, n.problems[i])
		r.Title = it.title
		rows = append(rows, r)
	}
	return section{ID: "problems", Title: w.say("problems.title"), Blocks: []block{{Text: w.say("items.text")},
		{Grid: &grid{Caption: w.say("problems.caption"), Head: w.heads("problems", itemColumns...), Words: 1, Groups: one(rows)}}}}
}

func (w words) questions(n *numbers) section {
	s := section{ID: "questions", Title: w.say("questions.title")}
	if c := w.itemChart(n.table.items, n.items); c != nil {
		s.Blocks = append(s.Blocks, block{Chart: c}, block{Text: w.say("items.limits", w.percent(hard), w.percent(easy), w.number(weak, 1))})
	}
	g := grid{Caption: w.say("questions.caption"), Head: w.heads("questions", itemColumns...), Words: 1}
	last := ""
	for i, it := range n.table.items {
		if i == 0 || it.problem != last {
			g.Groups = append(g.Groups, group{Title: w.problemName(n.Exam.Problem(it.problem))})
			last = it.problem
		}
		to := &g.Groups[len(g.Groups)-1]
		to.Rows = append(to.Rows, w.itemRow(it, n.items[i]))
	}
	s.Blocks = append(s.Blocks, block{Grid: &g})
	return s
}

func (w words) problemName(p *exam.Problem) string {
	return strings.TrimSpace(w.say("problem", p.ID) + " " + p.Title)
}

// choices is the distractor table: what was selected, by whom.
func (w words) choices(n *numbers) section {
	g := grid{Caption: w.say("options.caption"), Head: w.heads("options", "option", "n", "selected", "right", "upper", "lower", "biserial", "key", "remark"), Words: 2}
	for i, it := range n.table.items {
		if it.question == nil || it.question.Kind != exam.Choice {
			continue
		}
		of := group{Title: w.choiceName(it, n.items[i])}
		for _, o := range n.table.options(it, n.answers) {
			of.Rows = append(of.Rows, w.optionRow(o))
		}
		g.Groups = append(g.Groups, of)
	}
	if len(g.Groups) == 0 {
		return section{}
	}
	blocks := []block{{Text: w.say("options.text")}}
	if low, high, ok := thirds(n.table.totals); ok {
		blocks = append(blocks, block{Text: w.say("options.thirds", w.credits(low), w.credits(high))})
	}
	return section{ID: "options", Title: w.say("options.title"), Blocks: append(blocks, block{Grid: &g})}
}

// choiceName tells a choice question's credits and how it earns them.
func (w words) choiceName(it item, f itemFigures) string {
	name := w.say("options.question", it.id, w.credits(it.credits), w.say("rule."+string(it.question.Rule)))
	if f.difficulty.ok {
		name += w.say("options.earned", w.percent(f.difficulty.x))
	}
	return name
}

func (w words) optionRow(o optionFigures) row {
	key, class, remark := "key.unknown", "bar", ""
	switch {
	case o.void:
		key = "key.void"
	case o.correct != nil && *o.correct:
		key, class = "key.right", "bar right"
	case o.correct != nil:
		key, class = "key.wrong", "bar wrong"
	}
	if o.misleads() {
		remark = w.say("remark.misleads")
	}
	return row{Head: o.id, Cells: []cell{plain(w.count(o.n)), w.barred(o.selected, class), w.or(o.right, w.percent), w.or(o.upper, w.percent),
		w.or(o.lower, w.percent), w.or(o.biserial, w.number2), plain(w.say(key)), plain(remark)}}
}

// agreement is Cronbach's alpha.
func (w words) agreement(n *numbers) section {
	r := func(key string, r reliability) row {
		interval := cell{Text: w.say("unknown"), Faint: true}
		if r.low.ok && r.high.ok {
			interval = plain(w.say("between", w.number(r.low.x, 2), w.number(r.high.x, 2)))
		}
		return row{Head: w.say(key), Cells: []cell{plain(w.count(r.items)), w.or(r.alpha, w.number2), interval, w.or(r.sem, w.number1)}}
	}
	return section{ID: "reliability", Title: w.say("alpha.title"), Blocks: []block{{Text: w.say("alpha.text")},
		{Grid: &grid{Caption: w.say("alpha.caption"), Head: w.heads("alpha", "of", "k", "alpha", "range", "sem"),
			Groups: one([]row{r("alpha.questions", n.byItems), r("alpha.problems", n.byProblems)})}}}}
}

func (w words) correctors(n *numbers) section {
	s := section{ID: "correctors", Title: w.say("correctors.title")}
	if len(n.correctors) == 0 {
		return section{}
	}
	all := together(n.correctors)
	if len(all.pairs) == 0 {
		s.Blocks = []block{{Text: w.say("correctors.none")}}
		return s
	}
	line := func(head, title string, c correctorFigures) row {
		largest := figure{c.largest, len(c.pairs) > 0}
		return row{Head: head, Title: title, Cells: []cell{plain(w.count(len(c.pairs))), w.of(c.differ, len(c.pairs)), w.or(c.mean, w.signed), w.or(c.sd, w.number2),
			w.or(c.off, w.number2), w.or(largest, w.credits)}}
	}
	var rows []row
	for _, c := range n.correctors {
		rows = append(rows, line(c.id, c.title, c))
	}
	groups := []group{{Rows: rows}, {Rows: []row{line(w.say("correctors.all"), "", all)}}}
	s.Blocks = []block{{Text: w.say("correctors.text")}, {Chart: w.pairChart(all)},
		{Grid: &grid{Caption: w.say("correctors.caption"), Head: w.heads("correctors", "field", "n", "differ", "mean", "sd", "off", "largest"), Groups: groups}}}
	return s
}
