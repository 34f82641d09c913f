package pipeline

import (
	"context"
	"fmt"
	"image"
	"path/filepath"
	"sync"

	"scan/internal/geom"
	"scan/internal/raster"
)

// formPxPerMM is the resolution of a form's page beside a scan: headings can be read, and a page has 1 MB.
const formPxPerMM = 4

// formPictures are the pages of the form, made when first asked for and then kept.
type formPictures struct {
	once  sync.Once
	pages []image.Image
	err   error
}

// FormPicture shows a page of the printed form, counted from 1: what a scan that was not recognised can be
// held against.
func (s *Session) FormPicture(ctx context.Context, page int) (image.Image, error) {
	s.form.once.Do(func() { s.form.pages, s.form.err = drawForm(s.Dir, s.Exam.Form) })
	if s.form.err != nil {
		return nil, s.form.err
	}
	if page < 1 || page > len(s.form.pages) {
		return nil, fmt.Errorf("%s has no page %d", s.Exam.Form, page)
	}
	return s.form.pages[page-1], ctx.Err()
}

func drawForm(dir, name string) (pages []image.Image, err error) {
	form, err := raster.LoadForm(filepath.Join(dir, name), filepath.Join(dir, ResultsDir, ".cache"))
	if err != nil {
		return nil, err
	}
	for _, p := range form {
		area := geom.Box{W: p.WidthMM, H: p.HeightMM}
		pages = append(pages, toImage(reduced(p.View, area, formPxPerMM).Sample(area, formPxPerMM)))
	}
	return pages, nil
}
