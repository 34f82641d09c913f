package booklets

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scan/internal/geom"
	"scan/internal/raster"
)

// scanName is what the scan is called in a page's resources.
const scanName = "ScanPage"

// storedSheet makes a sheet that shows the scan as its file holds it.
func storedSheet(doc *document, src raster.Source, page *Page) (*sheet, error) {
	stored, err := raster.StoredPage(src, page.Scan.Page, page.Scan.Width, page.Scan.Height)
	if err != nil {
		return nil, err
	}
	if stored.PDF != nil && stored.PDF.Table.Encrypt == nil {
		return pdfSheet(doc, stored, page)
	}
	return imageSheet(doc, src, stored, page)
}

// pdfSheet takes a page of a PDF over. Its content becomes one drawing with its own resources: nothing
// that it leaves open can touch what is drawn after it.
func pdfSheet(doc *document, stored raster.Stored, page *Page) (*sheet, error) {
	p := stored.PDF
	im := doc.imports[p.Table]
	if im == nil {
		im = &importer{from: p.Table, to: doc, done: map[int]types.IndirectRef{}}
		doc.imports[p.Table] = im
	}
	s := &sheet{box: p.Box, unit: 1, objects: map[string]object{}}
	if u, err := p.Table.DereferenceNumber(p.Dict["UserUnit"]); err == nil && u > 0 {
		s.unit = u
	}
	drawing, err := im.drawing(p)
	if err != nil {
		return nil, &raster.FormatError{Path: page.Scan.Name, Page: page.Scan.Page, What: err.Error()}
	}
	if drawing != nil {
		s.objects[scanName] = *drawing
		s.content = fmt.Appendf(nil, "q /%s Do Q\n", scanName)
	}
	s.annots = im.annotations(p.Dict["Annots"])
	s.aim(stored.PixToFile.Mul(page.Scan.MMToPix), page)
	return s, nil
}

// aim gives the sheet its pen and turns it upright: x of the frame must point to the right.
func (s *sheet) aim(mmToUser geom.Homography, page *Page) {
	s.pen = newPen(mmToUser, page.WidthMM, page.HeightMM, s.box)
	dx, _ := s.pen.axes(geom.Point{X: page.WidthMM / 2, Y: page.HeightMM / 2})
	quarter := math.Round(math.Atan2(dx.Y, dx.X) / (math.Pi / 2))
	s.rotate = (int(quarter)*90 + 360) % 360
}

// importer copies objects from one PDF to another, each once.
type importer struct {
	from *model.XRefTable
	to   *document
	done map[int]types.IndirectRef
}

// drawing makes a form XObject of a page's content; nil if the page is empty.
func (im *importer) drawing(p *raster.PDFPage) (*types.IndirectRef, error) {
	sd, err := im.content(p.Dict["Contents"])
	if err != nil || sd == nil {
		return nil, err
	}
	sd.Dict["Type"], sd.Dict["Subtype"], sd.Dict["FormType"] = types.Name("XObject"), types.Name("Form"), types.Integer(1)
	sd.Dict["BBox"] = types.NewNumberArray(p.Box[:]...)
	if sd.Dict["Resources"], err = im.dict(p.Resources, 0); err != nil {
		return nil, err
	}
	if g, err := im.copy(p.Dict["Group"], 0); err == nil && g != nil {
		sd.Dict["Group"] = g
	}
	if sd.Raw == nil {
		ref, err := im.to.pack(sd.Dict, sd.Content)
		return &ref, err
	}
	ref, err := im.to.stream(sd.Dict, sd.Raw)
	return &ref, err
}

// content returns the content of a page: as it is packed where it is one stream, else put together.
func (im *importer) content(o object) (*types.StreamDict, error) {
	o, err := im.from.Dereference(o)
	if err != nil || o == nil {
		return nil, err
	}
	if sd, ok := o.(types.StreamDict); ok {
		dict, err := im.dict(sd.Dict, 0)
		return &types.StreamDict{Dict: dict, Raw: sd.Raw}, err
	}
	parts, ok := o.(types.Array)
	if !ok {
		return nil, fmt.Errorf("the content of the page is a %T", o)
	}
	var all []byte
	for _, part := range parts {
		sd, _, err := im.from.DereferenceStreamDict(part)
		if err != nil || sd == nil {
			return nil, fmt.Errorf("the content of the page cannot be found: %w", err)
		}
		one := *sd // what is unpacked stays out of the shared table
		if err := one.Decode(); err != nil {
			return nil, fmt.Errorf("the content of the page cannot be unpacked: %w", err)
		}
		all = append(append(all, one.Content...), '\n')
	}
	return &types.StreamDict{Dict: types.Dict{}, Content: all}, nil
}

// maxDepth bounds how deep objects are nested: a real page has ten levels.
const maxDepth = 100

// copy copies an object with all that it refers to.
func (im *importer) copy(o object, depth int) (object, error) {
	if depth > maxDepth {
		return nil, errors.New("its objects are nested too deep")
	}
	switch v := o.(type) {
	case types.IndirectRef:
		return im.ref(v, depth)
	case types.Dict:
		return im.dict(v, depth)
	case types.Array:
		out := make(types.Array, len(v))
		for i, e := range v {
			c, err := im.copy(e, depth+1)
			if err != nil {
				return nil, err
			}
			out[i] = c
		}
		return out, nil
	}
	return o, nil
}

// ref copies what is referred to, once. Pages and what lies above them are not taken along.
func (im *importer) ref(r types.IndirectRef, depth int) (object, error) {
	nr := r.ObjectNumber.Value()
	if known, ok := im.done[nr]; ok {
		return known, nil
	}
	o, err := im.from.Dereference(r)
	if err != nil || o == nil {
		return nil, err
	}
	if d, ok := o.(types.Dict); ok {
		if t := d.Type(); t != nil && (*t == "Page" || *t == "Pages" || *t == "Catalog") {
			return nil, nil
		}
	}
	refs, err := im.to.refs(types.Dict{})
	if err != nil {
		return nil, err
	}
	im.done[nr] = refs[0] // before its content, which may refer to it
	var copied object
	if sd, ok := o.(types.StreamDict); ok {
		copied, err = im.stream(sd, depth)
	} else {
		copied, err = im.copy(o, depth+1)
	}
	if err != nil {
		return nil, err
	}
	entry, ok := im.to.ctx.FindTableEntryForIndRef(&refs[0])
	if !ok {
		return nil, fmt.Errorf("object %d was lost", nr)
	}
	entry.Object = copied
	return refs[0], nil
}

// stream copies a stream, its bytes untouched.
func (im *importer) stream(sd types.StreamDict, depth int) (object, error) {
	dict, err := im.dict(sd.Dict, depth)
	if err != nil {
		return nil, err
	}
	n := int64(len(sd.Raw))
	dict["Length"] = types.Integer(n)
	return types.StreamDict{Dict: dict, Raw: sd.Raw, StreamLength: &n}, nil
}

func (im *importer) dict(d types.Dict, depth int) (types.Dict, error) {
	out := make(types.Dict, len(d))
	for _, k := range slices.Sorted(maps.Keys(d)) { // in the same order each time
		e := d[k]
		if k == "Length" {
			continue // of a stream, which sets its own; elsewhere it means nothing
		}
		c, err := im.copy(e, depth+1)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out[k] = c
		}
	}
	return out, nil
}

// tiesOut are the entries of an annotation that lead out of it: to its page, its form, other places.
var tiesOut = []string{"P", "Parent", "Popup", "A", "AA", "Dest", "IRT", "StructParent"}

// annotations copies what is drawn over a page, without what it does. One that cannot be copied is
// left out: the scan is below it.
func (im *importer) annotations(o object) object {
	list, err := im.from.DereferenceArray(o)
	if err != nil {
		return nil
	}
	var out types.Array
	for _, e := range list {
		d, err := im.from.DereferenceDict(e)
		if err != nil || d == nil {
			continue
		}
		own := types.Dict{}
		for k, v := range d {
			own[k] = v
		}
		for _, k := range tiesOut {
			delete(own, k)
		}
		if c, err := im.dict(own, 0); err == nil {
			out = append(out, c)
		}
	}
	if out == nil {
		return nil
	}
	return out
}
