package print

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Attendee is a line of the attendance list. A line without a name is for whoever comes
// unannounced.
type Attendee struct{ Registration, Name, Seat, Code string }

// Order is how the list is sorted.
type Order string

// The orders of the list.
const (
	ByName         Order = "name"
	BySeat         Order = "seat"
	ByRegistration Order = "registration"
)

// Sort sorts a list; lines without a registration stay last. Names as in a telephone book,
// seats with their numbers counted (A2 before A10).
func Sort(list []Attendee, by Order) {
	names := collate.New(language.German, collate.IgnoreCase)
	slices.SortStableFunc(list, func(a, b Attendee) int {
		if blank := cmp.Compare(boolInt(a.Registration == ""), boolInt(b.Registration == "")); blank != 0 || a.Registration == "" {
			return blank
		}
		switch by {
		case ByName:
			return cmp.Or(names.CompareString(a.Name, b.Name), cmp.Compare(a.Registration, b.Registration))
		case BySeat:
			return cmp.Or(compareSeats(a.Seat, b.Seat), names.CompareString(a.Name, b.Name))
		default:
			return compareSeats(a.Registration, b.Registration)
		}
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// compareSeats compares runs of digits by their value, all else by letters. No seat is last.
func compareSeats(a, b string) int {
	if (a == "") != (b == "") {
		return boolInt(a == "") - boolInt(b == "")
	}
	for a != "" && b != "" {
		x, y := seatPart(a), seatPart(b)
		a, b = a[len(x):], b[len(y):]
		if unicode.IsDigit(rune(x[0])) && unicode.IsDigit(rune(y[0])) {
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if d := cmp.Compare(len(x), len(y)); d != 0 {
				return d
			}
		}
		if d := strings.Compare(strings.ToLower(x), strings.ToLower(y)); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(a), len(b))
}

// seatPart is the leading run of digits, or of anything else.
func seatPart(s string) string {
	digit := unicode.IsDigit(rune(s[0]))
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsDigit(r) != digit }); i > 0 {
		return s[:i]
	}
	return s
}

// List is the attendance list of an exam.
type List struct {
	Title, Exam string
	Lines       []Attendee
	CodeHead    string // what the last column is called, e.g. "Sticker"
}

// column is a column of the list.
type column struct {
	head  string
	w     float64
	bold  bool
	value func(n int, a Attendee) string
}

// Measures of the list, mm.
const (
	listLeft, listTop = 12.0, 14.0
	listWidth         = paperW - 2*listLeft
	listHead, listRow = 7.0, 9.5 // a row has room for a signature
	listPt            = 10.0
	perPage           = 27 // rows between head and bottom
)

// columns lists what is shown: a seat only if anybody has one.
func (l List) columns() []column {
	cols := []column{{"No.", 11, false, func(n int, _ Attendee) string { return strconv.Itoa(n) }}}
	if slices.ContainsFunc(l.Lines, func(a Attendee) bool { return a.Seat != "" }) {
		cols = append(cols, column{"Seat", 16, false, func(_ int, a Attendee) string { return a.Seat }})
	}
	cols = append(cols,
		column{"Registration", 28, false, func(_ int, a Attendee) string { return a.Registration }},
		column{"Name", 0, false, func(_ int, a Attendee) string { return a.Name }},
		column{"Signature", 50, false, func(int, Attendee) string { return "" }},
		column{l.CodeHead, 24, true, func(_ int, a Attendee) string { return a.Code }})
	rest := listWidth
	for _, c := range cols {
		rest -= c.w
	}
	for i := range cols {
		if cols[i].w == 0 {
			cols[i].w = rest
		}
	}
	return cols
}

// Write writes the list as A4 pages, its head on each.
func (l List) Write(w io.Writer) error {
	pdf := newDocument()
	addFonts(pdf)
	cols := l.columns()
	pages := max(1, (len(l.Lines)+perPage-1)/perPage)
	for p := range pages {
		addPage(pdf, paperW, paperH)
		l.head(pdf, cols, p+1, pages)
		for i := p * perPage; i < min(len(l.Lines), (p+1)*perPage); i++ {
			l.line(pdf, cols, listTop+2*listHead+float64(i%perPage)*listRow, i)
		}
	}
	return pdf.Output(w)
}

func (l List) head(pdf *fpdf.Fpdf, cols []column, page, pages int) {
	pdf.SetFont(sans, "B", 13)
	pdf.SetTextColor(0, 0, 0)
	pdf.Text(listLeft, listTop, fit(pdf, l.Title, listWidth-45))
	pdf.SetFont(sans, "", 9)
	right := fmt.Sprintf("Attendance, page %d of %d", page, pages)
	pdf.Text(listLeft+listWidth-pdf.GetStringWidth(right), listTop, right)
	pdf.Text(listLeft, listTop+4.5, l.Exam)
	pdf.SetFont(sans, "B", 9)
	x, y := listLeft, listTop+2*listHead
	pdf.SetLineWidth(0.4)
	pdf.Line(listLeft, y, listLeft+listWidth, y)
	for _, c := range cols {
		pdf.Text(x+1.2, y-1.8, c.head)
		x += c.w
	}
}

func (l List) line(pdf *fpdf.Fpdf, cols []column, y float64, i int) {
	x := listLeft
	pdf.SetLineWidth(0.15)
	for _, c := range cols {
		style := ""
		if c.bold {
			style = "B"
		}
		pdf.SetFont(sans, style, listPt)
		pdf.Text(x+1.2, y+listRow-3.2, fit(pdf, c.value(i+1, l.Lines[i]), c.w-2.4))
		pdf.Line(x, y, x, y+listRow)
		x += c.w
	}
	pdf.Line(x, y, x, y+listRow)
	pdf.Line(listLeft, y+listRow, listLeft+listWidth, y+listRow)
}
