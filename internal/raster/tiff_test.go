package raster

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func flipped(b []byte) []byte {
	out := make([]byte, len(b))
	for i, v := range b {
		out[i] = ^v
	}
	return out
}

func TestTIFFKinds(t *testing.T) {
	const w, h = 100, 160
	grey := testPage(w, h)
	bits := bilevel(grey.Y)
	colour := colourTestPage(w, h, 1, 1)
	for i, v := range colour.Y.Pix { // within what RGB can show, as libtiff hands it out
		colour.Y.Pix[i] = min(max(v, 110), 150)
	}
	rgb, rgba := make([]byte, 3*w*h), make([]byte, 4*w*h)
	idx := make([]byte, w*h)
	table := make([]int, 768)
	quarter := NewPlane(w, h)
	for i, v := range grey.Y.Pix {
		copy(rgb[3*i:], []byte{v, v / 2, v / 4})
		copy(rgba[4*i:], []byte{v, v / 2, v / 4, 255})
		idx[i] = v / 64
		quarter.Pix[i] = idx[i] * 80
	}
	for i := range 4 {
		table[i], table[256+i], table[512+i] = i*80*257, i*80*257, i*80*257
	}
	red := newColourPage(w, h)
	red.fromRGB(rgb, 3*w, 3)
	wide := make([]byte, 0, 2*w*h)
	for _, v := range grey.Y.Pix {
		wide = append(wide, 3, v) // low byte first
	}
	for _, c := range []struct {
		name string
		spec tiffPageSpec
		want *Page
	}{
		{"grey", tiffSpec(w, h, 8, 1, 1, minIsBlack, grey.Y.Pix), grey},
		{"grey, white is 0", tiffSpec(w, h, 8, 1, 1, minIsWhite, flipped(grey.Y.Pix)), grey},
		{"grey 16", tiffSpec(w, h, 16, 1, 1, minIsBlack, wide), grey},
		{"grey deflate", tiffSpec(w, h, 8, 1, 8, minIsBlack, deflated(grey.Y.Pix)), grey},
		{"grey packbits", tiffSpec(w, h, 8, 1, 32773, minIsBlack, literalRuns(grey.Y.Pix)), grey},
		{"1 bit", tiffSpec(w, h, 1, 1, 1, minIsBlack, packed1(bits)), &Page{Y: bits, Bilevel: true}},
		{"1 bit, white is 0", tiffSpec(w, h, 1, 1, 1, minIsWhite, flipped(packed1(bits))), &Page{Y: bits, Bilevel: true}},
		{"group 4", tiffSpec(w, h, 1, 1, 4, minIsWhite, g4(bits)), &Page{Y: bits, Bilevel: true}},
		{"rgb", tiffSpec(w, h, 8, 3, 1, photoRGB, rgb), red},
		{"rgba", tiffSpec(w, h, 8, 4, 1, photoRGB, rgba, tiffTag{338, false, []int{2}}), red},
		{"palette", tiffSpec(w, h, 8, 1, 1, photoPalette, idx, tiffTag{320, false, table}), &Page{Y: quarter}},
		{"jpeg grey", tiffSpec(w, h, 8, 1, 7, minIsBlack, jpegOf(t, grey)), grey},
		{"jpeg colour", tiffSpec(w, h, 8, 3, 7, 6, jpegOf(t, colour), tiffTag{530, false, []int{1, 1}}), colour},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := onlyPage(t, buildTIFF(c.spec))
			tolerance := 0.0
			if c.spec.tags[3].values[0] == 7 {
				tolerance = 1.5
			}
			requireNear(t, c.want.Y, p.Y, tolerance)
			assert.Equal(t, c.want.Bilevel, p.Bilevel)
			require.Equal(t, c.want.HasColour(), p.HasColour())
			if p.HasColour() {
				requireNear(t, c.want.Cr, p.Cr, tolerance)
			}
		})
	}
}

func TestTIFFPages(t *testing.T) {
	a, b := testPage(96, 192), testPage(64, 80)
	thumb := tiffSpec(8, 8, 8, 1, 1, minIsBlack, make([]byte, 64), tiffTag{254, true, []int{1}})
	first := tiffSpec(96, 192, 8, 1, 1, minIsBlack, a.Y.Pix, tiffTag{282, false, []int{200}}, tiffTag{283, false, []int{100}}, tiffTag{296, false, []int{2}})
	second := tiffSpec(64, 80, 8, 1, 1, minIsBlack, b.Y.Pix, tiffTag{282, false, []int{100}}, tiffTag{283, false, []int{100}}, tiffTag{296, false, []int{3}})
	broken := tiffSpec(64, 80, 8, 1, 8, minIsBlack, deflated(b.Y.Pix)[:40])
	src := openBytes(t, buildTIFF(first, thumb, broken, second))
	require.Equal(t, 3, src.Pages())
	p, err := src.Page(1)
	require.NoError(t, err)
	requireNear(t, a.Y, p.Y, 0)
	assert.Equal(t, [2]float64{200, 100}, [2]float64{p.DPIX, p.DPIY})
	_, err = src.Page(2)
	var damaged *FormatError
	require.ErrorAs(t, err, &damaged)
	p, err = src.Page(3)
	require.NoError(t, err)
	requireNear(t, b.Y, p.Y, 0)
	assert.InDelta(t, 254, p.DPIX, 1e-3)

	h1, err := src.Hash(1)
	require.NoError(t, err)
	other := openBytes(t, buildTIFF(second, first))
	h2, err := other.Hash(2)
	require.NoError(t, err)
	h3, err := other.Hash(1)
	require.NoError(t, err)
	assert.Equal(t, h1, h2)
	assert.NotEqual(t, h1, h3)
}

func TestTIFFOrientation(t *testing.T) {
	up := testPage(96, 192)
	stored := map[int]*Plane{1: up.Y, 2: mirrored(up.Y), 3: up.Y.upright(180), 4: mirrored(up.Y).upright(180),
		5: mirrored(up.Y.upright(90)), 6: up.Y.upright(270), 7: mirrored(up.Y.upright(270)), 8: up.Y.upright(90)}
	for o, pl := range stored {
		p := onlyPage(t, buildTIFF(tiffSpec(pl.W, pl.H, 8, 1, 1, minIsBlack, pl.Pix, tiffTag{274, false, []int{o}})))
		requireNear(t, up.Y, p.Y.upright(p.Turn), 0)
	}
}

func TestTIFFDamage(t *testing.T) {
	bits := bilevel(testPage(100, 160).Y)
	fax := g4(bits)
	var damaged *FormatError
	var refused *UnsupportedError
	for _, c := range []struct {
		name string
		file []byte
		want any
	}{
		{"fax cut", buildTIFF(tiffSpec(100, 160, 1, 1, 4, minIsWhite, fax[:len(fax)/2])), &damaged},
		{"raw cut", buildTIFF(tiffSpec(100, 160, 8, 1, 1, minIsBlack, make([]byte, 99))), &damaged},
		{"bomb", buildTIFF(tiffSpec(100000, 100000, 8, 1, 1, minIsBlack, nil)), &refused},
		{"no pages", []byte("II*\x00\x00\x00\x00\x00"), &damaged},
		{"separate planes", buildTIFF(tiffSpec(10, 10, 8, 3, 1, photoRGB, make([]byte, 300), tiffTag{284, false, []int{2}})), &refused},
		{"unknown coding", buildTIFF(tiffSpec(10, 10, 8, 1, 12345, minIsBlack, make([]byte, 100))), &refused},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, err := Open(writeTemp(t, "a.tif", c.file))
			if err == nil {
				_, err = src.Page(1)
			}
			require.ErrorAs(t, err, c.want)
		})
	}
	// A list of pages that breaks off shows a page more, which says so.
	b := buildTIFF(tiffSpec(10, 10, 8, 1, 1, minIsBlack, make([]byte, 100)), tiffSpec(10, 10, 8, 1, 1, minIsBlack, make([]byte, 100)))
	src := openBytes(t, b[:len(b)-60])
	require.Equal(t, 2, src.Pages())
	_, err := src.Page(1)
	require.NoError(t, err)
	_, err = src.Page(2)
	require.ErrorAs(t, err, &damaged)
	assert.Contains(t, fmt.Sprint(err), "lost")
}
