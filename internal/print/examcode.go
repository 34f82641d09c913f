package print

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"scan/internal/exam"
)

// maxID bounds what is taken of the exam's id into a page code, so that the date, the copy and
// the page fit into 32 codewords.
const maxID = 16

var notOfCode = regexp.MustCompile(`[^A-Z0-9]+`)

// ExamCode is what stands before the copy in the page codes of an exam: what exam.yaml says,
// else its id and the day, so that next year's exam of the same name has other codes.
func ExamCode(e *exam.Exam, day time.Time) string {
	if e.Codes != nil && e.Codes.Exam != "" {
		return e.Codes.Exam
	}
	id := strings.Trim(notOfCode.ReplaceAllString(strings.ToUpper(e.ID), "-"), "-")
	id = strings.Trim(id[:min(len(id), maxID)], "-")
	if id == "" {
		id = "EXAM"
	}
	return id + "-" + day.Format("20060102")
}

var plainCode = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

// CheckExamCode finds what cannot be printed and read again.
func CheckExamCode(code string) error {
	if !plainCode.MatchString(code) {
		return fmt.Errorf("exam: below codes: in exam.yaml is %q; page codes hold letters A to Z, digits, - and . only", code)
	}
	return nil
}

var plainCopy = regexp.MustCompile(`^[A-Za-z0-9.]+$`)

// CheckCopyName finds a copy that a page code could not name.
func CheckCopyName(name string) error {
	if !plainCopy.MatchString(name) {
		return fmt.Errorf("copy %q cannot stand in a page code; its name may hold letters A to Z, digits and . only", name)
	}
	return nil
}

// CodesLine is what exam.yaml must say of the page codes.
func CodesLine(code string, offset int) string {
	return fmt.Sprintf("codes: {exam: %q, page_offset: %d}", code, offset)
}

var pagesLine = regexp.MustCompile(`(?m)^pages:.*\r?\n`)

// AddCodes puts the line of the page codes behind that of the pages, and changes nothing else;
// false if that cannot be done safely.
func AddCodes(source []byte, code string, offset int) ([]byte, bool) {
	before, err := exam.Parse("exam.yaml", source)
	if err != nil || before.Codes != nil {
		return nil, false
	}
	at := pagesLine.FindIndex(source)
	if at == nil {
		return nil, false
	}
	end := "\n"
	if bytes.HasSuffix(source[at[0]:at[1]], []byte("\r\n")) {
		end = "\r\n"
	}
	changed := append(bytes.Clone(source[:at[1]]), CodesLine(code, offset)+end...)
	changed = append(changed, source[at[1]:]...)
	after, err := exam.Parse("exam.yaml", changed)
	if err != nil {
		return nil, false
	}
	before.Codes = &exam.Codes{Exam: code, PageOffset: offset}
	return changed, bytes.Equal(before.YAML(), after.YAML())
}
