package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
)

// The black-box sets are read by the command as a user runs it. What comes out is compared
// with the committed accuracy file in both directions: a worse figure fails, and so does a
// better one that was not recorded. `make accuracy` rewrites the file; look at the diff and
// commit it with the reason.
var updateAccuracy = flag.Bool("update-accuracy", false, "rewrite the committed accuracy files")

const (
	blackboxDir = "../../fixtures/blackbox"
	// blackboxSets guards against an empty or missing corpus that would pass.
	blackboxSets = 3
)

func TestBlackBoxSets(t *testing.T) {
	entries, err := os.ReadDir(blackboxDir)
	require.NoError(t, err)
	var got strings.Builder
	n := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		n++
		dir := filepath.Join(t.TempDir(), e.Name())
		require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join(blackboxDir, e.Name()))))
		before := snapshot(t, filepath.Join(dir, "scans"))
		report := readAndCompare(t, dir)
		assert.Equal(t, before, snapshot(t, filepath.Join(dir, "scans")), "sources are never modified")
		fmt.Fprintf(&got, "# %s\n%s\n", e.Name(), report.Golden())
	}
	require.Equal(t, blackboxSets, n, "sets in %s", blackboxDir)
	compareGolden(t, filepath.Join(blackboxDir, "accuracy.txt"), got.String())
}

// TestPracticeExam makes every level of the practice exam anew and holds its accuracy.
func TestPracticeExam(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: makes and reads 80 pages")
	}
	dir := filepath.Join(t.TempDir(), "practice")
	_, err := fixtures.MakeBatch(dir, fixtures.BatchOptions{Seed: 7, Booklets: 5, Level: "mix", Codes: true})
	require.NoError(t, err)
	report := readAndCompare(t, dir)
	compareGolden(t, filepath.Join(blackboxDir, "practice.txt"), report.Golden())
}

// readAndCompare reads an exam folder as the command does and compares it with its truth.
func readAndCompare(t *testing.T, dir string) fixtures.Report {
	var stdout, stderr bytes.Buffer
	code := run([]string{"read", dir, "--progress=none"}, strings.NewReader(""), &stdout, &stderr)
	require.Contains(t, []int{0, 3}, code, "%s\n%s", stdout.String(), stderr.String())
	report, err := fixtures.Compare(filepath.Join(dir, "truth"), filepath.Join(dir, "results"))
	require.NoError(t, err)
	return report
}

func compareGolden(t *testing.T, path, got string) {
	if *updateAccuracy {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "accuracy changed; if it is better or the loss is argued for, run `make accuracy` and commit %s", filepath.Base(path))
}

// snapshot returns every file below dir with its bytes.
func snapshot(t *testing.T, dir string) map[string]string {
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		files[path] = string(b)
		return err
	}))
	return files
}
