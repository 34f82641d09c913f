package exam

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"unicode"
)

// creditSlack is how far two sums may differ and still agree: less than any step a
// person would write, more than what floats add up to.
const creditSlack = 1e-6

// Check reports everything inconsistent in an exam made in Go, as Parse does for a file.
func (e *Exam) Check() error {
	c := checker{exam: e, file: "exam.yaml"}
	c.run()
	return checkError(c.issues)
}

// checker collects what is inconsistent. Paths in broken could not be decoded and were
// reported already; nothing is said about them again.
type checker struct {
	exam   *Exam
	file   string
	broken []string
	issues []Issue
}

func (c *checker) run() {
	c.head()
	for i := range c.exam.Problems {
		c.problem(fmt.Sprintf("problems[%d]", i), &c.exam.Problems[i])
	}
	c.total()
	for i := range c.exam.Scores {
		c.score(fmt.Sprintf("scores[%d]", i), i)
	}
	c.grades()
	c.ids()
	c.fields()
	c.boxes()
}

// say records an issue unless its path is broken.
func (c *checker) say(path, where, format string, args ...any) {
	if c.isBroken(path) {
		return
	}
	c.issues = append(c.issues, Issue{File: c.file, Line: c.exam.lines.of(path), Where: where,
		Text: fmt.Sprintf(format, args...), Kind: ErrInconsistent})
}

func (c *checker) isBroken(path string) bool {
	for _, b := range c.broken {
		if path == b || strings.HasPrefix(path, b+".") || strings.HasPrefix(path, b+"[") {
			return true
		}
	}
	return false
}

// holdsBroken reports whether anything below a path is broken, so that sums mean nothing.
func (c *checker) holdsBroken(path string) bool {
	for _, b := range c.broken {
		if strings.HasPrefix(b, path) {
			return true
		}
	}
	return false
}

func (c *checker) head() {
	e := c.exam
	if e.Pages <= 0 {
		c.say("pages", "", "pages is %d; write how many pages a booklet has", e.Pages)
	}
	if strings.TrimSpace(e.ID) == "" {
		c.say("id", "", "id is empty; give the exam a short name, for example dl-endterm")
	}
	if e.Form == "" || !filepath.IsLocal(e.Form) {
		c.say("form", "", "form: %q is not a file in the exam folder; write its name, for example form.pdf", e.Form)
	}
	if e.Codes != nil && (e.Codes.PageOffset < 0 || e.Codes.PageOffset > 99) {
		c.say("codes.page_offset", "codes", "page_offset is %d; write how many pages the codes count before form page 1 (0 to 99)", e.Codes.PageOffset)
	}
	if e.CopiesFile != "" && !filepath.IsLocal(e.CopiesFile) {
		c.say("copies", "", "copies: %q is not a file in the exam folder; write its name, for example copies.yaml", e.CopiesFile)
	}
	c.conventions()
	if len(e.Problems) == 0 {
		c.say("problems", "", "there are no problems; list at least one with its questions or a score")
	}
	if e.Sticker != nil {
		c.page("sticker.page", "sticker", e.Sticker.Page)
	}
}

func (c *checker) page(path, where string, page int) {
	if c.exam.Pages > 0 && (page < 1 || page > c.exam.Pages) {
		c.say(path, where, "page %d is not in the booklet; pages run from 1 to %d", page, c.exam.Pages)
	}
}

// id checks the form of an id. Line breaks would tear the CSV columns named after it,
// a slash is what sets the second corrector's field apart.
func (c *checker) id(path, where, id string) {
	switch {
	case id == "":
		c.say(path+".id", where, `id is empty; write for example id: "1"`)
	case strings.ContainsFunc(id, func(r rune) bool { return unicode.IsControl(r) || r == '/' }):
		c.say(path+".id", where, "id %q holds a slash or a line break; use letters, digits, points and dashes", id)
	}
}

func (c *checker) problem(path string, p *Problem) {
	where := name("problem", path, p.ID)
	c.id(path, where, p.ID)
	for i := range p.Questions {
		c.question(fmt.Sprintf("%s.questions[%d]", path, i), &p.Questions[i])
	}
	worth := c.exam.printedWorth(p) // what is stated is what is printed
	switch {
	case len(p.Questions) == 0 && worth == 0 && !c.holdsBroken("scores"):
		c.say(path, where, "it has neither questions nor a score; list what earns its credits")
	case p.Credits != nil && math.Abs(*p.Credits-worth) > creditSlack && !c.holdsBroken(path+"."):
		c.say(path+".credits", where, "credits is %s, but its questions sum to %s; correct one of them",
			FormatNumber(*p.Credits), FormatNumber(worth))
	}
}

func (c *checker) total() {
	stated := c.exam.Credits
	if stated == nil || math.Abs(*stated-c.exam.printedTotal()) <= creditSlack || len(c.broken) > 0 {
		return
	}
	c.say("credits", "", "credits is %s, but the problems sum to %s; correct one of them",
		FormatNumber(*stated), FormatNumber(c.exam.printedTotal()))
}

func (c *checker) question(path string, q *Question) {
	where := name("question", path, q.ID)
	c.id(path, where, q.ID)
	c.page(path+".page", where, q.Page)
	if q.Credits < 0 || math.IsNaN(q.Credits) || math.IsInf(q.Credits, 0) {
		c.say(path+".credits", where, "credits is %s; write 0 or more", FormatNumber(q.Credits))
	}
	switch q.Kind {
	case Choice:
		c.choice(path, where, q)
	case Credit:
		c.credit(path, where, q)
	default:
		c.say(path+".kind", where, "kind %q is not known; write choice or credit", q.Kind)
	}
}

func (c *checker) choice(path, where string, q *Question) {
	if len(q.Options) == 0 {
		c.say(path+".options", where, "it has no options; list them with id and box")
	}
	correct, seen := 0, map[string]bool{}
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", path, i)
		label := within(where, name("option", at, o.ID))
		c.id(at, label, o.ID)
		if o.ID != "" && seen[o.ID] {
			c.say(at+".id", label, "the question has two options %s; give each its own id", o.ID)
		}
		seen[o.ID] = true
		if o.Correct != nil && *o.Correct && !o.Void {
			correct++
		}
	}
	if q.Select == SelectOne && correct > 1 {
		c.say(path+".select", where, "select: one, but %d options are correct; write select: any or correct the key", correct)
	}
	if q.Floor > q.Credits {
		c.say(path+".floor", where, "floor %s is more than the question's %s credits; lower it", FormatNumber(q.Floor), FormatNumber(q.Credits))
	}
	if q.Wrong > 0 {
		c.say(path+".wrong", where, "wrong is %s, so a wrong option would earn credits; write 0 or less", FormatNumber(q.Wrong))
	}
}

func (c *checker) credit(path, where string, q *Question) {
	if len(q.Boxes) == 0 {
		c.say(path+".boxes", where, "it has no boxes; list them with credits and box")
		return
	}
	for i, b := range q.Boxes {
		c.creditBox(fmt.Sprintf("%s.boxes[%d]", path, i), where, q, i, b)
	}
	if c.holdsBroken(path + ".") {
		return
	}
	for _, corrector := range []int{1, 2} {
		c.column(path, where, q, corrector)
	}
}

func (c *checker) creditBox(path, where string, q *Question, i int, b CreditBox) {
	label := within(where, "box "+FormatNumber(b.Credits))
	if b.Credits < 0 || b.Credits > q.Credits+creditSlack {
		c.say(path+".credits", label, "credits is not within 0 to the question's %s; correct one of them", FormatNumber(q.Credits))
	}
	if b.Corrector != 1 && b.Corrector != 2 {
		c.say(path+".corrector", label, "corrector is %d; write 1 or 2", b.Corrector)
	}
	for _, earlier := range q.Boxes[:i] {
		if earlier.Corrector == b.Corrector && math.Abs(earlier.Credits-b.Credits) <= creditSlack {
			c.say(path+".credits", label, "corrector %d has two boxes of %s credits; correct one", b.Corrector, FormatNumber(b.Credits))
		}
	}
}

// column checks that one corrector can award all credits of the question.
func (c *checker) column(path, where string, q *Question, corrector int) {
	column := q.Column(corrector)
	if len(column) == 0 {
		if corrector == 1 {
			c.say(path+".boxes", where, "the first corrector has no boxes; a single column is corrector: 1")
		}
		return
	}
	for _, b := range column {
		if math.Abs(b.Credits-q.Credits) <= creditSlack {
			return
		}
	}
	c.say(path+".credits", where, "credits is %s, but corrector %d has no box for it; add the box or correct credits",
		FormatNumber(q.Credits), corrector)
}

func (c *checker) score(path string, i int) {
	s := &c.exam.Scores[i]
	where := name("score", path, s.ID)
	c.id(path, where, s.ID)
	c.page(path+".page", where, s.Page)
	if s.Corrector != 1 && s.Corrector != 2 {
		c.say(path+".corrector", where, "corrector is %d; write 1 or 2", s.Corrector)
	}
	c.scoreRange(path, where, s)
	for _, earlier := range c.exam.Scores[:i] {
		if earlier.Problem == s.Problem && earlier.Corrector == s.Corrector {
			c.say(path, where, "score %s is already problem %s by corrector %d; correct problem or corrector", earlier.ID, s.Problem, s.Corrector)
		}
	}
	p := c.exam.Problem(s.Problem)
	if p == nil {
		c.say(path+".problem", where, "there is no problem %q; write the id of one", s.Problem)
		return
	}
	if worth := c.exam.PrintedWorth(s.Problem); math.Abs(s.Max-worth) > creditSlack && !c.anyProblemBroken() {
		c.say(path+".max", where, "max is %s, but problem %s is worth %s; correct one of them",
			FormatNumber(s.Max), s.Problem, FormatNumber(worth))
	}
}

func (c *checker) scoreRange(path, where string, s *Score) {
	if s.Max <= 0 {
		c.say(path+".max", where, "max is %s; write the largest number that may stand there", FormatNumber(s.Max))
		return
	}
	steps := s.Max / s.Step
	if s.Step <= 0 || math.Abs(steps-math.Round(steps)) > creditSlack {
		c.say(path+".step", where, "step %s does not divide max %s; write for example step: 0.5", FormatNumber(s.Step), FormatNumber(s.Max))
	}
}

func (c *checker) anyProblemBroken() bool { return c.holdsBroken("problems") }

// name is what a message calls a thing: its id, or its place where it has none.
func name(thing, path, id string) string {
	if id != "" {
		return thing + " " + id
	}
	o := object{value: value{path: path}}
	return thing + " " + o.position()
}
