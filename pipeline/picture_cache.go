package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"scan/internal/raster"
)

// maxPictureBytes bounds the decoded pages that are kept: about twenty of 300 dpi in colour, sixty of
// 200 dpi in grey. Who reviews goes back and forth within a booklet.
const maxPictureBytes = 256 << 20

// maxFileBytes bounds the scan files kept open, which are held in memory; the last one stays whatever
// its size.
const maxFileBytes = 512 << 20

// gallery lends decoded pages. The zero value is ready; it is safe for concurrent use.
type gallery struct {
	flight singleflight.Group // a page that several ask for is decoded once
	mu     sync.Mutex
	pages  lru[*raster.Page] // by the hash of the image
	files  lru[*openScan]    // by path
	slots  chan struct{}     // decodings at once
}

// openScan is a scan file held open.
type openScan struct {
	path    string
	size    int64
	changed time.Time
	once    sync.Once
	src     raster.Source
	err     error
	users   int
	dropped bool // to be closed by its last user
}

// page returns page n of a scan, decoded. image is the hash that its image must have.
func (g *gallery) page(ctx context.Context, file, name string, n int, image string) (*raster.Page, error) {
	g.mu.Lock()
	p, ok := g.pages.get(image)
	if g.slots == nil {
		g.slots = make(chan struct{}, runtime.GOMAXPROCS(0))
	}
	g.mu.Unlock()
	if ok {
		return p, nil
	}
	wait := g.flight.DoChan(image, func() (any, error) {
		g.slots <- struct{}{}
		defer func() { <-g.slots }()
		return g.decode(file, name, n, image)
	})
	select {
	case r := <-wait:
		if r.Err != nil {
			return nil, r.Err
		}
		p, _ := r.Val.(*raster.Page) // decode returns nothing else
		return p, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (g *gallery) decode(file, name string, n int, image string) (p *raster.Page, err error) {
	defer func() {
		if v := recover(); v != nil {
			p, err = nil, fmt.Errorf("page %d of %s cannot be shown: %v", n, name, v)
		}
	}()
	f, err := g.open(file, name)
	if err != nil {
		return nil, err
	}
	defer g.done(f)
	f.once.Do(func() {
		f.err = errors.New("opening it failed") // if it panics
		f.src, f.err = raster.Open(f.path)
	})
	if f.err != nil {
		return nil, f.err
	}
	if n > f.src.Pages() {
		return nil, changedScan(name)
	}
	if h, err := f.src.Hash(n); err != nil || h != image {
		return nil, changedScan(name)
	}
	if p, err = f.src.Page(n); err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pages.drop(image, func(*raster.Page) {}) // decoded beside this one, after the first was dropped
	g.pages.put(image, p, pageBytes(p))
	g.pages.shrink(maxPictureBytes, func(*raster.Page) {})
	return p, nil
}

// open lends a scan file: another one where it was written to since.
func (g *gallery) open(file, name string) (*openScan, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("scans/%s is not there any more, so that no picture of it can be shown; put the file back, or run scan read to take it out of the batch", name)
	}
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	f, ok := g.files.get(file)
	if !ok || f.size != info.Size() || !f.changed.Equal(info.ModTime()) {
		g.files.drop(file, (*openScan).drop)
		f = &openScan{path: file, size: info.Size(), changed: info.ModTime()}
		g.files.put(file, f, f.size)
		g.files.shrink(maxFileBytes, (*openScan).drop)
	}
	f.users++
	return f, nil
}

// done gives a scan file back.
func (g *gallery) done(f *openScan) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f.users--
	if kept, _ := g.files.get(f.path); f.err != nil && kept == f {
		g.files.drop(f.path, (*openScan).drop) // to be tried again
	}
	f.closeUnused()
}

// drop is called, under the gallery's lock, when the file is not kept any longer.
func (f *openScan) drop() {
	f.dropped = true
	f.closeUnused()
}

func (f *openScan) closeUnused() {
	if f.dropped && f.users == 0 && f.src != nil {
		_ = f.src.Close() // only ever read
		f.src = nil
	}
}

// close frees everything. A picture being made keeps its file until it is done.
func (g *gallery) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.files.clear((*openScan).drop)
	g.pages.clear(func(*raster.Page) {})
}

func changedScan(name string) error {
	return fmt.Errorf("scans/%s was changed after it was read, so that its pages may be others; run scan read again", name)
}

func pageBytes(p *raster.Page) int64 {
	n := int64(len(p.Y.Pix))
	if p.HasColour() {
		n += int64(len(p.Cb.Pix) + len(p.Cr.Pix))
	}
	return n
}

// lru keeps things by name, last used last: some dozen, so that looking through them costs nothing
// beside what they hold. The zero value is empty.
type lru[T any] struct {
	all  []kept[T]
	size int64
}

type kept[T any] struct {
	name  string
	thing T
	size  int64
}

func (l *lru[T]) index(name string) int {
	return slices.IndexFunc(l.all, func(k kept[T]) bool { return k.name == name })
}

func (l *lru[T]) get(name string) (thing T, ok bool) {
	i := l.index(name)
	if i < 0 {
		return thing, false
	}
	k := l.all[i]
	l.all = append(slices.Delete(l.all, i, i+1), k)
	return k.thing, true
}

// put keeps a thing whose name is not taken.
func (l *lru[T]) put(name string, thing T, size int64) {
	l.all = append(l.all, kept[T]{name, thing, size})
	l.size += size
}

// shrink drops what was used longest ago until no more than most bytes are kept; one thing stays.
func (l *lru[T]) shrink(most int64, dropped func(T)) {
	for l.size > most && len(l.all) > 1 {
		l.drop(l.all[0].name, dropped)
	}
}

func (l *lru[T]) drop(name string, dropped func(T)) {
	i := l.index(name)
	if i < 0 {
		return
	}
	k := l.all[i]
	l.all = slices.Delete(l.all, i, i+1)
	l.size -= k.size
	dropped(k.thing)
}

func (l *lru[T]) clear(dropped func(T)) {
	for len(l.all) > 0 {
		l.drop(l.all[0].name, dropped)
	}
}
