package raster

import (
	"errors"
	"fmt"
	"math"
)

// MaxPixels is the largest page that is decoded. It trades the memory one page can
// take (about 180 MB in colour) for the largest sheet read: A3 at 600 dpi has 70
// million pixels, A4 at 1200 dpi 139 million. The header is checked before any
// pixel is decoded; TestBombs would object.
const MaxPixels = 120_000_000

// MaxPages is the largest number of pages taken from one file.
const MaxPages = 20_000

// FormatError says that a file is damaged. Page is 0 when the whole file is.
type FormatError struct {
	Path string
	Page int
	What string // what is wrong
	Do   string // what the user can do about it
}

// UnsupportedError says that a file is sound but of a kind that is not read here.
// Page is 0 when it is about the whole file.
type UnsupportedError struct {
	Path string
	Page int
	What string
	Do   string
}

func (e *FormatError) Error() string { return located(e.Path, e.Page, "damaged: "+e.What, e.Do) }
func (e *UnsupportedError) Error() string {
	return located(e.Path, e.Page, "not supported: "+e.What, e.Do)
}

func located(path string, page int, what, do string) string {
	s := what
	if page > 0 {
		s = fmt.Sprintf("page %d: %s", page, s)
	}
	if path != "" {
		s = path + ": " + s
	}
	if do != "" {
		s += "; " + do
	}
	return s
}

func damaged(format string, args ...any) error {
	return &FormatError{What: fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &UnsupportedError{What: fmt.Sprintf(format, args...)}
}

// locate fills in where an error happened, and what to do when it does not say.
// Any other error becomes a FormatError.
func locate(err error, path string, page int) error {
	if err == nil {
		return nil
	}
	var u *UnsupportedError
	if errors.As(err, &u) {
		return &UnsupportedError{Path: path, Page: page, What: u.What, Do: orElse(u.Do, "export it as PDF with JPEG images, or as TIFF")}
	}
	what, do := err.Error(), ""
	var f *FormatError
	if errors.As(err, &f) {
		what, do = f.What, f.Do
	}
	return &FormatError{Path: path, Page: page, What: what, Do: orElse(do, "copy the file again, or scan it anew")}
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// checkSize refuses dimensions before memory is taken for them.
func checkSize(w, h int) error {
	if w <= 0 || h <= 0 {
		return damaged("image of %d x %d pixels", w, h)
	}
	if w > MaxPixels || h > MaxPixels || int64(w)*int64(h) > MaxPixels {
		return &UnsupportedError{What: fmt.Sprintf("image of %d x %d pixels, more than %d million", w, h, MaxPixels/1_000_000),
			Do: "scan at 300 dpi"}
	}
	return nil
}

// maxSheetMM is the longest side of a sheet that is believed: A3 with a margin.
// Programs that know no resolution write 72 or 96 dpi, which makes an A4 scan at
// 300 dpi a sheet of 875 or 650 mm; a true A2 scan merely loses its resolution.
const maxSheetMM = 500

// minDPI and maxDPI bound the resolutions that are believed.
const minDPI, maxDPI = 50, 1300

// setDPI records a resolution along the stored axes, or 0 if it is not believable:
// outside 50..1300 or making a sheet too long.
func (p *Page) setDPI(x, y float64) {
	long := math.Max(float64(p.W())/x, float64(p.H())/y) * mmPerInch
	believable := func(d float64) bool { return d >= minDPI && d <= maxDPI }
	p.DPIX, p.DPIY = 0, 0
	if believable(x) && believable(y) && long <= maxSheetMM {
		p.DPIX, p.DPIY = x, y
	}
}
