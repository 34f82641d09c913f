package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"scan/internal/engine"
	"scan/internal/raster"
	"scan/internal/store"
)

// job is a page to be read.
type job struct {
	raster.Ref
	key   store.Key
	tries int // earlier attempts that ended the process
	hints Hints
	again bool // it was read before, without hints; nobody is told of it
}

// readout is what became of a job. err is trouble of the run, not of the page.
type readout struct {
	PageResult
	seconds float64
	err     error
}

// readPages reads every page that no earlier run has read. Pages during which an
// earlier run was killed come first and one at a time: if one of them is at fault, it
// takes no blameless page with it.
func (b *batch) readPages(ctx context.Context, sources []source) error {
	jobs, total, err := b.pending(ctx, sources)
	if err != nil {
		return err
	}
	b.progress.Start(total, len(jobs))
	if len(jobs) == 0 {
		return nil
	}
	if err := b.loadForm(); err != nil {
		return err
	}
	return b.runAll(ctx, jobs)
}

// runAll reads pages on all workers, suspects first.
func (b *batch) runAll(ctx context.Context, jobs []job) error {
	if b.Workers <= 0 {
		b.Workers = runtime.GOMAXPROCS(0)
	}
	suspects := slices.DeleteFunc(slices.Clone(jobs), func(j job) bool { return j.tries == 0 })
	jobs = slices.DeleteFunc(jobs, func(j job) bool { return j.tries > 0 })
	for i := range suspects {
		// Each is committed before the next one begins.
		if err := b.runJobs(ctx, suspects[i:i+1], 1); err != nil {
			return err
		}
	}
	return b.runJobs(ctx, jobs, b.Workers)
}

// pending lists the pages without a result, each content once, and counts all pages.
func (b *batch) pending(ctx context.Context, sources []source) (jobs []job, total int, err error) {
	seen := map[string]bool{}
	for _, s := range sources {
		total += max(1, len(s.Pages))
		for n, hash := range s.Pages {
			if seen[hash] {
				continue
			}
			seen[hash] = true
			j := job{Ref: raster.Ref{Path: s.Path, Page: n + 1}, key: store.Key{Page: hash, Reading: b.reading}}
			doc, ok, err := b.store.Result(ctx, j.key)
			if err != nil {
				return nil, 0, err
			}
			if ok && !crashedElsewhere(doc) {
				continue
			}
			if j.tries, err = b.store.Attempts(ctx, j.key); err != nil {
				return nil, 0, err
			}
			jobs = append(jobs, j)
		}
	}
	return jobs, total, nil
}

// runJobs reads pages on workers and stores each result soon after it is there, so
// that a killed run loses next to nothing.
func (b *batch) runJobs(ctx context.Context, jobs []job, workers int) (err error) {
	if len(jobs) == 0 {
		return nil
	}
	files := newShelf(filepath.Join(b.Dir, ScansDir), jobs)
	defer files.close()
	out := b.store.NewWriter()
	defer func() {
		if e := out.Close(); err == nil {
			err = e
		}
	}()
	pool := engine.Pool[job, readout]{
		Workers: workers,
		Do:      func(ctx context.Context, j job) readout { return b.readJob(ctx, files, j) },
		Panicked: func(j job, p engine.PanicError) readout {
			b.Log.Debug("panic while reading a page", "source", j.Path, "page", j.Page, "panic", p.Value, "stack", string(p.Stack))
			return readout{PageResult: crashed(p.Error())}
		},
		Collect: func(j job, r readout) error { return b.collect(out, j, r) },
	}
	return pool.Run(ctx, slices.Values(jobs))
}

// readJob decodes and reads one page.
func (b *batch) readJob(ctx context.Context, files *shelf, j job) readout {
	start := time.Now()
	src, err := files.take(j.Path)
	if err != nil {
		return readout{err: err}
	}
	defer files.give(j.Path)
	if j.tries >= maxAttempts {
		return readout{PageResult: crashed("reading this page ended the program repeatedly")}
	}
	if _, err := b.store.Begin(ctx, j.key); err != nil {
		return readout{err: err}
	}
	if b.BeforePage != nil {
		b.BeforePage(j.Ref)
	}
	if h, err := src.Hash(j.Page); err == nil && h != j.key.Page {
		return readout{err: fmt.Errorf("%s was changed while it was being read; run again", j.Path)}
	}
	page, err := src.Page(j.Page)
	if err != nil {
		return readout{PageResult: unreadable(reasonUndecodable, err.Error())}
	}
	r := ReadPage(page, b.exam, b.form, j.hints)
	return readout{PageResult: r, seconds: time.Since(start).Seconds()}
}

func unreadable(reason, detail string) PageResult {
	return PageResult{Status: StatusUnreadable, Reason: reason, Detail: strings.TrimSpace(detail)}
}

// crashed is the result of a page that this program cannot survive.
func crashed(detail string) PageResult {
	r := unreadable(reasonCrashed, detail)
	r.Program = programHash()
	return r
}

// programHash tells one build of the program from another. It is asked for only where a
// page crashed one.
var programHash = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	hash, err := hashFile(path)
	if err != nil {
		return "unknown"
	}
	return hash
})

// crashedElsewhere tells whether a stored result is the crash of another program, which
// says nothing about this one.
func crashedElsewhere(doc []byte) bool {
	if !bytes.Contains(doc, []byte(`"reason":"`+reasonCrashed+`"`)) {
		return false
	}
	var r PageResult
	return json.Unmarshal(doc, &r) == nil && r.Reason == reasonCrashed && r.Program != programHash()
}

func (b *batch) collect(out *store.Writer, j job, r readout) error {
	if r.err != nil {
		return r.err
	}
	doc, err := r.document()
	if err != nil {
		return fmt.Errorf("internal error: page %d of %s: %w", j.Page, j.Path, err)
	}
	if j.again {
		return out.Put(j.key, doc)
	}
	b.read++
	b.progress.Page(PageEvent{Ref: j.Ref, Status: r.Status, Reason: r.Reason, FormPage: r.FormPage, Seconds: r.seconds})
	return out.Put(j.key, doc)
}

// loadPages returns all pages of the batch in scan order, out of the store. Taking the documents apart
// is what costs time, so that it is done by all CPUs.
func loadPages(ctx context.Context, st *store.Store, reading string, sources []source) ([]Scanned, error) {
	pages := placesOf(sources)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range pages {
		p := &pages[i]
		if p.Status != "" {
			continue
		}
		doc, ok, err := st.Result(ctx, store.Key{Page: p.Image, Reading: reading})
		if err == nil && !ok {
			err = fmt.Errorf("internal error: the result of page %d of %s is not in the database; run scan read again", p.Page, p.Path)
		}
		if err != nil {
			return nil, cmp.Or(group.Wait(), err) // what failed first counts
		}
		group.Go(func() (err error) {
			if p.PageResult, err = parseResult(doc, p.Image); err == nil {
				p.slim()
			}
			return err
		})
	}
	return pages, group.Wait()
}

// placesOf lists the pages of files in scan order, without what was read from them; a file that does
// not open is one unreadable page.
func placesOf(sources []source) (pages []Scanned) {
	for _, s := range sources {
		at := Scanned{Ref: raster.Ref{Path: s.Path}, SameFile: s.sameAs, Alone: len(s.Pages) <= 1, File: s.Hash}
		for n, hash := range s.Pages {
			at.Page, at.Image = n+1, hash
			pages = append(pages, at)
		}
		if len(s.Pages) == 0 {
			at.Page, at.Image, at.PageResult = 1, s.Hash, unreadable(reasonUnopenable, s.Problem)
			pages = append(pages, at)
		}
	}
	return pages
}

// stored returns the result of a page, if there is one.
func stored(ctx context.Context, st *store.Store, key store.Key) (r PageResult, ok bool, err error) {
	doc, ok, err := st.Result(ctx, key)
	if err != nil || !ok {
		return r, ok, err
	}
	r, err = parseResult(doc, key.Page)
	return r, err == nil, err
}

func parseResult(doc []byte, image string) (r PageResult, err error) {
	if err = json.Unmarshal(doc, &r); err != nil {
		err = fmt.Errorf("the result of page %s in the database cannot be read: %w", image, err)
	}
	return r, err
}

// shelf holds the files that pages are being read from. A file is opened for its
// first page and closed after its last.
type shelf struct {
	dir   string
	mu    sync.Mutex
	files map[string]*shelved
}

type shelved struct {
	once sync.Once
	src  raster.Source
	err  error
	left int // jobs still to come
}

func newShelf(dir string, jobs []job) *shelf {
	s := &shelf{dir: dir, files: map[string]*shelved{}}
	for _, j := range jobs {
		if s.files[j.Path] == nil {
			s.files[j.Path] = &shelved{}
		}
		s.files[j.Path].left++
	}
	return s
}

// take returns the open file; give says that one of its jobs is done.
func (s *shelf) take(path string) (raster.Source, error) {
	s.mu.Lock()
	f := s.files[path]
	s.mu.Unlock()
	f.once.Do(func() { f.src, f.err = raster.Open(filepath.Join(s.dir, filepath.FromSlash(path))) })
	if f.err != nil {
		return nil, fmt.Errorf("%s was changed or removed while the run was reading it; run again: %w", path, f.err)
	}
	return f.src, nil
}

func (s *shelf) give(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[path]
	if f.left--; f.left == 0 {
		f.src.Close()
		f.src = nil
	}
}

// close closes what a stopped run left open.
func (s *shelf) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		if f.src != nil {
			f.src.Close()
		}
	}
}
