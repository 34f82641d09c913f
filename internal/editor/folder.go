package editor

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"scan/internal/author"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// ErrConflict says that exam.yaml is not what it was when the page loaded it.
var ErrConflict = errors.New("exam.yaml was changed on disk since this page loaded it; nothing was written. Load it again: what you changed here is then lost")

// folder is the exam being edited.
type folder struct {
	file string // exam.yaml, links resolved
	name string // what messages call it

	dir     string
	form    string
	pages   []raster.FormPage
	printed func(page int, box geom.Box) string

	sync.Mutex
	asked map[placed]string // what printed said: it looks for a while
}

type placed struct {
	page int
	box  geom.Box
}

// openFolder reads exam.yaml and the form it names.
func openFolder(dir, name, cacheDir string) (*folder, error) {
	file, err := filepath.EvalSymlinks(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("%s holds no %s; make one with scan new %s --form FILE", dir, name, dir)
	}
	f := &folder{file: file, name: name, dir: dir, asked: map[placed]string{}}
	e, _, _, err := f.read()
	if err != nil {
		return nil, err
	}
	f.form = filepath.Join(dir, e.Form)
	if f.pages, err = raster.LoadForm(f.form, cacheDir); err != nil {
		return nil, fmt.Errorf("the form that %s names cannot be read: %w", filepath.Join(dir, name), err)
	}
	f.printed = author.Printed(f.pages)
	return f, nil
}

// read returns the exam as it stands in the file now, its bytes and their hash.
func (f *folder) read() (e *exam.Exam, b []byte, hash string, err error) {
	if b, err = os.ReadFile(f.file); err != nil {
		return nil, nil, "", err
	}
	e, _, err = exam.Examine(f.name, b)
	return e, b, hashOf(b), err
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// edit returns the changed file and all that does not agree in it. base is the hash of the file
// as the page loaded it.
func (f *folder) edit(base string, d document) (changed []byte, e *exam.Exam, issues []exam.Issue, err error) {
	old, b, hash, err := f.read()
	if err == nil && hash != base {
		err = ErrConflict
	}
	if err != nil {
		return nil, nil, nil, err
	}
	want, was := d.onto(old)
	if changed, issues, err = exam.Edit(f.name, b, want, was); err != nil {
		return nil, nil, nil, err
	}
	e, _, err = exam.Examine(f.name, changed)
	return changed, e, issues, err
}

// remarks adds to the issues of an exam what its form says of it: boxes off the page, boxes
// where nothing is printed. Then come the questions without a key.
func (f *folder) remarks(e *exam.Exam) (wrong, open []exam.Issue) {
	sizes := make([]geom.Box, len(f.pages))
	for i, p := range f.pages {
		sizes[i] = geom.Box{W: p.WidthMM, H: p.HeightMM}
	}
	wrong = append(issuesOf(e.CheckForm(f.name, sizes)), issuesOf(e.CheckPrint(f.name, f.isPrinted))...)
	return wrong, issuesOf(e.CheckKeys(f.name))
}

// copies tells what in the copies' file does not fit the exam any more: it names questions and
// options. An exam whose copies are all alike has none.
func (f *folder) copies(e *exam.Exam) []exam.Issue {
	if !e.HasCopies() || !filepath.IsLocal(e.CopiesFile) {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(f.dir, e.CopiesFile))
	if err != nil {
		return []exam.Issue{{File: e.CopiesFile, Text: "it cannot be read: " + err.Error(), Kind: exam.ErrInconsistent}}
	}
	return issuesOf(e.ParseCopies(e.CopiesFile, b))
}

func (f *folder) isPrinted(page int, b geom.Box) string {
	f.Lock()
	defer f.Unlock()
	at := placed{page, b}
	text, known := f.asked[at]
	if !known {
		if page >= 1 && page <= len(f.pages) && !onPaper(f.pages[page-1], b) {
			return "" // CheckForm says it
		}
		text = f.printed(page, b)
		f.asked[at] = text
	}
	return text
}

// onPaper reports whether a box is one that can be looked for.
func onPaper(p raster.FormPage, b geom.Box) bool {
	return b.W > 0 && b.H > 0 && b.X >= 0 && b.Y >= 0 && b.X+b.W <= p.WidthMM && b.Y+b.H <= p.HeightMM
}

func issuesOf(err error) []exam.Issue {
	var c *exam.CheckError
	if errors.As(err, &c) {
		return c.Issues
	}
	return nil
}

// write puts the changed file in place, whole or not at all, unless the one there is no longer
// the one that was changed.
func (f *folder) write(base string, changed []byte) (err error) {
	info, err := os.Stat(f.file)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(f.file), ".edit-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(changed)
	for _, step := range []func() error{tmp.Sync, func() error { return tmp.Chmod(info.Mode().Perm()) }, tmp.Close} {
		if e := step(); err == nil {
			err = e
		}
	}
	if err != nil {
		return err
	}
	if _, _, hash, err := f.read(); err != nil || hash != base {
		return ErrConflict
	}
	return os.Rename(tmp.Name(), f.file)
}
