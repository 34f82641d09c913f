package exam

import (
	"fmt"
	"math"
)

func (c *checker) grades() {
	g := c.exam.Grades
	if g == nil || c.holdsBroken("grades") {
		return
	}
	if g.Scheme == "" {
		c.gradeList(g.List)
		return
	}
	c.gradeScheme(g)
}

func (c *checker) gradeList(list []GradeStep) {
	if len(list) == 0 {
		c.say("grades", "grades", `there are no grades; list them as {from: 45.5, grade: "4.0"}, or take grades out`)
		return
	}
	down := (&Grades{List: list}).descends()
	lowest := 0
	if down {
		lowest = len(list) - 1
	}
	seen := map[string]bool{}
	for i, s := range list {
		path := fmt.Sprintf("grades[%d]", i)
		where := "grade " + s.Grade
		switch {
		case s.Grade == "":
			c.say(path+".grade", "grades", `a grade has no name; write for example grade: "4.0"`)
		case seen[s.Grade]:
			c.say(path+".grade", where, "the grade stands twice; each has one border: take one out")
		}
		seen[s.Grade] = true
		switch {
		case i == lowest && s.From != 0:
			c.say(path+".from", where, "from is %s, so that fewer credits have no grade; write from: 0 for the lowest grade", FormatNumber(s.From))
		case i > 0 && (s.From == list[i-1].From || s.From < list[i-1].From != down):
			c.say(path+".from", where, "from is %s, and %s for the grade before it; list the grades by their credits, each with its own",
				FormatNumber(s.From), FormatNumber(list[i-1].From))
		}
		c.withinTotal(path+".from", where, "from", s.From)
	}
}

func (c *checker) gradeScheme(g *Grades) {
	switch {
	case g.Scheme != GermanThirds:
		c.say("grades.scheme", "grades", "scheme %q is not known; write %s, or list the grades", g.Scheme, GermanThirds)
		return
	case !(g.Pass > 0) || !(g.Best > g.Pass):
		c.say("grades.best", "grades", "pass is %s and best %s; pass must be more than 0, and best more than pass", FormatNumber(g.Pass), FormatNumber(g.Best))
		return
	case g.Round < 0 || !finite(g.Round):
		c.say("grades.round", "grades", "round is %s; write the step of the borders, for example round: 0.5", FormatNumber(g.Round))
		return
	}
	c.withinTotal("grades.best", "grades", "best", g.Best)
	steps := g.Steps()
	for i := 1; i < len(steps); i++ {
		if steps[i].From <= steps[i-1].From+creditSlack {
			c.say("grades", "grades", "%s and %s both begin at %s credits; write a smaller round, or more credits between pass and best",
				steps[i-1].Grade, steps[i].Grade, FormatNumber(steps[i].From))
			return
		}
	}
}

// withinTotal checks that a border can be reached, now that void questions do not count.
func (c *checker) withinTotal(path, where, key string, from float64) {
	total := c.exam.Total()
	switch {
	case from < 0 || math.IsNaN(from):
		c.say(path, where, "%s is %s; write 0 or more credits", key, FormatNumber(from))
	case from > total+creditSlack && !c.holdsBroken("problems") && !c.holdsBroken("scores"):
		c.say(path, where, "%s is %s, but the exam has only %s credits; lower it", key, FormatNumber(from), FormatNumber(total))
	}
}
