package sets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"scan/internal/bench"
)

// blackboxes are the committed batches of the practice exam, with their fields and pages.
var blackboxes = []struct {
	name  string
	items int
}{
	{"a-150dpi-default", 90},
	{"b-150dpi-codes-light", 69},
	{"b-150dpi-troubles-heavy", 137},
}

func blackboxSets() (all []bench.Source) {
	for _, s := range blackboxes {
		all = append(all, set{"blackbox/" + s.name, bench.Simulated,
			"committed batch fixtures/blackbox/" + s.name + ", read as a whole", func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
				return readBlackbox(ctx, s.name, s.items, o)
			}})
	}
	return all
}

// readBlackbox reads a copy: nothing is written where the set is kept.
func readBlackbox(ctx context.Context, name string, want int, o bench.Options) ([]bench.Item, error) {
	from, err := blackboxFolder(name)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "scan-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		return nil, err
	}
	items, err := readBatch(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	known := slices.DeleteFunc(slices.Clone(items), func(it bench.Item) bool { return it.Kind == notThere })
	if _, err := exactly(known, want); err != nil {
		return nil, err
	}
	return items, nil
}

// blackboxFolder finds a committed batch from the folder of work or one above it.
func blackboxFolder(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		at := filepath.Join(dir, "fixtures", "blackbox", name)
		if _, err := os.Stat(at); err == nil {
			return at, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("%w: no fixtures/blackbox/%s above the folder of work; run it in the project", bench.ErrAbsent, name)
		}
		dir = up
	}
}
