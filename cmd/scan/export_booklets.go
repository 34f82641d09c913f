package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"scan/internal/booklets"
	"scan/internal/export"
	"scan/internal/mark"
	"scan/pipeline"
)

// bookletsDir holds the annotated booklets, in the folder of results.
const bookletsDir = "booklets"

// maxPresses bounds how many booklets are written at once: every press keeps scans open.
const maxPresses = 4

// bookletsError tells that scans are not there, or not as they were read. Booklets of an earlier
// export then stay.
type bookletsError struct {
	n   int   // booklets that could not be written
	why error // of the first
}

func (m bookletsError) Error() string { return m.why.Error() }

// hasBooklets reports whether an earlier export wrote annotated booklets.
func (x *exporter) hasBooklets() bool {
	files, err := os.ReadDir(filepath.Join(x.results(), bookletsDir))
	return err == nil && slices.ContainsFunc(files, func(f os.DirEntry) bool { return filepath.Ext(f.Name()) == ".pdf" })
}

// booklets writes the annotated PDF of each booklet that is exported.
func (x *exporter) booklets() error {
	sheets := x.data.Sheets()
	scans := filepath.Join(x.dir, pipeline.ScansDir)
	if _, err := os.Stat(scans); err != nil {
		return bookletsError{len(sheets), fmt.Errorf("there is no folder %s", scans)}
	}
	names := export.FileNames(sheets)
	folder, err := export.OpenFolder(filepath.Join(x.results(), bookletsDir), fileList(sheets, names, ".pdf"))
	if err != nil {
		return err
	}
	missing, err := x.press(folder, sheets, names)
	if err != nil {
		return err
	}
	if err := folder.Close(); err != nil {
		return err
	}
	if len(missing) > 0 {
		return bookletsError{len(missing), missing[0]}
	}
	return nil
}

// press writes booklets, several at once. Neighbours are written by one press: their pages lie in
// the same files. missing says why booklets could not be written, by their order.
func (x *exporter) press(folder *export.Folder, sheets []mark.Sheet, names map[string]string) (missing []error, err error) {
	workers := min(runtime.GOMAXPROCS(0), maxPresses)
	group, ctx := errgroup.WithContext(x.cmd.Context())
	lost := make([]error, len(sheets))
	for w := range workers {
		from, to := w*len(sheets)/workers, (w+1)*len(sheets)/workers
		group.Go(func() error {
			var p booklets.Press
			defer p.Close()
			for i := from; i < to; i++ {
				err := x.booklet(ctx, &p, folder, sheets[i].Booklet, names[sheets[i].Booklet]+".pdf")
				if errors.Is(err, booklets.ErrScan) {
					lost[i] = err
				} else if err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = group.Wait()
	return slices.DeleteFunc(lost, func(err error) bool { return err == nil }), err
}

// booklet writes one booklet.
func (x *exporter) booklet(ctx context.Context, p *booklets.Press, folder *export.Folder, id, file string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b, err := booklets.Build(x.data.Exam, x.data.Batch, id, func(page mark.Page) (booklets.Scan, error) {
		s, err := x.session.Scan(ctx, page)
		return booklets.Scan{File: s.File, Name: page.Source, Page: page.SourcePage, Image: page.Image,
			Width: s.Width, Height: s.Height, MMToPix: s.MMToPix}, err
	})
	if err != nil {
		return err
	}
	b.Watermark = x.options.watermark
	return folder.Write(file, func(w io.Writer) error { return p.Write(w, b) })
}
