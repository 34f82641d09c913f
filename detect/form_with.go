package detect

import (
	"slices"

	"scan/internal/raster"
)

// With returns the form as another copy is printed: with some pages, by their number, in place
// of its own. All others are shared with f, so that only the pages given cost time and memory.
func (f *Form) With(pages map[int]raster.FormPage) *Form {
	out := &Form{pages: slices.Clone(f.pages)}
	for n, p := range pages {
		out.pages[n-1] = indexForm(p)
	}
	return out
}
