package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"sync"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/raster"
	"scan/internal/store"
)

// Copies that differ
//
// Where the options of each copy stand in an order of their own, a page must be known to be
// of a copy before its boxes mean anything. The codes on the page say which one it is; the
// page is then held against the print of this copy. Nothing is taken from a copy by guess: what
// depends on the copy waits for a person where the copy is not known for certain.

// copyForm is the form as one copy is printed.
type copyForm struct {
	id      string
	exam    *exam.Exam // with the boxes of this copy
	printed *detect.Form
}

// maxCopyPages is how many pages of copies are kept ready, beside those in use: each takes 4 MB.
// Pages come booklet by booklet, so that a few copies a worker would do.
const maxCopyPages = 64

// copyForms holds the forms of copies, each prepared when its first page comes. It is safe for
// concurrent use.
type copyForms struct {
	dir  string
	exam *exam.Exam
	base *Form

	mu     sync.Mutex
	recent []*loadedCopy // last used last
}

type loadedCopy struct {
	id    string
	pages int // printed otherwise
	get   func() (*copyForm, error)
}

func newCopyForms(dir string, e *exam.Exam, base *Form) *copyForms {
	return &copyForms{dir: dir, exam: e, base: base}
}

// get returns the form of a listed copy.
func (c *copyForms) get(id string) (*copyForm, error) {
	c.mu.Lock()
	i := slices.IndexFunc(c.recent, func(l *loadedCopy) bool { return l.id == id })
	var l *loadedCopy
	if i >= 0 {
		l = c.recent[i]
		c.recent = slices.Delete(c.recent, i, i+1)
	} else {
		cp, _ := c.exam.Copy(id)
		l = &loadedCopy{id, len(cp.Pages), sync.OnceValues(func() (*copyForm, error) { return c.load(id) })}
	}
	c.recent = append(c.recent, l)
	c.forget()
	c.mu.Unlock()
	return l.get()
}

// forget drops the copies used longest ago while there are too many pages. The last one stays.
func (c *copyForms) forget() {
	pages := 0
	for i := len(c.recent) - 1; i >= 0; i-- {
		if pages += c.recent[i].pages; pages > maxCopyPages && i < len(c.recent)-1 {
			c.recent = slices.Delete(c.recent, 0, i+1)
			return
		}
	}
}

// load renders the pages of a copy that are printed otherwise, or takes them from the cache.
func (c *copyForms) load(id string) (*copyForm, error) {
	own, _ := c.exam.ForCopy(id)
	cp, ok := c.exam.Copy(id)
	if !ok {
		return nil, fmt.Errorf("internal error: copy %s is not listed", id)
	}
	if len(cp.Pages) == 0 {
		return &copyForm{id: id, exam: own, printed: c.base.detect}, nil
	}
	pages := map[int]raster.FormPage{}
	for _, n := range cp.Pages {
		p, err := raster.LoadFormPage(filepath.Join(c.dir, cp.Form), n, filepath.Join(c.dir, ResultsDir, ".cache"))
		if err != nil {
			return nil, err
		}
		ref := c.base.Pages[n-1]
		if math.Abs(p.WidthMM-ref.WidthMM) > pageSizeSlackMM || math.Abs(p.HeightMM-ref.HeightMM) > pageSizeSlackMM {
			return nil, fmt.Errorf("page %d of %s is %.1f x %.1f mm, but that of %s is %.1f x %.1f mm",
				n, cp.Form, p.WidthMM, p.HeightMM, c.exam.Form, ref.WidthMM, ref.HeightMM)
		}
		pages[n] = p
	}
	return &copyForm{id: id, exam: own, printed: c.base.detect.With(pages)}, nil
}

// pageSizeSlackMM is how far the pages of a copy may differ in size from the form's: rounding
// to points. Another paper size would be another exam.
const pageSizeSlackMM = 0.5

// pageOf is the print that a page was held against.
func (f *Form) pageOf(r PageResult) raster.FormPage {
	if f.copies != nil && r.Copy != "" {
		if c, err := f.copies.get(r.Copy); err == nil {
			return c.printed.Page(r.FormPage)
		}
	}
	return f.Pages[r.FormPage-1]
}

// hashCopies names the content of all copies' forms, "" without copies.
func hashCopies(dir string, e *exam.Exam) (string, error) {
	if !e.HasCopies() {
		return "", nil
	}
	sum := sha256.New()
	for _, c := range e.Copies {
		if len(c.Pages) == 0 {
			continue
		}
		h, err := hashFile(filepath.Join(dir, c.Form))
		if err != nil {
			return "", fmt.Errorf("the form of copy %s that %s names cannot be read: %w; put the PDF there or correct its form", c.ID, e.CopiesFile, err)
		}
		fmt.Fprintf(sum, "%s %s\n", c.ID, h)
	}
	return " copies " + hex.EncodeToString(sum.Sum(nil)), nil
}

// copyPasses is how often pages are read again by the copy of their booklet: one that turns out
// not to be of it makes room for another.
const copyPasses = 4

// openCopies lists the pages, by index, of which only the booklet around them tells the copy, and
// that copy.
func openCopies(pages []Scanned, a Assembly, e *exam.Exam) map[int]string {
	copyOf := map[string]string{}
	for _, bk := range a.Booklets {
		copyOf[bk.ID] = bk.Copy
	}
	open := map[int]string{}
	for i, p := range pages {
		name := copyOf[a.Placed[i].Booklet]
		if listedCopy(e, name) != "" && p.copyOpen() && a.Placed[i].Status == StatusOK && !a.Placed[i].Blind {
			open[i] = name
		}
	}
	return open
}

// readByCopy reads pages again as copies' and returns the results.
func (b *batch) readByCopy(ctx context.Context, pages []Scanned, copies map[int]string) (map[int]PageResult, error) {
	var jobs []job
	for _, i := range slices.Sorted(maps.Keys(copies)) {
		key := store.Key{Page: pages[i].Image, Reading: hintedReading(b.reading, copies[i])}
		next, need, err := b.hinted(ctx, pages[i].Ref, key, copies[i])
		if err != nil {
			return nil, err
		}
		if need && !slices.ContainsFunc(jobs, func(o job) bool { return o.key == key }) {
			jobs = append(jobs, next)
		}
	}
	if err := b.readAgain(ctx, jobs); err != nil {
		return nil, err
	}
	return storedByCopy(ctx, b.store, b.reading, pages, copies)
}

// storedByCopy returns the results that pages have as copies', those that have one.
func storedByCopy(ctx context.Context, st *store.Store, reading string, pages []Scanned, copies map[int]string) (map[int]PageResult, error) {
	results := map[int]PageResult{}
	for i, name := range copies {
		r, ok, err := stored(ctx, st, store.Key{Page: pages[i].Image, Reading: hintedReading(reading, name)})
		if err != nil {
			return nil, err
		}
		if ok {
			r.slim()
			results[i] = r
		}
	}
	return results, nil
}

// hinted makes the job of reading a page as a copy's; need is false if that was done.
func (b *batch) hinted(ctx context.Context, ref raster.Ref, key store.Key, name string) (j job, need bool, err error) {
	j = job{Ref: ref, key: key, hints: Hints{Copy: name}, again: true}
	doc, ok, err := b.store.Result(ctx, key)
	if err != nil || ok && !crashedElsewhere(doc) {
		return j, false, err
	}
	j.tries, err = b.store.Attempts(ctx, key)
	return j, true, err
}

// readAgain reads the hinted pages.
func (b *batch) readAgain(ctx context.Context, jobs []job) error {
	if len(jobs) == 0 {
		return nil
	}
	if err := b.loadForm(); err != nil {
		return err
	}
	return b.runAll(ctx, jobs)
}

// hintedReading is the hash of all that a page's reading depends on, the hint included.
func hintedReading(reading, name string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s copy %q", reading, name))
	return hex.EncodeToString(sum[:])
}

// copyOpen reports whether a page was read without knowing its copy, though it matters.
func (r PageResult) copyOpen() bool {
	return r.Status == StatusOK && (slices.ContainsFunc(r.Choices, func(c ChoiceResult) bool { return c.Reason == reasonCopyUnknown }) ||
		slices.ContainsFunc(r.Credits, func(c CreditResult) bool { return c.Reason == reasonCopyUnknown }))
}

// refutes reports whether a page that was read as a copy's, without a code, proved to be printed
// otherwise.
func (r PageResult) refutes(name string) bool {
	return name != "" && r.Copy == name && len(r.Codes) == 0 &&
		slices.ContainsFunc(r.Choices, func(c ChoiceResult) bool { return c.Reason == reasonCopyPrint })
}
