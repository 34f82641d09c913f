package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed templates words
var files embed.FS

// page is parsed once; its functions are given anew for each language.
var page = template.Must(template.New("page.html").Funcs(newWords("en").funcs()).ParseFS(files, "templates/*.html"))

// Write writes the report. Same data, same bytes.
func Write(w io.Writer, d Data) error {
	words := newWords(d.Lang)
	t, err := page.Clone()
	if err != nil {
		return fmt.Errorf("the report's template: %w", err)
	}
	var b bytes.Buffer // whole or not at all
	if err := t.Funcs(words.funcs()).Execute(&b, newView(d, words)); err != nil {
		return fmt.Errorf("the report cannot be made: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}
