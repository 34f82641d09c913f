package sets

import (
	"context"
	"fmt"
	"path/filepath"

	"scan/fixtures"
	"scan/internal/bench"
	"scan/internal/mark"
	"scan/internal/raster"
	"scan/pipeline"
)

// batch is an exam folder that was read as `scan read` reads it, and its truth.
type batch struct {
	dir      string
	readings map[batchField]mark.Reading
	pages    map[raster.Ref]mark.Page
	used     map[batchField]bool
	items    []bench.Item
}

type batchField struct {
	raster.Ref
	field string
}

// readBatch reads an exam folder, which must be writable, and holds it against the truth
// beside it. Scores have seen the sums of their sheets (bench.Summed), and the sums have
// seen them.
func readBatch(ctx context.Context, dir string, o bench.Options) ([]bench.Item, error) {
	truths, err := fixtures.ReadTruth(filepath.Join(dir, "truth"))
	if err != nil {
		return nil, err
	}
	out, err := pipeline.Read(ctx, pipeline.Options{Dir: dir, Workers: o.Workers})
	if err != nil {
		return nil, err
	}
	b := &batch{dir: dir, readings: map[batchField]mark.Reading{}, pages: map[raster.Ref]mark.Page{}, used: map[batchField]bool{}}
	for _, r := range out.Readings {
		b.readings[batchField{raster.Ref{Path: r.Source, Page: r.SourcePage}, r.Field}] = r
	}
	for _, p := range out.Pages {
		b.pages[raster.Ref{Path: p.Source, Page: p.SourcePage}] = p
	}
	for _, t := range truths {
		if err := b.truth(ctx, t); err != nil {
			return nil, err
		}
	}
	b.invented(out.Readings)
	return b.items, nil
}

func (b *batch) truth(ctx context.Context, t fixtures.Truth) error {
	form, err := fixtures.NewForm(t.Variant)
	if err != nil {
		return err
	}
	for i, p := range t.Pages {
		at := raster.Ref{Path: p.Source, Page: p.SourcePage}
		refs := []raster.Ref{at} // of two scans of a page either may be the one that counts
		for _, d := range t.Pages {
			if d.DuplicateOf == i+1 {
				refs = append(refs, raster.Ref{Path: d.Source, Page: d.SourcePage})
			}
		}
		b.items = append(b.items, b.page(p, at, len(refs) > 1))
		var look raster.View
		if showing(ctx) && len(p.Fields) > 0 {
			if look, err = b.view(p); err != nil {
				return err
			}
		}
		for _, f := range p.Fields {
			it := b.field(p, f, refs)
			place(&it, f.Box, form.WidthMM, form.HeightMM)
			if look.Page != nil {
				show(ctx, it, look, f.Box)
			}
			b.items = append(b.items, it)
		}
	}
	return nil
}

// field finds what was read for a field, in the first of its scans that has a row.
func (b *batch) field(p fixtures.PageTruth, f fixtures.Field, refs []raster.Ref) bench.Item {
	it := item(f)
	if it.Field == bench.Score {
		it.Field = bench.Summed
	}
	it.Name = fmt.Sprintf("%s:%d %s", p.Source, p.SourcePage, f.Field)
	it.Group = fmt.Sprintf("booklet %d", p.Booklet)
	found := false
	for _, ref := range refs {
		k := batchField{ref, f.Field}
		r, ok := b.readings[k]
		if !ok {
			continue
		}
		b.used[k] = true
		if !found {
			found = true
			take(&it, ofRow(r))
		}
	}
	if !found {
		it.Reason, it.Seen = "page-"+b.pages[refs[0]].Status, "no row"
	}
	return it
}

// page judges what a page was taken for: its number and quarter turn on the form.
func (b *batch) page(p fixtures.PageTruth, at raster.Ref, hasTwin bool) bench.Item {
	it := bench.Item{Field: bench.Page, Name: fmt.Sprintf("%s:%d", at.Path, at.Page), Kind: p.Is, X: -1, Y: -1,
		Group: fmt.Sprintf("booklet %d", p.Booklet), Confidence: 1}
	r := b.pages[at]
	it.Seen = r.Status
	switch p.Is {
	case fixtures.PageBlank:
		it.Truth = pipeline.StatusBlank
	case fixtures.PageForeign:
		it.Truth, it.Odd = anything, true
	default:
		it.Truth = fmt.Sprintf("%d turned %d", p.FormPage, p.Rotation)
		if hasTwin || p.Is == fixtures.PageDuplicate {
			it.Also = []string{pipeline.StatusDuplicate} // the same bytes: not looked at again
		}
	}
	switch {
	case r.Status == pipeline.StatusBlank, r.Status == pipeline.StatusDuplicate && r.Page == 0:
		it.Value = r.Status
	case r.Status == pipeline.StatusOK, r.Status == pipeline.StatusDuplicate:
		it.Value = fmt.Sprintf("%d turned %d", r.Page, r.Rotation)
	default:
		it.Reason = "page-" + r.Status
	}
	return it
}

// notThere is the kind of a reading that belongs to no field.
const notThere = "not there"

// invented adds what was read from fields that are not there.
func (b *batch) invented(readings []mark.Reading) {
	for _, r := range readings {
		k := batchField{raster.Ref{Path: r.Source, Page: r.SourcePage}, r.Field}
		if b.used[k] || r.Value == "" {
			continue
		}
		field := map[string]string{mark.KindChoice: bench.Choice, mark.KindCredit: bench.Column, mark.KindScore: bench.Summed, mark.KindSticker: bench.Sticker}[r.Kind]
		b.items = append(b.items, bench.Item{Field: field, Name: fmt.Sprintf("%s:%d %s", r.Source, r.SourcePage, r.Field), Group: r.Booklet,
			Truth: anything, Value: r.Value, Confidence: r.Confidence, Reason: hardReason(r.Reason), Kind: notThere, Seen: r.Value, X: -1, Y: -1})
	}
}

// view opens the scan of a page where its truth says the form lies.
func (b *batch) view(p fixtures.PageTruth) (raster.View, error) {
	src, err := raster.Open(filepath.Join(b.dir, pipeline.ScansDir, filepath.FromSlash(p.Source)))
	if err != nil {
		return raster.View{}, err
	}
	defer src.Close()
	page, err := src.Page(p.SourcePage)
	return raster.View{Page: page, MMToPix: p.MMToPix}, err
}
