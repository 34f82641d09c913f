package raster

import (
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// imageSpec is all that decides how the bytes of a PDF image become pixels.
type imageSpec struct {
	W, H, Bits int
	Chain      []pdfFilter
	Space      int     // grey, rgb or indexed
	Palette    []byte  // r, g, b triples
	Invert     bool    // Decode [1 0 ...]
	Mask       bool    // 1-bit stencil: samples of 0 are painted
	Fill       float64 // grey it is painted with
	foreign    bool    // only PDFium decodes it
}

const (
	spaceGrey = iota
	spaceRGB
	spaceIndexed
)

// imageSpec reads an image dictionary; reason says why the page must be rendered.
func (f *pdfFile) imageSpec(im placed) (s imageSpec, reason string) {
	d := im.stream.Dict
	s = imageSpec{W: f.int(d["Width"]), H: f.int(d["Height"]), Bits: f.int(d["BitsPerComponent"]), Fill: im.fill}
	s.Chain = f.filters(d)
	s.Mask = f.bool(d["ImageMask"])
	for _, k := range []string{"SMask", "Mask"} {
		if o, _ := f.deref(d[k]); o != nil {
			return s, "an image with a mask"
		}
	}
	var last pdfFilter
	if n := len(s.Chain); n > 0 {
		last = s.Chain[n-1]
	}
	if s.Mask || last.Name == "CCITTFaxDecode" || last.Name == "JBIG2Decode" {
		s.Bits = 1
	}
	s.foreign = foreignFilter(last)
	if s.Mask {
		if im.fill < 0 || s.foreign {
			return s, "a stencil"
		}
	} else if last.Name != "JPXDecode" && !f.colourSpace(&s, d["ColorSpace"]) {
		s.foreign = true
	}
	if last.Name == "DCTDecode" && s.Space == spaceIndexed {
		s.foreign = true
	}
	return s, f.decodeArray(&s, d["Decode"])
}

// foreignFilter reports whether only PDFium decodes what an image's last filter holds.
func foreignFilter(last pdfFilter) bool {
	switch last.Name {
	case "JBIG2Decode", "JPXDecode":
		return true
	case "CCITTFaxDecode":
		return !plainFax(last)
	case "DCTDecode":
		t, told := last.Parms["ColorTransform"]
		return told && t == 0
	}
	return false
}

// plainFax reports whether libtiff reads the coding: Group 4, or Group 3 with ends
// of lines.
func plainFax(f pdfFilter) bool {
	return f.Parms["EncodedByteAlign"] == 0 && (f.Parms["K"] < 0 || f.Parms["EndOfLine"] != 0)
}

// decodeArray accepts the identity and the inversion.
func (f *pdfFile) decodeArray(s *imageSpec, o types.Object) (reason string) {
	a := f.array(o)
	if len(a) == 0 {
		return ""
	}
	v, ok := f.floats(o, len(a))
	if !ok {
		return "an unusual Decode array"
	}
	high := 1.0
	if s.Space == spaceIndexed {
		high = float64(int(1)<<s.Bits - 1)
	}
	same, inverse := true, true
	for i := 0; i+1 < len(v); i += 2 {
		same = same && v[i] == 0 && v[i+1] == high
		inverse = inverse && v[i] == high && v[i+1] == 0
	}
	if s.foreign && !same {
		return "a Decode array on a rare image"
	}
	s.Invert = inverse
	if !same && (!inverse || s.Space == spaceIndexed && s.Bits != 1) {
		return "an unusual Decode array"
	}
	return ""
}

// colourSpace understands grey, RGB and tables of these; false for all others.
func (f *pdfFile) colourSpace(s *imageSpec, o types.Object) bool {
	if n := f.components(o); n == 1 {
		return true
	} else if n == 3 {
		s.Space = spaceRGB
		return true
	}
	a := f.array(o)
	if len(a) != 4 {
		return false
	}
	if n, _ := f.name(a[0]); n != "Indexed" && n != "I" {
		return false
	}
	base, table := f.components(a[1]), f.bytesOf(a[3])
	entries := f.int(a[2]) + 1
	if base == 0 || entries < 1 || entries > 256 || len(table) < base {
		return false
	}
	s.Space = spaceIndexed
	for i := 0; i < entries && (i+1)*base <= len(table); i++ {
		e := table[i*base : (i+1)*base]
		s.Palette = append(s.Palette, e[0], e[base/2], e[base-1])
	}
	return true
}

// components returns 1 for grey spaces, 3 for RGB, 0 for any other.
func (f *pdfFile) components(o types.Object) int {
	n, ok := f.name(o)
	a := f.array(o)
	if !ok && len(a) > 0 {
		n, _ = f.name(a[0])
	}
	switch n {
	case "DeviceGray", "G", "CalGray":
		return 1
	case "DeviceRGB", "RGB", "CalRGB":
		return 3
	case "ICCBased":
		if len(a) == 2 {
			d, _ := f.dict(a[1])
			if c := f.int(d["N"]); c == 1 || c == 3 {
				return c
			}
		}
	}
	return 0
}

// bytesOf returns the bytes of a string or stream.
func (f *pdfFile) bytesOf(o types.Object) []byte {
	o, _ = f.deref(o)
	switch v := o.(type) {
	case types.StringLiteral:
		b, _ := types.Unescape(v.Value())
		return b
	case types.HexLiteral:
		b, _ := v.Bytes()
		return b
	case types.StreamDict:
		b, _ := f.decoded(&v)
		return b
	}
	return nil
}

// decode turns the stored bytes into a page without resolution.
func (im pdfImage) decode(half bool) (*Page, error) {
	s := im.spec
	if err := checkSize(s.W, s.H); err != nil {
		return nil, err
	}
	b, rest, err := applyFilters(slices.Clip(im.raw), s.Chain, 8*int64(s.W)*int64(s.H)+1<<16)
	if err != nil {
		return nil, err
	}
	if len(rest) > 1 {
		return nil, damaged("a filter after %s", rest[0].Name)
	}
	if len(rest) == 0 {
		return s.samples(b)
	}
	if rest[0].Name == "CCITTFaxDecode" {
		b, err := decodeFax(b, rest[0].Parms, s.W, s.H)
		if err != nil {
			return nil, err
		}
		return s.samples(b)
	}
	return s.jpeg(b, half)
}

func (s imageSpec) jpeg(b []byte, half bool) (*Page, error) {
	m, err := readJPEGMeta(b)
	if err != nil {
		return nil, err
	}
	if m.comps != 1 && m.comps != 3 {
		return nil, unsupported("JPEG of %d channels in a grey or RGB image", m.comps)
	}
	p, err := decodeJPEG(b, m, half)
	if err != nil {
		return nil, err
	}
	if s.Invert {
		p.invert()
	}
	return p, nil
}

// samples turns packed samples, rows padded to bytes, into planes.
func (s imageSpec) samples(b []byte) (*Page, error) {
	channels := 1
	if s.Space == spaceRGB {
		channels = 3
	}
	switch s.Bits {
	case 1, 2, 4, 8, 16:
	default:
		return nil, damaged("image of %d bits", s.Bits)
	}
	row := (s.W*channels*s.Bits + 7) / 8
	if len(b) < row*s.H {
		return nil, damaged("the image ends after %d of %d rows", len(b)/row, s.H)
	}
	switch s.Space {
	case spaceRGB:
		return s.rgb(b, row), nil
	case spaceIndexed:
		idx := make([]byte, s.W*s.H)
		unpackBits(idx, b, s.W, s.H, row, s.Bits, false)
		pal := s.Palette
		if s.Invert && len(pal) >= 6 {
			pal = slices.Concat(pal[3:6], pal[:3])
		}
		p := fromPalette(idx, s.W, s.W, s.H, pal)
		p.Bilevel = s.Bits == 1 && !p.HasColour()
		return p, nil
	}
	p := newGreyPage(s.W, s.H)
	unpackGrey(p.Y.Pix, b, s.W, s.H, row, s.Bits, s.Invert)
	if s.Mask && s.Fill > 0 { // painted with a grey other than black
		dark := uint8(255*min(s.Fill, 1) + 0.5)
		for i, v := range p.Y.Pix {
			p.Y.Pix[i] = max(v, dark)
		}
	}
	p.Bilevel = s.Bits == 1
	return p, nil
}

func (s imageSpec) rgb(b []byte, row int) *Page {
	if s.Bits != 8 {
		wide := make([]byte, 3*s.W*s.H)
		unpackBits(wide, b, 3*s.W, s.H, row, s.Bits, true)
		b, row = wide, 3*s.W
	}
	p := newColourPage(s.W, s.H)
	p.fromRGB(b, row, 3)
	if s.Invert {
		p.invert()
	}
	p.dropGreyChroma()
	return p
}

// bitsOf spreads a byte into eight samples of 0 or 255, first the highest bit.
var bitsOf = func() (t [256][8]byte) {
	for v := range t {
		for i := range 8 {
			t[v][i] = byte(v >> (7 - i) & 1 * 255)
		}
	}
	return t
}()

// unpackGrey spreads packed grey samples to 0..255, inverted if so said.
func unpackGrey(dst, src []byte, w, h, row, bits int, invert bool) {
	if !invert || bits != 1 {
		unpackBits(dst, src, w, h, row, bits, true)
	}
	switch {
	case invert && bits == 1:
		for y := range h {
			in, out := src[y*row:(y+1)*row], dst[y*w:(y+1)*w]
			for x := 0; x < w; x += 8 {
				copy(out[x:], bitsOf[^in[x/8]][:])
			}
		}
	case invert:
		for i, v := range dst {
			dst[i] = 255 - v
		}
	}
}

// unpackBits spreads h rows of w packed samples of 1 to 16 bits to bytes: stretched
// to 0..255, or as they are (at most 8 bits).
func unpackBits(dst, src []byte, w, h, row, bits int, stretch bool) {
	for y := range h {
		in, out := src[y*row:(y+1)*row], dst[y*w:(y+1)*w]
		switch {
		case bits == 8:
			copy(out, in)
		case bits == 16:
			for x := range out {
				out[x] = in[2*x]
			}
		case bits == 1 && stretch:
			for x := 0; x < w; x += 8 {
				copy(out[x:], bitsOf[in[x/8]][:])
			}
		default:
			top := 1<<bits - 1
			for x := range out {
				at := x * bits
				v := int(in[at/8]) >> (8 - bits - at%8) & top
				if stretch {
					v = v * 255 / top
				}
				out[x] = byte(v)
			}
		}
	}
}
