package sets

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"scan/internal/bench"
	"scan/internal/geom"
)

const (
	ballotPages = 11
	ballotBoxes = 328
)

// ballotOvals reads ballots: every deliberate mark selects, and what the eye could not
// decide is for a person.
func ballotOvals(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, "real", "ballots")
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) != ballotPages {
		return nil, fmt.Errorf("%d ballots, %d are known; the data is incomplete or changed", len(files), ballotPages)
	}
	items, err := each(ctx, o, len(files), func(i int) ([]bench.Item, error) { return ballot(ctx, files[i]) })
	if err != nil {
		return nil, err
	}
	return exactly(items, ballotBoxes)
}

func ballot(ctx context.Context, path string) ([]bench.Item, error) {
	var truth struct {
		Boxes []struct {
			Box         [4]float64 // x, y, w, h in pixels
			Truth, Kind string
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	page, err := openPage(strings.TrimSuffix(path, ".json")+".jpg", 1)
	if err != nil {
		return nil, err
	}
	const k = mmPerInch / 200
	var boxes []geom.Box
	for _, b := range truth.Boxes {
		boxes = append(boxes, geom.Box{X: b.Box[0] * k, Y: b.Box[1] * k, W: b.Box[2] * k, H: b.Box[3] * k})
	}
	w, h := float64(page.W())*k, float64(page.H())*k
	read := readGiven(upright(page, 200), drawnForm(boxes, w, h, 0.25, true), boxes, others)
	items := make([]bench.Item, len(boxes))
	for i, b := range truth.Boxes {
		it := &items[i]
		*it = bench.Item{Field: bench.Choice, Kind: b.Kind, Name: fmt.Sprintf("%s box %d", filepath.Base(path), i), Group: filepath.Base(path)}
		take(it, read[i])
		place(it, boxes[i], w, h)
		switch b.Truth {
		case "empty":
			isEmpty(it)
		case "marked":
			isMarked(it)
		case "review":
			doubtful(it)
		default:
			return nil, fmt.Errorf("%s: box %d has the truth %q", path, i, b.Truth)
		}
		show(ctx, *it, upright(page, 200), boxes[i])
	}
	return items, nil
}

// doubtful is the truth of an oval about which the eye asks for a person. That nothing was
// voted where somebody erased, dotted or crossed beside the oval is not wrong, nor is either
// reading of half a stroke; where the paper is torn away nothing may be read.
func doubtful(it *bench.Item) {
	isEither(it)
	switch it.Kind {
	case "torn-away":
		it.Truth, it.Also = anything, nil
	case "erased", "dot", "stray", "cross-adjacent":
		it.Also = nil
	}
}
