package raster

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxContent bounds a decoded content stream (bytes): vector pages of a megabyte
// exist, a hundred are an attack.
const maxContent = 64 << 20

func (f *pdfFile) deref(o types.Object) (types.Object, error) { return f.xref.Dereference(o) }

func (f *pdfFile) dict(o types.Object) (types.Dict, error) {
	o, err := f.deref(o)
	if err != nil {
		return nil, err
	}
	switch d := o.(type) {
	case nil:
		return nil, nil
	case types.Dict:
		return d, nil
	case types.StreamDict:
		return d.Dict, nil
	}
	return nil, damaged("a dictionary is missing")
}

func (f *pdfFile) stream(o types.Object) (*types.StreamDict, error) {
	o, err := f.deref(o)
	if err != nil {
		return nil, err
	}
	if sd, ok := o.(types.StreamDict); ok {
		return &sd, nil
	}
	return nil, damaged("a stream is missing")
}

func (f *pdfFile) array(o types.Object) types.Array {
	o, _ = f.deref(o)
	a, _ := o.(types.Array)
	return a
}

func (f *pdfFile) name(o types.Object) (string, bool) {
	o, _ = f.deref(o)
	n, ok := o.(types.Name)
	return string(n), ok
}

func (f *pdfFile) float(o types.Object) (float64, bool) {
	o, _ = f.deref(o)
	switch v := o.(type) {
	case types.Integer:
		return float64(v), true
	case types.Float:
		return float64(v), true
	}
	return 0, false
}

func (f *pdfFile) int(o types.Object) int {
	v, _ := f.float(o)
	return int(v)
}

func (f *pdfFile) bool(o types.Object) bool {
	o, _ = f.deref(o)
	b, _ := o.(types.Boolean)
	return bool(b)
}

// floats returns an array of exactly n numbers.
func (f *pdfFile) floats(o types.Object, n int) ([]float64, bool) {
	a := f.array(o)
	if len(a) != n {
		return nil, false
	}
	out := make([]float64, n)
	for i, e := range a {
		v, ok := f.float(e)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// pdfFilter is one step of a stream's filter chain with its parameters resolved.
type pdfFilter struct {
	Name  string
	Parms map[string]int
}

var filterNames = map[string]string{"Fl": "FlateDecode", "LZW": "LZWDecode", "A85": "ASCII85Decode", "AHx": "ASCIIHexDecode",
	"RL": "RunLengthDecode", "CCF": "CCITTFaxDecode", "DCT": "DCTDecode"}

// filters returns the filter chain of a stream.
func (f *pdfFile) filters(d types.Dict) (out []pdfFilter) {
	names, parms := f.array(d["Filter"]), f.array(d["DecodeParms"])
	if n, ok := f.name(d["Filter"]); ok {
		names = types.Array{types.Name(n)}
	}
	if p, err := f.dict(d["DecodeParms"]); err == nil && p != nil {
		parms = types.Array{p}
	}
	for i, n := range names {
		s, _ := f.name(n)
		if full, ok := filterNames[s]; ok {
			s = full
		}
		fl := pdfFilter{Name: s, Parms: map[string]int{}}
		if i < len(parms) {
			p, _ := f.dict(parms[i])
			for k, v := range p {
				v, _ = f.deref(v)
				if b, ok := v.(types.Boolean); ok && bool(b) {
					fl.Parms[k] = 1
				} else if _, isNum := f.float(v); isNum {
					fl.Parms[k] = f.int(v)
				}
			}
		}
		out = append(out, fl)
	}
	return out
}

func (f *pdfFile) decoded(sd *types.StreamDict) ([]byte, error) {
	b, rest, err := applyFilters(sd.Raw, f.filters(sd.Dict), maxContent)
	if err == nil && len(rest) > 0 {
		err = damaged("page content in the filter %s", rest[0].Name)
	}
	return b, err
}

// applyFilters undoes the general filters of a chain and stops at the first that
// only makes sense for images, returning what is left. No step yields more than
// limit bytes.
func applyFilters(b []byte, chain []pdfFilter, limit int64) ([]byte, []pdfFilter, error) {
	for i, f := range chain {
		var err error
		switch f.Name {
		case "FlateDecode":
			b, err = inflate(b, limit+limit/8+1024)
		case "LZWDecode", "RunLengthDecode", "ASCII85Decode", "ASCIIHexDecode":
			b, err = simpleFilter(b, f, limit)
		case "DCTDecode", "CCITTFaxDecode", "JBIG2Decode", "JPXDecode":
			return b, chain[i:], nil
		default:
			err = unsupported("PDF filter %s", f.Name)
		}
		if err == nil {
			b, err = unpredict(b, f.Parms)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return b, nil, nil
}

// inflate reads zlib data without its checksum, which some writers get wrong or
// cut off; an end before the last block is damage.
func inflate(b []byte, limit int64) ([]byte, error) {
	if len(b) < 2 {
		return nil, damaged("compressed data ends early")
	}
	if b[0]&0x0F == 8 && (int(b[0])<<8|int(b[1]))%31 == 0 {
		b = b[2:]
	}
	r := flate.NewReader(bytes.NewReader(b))
	defer r.Close()
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, limit+1))
	if err != nil {
		return nil, damaged("compressed data is broken after %d bytes", n)
	}
	if n > limit {
		return nil, damaged("compressed data holds more than it should")
	}
	return out.Bytes(), nil
}

func simpleFilter(b []byte, f pdfFilter, limit int64) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, damaged("%s data is broken", f.Name)
		}
	}()
	parms := map[string]int{}
	if f.Name == "LZWDecode" {
		parms["EarlyChange"] = 1
		if v, ok := f.Parms["EarlyChange"]; ok {
			parms["EarlyChange"] = v
		}
	}
	fi, err := filter.NewFilter(f.Name, parms, limit+limit/8+1024)
	if err != nil {
		return nil, unsupported("PDF filter %s", f.Name)
	}
	r, err := fi.Decode(bytes.NewReader(b))
	if err == nil {
		out, err = io.ReadAll(r)
	}
	if errors.Is(err, filter.ErrDecodeLimitExceeded) {
		return nil, damaged("%s data holds more than it should", f.Name)
	}
	if err != nil {
		return nil, damaged("%s data is broken", f.Name)
	}
	return out, nil
}

// unpredict undoes the PNG (10 to 15) and TIFF (2) predictors, in place where it can.
func unpredict(b []byte, parms map[string]int) ([]byte, error) {
	pred := parms["Predictor"]
	if pred < 2 {
		return b, nil
	}
	colors, bpc, columns := max(parms["Colors"], 1), parms["BitsPerComponent"], max(parms["Columns"], 1)
	if bpc == 0 {
		bpc = 8
	}
	if colors > 32 || bpc > 16 || columns > MaxPixels {
		return nil, damaged("predictor of %d colours and %d bits", colors, bpc)
	}
	step, row := max(colors*bpc/8, 1), (colors*bpc*columns+7)/8
	if pred == 2 {
		if bpc != 8 {
			return nil, unsupported("TIFF predictor with %d bits", bpc)
		}
		for at := 0; at < len(b); at += row {
			r := b[at:min(at+row, len(b))]
			for i := step; i < len(r); i++ {
				r[i] += r[i-step]
			}
		}
		return b, nil
	}
	return unpredictPNG(b, row, step)
}

func unpredictPNG(b []byte, row, step int) ([]byte, error) {
	out := b[:0]
	prev := make([]byte, row)
	for at := 0; at+1 < len(b); {
		kind := b[at]
		n := copy(b[len(out):len(out)+min(row, len(b)-at-1)], b[at+1:])
		cur := b[len(out) : len(out)+n]
		if !unfilter(kind, cur, prev, step) {
			return nil, damaged("PNG predictor %d", kind)
		}
		at += 1 + n
		out = b[:len(out)+n]
		prev = cur
		if n < row {
			break
		}
	}
	return out, nil
}

// unfilter undoes one row of the PNG filters (PNG specification, section 9).
func unfilter(kind byte, cur, prev []byte, step int) bool {
	switch kind {
	case 0:
	case 1:
		for i := step; i < len(cur); i++ {
			cur[i] += cur[i-step]
		}
	case 2:
		for i := range cur {
			cur[i] += prev[i]
		}
	case 3:
		for i := range cur {
			left := 0
			if i >= step {
				left = int(cur[i-step])
			}
			cur[i] += byte((left + int(prev[i])) / 2)
		}
	case 4:
		for i := range cur {
			left, corner := 0, 0
			if i >= step {
				left, corner = int(cur[i-step]), int(prev[i-step])
			}
			cur[i] += paeth(left, int(prev[i]), corner)
		}
	default:
		return false
	}
	return true
}

func paeth(a, b, c int) byte {
	pa, pb, pc := abs(b-c), abs(a-c), abs(a+b-2*c)
	if pa <= pb && pa <= pc {
		return byte(a)
	}
	if pb <= pc {
		return byte(b)
	}
	return byte(c)
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
