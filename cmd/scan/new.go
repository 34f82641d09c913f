package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"scan/internal/author"
	"scan/internal/exam"
	"scan/internal/export"
	"scan/internal/raster"
	"scan/pipeline"
)

func newCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "new DIR", Short: newShort, Long: newLong, Args: exactly("the exam folder to make")}
	f := cmd.Flags()
	form := f.String("form", "", "the printed form: PDF, or images of its pages (required)")
	solution := f.String("solution", "", "the same form with the right options crossed")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if *form == "" {
			return usagef("scan new needs --form FILE, the printed form of the exam")
		}
		return makeExam(say, filepath.Clean(args[0]), *form, *solution)
	}
	return cmd
}

// makeExam writes an exam folder out of a form.
func makeExam(say speech, dir, form, solution string) error {
	target := filepath.Join(dir, pipeline.ExamFile)
	if _, err := os.Lstat(target); err == nil {
		return fmt.Errorf("%s is there already; change it with scan edit %s, or remove it to begin anew", target, dir)
	}
	if err := areThere(form, solution); err != nil {
		return err
	}
	if isFolder(form) {
		return makeCopies(say, dir, form, solution)
	}
	d, err := author.FromForm(form)
	if err != nil {
		return err
	}
	if len(d.Exam.Problems) == 0 {
		return fmt.Errorf("%s: no boxes were found on its %d pages; draw them with scan edit, or write %s by hand", form, d.Exam.Pages, pipeline.ExamFile)
	}
	d.Exam.ID, d.Exam.Form = examID(dir), "form"+strings.ToLower(filepath.Ext(form))
	var key *author.Key
	if solution != "" {
		if key, err = d.TakeKey(form, solution); err != nil {
			return err
		}
	}
	file := d.Exam.YAML(headOf(d, filepath.Base(form))...)
	if _, err := exam.Parse(pipeline.ExamFile, file); err != nil {
		d.Notes = append(d.Notes, author.Note{Text: "exam.yaml contradicts itself: " + err.Error()})
	}
	if err := writeExam(dir, form, file, d); err != nil {
		return err
	}
	say.drafted(dir, form, d, key)
	if len(d.Notes) > 0 {
		return errReview
	}
	return nil
}

// areThere tells which of the given files is missing, before anything is read.
func areThere(form, solution string) error {
	if _, err := os.Stat(form); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s; --form takes the printed form, a PDF or images of its pages", form)
	}
	if solution == "" {
		return nil
	}
	if _, err := os.Stat(solution); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s; --solution takes the form with the right options crossed", solution)
	}
	return nil
}

// headOf is the comment on top of exam.yaml.
func headOf(d author.Draft, form string) []string {
	head := []string{
		fmt.Sprintf("Made by scan new from the %s of %s. Lengths are mm from the page's top-left corner,", d.From, form),
		"boxes [x, y, width, height]. results/form.pdf shows them on the form; scan check tells what does not agree.",
	}
	for _, n := range d.Notes {
		head = append(head, "LOOK: "+placeOf(n)+n.Text)
	}
	return head
}

// examID makes a short name out of the folder's.
func examID(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	id := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(filepath.Base(abs)), "-"), "-")
	if id == "" {
		return "exam"
	}
	return id
}

// writeExam writes the folder: the form, what was found drawn on it, and exam.yaml last, which
// makes it an exam folder.
func writeExam(dir, form string, file []byte, d author.Draft) error {
	if err := os.MkdirAll(filepath.Join(dir, pipeline.ScansDir), 0o777); err != nil {
		return err
	}
	if err := copyForm(form, filepath.Join(dir, d.Exam.Form)); err != nil {
		return err
	}
	if err := writeOverlay(dir, d.Exam, d.Spare); err != nil {
		return err
	}
	return export.WriteFile(filepath.Join(dir, pipeline.ExamFile), file)
}

// writeOverlay draws the exam on its form, into results/form.pdf.
func writeOverlay(dir string, e *exam.Exam, spare [][]author.Square) error {
	results := filepath.Join(dir, pipeline.ResultsDir)
	pages, err := raster.LoadForm(filepath.Join(dir, e.Form), filepath.Join(results, ".cache"))
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := author.WriteOverlay(&buf, pages, e, spare); err != nil {
		return err
	}
	if err := os.MkdirAll(results, 0o777); err != nil {
		return err
	}
	return export.WriteFile(filepath.Join(results, "form.pdf"), buf.Bytes())
}

// copyForm copies the form unless it lies in its place already.
func copyForm(from, to string) error {
	a, err := os.Stat(from)
	if err != nil {
		return err
	}
	if b, err := os.Stat(to); err == nil {
		if os.SameFile(a, b) {
			return nil
		}
		return fmt.Errorf("%s is there already and is another file; remove it, or give it as --form", to)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return export.WriteFile(to, b)
}
