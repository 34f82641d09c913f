package print

import (
	"bytes"
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Flags of an annotation (ISO 32000-1, table 165).
const (
	annotationHidden  = 1 << 1
	annotationPrinted = 1 << 2
)

// drawAnnotations draws what a page's fields and notes look like on paper; on paper nothing
// else is left of them. Their drawings go to objects, the commands to draw.
func drawAnnotations(ctx *model.Context, page types.Dict, objects types.Dict, draw *bytes.Buffer) error {
	o, ok := page.Find("Annots")
	if !ok {
		return nil
	}
	all, err := ctx.DereferenceArray(o)
	if err != nil {
		return err
	}
	for i, o := range all {
		d, err := ctx.DereferenceDict(o)
		if err != nil || d == nil {
			continue // a note that cannot be found is not drawn by anybody
		}
		ref, m, ok := appearance(ctx, d)
		if !ok {
			continue
		}
		name := fmt.Sprintf("ScanNote%d", i+1)
		objects[name] = *ref
		fmt.Fprintf(draw, "q %.5f %.5f %.5f %.5f %.4f %.4f cm /%s Do Q\n", m[0], m[1], m[2], m[3], m[4], m[5], name)
	}
	return nil
}

// appearance returns what an annotation looks like on paper, and the matrix that puts it in
// its place (ISO 32000-1, 12.5.5).
func appearance(ctx *model.Context, d types.Dict) (ref *types.IndirectRef, m [6]float64, ok bool) {
	flags := 0
	if f, found := d.Find("F"); found {
		if v, err := ctx.DereferenceNumber(f); err == nil {
			flags = int(v)
		}
	}
	if flags&annotationPrinted == 0 || flags&annotationHidden != 0 {
		return nil, m, false
	}
	ref = normalAppearance(ctx, d)
	if ref == nil {
		return nil, m, false
	}
	sd, _, err := ctx.DereferenceStreamDict(*ref)
	if err != nil || sd == nil {
		return nil, m, false
	}
	rect, box := numbers(ctx, d["Rect"], 4), numbers(ctx, sd.Dict["BBox"], 4)
	if rect == nil || box == nil {
		return nil, m, false
	}
	own := numbers(ctx, sd.Dict["Matrix"], 6)
	if own == nil {
		own = []float64{1, 0, 0, 1, 0, 0}
	}
	x0, y0, x1, y1 := spanned(box, own)
	if x1 <= x0 || y1 <= y0 {
		return nil, m, false
	}
	rx0, ry0, rx1, ry1 := spanned(rect, []float64{1, 0, 0, 1, 0, 0})
	sx, sy := (rx1-rx0)/(x1-x0), (ry1-ry0)/(y1-y0)
	return ref, [6]float64{sx, 0, 0, sy, rx0 - sx*x0, ry0 - sy*y0}, true
}

// normalAppearance finds the drawing of the state that an annotation is in.
func normalAppearance(ctx *model.Context, d types.Dict) *types.IndirectRef {
	ap, err := ctx.DereferenceDict(d["AP"])
	if err != nil || ap == nil {
		return nil
	}
	n, ok := ap.Find("N")
	if !ok {
		return nil
	}
	if o, err := ctx.Dereference(n); err == nil {
		if states, isDict := o.(types.Dict); isDict {
			state := d.NameEntry("AS")
			if state == nil {
				return nil
			}
			n = states[*state]
		}
	}
	if ref, ok := n.(types.IndirectRef); ok {
		return &ref
	}
	return nil
}

// spanned is the upright rectangle round a rectangle mapped by a matrix.
func spanned(r, m []float64) (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [][2]float64{{r[0], r[1]}, {r[2], r[1]}, {r[0], r[3]}, {r[2], r[3]}} {
		x, y := m[0]*c[0]+m[2]*c[1]+m[4], m[1]*c[0]+m[3]*c[1]+m[5]
		x0, y0, x1, y1 = math.Min(x0, x), math.Min(y0, y), math.Max(x1, x), math.Max(y1, y)
	}
	return x0, y0, x1, y1
}
