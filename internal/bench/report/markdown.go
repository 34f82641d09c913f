package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown renders a report with pictures as files beside it.
func (d Doc) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", d.Title)
	for _, block := range d.Blocks {
		b.WriteByte('\n')
		block.markdown(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (block Block) markdown(b *strings.Builder) {
	switch {
	case block.Heading != "":
		fmt.Fprintln(b, strings.Repeat("#", block.Depth), escape(block.Heading))
	case block.Text != "":
		wrap(b, escape(block.Text), 118)
	case block.Code != "":
		fmt.Fprintln(b, "    "+block.Code)
	case block.Table != nil:
		block.Table.markdown(b)
	case block.Figure != nil:
		fmt.Fprintf(b, "![%s](%s)\n", escape(block.Figure.Caption), block.Figure.File)
	}
	for _, item := range block.Items {
		fmt.Fprintln(b, "- "+escape(item))
	}
}

func (t *Table) markdown(b *strings.Builder) {
	row := func(cells []string) { fmt.Fprintln(b, "| "+strings.Join(cells, " | ")+" |") }
	row(escaped(t.Head))
	rule := make([]string, len(t.Head))
	for i := range rule {
		rule[i] = map[bool]string{true: "---", false: "---:"}[i < t.Left]
	}
	row(rule)
	for _, r := range t.Rows {
		if len(r) != len(t.Head) {
			r = append([]string{"**" + escape(r[0]) + "**"}, make([]string, len(t.Head)-1)...)
			row(r)
			continue
		}
		row(escaped(r))
	}
}

func escaped(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = escape(c)
	}
	return out
}

// marks are what Markdown would take for its own. Names of sets and files come from
// outside.
var marks = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "\\`", "[", `\[`)

func escape(s string) string { return marks.Replace(s) }
