package print

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
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

// Copies writes the record of what was printed: one row a copy.
func (b Booklets) Copies(w io.Writer, copies []string) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"copy", "code", "symbology", "pages", "first_page"})
	for i, name := range copies {
		_ = out.Write([]string{name, b.Exam + "-" + name, string(b.Kind), strconv.Itoa(len(b.Pages)), strconv.Itoa(i*b.Sheets() + 1)})
	}
	out.Flush()
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
func SpareNumbers(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(rows) == 0 || len(rows[0]) != 3 {
		return nil, fmt.Errorf("%s is not what scan print wrote; move the folder away to print anew", path)
	}
	var spare []string
	for _, row := range rows[1:] {
		if row[2] == "1" {
			spare = append(spare, row[1])
		}
	}
	return spare, nil
}
