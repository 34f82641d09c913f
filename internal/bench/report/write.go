package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Figures lists the pictures in their order.
func (d Doc) Figures() []*Figure {
	var all []*Figure
	for _, b := range d.Blocks {
		if b.Figure != nil {
			all = append(all, b.Figure)
		}
	}
	return all
}

// Write puts report.md, report.html and the pictures into a folder, which is made if it is
// not there. Other files in it stay.
func (d Doc) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range d.Figures() {
		if err := os.WriteFile(filepath.Join(dir, f.File), f.PNG, 0o644); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, "report.html"), d.HTML); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "report.md"), d.Markdown)
}

func writeFile(path string, render func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := render(f); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
