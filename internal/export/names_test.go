package export

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/mark"
)

func TestFileNames(t *testing.T) {
	assert.Equal(t, map[string]string{
		"B1": "00123", "B2": "B2", "B3": "a-b-c", "B4": "X-B4", "B5": "x-B5", "B6": "x-B5-B6-2", "B7": "_con", "B8": "etc-passwd",
		"E/9": "E-9",
	}, FileNames([]mark.Sheet{{Booklet: "B1", Code: "00123"}, {Booklet: "B2"}, {Booklet: "B3", Code: "a/b\nc"},
		{Booklet: "B4", Code: "X"}, {Booklet: "B5", Code: "x"}, {Booklet: "B6", Code: "x-B5"}, {Booklet: "B7", Code: "con"},
		{Booklet: "B8", Code: "../etc/passwd"}, {Booklet: "E/9", Code: "..."}}))
	long := FileNames([]mark.Sheet{{Booklet: "B1", Code: strings.Repeat("ü", 300)}})["B1"]
	assert.LessOrEqual(t, len(long), maxName+1)
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if e.Name() != writtenList {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestOnlyWhatExportsWroteIsRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "booklets")
	f, err := OpenFolder(dir, []string{"1.pdf", "2.pdf"})
	require.NoError(t, err)
	require.NoError(t, f.Write("1.pdf", text("one")))
	require.NoError(t, f.Write("2.pdf", text("two")))
	require.NoError(t, f.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.pdf"), nil, 0o600))

	f, err = OpenFolder(dir, []string{"2.pdf", "3.pdf"})
	require.NoError(t, err)
	require.NoError(t, f.Write("2.pdf", text("2")))
	assert.Equal(t, []string{"1.pdf", "2.pdf", "mine.pdf"}, names(t, dir), "nothing goes before all is written")

	// This export never came to its end; the next one removes what it and the first wrote.
	require.NoError(t, f.Write("3.pdf", text("3")))
	f, err = OpenFolder(dir, nil)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	assert.Equal(t, []string{"mine.pdf"}, names(t, dir))
}

func TestTheListNamesNoFilesElsewhere(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "keep.txt"), nil, 0o600))
	sub := filepath.Join(dir, "booklets")
	require.NoError(t, os.Mkdir(sub, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(sub, writtenList), []byte("../keep.txt\n..\n.\n\n"+filepath.Join(dir, "keep.txt")+"\n"), 0o600))
	f, err := OpenFolder(sub, nil)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	assert.FileExists(t, filepath.Join(dir, "keep.txt"))
}

func TestReplaceAllOrNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results")
	require.NoError(t, Replace(dir, []File{{"a.csv", text("old a")}, {"b.csv", text("old b")}}))
	full := errors.New("disk full")
	err := Replace(dir, []File{{"a.csv", text("new a")}, {"b.csv", func(io.Writer) error { return full }}})
	require.ErrorIs(t, err, full)
	b, err := os.ReadFile(filepath.Join(dir, "a.csv"))
	require.NoError(t, err)
	assert.Equal(t, "old a", string(b))
	assert.Equal(t, []string{"a.csv", "b.csv"}, names(t, dir), "no staging folder stays")
}
