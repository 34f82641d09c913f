package author

import (
	"fmt"
	"path/filepath"
	"strings"

	"scan/internal/geom"
	"scan/internal/raster"
)

// fromPixels makes a draft out of page images: print is told from paper by a threshold, boxes are
// white areas with straight sides inside black lines, text is read by OCR.
func fromPixels(path string) (Draft, error) {
	pages, err := finePages(path)
	if err != nil {
		return Draft{}, err
	}
	sheets := make([]Sheet, len(pages))
	for i, p := range pages {
		if sheets[i], err = sheetOf(p); err != nil {
			return Draft{}, fmt.Errorf("%s, page %d: %w", path, i+1, err)
		}
	}
	d := draft(sheets)
	d.From = "pixels"
	return d, nil
}

// fineDPI is what forms are looked at with: small print (6 pt beside credit columns) is 17 pixels
// high, which OCR wants; at 200 dpi it reads every fourth wrong.
const fineDPI = 300

// finePages returns the pages of a form, finer than the reader of scans needs them.
func finePages(path string) ([]raster.FormPage, error) {
	pages, err := raster.LoadForm(path, "")
	if err != nil {
		return nil, err
	}
	src, err := raster.Open(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	for i := range pages {
		var p *raster.Page
		if strings.EqualFold(filepath.Ext(path), ".pdf") {
			p, err = raster.RenderPDF(path, i+1, fineDPI)
		} else {
			p, err = src.Page(i + 1)
		}
		if err != nil {
			return nil, err
		}
		if p.Turn == 0 { // else the page as it was turned upright will do
			f := &pages[i]
			f.Page = p
			f.MMToPix = geom.ScaleBy(float64(p.W())/f.WidthMM, float64(p.H())/f.HeightMM)
		}
	}
	return pages, nil
}

// sheetOf finds squares, frames, rules and words in the pixels of a page. The page is looked at
// straightened; what is found is told where it lies on the page as it is.
func sheetOf(p raster.FormPage) (Sheet, error) {
	plane, back := straightened(p)
	s := Sheet{WidthMM: p.WidthMM, HeightMM: p.HeightMM}
	b := newBitmap(plane, fineDPI/mmPerInch)
	s.Rules = b.rules()
	areas := b.areas(2 * mostSide)
	surround(areas)
	for _, a := range areas {
		b.sort(a, &s)
	}
	s.Frames = append(s.Frames, ruledFrames(s.Rules)...)
	s.Squares = dropSquaredPaper(s.Squares, s.Rules)
	s.dropLoneRings()
	sortReading(s.Squares)
	words, err := b.words(s.Squares, s.Rules)
	if err != nil {
		return s, err
	}
	s.Words = words
	s.mapped(back)
	return s, nil
}

// mapped moves everything on a sheet. Boxes keep their size: turned by a degree, a box of 4 mm
// reaches 0.04 mm further.
func (s *Sheet) mapped(to geom.Homography) {
	if to == geom.Identity() {
		return
	}
	move := func(b geom.Box) geom.Box {
		c := b.Center()
		return b.Shift(to.Apply(c).Sub(c))
	}
	for i := range s.Squares {
		s.Squares[i].Box = move(s.Squares[i].Box)
	}
	for _, bs := range [][]geom.Box{s.Frames, s.Rules} {
		for i := range bs {
			bs[i] = move(bs[i])
		}
	}
	for i := range s.Words {
		s.Words[i].Box = move(s.Words[i].Box)
	}
}

const (
	mmPerInch = 25.4
	ptPerMM   = 72 / mmPerInch
)
