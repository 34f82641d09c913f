package raster

import (
	"bytes"
	"io"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// g3 codes every row by itself (K = 0), with or without ends of lines.
func g3(p *Plane, ends bool) []byte {
	w := &bitWriter{}
	for y := range p.H {
		if ends {
			w.put("000000000001")
		}
		black := false
		for x := 0; x < p.W; black = !black {
			n := 0
			for x+n < p.W && (p.At(x+n, y) < 128) == black {
				n++
			}
			w.run(n, black)
			x += n
		}
	}
	return w.bytes()
}

func TestPDFRareCodings(t *testing.T) {
	grey := testPage(100, 200)
	bits := bilevel(grey.Y)
	lzw, err := filter.NewFilter("LZWDecode", map[string]int{"EarlyChange": 1})
	require.NoError(t, err)
	r, err := lzw.Encode(bytes.NewReader(grey.Y.Pix))
	require.NoError(t, err)
	packed, err := io.ReadAll(r)
	require.NoError(t, err)
	inverse := make([]byte, len(grey.Y.Pix)*4)
	for i, v := range grey.Y.Pix {
		inverse[4*i+3] = 255 - v
	}
	for _, c := range []struct {
		name, dict string
		data       []byte
		native     bool
		want       *Plane
		tolerance  float64
	}{
		{"group 3", "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K 0 /Columns 100 /EndOfLine true >>", g3(bits, true), false, bits, 0},
		{"group 3 without ends", "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K 0 /Columns 100 /Rows 200 >>", g3(bits, false), true, bits, 0},
		{"lzw", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /LZWDecode", packed, false, grey.Y, 0},
		{"cmyk", "/BitsPerComponent 8 /ColorSpace /DeviceCMYK", inverse, true, grey.Y, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := openBytes(t, onePagePDF("", wholePage, pdfImageOf(100, 200, c.dict, c.data))).(*pdfFile)
			plan, err := src.plan(1)
			require.NoError(t, err)
			require.Empty(t, plan.render)
			require.Equal(t, c.native, plan.native)
			p, err := src.Page(1)
			require.NoError(t, err)
			requireNear(t, c.want, p.Y, c.tolerance)
		})
	}
}

// jbig2 wraps one generic region in the segments of ITU-T T.88: page information
// and an immediate region in the MMR coding, whose data is Group 4.
func jbig2(p *Plane) []byte {
	data := g4(p)
	be := func(v int) string { return string([]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}) }
	page := "\x00\x00\x00\x00\x30\x00\x01" + be(19) + be(p.W) + be(p.H) + be(0) + be(0) + "\x00\x00\x00"
	region := be(p.W) + be(p.H) + be(0) + be(0) + "\x00" + "\x01"
	return []byte(page + "\x00\x00\x00\x01\x26\x00\x01" + be(len(region)+len(data)) + region + string(data))
}

func TestPDFJBIG2(t *testing.T) {
	bits := bilevel(testPage(100, 200).Y)
	img := pdfImageOf(100, 200, "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode", jbig2(bits))
	src := openBytes(t, onePagePDF("/Rotate 180", wholePage, img)).(*pdfFile)
	plan, err := src.plan(1)
	require.NoError(t, err)
	require.True(t, plan.native)
	p, err := src.Page(1)
	require.NoError(t, err)
	requireNear(t, bits, p.Y, 0)
	assert.True(t, p.Bilevel)
	assert.Equal(t, 180, p.Turn)
	assert.InDelta(t, 50, p.DPIX, 1e-6)
}
