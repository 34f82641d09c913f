// Package sets holds the sets of fields whose truth is known, read the way a user's
// scans are read: by pipeline.Read or pipeline.ReadPage wherever there is an exam and
// a form, by the reader of one field where there is none. Each set says in its About
// which it is.
//
//	blackbox.go  committed batches          practice.go   batches of the practice exam
//	dense.go     sheets full of boxes       stickers.go   stickers in trouble
//	zesje.go, nops.go, ballots.go, pages.go real scans
//	codes.go     printed codes              digits.go     single digits of unseen writers
package sets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"scan/internal/bench"
	"scan/internal/geom"
	"scan/internal/raster"
)

// All lists every set, simulated ones first.
func All() []bench.Source {
	return slices.Concat(blackboxSets(), practiceSets(), denseSets(), publicSets(), realBoxSets(), pageSets(), codeSets(), stickerSets(), digitSets())
}

// set is a source made of a function.
type set struct {
	name, class, about string
	read               func(ctx context.Context, o bench.Options) ([]bench.Item, error)
}

func (s set) Name() string  { return s.name }
func (s set) Class() string { return s.class }
func (s set) About() string { return s.about }

// Items reads the set and writes its name into every item.
func (s set) Items(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	o.Workers = max(o.Workers, 1)
	items, err := s.read(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("set %s: %w", s.name, err)
	}
	for i := range items {
		items[i].Set, items[i].Class = s.name, s.class
	}
	return items, nil
}

// Show is handed a field that was read, with its scan and its box there (mm of the
// view). Pictures of failures are made with it. The view must not be kept.
type Show func(it bench.Item, v raster.View, box geom.Box)

type showKey struct{}

// WithShow returns a context under which sets show their fields. Fields of one page come
// in order, pages in any order, one field at a time.
func WithShow(ctx context.Context, s Show) context.Context {
	var mu sync.Mutex
	return context.WithValue(ctx, showKey{}, Show(func(it bench.Item, v raster.View, b geom.Box) {
		mu.Lock()
		defer mu.Unlock()
		s(it, v, b)
	}))
}

// show calls the context's Show, if it has one.
func show(ctx context.Context, it bench.Item, v raster.View, box geom.Box) {
	if s, ok := ctx.Value(showKey{}).(Show); ok {
		s(it, v, box)
	}
}

// showing reports whether anybody wants to see the fields.
func showing(ctx context.Context) bool {
	_, ok := ctx.Value(showKey{}).(Show)
	return ok
}

// folder returns a folder of the data outside the project. The set is absent where there
// is no such folder; anything missing inside it is an error of the set.
func folder(o bench.Options, parts ...string) (string, error) {
	dir := filepath.Join(append([]string{o.Data}, parts...)...)
	if o.Data == "" {
		return "", bench.ErrAbsent
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return "", fmt.Errorf("%w: no folder %s", bench.ErrAbsent, dir)
	}
	return dir, nil
}

// each calls do for 0..n-1 on the workers asked for and returns all items in the order of
// the calls.
func each(ctx context.Context, o bench.Options, n int, do func(i int) ([]bench.Item, error)) ([]bench.Item, error) {
	parts, errs := make([][]bench.Item, n), make([]error, n)
	var mu sync.Mutex
	var wg sync.WaitGroup
	next, done := 0, 0
	work := func() {
		for {
			mu.Lock()
			i := next
			next++
			mu.Unlock()
			if i >= n || ctx.Err() != nil {
				return
			}
			parts[i], errs[i] = do(i)
			mu.Lock()
			done++
			o.Step(done, n)
			mu.Unlock()
		}
	}
	for range min(o.Workers, n) {
		wg.Go(work)
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(parts...), nil
}

// exactly fails a set that has not the number of items it is known to have: a measure of
// half a set looks like one of the whole.
func exactly(items []bench.Item, want int) ([]bench.Item, error) {
	if len(items) != want {
		return nil, fmt.Errorf("%d items, %d are known; the data is incomplete or changed", len(items), want)
	}
	return items, nil
}

// places turns the boxes' centres into shares of a page.
func place(it *bench.Item, box geom.Box, widthMM, heightMM float64) {
	c := box.Center()
	it.X, it.Y = c.X/widthMM, c.Y/heightMM
}
