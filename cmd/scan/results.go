package main

import (
	"io"

	"scan/internal/export"
	"scan/internal/mark"
	"scan/pipeline"
)

// writeResults replaces the tables of a run together: one that fails leaves every earlier result as it was.
// scores.csv is the last: where it is new, so are the two it rests on.
func writeResults(dir string, out *pipeline.Outcome) error {
	return export.Replace(dir, append(wholeTables(&out.Batch), export.File{Name: "scores.csv",
		Write: func(w io.Writer) error { return export.Scores(w, out.Exam, out.Sheets) }}))
}

// wholeTables are the tables that have all of a batch, whatever is exported.
func wholeTables(b *mark.Batch) []export.File {
	return []export.File{
		{Name: "pages.csv", Write: func(w io.Writer) error { return export.Pages(w, b.Pages) }},
		{Name: "readings.csv", Write: func(w io.Writer) error { return export.Readings(w, b.Readings) }},
	}
}
