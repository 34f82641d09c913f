package booklets

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

// bitString packs zeros and ones, filled up with zeros.
func bitString(s string) []byte {
	out := make([]byte, (len(s)+7)/8)
	for i, c := range s {
		if c == '1' {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}

// g4Bar is Group 4 for rows of 64 pixels, of which 16 to 31 are black. The first row is coded by runs
// (horizontal mode, white 16, black 16, then as the row above to its end), the others as the one above.
func g4Bar(rows int) []byte {
	s := "001" + "101010" + "0000010111" + "1"
	for range rows - 1 {
		s += "111"
	}
	return bitString(s + "000000000001000000000001")
}

func allReversed(b []byte) []byte {
	out := bytes.Clone(b)
	for i, v := range out {
		out[i] = bits.Reverse8(v)
	}
	return out
}

// plainBar is the same bar, a bit a pixel, black is 0, rows of 8 bytes.
func plainBar(rows int) []byte {
	return bytes.Repeat([]byte{255, 255, 0, 0, 255, 255, 255, 255}, rows)
}

// packBytes is PackBits without any run.
func packBytes(b []byte) (out []byte) {
	for len(b) > 0 {
		n := min(128, len(b))
		out = append(append(out, byte(n-1)), b[:n]...)
		b = b[n:]
	}
	return out
}

// Each kind of TIFF must look the same in the booklet as its page does when read.
func TestTIFFPackings(t *testing.T) {
	base := func(more map[int][]int) map[int][]int {
		tags := map[int][]int{tagWidth: {64}, tagHeight: {90}, tagBits: {1}, tagPhotometric: {1}, tagSamples: {1}, tagRows: {30}}
		for k, v := range more {
			tags[k] = v
		}
		return tags
	}
	three := func(b []byte) [][]byte { return [][]byte{b, b, b} }
	grey := bytes.Repeat(append(bytes.Repeat([]byte{200}, 16), append(bytes.Repeat([]byte{0}, 16), bytes.Repeat([]byte{200}, 32)...)...), 30)
	differences := bytes.Repeat(append(append([]byte{200}, make([]byte, 15)...), append(append([]byte{56}, make([]byte, 15)...), append([]byte{200}, make([]byte, 31)...)...)...), 30)
	var palette []int
	for range 3 {
		palette = append(palette, append([]int{0}, append(make([]int, 254), 0xFFFF)...)...)
	}
	indexed := bytes.ReplaceAll(grey, []byte{200}, []byte{255})
	halves := &raster.Page{Y: raster.NewPlane(64, 32), SubX: 1, SubY: 1}
	for i := range halves.Y.Pix {
		halves.Y.Pix[i] = 250
		if x := i % 64; x >= 16 && x < 32 {
			halves.Y.Pix[i] = 5
		}
	}
	jpg := asJPEG(t, halves)
	for name, c := range map[string]struct {
		tags   map[int][]int
		strips [][]byte
		taken  bool // over as they are
	}{
		"group 4":               {base(map[int][]int{tagCompression: {packG4}, tagPhotometric: {0}}), three(g4Bar(30)), true},
		"group 4, other bits":   {base(map[int][]int{tagCompression: {packG4}, tagPhotometric: {0}, tagFillOrder: {2}}), three(allReversed(g4Bar(30))), true},
		"group 4, other colour": {base(map[int][]int{tagCompression: {packG4}}), three(g4Bar(30)), true},
		"deflate, bits":         {base(map[int][]int{tagCompression: {packDeflate}}), three(deflate(plainBar(30))), true},
		"old deflate, inverted": {base(map[int][]int{tagCompression: {packOldDeflate}, tagPhotometric: {0}}), three(deflate(plainBar(30))), true},
		"pack bits":             {base(map[int][]int{tagCompression: {packBits}}), three(packBytes(plainBar(30))), true},
		"grey":                  {base(map[int][]int{tagCompression: {packDeflate}, tagBits: {8}}), three(deflate(grey)), true},
		"grey, differences":     {base(map[int][]int{tagCompression: {packDeflate}, tagBits: {8}, tagPredictor: {2}}), three(deflate(differences)), true},
		"palette":               {base(map[int][]int{tagCompression: {packDeflate}, tagBits: {8}, tagPhotometric: {3}, tagPalette: palette}), three(deflate(indexed)), true},
		"jpeg":                  {base(map[int][]int{tagCompression: {packJPEG}, tagBits: {8}, tagHeight: {96}, tagRows: {32}}), three(jpg), true},
		"not packed":            {base(map[int][]int{tagCompression: {packNone}}), three(plainBar(30)), false},
		"not packed, grey":      {base(map[int][]int{tagCompression: {packNone}, tagBits: {8}}), three(grey), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := shelve(t, "a.tif", tiffOf(c.tags, c.strips...), 1, geom.ScaleBy(2, 2))
			src, err := raster.Open(s.File)
			require.NoError(t, err)
			stored, err := raster.StoredPage(src, 1, s.Width, s.Height)
			require.NoError(t, err)
			_, taken := storedPicture(stored)
			assert.Equal(t, c.taken, taken)
			want, err := src.Page(1)
			require.NoError(t, err)

			page := Page{WidthMM: 32, HeightMM: float64(s.Height) / 2, Scan: s}
			file := pressed(t, Booklet{ID: "B", Pages: []Page{page, page}})
			drawn, err := raster.RenderPDF(file, 2, 2*25.4*2)
			require.NoError(t, err)
			require.InDelta(t, 2*s.Width, drawn.W(), 2)
			require.InDelta(t, 2*s.Height, drawn.H(), 2)
			for y := 3; y < 2*s.Height-3; y += 4 {
				for x := 3; x < 2*s.Width-3; x += 4 {
					if edge := x / 2; edge >= 14 && edge <= 17 || edge >= 30 && edge <= 33 {
						continue
					}
					require.InDelta(t, want.Y.At(x/2, y/2), drawn.Y.At(x, y), 12, "at %d, %d", x, y)
				}
			}
		})
	}
}

func TestOddTIFFsAreDecoded(t *testing.T) {
	good := map[int][]int{tagWidth: {64}, tagHeight: {30}, tagBits: {1}, tagPhotometric: {1}, tagSamples: {1}, tagRows: {30}, tagCompression: {packDeflate}}
	strip := deflate(plainBar(30))
	bands := func(b []byte) bool {
		at := uint64(b[4]) | uint64(b[5])<<8 | uint64(b[6])<<16
		_, ok := tiffBands(raster.Stored{Kind: raster.KindTIFF, Data: b, Directory: at, W: 64, H: 30})
		return ok
	}
	require.True(t, bands(tiffOf(good, strip)))
	for name, change := range map[string][2]int{
		"planes apart": {tagPlanar, 2}, "tiles": {tagTiles, 8}, "alpha": {tagExtra, 1}, "signed": {tagFormat, 2}, "16 bits": {tagBits, 16},
		"order of bits": {tagFillOrder, 2}, "floating predictor": {tagPredictor, 3}, "too few strips": {tagRows, 10}, "unknown packing": {tagCompression, 34712},
	} {
		t.Run(name, func(t *testing.T) {
			tags := map[int][]int{}
			for k, v := range good {
				tags[k] = v
			}
			tags[change[0]] = []int{change[1]}
			assert.False(t, bands(tiffOf(tags, strip)))
		})
	}
	whole := tiffOf(good, strip)
	for n := range len(whole) - 1 {
		assert.NotPanics(t, func() { bands(whole[:max(n, 8)]) })
	}
}

func TestPNGs(t *testing.T) {
	encode := func(m image.Image) []byte {
		var b bytes.Buffer
		require.NoError(t, png.Encode(&b, m))
		return b.Bytes()
	}
	bounds := image.Rect(0, 0, 9, 7)
	_, ok := pngBands(encode(image.NewGray(bounds)))
	assert.True(t, ok)
	bands, ok := pngBands(encode(image.NewPaletted(bounds, color.Palette{color.Black, color.RGBA{255, 0, 0, 255}})))
	assert.True(t, ok)
	assert.Contains(t, bands[0].dict["ColorSpace"].PDFString(), "000000ff0000")
	glass := image.NewNRGBA(bounds)
	_, ok = pngBands(encode(glass))
	assert.False(t, ok, "transparent")
	whole := encode(image.NewGray(bounds))
	whole[28] = 1
	_, ok = pngBands(whole)
	assert.False(t, ok, "interlaced")
	for n := range whole {
		assert.NotPanics(t, func() { pngBands(whole[:n]) })
	}
}

// What cannot be taken over is packed without loss, unless it was lossy.
func TestRepacked(t *testing.T) {
	p, _ := sheetPage(0, 0)
	colourful := &raster.Page{Y: p.Y, Cb: raster.NewPlane(p.W(), p.H()), Cr: raster.NewPlane(p.W(), p.H()), SubX: 1, SubY: 1}
	for i := range colourful.Cb.Pix {
		colourful.Cb.Pix[i], colourful.Cr.Pix[i] = 128, 190
	}
	bilevel := &raster.Page{Y: p.Y, SubX: 1, SubY: 1, Bilevel: true}
	for _, c := range []struct {
		page   *raster.Page
		kind   raster.Kind
		filter string
		bits   string
	}{
		{p, raster.KindPNG, "FlateDecode", "8"}, {colourful, raster.KindPNG, "FlateDecode", "8"},
		{bilevel, raster.KindJPEG, "FlateDecode", "1"}, {colourful, raster.KindPDF, "DCTDecode", "8"}, {p, raster.KindTIFF, "FlateDecode", "8"},
	} {
		pic, err := repacked(c.page, raster.Stored{Kind: c.kind})
		require.NoError(t, err)
		require.Len(t, pic.bands, 1)
		assert.Equal(t, c.filter, *pic.bands[0].dict.NameEntry("Filter"))
		assert.Equal(t, c.bits, pic.bands[0].dict["BitsPerComponent"].PDFString())
	}
	m := pixels(colourful)
	r, g, b, _ := m.At(300, 300).RGBA()
	want := color.YCbCr{Y: 245, Cb: 128, Cr: 190}
	wr, wg, wb, _ := want.RGBA()
	assert.InDelta(t, wr, r, 257)
	assert.InDelta(t, wg, g, 257)
	assert.InDelta(t, wb, b, 257)
}
