package editor

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/e2e"
)

// practiceFolder is a committed exam of 8 pages.
const practiceFolder = "../../fixtures/blackbox/b-150dpi-troubles-heavy"

// practice copies exam and form into a folder; head and comments stand in for a person's.
func practice(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	form, err := os.ReadFile(filepath.Join(practiceFolder, "form.pdf"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "form.pdf"), form, 0o644))
	b, err := os.ReadFile(filepath.Join(practiceFolder, "exam.yaml"))
	require.NoError(t, err)
	file = filepath.Join(dir, "exam.yaml")
	text := strings.Replace(string(b), "problems:\n", "# All of it was measured twice.\nproblems:   # four\n", 1)
	text = strings.Replace(text, "correct: true}\n", "correct: true}   # said in the lecture\n", 1)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o640))
	return dir, file
}

// testCache keeps the forms as drawn for all tests of this package.
func testCache() string { return filepath.Join(os.TempDir(), "scan-editor-test-cache") }

// serve starts the page of a folder.
func serve(t *testing.T, dir string) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := New(ctx, Options{Dir: dir, ExamFile: "exam.yaml", CacheDir: testCache()})
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-done)
	})
	return s
}

// The page in Chromium: what was done with mouse or keyboard is what the file says then, and
// nothing else in it has changed.
func TestInBrowser(t *testing.T) {
	e2e.Need(t)
	type place struct {
		Link string `json:"link"`
		File string `json:"file"`
	}
	config, before, files := map[string]place{}, map[string]string{}, map[string]string{}
	for _, name := range []string{"mouse", "keyboard", "conflict"} {
		dir, file := practice(t)
		config[name] = place{serve(t, dir).Link, file}
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		before[name], files[name] = string(b), file
	}
	e2e.Run(t, "e2e/run.mjs", config, 3*time.Minute)

	after := func(name string) string {
		b, err := os.ReadFile(files[name])
		require.NoError(t, err)
		return string(b)
	}
	assert.Equal(t, changes{
		"- {id: a, box: [27.74, 62.90, 3.50, 3.50], correct: true}   # said in the lecture": "- {id: a, box: [B], correct: true}   # said in the lecture",
		"- {id: b, box: [27.74, 70.35, 3.50, 3.50], correct: false}":                        "- {id: b, box: [B], correct: true}",
	}, changed(t, before["mouse"], after("mouse")))
	assert.Equal(t, changes{
		"- {id: a, box: [27.74, 62.90, 3.50, 3.50], correct: true}   # said in the lecture": "- {id: a, box: [28.04, 63.9, 3.50, 3.50], correct: true}   # said in the lecture",
		"- {id: b, box: [27.74, 70.35, 3.50, 3.50], correct: false}":                        "- {id: b, box: [27.74, 70.35, 3.50, 3.50], correct: true}",
		"- {id: d, box: [113.19, 70.35, 3.50, 3.50], correct: false}":                       "- {id: d, box: [B], correct: true}",
	}, changed(t, before["keyboard"], after("keyboard")))
	assert.Equal(t, before["conflict"]+"# by somebody else\n", after("conflict"))
	info, err := os.Stat(files["mouse"])
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode(), "the rights of the file stay")
}

// changes are lines that became others.
type changes map[string]string

// seen is a box whose place depends on a pixel: dragged by the mouse, or found on the print.
var seen = regexp.MustCompile(`\[(29\.[5-9]\d*, 63\.\d+, 3\.50, 3\.50|27\.[67]\d*, 70\.3\d*, 3\.\d*[1-9], 3\.\d*[1-9]|113\.[12]\d*, 70\.3\d*, 3\.\d*[1-9], 3\.\d*[1-9])\]`)

// changed compares files of equally many lines.
func changed(t *testing.T, before, after string) changes {
	t.Helper()
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	require.Len(t, b, len(a), "%s", after)
	all := changes{}
	for i := range a {
		if a[i] != b[i] {
			all[strings.TrimSpace(a[i])] = seen.ReplaceAllString(strings.TrimSpace(b[i]), "[B]")
		}
	}
	return all
}
