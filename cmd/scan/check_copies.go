package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"scan/internal/author"
	"scan/internal/exam"
	"scan/internal/raster"
	"scan/pipeline"
)

// checkCopies compares every copy that differs with its own print.
func checkCopies(dir string, e *exam.Exam, form []raster.FormPage) (wrong, open []error) {
	if !e.HasCopies() {
		return nil, nil
	}
	file := filepath.Join(dir, e.CopiesFile)
	for _, c := range e.Copies {
		own := slices.Clone(form)
		for _, n := range c.Pages {
			p, err := raster.LoadFormPage(filepath.Join(dir, c.Form), n, filepath.Join(dir, pipeline.ResultsDir, ".cache"))
			if err != nil {
				wrong = append(wrong, fmt.Errorf("the form of copy %s cannot be read: %w", c.ID, err))
				break
			}
			if n <= len(own) {
				own[n-1] = p
			}
		}
		if err := e.CheckCopyPrint(file, c.ID, author.Printed(own)); err != nil {
			wrong = append(wrong, err)
		}
	}
	if err := e.CheckCopiesOpen(file); err != nil {
		open = append(open, err)
	}
	return wrong, open
}
