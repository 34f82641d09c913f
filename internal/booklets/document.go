package booklets

import (
	"errors"
	"io"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

type object = types.Object

// The fonts of every page: standard ones, which need not be embedded.
const (
	fontText  = "ScanText"
	fontBold  = "ScanBold"
	fontSigns = "ScanSigns"
)

var baseFonts = map[string]string{fontText: "Helvetica", fontBold: "Helvetica-Bold", fontSigns: "ZapfDingbats"}

// The states of transparency.
const (
	veil  = "ScanVeil"  // under the table on the cover
	faint = "ScanFaint" // the watermark
)

var opacity = map[string]float64{veil: 0.88, faint: 0.1}

// document is a PDF being made.
type document struct {
	ctx           *model.Context
	tree          types.Dict
	treeRef       types.IndirectRef
	kids          types.Array
	fonts, states types.IndirectRef
	imports       map[*model.XRefTable]*importer
}

// settings are pdfcpu's, made before anything runs at once: they come out of global variables. No folder
// for them is made at the user's.
var settings = func() model.Configuration {
	model.ConfigPath = "disable"
	conf := model.NewDefaultConfiguration()
	conf.Offline = true
	return *conf
}()

func newDocument(b Booklet) (*document, error) {
	conf := settings
	ctx, err := pdfcpu.CreateContextWithXRefTable(&conf, types.PaperSize["A4"])
	if err != nil {
		return nil, err
	}
	d := &document{ctx: ctx, imports: map[*model.XRefTable]*importer{}}
	fonts, states := types.Dict{}, types.Dict{}
	for name, base := range baseFonts {
		f := types.Dict{"Type": types.Name("Font"), "Subtype": types.Name("Type1"), "BaseFont": types.Name(base)}
		if name != fontSigns {
			f["Encoding"] = types.Name("WinAnsiEncoding")
		}
		fonts[name] = f
	}
	for name, a := range opacity {
		states[name] = types.Dict{"Type": types.Name("ExtGState"), "ca": types.Float(a), "CA": types.Float(a)}
	}
	d.tree = types.Dict{"Type": types.Name("Pages")}
	refs, err := d.refs(fonts, states, d.tree, info(b))
	if err != nil {
		return nil, err
	}
	d.fonts, d.states, d.treeRef = refs[0], refs[1], refs[2]
	ctx.Info = &refs[3]
	return d, nil
}

// info is what viewers and searches tell of the file.
func info(b Booklet) types.Dict {
	d := types.Dict{}
	for key, v := range map[string]string{"Title": b.title(), "Subject": b.Exam, "Keywords": b.ID, "Creator": "scan"} {
		if s, err := types.EscapedUTF16String(v); err == nil && v != "" {
			d[key] = types.StringLiteral(*s)
		}
	}
	return d
}

// title names a booklet by its code, or else as the batch does.
func (b *Booklet) title() string {
	if b.Code != "" {
		return b.Code
	}
	return b.ID
}

func (d *document) refs(objects ...object) ([]types.IndirectRef, error) {
	refs := make([]types.IndirectRef, len(objects))
	for i, o := range objects {
		ref, err := d.ctx.IndRefForNewObject(o)
		if err != nil {
			return nil, err
		}
		refs[i] = *ref
	}
	return refs, nil
}

// stream stores bytes that are packed already as dict says.
func (d *document) stream(dict types.Dict, packed []byte) (types.IndirectRef, error) {
	n := int64(len(packed))
	dict["Length"] = types.Integer(n)
	refs, err := d.refs(types.StreamDict{Dict: dict, Raw: packed, StreamLength: &n})
	if err != nil {
		return types.IndirectRef{}, err
	}
	return refs[0], nil
}

// pack stores bytes and compresses them.
func (d *document) pack(dict types.Dict, content []byte) (types.IndirectRef, error) {
	sd := types.StreamDict{Dict: dict, Content: content, FilterPipeline: []types.PDFFilter{{Name: filter.Flate}}}
	sd.Dict["Filter"] = types.Name(filter.Flate)
	if err := sd.Encode(); err != nil {
		return types.IndirectRef{}, err
	}
	refs, err := d.refs(sd)
	if err != nil {
		return types.IndirectRef{}, err
	}
	return refs[0], nil
}

// add makes a page of a sheet.
func (d *document) add(s *sheet) error {
	objects := types.Dict{}
	for name, o := range s.objects {
		objects[name] = o
	}
	page := types.Dict{"Type": types.Name("Page"), "Parent": d.treeRef, "MediaBox": types.NewNumberArray(s.box[:]...),
		"Rotate":    types.Integer(s.rotate),
		"Resources": types.Dict{"XObject": objects, "Font": d.fonts, "ExtGState": d.states}}
	if s.unit != 1 {
		page["UserUnit"] = types.Float(s.unit)
	}
	if s.annots != nil {
		page["Annots"] = s.annots
	}
	contents := types.Array{}
	for _, part := range [][]byte{s.content, s.pen.drawn.Bytes()} {
		ref, err := d.pack(types.Dict{}, part)
		if err != nil {
			return err
		}
		contents = append(contents, ref)
	}
	page["Contents"] = contents
	refs, err := d.refs(page)
	if err != nil {
		return err
	}
	d.kids = append(d.kids, refs[0])
	return nil
}

func (d *document) write(w io.Writer) error {
	if len(d.kids) == 0 {
		return errors.New("a booklet without pages cannot be written")
	}
	d.tree["Kids"], d.tree["Count"] = slices.Clone(d.kids), types.Integer(len(d.kids))
	root, err := d.ctx.Catalog()
	if err != nil {
		return err
	}
	root["Pages"] = d.treeRef
	d.ctx.PageCount = len(d.kids)
	return api.WriteContext(d.ctx, w)
}
