package booklets

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scan/internal/raster"
)

// Tags of TIFF 6.0 that tell how strips are packed.
const (
	tagWidth, tagHeight, tagBits, tagCompression, tagPhotometric = 256, 257, 258, 259, 262
	tagFillOrder, tagOffsets, tagSamples, tagRows, tagCounts     = 266, 273, 277, 278, 279
	tagPlanar, tagT4, tagPredictor, tagPalette, tagTiles         = 284, 292, 317, 320, 322
	tagExtra, tagFormat, tagJPEGTables                           = 338, 339, 347
)

// Compressions of TIFF.
const (
	packNone, packG3, packG4, packLZW, packJPEG = 1, 3, 4, 5, 7
	packDeflate, packBits, packOldDeflate       = 8, 32773, 32946
	packOldJPEG                                 = 6
)

// maxBands is the most strips that are taken over: each is an object of its own, 200 bytes.
const maxBands = 4000

// directory holds the numbers of a TIFF directory by tag.
type directory struct {
	order binary.ByteOrder
	tags  map[int][]int
	raw   map[int][]byte
}

// one returns the only number of a tag, or what it is where it is not given.
func (d *directory) one(tag, otherwise int) int {
	if v := d.tags[tag]; len(v) > 0 {
		return v[0]
	}
	return otherwise
}

// readDirectory reads a directory; false for BigTIFF and what is damaged.
func readDirectory(b []byte, at uint64) (*directory, bool) {
	d := &directory{order: binary.LittleEndian, tags: map[int][]int{}, raw: map[int][]byte{}}
	if len(b) < 8 {
		return nil, false
	}
	if b[0] == 'M' {
		d.order = binary.BigEndian
	}
	if d.order.Uint16(b[2:]) != 42 || at+2 > uint64(len(b)) {
		return nil, false
	}
	n := int(d.order.Uint16(b[at:]))
	for i := range n {
		from := at + 2 + 12*uint64(i)
		if from+12 > uint64(len(b)) || !d.field(b, b[from:from+12]) {
			return nil, false
		}
	}
	return d, true
}

// field reads one entry. Numbers that are no whole ones are passed over.
func (d *directory) field(b, e []byte) bool {
	tag, kind, n := int(d.order.Uint16(e)), d.order.Uint16(e[2:]), uint64(d.order.Uint32(e[4:]))
	size := uint64(map[uint16]int{1: 1, 3: 2, 4: 4, 7: 1}[kind])
	if size == 0 {
		return true
	}
	data := e[8:12]
	if n*size > 4 {
		at := uint64(d.order.Uint32(e[8:]))
		if at+n*size > uint64(len(b)) {
			return false
		}
		data = b[at : at+n*size]
	}
	d.raw[tag] = data[:n*size]
	if kind == 7 {
		return true
	}
	for i := range n {
		switch kind {
		case 1:
			d.tags[tag] = append(d.tags[tag], int(data[i]))
		case 3:
			d.tags[tag] = append(d.tags[tag], int(d.order.Uint16(data[2*i:])))
		default:
			d.tags[tag] = append(d.tags[tag], int(d.order.Uint32(data[4*i:])))
		}
	}
	return true
}

// lossyTIFF reports whether a TIFF's page holds a JPEG.
func lossyTIFF(s raster.Stored) bool {
	d, ok := readDirectory(s.Data, s.Directory)
	if !ok {
		return false
	}
	c := d.one(tagCompression, packNone)
	return c == packJPEG || c == packOldJPEG
}

// tiffBands takes the strips of a TIFF's page over as they are packed.
func tiffBands(s raster.Stored) ([]band, bool) {
	d, ok := readDirectory(s.Data, s.Directory)
	if !ok || len(d.tags[tagTiles]) > 0 || d.one(tagPlanar, 1) != 1 || len(d.tags[tagExtra]) > 0 || d.one(tagFormat, 1) != 1 {
		return nil, false
	}
	offsets, counts, rows := d.tags[tagOffsets], d.tags[tagCounts], min(d.one(tagRows, s.H), s.H)
	if rows < 1 || len(offsets) != (s.H+rows-1)/rows || len(counts) != len(offsets) || len(offsets) > maxBands {
		return nil, false
	}
	var out []band
	for i, at := range offsets {
		if at < 0 || counts[i] < 0 || at+counts[i] > len(s.Data) {
			return nil, false
		}
		b := band{bytes: s.Data[at : at+counts[i]], top: i * rows, rows: min(rows, s.H-i*rows)}
		if !d.pack(&b, s.W) {
			return nil, false
		}
		out = append(out, b)
	}
	return out, true
}

// pack describes the bytes of a strip in a PDF's words; false where there are none. Samples that are not
// packed at all are left to be: that makes a tenth of them.
func (d *directory) pack(b *band, w int) bool {
	photo, samples, depth := d.one(tagPhotometric, -1), d.one(tagSamples, 1), d.one(tagBits, 1)
	fill := d.one(tagFillOrder, 1)
	switch c := d.one(tagCompression, packNone); c {
	case packG3, packG4:
		if photo != photoWhite && photo != photoBlack || samples != 1 || depth != 1 || d.one(tagT4, 0)&2 != 0 { // 2: not compressed at all
			return false
		}
		if fill == 2 {
			b.bytes = reversed(b.bytes)
		}
		b.dict = imageDict(w, b.rows, 1, 1, "CCITTFaxDecode")
		b.dict["DecodeParms"] = d.fax(c, w, b.rows, photo == photoBlack)
		return true
	case packJPEG:
		return fill == 1 && d.packJPEG(b, w, photo)
	case packLZW, packDeflate, packOldDeflate, packBits:
		return fill == 1 && d.packPlain(b, w, c, photo, samples, depth)
	}
	return false
}

func (d *directory) fax(compression, w, h int, blackIs1 bool) types.Dict {
	parms := types.Dict{"Columns": types.Integer(w), "Rows": types.Integer(h), "K": types.Integer(-1), "BlackIs1": types.Boolean(blackIs1)}
	if compression == packG4 {
		parms["EndOfBlock"] = types.Boolean(false) // some writers leave the mark out
		return parms
	}
	options := d.one(tagT4, 0)
	parms["K"], parms["EndOfLine"], parms["EndOfBlock"] = types.Integer(options&1), types.Boolean(true), types.Boolean(false)
	parms["EncodedByteAlign"] = types.Boolean(options&4 != 0)
	return parms
}

// plainFilters are the names that a PDF has for the same packing.
var plainFilters = map[int]string{packLZW: "LZWDecode", packDeflate: "FlateDecode", packOldDeflate: "FlateDecode", packBits: "RunLengthDecode"}

func (d *directory) packPlain(b *band, w, compression, photo, samples, depth int) bool {
	if compression == packLZW && len(b.bytes) > 1 && b.bytes[0] == 0 && b.bytes[1]&1 != 0 {
		return false // the order of bits of before 1992
	}
	if depth > 8 || !plainColours(photo, samples) || !d.sameDepth(depth) {
		return false // more than 8 bits may have the other order of bytes
	}
	b.dict = imageDict(w, b.rows, depth, samples, plainFilters[compression])
	if photo == photoWhite {
		b.dict["Decode"] = types.NewNumberArray(1, 0)
	}
	if photo == photoIndexed {
		space, ok := d.palette(depth)
		if !ok {
			return false
		}
		b.dict["ColorSpace"] = space
	}
	if p := d.one(tagPredictor, 1); p == 2 && (compression == packLZW || plainFilters[compression] == "FlateDecode") {
		b.dict["DecodeParms"] = types.Dict{"Predictor": types.Integer(2), "Colors": types.Integer(samples),
			"BitsPerComponent": types.Integer(depth), "Columns": types.Integer(w)}
	} else if p != 1 {
		return false
	}
	return true
}

// The kinds of samples: white is 0, black is 0, red green blue, places in a table.
const photoWhite, photoBlack, photoRGB, photoIndexed = 0, 1, 2, 3

// plainColours reports whether a PDF has a word for such samples.
func plainColours(photo, samples int) bool {
	switch photo {
	case photoWhite, photoBlack, photoIndexed:
		return samples == 1
	case photoRGB:
		return samples == 3
	}
	return false
}

// sameDepth reports whether all samples of a pixel have as many bits.
func (d *directory) sameDepth(depth int) bool {
	return !slices.ContainsFunc(d.tags[tagBits], func(other int) bool { return other != depth })
}

// palette turns a colour table of 16-bit values, all reds first, into a colour space.
func (d *directory) palette(depth int) (types.Array, bool) {
	t, n := d.tags[tagPalette], 1<<depth
	if len(t) != 3*n {
		return nil, false
	}
	var rgb bytes.Buffer
	for i := range n {
		for c := range 3 {
			rgb.WriteByte(byte(t[c*n+i] >> 8))
		}
	}
	return indexedSpace(rgb.Bytes()), true
}

// packJPEG joins the tables that all strips share with the strip.
func (d *directory) packJPEG(b *band, w, photo int) bool {
	data, tables := b.bytes, d.raw[tagJPEGTables]
	if len(data) < 4 || data[0] != 0xFF || data[1] != 0xD8 {
		return false
	}
	if n := len(tables); n > 4 && tables[n-2] == 0xFF && tables[n-1] == 0xD9 {
		data = append(append([]byte(nil), tables[:n-2]...), data[2:]...)
	}
	bands, ok := jpegBands(data, w, b.rows)
	if !ok {
		return false
	}
	b.dict, b.bytes = bands[0].dict, data
	if photo == photoRGB {
		b.dict["DecodeParms"] = types.Dict{"ColorTransform": types.Integer(0)}
	}
	return true
}

// reversed turns the bits of every byte around.
func reversed(b []byte) []byte {
	out := make([]byte, len(b))
	for i, v := range b {
		out[i] = bits.Reverse8(v)
	}
	return out
}
