package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/shareddata"
)

// TestRealCheckboxes reads a real scan, 84 boxes in many pens, through the whole chain: the
// blank page is the form. The page knows only marked and not marked, so that crossed,
// filled and remarked all count as marked.
func TestRealCheckboxes(t *testing.T) {
	for _, dpi := range []string{"300", "100"} {
		t.Run(dpi+" dpi", func(t *testing.T) {
			form := shareddata.Path(t, "real", "zesje", "checkboxes", "reference_300dpi.jpg")
			scan := shareddata.Path(t, "real", "zesje", "checkboxes", "student_"+dpi+"dpi.jpg")
			truth := readRows(t, shareddata.Path(t, "real", "zesje", "checkboxes", "truth.tsv"), '\t')
			dir := t.TempDir()
			copyFile(t, form, filepath.Join(dir, "form.jpg"))
			copyFile(t, scan, filepath.Join(dir, "scans", "student.jpg"))
			want := writeCheckboxExam(t, dir, truth)

			var out, errs strings.Builder
			code := run([]string{"read", dir, "--progress=none"}, strings.NewReader(""), &out, &errs)
			require.Contains(t, []int{0, 3}, code, "%s\n%s", out.String(), errs.String())
			right, review, misread := 0, 0, []string(nil)
			for _, r := range readRows(t, filepath.Join(dir, "results", "readings.csv"), ',') {
				w, known := want[r["field"]]
				if !known {
					continue
				}
				delete(want, r["field"])
				switch {
				case r["review"] == "1":
					review++
				case w == "?" || (r["value"] != "empty") == (w == "1"):
					right++
				default:
					misread = append(misread, r["field"]+" "+r["value"]+" "+r["confidence"])
				}
			}
			t.Logf("real check boxes at %s dpi: right %d, review %d, misread %d %v", dpi, right, review, len(misread), misread)
			assert.Empty(t, want, "every box has a reading")
			assert.Empty(t, misread)
		})
	}
}

// writeCheckboxExam writes the exam.yaml of the page and returns the truth by field: "0",
// "1", or "?" where either may be read.
func writeCheckboxExam(t *testing.T, dir string, rows []map[string]string) map[string]string {
	var y strings.Builder
	y.WriteString("version: 1\nid: boxes\ntitle: Boxes\nform: form.jpg\npages: 1\nproblems:\n  - id: \"1\"\n    questions:\n")
	want := map[string]string{}
	last := ""
	for _, r := range rows {
		q := r["row"] + "." + r["group"]
		if q != last {
			fmt.Fprintf(&y, "      - id: %q\n        kind: choice\n        page: 1\n        credits: 1\n        options:\n", q)
			last = q
		}
		mm := func(k string) float64 {
			px, err := strconv.ParseFloat(r[k], 64)
			require.NoError(t, err)
			return px * 25.4 / 300
		}
		// The truth gives corners to about 10 pixels; the boxes are 4 mm squares.
		fmt.Fprintf(&y, "          - {id: %q, box: [%.2f, %.2f, 4.0, 4.0]}\n", r["box"], mm("x_300dpi"), mm("y_300dpi"))
		want[q+"."+r["box"]] = r["marked"]
		if r["unclear"] == "1" {
			want[q+"."+r["box"]] = "?"
		}
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "exam.yaml"), []byte(y.String()), 0o644))
	return want
}

func readRows(t *testing.T, path string, comma rune) []map[string]string {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = comma
	all, err := r.ReadAll()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	var rows []map[string]string
	for _, rec := range all[1:] {
		row := map[string]string{}
		for i, k := range all[0] {
			row[k] = rec[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func copyFile(t *testing.T, from, to string) {
	b, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
	require.NoError(t, os.WriteFile(to, b, 0o644))
}
