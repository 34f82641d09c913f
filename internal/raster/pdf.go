package raster

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfFile is an open PDF. Pages that show one image are taken apart, the others
// are rendered. The object table is not safe for concurrent use: mu guards it.
type pdfFile struct {
	path  string
	bytes *pdfBytes
	hash  func() string

	mu    sync.Mutex
	xref  *model.XRefTable // nil: only PDFium could open the file
	pages []pdfPage
}

// pdfPage is a leaf of the page tree with what it inherits.
type pdfPage struct {
	dict      types.Dict
	resources types.Dict
	box       rect // CropBox within MediaBox, points
	rotate    int
	err       error
}

var pdfcpuSetup sync.Once

func openPDF(path string, b []byte) (*pdfFile, error) {
	if err := checkEnd(b); err != nil {
		return nil, err
	}
	f := &pdfFile{path: path, bytes: &pdfBytes{b}}
	f.hash = sync.OnceValue(func() string { return hashOf(b) })
	ctx, err := readPDF(b)
	if errors.Is(err, pdfcpu.ErrWrongPassword) {
		return nil, errEncrypted()
	}
	if err != nil {
		return f, f.renderAll(err)
	}
	if ctx.Encrypt == nil && bytes.Contains(b, []byte("/Encrypt")) {
		return f, f.renderAll(damaged("its encryption")) // pdfcpu overlooks some forms of it
	}
	f.xref = ctx.XRefTable
	if err := f.collect(); err != nil {
		return nil, err
	}
	if len(f.pages) == 0 {
		return nil, damaged("the PDF has no pages")
	}
	return f, nil
}

// checkEnd looks for the end marker of a PDF, past any padding. Readers that repair
// a file cut short would lose pages silently.
func checkEnd(b []byte) error {
	b = bytes.TrimRight(b, "\x00\r\n\t ")
	if bytes.Contains(b[max(0, len(b)-1024):], []byte("%%EOF")) {
		return nil
	}
	return &FormatError{What: "the PDF has no end: it was not copied completely", Do: "copy it again, or scan it anew"}
}

func readPDF(b []byte) (ctx *model.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = damaged("PDF objects: %v", r)
		}
	}()
	pdfcpuSetup.Do(func() { model.ConfigPath = "disable" })
	conf := model.NewDefaultConfiguration()
	conf.Offline = true
	return pdfcpu.Read(bytes.NewReader(b), conf)
}

// renderAll leaves the file to PDFium after pdfcpu failed with cause.
func (f *pdfFile) renderAll(cause error) error {
	n, err := pdfiumPages(f.bytes)
	var u *UnsupportedError
	if errors.As(err, &u) {
		return err
	}
	if err != nil || n == 0 || n > MaxPages {
		return damaged("PDF: %v", cause)
	}
	f.pages = make([]pdfPage, n)
	return nil
}

// collect lists the pages. A page that cannot be found stays in the list with its
// error, so that no page is lost silently.
func (f *pdfFile) collect() error {
	root, err := f.xref.Pages()
	if err != nil || root == nil {
		return damaged("the PDF has no page tree")
	}
	f.walk(*root, pdfPage{box: rect{0, 0, 612, 792}}, map[int]bool{}, 0)
	if len(f.pages) > MaxPages {
		return unsupported("PDF of more than %d pages", MaxPages)
	}
	top, _ := f.dict(*root)
	for want := min(f.int(top["Count"]), MaxPages); len(f.pages) < want; {
		f.pages = append(f.pages, pdfPage{err: damaged("the page is missing from the file")})
	}
	return nil
}

func (f *pdfFile) walk(ref types.Object, inherited pdfPage, seen map[int]bool, depth int) {
	if len(f.pages) > MaxPages {
		return
	}
	lost := pdfPage{err: damaged("the page is missing from the file")}
	if r, ok := ref.(types.IndirectRef); ok {
		if nr := r.ObjectNumber.Value(); seen[nr] {
			f.pages = append(f.pages, lost)
			return
		} else {
			seen[nr] = true
		}
	}
	d, err := f.dict(ref)
	if err != nil || d == nil || depth > 60 {
		f.pages = append(f.pages, lost)
		return
	}
	page := f.inherit(d, inherited)
	if d["Kids"] == nil {
		page.dict = d
		f.pages = append(f.pages, page)
		return
	}
	for _, kid := range f.array(d["Kids"]) {
		f.walk(kid, page, seen, depth+1)
	}
}

func (f *pdfFile) inherit(d types.Dict, p pdfPage) pdfPage {
	if v, ok := f.floats(d["MediaBox"], 4); ok {
		p.box = normal(v)
	}
	if v, ok := f.floats(d["CropBox"], 4); ok {
		if c := normal(v).and(p.box); c.area() > 0 {
			p.box = c
		}
	}
	if d["Rotate"] != nil {
		p.rotate = ((f.int(d["Rotate"])/90*90)%360 + 360) % 360
	}
	if r, _ := f.dict(d["Resources"]); r != nil {
		p.resources = r
	}
	return p
}

func normal(v []float64) rect {
	return rect{math.Min(v[0], v[2]), math.Min(v[1], v[3]), math.Max(v[0], v[2]), math.Max(v[1], v[3])}
}

// content returns the decoded content of a page.
func (f *pdfFile) content(d types.Dict) ([]byte, error) {
	o, err := f.deref(d["Contents"])
	if err != nil || o == nil {
		return nil, err
	}
	parts := types.Array{o}
	if a, ok := o.(types.Array); ok {
		parts = a
	}
	var all []byte
	for _, part := range parts {
		sd, err := f.stream(part)
		if err != nil {
			return nil, err
		}
		b, err := f.decoded(sd)
		if err != nil {
			return nil, err
		}
		all = append(append(all, b...), '\n')
	}
	return all, nil
}

func (f *pdfFile) Pages() int { return len(f.pages) }

func (f *pdfFile) Close() error {
	forgetPDF(f.bytes)
	return nil
}

func (f *pdfFile) Page(n int) (*Page, error) {
	plan, err := f.plan(n)
	if err != nil {
		return nil, locate(err, f.path, n)
	}
	p, err := f.decode(n, plan)
	return p, locate(err, f.path, n)
}

func (f *pdfFile) decode(n int, plan pdfPlan) (p *Page, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, damaged("image data (%v)", r)
		}
	}()
	if plan.render != "" {
		r, err := renderPDF(f.bytes, n, plan.renderDPI, false)
		return r.page, err
	}
	p, err = f.assemble(n, plan)
	var u *UnsupportedError
	if plan.native && errors.As(err, &u) {
		r, err := renderPDF(f.bytes, n, plan.renderDPI, false)
		return r.page, err
	}
	return p, err
}

func (f *pdfFile) Hash(n int) (string, error) {
	plan, err := f.plan(n)
	if err != nil {
		return "", locate(err, f.path, n)
	}
	if plan.render != "" {
		return hashOf([]byte(f.hash()), fmt.Append(nil, n)), nil
	}
	parts := [][]byte{fmt.Appendf(nil, "%v %d %v", plan.box, plan.rotate, plan.unit)}
	for _, im := range plan.images {
		parts = append(parts, fmt.Appendf(nil, "%v %v %v %d", im.m, im.clip, im.spec, len(im.raw)), im.raw)
	}
	return hashOf(parts...), nil
}

// plan decides how page n is read.
func (f *pdfFile) plan(n int) (plan pdfPlan, err error) {
	if n < 1 || n > len(f.pages) {
		return plan, unsupported("there are only %d pages", len(f.pages))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = damaged("PDF objects (%v)", r)
		}
	}()
	if f.xref == nil {
		return pdfPlan{render: "PDF out of order", renderDPI: renderDPI}, nil
	}
	page := f.pages[n-1]
	if page.err != nil {
		return plan, page.err
	}
	content, err := f.content(page.dict)
	if err != nil {
		return plan, err
	}
	c := contentReader{pdf: f}
	c.run(content, page.resources, graphics{ctm: matrix{1, 0, 0, 1, 0, 0}, clip: everything}, 0)
	if c.lost && len(c.images) == 0 && !c.under && c.reason == "" {
		// Drawn, the page would be empty, and pass for a blank sheet.
		return plan, damaged("the image of the page, which is not in the file")
	}
	return f.planImages(page, &c), nil
}
