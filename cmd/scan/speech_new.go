package main

import (
	"fmt"
	"path/filepath"

	"scan/internal/author"
	"scan/internal/exam"
	"scan/pipeline"
)

// The words of the commands that make an exam; the rules are those of speech.go.

const (
	newShort = "Make an exam folder out of a printed form"
	newLong  = `Find the boxes on a printed form, what they belong to and what they are worth, and write
DIR/exam.yaml, a copy of the form, and DIR/results/form.pdf, which shows on the form what was
found. Any exam will do: a PDF with form fields, a PDF from LaTeX or a word processor, or
images of the pages.

  scan new endterm/ --form exam.pdf
  scan new endterm/ --form exam.pdf --solution solution.pdf
  scan new endterm/ --form booklets/

With a folder as --form, the options may stand in another order in every copy: it holds one PDF
a copy, named by its page codes or its file, and DIR/copies.yaml tells where each option stands
in each. The first copy is the form; the solution may be of any of them.

With --solution, the key is read from the same form with the right options crossed, in print or
by hand. Without it, nobody knows which options are right: exam.yaml leaves correct: out.

Exit code 3 says that something had to be guessed; it is listed, and marked LOOK in exam.yaml.`

	checkShort = "Tell everything in an exam folder that does not agree"
	checkLong  = `Check exam.yaml, roster.csv and the form against each other, and tell all that is wrong
with file and line: unknown keys, sums, doubled ids, boxes off the page, boxes where the form
prints none, options without a key.

Exit code 1: something is wrong. 3: nothing is wrong, but something is not known yet.`
)

// checked ends scan check.
func (s speech) checked(dir string, e *exam.Exam, roster *exam.Roster, wrong, open int) {
	if wrong > 0 {
		return // the error that follows says it
	}
	boxes := 0
	for page := 1; page <= e.Pages; page++ {
		boxes += len(e.PageBoxes(page))
	}
	s.answer("%s agrees with its form: %s, %s.", filepath.Join(dir, pipeline.ExamFile), count(e.Pages, "page"), countOf(boxes, "printed box", "printed boxes"))
	if roster != nil {
		s.answer("%s: %s.", pipeline.RosterFile, count(len(roster.Students), "student"))
	}
	if open == 0 {
		s.answer("Nothing is left open.")
	}
}

func placeOf(n author.Note) string {
	if n.Page == 0 {
		return ""
	}
	return fmt.Sprintf("page %d: ", n.Page)
}

// drafted tells what was found on a form.
func (s speech) drafted(dir, form string, d author.Draft, key *author.Key) {
	e := d.Exam
	s.answer("%s: %s, by its %s", filepath.Base(form), countOf(e.Pages, "page", "pages"), d.From)
	sum := 0.0
	for _, p := range e.Problems {
		boxes, columns, credits := 0, 0, 0.0
		for _, q := range p.Questions {
			boxes += len(q.Options)
			columns += min(1, len(q.Boxes)) * len(q.Correctors())
			credits += q.Credits
		}
		if len(p.Questions) == 0 && p.Credits != nil {
			credits = *p.Credits
		}
		sum += credits
		s.answer("  problem %-3s %-36.36s %s: %s, %s; %g credits", p.ID, p.Title,
			countOf(len(p.Questions), "question", "questions"), countOf(boxes, "box", "boxes"), countOf(columns, "credit column", "credit columns"), credits)
	}
	stated := "the form does not say what it is worth"
	if d.Stated != nil {
		stated = fmt.Sprintf("the form says %g", *d.Stated)
	}
	s.answer("  in all %g credits; %s", sum, stated)
	s.answer("  %s, %s for handwritten scores", stickerWords(e), countOf(len(e.Scores), "field", "fields"))
	s.key(e, key)
	for _, n := range d.Notes {
		s.warn("%s%s", placeOf(n), n.Text)
	}
	s.answer("Wrote %s; look at %s, which shows it on the form.", filepath.Join(dir, pipeline.ExamFile), filepath.Join(dir, pipeline.ResultsDir, "form.pdf"))
	s.answer("Rules such as all-or-nothing cannot be seen on paper: they stand at the first choice question of %s.", pipeline.ExamFile)
}

func stickerWords(e *exam.Exam) string {
	if e.Sticker == nil {
		return "no sticker field"
	}
	return "sticker field on page 1"
}

// key tells what is known of the right options.
func (s speech) key(e *exam.Exam, key *author.Key) {
	options := 0
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			options += len(q.Options)
		}
	}
	switch {
	case options == 0:
	case key == nil:
		s.warn("which of the %d options are right is not known: give the sample solution with --solution, or write correct: true or false", options)
	default:
		s.answer("  key from the solution: %d of %d options are right, %d could not be told", key.Right, options, key.Unsure)
	}
}

// countOf writes a number with its noun.
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
