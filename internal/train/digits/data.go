package main

import (
	"fmt"

	"scan/internal/train/digits/split"
	"scan/ocr"
)

// picture is a labelled image of one glyph.
type picture struct {
	ocr.InkImage
	class int
}

// part is everything of one part of the split.
type part struct {
	hands           []writer                 // pen strokes
	digits          map[string][10][]picture // of the other sets, by set and digit
	letters         []picture                // plus, w, x, y, z: no digits
	slashes, dashes []picture
}

// sets is all data in memory. calib and test are for fields and reports: nothing in
// them is ever trained on.
type sets struct {
	train, calib, test *part
}

// pictureSets are drawn from alike often, but for the symbols of few writers.
var pictureSets = []string{"mnist", "mnist", "mnist", "optdigits32", "usps", "orand-car-a", "bhmsds"}

func loadSets(dir string) (*sets, error) {
	s := new(sets)
	for p, to := range map[split.Part]**part{split.Train: &s.train, split.Validate: &s.calib, split.Test: &s.test} {
		var err error
		if *to, err = loadPart(dir, p); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func loadPart(dir string, p split.Part) (*part, error) {
	strokes, err := split.Writers(dir, p)
	if err != nil {
		return nil, err
	}
	out := &part{digits: map[string][10][]picture{}}
	for _, w := range strokes {
		out.hands = append(out.hands, handOf(w))
	}
	for _, set := range pictureSets {
		if _, done := out.digits[set]; done {
			continue
		}
		pics, err := split.Pictures(dir, set, p)
		if err != nil {
			return nil, err
		}
		var by [10][]picture
		for _, q := range pics {
			im := picture{ocr.InkImage{W: q.W, H: q.H, A: q.A}, q.Class}
			switch {
			case q.Class < 10:
				by[q.Class] = append(by[q.Class], im)
			case q.Class == split.SymbolMinus:
				out.dashes = append(out.dashes, im)
			case q.Class == split.SymbolSlash:
				out.slashes = append(out.slashes, im)
			case q.Class != split.SymbolDot:
				out.letters = append(out.letters, im)
			}
		}
		for d, list := range by {
			if len(list) == 0 {
				return nil, fmt.Errorf("%s: no digit %d", set, d)
			}
		}
		out.digits[set] = by
	}
	return out, nil
}
