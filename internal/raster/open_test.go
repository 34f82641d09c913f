package raster

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func pngBytes(t testing.TB, img image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// withPHYs puts a pHYs chunk of so many pixels a metre after the header.
func withPHYs(b []byte, perMetre uint32) []byte {
	o := binary.BigEndian
	chunk := append([]byte("pHYs"), o.AppendUint32(o.AppendUint32(nil, perMetre), perMetre)...)
	chunk = append(chunk, 1)
	all := o.AppendUint32(nil, 9)
	all = o.AppendUint32(append(all, chunk...), crc32.ChecksumIEEE(chunk))
	return bytes.Join([][]byte{b[:33], all, b[33:]}, nil)
}

func TestPNGKinds(t *testing.T) {
	const w, h = 40, 60
	rect := image.Rect(0, 0, w, h)
	grey := testPage(w, h).Y
	set := func(img interface {
		image.Image
		Set(x, y int, c color.Color)
	}) image.Image {
		for y := range h {
			for x := range w {
				img.Set(x, y, color.Gray{Y: grey.At(x, y)})
			}
		}
		return img
	}
	pal := color.Palette{}
	for i := range 256 {
		pal = append(pal, color.Gray{Y: uint8(i)})
	}
	for name, img := range map[string]image.Image{
		"grey": set(image.NewGray(rect)), "grey 16": set(image.NewGray16(rect)), "rgba": set(image.NewRGBA(rect)),
		"nrgba": set(image.NewNRGBA(rect)), "rgba 64": set(image.NewRGBA64(rect)), "palette": set(image.NewPaletted(rect, pal)),
	} {
		p := onlyPage(t, withPHYs(pngBytes(t, img), 11811))
		requireNear(t, grey, p.Y, 0)
		assert.False(t, p.HasColour(), name)
		assert.InDelta(t, 300, p.DPIX, 0.01, name)
	}
	two := image.NewPaletted(rect, color.Palette{color.Black, color.White})
	assert.True(t, onlyPage(t, pngBytes(t, two)).Bilevel)
	red := image.NewNRGBA(rect)
	for i := 0; i < len(red.Pix); i += 4 {
		copy(red.Pix[i:], []byte{255, 0, 0, 128})
	}
	p := onlyPage(t, pngBytes(t, red))
	assert.InDelta(t, 76+(255-76)/2, int(p.Y.At(3, 3)), 2, "half red on white")
	assert.Greater(t, p.Cr.At(3, 3), uint8(180))
}

func TestOpenErrors(t *testing.T) {
	grey := pngBytes(t, image.NewGray(image.Rect(0, 0, 10, 10)))
	bomb := bytes.Clone(grey)
	binary.BigEndian.PutUint32(bomb[16:], 50000)
	binary.BigEndian.PutUint32(bomb[20:], 50000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	var damaged *FormatError
	var refused *UnsupportedError
	for _, c := range []struct {
		name string
		file []byte
		want any
		says string
	}{
		{"empty", nil, &damaged, "empty"},
		{"text", []byte("hello"), &refused, "neither PDF"},
		{"png cut", grey[:len(grey)-20], &damaged, "PNG"},
		{"png bomb", bomb, &refused, "million"},
		{"pdf cut", []byte("%PDF-1.4\n1 0 obj"), &damaged, "no end"},
		{"pdf without objects", []byte("%PDF-1.4\n%%EOF"), &damaged, "PDF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := writeTemp(t, "x.jpg", c.file)
			src, err := Open(path)
			if err == nil {
				_, err = src.Page(1)
			}
			require.ErrorAs(t, err, c.want)
			assert.Contains(t, err.Error(), c.says)
			assert.Contains(t, err.Error(), path)
			assert.Contains(t, err.Error(), "; ", "what to do")
		})
	}
	_, err := Open(filepath.Join(t.TempDir(), "none.pdf"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	src := openBytes(t, grey)
	_, err = src.Page(2)
	assert.Error(t, err)
	_, err = src.Hash(0)
	assert.Error(t, err)
}

func TestWalk(t *testing.T) {
	root := t.TempDir()
	for _, f := range []string{"b.pdf", "A/x.JPEG", "A/B/c.tiff", "a.txt", "A/.hidden.pdf", ".git/d.pdf", "z.PNG", "A/Thumbs.db"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, f)), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(root, f), []byte("x"), 0o666))
	}
	require.NoError(t, os.Mkdir(filepath.Join(root, "folder.pdf"), 0o777))
	scans, ignored, err := Walk(root)
	require.NoError(t, err)
	assert.Equal(t, []string{"A/B/c.tiff", "A/x.JPEG", "b.pdf", "z.PNG"}, scans)
	assert.Equal(t, []string{"A/Thumbs.db", "a.txt"}, ignored)
	_, _, err = Walk(filepath.Join(root, "none"))
	assert.Error(t, err)
}

// FuzzOpen: whatever the bytes, opening and decoding end with pages or errors.
func FuzzOpen(f *testing.F) {
	up := testPage(24, 48)
	bits := bilevel(up.Y)
	f.Add(jpegOf(f, colourTestPage(24, 48, 2, 2)))
	f.Add(pngBytes(f, image.NewGray(image.Rect(0, 0, 9, 9))))
	f.Add(buildTIFF(tiffSpec(24, 48, 1, 1, 4, minIsWhite, g4(bits))))
	f.Add(buildTIFF(tiffSpec(24, 48, 8, 1, 7, minIsBlack, jpegOf(f, up))))
	f.Add(onePagePDF("", wholePage, pdfJPEG(f, up)))
	f.Add(onePagePDF("", wholePage, pdfImageOf(24, 48, "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 24 >>", g4(bits))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		src, err := Open(writeTemp(t, "fuzz", b))
		if err != nil {
			return
		}
		defer src.Close()
		for n := 1; n <= min(src.Pages(), 3); n++ {
			if file, ok := src.(*pdfFile); ok {
				if plan, err := file.plan(n); err != nil || plan.render != "" || plan.native {
					continue // the renderer is not ours to test
				}
			}
			p, err := src.Page(n)
			require.Equal(t, p == nil, err != nil)
			if p != nil {
				require.NotNil(t, p.Y.Row(p.H()-1))
			}
			src.Hash(n)
		}
	})
}
