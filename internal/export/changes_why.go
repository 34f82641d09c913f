package export

import (
	"slices"
	"time"

	"scan/internal/exam"
	"scan/internal/mark"
)

// Why it changed, besides what questionWords says of the exam.
const (
	becauseDecided = "decision" // people decided something about it since
	becauseRead    = "reading"  // scans were added, or read by another version of the program
	becauseGrades  = "grades"   // another grading key
	becauseRoster  = "roster"   // the student with this code has another registration number there
	becauseNew     = "new"      // the booklet was not there
	becauseGone    = "gone"     // it no longer is
)

// wordCredits says that credits changed in the exam.
const wordCredits = "credits"

// versions are credits as they were, as the earlier exam gives them for the present readings, and
// as they are. recast tells that the present readings are not those of the earlier exam: the same
// cell of a column reads as other credits.
type versions struct {
	was, old, now *float64
	recast        bool
}

// why tells what made the difference between what was and what is: words of the exam, or what
// became of the fields.
func (c *comparer) why(booklet string, v versions, fields, words []string) (why []string) {
	if optional(v.was) == optional(v.now) {
		return nil
	}
	if c.was.Exam != nil && optional(v.old) != optional(v.now) {
		why = words
	}
	if c.was.Exam == nil || optional(v.was) != optional(v.old) {
		cause := c.cause(booklet, fields)
		if cause == becauseRead && v.recast {
			cause = wordCredits
		}
		why = append(why, cause)
	}
	return why
}

// cause tells whether people decided something about a booklet or one of the fields since.
func (c *comparer) cause(booklet string, fields []string) string {
	since := c.decided[booklet]
	for _, f := range append(fields, mark.FieldPage, mark.FieldMissing, mark.FieldBooklet) {
		if since[f] {
			return becauseDecided
		}
	}
	return becauseRead
}

// decidedSince lists the fields of each booklet about which anything was decided or withdrawn
// after a time.
func decidedSince(d *Data, at time.Time) map[string]map[string]bool {
	fields, booklet := map[string]map[string]bool{}, bookletsOf(&d.Batch)
	for _, x := range d.Decisions {
		id := booklet(x)
		if !x.At.After(at) || id == "" {
			continue
		}
		if fields[id] == nil {
			fields[id] = map[string]bool{}
		}
		fields[id][x.Field] = true
	}
	return fields
}

// questionWords tells what is different about a question in an earlier exam.
func questionWords(was *exam.Exam, q *exam.Question) (words []string) {
	if was == nil {
		return nil
	}
	old := was.Question(q.ID)
	if old == nil {
		return []string{"question"}
	}
	if old.Void != q.Void || !slices.EqualFunc(old.Options, q.Options, func(a, b exam.Option) bool { return a.Void == b.Void }) {
		words = append(words, "void")
	}
	if !slices.EqualFunc(old.Options, q.Options, sameKey) {
		words = append(words, "key")
	}
	if old.Credits != q.Credits || !slices.EqualFunc(old.Boxes, q.Boxes, func(a, b exam.CreditBox) bool { return a.Credits == b.Credits }) {
		words = append(words, wordCredits)
	}
	if old.Rule != q.Rule || old.Wrong != q.Wrong || old.Floor != q.Floor || old.Select != q.Select {
		words = append(words, "rule")
	}
	return words
}

func sameKey(a, b exam.Option) bool {
	if a.Correct == nil || b.Correct == nil {
		return a.ID == b.ID && a.Correct == b.Correct
	}
	return a.ID == b.ID && *a.Correct == *b.Correct
}

// questionFields lists the fields that a question's credits come from.
func questionFields(q *exam.Question) (fields []string) {
	for _, o := range q.Options {
		fields = append(fields, exam.OptionField(q.ID, o.ID))
	}
	for _, corrector := range q.Correctors() {
		fields = append(fields, exam.CreditField(q.ID, corrector))
	}
	return fields
}

// scoreFields lists the written scores of a problem.
func scoreFields(e *exam.Exam, problem string) (fields []string) {
	for _, s := range e.Scores {
		if s.Problem == problem {
			fields = append(fields, s.ID)
		}
	}
	return fields
}
