package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"scan/internal/author"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/pipeline"
)

func checkCommand(say speech) *cobra.Command {
	return &cobra.Command{Use: "check DIR", Short: checkShort, Long: checkLong, Args: exactly("the exam folder"),
		RunE: func(_ *cobra.Command, args []string) error { return checkExam(say, filepath.Clean(args[0])) }}
}

// checkExam tells everything that does not agree in an exam folder. What can be wrong on its own
// is told together: a person corrects it in one go.
func checkExam(say speech, dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("there is no folder %s; give the exam folder, the one that holds %s", dir, pipeline.ExamFile)
	}
	var wrong, open []error
	e, err := exam.Load(filepath.Join(dir, pipeline.ExamFile))
	if err != nil {
		wrong = append(wrong, err)
	}
	roster, err := exam.LoadRoster(filepath.Join(dir, pipeline.RosterFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		open = append(open, fmt.Errorf("there is no %s: scores will carry the sticker's code, but no registration number", filepath.Join(dir, pipeline.RosterFile)))
	case err != nil:
		wrong = append(wrong, err)
	}
	if e != nil {
		w, o := checkAgainstForm(dir, e)
		wrong, open = append(wrong, w...), append(open, o...)
	}
	for _, err := range append(wrong, open...) {
		say.warn("%v", err)
	}
	say.checked(dir, e, roster, len(wrong), len(open))
	switch {
	case len(wrong) > 0:
		return errInconsistent
	case len(open) > 0:
		return errReview
	}
	return nil
}

// errInconsistent ends a check that found mistakes; they have been told.
var errInconsistent = errors.New("the exam folder contradicts itself; see above")

// checkAgainstForm compares the exam with its printed form, and asks for the key.
func checkAgainstForm(dir string, e *exam.Exam) (wrong, open []error) {
	file := filepath.Join(dir, pipeline.ExamFile)
	form, err := raster.LoadForm(filepath.Join(dir, e.Form), filepath.Join(dir, pipeline.ResultsDir, ".cache"))
	if err != nil {
		return []error{fmt.Errorf("the form that %s names cannot be read: %w", file, err)}, nil
	}
	sizes := make([]geom.Box, len(form))
	for i, p := range form {
		sizes[i] = geom.Box{W: p.WidthMM, H: p.HeightMM}
	}
	for _, err := range []error{e.CheckForm(file, sizes), e.CheckPrint(file, author.Printed(form))} {
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	if err := e.CheckKeys(file); err != nil {
		open = append(open, err)
	}
	w, o := checkCopies(dir, e, form)
	return append(wrong, w...), append(open, o...)
}
