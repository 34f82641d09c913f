package sets

import (
	"context"
	"fmt"
	"path/filepath"

	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/pipeline"
)

func pageSets() []bench.Source {
	return []bench.Source{
		set{"zesje/pages", bench.Real, "16 real pages against forms made of 4 others: tilted, shifted, corners missing, and 4 that are of no form", zesjePages},
		set{"markus/pages", bench.Real, "6 pages of a real stack out of order, two upside down, against the other stack as the form", markusPages},
		set{"zesje/blanks", bench.Real, "2 number cells with nothing in them on real pages, whole chain", zesjeBlanks},
		set{"zesje/faint-ink", bench.Composited, "scans of one word in 14 pens down to hardly visible, with drawn frames: a cell that is not empty", faintInk},
	}
}

// pageCase is a scan and the form page and quarter turn it shows: page 0 is of no form.
type pageCase struct {
	file       string
	scan       int // page of the file
	page, turn int
}

// zesjeForms are the pages that serve as the form, and zesjeCases what is held against it.
var zesjeForms = []string{"checkboxes/reference_300dpi.jpg", "blanks/reference.jpg", "scanned_pdfs/sample_exam.jpg", "studentnumbers/4300947.jpg"}

var zesjeCases = []pageCase{
	{"checkboxes/student_300dpi.jpg", 1, 1, 0},
	{"checkboxes/student_100dpi.jpg", 1, 1, 0},
	{"blanks/student_aligned.jpg", 1, 2, 0},
	{"blanks/student_misaligned.jpg", 1, 2, 0},
	{"scanned_pdfs/messy_three_corners.jpg", 1, 3, 0},
	{"scanned_pdfs/missing_two_corners.jpg", 1, 3, 0},
	{"scanned_pdfs/shifted.jpg", 1, 3, 0},
	{"scanned_pdfs/tilted.jpg", 1, 3, 0},
	{"scanned_pdfs/tilted_extreme.jpg", 1, 3, 0},
	{"scanned_pdfs/tilted_extreme_2.jpg", 1, 3, 0},
	{"studentnumbers/1234323.jpg", 1, 4, 0},
	{"studentnumbers/4357116.jpg", 1, 4, 0},
	{"scanned_pdfs/blank.jpg", 1, 0, 0},
	{"../nops/nops_scan1.png", 1, 0, 0},
	{"../ballots/m17-05b4f778-front.jpg", 1, 0, 0},
	{"../ballots/m17-0c802ae3-back.jpg", 1, 0, 0},
}

func zesjePages(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, zesjeDir...)
	if err != nil {
		return nil, err
	}
	var pages []raster.FormPage
	for _, f := range zesjeForms {
		p, err := raster.LoadForm(filepath.Join(dir, filepath.FromSlash(f)), "")
		if err != nil {
			return nil, err
		}
		pages = append(pages, p...)
	}
	return readPages(ctx, o, dir, pages, zesjeCases)
}

// markusCases are the pages of stack 101 in the numbers of stack 100, whose pages lie in the
// order 1 2 4 3 5 6.
var markusCases = []pageCase{
	{"midterm_scan_101.pdf", 1, 5, 0},
	{"midterm_scan_101.pdf", 2, 6, 0},
	{"midterm_scan_101.pdf", 3, 1, 0},
	{"midterm_scan_101.pdf", 4, 2, 0},
	{"midterm_scan_101.pdf", 5, 4, 180},
	{"midterm_scan_101.pdf", 6, 3, 180},
}

func markusPages(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, "real", "markus")
	if err != nil {
		return nil, err
	}
	pages, err := raster.LoadForm(filepath.Join(dir, "midterm_scan_100.pdf"), "")
	if err != nil {
		return nil, err
	}
	for _, p := range pages { // the code and number of that copy are not of the form
		rows := 43 * raster.FormDPI * 10 / 254
		for i := range p.Page.Y.Pix[:p.Page.Y.Stride*rows] {
			p.Page.Y.Pix[i] = 255
		}
	}
	return readPages(ctx, o, dir, pages, markusCases)
}

// readPages registers scans against a form.
func readPages(ctx context.Context, o bench.Options, dir string, pages []raster.FormPage, cases []pageCase) ([]bench.Item, error) {
	e := &exam.Exam{Version: 1, ID: "bench", Pages: len(pages)}
	form, err := pipeline.NewForm(pages, e)
	if err != nil {
		return nil, err
	}
	defer form.Close()
	return each(ctx, o, len(cases), func(i int) ([]bench.Item, error) {
		c := cases[i]
		page, err := openPage(filepath.Join(dir, filepath.FromSlash(c.file)), c.scan)
		if err != nil {
			return nil, err
		}
		r := pipeline.ReadPage(page, e, form, pipeline.Hints{})
		it := bench.Item{Field: bench.Page, Name: fmt.Sprintf("%s:%d", filepath.Base(c.file), c.scan), Group: c.file, Kind: "form", X: -1, Y: -1,
			Truth: fmt.Sprintf("%d turned %d", c.page, c.turn), Seen: r.Status + " " + r.Reason}
		if c.page == 0 { // that it is refused is right, whatever for
			it.Truth, it.Kind, it.Odd = anything, "foreign", true
		}
		switch r.Status {
		case pipeline.StatusOK:
			it.Value, it.Confidence = fmt.Sprintf("%d turned %d", r.FormPage, r.Rotation), 1
		default:
			it.Reason = "page-" + r.Status
		}
		return []bench.Item{it}, nil
	})
}

// zesjeBlanks reads the small cell of two pages in which nobody wrote as a number.
func zesjeBlanks(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, zesjeDir...)
	if err != nil {
		return nil, err
	}
	pages, err := raster.LoadForm(filepath.Join(dir, "blanks", "reference.jpg"), "")
	if err != nil {
		return nil, err
	}
	cell := geom.Box{X: 46.8, Y: 45, W: 16.1, H: 7.5}
	e := &exam.Exam{Version: 1, ID: "bench", Pages: 1, Problems: []exam.Problem{{ID: "1"}},
		Scores: []exam.Score{{ID: "S", Problem: "1", Corrector: 1, Page: 1, Box: cell, Max: 20, Step: 0.5}}}
	form, err := pipeline.NewForm(pages, e)
	if err != nil {
		return nil, err
	}
	defer form.Close()
	files := []string{"student_aligned.jpg", "student_misaligned.jpg"}
	return each(ctx, o, len(files), func(i int) ([]bench.Item, error) {
		page, err := openPage(filepath.Join(dir, "blanks", files[i]), 1)
		if err != nil {
			return nil, err
		}
		r := pipeline.ReadPage(page, e, form, pipeline.Hints{})
		it := bench.Item{Field: bench.Score, Name: files[i], Group: files[i], Kind: "none", Truth: nothing}
		place(&it, cell, pages[0].WidthMM, pages[0].HeightMM)
		if r.Status != pipeline.StatusOK {
			it.Reason = "page-" + r.Status
			return []bench.Item{it}, nil
		}
		take(&it, ofScore(r.Scores[0].ScoreReading))
		show(ctx, it, raster.View{Page: page, MMToPix: r.MMToPix}, cell)
		return []bench.Item{it}, nil
	})
}
