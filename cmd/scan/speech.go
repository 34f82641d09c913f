package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"scan/fixtures"
	"scan/internal/bench"
	"scan/pipeline"
)

// Every word said to the user is in this file or comes from an error. The rules:
//
//   - Standard output is the answer, standard error is everything about getting it.
//   - Say what happened, where (file, page, box), and what to do next, in that order.
//   - Numbers come with their unit. Nothing is said twice.
//   - No names, registration numbers or answers: a screen is seen by others.
//   - An unhelpful message is a bug; docs/errors.md lists them all.
//   - The verbs are answer (to standard output), note, warn and failure (to standard error).

const (
	rootShort = "Turn a stack of scanned paper exams into checked scores"
	rootLong  = `scan turns a stack of scanned paper exams into checked scores.

  scan new endterm/ --form exam.pdf            make an exam folder out of any printed form
  scan edit endterm/                           look at the boxes in the browser, change them
  scan check endterm/                          tell what does not agree
  scan print endterm/ --roster students.csv    booklets with page codes, stickers, attendance list
  scan read endterm/                           read everything in endterm/scans/
  scan review endterm/                         decide in the browser what waits for a person
  scan export endterm/                         score sheets, annotated booklets, statistics
  scan explain endterm/ scans/batch1.pdf:7     draw one page with everything that was seen on it
  scan demo                                    try it all on a made-up exam with simulated scans
  scan bench                                   measure how well fields are read whose truth is known

Exit codes:
   0  everything is decided
   3  finished, and something waits for a person
   1  the run failed; earlier results are as they were
  64  wrong usage
Treat any other code as a failure.`

	readShort = "Read what is new in an exam folder's scans/ and write results/"
	readLong  = `Read every page below DIR/scans that no earlier run has read, put the pages together
to booklets, and write scores.csv, readings.csv and pages.csv to DIR/results. The
scans are never modified. A second run costs next to nothing; a killed one is resumed
by running it again.

With --progress=json, standard output holds one JSON object a line: {"event":"start"},
one {"event":"page"} for each page read, {"event":"note"} and at last
{"event":"summary"}; see docs/formats.md.`

	explainShort = "Draw one page with everything that was seen on it"
	explainLong  = `Draw page PAGE of a scan upright, as it was sampled, with the print that is expected
(blue), every box in the colour of what was read, codes and reasons. FILE is a path in
DIR or below DIR/scans. A refused page is drawn as it is, with the reason.`

	demoShort = "Make up an exam with simulated scans, read it, compare with the truth"
	demoLong  = `Make an exam folder with filled and scanned booklets whose truth is known (./demo
unless DIR is given), read it, and print what was read rightly and wrongly. A folder
that holds the same demo already is not made again.`

	benchShort = "Measure how well fields are read whose truth is known"
	benchLong  = `Read sets of fields whose truth is known and print, for each set and kind of field, how
many are right, sent to a person, or misread, with 95 % upper bounds, and whether the
targets are met. Simulated, composited and real sets are never added up with each other.

  scan bench                                   the sets that come with scan, some minutes
  scan bench --boxes 300000 --out accuracy/    enough boxes to see errors of 1 in 100,000
  scan bench --data DIR --sets 'zesje/*'       sets that are kept elsewhere

Committed scans (sets blackbox/*) are looked for in fixtures/blackbox of the folder of
work and of those above it. A set whose data is not there is listed as absent.

With --out, DIR gets report.html (one page, curves and diagrams included), report.md with
its pictures, speed.txt, and with --items every field that was read, in items.csv.gz.

The exit code is 0 when every set that is there was read, however well: it is a measure.
With --fail-on-misread it is 1 when a field was misread.`

	benchConventions = "Unless a set says otherwise, a cross selects, a complete fill undoes it, " +
		"a sign beside a fill selects again, and red and green are the correctors' inks."
)

// speech says things.
type speech struct{ out, err io.Writer }

func (s speech) answer(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }

func (s speech) note(format string, args ...any) { fmt.Fprintf(s.err, format+"\n", args...) }

func (s speech) warn(format string, args ...any) { fmt.Fprintf(s.err, "scan: "+format+"\n", args...) }

// failure reports the error that a command ended with.
func (s speech) failure(err error) {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, errReview):
	case errors.As(err, &usage):
		s.warn("%v\nType \"scan help\" for how it is used.", err)
	case errors.Is(err, context.Canceled):
		s.warn("stopped; what was read is kept, run again to go on. Results are as they were.")
	default:
		s.warn("%v", err)
	}
}

// maxNotes bounds the notes on the screen; all are in the files or the JSON events.
const maxNotes = 12

// summary tells what a run of scan read came to.
func (s speech) summary(dir string, o *pipeline.Outcome, cpu float64) {
	sum := o.Summary
	if sum.Pages == 0 {
		s.answer("There is no scan in %s/scans: put PDF, TIFF, JPEG or PNG files there and run again.", dir)
		return
	}
	if sum.Read == 0 {
		s.answer("Nothing new to read: %s known.", count(sum.Pages, "page"))
	} else {
		s.answer("Read %s in %.1f s (%.1f pages/s, %.3f CPU seconds a page)%s.",
			count(sum.Read, "page"), sum.Seconds, float64(sum.Read)/sum.Seconds, cpu/float64(sum.Read), others(sum.Cached))
	}
	s.answer("Pages     %s", byStatus(sum.ByStatus))
	s.answer("Booklets  %d: %d final, %d to review, %d incomplete", sum.Booklets, sum.Final, sum.Review, sum.Incomplete)
	if n := sum.Decisions; n > 0 {
		s.answer("Decided   %s of people count in it.", count(n, "decision"))
	}
	s.notes(o.Notes)
	if missing := o.Exam.KeyMissing(); len(missing) > 0 {
		s.answer("No key    exam.yaml does not say which options are correct in %s: nothing is scored there.", strings.Join(missing, ", "))
	}
	s.answer("Results   %s/results/scores.csv, readings.csv, pages.csv", dir)
	s.next(dir, o)
}

// next says what to do now.
func (s speech) next(dir string, o *pipeline.Outcome) {
	if !o.Summary.Waiting() {
		s.answer("Next      everything is decided: scan export %s", shellWord(dir))
		return
	}
	switch n := o.Summary.ReviewItems; n {
	case 0:
		s.answer("Next      booklets with status review or incomplete in scores.csv wait for a person: scan review %s", shellWord(dir))
	case 1:
		s.answer("Next      1 item waits for a person: scan review %s", shellWord(dir))
	default:
		s.answer("Next      %d items wait for a person: scan review %s", n, shellWord(dir))
	}
	s.answer("          One page with all that was seen on it: scan explain %s %s", shellWord(dir), shellWord(exampleToExplain(o)))
}

// shellWord quotes a word that a shell would take apart, so that it can be copied.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/.:_-+,@%=", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// exampleToExplain names a page worth a look.
func exampleToExplain(o *pipeline.Outcome) string {
	for _, p := range o.Pages {
		if slices.Contains([]string{pipeline.StatusRefused, pipeline.StatusReview, pipeline.StatusForeign}, p.Status) {
			return fmt.Sprintf("%s:%d", p.Source, p.SourcePage)
		}
	}
	for _, r := range o.Readings {
		if r.Review && r.Source != "" {
			return fmt.Sprintf("%s:%d", r.Source, r.SourcePage)
		}
	}
	return fmt.Sprintf("%s:%d", o.Pages[0].Source, o.Pages[0].SourcePage)
}

// noteText says a note in words.
var noteText = map[string]string{
	"not-a-scan":      "%s in scans/ is no scan and was passed over%s",
	"misses-pages":    "booklet %s is incomplete; missing pages: %s",
	"odd-even-stacks": "booklet %s was put together from a stack of odd and one of even pages: check one%s",
	"decision-unused": "what was decided of %s is kept, but the field or the page is gone: %s",
	"cover-misplaced": "the cover of booklet %s may be another's: covers and pages do not lie together%s",
}

func (s speech) notes(notes []pipeline.Note) {
	for i, n := range notes {
		if i == maxNotes {
			s.answer("Note      and %d more; pages.csv has them all", len(notes)-i)
			return
		}
		s.answer("Note      "+noteText[n.Word], n.About, n.Text)
	}
}

func byStatus(counts map[string]int) string {
	order := []string{pipeline.StatusOK, pipeline.StatusBlank, pipeline.StatusDuplicate, pipeline.StatusForeign,
		pipeline.StatusRefused, pipeline.StatusUnreadable, pipeline.StatusReview, pipeline.StatusDropped}
	var parts []string
	for _, status := range order {
		if n := counts[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	return strings.Join(parts, ", ")
}

// others tells of the pages a run did not read: known, copies, or files that do not open.
func others(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %d more needed no reading", n)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// explained tells where the picture is and what the page came to.
func (s speech) explained(file string, x *pipeline.Explanation) {
	r := x.Result
	s.answer("%s page %d: %s", x.Ref.Path, x.Ref.Page, strings.TrimSpace(r.Status+" "+r.Reason))
	if r.Status == pipeline.StatusOK {
		s.answer("form page %d, turned %d degrees, residual %.3f mm, coverage %.2f, margin %.2f",
			r.FormPage, r.Rotation, r.ResidualMM, r.Coverage, r.Margin)
	}
	s.answer("%s", file)
}

// making announces that a demo is being made, which takes a while.
func (s speech) making(dir string, o fixtures.BatchOptions) {
	s.note("making %s with simulated scans in %s ...", count(o.Booklets, "booklet"), dir)
}

// demo tells what was read of a batch whose truth is known.
func (s speech) demo(dir string, o *pipeline.Outcome, r fixtures.Report, cpu float64) {
	s.answer("%s", strings.TrimRight(r.Summary(), "\n"))
	sum := o.Summary
	if sum.Read > 0 {
		s.answer("\nRead %s in %.1f s: %.1f pages/s, %.3f CPU seconds a page.", count(sum.Read, "page"),
			sum.Seconds, float64(sum.Read)/sum.Seconds, cpu/float64(sum.Read))
	}
	s.answer("Booklets  %d: %d final, %d to review, %d incomplete", sum.Booklets, sum.Final, sum.Review, sum.Incomplete)
	for i, line := range r.Errors {
		if i == maxNotes {
			s.answer("and %d more", len(r.Errors)-i)
			break
		}
		s.answer("wrong: %s", line)
	}
	s.answer("The exam, its scans and results are in %s; %s tells more, by level and reason.", dir, demoTable)
	s.next(dir, o)
}

// benchSets lists sets.
func (s speech) benchSets(sources []bench.Source) {
	width := 0
	for _, src := range sources {
		width = max(width, len(src.Name()))
	}
	for _, src := range sources {
		s.answer("%-*s  %-10s  %s", width, src.Name(), src.Class(), src.About())
	}
}

// benchStep overwrites the line that tells how far a measure has come.
func (s speech) benchStep(name string, at, sets, done, all int) {
	fmt.Fprintf(s.err, "\r\033[Kset %d of %d: %s, %d of %d", at, sets, name, done, all)
}

func (s speech) benchStepsDone() { fmt.Fprint(s.err, "\r\033[K") }

// benched tells what a measure took and where its report is.
func (s speech) benched(out string, results []bench.Result, cpu float64) {
	fields, read := 0, 0
	for _, r := range results {
		fields += len(r.Items)
		if r.Err == nil {
			read++
		}
	}
	s.answer("\nRead %s in %s with %.0f CPU seconds.", count(fields, "field"), count(read, "set"), cpu)
	if out != "" {
		s.answer("Report    %s/report.html, report.md, speed.txt", out)
	}
}
