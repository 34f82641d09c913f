package print

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Booklets are the copies of one exam.
type Booklets struct {
	Form   []byte            // the form as PDF
	Pages  []raster.FormPage // as the reader sees it
	Layout Layout
	Kind   Kind
	Exam   string // what stands before the copy in a page code
	Offset int    // page in a code minus form page
	Duplex bool   // every copy begins on a new sheet
}

// CopyName is the name of the n-th copy, from 1.
func CopyName(n int) string { return fmt.Sprintf("E%04d", n) }

// CodeText is the text of a page code: exam, copy, page. page is counted as the code does.
func CodeText(exam, copyName string, page int) string {
	return fmt.Sprintf("%s-%s-%02d", exam, copyName, page)
}

// Sheets is the number of pages of a copy in a file, an empty last one included.
func (b Booklets) Sheets() int {
	n := len(b.Pages)
	if b.Duplex && n > 1 {
		n += n % 2
	}
	return n
}

// Write writes one PDF with the copies one after another. The form's own drawing is in it once,
// as it is.
func (b Booklets) Write(w io.Writer, copies []string) error {
	ctx, err := openForm(b.Form)
	if err != nil {
		return err
	}
	pages, err := takePages(ctx, b.Pages)
	if err != nil {
		return err
	}
	tree := types.Dict{"Type": types.Name("Pages"), "Count": types.Integer(b.Sheets() * len(copies))}
	treeRef, err := ctx.IndRefForNewObject(tree)
	if err != nil {
		return err
	}
	kids := types.Array{}
	for _, name := range copies {
		kid, err := b.copy(ctx, pages, name, *treeRef)
		if err != nil {
			return err
		}
		kids = append(kids, *kid)
	}
	tree["Kids"] = kids
	root, err := ctx.Catalog()
	if err != nil {
		return err
	}
	root["Pages"] = *treeRef
	if err := stripRoot(ctx); err != nil {
		return err
	}
	ctx.PageCount = b.Sheets() * len(copies)
	return writePDF(w, ctx)
}

// copy adds the pages of a copy, as a branch of the page tree.
func (b Booklets) copy(ctx *model.Context, pages []formPage, name string, parent types.IndirectRef) (*types.IndirectRef, error) {
	branch := types.Dict{"Type": types.Name("Pages"), "Parent": parent, "Count": types.Integer(b.Sheets())}
	ref, err := ctx.IndRefForNewObject(branch)
	if err != nil {
		return nil, err
	}
	kids := types.Array{}
	for i := range b.Sheets() {
		page := types.Dict{"Parent": *ref}
		from := pages[min(i, len(pages)-1)]
		for k, v := range from.entries {
			page[k] = v
		}
		if i < len(pages) {
			codes, err := b.codes(ctx, from, name, i)
			if err != nil {
				return nil, err
			}
			page["Contents"] = types.Array{from.base, *codes}
		} else {
			page["Resources"] = types.Dict{}
			delete(page, "Group")
		}
		kid, err := ctx.IndRefForNewObject(page)
		if err != nil {
			return nil, err
		}
		kids = append(kids, *kid)
	}
	branch["Kids"] = kids
	return ref, nil
}

// codes adds the content stream with a page's codes.
func (b Booklets) codes(ctx *model.Context, page formPage, name string, i int) (*types.IndirectRef, error) {
	text := CodeText(b.Exam, name, i+1+b.Offset)
	s, err := PageSymbol(b.Kind, text)
	if err != nil {
		return nil, err
	}
	return addStream(ctx, codeContent(s, b.Layout.Pages[i], text, page.toUser), nil)
}

// codeContent draws codes and their text in mm, y down.
func codeContent(s Symbol, at Placement, text string, toUser [6]float64) []byte {
	var c bytes.Buffer
	m := toUser
	fmt.Fprintf(&c, "q %.8f %.8f %.8f %.8f %.5f %.5f cm 0 g\n", m[0], m[1], m[2], m[3], m[4], m[5])
	modules := moduleContent(s)
	for _, box := range at.Codes {
		fmt.Fprintf(&c, "q %.8f 0 0 %.8f %.4f %.4f cm\n", box.W/float64(s.Cols), box.H/float64(s.Rows), box.X, box.Y)
		c.Write(modules)
		c.WriteString("Q\n")
	}
	if at.Text != (geom.Box{}) {
		size := at.Pt * mmPerPoint
		for i, line := range textLines(text, at.Lines) {
			// 0.78 of the size lies above the line of writing.
			fmt.Fprintf(&c, "BT /%s %.4f Tf 1 0 0 -1 %.4f %.4f Tm (%s) Tj ET\n", fontName, size, at.Text.X, at.Text.Y+(float64(i)+0.78)*size, line)
		}
	}
	c.WriteString("Q\n")
	return c.Bytes()
}

// moduleContent draws a code in modules as one path: neighbours leave no seam.
func moduleContent(s Symbol) []byte {
	var c bytes.Buffer
	for _, r := range s.runs() {
		fmt.Fprintf(&c, "%g %g %g %g re\n", r.X, r.Y, r.W, r.H)
	}
	c.WriteString("f\n")
	return c.Bytes()
}
