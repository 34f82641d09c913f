package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"scan/internal/export"
	"scan/internal/mark"
	"scan/pipeline"
)

// The words of scan export; the rules are those of speech.go.

const (
	exportShort = "Write score sheets, annotated booklets and statistics"
	exportLong  = `Score everything again from what was read and decided, and write to DIR/results:

  scores.csv, scores.xlsx, scores.json    credits of each booklet, problem and question
  lms.csv                                 the list for a learning platform, see --columns
  changes.csv                             whose score is not what it was, and why
  booklets/CODE.pdf                       the scanned pages with what was read and the credits
  report.html                             statistics, for reading and printing
  audit/BOOKLET.json                      all that a score rests on, to redo it by hand
  readings.csv, pages.csv                 as scan read writes them

Only final booklets are written, unless --all is given; readings.csv and pages.csv have all.
After a change of exam.yaml - a key, credits, an option or question declared void, the grading
key - no page is read again: scan export scores anew and lists whose score changed from what to
what since the last export, or else since scan read. The scans are needed for booklets/ alone.

  scan export endterm/ --columns "Matriculation number=registration,Grade=grade,Total=total"
  scan export endterm/ --columns "registration,name,P:1,Q:1.1" --decimal-comma

A column of lms.csv is booklet, code, registration, status, total, grade, a problem (P:1), a
question (Q:1.1) or a column of the roster. There are no names in it unless one is chosen.`
)

// exported tells what was written, what was left out, and whose score changed.
func (s speech) exported(dir string, d *export.Data, changes []export.Change, since time.Time, booklets bool, sum pipeline.Summary) {
	open := d.Open()
	left := open[mark.StatusReview] + open[mark.StatusIncomplete]
	s.answer("Exported  %s of %d%s", count(len(d.Sheets()), "booklet"), len(d.Batch.Sheets), notFinal(open, left, d.All))
	s.changed(changes, since)
	s.answer("Results   %s: scores.csv, scores.xlsx, scores.json, lms.csv, report.html%s, %s/",
		filepath.Join(dir, pipeline.ResultsDir), withBooklets(booklets), auditDir)
	switch { // a page that lies in no booklet may be a student's, though all booklets are final
	case left > 0:
		s.answer("Next      scan review %s", shellWord(dir))
	case sum.Waiting():
		s.answer("Next      %s %s for a person all the same: scan review %s", waiting(sum), verb(sum.ReviewItems, "wait"), shellWord(dir))
	}
}

func withBooklets(written bool) string {
	if !written {
		return ""
	}
	return ", " + bookletsDir + "/"
}

// noBooklets says why booklets were not written.
func (s speech) noBooklets(dir string, m bookletsError) {
	s.warn("%s could not be annotated: %v. %s holds what earlier exports wrote; --no-booklets leaves them out.",
		count(m.n, "booklet"), m.why, filepath.Join(dir, pipeline.ResultsDir, bookletsDir))
}

// oldBooklets says that annotated booklets may show other credits than the tables.
func (s speech) oldBooklets(dir string) {
	s.warn("%s holds what an earlier export wrote, from before these changes; without --no-booklets it is written anew.",
		filepath.Join(dir, pipeline.ResultsDir, bookletsDir))
}

// notFinal says how many booklets are not final, and what became of them.
func notFinal(open map[string]int, left int, all bool) string {
	var parts []string
	for _, p := range []struct{ status, words string }{{mark.StatusReview, "to review"}, {mark.StatusIncomplete, "incomplete"}} {
		if n := open[p.status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, p.words))
		}
	}
	switch {
	case left == 0:
		return "; all are final."
	case all:
		return "; not final: " + strings.Join(parts, ", ") + "."
	}
	return "; left out: " + strings.Join(parts, ", ") + " (--all writes them too)."
}

// changed lists the booklets whose total or grade is not what it was, and then those that have got
// one. Other changes stand in the file alone.
func (s speech) changed(changes []export.Change, since time.Time) {
	day := since.Local().Format("2006-01-02 15:04")
	if len(changes) == 0 {
		s.answer("Changes   none since %s", day)
		return
	}
	other, found := changeLines(changes)
	s.answer("Changes   since %s: %s scored otherwise, %d scored for the first time; results/changes.csv has each question",
		day, count(len(other), "booklet"), len(found))
	for i, l := range slices.Concat(other, found) {
		if i == maxNotes {
			s.answer("          and %d more", len(other)+len(found)-i)
			return
		}
		s.answer("          %s", l)
	}
}

// changeLines says what changed, a line for each booklet: those that had a score before, and those
// that had none.
func changeLines(changes []export.Change) (other, found []string) {
	for len(changes) > 0 {
		n := slices.IndexFunc(changes, func(c export.Change) bool { return c.Booklet != changes[0].Booklet })
		if n < 0 {
			n = len(changes)
		}
		line := changes[0].Booklet
		for _, c := range changes[:n] {
			line += changeText(c)
		}
		if hadScore(changes[:n]) {
			other = append(other, line)
		} else {
			found = append(found, line)
		}
		changes = changes[n:]
	}
	return other, found
}

// hadScore tells from a booklet's changes whether it had a total, or at least something in it, before:
// a total that is not among them is as it was.
func hadScore(changes []export.Change) bool {
	for _, c := range changes {
		if c.What == export.WhatTotal {
			return c.Before != ""
		}
	}
	return changes[0].Total != nil || slices.ContainsFunc(changes, func(c export.Change) bool { return c.Before != "" })
}

// changeText says one change: a registration number is nobody's business who looks at the screen.
func changeText(c export.Change) string {
	known := func(v string) string {
		if v == "" {
			return "unknown"
		}
		return v
	}
	why := strings.Join(c.Reasons, ", ")
	switch c.What {
	case export.WhatTotal, export.WhatGrade:
		return fmt.Sprintf("  %s %s -> %s (%s)", c.What, known(c.Before), known(c.After), why)
	case export.WhatRegistration:
		if c.After == "" {
			return fmt.Sprintf("  student unknown (%s)", why)
		}
		return fmt.Sprintf("  another student (%s)", why)
	case export.WhatQuestion:
		return fmt.Sprintf("  %s: %s -> %s", c.ID, known(c.Before), known(c.After))
	}
	return ""
}
