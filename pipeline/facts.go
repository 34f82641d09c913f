package pipeline

import (
	"context"
	"encoding/json"

	"scan/internal/raster"
)

// formFacts is what assembly must know of a form, kept so that a run that reads
// nothing need not render it.
type formFacts struct {
	Blank []int        `json:"blank"` // pages without print: a scan of one is a blank page
	Sizes [][2]float64 `json:"sizes"` // of all pages: width and height in mm
}

// blankPrint is the share of dark pixels below which a form page is blank. A footer
// alone is ten times that; a rendered white page has none.
const blankPrint = 0.0002

// size is the pageSizes of the form.
func (f formFacts) size(page int) (w, h float64, ok bool) {
	if page < 1 || page > len(f.Sizes) {
		return 0, 0, false
	}
	return f.Sizes[page-1][0], f.Sizes[page-1][1], true
}

// formFacts returns what is known of the form, looking at it where no earlier run has.
func (b *batch) formFacts(ctx context.Context) (facts formFacts, err error) {
	doc, ok, err := b.store.FormFacts(ctx, b.formHash)
	if err != nil {
		return facts, err
	}
	if ok && json.Unmarshal(doc, &facts) == nil && len(facts.Sizes) > 0 {
		return facts, nil
	}
	if err := b.loadForm(); err != nil {
		return facts, err
	}
	facts = formFacts{}
	for i, p := range b.form.Pages {
		facts.Sizes = append(facts.Sizes, [2]float64{p.WidthMM, p.HeightMM})
		if darkShare(p.Page.Y) < blankPrint {
			facts.Blank = append(facts.Blank, i+1)
		}
	}
	if doc, err = json.Marshal(facts); err != nil {
		return facts, err
	}
	return facts, b.store.SetFormFacts(ctx, b.formHash, doc)
}

// darkShare returns the share of pixels darker than the middle grey.
func darkShare(p *raster.Plane) float64 {
	dark := 0
	for y := range p.H {
		for _, v := range p.Pix[y*p.Stride:][:p.W] {
			if v < 128 {
				dark++
			}
		}
	}
	return float64(dark) / float64(p.W*p.H)
}
