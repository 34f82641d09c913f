package pipeline

import (
	"context"
	"encoding/json"

	"scan/internal/raster"
)

// formFacts is what assembly must know of a form, kept so that a run that reads
// nothing need not render it.
type formFacts struct {
	Blank []int `json:"blank"` // pages without print: a scan of one is a blank page
}

// blankPrint is the share of dark pixels below which a form page is blank. A footer
// alone is ten times that; a rendered white page has none.
const blankPrint = 0.0002

func (b *batch) requiredPages(ctx context.Context) ([]int, error) {
	doc, ok, err := b.store.FormFacts(ctx, b.formHash)
	if err != nil {
		return nil, err
	}
	var facts formFacts
	if ok && json.Unmarshal(doc, &facts) == nil {
		return RequiredPages(b.exam, facts.Blank), nil
	}
	if err := b.loadForm(); err != nil {
		return nil, err
	}
	for i, p := range b.form.Pages {
		if darkShare(p.Page.Y) < blankPrint {
			facts.Blank = append(facts.Blank, i+1)
		}
	}
	if doc, err = json.Marshal(facts); err != nil {
		return nil, err
	}
	return RequiredPages(b.exam, facts.Blank), b.store.SetFormFacts(ctx, b.formHash, doc)
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
