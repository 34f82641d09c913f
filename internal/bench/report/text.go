package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Text renders a report for a terminal.
func (d Doc) Text(w io.Writer) error {
	var b strings.Builder
	for i, block := range d.Blocks {
		if i > 0 && block.Items == nil {
			b.WriteByte('\n')
		}
		block.plain(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (block Block) plain(b *strings.Builder) {
	switch {
	case block.Heading != "":
		fmt.Fprintln(b, strings.ToUpper(block.Heading[:1])+block.Heading[1:])
	case block.Text != "":
		wrap(b, block.Text, 110)
	case block.Code != "":
		fmt.Fprintln(b, "  "+block.Code)
	case block.Table != nil:
		block.Table.plain(b)
	}
	for _, item := range block.Items {
		fmt.Fprintln(b, "  "+item)
	}
}

// wrap breaks a text at spaces.
func wrap(b *strings.Builder, text string, width int) {
	at := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > width:
			b.WriteByte('\n')
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteByte('\n')
}

// plain aligns text to the left and numbers to the right, two spaces apart.
func (t *Table) plain(b *strings.Builder) {
	widths := make([]int, len(t.Head))
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		for i, cell := range row {
			if len(row) == len(t.Head) {
				widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			}
		}
	}
	t.line(b, t.Head, widths)
	for _, row := range t.Rows {
		if len(row) != len(t.Head) {
			fmt.Fprintln(b, row[0])
			continue
		}
		t.line(b, row, widths)
	}
}

func (t *Table) line(b *strings.Builder, row []string, widths []int) {
	var l strings.Builder
	for i, cell := range row {
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		switch {
		case i == 0:
			l.WriteString(cell + pad)
		case i < t.Left:
			l.WriteString("  " + cell + pad)
		default:
			l.WriteString("  " + pad + cell)
		}
	}
	fmt.Fprintln(b, strings.TrimRight(l.String(), " "))
}
