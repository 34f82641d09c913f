package author

import (
	"path/filepath"
	"strings"

	"scan/internal/raster"
)

// FromForm makes a draft of an exam out of its printed form: a PDF with form fields or vector
// paths, or any file of page images.
func FromForm(path string) (Draft, error) {
	if !strings.EqualFold(filepath.Ext(path), ".pdf") {
		return fromPixels(path)
	}
	layouts, err := raster.ReadLayout(path)
	if err != nil {
		return Draft{}, err
	}
	words, fields := 0, 0
	sheets := make([]Sheet, len(layouts))
	for i, l := range layouts {
		sheets[i] = fromLayout(l)
		words += len(l.Words)
		fields += len(l.Fields)
	}
	if words < leastWords*len(layouts) {
		return fromPixels(path)
	}
	d := draft(sheets)
	d.From = "vector paths"
	if fields > 0 {
		d.From = "form fields"
	}
	return d, nil
}

// leastWords a page: a form with fewer is a picture.
const leastWords = 4
