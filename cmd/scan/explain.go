package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"scan/internal/raster"
	"scan/pipeline"
)

func explainCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "explain DIR FILE:PAGE", Short: explainShort, Long: explainLong,
		Args: exactly("the exam folder", "a page, as in scans/batch1.pdf:7")}
	output := cmd.Flags().StringP("output", "o", "", "the picture to write (default: the page's name in the current folder)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		path, page, err := parsePage(args[1])
		if err != nil {
			return err
		}
		dir := filepath.Clean(args[0])
		x, err := pipeline.Explain(cmd.Context(), dir, path, page, func(r raster.Ref) (string, []string) { return batchLines(dir, r) })
		if err != nil {
			return err
		}
		file := *output
		if file == "" {
			file = pictureName(x.Ref)
		}
		if err := writePicture(file, x); err != nil {
			return err
		}
		say.explained(file, x)
		return nil
	}
	return cmd
}

// pictureName is batch1-0007.png for page 7 of any/batch1.pdf.
func pictureName(r raster.Ref) string {
	base := filepath.Base(filepath.FromSlash(r.Path))
	return fmt.Sprintf("%s-%04d.png", strings.TrimSuffix(base, filepath.Ext(base)), r.Page)
}

func writePicture(file string, x *pipeline.Explanation) (err error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".explain-*")
	if err != nil {
		return fmt.Errorf("the picture cannot be written: %w", err)
	}
	defer os.Remove(f.Name()) // does nothing after the rename
	if err := png.Encode(f, x.Picture); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// batchLines tells what the last run made of the page, out of its results: its booklet, and
// lines to be read.
func batchLines(dir string, r raster.Ref) (booklet string, lines []string) {
	for _, name := range []string{"pages.csv", "readings.csv"} {
		rows := csvRows(filepath.Join(dir, pipeline.ResultsDir, name))
		for _, row := range rows {
			if row["source"] != r.Path || row["source_page"] != strconv.Itoa(r.Page) {
				continue
			}
			if name == "pages.csv" {
				booklet = row["booklet"]
				lines = append(lines, fmt.Sprintf("in the batch: booklet %s, %s %s", cmp.Or(row["booklet"], "none"), row["status"], row["reason"]))
			} else if row["review"] == "1" {
				lines = append(lines, fmt.Sprintf("waits for a person: %s %q %s", row["field"], row["value"], row["reason"]))
			}
		}
	}
	return booklet, lines
}

// csvRows reads a table by column name; a missing or broken one is empty.
func csvRows(path string) (rows []map[string]string) {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) == 0 {
		return nil
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}
