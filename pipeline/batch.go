// Package pipeline is the order of things: page, booklet, batch.
//
// Reading one page (ReadPage) is a pure function of its pixels, the exam and the form,
// and can run anywhere. Everything about more than one page - booklets, identities,
// scores - comes after it and works on page results alone.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/raster"
	"scan/internal/store"
)

// The names in an exam folder.
const (
	ExamFile   = "exam.yaml"
	RosterFile = "roster.csv"
	ScansDir   = "scans"
	ResultsDir = "results"
)

// Options say which exam folder is read and how.
type Options struct {
	Dir      string
	Workers  int      // pages read at once; 0: one a CPU
	Progress Progress // nil: silent
	Log      *slog.Logger
	Policy   mark.Policy // how sure a reading must be

	// BeforePage is called before a page is decoded, after its attempt is recorded.
	// Tests kill the process here.
	BeforePage func(raster.Ref)
}

// Outcome is what a batch comes to.
type Outcome struct {
	Exam     *exam.Exam
	Pages    []mark.Page    // every page of every source, in scan order
	Readings []mark.Reading // by booklet, page, field
	Sheets   []mark.Sheet   // one a booklet
	Notes    []Note         // what a person should know that stands in no row
	Summary  Summary
}

// Summary counts what a run did.
type Summary struct {
	Sources     int            `json:"sources"`
	Pages       int            `json:"pages"`
	Read        int            `json:"read"`   // pages decoded and read by this run
	Cached      int            `json:"cached"` // pages that needed no reading: known from an earlier run, copies, files that do not open
	ByStatus    map[string]int `json:"pages_by_status"`
	Booklets    int            `json:"booklets"`
	Final       int            `json:"final"`
	Review      int            `json:"review"`
	Incomplete  int            `json:"incomplete"`
	ReviewItems int            `json:"review_items"` // readings and pages that wait for a person
	Seconds     float64        `json:"seconds"`
}

// Waiting reports whether anything waits for a person.
func (s Summary) Waiting() bool { return s.ReviewItems+s.Review+s.Incomplete > 0 }

// Note is something to tell a person about a source or booklet. Word is from
// docs/formats.md.
type Note struct {
	Word  string `json:"word"`
	About string `json:"about"`          // a path or a booklet
	Text  string `json:"text,omitempty"` // e.g. the pages missing
}

// Read reads what is new in an exam folder and returns the whole batch. It writes to
// the database only; results are the caller's to write. An error means that the run
// failed; unreadable pages are results.
func Read(ctx context.Context, o Options) (*Outcome, error) {
	start := time.Now()
	b, err := openBatch(ctx, o)
	if err != nil {
		return nil, err
	}
	defer b.close()

	sources, ignored, err := b.listSources(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.readPages(ctx, sources); err != nil {
		return nil, err
	}
	pages, err := b.scanOrder(ctx, sources)
	if err != nil {
		return nil, err
	}
	required, err := b.requiredPages(ctx)
	if err != nil {
		return nil, err
	}
	assembly := Assemble(pages, b.exam, required)
	for range copyPasses {
		again, err := b.readByCopy(ctx, sources, pages, assembly)
		if err != nil {
			return nil, err
		}
		if !again {
			break
		}
		assembly = Assemble(pages, b.exam, required)
	}
	out := b.settle(pages, assembly)
	out.Notes = append(ignoredNotes(ignored), out.Notes...)
	out.Summary = b.summary(sources, out, time.Since(start))
	if err := accountForAll(sources, out.Pages); err != nil {
		return nil, err
	}
	b.progress.Done(out.Summary)
	return out, nil
}

// batch is what a run has open.
type batch struct {
	Options
	exam     *exam.Exam
	roster   *exam.Roster
	store    *store.Store
	progress Progress
	reading  string // the hash of all that the reading of a page depends on
	formHash string
	form     *Form // made when first needed
	unlock   func()
	read     int // pages read by this run
}

// openBatch checks everything that can be wrong before any work.
func openBatch(ctx context.Context, o Options) (*batch, error) {
	b := &batch{Options: o, progress: o.Progress, unlock: func() {}}
	if b.progress == nil {
		b.progress = Silent{}
	}
	if b.Log == nil {
		b.Log = slog.New(slog.DiscardHandler)
	}
	if err := b.load(ctx); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *batch) load(ctx context.Context) (err error) {
	if err := checkFolder(b.Dir); err != nil {
		return err
	}
	if b.exam, err = exam.Load(filepath.Join(b.Dir, ExamFile)); err != nil {
		return err
	}
	b.roster, err = exam.LoadRoster(filepath.Join(b.Dir, RosterFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if b.formHash, err = hashFile(b.formPath()); err != nil {
		return fmt.Errorf("the form that %s names cannot be read: %w; put the blank form there or correct form: in %[1]s", ExamFile, err)
	}
	copies, err := hashCopies(b.Dir, b.exam)
	if err != nil {
		return err
	}
	b.reading = readingHash(b.exam, b.formHash+copies)
	if b.unlock, err = store.Lock(b.Dir); err != nil {
		return err
	}
	b.store, err = store.Open(ctx, filepath.Join(b.Dir, store.FileName))
	return err
}

func (b *batch) formPath() string { return filepath.Join(b.Dir, b.exam.Form) }

func (b *batch) close() {
	if b.form != nil {
		_ = b.form.Close() // only ever read with
	}
	if b.store != nil {
		_ = b.store.Close() // every result was written when it was there
	}
	if b.unlock != nil {
		b.unlock()
	}
}

// loadForm renders and prepares the form, once.
func (b *batch) loadForm() error {
	if b.form != nil {
		return nil
	}
	form, err := LoadForm(b.Dir, b.exam)
	b.form = form
	return err
}

// LoadForm loads the form of an exam folder. Rendered pages are kept in
// results/.cache, which is safe to delete.
func LoadForm(dir string, e *exam.Exam) (*Form, error) {
	pages, err := raster.LoadForm(filepath.Join(dir, e.Form), filepath.Join(dir, ResultsDir, ".cache"))
	if err != nil {
		return nil, err
	}
	f, err := NewForm(pages, e)
	if err == nil && e.HasCopies() {
		f.copies = newCopyForms(dir, e, f)
	}
	return f, err
}

func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s; give the exam folder, the one that holds %s", dir, ExamFile)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is a file; give the exam folder, the one that holds %s", dir, ExamFile)
	}
	if _, err := os.Stat(filepath.Join(dir, ExamFile)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no %s; give the exam folder, or make one", dir, ExamFile)
	}
	if _, err := os.Stat(filepath.Join(dir, ScansDir)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no folder %s; make it and put the scanned pages in", dir, ScansDir)
	}
	return nil
}

// accountForAll is the promise that no page gets lost, checked on every run.
func accountForAll(sources []source, rows []mark.Page) error {
	want := map[raster.Ref]int{}
	for _, s := range sources {
		for n := range max(1, len(s.Pages)) {
			want[raster.Ref{Path: s.Path, Page: n + 1}]++
		}
	}
	for _, r := range rows {
		want[raster.Ref{Path: r.Source, Page: r.SourcePage}]--
	}
	for ref, n := range want {
		if n != 0 {
			return fmt.Errorf("internal error: page %d of %s is listed %d times; no results were written, please report this", ref.Page, ref.Path, 1-n)
		}
	}
	return nil
}
