package main

import (
	"path/filepath"

	"scan/internal/print"
	"scan/pipeline"
)

// The words of scan print; the rules are those of speech.go.

const (
	printShort = "Make booklets with page codes, stickers and an attendance list to print"
	printLong  = `Make everything that is printed before an exam, in DIR/print:

  booklets.pdf    the copies one after another; every page with three codes that name
                  the exam, the copy and the page, and the same in small print
  stickers.pdf    labels with the students' numbers: A4 sheets of 65, 38.1 x 21.2 mm
  attendance.pdf  the list that students sign, with each one's sticker number
  copies.csv      what was printed

  scan print endterm/ --roster roster.csv
  scan print endterm/ --copies 120

Print all of it at 100 %, not fitted to the page. Codes go where the form leaves room on its
margins, never on print or near a box. Students without a code get one: 7 random digits and a
check digit, kept in DIR/roster.csv. With more copies than students the rest are spares.

Without a sticker field the copy itself is the code: each student gets the copy that stands
beside the name.

exam.yaml must name the exam as the codes do; the line is added where it is missing.`
)

// printed tells what lies ready for the printer.
func (s speech) printed(r printRun, o printOptions) {
	dir, b := filepath.Join(r.dir, printDir), r.booklets
	n := len(r.copies)
	switch {
	case o.listsOnly:
	case r.exam.HasCopies():
		s.answer("%s: %s that differ, one PDF each, with codes %s", filepath.Join(dir, print.SplitDir), countOf(n, "copy", "copies"), b.Exam)
	default:
		s.answer("%s: %s of %s, %s to %s, with %s codes %s", filepath.Join(dir, print.BookletsFile), countOf(n, "copy", "copies"),
			countOf(len(b.Pages), "page", "pages"), r.copies[0], r.copies[n-1], b.Kind, b.Exam)
	}
	if b.Sheets() > len(b.Pages) && !o.listsOnly {
		s.answer("  an empty page ends each copy, so that the next begins on a new sheet")
	}
	if o.split && !o.listsOnly {
		s.answer("%s: the same, one PDF a copy", filepath.Join(dir, print.SplitDir))
	}
	if r.exam.Sticker != nil {
		sheets := (n + print.LabelsPerSheet - 1) / print.LabelsPerSheet
		s.answer("%s: %s on %s of labels 38.1 x 21.2 mm", filepath.Join(dir, print.StickersFile), countOf(n, "sticker", "stickers"), countOf(sheets, "sheet", "sheets"))
	}
	s.answer("%s: %s", filepath.Join(dir, print.AttendanceFile), countOf(n, "line", "lines"))
	s.answer("Print at 100 %%: fitted to the page, labels miss their places.")
	s.numbered(r)
	switch {
	case r.examTo != nil:
		s.answer("%s now says %s", filepath.Join(r.dir, pipeline.ExamFile), print.CodesLine(b.Exam, b.Offset))
	case r.advise != "":
		s.warn("put this line into %s, in place of any that begins with codes: there:\n  %s", filepath.Join(r.dir, pipeline.ExamFile), r.advise)
	}
	s.unprintable(r)
}

// numbered tells which numbers were given.
func (s speech) numbered(r printRun) {
	if r.rosterTo != nil {
		s.answer("%s now holds everybody's code; %s new.", filepath.Join(r.dir, pipeline.RosterFile), countOf(r.people.Given, "is", "are"))
	}
	if r.exam.Sticker != nil && r.people.Drawn > 0 {
		s.note("%s drawn with --seed %d.", countOf(r.people.Drawn, "number was", "numbers were"), r.seed)
	}
}

// unprintable tells of names that the list cannot show; not which ones, a screen is seen by others.
func (s speech) unprintable(r printRun) {
	var lines []int
	for i, a := range r.people.Lines {
		if len(print.Unprintable(a.Name)) > 0 {
			lines = append(lines, i+1)
		}
	}
	if len(lines) > 0 {
		s.warn("%s in %s hold letters that its font does not have, the first in line %d: write these names in Latin letters too",
			countOf(len(lines), "name", "names"), print.AttendanceFile, lines[0])
	}
}
