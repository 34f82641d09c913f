package booklets

import (
	"errors"
	"fmt"
	"io"
	"os"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Press writes booklets one after another and keeps scans open between them: pages of many booklets lie
// in one file. It is not safe for concurrent use; several presses may run beside each other.
type Press struct {
	open []*shelved // last used last
}

type shelved struct {
	file string
	size int64
	src  raster.Source
}

// maxOpenBytes bounds the scan files held open at once; one stays whatever its size.
const maxOpenBytes = 512 << 20

// Close frees the scans.
func (p *Press) Close() {
	for _, s := range p.open {
		_ = s.src.Close() // only ever read
	}
	p.open = nil
}

// Write writes a booklet as PDF. A page that is damaged gets a sheet that says so; a scan that is
// missing or was changed is an error that wraps ErrScan, and nothing is written.
func (p *Press) Write(w io.Writer, b Booklet) error {
	doc, err := newDocument(b)
	if err != nil {
		return err
	}
	for i := range b.Pages {
		page := &b.Pages[i]
		s, err := p.sheet(doc, page)
		if err != nil {
			return fmt.Errorf("booklet %s: %w", b.ID, err)
		}
		s.pen.page(&b, page)
		if i == 0 {
			s.pen.cover(&b, s.blank)
		}
		if err := doc.add(s); err != nil {
			return fmt.Errorf("booklet %s, page %d: %w", b.ID, page.FormPage, err)
		}
	}
	return doc.write(w)
}

// sheet is a page of the PDF being made.
type sheet struct {
	box     [4]float64 // what is shown, in the page's own units
	rotate  int
	unit    float64 // points a unit
	content []byte  // draws the scan
	objects map[string]object
	annots  object
	pen     *pen
	blank   func(seen geom.Box, w, h float64) geom.Point // where least is in the way; nil: nobody knows
}

// sheet makes the sheet of a page: the scan as it is, and a pen that draws in its frame.
func (p *Press) sheet(doc *document, page *Page) (*sheet, error) {
	src, err := p.source(page.Scan)
	if err != nil {
		return nil, err
	}
	if h, err := src.Hash(page.Scan.Page); err != nil || h != page.Scan.Image {
		return nil, fmt.Errorf("%w: page %d of %s is not the one that was read; run scan read again", ErrScan, page.Scan.Page, page.Scan.Name)
	}
	s, err := storedSheet(doc, src, page)
	if err != nil {
		var damage *raster.FormatError
		var kind *raster.UnsupportedError
		if !errors.As(err, &damage) && !errors.As(err, &kind) {
			return nil, err
		}
		return emptySheet(page, err), nil
	}
	s.blank = func(seen geom.Box, w, h float64) geom.Point { return blankest(src, page, seen, w, h) }
	return s, nil
}

// emptySheet stands for a page that cannot be shown.
func emptySheet(page *Page, why error) *sheet {
	const perMM = 72 / 25.4
	page.Notes = append(page.Notes, "This page cannot be shown: "+why.Error())
	w, h := page.WidthMM, page.HeightMM
	if w <= 0 || h <= 0 {
		w, h = 210, 297
		page.WidthMM, page.HeightMM = w, h
	}
	page.Marks = nil
	s := &sheet{box: [4]float64{0, 0, w * perMM, h * perMM}, unit: 1}
	s.aim(geom.Homography{perMM, 0, 0, 0, -perMM, h * perMM, 0, 0, 1}, page)
	return s
}

// source lends an open scan.
func (p *Press) source(s Scan) (raster.Source, error) {
	for i, o := range p.open {
		if o.file == s.File {
			p.open = append(append(p.open[:i:i], p.open[i+1:]...), o)
			return o.src, nil
		}
	}
	info, err := os.Stat(s.File)
	if err != nil {
		return nil, fmt.Errorf("%w: %s cannot be opened; put the file back, or run scan read again (%w)", ErrScan, s.Name, err)
	}
	src, err := raster.Open(s.File)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrScan, err)
	}
	p.open = append(p.open, &shelved{s.File, info.Size(), src})
	p.shrink()
	return src, nil
}

func (p *Press) shrink() {
	size := int64(0)
	for i := len(p.open) - 1; i >= 0; i-- {
		if size += p.open[i].size; size > maxOpenBytes && i < len(p.open)-1 {
			for _, o := range p.open[:i+1] {
				_ = o.src.Close() // only ever read
			}
			p.open = append([]*shelved(nil), p.open[i+1:]...)
			return
		}
	}
}
