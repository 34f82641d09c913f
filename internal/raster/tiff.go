package raster

/*
#cgo LDFLAGS: -ltiff
#include "tiff_shim.h"
*/
import "C"

import (
	"encoding/binary"
	"fmt"
)

// TIFF tag values used here (TIFF 6.0, part 1).
const (
	minIsWhite = iota
	minIsBlack
	photoRGB
	photoPalette
	_
	photoCMYK
	photoYCbCr

	unitInch = 2
	unitCM   = 3

	compressionG3   = 3
	compressionG4   = 4
	compressionJPEG = 7
)

// tiffFile is an open TIFF; thumbnails and masks in it are no pages.
type tiffFile struct {
	path string
	data []byte
	dirs []C.tdir
	lost string // what ended the list of pages early
}

func openTIFF(path string, b []byte) (*tiffFile, error) {
	var msg [256]C.char
	n := 64
	for {
		dirs := make([]C.tdir, n)
		got := int(C.scan_tiff_dirs(bytePtr(b), C.size_t(len(b)), &dirs[0], C.int(n), &msg[0]))
		if got < n {
			return newTIFF(path, b, dirs[:got], C.GoString(&msg[0]))
		}
		if n > MaxPages {
			return nil, unsupported("TIFF of more than %d pages", MaxPages)
		}
		n *= 8
	}
}

func newTIFF(path string, b []byte, dirs []C.tdir, msg string) (*tiffFile, error) {
	if len(dirs) == 0 {
		return nil, damaged("TIFF: %s", orElse(msg, "no page in it"))
	}
	return &tiffFile{path, b, dirs, msg}, nil
}

// Pages counts one page more than could be found when the list breaks off, so that
// the damage is seen.
func (f *tiffFile) Pages() int {
	if f.lost != "" {
		return len(f.dirs) + 1
	}
	return len(f.dirs)
}

func (f *tiffFile) Close() error { return nil }

func (f *tiffFile) dir(n int) (*C.tdir, error) {
	if n == len(f.dirs)+1 && f.lost != "" {
		return nil, damaged("TIFF: %s; this and all later pages are lost", f.lost)
	}
	if n < 1 || n > len(f.dirs) {
		return nil, unsupported("there are only %d pages", len(f.dirs))
	}
	return &f.dirs[n-1], nil
}

func (f *tiffFile) Page(n int) (*Page, error) {
	d, err := f.dir(n)
	if err != nil {
		return nil, locate(err, f.path, n)
	}
	p, err := decodeTIFF(f.data, d)
	return p, locate(err, f.path, n)
}

func (f *tiffFile) Hash(n int) (string, error) {
	d, err := f.dir(n)
	if err != nil {
		return "", locate(err, f.path, n)
	}
	at, count := make([]C.uint64_t, d.chunks+1), make([]C.uint64_t, d.chunks+1)
	if C.scan_tiff_chunks(bytePtr(f.data), C.size_t(len(f.data)), d.offset, &at[0], &count[0], d.chunks) != 0 {
		return "", locate(damaged("TIFF strips"), f.path, n)
	}
	tags := *d
	tags.offset = 0
	parts := [][]byte{fmt.Append(nil, tags)}
	for i := range d.chunks {
		from := min(uint64(at[i]), uint64(len(f.data)))
		parts = append(parts, f.data[from:from+min(uint64(count[i]), uint64(len(f.data))-from)])
	}
	return hashOf(parts...), nil
}

func decodeTIFF(b []byte, d *C.tdir) (*Page, error) {
	if err := tiffReadable(d); err != nil {
		return nil, err
	}
	buf, palette, err := readTIFF(b, d)
	if err != nil {
		return nil, err
	}
	p, err := tiffPage(buf, palette, d)
	if err != nil {
		return nil, err
	}
	scale := map[C.int]float64{unitInch: 1, unitCM: 2.54}[d.unit]
	p.setDPI(float64(d.xres)*scale, float64(d.yres)*scale)
	turn, mirrored := exifTurn(int(d.orientation))
	p.orient(turn, mirrored)
	return p, nil
}

func tiffReadable(d *C.tdir) error {
	if err := checkSize(int(d.w), int(d.h)); err != nil {
		return err
	}
	switch {
	case d.codec == 0:
		return unsupported("TIFF compression %d", int(d.compression))
	case d.planar != 1 && d.samples > 1:
		return unsupported("TIFF with separate colour planes")
	case d.format != 1 && d.format != 4:
		return unsupported("TIFF samples that are no unsigned numbers")
	case d.samples < 1 || d.samples > 8 || d.bits < 1 || d.bits > 16:
		return unsupported("TIFF of %d samples of %d bits", int(d.samples), int(d.bits))
	}
	return nil
}

// readTIFF returns packed samples, rows padded to bytes, and the colour table.
func readTIFF(b []byte, d *C.tdir) (buf []byte, palette [768]C.uint16_t, err error) {
	want := uint64(d.row) * uint64(d.h)
	if want == 0 || want > 16*MaxPixels || uint64(d.row) < (uint64(d.w)*uint64(d.samples)*uint64(d.bits)+7)/8 {
		return nil, palette, damaged("TIFF rows of %d bytes", uint64(d.row))
	}
	var msg [256]C.char
	buf = make([]byte, want)
	if C.scan_tiff_read(bytePtr(b), C.size_t(len(b)), d.offset, bytePtr(buf), C.size_t(want), &palette[0], &msg[0]) != 0 {
		return nil, palette, damaged("TIFF: %s", orElse(C.GoString(&msg[0]), "the data ends early"))
	}
	return buf, palette, nil
}

func tiffPage(buf []byte, palette [768]C.uint16_t, d *C.tdir) (*Page, error) {
	w, h, row, n := int(d.w), int(d.h), int(d.row), int(d.samples)
	bits := int(d.bits)
	if bits == 16 { // libtiff swaps to the machine's order
		buf, bits, row = narrow16(buf), 8, row/2
	}
	grey := d.photometric <= minIsBlack
	switch {
	case bits != 1 && bits != 2 && bits != 4 && bits != 8:
	case n == 1 && grey:
		p := newGreyPage(w, h)
		unpackGrey(p.Y.Pix, buf, w, h, row, bits, d.photometric == minIsWhite)
		p.Bilevel = bits == 1
		return p, nil
	case n == 1 && d.photometric == photoPalette:
		idx := make([]byte, w*h)
		unpackBits(idx, buf, w, h, row, bits, false)
		p := fromPalette(idx, w, w, h, tiffPalette(palette, 1<<bits))
		p.Bilevel = bits == 1 && !p.HasColour()
		return p, nil
	case bits == 8 && n == 2 && grey:
		return greyOfTwo(buf, w, h, row, d.photometric == minIsWhite), nil
	case bits == 8 && tiffColour(d):
		if d.photometric == photoCMYK {
			cmykToRGB(buf, false)
		} else if n == 4 {
			overWhite(buf)
		}
		p := newColourPage(w, h)
		p.fromRGB(buf, row, n)
		p.dropGreyChroma()
		return p, nil
	}
	return nil, unsupported("TIFF of kind %d with %d samples of %d bits", int(d.photometric), n, int(d.bits))
}

// tiffColour reports whether the samples are RGB, with or without more, or CMYK. YCbCr
// is RGB by now where it is a JPEG's.
func tiffColour(d *C.tdir) bool {
	switch d.photometric {
	case photoRGB:
		return d.samples >= 3
	case photoYCbCr:
		return d.samples == 3 && d.compression == compressionJPEG
	case photoCMYK:
		return d.samples == 4
	}
	return false
}

// greyOfTwo keeps the first of two samples a pixel; the other is no tone.
func greyOfTwo(buf []byte, w, h, row int, invert bool) *Page {
	p := newGreyPage(w, h)
	for y := range h {
		for x, out := 0, p.Y.Row(y); x < w; x++ {
			out[x] = buf[y*row+2*x]
		}
	}
	if invert {
		p.invert()
	}
	return p
}

// narrow16 keeps the high byte of 16-bit samples in the machine's order.
func narrow16(b []byte) []byte {
	high := 0
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 256 {
		high = 1
	}
	out := make([]byte, len(b)/2)
	for i := range out {
		out[i] = b[2*i+high]
	}
	return out
}

// tiffPalette returns r, g, b triples; some writers store 8-bit values in the
// 16-bit table.
func tiffPalette(t [768]C.uint16_t, n int) []byte {
	shift := 0
	for _, v := range t {
		if v > 255 {
			shift = 8
		}
	}
	rgb := make([]byte, 3*n)
	for i := range n {
		for c := range 3 {
			rgb[3*i+c] = byte(t[256*c+i] >> shift)
		}
	}
	return rgb
}

// decodeFax decodes the fax coding of a PDF image (its DecodeParms given) to rows
// of w bits, padded to bytes, with the meaning that the PDF gives to 0 and 1.
func decodeFax(b []byte, parms map[string]int, w, h int) ([]byte, error) {
	columns := parms["Columns"]
	if columns == 0 {
		columns = 1728
	}
	if columns < w {
		return nil, damaged("fax data of %d columns for %d pixels", columns, w)
	}
	if err := checkSize(columns, h); err != nil {
		return nil, err
	}
	compression, options := compressionG4, 0
	if k := parms["K"]; k >= 0 {
		compression, options = compressionG3, min(k, 1)
	}
	d := C.tdir{offset: 8, w: C.uint32_t(columns), h: C.uint32_t(h), bits: 1, samples: 1, row: C.uint64_t((columns + 7) / 8)}
	buf, _, err := readTIFF(wrapFax(b, columns, h, compression, options), &d)
	if err != nil {
		return nil, err
	}
	if parms["BlackIs1"] == 0 {
		for i := range buf {
			buf[i] = ^buf[i]
		}
	}
	if from, to := (columns+7)/8, (w+7)/8; from != to {
		for y := range h {
			copy(buf[y*to:(y+1)*to], buf[y*from:])
		}
	}
	return buf, nil
}

// wrapFax makes a TIFF of one strip.
func wrapFax(data []byte, w, h, compression, options int) []byte {
	tags := [][3]int{{256, 4, w}, {257, 4, h}, {258, 3, 1}, {259, 3, compression}, {262, 3, minIsWhite}, {273, 4, 0},
		{277, 3, 1}, {278, 4, h}, {279, 4, len(data)}, {292, 4, options}}
	o := binary.LittleEndian
	b := o.AppendUint32([]byte("II*\x00"), 8)
	b = o.AppendUint16(b, uint16(len(tags)))
	for _, t := range tags {
		if t[0] == 273 {
			t[2] = 8 + 2 + 12*len(tags) + 4
		}
		b = o.AppendUint16(o.AppendUint16(b, uint16(t[0])), uint16(t[1]))
		b = o.AppendUint32(o.AppendUint32(b, 1), uint32(t[2]))
	}
	return append(o.AppendUint32(b, 0), data...)
}
