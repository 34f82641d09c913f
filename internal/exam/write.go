package exam

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"scan/internal/geom"
)

// YAML writes the exam as a file for people: one box a line, with comments that say where
// to change what. head becomes the comment at the top, a line each. Parse reads it back to an
// equal exam.
func (e *Exam) YAML(head ...string) []byte {
	w := &writer{}
	for _, l := range head {
		w.line("# %s", l)
	}
	w.line("version: %d", formatVersion)
	w.line("id: %s", scalar(e.ID))
	if e.Title != "" {
		w.line("title: %s", scalar(e.Title))
	}
	w.line("form: %s", scalar(e.Form))
	w.line("pages: %d", e.Pages)
	if e.Credits != nil {
		w.line("credits: %s", FormatNumber(*e.Credits))
	}
	if s := e.Sticker; s != nil {
		w.line("sticker: {page: %d, box: %s}", s.Page, yamlBox(s.Box))
	}
	if c := e.Codes; c != nil {
		w.line("codes: {exam: %s, page_offset: %d}", scalar(c.Exam), c.PageOffset)
	}
	w.conventions(e.Conventions)
	if e.CopiesFile != "" {
		w.line("copies: %s   # where the options stand in each copy; the key below holds for all of them", scalar(e.CopiesFile))
	}
	w.grades(e.Grades)
	w.line("problems:")
	for i := range e.Problems {
		w.problem(&e.Problems[i])
	}
	if len(e.Scores) > 0 {
		w.line("# Handwritten numbers: max is the most a problem is worth, step what they rise by.")
		w.line("scores:")
	}
	for _, s := range e.Scores {
		w.line("  - {id: %s, problem: %s, corrector: %d, page: %d, box: %s, max: %s, step: %s}",
			quoted(s.ID), quoted(s.Problem), s.Corrector, s.Page, yamlBox(s.Box), FormatNumber(s.Max), FormatNumber(s.Step))
	}
	return w.Bytes()
}

type writer struct {
	bytes.Buffer
	ruled bool // the rules of choice questions were explained
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *writer) conventions(c Conventions) {
	if c.Marks == "" && c.Correctors == nil {
		return
	}
	w.line("conventions:")
	if c.Marks != "" {
		w.line("  marks: %s", c.Marks)
	}
	if c.Correctors != nil {
		w.line("  corrector_inks: [%s]", strings.Join(c.Correctors, ", "))
	}
}

func (w *writer) problem(p *Problem) {
	w.line("  - id: %s", quoted(p.ID))
	if p.Title != "" {
		w.line("    title: %s", scalar(p.Title))
	}
	if p.Credits != nil {
		w.line("    credits: %s", FormatNumber(*p.Credits))
	}
	if len(p.Questions) == 0 {
		return
	}
	w.line("    questions:")
	for i := range p.Questions {
		w.question(&p.Questions[i])
	}
}

func (w *writer) question(q *Question) {
	w.line("      - id: %s", quoted(q.ID))
	w.line("        kind: %s", q.Kind)
	w.line("        page: %d", q.Page)
	w.line("        credits: %s", FormatNumber(q.Credits))
	if q.Void != "" {
		w.line("        void: %s", q.Void)
	}
	if q.Kind == Credit {
		w.line("        boxes:")
		for _, b := range q.Boxes {
			second := ""
			if b.Corrector == 2 {
				second = ", corrector: 2"
			}
			w.line("          - {credits: %s, box: %s%s}", FormatNumber(b.Credits), yamlBox(b.Box), second)
		}
		return
	}
	w.rule(q)
	w.line("        options:")
	for _, o := range q.Options {
		key := ""
		if o.Correct != nil {
			key = fmt.Sprintf(", correct: %t", *o.Correct)
		}
		if o.Void {
			key += ", void: true"
		}
		w.line("          - {id: %s, box: %s%s}", scalar(o.ID), yamlBox(o.Box), key)
	}
}

// rule writes how a choice question counts, and once what else may be written.
func (w *writer) rule(q *Question) {
	why := [2]string{}
	if !w.ruled {
		why = [2]string{"   # or per-option, with wrong: -0.5 and floor: 0", "            # or one: several crosses are then asked about"}
		w.ruled = true
	}
	w.line("        rule: %s%s", q.Rule, why[0])
	if q.Rule == PerOption {
		w.line("        wrong: %s", FormatNumber(q.Wrong))
		w.line("        floor: %s", FormatNumber(q.Floor))
	}
	w.line("        select: %s%s", q.Select, why[1])
}

func yamlBox(b geom.Box) string {
	return fmt.Sprintf("[%s, %s, %s, %s]", FormatNumber(b.X), FormatNumber(b.Y), FormatNumber(b.W), FormatNumber(b.H))
}

// plain is what YAML takes for a word without quotes, whatever its version.
var plain = regexp.MustCompile(`^[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9 ._/()-]*$`)

// words that YAML takes for something else.
var reserved = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null|nan|inf)$`)

// scalar writes a text, in quotes where it needs them.
func scalar(s string) string {
	if plain.MatchString(s) && !reserved.MatchString(s) && strings.TrimSpace(s) == s {
		return s
	}
	return quoted(s)
}

// quoted writes a text in double quotes. Go's escapes for what cannot be printed are YAML's.
func quoted(s string) string { return strconv.Quote(s) }
