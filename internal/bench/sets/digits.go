package sets

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"scan/internal/bench"
	"scan/internal/train/digits/split"
	"scan/ocr"
)

// digitPictures are the sets of single digits of which a part is kept from training. Only the
// split of the pen strokes is by writer; of the others nobody wrote down who wrote what.
var digitPictures = []struct {
	name, set string
	items     int
}{
	{"digits/bhmsds", "bhmsds", 1800},
	{"digits/mnist", "mnist", 7200},
	{"digits/optdigits", "optdigits32", 232},
	{"digits/usps", "usps", 874},
	{"digits/cheques", "orand-car-a", 995},
}

func digitSets() []bench.Source {
	all := []bench.Source{
		set{"digits/pens", bench.Composited, "single digits of the 5 pen-stroke writers kept from training, each drawn with 3 pens", penDigits},
	}
	for _, p := range digitPictures {
		all = append(all, set{p.name, bench.Composited, "single digits of " + p.set + " that are kept from training, as pictures; writers unknown",
			func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
				return pictureDigits(ctx, o, p.set, p.items)
			}})
	}
	return all
}

// pictureDigits reads the held-out part of a set of pictures.
func pictureDigits(ctx context.Context, o bench.Options, name string, want int) ([]bench.Item, error) {
	dir, err := folder(o, "data")
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		return nil, fmt.Errorf("%w: no folder %s", bench.ErrAbsent, filepath.Join(dir, name))
	}
	all, err := split.Pictures(dir, name, split.Test)
	if err != nil {
		return nil, err
	}
	items, err := each(ctx, o, len(all), func(i int) ([]bench.Item, error) {
		p := all[i]
		if p.Class > 9 {
			return nil, nil
		}
		it := digit(ocr.InkImage{W: p.W, H: p.H, A: p.A}, p.Class)
		it.Name, it.Group = fmt.Sprintf("%s %d", name, i), name
		showInk(ctx, it, ocr.InkImage{W: p.W, H: p.H, A: p.A})
		return []bench.Item{it}, nil
	})
	if err != nil {
		return nil, err
	}
	return exactly(items, want)
}

// digit reads the picture of one digit: the most probable of the ten, and its share of their
// probability.
func digit(im ocr.InkImage, class int) bench.Item {
	it := bench.Item{Field: bench.Digit, Truth: strconv.Itoa(class), Kind: strconv.Itoa(class), X: -1, Y: -1}
	p, ok := ocr.ClassifyGlyph(im)
	if !ok {
		it.Reason = "no-ink"
		return it
	}
	best, sum := 0, 0.0
	for i := range 10 {
		sum += float64(p[i])
		if p[i] > p[best] {
			best = i
		}
	}
	it.Value, it.Confidence = strconv.Itoa(best), float64(p[best])/max(sum, 1e-9)
	it.Seen = it.Value
	return it
}

const (
	penDigitsOf5 = 1248 // digits of the five writers
	pensADigit   = 3
	glyphHigh    = 48 // pixels of a drawn digit: 6 mm at 200 dpi
)

// penDigits draws the held-out writers' strokes with pens of 0.3 to 1.0 mm, slightly slanted
// and stretched as the same hand would be on another day.
func penDigits(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, "data")
	if err != nil {
		return nil, err
	}
	if _, err := folder(o, "data", "pendigits-strokes"); err != nil {
		return nil, err
	}
	writers, err := split.Writers(dir, split.Test)
	if err != nil {
		return nil, err
	}
	names := split.TestWriters()
	items, err := each(ctx, o, len(writers), func(w int) ([]bench.Item, error) {
		rng := rand.New(rand.NewPCG(o.Seed+seedBase, uint64(names[w])))
		var items []bench.Item
		for class, samples := range writers[w] {
			for n, s := range samples {
				for pen := range pensADigit {
					im := drawStrokes(s, rng)
					it := digit(im, class)
					it.Name, it.Group = fmt.Sprintf("writer %d digit %d sample %d pen %d", names[w], class, n, pen), fmt.Sprintf("writer %d", names[w])
					showInk(ctx, it, im)
					items = append(items, it)
				}
			}
		}
		return items, nil
	})
	if err != nil {
		return nil, err
	}
	return exactly(items, pensADigit*penDigitsOf5)
}
