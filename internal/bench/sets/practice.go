package sets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"scan/fixtures"
	"scan/internal/bench"
)

// seedBase keeps what is measured apart from what was trained and tested on: trainers and
// tests use smaller seeds.
const seedBase = 1_000_000

// practiceShare of the boxes asked for are those of the batches of one level. A box of a
// batch costs twenty times one of a sheet full of boxes.
const practiceShare = 0.002

func practiceSets() (all []bench.Source) {
	for i, l := range fixtures.Levels {
		all = append(all, set{"practice/" + l.Name, bench.Simulated,
			"batches of the practice exam on both forms at level " + l.Name + ", read as a whole: stickers, columns, scores with their sums",
			func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
				return practice(ctx, l.Name, o.Seed+seedBase+uint64(i)*1000, o)
			}})
	}
	return all
}

// practice makes and reads a batch of each form; both have as many booklets.
func practice(ctx context.Context, level string, seed uint64, o bench.Options) (all []bench.Item, err error) {
	boxes := 0
	for v := range fixtures.Variants {
		form, err := fixtures.NewForm(v)
		if err != nil {
			return nil, err
		}
		for p := range form.Exam.Pages {
			boxes += choiceBoxes(form, p+1)
		}
	}
	n := max(1, int(practiceShare*float64(o.Boxes)/float64(boxes)+0.5))
	for v := range fixtures.Variants {
		items, err := practiceBatch(ctx, fixtures.BatchOptions{Seed: seed + uint64(v), Booklets: n, Level: level, Variant: v, Codes: v == 1}, o)
		if err != nil {
			return nil, err
		}
		for i := range items {
			items[i].Name = fmt.Sprintf("form %d %s", v, items[i].Name)
			items[i].Group = fmt.Sprintf("form %d %s", v, items[i].Group)
		}
		all = append(all, items...)
		o.Step(v+1, fixtures.Variants)
	}
	return all, nil
}

func practiceBatch(ctx context.Context, b fixtures.BatchOptions, o bench.Options) ([]bench.Item, error) {
	dir, err := os.MkdirTemp("", "scan-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	dir = filepath.Join(dir, "practice")
	if _, err := fixtures.MakeBatch(dir, b); err != nil {
		return nil, err
	}
	return readBatch(ctx, dir, o)
}

func choiceBoxes(f *fixtures.Form, page int) (n int) {
	for _, p := range f.Exam.Problems {
		for _, q := range p.Questions {
			if q.Page == page {
				n += len(q.Options)
			}
		}
	}
	return n
}
