package exam

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scan/internal/geom"
)

// ReadingHash names everything in the exam that influences the reading of a page: its layout, and
// which numbers may be written in its scores. Keys, rules and the credits of cells are not part of
// it, nor is the form's content: hash that file beside it. Two exams with one ReadingHash read a
// page alike, whatever the order of their lists.
func (e *Exam) ReadingHash() string {
	lines := e.layoutLines()
	for _, s := range e.Scores {
		lines = append(lines, fmt.Sprintf("numbers %q max %s step %s", s.ID, FormatNumber(s.Max), FormatNumber(s.Step)))
	}
	slices.Sort(lines)
	return digest("reading 2", lines)
}

// LayoutHash names what the paper looks like: pages, page codes, conventions and where the boxes
// are. While it stays, what was read can be scored anew without looking at a page.
func (e *Exam) LayoutHash() string {
	lines := e.layoutLines()
	slices.Sort(lines)
	return digest("layout 1", lines)
}

func (e *Exam) layoutLines() []string {
	lines := []string{fmt.Sprintf("pages %d", e.Pages)}
	if e.Codes != nil {
		lines = append(lines, fmt.Sprintf("codes %q %d", e.Codes.Exam, e.Codes.PageOffset))
	}
	if line := e.Conventions.line(); line != "" {
		lines = append(lines, line)
	}
	if e.Sticker != nil {
		lines = append(lines, fmt.Sprintf("sticker %d %s", e.Sticker.Page, canonicalBox(e.Sticker.Box)))
	}
	for _, p := range e.Problems {
		for i := range p.Questions {
			lines = append(lines, p.Questions[i].layoutLines()...)
		}
	}
	for _, s := range e.Scores {
		lines = append(lines, fmt.Sprintf("score %q %d %s", s.ID, s.Page, canonicalBox(s.Box)))
	}
	for i := range e.Copies {
		lines = append(lines, e.Copies[i].layoutLines()...)
	}
	return lines
}

// ScoringHash names everything that influences scores and grades: what ReadingHash does, and keys,
// rules, credits, voids and the grading key. It changes where readings stay and only the scores are new.
func (e *Exam) ScoringHash() string {
	lines := []string{"reading " + e.ReadingHash()}
	for _, p := range e.Problems {
		lines = append(lines, fmt.Sprintf("problem %q", p.ID))
		for i := range p.Questions {
			lines = append(lines, p.Questions[i].scoringLines()...)
		}
	}
	for _, s := range e.Scores {
		lines = append(lines, fmt.Sprintf("score %q %q %d", s.ID, s.Problem, s.Corrector))
	}
	if e.Grades != nil {
		lines = append(lines, e.Grades.line())
	}
	return digest("scoring 1", lines)
}

func (q *Question) layoutLines() []string {
	var lines []string
	for _, o := range q.Options {
		lines = append(lines, fmt.Sprintf("choice %q %d %s", OptionField(q.ID, o.ID), q.Page, canonicalBox(o.Box)))
	}
	for _, b := range q.Boxes {
		lines = append(lines, fmt.Sprintf("credit %q %d %s", CreditField(q.ID, b.Corrector), q.Page, canonicalBox(b.Box)))
	}
	return lines
}

func (q *Question) scoringLines() []string {
	lines := []string{fmt.Sprintf("question %q %s credits %s rule %s wrong %s floor %s select %s", q.ID, q.Kind,
		FormatNumber(q.Credits), q.Rule, FormatNumber(q.Wrong), FormatNumber(q.Floor), q.Select)}
	for _, o := range q.Options {
		key := "unknown"
		if o.Correct != nil {
			key = strconv.FormatBool(*o.Correct)
		}
		lines = append(lines, fmt.Sprintf("option %q %s", o.ID, key))
	}
	for _, b := range q.Boxes {
		lines = append(lines, fmt.Sprintf("cell %q %s is %s", CreditField(q.ID, b.Corrector), canonicalBox(b.Box), FormatNumber(b.Credits)))
	}
	return append(lines, q.voidLines()...)
}

func canonicalBox(b geom.Box) string {
	return strings.Join([]string{FormatNumber(b.X), FormatNumber(b.Y), FormatNumber(b.W), FormatNumber(b.H)}, " ")
}

func digest(head string, lines []string) string {
	sum := sha256.Sum256([]byte(head + "\n" + strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}
