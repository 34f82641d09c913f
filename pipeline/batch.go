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
	Program  string      // version of the program, for the records

	// BeforePage is called before a page is decoded, after its attempt is recorded.
	// Tests kill the process here.
	BeforePage func(raster.Ref)
}

// Outcome is what a batch comes to, with all that people decided.
type Outcome struct {
	mark.Batch
	Exam    *exam.Exam
	Notes   []Note // what a person should know that stands in no row
	Summary Summary
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
	ReviewItems int            `json:"review_items"` // readings, pages and booklets that wait for a person
	Decisions   int            `json:"decisions"`    // what people decided and nothing replaced
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
	settler, err := b.settler(ctx, sources)
	if err != nil {
		return nil, err
	}
	decisions, err := b.store.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	out, err := settler.settle(ctx, decisions)
	if err != nil {
		return nil, err
	}
	out.Notes = append(ignoredNotes(ignored), out.Notes...)
	b.complete(&out.Summary, sources, time.Since(start))
	if err := accountForAll(sources, out.Pages); err != nil {
		return nil, err
	}
	if err := b.keepRun(ctx, start, sources, out); err != nil {
		return nil, err
	}
	b.progress.Done(out.Summary)
	return out, nil
}

// settler makes what puts the batch together, out of the results of its pages.
func (b *batch) settler(ctx context.Context, sources []source) (*settler, error) {
	pages, err := loadPages(ctx, b.store, b.reading, sources)
	if err != nil {
		return nil, err
	}
	facts, err := b.formFacts(ctx)
	if err != nil {
		return nil, err
	}
	s := &settler{exam: b.exam, roster: b.roster, policy: b.Policy, pages: pages,
		required: RequiredPages(b.exam, facts.Blank), sizes: facts.size}
	if b.exam.HasCopies() {
		s.hint = func(ctx context.Context, pages []Scanned, copies map[int]string) (map[int]PageResult, error) {
			return b.readByCopy(ctx, pages, copies)
		}
	}
	return s, nil
}

// complete adds what the run did to what the batch came to.
func (b *batch) complete(s *Summary, sources []source, took time.Duration) {
	s.Sources, s.Read, s.Cached, s.Seconds = len(sources), b.read, s.Pages-b.read, took.Seconds()
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
	copies   string   // hash of the copies' forms, "" without
	before   []string // exam.yaml as it counted in earlier runs
	form     *Form    // made when first needed
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
	if b.copies, err = hashCopies(b.Dir, b.exam); err != nil {
		return err
	}
	b.reading = readingHash(b.exam, b.formHash+b.copies)
	if b.unlock, err = store.Lock(b.Dir); err != nil {
		return err
	}
	if b.store, err = store.Open(ctx, filepath.Join(b.Dir, store.FileName)); err != nil {
		return err
	}
	return b.recall(ctx)
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
	if err := checkExamFolder(dir); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, ScansDir)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no folder %s; make it and put the scanned pages in", dir, ScansDir)
	}
	return nil
}

func checkExamFolder(dir string) error {
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
