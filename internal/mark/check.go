package mark

import (
	"math"
	"slices"

	"scan/internal/exam"
)

// Check uses what a booklet says twice: two scans of a field, two correctors, crosses
// that exclude each other, and handwritten scores against the sum of their credits.
// Agreement raises confidences, disagreement gives a reason. What a person decided is
// never changed.
func Check(e *exam.Exam, readings []Reading) []Reading {
	c := checker{book: newBook(e, readings), out: slices.Clone(readings), at: map[string]int{}}
	c.twice()
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			c.question(&e.Problems[i].Questions[j])
		}
	}
	for i := range e.Scores {
		c.emptyScore(&e.Scores[i])
	}
	for i := range e.Scores {
		c.score(&e.Scores[i])
	}
	return c.out
}

// checker changes readings in out; the book keeps what was read, but for scores that
// the sum resolved.
type checker struct {
	*book
	out []Reading
	at  map[string]int // field -> index of its first reading
}

// flag gives a reading a reason unless it has one already.
func (c *checker) flag(field, reason string) {
	if i, ok := c.at[field]; ok && c.out[i].Reason == "" {
		c.out[i].Reason = reason
	}
}

// twice finds each field's reading and flags fields with two that differ; the first one
// counts.
func (c *checker) twice() {
	for i, r := range c.out {
		first, seen := c.at[r.Field]
		if !seen {
			c.at[r.Field] = i
			if r.Reason == emptyField {
				c.out[i].Reason = ReasonEmpty
			}
			continue
		}
		if r.Value != c.out[first].Value {
			c.flag(r.Field, ReasonScans)
		}
	}
}

func (c *checker) question(q *exam.Question) {
	switch {
	case q.Kind == exam.Credit:
		c.columns(q)
	case q.Select == exam.SelectOne:
		c.severalCrosses(q)
	}
}

// columns lets the second corrector's column be empty and reports two different values.
func (c *checker) columns(q *exam.Question) {
	second := exam.CreditField(q.ID, 2)
	i, ok := c.at[second]
	if !ok {
		return
	}
	if r := &c.out[i]; r.Value == "" && r.Reason == noneMarked {
		r.Reason = ReasonEmpty
		return
	}
	v1, v2 := c.number(exam.CreditField(q.ID, 1)), c.number(second)
	if v1 != nil && v2 != nil && *v1 != *v2 {
		c.flag(second, ReasonCorrectors)
	}
}

func (c *checker) severalCrosses(q *exam.Question) {
	var crossed []string
	for _, o := range q.Options {
		field := exam.OptionField(q.ID, o.ID)
		if selected, _ := Selects(c.fields[field].Value); selected && !o.Void {
			crossed = append(crossed, field)
		}
	}
	if len(crossed) < 2 {
		return
	}
	for _, field := range crossed {
		c.flag(field, ReasonSeveralCrosses)
	}
}

// emptyScore says of a problem that only a handwritten score is worth that nobody wrote
// one, and reports two correctors who differ in it.
func (c *checker) emptyScore(s *exam.Score) {
	p := c.exam.Problem(s.Problem)
	if p == nil || len(p.Questions) > 0 {
		return
	}
	i, ok := c.at[s.ID]
	first := c.firstField(s.Problem)
	if ok && s.ID == first && c.scored(s.Problem) == nil && c.out[i].Reason == ReasonEmpty {
		c.out[i].Reason = ReasonScoreMissing
	}
	one, this := c.number(first), c.number(s.ID)
	if one != nil && this != nil && *one != *this {
		c.flag(s.ID, ReasonCorrectors)
	}
}

// firstField returns the first score field of a problem: the first corrector's, if any.
func (c *checker) firstField(problem string) string {
	field := ""
	for _, s := range c.exam.Scores {
		if s.Problem == problem && (field == "" || s.Corrector == 1) {
			field = s.ID
		}
	}
	return field
}

// slipRate is how often a person writes a sum that is not that of the credits: adding up
// wrongly, or correcting a credit afterwards. One booklet in fifty; a higher rate lets
// weak agreement resolve less, and TestCheckResolvesAScore would object.
const slipRate = 0.02

// soft lists the reasons that say only "not sure enough": agreement lifts them. All
// others tell of something a person has to see.
var soft = []string{"", ReasonUnread, ReasonUncertain}

// score compares a handwritten score with the sum of what its corrector awarded.
func (c *checker) score(s *exam.Score) {
	i, ok := c.at[s.ID]
	p := c.exam.Problem(s.Problem)
	if !ok || p == nil || len(p.Questions) == 0 {
		return
	}
	r := &c.out[i]
	sums := c.hypotheses(s)
	if r.Reason == ReasonEmpty || len(sums) == 0 || len(r.candidates()) == 0 {
		return
	}
	before := 1.0
	for _, f := range sums[0].parts {
		before *= clamp(c.fields[f].Confidence)
	}
	for _, h := range sums {
		v := weigh(r.candidates(), h.total, before, distinct(sums), s)
		if !v.agree {
			continue
		}
		if r.Reason == ReasonDecided || slices.Contains(soft, r.Reason) {
			c.agree(r, h, v, before)
		}
		return
	}
	c.differs(r, sums[0].total)
}

// differs flags a score that is not the sum; one that could not be read keeps its reason.
func (c *checker) differs(r *Reading, total float64) {
	if v := c.number(r.Field); v != nil && *v != total {
		c.flag(r.Field, ReasonSum)
	}
}

// agree resolves the score to the sum and raises the confidence of both sides.
func (c *checker) agree(r *Reading, h hypothesis, v verdict, before float64) {
	if r.Reason != ReasonDecided {
		r.Value, r.Reason = exam.FormatNumber(h.total), ""
		r.Confidence = math.Max(r.Confidence, v.score)
	}
	if v.sum <= before || before >= 1 {
		return
	}
	shrink := (1 - v.sum) / (1 - before)
	for _, f := range h.parts {
		part := &c.out[c.at[f]]
		if part.Reason == ReasonDecided || !h.by.countsFor(f) {
			continue
		}
		part.Confidence = math.Max(part.Confidence, part.within()*(1-(1-clamp(part.Confidence))*shrink))
		if slices.Contains(soft, part.Reason) && part.Value != "" {
			part.Reason = "" // the raised confidence decides
		}
	}
}

// countsFor reports whether another value of a field would change the sum. A box of a
// choice question that is lost anyway would not: the sum says nothing about it.
func (c *checker) countsFor(field string) bool {
	for _, p := range c.exam.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			for _, o := range q.Options {
				if exam.OptionField(q.ID, o.ID) == field {
					as, flipped := rounded(c.chosen(q, "")), rounded(c.chosen(q, field))
					return as != nil && flipped != nil && *as != *flipped
				}
			}
		}
	}
	return true
}

// hypothesis is what a handwritten number may be the sum of.
type hypothesis struct {
	total float64
	parts []string // the fields whose reading it vouches for where it agrees
	by    *checker // counts by the key and credits of the hypothesis
}

// hypotheses lists what who wrote a score may have summed up: the credits by the key as it is, with what is
// void now if that was known, and by the keys and credits that held before. A sum written by an earlier key says
// of the boxes what it said when they were read; one with voids in it says nothing of single boxes. None where
// the sum is not known by the key as it is.
func (c *checker) hypotheses(s *exam.Score) (all []hypothesis) {
	for _, e := range append([]*exam.Exam{c.exam}, c.exam.Before...) {
		p := e.Problem(s.Problem)
		if p == nil {
			continue
		}
		then := &checker{book: &book{exam: e, fields: c.fields}}
		printed, parts := then.partsOf(p, s.Corrector)
		switch {
		case printed != nil:
			all = append(all, hypothesis{*printed, parts, then})
		case e == c.exam:
			return nil
		}
		if now := then.sumNow(p, s.Corrector); now != nil {
			all = append(all, hypothesis{*now, nil, then})
		}
	}
	return all
}

// distinct counts the sums that vouch for their parts: which key was used is as open as there are.
func distinct(all []hypothesis) float64 {
	var sums []float64
	for _, h := range all {
		if h.parts != nil && !slices.Contains(sums, h.total) {
			sums = append(sums, h.total)
		}
	}
	return float64(len(sums))
}

// sumNow returns the sum of a problem with what is void now, as one corrector awarded it.
func (c *checker) sumNow(p *exam.Problem, corrector int) *float64 {
	total := sum{}
	for i := range p.Questions {
		if q := &p.Questions[i]; q.Kind == exam.Credit && q.Void == "" {
			total.add(c.awarded(q, corrector))
		} else {
			total.add(c.earns(q))
		}
	}
	return rounded(total.credits())
}

// partsOf returns the sum of a problem as one corrector saw it on the printed exam, where
// nothing was void yet; nil if not known, and the fields it rests on.
func (c *checker) partsOf(p *exam.Problem, corrector int) (*float64, []string) {
	total := sum{}
	var fields []string
	for i := range p.Questions {
		q := &p.Questions[i]
		if q.Kind == exam.Choice {
			total.add(c.chosen(q, ""))
			for _, o := range q.Options {
				fields = append(fields, exam.OptionField(q.ID, o.ID))
			}
			continue
		}
		total.add(c.awarded(q, corrector))
		by := 1
		if corrector == 2 && c.number(exam.CreditField(q.ID, 2)) != nil {
			by = 2
		}
		fields = append(fields, exam.CreditField(q.ID, by))
	}
	return rounded(total.credits()), fields
}

// within is the share of its value among the values that score alike.
func (r *Reading) within() float64 {
	if r.Within == 0 {
		return 1
	}
	return clamp(r.Within)
}

// candidates returns what a score may be: the list of the reader, else its one value.
func (r *Reading) candidates() []ValueP {
	if r.Reason == ReasonDecided || len(r.Candidates) == 0 {
		b := book{fields: map[string]Reading{r.Field: *r}}
		if v := b.number(r.Field); v != nil {
			return []ValueP{{*v, clamp(r.Confidence)}}
		}
		return nil
	}
	return r.Candidates
}

// verdict is what the comparison of a score with a sum says.
type verdict struct {
	agree      bool    // the sum is the most probable number written
	score, sum float64 // probability that the number written, and the sum read, is this
}

// weigh compares the distribution of a handwritten number with a sum that was read
// right with probability before. Three things are unknown: the true sum, the number
// written (the true sum but for slips, by one of so many keys) and what was read of both. Values other than
// the sum are equally probable a priori, over the n that the field allows.
func weigh(candidates []ValueP, total, before, keys float64, s *exam.Score) verdict {
	n := math.Max(1, s.Max/s.Step)
	here, best := 0.0, 0.0
	for _, c := range candidates {
		if *rounded(&c.Value) == total {
			here += c.P
		} else {
			best = math.Max(best, c.P)
		}
	}
	here = math.Min(here, 1)
	sound := (1 - slipRate) / keys                         // the sum by this key is what was written
	written := before*sound + (1-before)*slipRate/n        // prior that the sum read is what was written
	other := before*slipRate/n + (1-before)*(1-slipRate)/n // prior of one other value
	all := here*written + (1-here)*other                   // what was seen, summed over all values
	right := before * (here*sound + (1-here)*slipRate/n)   // and the sum was read right
	if all == 0 {
		return verdict{}
	}
	return verdict{
		agree: here*written > best*other,
		score: here * written / all,
		sum:   math.Min(1, right/all),
	}
}

// clamp keeps a confidence in [0,1]; one that is no number counts for nothing.
func clamp(p float64) float64 {
	if math.IsNaN(p) {
		return 0
	}
	return min(max(p, 0), 1)
}
