package pipeline

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"

	"scan/internal/exam"
	"scan/internal/raster"
)

// explainDPI is the resolution an explanation is drawn at: a page fits a large screen,
// and a box is 25 pixels wide.
const explainDPI = 150

// Explanation is a page with everything that was seen on it.
type Explanation struct {
	Ref     raster.Ref
	Result  PageResult
	Picture image.Image
}

// Explain reads one page of an exam folder again, which yields what the batch got, and
// draws it. path is relative to the folder or to its scans/. batch tells what the batch made of
// the page: its booklet, and lines that are said above the picture beside what the page itself
// tells; nil knows nothing.
func Explain(ctx context.Context, dir, path string, page int, batch func(raster.Ref) (booklet string, lines []string)) (*Explanation, error) {
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	e, err := exam.Load(filepath.Join(dir, ExamFile))
	if err != nil {
		return nil, err
	}
	ref, file, err := findScan(dir, path, page)
	if err != nil {
		return nil, err
	}
	src, err := raster.Open(file)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if page > src.Pages() {
		return nil, fmt.Errorf("%s has %d pages, not %d", path, src.Pages(), page)
	}
	scan, err := src.Page(page)
	if err != nil {
		return nil, err
	}
	form, err := LoadForm(dir, e)
	if err != nil {
		return nil, err
	}
	defer func() { _ = form.Close() }()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var more []string
	hints := Hints{}
	if batch != nil {
		var booklet string
		booklet, more = batch(ref)
		if _, listed := e.Copy(booklet); listed {
			hints.Copy = booklet
		}
	}
	x := &Explanation{Ref: ref, Result: readOrCrash(scan, e, form, hints)}
	x.Picture = drawPage(scan, e, form, x, more)
	return x, nil
}

// readOrCrash reads a page; a panic is its result, as it is in a batch.
func readOrCrash(scan *raster.Page, e *exam.Exam, form *Form, hints Hints) (r PageResult) {
	defer func() {
		if v := recover(); v != nil {
			r = crashed(fmt.Sprint(v))
		}
	}()
	return ReadPage(scan, e, form, hints)
}

// findScan finds a scan by its path in the exam folder or below scans/.
func findScan(dir, path string, page int) (raster.Ref, string, error) {
	scans := filepath.Join(dir, ScansDir)
	for _, file := range []string{filepath.Join(dir, path), filepath.Join(scans, path), path} {
		info, err := os.Stat(file)
		if err != nil || info.IsDir() {
			continue
		}
		rel, err := filepath.Rel(scans, file)
		if err != nil {
			rel = path
		}
		return raster.Ref{Path: filepath.ToSlash(rel), Page: page}, file, nil
	}
	return raster.Ref{}, "", fmt.Errorf("there is no scan %s in %s; pages.csv lists all of them", path, scans)
}
