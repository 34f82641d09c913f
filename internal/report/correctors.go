package report

import (
	"math"
	"slices"
	"strconv"

	"scan/internal/exam"
	"scan/internal/mark"
)

// pair is what two correctors gave for the same work, in credits.
type pair struct{ first, second float64 }

// correctorFigures compares the two where both wrote something.
type correctorFigures struct {
	id, title string
	pairs     []pair
	differ    int
	mean, sd  figure // of second minus first, credits
	off       figure // mean of how far they are apart, whichever way
	largest   float64
}

// correctors compares every credit column that stands twice, then every problem with two handwritten scores.
func correctors(e *exam.Exam, sheets []mark.Sheet, read answers) []correctorFigures {
	var all []correctorFigures
	add := func(id, title, first, second string) {
		c := correctorFigures{id: id, title: title}
		for _, s := range sheets {
			x, ok := number(read[s.Booklet][first])
			y, too := number(read[s.Booklet][second])
			if ok && too {
				c.pairs = append(c.pairs, pair{x, y})
			}
		}
		all = append(all, c.compared())
	}
	for _, p := range e.Problems {
		for i := range p.Questions {
			if q := &p.Questions[i]; slices.Contains(q.Correctors(), 2) {
				add(q.ID, "", exam.CreditField(q.ID, 1), exam.CreditField(q.ID, 2))
			}
		}
	}
	for _, p := range e.Problems {
		first, second := scoreOf(e, p.ID, 1), scoreOf(e, p.ID, 2)
		if first != "" && second != "" {
			add(p.ID, p.Title, first, second)
		}
	}
	return all
}

// scoreOf returns the field in which a corrector writes the credits of a problem, "" if there is none.
func scoreOf(e *exam.Exam, problem string, corrector int) string {
	for _, s := range e.Scores {
		if s.Problem == problem && s.Corrector == corrector {
			return s.ID
		}
	}
	return ""
}

func number(value string) (float64, bool) {
	x, err := strconv.ParseFloat(value, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

func (c correctorFigures) compared() correctorFigures {
	var by, off []float64
	for _, p := range c.pairs {
		d := exact(p.second - p.first)
		by, off = append(by, d), append(off, math.Abs(d))
		if d != 0 {
			c.differ++
		}
		c.largest = max(c.largest, math.Abs(d))
	}
	c.mean, c.sd, c.off = mean(by), deviation(by), mean(off)
	return c
}

// together is all pairs as one comparison.
func together(all []correctorFigures) correctorFigures {
	var c correctorFigures
	for _, one := range all {
		c.pairs = append(c.pairs, one.pairs...)
	}
	return c.compared()
}
