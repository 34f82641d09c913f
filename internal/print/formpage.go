package print

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scan/internal/raster"
)

// formPage is a page of the form made ready to be printed many times: its content is one
// object that all copies share, untouched.
type formPage struct {
	entries types.Dict        // of every page made from it: size, turn, resources
	base    types.IndirectRef // the content stream that draws the form
	toUser  [6]float64        // mm of the shown page to the page's own units
}

// Names of what is added to a page's resources.
const (
	formName, fontName = "ScanForm", "ScanText"
)

// takePages makes every page of the form ready. pages tells how large they show.
func takePages(ctx *model.Context, pages []raster.FormPage) ([]formPage, error) {
	if ctx.PageCount != len(pages) {
		return nil, fmt.Errorf("the form has %d pages, but %d are drawn", ctx.PageCount, len(pages))
	}
	font, err := ctx.IndRefForNewObject(types.Dict{"Type": types.Name("Font"), "Subtype": types.Name("Type1"),
		"BaseFont": types.Name("Courier"), "Encoding": types.Name("WinAnsiEncoding")})
	if err != nil {
		return nil, err
	}
	taken := make([]formPage, len(pages))
	for i, p := range pages {
		d, _, _, err := ctx.PageDict(i+1, false)
		if err == nil {
			taken[i], err = takePage(ctx, d, *font, p)
		}
		if err != nil {
			return nil, fmt.Errorf("page %d of the form: %w", i+1, err)
		}
	}
	return taken, nil
}

func takePage(ctx *model.Context, d types.Dict, font types.IndirectRef, shown raster.FormPage) (formPage, error) {
	p := formPage{entries: types.Dict{"Type": types.Name("Page")}}
	box, turn, err := p.geometry(ctx, d)
	if err != nil {
		return p, err
	}
	p.toUser = userMatrix(box, turn, shown.WidthMM, shown.HeightMM)
	if g, ok := d.Find("Group"); ok {
		p.entries["Group"] = g
	}
	content, err := contentObject(ctx, d)
	if err != nil {
		return p, err
	}
	objects, draw := types.Dict{}, &bytes.Buffer{}
	if content != nil {
		objects[formName] = *content
		fmt.Fprintf(draw, "q /%s Do Q\n", formName)
	}
	if err := drawAnnotations(ctx, d, objects, draw); err != nil {
		return p, err
	}
	base, err := addStream(ctx, draw.Bytes(), nil)
	if err != nil {
		return p, err
	}
	p.base = *base
	res, err := ctx.IndRefForNewObject(types.Dict{"XObject": objects, "Font": types.Dict{fontName: font}})
	if err != nil {
		return p, err
	}
	p.entries["Resources"] = *res
	return p, nil
}

// geometry copies the page's boxes and turn, and returns the box that is shown.
func (p *formPage) geometry(ctx *model.Context, d types.Dict) (box []float64, turn int, err error) {
	for _, key := range []string{"MediaBox", "CropBox"} {
		o, err := inherited(ctx, d, key)
		if err != nil {
			return nil, 0, err
		}
		v := numbers(ctx, o, 4)
		if v == nil {
			continue
		}
		p.entries[key] = types.NewNumberArray(v...)
		v = []float64{math.Min(v[0], v[2]), math.Min(v[1], v[3]), math.Max(v[0], v[2]), math.Max(v[1], v[3])}
		if box != nil {
			cut := []float64{math.Max(v[0], box[0]), math.Max(v[1], box[1]), math.Min(v[2], box[2]), math.Min(v[3], box[3])}
			if cut[0] < cut[2] && cut[1] < cut[3] {
				v = cut
			} else {
				v = box
			}
		}
		box = v
	}
	if box == nil {
		return nil, 0, errors.New("it does not say how large it is")
	}
	if o, err := inherited(ctx, d, "Rotate"); err == nil && o != nil {
		if v, err := ctx.DereferenceNumber(o); err == nil {
			turn = ((int(v) % 360) + 360) % 360 / 90 * 90
			p.entries["Rotate"] = types.Integer(turn)
		}
	}
	if u, ok := d.Find("UserUnit"); ok {
		p.entries["UserUnit"] = u
	}
	return box, turn, nil
}

// userMatrix maps mm on the page as shown, y down, to the page's own units; box is what is
// shown of it, turn how far it is turned clockwise.
func userMatrix(box []float64, turn int, wMM, hMM float64) [6]float64 {
	w, h := box[2]-box[0], box[3]-box[1]
	switch turn {
	case 90:
		return [6]float64{0, h / wMM, w / hMM, 0, box[0], box[1]}
	case 180:
		return [6]float64{-w / wMM, 0, 0, h / hMM, box[2], box[1]}
	case 270:
		return [6]float64{0, -h / wMM, -w / hMM, 0, box[2], box[3]}
	}
	return [6]float64{w / wMM, 0, 0, -h / hMM, box[0], box[3]}
}

// contentObject makes one drawing out of a page's content, with the page's own resources:
// nothing that it leaves open can touch what is drawn after it. nil if the page is empty.
func contentObject(ctx *model.Context, d types.Dict) (*types.IndirectRef, error) {
	o, ok := d.Find("Contents")
	if !ok {
		return nil, nil
	}
	content, err := pageContent(ctx, o)
	if err != nil || len(content) == 0 {
		return nil, err
	}
	entries := types.Dict{"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "FormType": types.Integer(1)}
	box, err := inherited(ctx, d, "MediaBox")
	if err != nil {
		return nil, err
	}
	entries["BBox"] = box
	res, err := inherited(ctx, d, "Resources")
	if err != nil {
		return nil, err
	}
	if res != nil {
		entries["Resources"] = res
	}
	return addStream(ctx, content, entries)
}

// pageContent returns the operators of a page. A part that cannot be unpacked is an error: a
// page that lacks print must not be handed out.
func pageContent(ctx *model.Context, o types.Object) ([]byte, error) {
	o, err := ctx.Dereference(o)
	if err != nil || o == nil {
		return nil, err
	}
	parts, ok := o.(types.Array)
	if !ok {
		parts = types.Array{o}
	}
	var content []byte
	for _, part := range parts {
		sd, _, err := ctx.DereferenceStreamDict(part)
		if err != nil || sd == nil {
			return nil, fmt.Errorf("its content cannot be found: %w", err)
		}
		if err := sd.Decode(); err != nil {
			return nil, fmt.Errorf("its content cannot be unpacked: %w", err)
		}
		content = append(append(content, sd.Content...), '\n')
	}
	return content, nil
}
