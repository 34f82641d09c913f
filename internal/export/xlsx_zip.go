package export

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"slices"

	"github.com/xuri/excelize/v2"
)

// sortedZip is an archive whose parts are in the order of their names. The workbook's writer hands
// them over in another order every time.
type sortedZip struct {
	out   *zip.Writer
	parts []*zipPart
}

type zipPart struct {
	name string
	bytes.Buffer
}

func newSortedZip(w io.Writer) excelize.ZipWriter { return &sortedZip{out: zip.NewWriter(w)} }

// Create adds a part.
func (z *sortedZip) Create(name string) (io.Writer, error) {
	p := &zipPart{name: name}
	z.parts = append(z.parts, p)
	return p, nil
}

// AddFS is not called for a workbook that was not opened from a file.
func (z *sortedZip) AddFS(fs.FS) error { return fs.ErrInvalid }

// Close writes the archive.
func (z *sortedZip) Close() error {
	slices.SortFunc(z.parts, func(a, b *zipPart) int { return natural(a.name, b.name) })
	for _, p := range z.parts {
		w, err := z.out.Create(p.name)
		if err != nil {
			return err
		}
		if _, err := w.Write(p.Bytes()); err != nil {
			return err
		}
	}
	return z.out.Close()
}
