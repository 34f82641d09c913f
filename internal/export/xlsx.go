package export

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"scan/internal/mark"
)

// The sheets of scores.xlsx, in their order.
const (
	sheetScores      = "scores"
	sheetQuestions   = "per-question"
	sheetItems       = "items"
	sheetDecisions   = "decisions"
	sheetConventions = "conventions"
)

// Workbook writes scores.xlsx: what a person wants to look at, sort and add up. Sums and grades
// are formulas with the values that they had; numbers are numbers, and codes are text that keeps
// its leading zeros. No text of a sticker, a roster or a reviewer ever becomes a formula. The same
// data gives the same bytes.
func Workbook(w io.Writer, d *Data) error {
	f := excelize.NewFile().SetZipWriter(newSortedZip)
	defer f.Close()
	b := &book{Data: d, file: f, sheets: d.Sheets()}
	if err := b.styles(); err != nil {
		return err
	}
	for _, s := range []table{b.scores(), b.perQuestion(), b.items(), b.decisions(), b.conventions()} {
		if err := b.sheet(s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "scan", Title: d.Exam.Title}); err != nil {
		return err
	}
	return f.Write(w)
}

// book is a workbook in the making.
type book struct {
	*Data
	file   *excelize.File
	sheets []mark.Sheet // that are exported
	style  struct{ head, text, title, grade int }
}

// table is one sheet. Cells are nil, numbers, text or excelize.Cell.
type table struct {
	name   string
	heads  []string
	rows   [][]any
	frozen int // columns that stay in view
	widths []float64
	plain  bool // text to read: no filter, and no row of heads
}

func (b *book) styles() (err error) {
	add := func(s *excelize.Style) (id int) {
		if err == nil {
			id, err = b.file.NewStyle(s)
		}
		return id
	}
	text, oneDigit := "@", "0.0"
	b.style.head = add(&excelize.Style{Font: &excelize.Font{Bold: true}, CustomNumFmt: &text,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}},
		Border:    []excelize.Border{{Type: "bottom", Style: 1, Color: "7F8FA0"}},
		Alignment: &excelize.Alignment{Horizontal: "left", Indent: 1}})
	// Text stands a little away from the number before it.
	b.style.text = add(&excelize.Style{CustomNumFmt: &text, Alignment: &excelize.Alignment{Horizontal: "left", Indent: 1}})
	b.style.title = add(&excelize.Style{Font: &excelize.Font{Bold: true}})
	b.style.grade = add(&excelize.Style{CustomNumFmt: &oneDigit})
	return err
}

// sheet writes one sheet.
func (b *book) sheet(t table) error {
	if _, err := b.file.NewSheet(t.name); err != nil {
		return err
	}
	if err := b.setUp(t); err != nil {
		return err
	}
	out, err := b.file.NewStreamWriter(t.name)
	if err != nil {
		return err
	}
	for i := len(t.widths); i > 0; i-- { // backwards: the writer puts each before the others
		if err := out.SetColWidth(i, i, t.widths[i-1]); err != nil {
			return err
		}
	}
	row := 1
	if !t.plain {
		panes := &excelize.Panes{Freeze: true, XSplit: t.frozen, YSplit: 1, TopLeftCell: cell(t.frozen+1, 2), ActivePane: "bottomRight"}
		if err := out.SetPanes(panes); err != nil {
			return err
		}
		if err := out.SetRow("A1", b.heads(t.heads)); err != nil {
			return err
		}
		row++
	}
	for _, r := range t.rows {
		if err := out.SetRow("A"+strconv.Itoa(row), b.texts(r)); err != nil {
			return err
		}
		row++
	}
	return out.Flush()
}

// setUp prepares a sheet for filtering and for printing: landscape, all columns on one page, the
// heads on every page.
func (b *book) setUp(t table) error {
	if !t.plain {
		if err := b.file.AutoFilter(t.name, "A1:"+cell(len(t.heads), len(t.rows)+1), nil); err != nil {
			return err
		}
		titles := &excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$1", t.name), Scope: t.name}
		if err := b.file.SetDefinedName(titles); err != nil {
			return err
		}
	}
	fit, landscape, wide, tall, a4 := true, "landscape", 1, 0, 9
	if err := b.file.SetSheetProps(t.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.file.SetPageLayout(t.name, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &wide, FitToHeight: &tall, Size: &a4})
}

func (b *book) heads(names []string) []any {
	cells := make([]any, len(names))
	for i, name := range names {
		cells[i] = excelize.Cell{StyleID: b.style.head, Value: name}
	}
	return cells
}

// texts gives text the format of text, so that a number in it stays as it is when a person edits
// the cell.
func (b *book) texts(row []any) []any {
	cells := make([]any, len(row))
	for i, v := range row {
		if s, ok := v.(string); ok {
			v = nil
			if s != "" {
				v = excelize.Cell{StyleID: b.style.text, Value: s}
			}
		}
		cells[i] = v
	}
	return cells
}

// cell names a cell, columns and rows counted from 1: C7.
func cell(column, row int) string { return columnName(column) + strconv.Itoa(row) }

// columnName is the letters of a column, counted from 1. More columns than a sheet can have are an
// error when the row is written.
func columnName(column int) string {
	name, _ := excelize.ColumnNumberToName(column)
	return name
}
