package print

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
)

// Files of a print run.
const (
	BookletsFile   = "booklets.pdf"
	SplitDir       = "booklets"
	StickersFile   = "stickers.pdf"
	AttendanceFile = "attendance.pdf"
	CopiesFile     = "copies.csv"
	NumbersFile    = "stickers.csv"
)

// SplitFile is the file of a single copy.
func SplitFile(copyName string) string { return path.Join(SplitDir, copyName+".pdf") }

// Record tells what was printed, a row a copy.
type Record struct{ rows [][]string }

// Add notes a copy that begins at a page of a file.
func (r *Record) Add(b Booklets, copyName, file string, first int) {
	r.rows = append(r.rows, []string{copyName, b.Exam + "-" + copyName, string(b.Kind), strconv.Itoa(len(b.Pages)), file, strconv.Itoa(first)})
}

// Write writes the rows below their header.
func (r *Record) Write(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"copy", "code", "symbology", "pages", "file", "first_page"})
	_ = out.WriteAll(r.rows)
	return out.Error()
}

// Numbers writes the record of the labels: line of the list, number, and whether a student of
// the roster has it.
func Numbers(w io.Writer, lines []Attendee) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"line", "code", "spare"})
	for i, a := range lines {
		_ = out.Write([]string{strconv.Itoa(i + 1), a.Code, strconv.Itoa(boolInt(a.Registration == ""))})
	}
	out.Flush()
	return out.Error()
}

// SpareNumbers reads the numbers of an earlier run that no student has; none if there is no
// such file.
func SpareNumbers(file string) ([]string, error) {
	b, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(rows) == 0 || len(rows[0]) != 3 {
		return nil, fmt.Errorf("%s is not what scan print wrote; move the folder away to print anew", file)
	}
	var spare []string
	for _, row := range rows[1:] {
		if row[2] == "1" {
			spare = append(spare, row[1])
		}
	}
	return spare, nil
}
