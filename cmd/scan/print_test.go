package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/print"
	"scan/internal/raster"
	"scan/ocr"
	"scan/pipeline"
)

// printedExam is a practice exam folder for which scan print was run.
func printedExam(t *testing.T, variant int, args ...string) (dir string, e *exam.Exam) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, fixtures.WriteExam(dir, fixtures.Options{Variant: variant}))
	var out, errs bytes.Buffer
	code := run(append([]string{"print", dir}, args...), strings.NewReader(""), &out, &errs)
	require.Zero(t, code, "%s%s", out.String(), errs.String())
	e, err := exam.Load(filepath.Join(dir, "exam.yaml"))
	require.NoError(t, err)
	require.NotNil(t, e.Codes, "scan print adds the line")
	return dir, e
}

func formOf(t *testing.T, dir string, e *exam.Exam) *pipeline.Form {
	t.Helper()
	pages, err := raster.LoadForm(filepath.Join(dir, e.Form), "")
	require.NoError(t, err)
	form, err := pipeline.NewForm(pages, e)
	require.NoError(t, err)
	t.Cleanup(func() { form.Close() })
	return form
}

// What is printed is read again: every page is itself, with three codes that say so.
func TestPrintedPagesAreRead(t *testing.T) {
	for _, tc := range []struct {
		variant int
		args    []string
		pages   []int // of booklets.pdf, 3 copies
	}{
		{0, nil, []int{1, 18, 35}},
		{1, []string{"--code", "datamatrix"}, []int{2, 9, 20}},
	} {
		dir, e := printedExam(t, tc.variant, append(tc.args, "--copies", "14")...)
		form := formOf(t, dir, e)
		for _, n := range tc.pages {
			p, err := raster.RenderPDF(filepath.Join(dir, "print", "booklets.pdf"), n, 300)
			require.NoError(t, err)
			page, copyName := (n-1)%e.Pages+1, print.CopyName((n-1)/e.Pages+1)
			name := fmt.Sprintf("form %d, %s, page %d", tc.variant, copyName, page)
			r := pipeline.ReadPage(p, e, form, pipeline.Hints{})
			require.Equal(t, pipeline.StatusOK, r.Status, "%s: %s", name, r.Reason)
			assert.Equal(t, page, r.FormPage, name)
			assert.Less(t, r.ResidualMM, 0.3, name)
			checkCodes(t, name, r.Codes, print.CodeText(e.Codes.Exam, copyName, page))
			checkBlank(t, name, r)

			if n > tc.pages[0] {
				continue
			}
			turned := pipeline.ReadPage(halfTurn(p), e, form, pipeline.Hints{})
			require.Equal(t, pipeline.StatusOK, turned.Status, "%s: %s", name, turned.Reason)
			assert.Equal(t, 180, turned.Rotation, name)
			checkCodes(t, name, turned.Codes, print.CodeText(e.Codes.Exam, copyName, page))
		}
	}
}

// checkCodes expects one code at the top and two at the bottom, which say the text.
func checkCodes(t *testing.T, name string, codes []ocr.PageCode, text string) {
	t.Helper()
	require.Len(t, codes, 3, name)
	top := 0
	for _, c := range codes {
		assert.Equal(t, text, c.Text, name)
		if c.Center.Y < 50 {
			top++
		}
	}
	assert.Equal(t, 1, top, name)
}

// checkBlank expects that nothing printed by scan print is taken for a mark.
func checkBlank(t *testing.T, name string, r pipeline.PageResult) {
	t.Helper()
	for _, q := range r.Choices {
		for _, b := range q.Boxes {
			assert.Equal(t, "empty", string(b.State), "%s, %s", name, q.Question)
		}
	}
}

// halfTurn is the page as it lies the wrong way round on the scanner.
func halfTurn(p *raster.Page) *raster.Page {
	turn := func(p *raster.Plane) *raster.Plane {
		if p == nil {
			return nil
		}
		q := raster.NewPlane(p.W, p.H)
		for y := range p.H {
			copy(q.Row(p.H-1-y), p.Row(y))
			slices.Reverse(q.Row(p.H - 1 - y))
		}
		return q
	}
	q := *p
	q.Y, q.Cb, q.Cr = turn(p.Y), turn(p.Cb), turn(p.Cr)
	return &q
}

// Every label says its number twice, and both are read.
func TestPrintedStickersAreRead(t *testing.T) {
	dir, _ := printedExam(t, 1, "--copies", "70", "--seed", "5")
	list, err := print.SpareNumbers(filepath.Join(dir, "print", print.NumbersFile))
	require.NoError(t, err)
	require.Len(t, list, 58, "70 less 12 students")
	reader := ocr.NewReader()
	defer reader.Close()
	for _, i := range []int{12, 30, 64, 66} {
		sheet, box := print.Label(i, geom.Point{})
		p, err := raster.RenderPDF(filepath.Join(dir, "print", print.StickersFile), sheet+1, 300)
		require.NoError(t, err)
		s := reader.ReadSticker(labelAlone(p, box), raster.FormPage{}, geom.Box{X: 20, Y: 20, W: box.W, H: box.H})
		assert.Equal(t, list[i-12], s.Value, "label %d", i+1)
		assert.Equal(t, list[i-12], s.Printed, "label %d", i+1)
		assert.Greater(t, s.Confidence, 0.9999)
	}
}

// labelAlone cuts a label out of its sheet and lays it on white paper, 20 mm from the corner.
func labelAlone(p *raster.Page, box geom.Box) raster.View {
	perMM := p.DPIX / 25.4
	w, h := int((box.W+40)*perMM), int((box.H+40)*perMM)
	paper := raster.NewPlane(w, h)
	for i := range paper.Pix {
		paper.Pix[i] = 255
	}
	x0, y0, at := int(box.X*perMM+0.5), int(box.Y*perMM+0.5), int(20*perMM+0.5)
	for y := range int(box.H * perMM) {
		copy(paper.Row(at + y)[at:], p.Y.Row(y0 + y)[x0:x0+int(box.W*perMM)])
	}
	return raster.View{Page: &raster.Page{Y: paper, DPIX: p.DPIX, DPIY: p.DPIY}, MMToPix: geom.ScaleBy(perMM, perMM)}
}
