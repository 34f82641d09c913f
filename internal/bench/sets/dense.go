package sets

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"scan/fixtures"
	"scan/internal/bench"
	"scan/internal/raster"
	"scan/pipeline"
)

// denseKind is a set of bench sheets: what is on them, how they are scanned, and which share
// of the boxes asked for they get. The bulk is choice boxes at the default level.
type denseKind struct {
	name, kind, level string
	share             float64
	real              bool // real signs and digits on the made-up print
}

var denseKinds = []denseKind{
	{"dense/choice-default", fixtures.SheetChoice, "default", 1, false},
	{"dense/choice-hard", fixtures.SheetChoice, "hard", 0.1, false},
	{"dense/choice-clean", fixtures.SheetChoice, "clean", 0.02, false},
	{"dense/choice-light", fixtures.SheetChoice, "light", 0.02, false},
	{"dense/choice-heavy", fixtures.SheetChoice, "heavy", 0.02, false},
	{"dense/choice-150dpi", fixtures.SheetChoice, "150dpi", 0.02, false},
	{"dense/choice-1bit", fixtures.SheetChoice, "1bit", 0.02, false},
	{"dense/choice-q40", fixtures.SheetChoice, "q40", 0.02, false},
	{"dense/choice-fat", fixtures.SheetChoice, "fat", 0.02, false},
	{"dense/choice-pale", fixtures.SheetChoice, "pale", 0.02, false},
	{"dense/columns-default", fixtures.SheetColumn, "default", 0.1, false},
	{"dense/columns-hard", fixtures.SheetColumn, "hard", 0.02, false},
	{"dense/scores-default", fixtures.SheetScore, "default", 0.02, false},
	{"dense/summed-default", fixtures.SheetSummed, "default", 0.05, false},
	{"composited/choice-default", fixtures.SheetChoice, "default", 0.05, true},
	{"composited/choice-hard", fixtures.SheetChoice, "hard", 0.02, true},
	{"composited/scores-default", fixtures.SheetScore, "default", 0.02, true},
	{"composited/summed-default", fixtures.SheetSummed, "default", 0.05, true},
}

// Fields of a sheet, about, and the sheets that are filled of one form: a form costs as much
// as two sheets.
var denseFields = map[string]int{fixtures.SheetChoice: 170, fixtures.SheetColumn: 70, fixtures.SheetScore: 60, fixtures.SheetSummed: 60}

const sheetsPerForm = 16

// denseForms is the first variant of a form that is measured on: trainers and tests print
// smaller ones.
const denseForms = 100_000

func denseSets() (all []bench.Source) {
	for _, k := range denseKinds {
		class, about := bench.Simulated, fmt.Sprintf("bench sheets full of fields of kind %s, scanned as %q, whole chain; a writer is a group", k.kind, k.level)
		if k.real {
			class, about = bench.Composited, about+"; held-out signs of bhmsds in boxes, digits of 5 held-out pen-stroke writers in cells"
		}
		all = append(all, set{k.name, class, about, k.read})
	}
	return all
}

// read makes and reads sheets, form by form. Small sets have a form for every sheet or two.
func (k denseKind) read(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	scan := fixtures.SheetScan
	if k.real {
		hands, err := realHands(o)
		if err != nil {
			return nil, err
		}
		scan = hands.SheetScan
	}
	n := max(1, int(math.Ceil(k.share*float64(o.Boxes)/float64(denseFields[k.kind]))))
	forms := max(min(n, fixtures.SheetVariants), (n+sheetsPerForm-1)/sheetsPerForm)
	return each(ctx, o, forms, func(i int) ([]bench.Item, error) {
		var all []bench.Item
		variant := denseForms + int(o.Seed%1000)*1000 + i
		form, err := fixtures.SharedSheetForm(k.kind, variant)
		if err != nil {
			return nil, err
		}
		ready, err := pipeline.NewForm(form.Pages, form.Exam)
		if err != nil {
			return nil, err
		}
		defer ready.Close()
		for j := i; j < n && ctx.Err() == nil; j += forms {
			s, err := scan(k.kind, variant, k.level, o.Seed+seedBase+uint64(j))
			if err != nil {
				return nil, err
			}
			all = append(all, readSheet(ctx, s, ready)...)
		}
		return all, nil
	})
}

// realHands loads the writing that is set on made-up print.
func realHands(o bench.Options) (*fixtures.RealHands, error) {
	for _, name := range []string{"bhmsds", "pendigits-strokes"} {
		if _, err := folder(o, "data", name); err != nil {
			return nil, err
		}
	}
	return fixtures.LoadRealHands(filepath.Join(o.Data, "data"))
}

// readSheet reads one sheet as the whole chain does: register, then all fields. Scores of
// sheets with columns have seen the sums of those (bench.Summed).
func readSheet(ctx context.Context, s *fixtures.Sheet, form *pipeline.Form) []bench.Item {
	e := s.Form.Exam
	r := pipeline.ReadPage(s.Page, e, form, pipeline.Hints{})
	name := fmt.Sprintf("%s-%d-%s-%d", s.Form.Kind, s.Form.Variant, s.Level, s.Seed)
	items := []bench.Item{sheetPage(s, r, name)}
	read := ofPage(r, e)
	if s.Form.Kind == fixtures.SheetSummed {
		read = summed(e, read, r)
	}
	for _, f := range s.Fields {
		it := item(f.Field)
		it.Name, it.Group, it.Kind = name+" "+f.Field.Field, f.Hand, sheetKind(f)
		if f.Vanished && it.Field != bench.Choice { // of a box its Accept says the same
			it.Odd, it.Also = true, append(it.Also, nothing)
		}
		if s.Form.Kind == fixtures.SheetSummed && it.Field == bench.Score {
			it.Field = bench.Summed
		}
		if got, ok := read[f.Field.Field]; ok {
			take(&it, got)
		} else {
			it.Reason = "page-" + r.Status
		}
		place(&it, f.Box, s.Form.WidthMM, s.Form.HeightMM)
		show(ctx, it, raster.View{Page: s.Page, MMToPix: s.MMToPix}, f.Box)
		items = append(items, it)
	}
	return items
}

// sheetKind is what was drawn, unless the scan does not show it.
func sheetKind(f fixtures.SheetField) string {
	switch {
	case f.Hidden:
		return "hidden"
	case f.Vanished:
		return "vanished"
	}
	return f.Mark
}

func sheetPage(s *fixtures.Sheet, r pipeline.PageResult, name string) bench.Item {
	it := bench.Item{Field: bench.Page, Name: name, Group: name, Kind: "form", Seen: r.Status + " " + r.Reason, Confidence: 1, X: -1, Y: -1,
		Truth: fmt.Sprintf("1 turned %d", (360-s.Rotation)%360)}
	if r.Status == pipeline.StatusOK {
		it.Value = fmt.Sprintf("%d turned %d", r.FormPage, r.Rotation)
	} else {
		it.Reason = "page-" + r.Status
	}
	return it
}
