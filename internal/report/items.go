package report

import (
	"scan/internal/exam"
	"scan/internal/mark"
)

// table is what the booklets that count earned.
type table struct {
	sheets   []mark.Sheet // final ones
	totals   []float64    // one a sheet
	most     float64      // credits of the exam
	problems []item
	items    []item // questions, and problems that have none
}

// item is what was earned on a problem or question.
type item struct {
	id, title, problem string
	credits            float64
	whole              bool // a problem by itself, without questions
	question           *exam.Question
	earned             []float64 // one a sheet
}

// newTable takes the sheets that are final and whose credits are all known.
func newTable(e *exam.Exam, all []mark.Sheet) *table {
	t := &table{most: e.Total()}
	for _, s := range all {
		if s.Status == mark.StatusFinal && s.Total != nil && complete(e, s) {
			t.sheets, t.totals = append(t.sheets, s), append(t.totals, *s.Total)
		}
	}
	for i := range e.Problems {
		p := &e.Problems[i]
		whole := item{id: p.ID, title: p.Title, problem: p.ID, credits: e.Worth(p.ID), whole: len(p.Questions) == 0,
			earned: t.earned(func(s mark.Sheet) *float64 { return s.Problems[p.ID] })}
		t.problems = append(t.problems, whole)
		if whole.whole {
			t.items = append(t.items, whole)
		}
		for j := range p.Questions {
			q := &p.Questions[j]
			t.items = append(t.items, item{id: q.ID, problem: p.ID, credits: q.Worth(), question: q,
				earned: t.earned(func(s mark.Sheet) *float64 { return s.Questions[q.ID] })})
		}
	}
	return t
}

// complete reports whether every problem and question of a sheet has its credits.
func complete(e *exam.Exam, s mark.Sheet) bool {
	for _, p := range e.Problems {
		if s.Problems[p.ID] == nil {
			return false
		}
		for _, q := range p.Questions {
			if s.Questions[q.ID] == nil {
				return false
			}
		}
	}
	return true
}

func (t *table) earned(of func(mark.Sheet) *float64) []float64 {
	xs := make([]float64, len(t.sheets))
	for i, s := range t.sheets {
		xs[i] = *of(s)
	}
	return xs
}

// itemFigures is how an item did.
type itemFigures struct {
	mean, sd       figure // credits
	difficulty     figure // mean / most: the share of its credits that was earned
	full, zero     figure // share of booklets with all credits, and with none or less
	discrimination figure // correlation with the total without the item itself
	alphaWithout   figure // Cronbach's alpha of all other items
}

// figures computes how an item did among its kind: the items or the problems.
func (t *table) figures(i int, kind []item) itemFigures {
	it := kind[i]
	f := itemFigures{mean: mean(it.earned), sd: deviation(it.earned),
		discrimination: correlation(it.earned, minus(t.totals, it.earned))}
	if it.credits > 0 && f.mean.ok {
		f.difficulty = known(f.mean.x / it.credits)
		full, zero := 0, 0
		for _, x := range it.earned {
			switch {
			case exact(x) >= exact(it.credits):
				full++
			case exact(x) <= 0:
				zero++
			}
		}
		f.full, f.zero = part(full, len(it.earned)), part(zero, len(it.earned))
	}
	if !alike(it.earned) {
		f.alphaWithout, _ = alpha(without(i, kind))
	}
	return f
}

// without lists what was earned on all items but one.
func without(skip int, kind []item) [][]float64 {
	var all [][]float64
	for i, it := range kind {
		if i != skip {
			all = append(all, it.earned)
		}
	}
	return all
}

// reliability is how well the items agree on who is good.
type reliability struct {
	alpha, low, high figure // Cronbach's, with its 95 % confidence interval
	items            int    // that vary
	sem              figure // standard error of measurement, credits
}

func (t *table) reliability(kind []item) reliability {
	var r reliability
	r.alpha, r.items = alpha(without(-1, kind))
	r.low, r.high = alphaRange(r.alpha, len(t.sheets), r.items)
	r.sem = measurementError(deviation(t.totals), r.alpha)
	return r
}

// Limits by which an item is remarked on; the page tells them.
const (
	hard        = 0.2 // less than this share of the credits was earned
	easy        = 0.9 // more than this share
	weak        = 0.2 // discrimination below this tells little (Ebel & Frisbie 1991)
	enoughForIt = 30  // booklets below which a weak discrimination is not remarked on
)

// remarks are words on an item that a person should look at, as keys of words/.
func (f itemFigures) remarks(it item) []string {
	if it.question != nil && it.question.Void != "" {
		return []string{"remark.void." + string(it.question.Void)}
	}
	var keys []string
	n := len(it.earned)
	switch d := f.discrimination; {
	case surelyNegative(d, n):
		keys = append(keys, "remark.negative")
	case d.ok && d.x < weak && n >= enoughForIt:
		keys = append(keys, "remark.weak")
	}
	switch d := f.difficulty; {
	case d.ok && d.x < hard:
		keys = append(keys, "remark.hard")
	case d.ok && d.x > easy:
		keys = append(keys, "remark.easy")
	}
	return keys
}
