package report

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"svg":   func(s string) template.HTML { return template.HTML(s) }, //nolint:gosec // drawn by this package
	"level": func(depth int) bool { return depth <= 2 },
	"spans": func(t *Table, row []string) bool { return len(row) != len(t.Head) },
	"text":  func(t *Table, i int) bool { return i < t.Left },
}).Parse(pageSource))

// HTML renders a report as one page that needs no other file and no network, in the
// reader's light or dark colours.
func (d Doc) HTML(w io.Writer) error { return page.Execute(w, d) }
