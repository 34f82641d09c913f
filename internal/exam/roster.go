package exam

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Student is one row of the roster. Code is what the sticker says. Other holds further
// columns by the name in the header.
type Student struct {
	Code, Registration string
	Other              map[string]string
	Line               int // in the file, counted from 1
}

// Roster binds sticker codes to registration numbers. A nil roster is legal and
// knows nobody.
type Roster struct {
	Students       []Student // in the order of the file
	Columns        []string  // as the header names them; "" for a column without a name
	byCode         map[string]int
	byRegistration map[string]int
}

// LoadRoster reads a roster: CSV with a header that names the columns code and
// registration, in any order and case. Commas, semicolons or tabs, LF or CRLF, quotes
// and a byte order mark are taken as they come. Codes are text: leading zeros stay.
// Everything wrong with the file comes back as one *CheckError.
func LoadRoster(path string) (*Roster, error) {
	b, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	return ParseRoster(path, b)
}

// ParseRoster decodes and checks the bytes of a roster; name is what messages call it.
func ParseRoster(name string, b []byte) (*Roster, error) {
	return rosterReader{name: name}.parse(b)
}

// LoadDraft reads a roster in which codes may be missing, all or some: what a list of students
// is before codes are given to them. Everything else is checked as LoadRoster does.
func LoadDraft(path string) (*Roster, error) {
	b, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	return rosterReader{name: path, draft: true}.parse(b)
}

func (r rosterReader) parse(b []byte) (*Roster, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		r.add(0, ErrUnsupported, "the text is not UTF-8; save it as \"CSV UTF-8\"")
		return nil, checkError(r.issues)
	}
	roster := r.read(b)
	if len(r.issues) > 0 {
		return nil, checkError(r.issues)
	}
	return roster, nil
}

// ByCode returns the student whose sticker has a code.
func (r *Roster) ByCode(code string) (Student, bool) {
	if r == nil {
		return Student{}, false
	}
	i, ok := r.byCode[code]
	if !ok {
		return Student{}, false
	}
	return r.Students[i], true
}

// ByRegistration returns the student with a registration number.
func (r *Roster) ByRegistration(registration string) (Student, bool) {
	if r == nil {
		return Student{}, false
	}
	i, ok := r.byRegistration[registration]
	if !ok {
		return Student{}, false
	}
	return r.Students[i], true
}

// rosterReader collects what is wrong with a roster. draft allows students without a code.
type rosterReader struct {
	name   string
	draft  bool
	issues []Issue
}

func (r *rosterReader) add(line int, kind error, format string, args ...any) {
	r.issues = append(r.issues, Issue{File: r.name, Line: line, Text: fmt.Sprintf(format, args...), Kind: kind})
}

// rosterRow is a row that holds something, with its line.
type rosterRow struct {
	line  int
	cells []string
}

func (r *rosterReader) read(b []byte) *Roster {
	rows := r.rows(b)
	if len(rows) == 0 {
		if len(r.issues) == 0 {
			r.add(1, ErrMalformed, "the roster is empty; its first row names the columns: code,registration")
		}
		return nil
	}
	columns := len(rows[0].cells)
	head := r.header(rows[0])
	if head == nil {
		return nil
	}
	roster := &Roster{Columns: rows[0].cells, byCode: map[string]int{}, byRegistration: map[string]int{}}
	for _, row := range rows[1:] {
		if len(row.cells) > columns && strings.Join(row.cells[columns:], "") != "" {
			r.add(row.line, ErrInconsistent, "the row has more cells than the header has columns; put quotes around a cell that holds the separator")
			continue
		}
		r.student(roster, head, row)
	}
	if len(rows) == 1 && len(r.issues) == 0 {
		r.add(rows[0].line, ErrInconsistent, "no student follows the header; add a row for each, or remove the roster")
	}
	return roster
}

// rows splits the text into trimmed cells and drops empty lines.
func (r *rosterReader) rows(b []byte) []rosterRow {
	in := csv.NewReader(bytes.NewReader(b))
	in.Comma = separator(b)
	in.FieldsPerRecord = -1
	in.TrimLeadingSpace = in.Comma != '\t'
	var rows []rosterRow
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			r.csvError(err)
			return nil
		}
		line, _ := in.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		hint := len(rows) == 0 && strings.HasPrefix(strings.ToLower(cells[0]), "sep=")
		if strings.Join(cells, "") != "" && !hint {
			rows = append(rows, rosterRow{line, cells})
		}
	}
}

func (r *rosterReader) csvError(err error) {
	line := 0
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		line, err = pe.StartLine, pe.Err
	}
	r.add(line, ErrMalformed, "not valid CSV: %v; check the quotes of this row", err)
}

// separator is the one of comma, semicolon and tab that the header holds most of; the
// line "sep=;" that spreadsheets write counts like any other.
func separator(b []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(b, "\r\n \t"), []byte("\n"))
	best, most := ',', 0
	for _, s := range ",;\t" {
		if n := bytes.Count(first, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}

// header maps column names in lower case to their place; nil if a needed one is absent.
func (r *rosterReader) header(row rosterRow) map[string]int {
	head := map[string]int{}
	for i, cell := range row.cells {
		key := strings.ToLower(cell)
		if _, twice := head[key]; twice && key != "" {
			r.add(row.line, ErrInconsistent, "two columns are called %s; rename one", cell)
		}
		head[key] = i
	}
	for _, key := range []string{"code", "registration"} {
		if _, ok := head[key]; !ok && (!r.draft || key != "code") {
			r.add(row.line, ErrInconsistent, "there is no column %s; the first row must name the columns code and registration", key)
		}
	}
	if len(r.issues) > 0 {
		return nil
	}
	return head
}

// rounded matches what a spreadsheet makes of a long number: 3.71E+07. The digits are
// gone for good, so it must not be taken for a code.
var rounded = regexp.MustCompile(`^\d([.,]\d+[eE]\+?|[eE]\+)\d+$`)

// student takes one row. Values are not repeated in messages but for codes: a roster
// holds names.
func (r *rosterReader) student(to *Roster, head map[string]int, row rosterRow) {
	cell := func(key string) string {
		if i, ok := head[key]; ok && i < len(row.cells) {
			return row.cells[i]
		}
		return ""
	}
	s := Student{Code: cell("code"), Registration: cell("registration"), Other: map[string]string{}, Line: row.line}
	for key := range head {
		if key != "code" && key != "registration" && key != "" {
			s.Other[key] = cell(key)
		}
	}
	switch {
	case s.Registration == "" && r.draft:
		r.add(row.line, ErrInconsistent, "registration is empty; write it or remove the row")
	case s.Code == "" && !r.draft || s.Registration == "":
		r.add(row.line, ErrInconsistent, "code or registration is empty; write both or remove the row")
	case rounded.MatchString(s.Code) || rounded.MatchString(s.Registration):
		r.add(row.line, ErrInconsistent, "a number was rounded by a spreadsheet (like 3.71E+07); format the column as text and export again")
	}
	r.unique(to, s)
	to.Students = append(to.Students, s)
}

// unique reports a code or registration that stood in an earlier row.
func (r *rosterReader) unique(to *Roster, s Student) {
	n := len(to.Students)
	if i, twice := to.byCode[s.Code]; twice && s.Code != "" {
		r.add(s.Line, ErrInconsistent, "code %s stands in line %d already; every sticker has its own", s.Code, to.Students[i].Line)
	}
	if i, twice := to.byRegistration[s.Registration]; twice && s.Registration != "" {
		r.add(s.Line, ErrInconsistent, "this registration stands in line %d already; remove one row", to.Students[i].Line)
	}
	if s.Code != "" {
		to.byCode[s.Code] = n
	}
	to.byRegistration[s.Registration] = n
}
