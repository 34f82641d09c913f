package print

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// mmPerPoint is the length of a point.
const mmPerPoint = 25.4 / 72

var pdfSetup sync.Once

// openForm reads a PDF for taking its pages apart.
func openForm(b []byte) (ctx *model.Context, err error) {
	pdfSetup.Do(func() { model.ConfigPath = "disable" })
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the PDF is damaged (%v); save it anew from the program that made it", r)
		}
	}()
	conf := model.NewDefaultConfiguration()
	conf.Offline = true
	ctx, err = pdfcpu.Read(bytes.NewReader(b), conf)
	if err != nil {
		return nil, fmt.Errorf("the PDF cannot be taken apart (%w); save it anew from the program that made it, without a password", err)
	}
	if ctx.Encrypt != nil {
		return nil, errors.New("the PDF is encrypted; save it without protection")
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return nil, fmt.Errorf("the PDF has no list of pages (%w); save it anew", err)
	}
	return ctx, unpackAll(ctx)
}

// unpackAll unpacks all objects that are packed together with others: written as they are, what
// they refer to would be left out (pdfcpu 0.15), and fonts be lost.
func unpackAll(ctx *model.Context) error {
	for number, entry := range ctx.Table {
		if entry == nil || entry.Free {
			continue
		}
		if _, packed := entry.Object.(types.LazyObjectStreamObject); !packed {
			continue
		}
		if _, err := ctx.Dereference(*types.NewIndirectRef(number, 0)); err != nil {
			return fmt.Errorf("the PDF is damaged (object %d: %w); save it anew from the program that made it", number, err)
		}
	}
	return nil
}

// rootKept is what a printed document keeps of the form's root: what its look depends on.
var rootKept = []string{"Type", "Pages", "OCProperties", "OutputIntents", "Lang", "ViewerPreferences"}

// stripRoot takes away what belongs to the form as a document for the screen.
func stripRoot(ctx *model.Context) error {
	root, err := ctx.Catalog()
	if err != nil {
		return err
	}
	for key := range root {
		if !slices.Contains(rootKept, key) {
			root.Delete(key)
		}
	}
	return nil
}

// addStream stores a content stream, compressed.
func addStream(ctx *model.Context, content []byte, entries types.Dict) (*types.IndirectRef, error) {
	sd, err := ctx.NewStreamDictForBuf(content)
	if err != nil {
		return nil, err
	}
	for k, v := range entries {
		sd.Dict[k] = v
	}
	if err := sd.Encode(); err != nil {
		return nil, err
	}
	return ctx.IndRefForNewObject(*sd)
}

// inherited looks an entry of a page up, in the page and above it.
func inherited(ctx *model.Context, page types.Dict, key string) (types.Object, error) {
	for depth := 0; page != nil && depth < 50; depth++ {
		if o, ok := page.Find(key); ok {
			return ctx.Dereference(o)
		}
		parent, ok := page.Find("Parent")
		if !ok {
			return nil, nil
		}
		var err error
		if page, err = ctx.DereferenceDict(parent); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// numbers reads an array of n numbers; nil if it is none.
func numbers(ctx *model.Context, o types.Object, n int) []float64 {
	a, err := ctx.DereferenceArray(o)
	if err != nil || len(a) != n {
		return nil
	}
	out := make([]float64, n)
	for i, x := range a {
		if out[i], err = ctx.DereferenceNumber(x); err != nil {
			return nil
		}
	}
	return out
}

func writePDF(w io.Writer, ctx *model.Context) error { return api.WriteContext(ctx, w) }
