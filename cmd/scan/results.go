package main

import (
	"fmt"
	"os"
	"path/filepath"

	"scan/internal/export"
	"scan/pipeline"
)

// resultFiles are the tables a run writes. scores.csv is replaced last: where it is
// new, so are the two it rests on.
var resultFiles = []string{"pages.csv", "readings.csv", "scores.csv"}

// writeResults writes all tables beside the old ones and then puts them in their place:
// a run that fails before leaves every earlier result as it was.
func writeResults(dir string, out *pipeline.Outcome) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the folder for results cannot be made: %w", err)
	}
	staging, err := os.MkdirTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("results cannot be written: %w", err)
	}
	defer os.RemoveAll(staging)
	path := func(name string) string { return filepath.Join(staging, name) }
	if err := export.WritePages(path("pages.csv"), out.Pages); err != nil {
		return err
	}
	if err := export.WriteReadings(path("readings.csv"), out.Readings); err != nil {
		return err
	}
	if err := export.WriteScores(path("scores.csv"), out.Exam, out.Sheets); err != nil {
		return err
	}
	for _, name := range resultFiles {
		if err := os.Rename(path(name), filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("results cannot be put in place (is one open in another program?): %w", err)
		}
	}
	return nil
}
