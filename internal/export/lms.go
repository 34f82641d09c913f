package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/mark"
)

// Column is a chosen column of the list for a learning platform.
type Column struct {
	Head  string
	value func(d *Data, s mark.Sheet, student exam.Student) string
	// number tells that the values are credits or grades, written with the decimal sign asked for.
	number bool
}

// List says how the list for a learning platform is written.
type List struct {
	Columns      []Column
	Separator    rune // 0 is a comma
	DecimalComma bool
}

// The prefixes of ids in --columns: a problem and a question may have the same.
const (
	problemPrefix  = "P:"
	questionPrefix = "Q:"
	rosterPrefix   = "R:"
)

// sheetColumns are the columns that every exam has.
var sheetColumns = map[string]Column{
	"booklet":      {value: func(_ *Data, s mark.Sheet, _ exam.Student) string { return s.Booklet }},
	"code":         {value: func(_ *Data, s mark.Sheet, _ exam.Student) string { return s.Code }},
	"registration": {value: func(_ *Data, s mark.Sheet, _ exam.Student) string { return s.Registration }},
	"status":       {value: func(_ *Data, s mark.Sheet, _ exam.Student) string { return s.Status }},
	"total":        {value: func(_ *Data, s mark.Sheet, _ exam.Student) string { return optional(s.Total) }, number: true},
	"grade":        {value: func(d *Data, s mark.Sheet, _ exam.Student) string { return d.grade(s) }, number: true},
}

// DefaultColumns are those of a list for which none were chosen, of all booklets or of final ones alone.
// There is no name among them.
func DefaultColumns(e *exam.Exam, all bool) string {
	columns := "registration,total"
	if e.Grades != nil {
		columns += ",grade"
	}
	if all {
		columns += ",status" // a total may still change
	}
	return columns
}

// Columns reads chosen columns: "Matriculation number=registration,Grade=grade,name". A head that
// holds a comma stands in quotes together with what it is a head of: "\"Name, given\"=name". What
// a column can be is in docs/formats.md.
func Columns(text string, e *exam.Exam, roster *exam.Roster) ([]Column, error) {
	var chosen []Column
	for _, part := range splitColumns(text) {
		head, what, named := cutLast(part, "=")
		if !named {
			head, what = part, part
		}
		head, what = strings.TrimSpace(head), strings.TrimSpace(what)
		c, ok := column(what, e, roster)
		if !ok && what == "grade" {
			return nil, errors.New("--columns names grade, which needs a grading key: put grades: into exam.yaml (see docs/formats.md), or leave it out")
		}
		if !ok {
			return nil, fmt.Errorf("--columns names %q, which is not there; write any of %s", what, offered(e, roster))
		}
		c.Head = strings.Trim(head, `"`)
		chosen = append(chosen, c)
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("--columns is empty; write any of %s", offered(e, roster))
	}
	return chosen, nil
}

// splitColumns cuts a text at the commas that stand in no quotes.
func splitColumns(text string) []string {
	quoted := false
	parts := strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ',' && !quoted
	})
	return slices.DeleteFunc(parts, func(p string) bool { return strings.TrimSpace(p) == "" })
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// column finds what a column is of.
func column(what string, e *exam.Exam, roster *exam.Roster) (Column, bool) {
	if c, ok := sheetColumns[strings.ToLower(what)]; ok {
		return c, what != "grade" || e.Grades != nil
	}
	if id, ok := strings.CutPrefix(what, problemPrefix); ok && e.Problem(id) != nil {
		return Column{number: true, value: func(_ *Data, s mark.Sheet, _ exam.Student) string { return optional(s.Problems[id]) }}, true
	}
	if id, ok := strings.CutPrefix(what, questionPrefix); ok && e.Question(id) != nil {
		return Column{number: true, value: func(_ *Data, s mark.Sheet, _ exam.Student) string { return optional(s.Questions[id]) }}, true
	}
	name := strings.ToLower(strings.TrimPrefix(what, rosterPrefix))
	if !slices.Contains(rosterColumns(roster), name) {
		return Column{}, false
	}
	return Column{value: func(_ *Data, _ mark.Sheet, student exam.Student) string { return student.Other[name] }}, true
}

// rosterColumns lists the roster's further columns, in lower case.
func rosterColumns(roster *exam.Roster) (names []string) {
	if roster == nil {
		return nil
	}
	for _, c := range roster.Columns {
		if c = strings.ToLower(c); c != "" && c != "code" && c != "registration" {
			names = append(names, c)
		}
	}
	return names
}

// offered lists what columns can be.
func offered(e *exam.Exam, roster *exam.Roster) string {
	all := []string{"booklet", "code", "registration", "status", "total"}
	if e.Grades != nil {
		all = append(all, "grade")
	}
	problems, questions := columns(e)
	if len(problems) > 0 {
		all = append(all, problemPrefix+problems[0]+" (a problem)")
	}
	if len(questions) > 0 {
		all = append(all, questionPrefix+questions[0]+" (a question)")
	}
	return strings.Join(append(all, rosterColumns(roster)...), ", ")
}

// LMS writes a row for each booklet that is exported, with the chosen columns alone.
func LMS(w io.Writer, d *Data, l List) error {
	out := csv.NewWriter(w)
	if l.Separator != 0 {
		out.Comma = l.Separator
	}
	head := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		head[i] = harmless(c.Head)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, s := range d.Sheets() {
		student, _ := d.Roster.ByRegistration(s.Registration)
		row := make([]string, len(l.Columns))
		for i, c := range l.Columns {
			row[i] = l.cell(c, c.value(d, s, student))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (l List) cell(c Column, value string) string {
	if _, err := strconv.ParseFloat(value, 64); !c.number || err != nil {
		return harmless(value)
	}
	if l.DecimalComma {
		return strings.Replace(value, ".", ",", 1)
	}
	return value
}

// harmless puts ' before a text that a spreadsheet would run as a formula.
func harmless(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}
