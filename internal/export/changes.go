package export

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"time"

	"scan/internal/exam"
	"scan/internal/mark"
)

// Before is what an earlier run came to.
type Before struct {
	Exam   *exam.Exam // as it was then; nil where that is not known
	Sheets []mark.Sheet
	At     time.Time
}

// Change is one thing that an earlier run had otherwise.
type Change struct {
	mark.Sheet           // the booklet as it is now; as it was, where it is gone
	What, ID      string // one of What..., and the id of a problem or question
	Before, After string // credits, a grade or a registration number; "" where not known
	Reasons       []string
}

// What can change.
const (
	WhatTotal        = "total"
	WhatGrade        = "grade"
	WhatRegistration = "registration"
	WhatProblem      = "problem"
	WhatQuestion     = "question"
)

// Changes lists what is not as it was, by booklet: the total, the grade, the student, the problems
// and the questions. Booklets are the same where their codes are, or else their names: without
// page codes a booklet's name may be another's after scans were added.
func Changes(was Before, d *Data) []Change {
	c := comparer{was: was, data: d, readings: map[string][]mark.Reading{}, decided: decidedSince(d, was.At)}
	for _, r := range d.Batch.Readings {
		c.readings[r.Booklet] = append(c.readings[r.Booklet], r)
	}
	before, gone := match(was.Sheets, d.Batch.Sheets)
	var all []Change
	for i, s := range d.Batch.Sheets {
		all = append(all, c.booklet(before[i], s)...)
	}
	for _, s := range gone {
		all = append(all, Change{s, WhatTotal, "", optional(s.Total), "", []string{becauseGone}})
	}
	slices.SortStableFunc(all, func(a, b Change) int { return natural(a.Booklet, b.Booklet) })
	return all
}

// match finds the earlier sheet of each sheet, nil where there was none, and those that are gone.
func match(was, now []mark.Sheet) (before []*mark.Sheet, gone []mark.Sheet) {
	before = make([]*mark.Sheet, len(now))
	used := make([]bool, len(was))
	for _, same := range []func(a, b mark.Sheet) bool{
		func(a, b mark.Sheet) bool { return a.Code != "" && a.Code == b.Code && a.Booklet == b.Booklet },
		func(a, b mark.Sheet) bool { return a.Code != "" && a.Code == b.Code },
		func(a, b mark.Sheet) bool { return a.Booklet == b.Booklet },
	} {
		pair(was, now, same, used, before)
	}
	for i, s := range was {
		if !used[i] {
			gone = append(gone, s)
		}
	}
	return before, gone
}

// pair matches what no earlier rule has.
func pair(was, now []mark.Sheet, same func(a, b mark.Sheet) bool, used []bool, before []*mark.Sheet) {
	for i := range now {
		for j := range was {
			if before[i] == nil && !used[j] && same(was[j], now[i]) {
				before[i], used[j] = &was[j], true
			}
		}
	}
}

// comparer tells what changed and why.
type comparer struct {
	was      Before
	data     *Data
	readings map[string][]mark.Reading  // by booklet
	decided  map[string]map[string]bool // fields by booklet
}

// booklet compares one booklet with what it was.
func (c *comparer) booklet(was *mark.Sheet, now mark.Sheet) []Change {
	if was == nil {
		return []Change{{now, WhatTotal, "", "", optional(now.Total), []string{becauseNew}}}
	}
	old := c.rescored(now)
	var parts []Change
	for i := range c.data.Exam.Problems {
		parts = append(parts, c.problem(was, &old, now, &c.data.Exam.Problems[i])...)
	}
	why := reasonsOf(parts)
	all := change(now, WhatTotal, "", optional(was.Total), optional(now.Total), why)
	all = append(all, c.grade(was, now, why)...)
	all = append(all, c.registration(was, now)...)
	return append(all, parts...)
}

// change is one change, or none where nothing changed.
func change(now mark.Sheet, what, id, before, after string, why []string) []Change {
	if before == after {
		return nil
	}
	return []Change{{now, what, id, before, after, why}}
}

// reasonsOf lists the reasons of changes, each once.
func reasonsOf(changes []Change) (why []string) {
	for _, x := range changes {
		for _, reason := range x.Reasons {
			if !slices.Contains(why, reason) {
				why = append(why, reason)
			}
		}
	}
	return why
}

// rescored is what the earlier exam gives for the present readings: where it differs from what is,
// the exam made the difference; where it differs from what was, the readings did.
func (c *comparer) rescored(now mark.Sheet) mark.Sheet {
	if c.was.Exam == nil {
		return mark.Sheet{}
	}
	return mark.Score(c.was.Exam, c.readings[now.Booklet])
}

// problem compares a problem and its questions.
func (c *comparer) problem(was, old *mark.Sheet, now mark.Sheet, p *exam.Problem) []Change {
	var questions []Change
	for i := range p.Questions {
		q := &p.Questions[i]
		words := questionWords(c.was.Exam, q)
		v := versions{was.Questions[q.ID], old.Questions[q.ID], now.Questions[q.ID], q.Kind == exam.Credit && slices.Contains(words, wordCredits)}
		why := c.why(now.Booklet, v, questionFields(q), words)
		questions = append(questions, change(now, WhatQuestion, q.ID, optional(v.was), optional(v.now), why)...)
	}
	why := reasonsOf(questions)
	v := versions{was.Problems[p.ID], old.Problems[p.ID], now.Problems[p.ID], false}
	if len(p.Questions) == 0 {
		why = c.why(now.Booklet, v, scoreFields(c.data.Exam, p.ID), []string{wordCredits})
	}
	return append(change(now, WhatProblem, p.ID, optional(v.was), optional(v.now), why), questions...)
}

// grade compares the grades of final booklets. A total that stayed has another grade where the
// grading key changed, or where the booklet became final.
func (c *comparer) grade(was *mark.Sheet, now mark.Sheet, why []string) []Change {
	if c.was.Exam == nil {
		return nil
	}
	earlier := Data{Exam: c.was.Exam}
	before, after := earlier.grade(*was), c.data.grade(now)
	if earlier.grade(now) != after {
		why = append(slices.Clone(why), becauseGrades)
	}
	if len(why) == 0 {
		why = []string{c.cause(now.Booklet, mark.Fields(c.data.Exam))}
	}
	return change(now, WhatGrade, "", before, after, why)
}

// registration tells that the credits are another student's now.
func (c *comparer) registration(was *mark.Sheet, now mark.Sheet) []Change {
	why, sticker := becauseRoster, []string{exam.StickerField}
	if was.Code != now.Code {
		why = c.cause(now.Booklet, sticker)
	}
	for _, other := range c.data.Batch.Sheets { // a code that two booklets have is nobody's
		if why == becauseRoster && now.Registration == "" && other.Code == now.Code && other.Booklet != now.Booklet {
			why = c.cause(other.Booklet, sticker)
		}
	}
	return change(now, WhatRegistration, "", was.Registration, now.Registration, []string{why})
}

// WriteChanges writes changes.csv.
func WriteChanges(w io.Writer, changes []Change) error {
	rows := [][]string{{"booklet", "code", "registration", "what", "id", "before", "after", "reason"}}
	for _, x := range changes {
		rows = append(rows, []string{x.Booklet, x.Code, x.Registration, x.What, x.ID, x.Before, x.After, strings.Join(x.Reasons, " ")})
	}
	return csv.NewWriter(w).WriteAll(rows)
}
