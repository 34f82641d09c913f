package exam

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Grades is the grading key: which total earns which grade. Either the borders are listed, or a
// scheme makes them.
type Grades struct {
	List []GradeStep // in the order of the file, empty where there is a scheme

	Scheme string
	Pass   float64 // the least credits of the worst grade that passes
	Best   float64 // the least credits of the best grade
	Round  float64 // the borders between are rounded to multiples of it; 0: not at all
}

// GradeStep is the least total, in credits, that earns a grade.
type GradeStep struct {
	From  float64
	Grade string
}

// GermanThirds is the scheme of German universities: 5.0 below pass, then 4.0 to 1.0 in thirds.
const GermanThirds = "german-thirds"

// germanThirds are the grades that pass, from the worst to the best, and the one that does not.
var germanThirds = []string{"4.0", "3.7", "3.3", "3.0", "2.7", "2.3", "2.0", "1.7", "1.3", "1.0"}

const germanFail = "5.0"

// Grade returns the grade that a total earns; false where the exam has no grading key.
func (e *Exam) Grade(total float64) (grade string, ok bool) {
	if e.Grades == nil || math.IsNaN(total) {
		return "", false
	}
	steps := e.Grades.Steps()
	for i, s := range steps {
		// The lowest grade is earned by less than nothing, too: wrong options may cost credits.
		if i == 0 || total >= s.From-creditSlack {
			grade = s.Grade
		}
	}
	return grade, len(steps) > 0
}

// Steps returns the grading key with its borders, the lowest grade first; its border is 0.
//
// The borders of a scheme lie at equal steps from pass to best. They are rounded to the nearest
// multiple of Round, to the lower one from the middle between two; pass and best are not.
func (g *Grades) Steps() []GradeStep {
	if g.Scheme == "" {
		steps := slices.Clone(g.List)
		if g.descends() {
			slices.Reverse(steps)
		}
		return steps
	}
	steps := []GradeStep{{0, germanFail}}
	last := len(germanThirds) - 1
	for i, grade := range germanThirds {
		steps = append(steps, GradeStep{g.border(i, last), grade})
	}
	return steps
}

// border is the least total of grade i, from pass at 0 to best at last.
func (g *Grades) border(i, last int) float64 {
	at := g.Pass + (g.Best-g.Pass)*float64(i)/float64(last)
	if g.Round > 0 && i > 0 && i < last {
		// The slack keeps what is the middle on paper from being above it in floats.
		at = math.Ceil(at/g.Round-0.5-creditSlack) * g.Round
	}
	return exact(at)
}

// descends reports whether the list begins with the best grade.
func (g *Grades) descends() bool {
	n := len(g.List)
	return n > 1 && g.List[0].From > g.List[n-1].From
}

// grades reads the section of that name.
func (o object) grades() *Grades {
	f, ok := o.get("grades")
	if !ok {
		return nil
	}
	f.where = "grades"
	g := &Grades{}
	if isList(f.node) {
		for _, item := range f.items() {
			g.List = append(g.List, item.gradeStep())
		}
		return g
	}
	s, ok := f.object("scheme", "pass", "best", "round")
	if !ok {
		return nil
	}
	g.Scheme = s.word("scheme", "", GermanThirds)
	g.Pass, g.Best = s.needNumber("pass", "45.5"), s.needNumber("best", "86")
	s.optNumber("round", &g.Round)
	return g
}

func (v value) gradeStep() (s GradeStep) {
	o, ok := v.object("from", "grade")
	if !ok {
		return s
	}
	o.optNumber("from", &s.From)
	if f, ok := o.need("grade", `"4.0"`); ok {
		s.Grade = strings.TrimSpace(f.text())
	}
	return s
}

func (w *writer) grades(g *Grades) {
	switch {
	case g == nil:
	case g.Scheme == "":
		w.line("grades:   # the least credits of each grade")
		for _, s := range g.List {
			w.line("  - {from: %s, grade: %s}", FormatNumber(s.From), quoted(s.Grade))
		}
	case g.Round == 0:
		w.line("grades: {scheme: %s, pass: %s, best: %s}", g.Scheme, FormatNumber(g.Pass), FormatNumber(g.Best))
	default:
		w.line("grades: {scheme: %s, pass: %s, best: %s, round: %s}", g.Scheme, FormatNumber(g.Pass), FormatNumber(g.Best), FormatNumber(g.Round))
	}
}

// line is what the grading key adds to the scoring hash.
func (g *Grades) line() string {
	var b strings.Builder
	b.WriteString("grades")
	for _, s := range g.Steps() {
		fmt.Fprintf(&b, " %s %q", FormatNumber(s.From), s.Grade)
	}
	return b.String()
}
