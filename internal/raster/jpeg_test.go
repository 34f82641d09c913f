package raster

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/shareddata"
)

func TestJPEGRoundTrip(t *testing.T) {
	for _, c := range []struct{ w, h, subX, subY int }{
		{96, 192, 0, 0}, {97, 131, 0, 0}, {1, 1, 0, 0}, {96, 192, 1, 1}, {97, 131, 2, 2}, {33, 17, 2, 1}, {50, 61, 1, 2}, {90, 40, 4, 1},
	} {
		in := testPage(c.w, c.h)
		if c.subX > 0 {
			in = colourTestPage(c.w, c.h, c.subX, c.subY)
		}
		in.DPIX, in.DPIY = 300, 150
		out, err := DecodeJPEG(jpegOf(t, in))
		require.NoError(t, err, "%+v", c)
		requireNear(t, in.Y, out.Y, 2) // quality 95 on edges of small images
		assert.Equal(t, [2]float64{300, 150}, [2]float64{out.DPIX, out.DPIY})
		if c.subX == 0 {
			assert.False(t, out.HasColour())
			continue
		}
		assert.Equal(t, [2]int{c.subX, c.subY}, [2]int{out.SubX, out.SubY})
		requireNear(t, in.Cb, out.Cb, 2)
		requireNear(t, in.Cr, out.Cr, 2)
	}
}

// Go's own decoder is the oracle of ours.
func TestJPEGAgainstGo(t *testing.T) {
	in := colourTestPage(203, 151, 2, 2)
	b := jpegOf(t, in)
	img, err := jpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	m := img.(*image.YCbCr)
	out, err := DecodeJPEG(b)
	require.NoError(t, err)
	requireNear(t, &Plane{Pix: m.Y, Stride: m.YStride, W: 203, H: 151}, out.Y, 0.05)
	requireNear(t, &Plane{Pix: m.Cr, Stride: m.CStride, W: 102, H: 76}, out.Cr, 0.05)
}

func TestJPEGHalf(t *testing.T) {
	for _, sub := range []int{0, 1, 2} {
		in := testPage(320, 480)
		if sub > 0 {
			in = colourTestPage(320, 480, sub, sub)
		}
		in.DPIX, in.DPIY = 600, 600
		out, err := DecodeJPEG(jpegOf(t, in))
		require.NoError(t, err)
		requireNear(t, in.Y.Half(), out.Y, 2)
		assert.InDelta(t, 300, out.DPIX, 0)
		if sub > 0 {
			assert.Equal(t, 160, out.Cb.W*out.SubX)
			assert.InDelta(t, 200, int(out.Cr.At(out.Cr.W-1, 3)), 4)
		}
	}
}

// withSegment puts a marker segment right after the start of a JPEG.
func withSegment(b []byte, marker byte, data []byte) []byte {
	seg := append([]byte{0xFF, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(data)+2))...)
	return bytes.Join([][]byte{b[:2], seg, data, b[2:]}, nil)
}

func exifBlock(orientation, dpi int) []byte {
	o := binary.BigEndian
	b := []byte("Exif\x00\x00MM\x00\x2A\x00\x00\x00\x08\x00\x03")
	b = append(b, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0)
	b = append(b, 0x01, 0x1A, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50)
	b = append(b, 0x01, 0x1B, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50)
	b = append(b, 0, 0, 0, 0)
	return o.AppendUint32(o.AppendUint32(b, uint32(dpi)), 1)
}

// Each stored image shows the same page once turned as it asks.
func TestJPEGOrientation(t *testing.T) {
	up := testPage(96, 192)
	stored := map[int]*Plane{1: up.Y, 2: mirrored(up.Y), 3: up.Y.upright(180), 4: mirrored(up.Y).upright(180),
		5: mirrored(up.Y.upright(90)), 6: up.Y.upright(270), 7: mirrored(up.Y.upright(270)), 8: up.Y.upright(90)}
	for o, pl := range stored {
		b := withSegment(jpegOf(t, &Page{Y: pl, SubX: 1, SubY: 1}), 0xE1, exifBlock(o, 200))
		p, err := DecodeJPEG(b)
		require.NoError(t, err)
		requireNear(t, up.Y, p.Y.upright(p.Turn), 1)
		assert.InDelta(t, 200, p.DPIX, 0)
	}
}

func TestJPEGDamage(t *testing.T) {
	b := jpegOf(t, colourTestPage(200, 300, 2, 2))
	var damaged *FormatError
	for _, n := range []int{2, 3, 30, 300, len(b) / 2, len(b) * 9 / 10} {
		_, err := DecodeJPEG(b[:n])
		require.ErrorAs(t, err, &damaged, "cut at %d of %d", n, len(b))
	}
	_, err := DecodeJPEG(b[:len(b)-2])
	assert.NoError(t, err, "without its end marker every pixel is there")
	huge := bytes.Clone(b)
	at := bytes.Index(huge, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(huge[at+5:], 60000)
	binary.BigEndian.PutUint16(huge[at+7:], 60000)
	var refused *UnsupportedError
	_, err = DecodeJPEG(huge)
	require.ErrorAs(t, err, &refused)
	deep := bytes.Clone(b)
	deep[at+4] = 12
	_, err = DecodeJPEG(deep)
	require.ErrorAs(t, err, &refused, "12 bits")
}

func TestJPEGColourSpaces(t *testing.T) {
	// A JPEG whose three components are named R, G, B holds them as they are.
	in := colourTestPage(64, 64, 1, 1)
	b := jpegOf(t, in)
	b = bytes.Replace(b, []byte{0xFF, 0xE0}, []byte{0xFF, 0xEF}, 1) // no JFIF any more
	for _, at := range []int{bytes.Index(b, []byte{0xFF, 0xC0}) + 10, bytes.Index(b, []byte{0xFF, 0xDA}) + 5} {
		step := 3
		if b[at-5] == 0xDA || b[at-4] == 0xDA {
			step = 2
		}
		for i, c := range "RGB" {
			b[at+i*step] = byte(c)
		}
	}
	p, err := DecodeJPEG(b)
	require.NoError(t, err)
	r, g, bl := color.YCbCrToRGB(p.Y.At(5, 60), p.Cb.At(5, 60), p.Cr.At(5, 60))
	want := [3]uint8{in.Y.At(5, 60), in.Cb.At(5, 60), in.Cr.At(5, 60)}
	for i, v := range []uint8{r, g, bl} {
		assert.InDelta(t, int(want[i]), int(v), 5)
	}
}

func TestCMYK(t *testing.T) {
	for _, c := range []struct {
		in       []byte
		inverted bool
		want     []byte
	}{
		{[]byte{0, 0, 0, 0}, false, []byte{255, 255, 255}},
		{[]byte{0, 0, 0, 255}, false, []byte{0, 0, 0}},
		{[]byte{0, 255, 255, 0}, false, []byte{255, 0, 0}},
		{[]byte{255, 255, 255, 255}, true, []byte{255, 255, 255}},
		{[]byte{255, 0, 0, 255}, true, []byte{255, 0, 0}},
	} {
		cmykToRGB(c.in, c.inverted)
		assert.Equal(t, c.want, c.in[:3])
	}
}

func TestFromRGBAgainstGo(t *testing.T) {
	p := newColourPage(1, 1)
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				p.fromRGB([]byte{byte(r), byte(g), byte(b)}, 3, 3)
				y, cb, cr := color.RGBToYCbCr(uint8(r), uint8(g), uint8(b))
				for i, v := range [][2]uint8{{y, p.Y.Pix[0]}, {cb, p.Cb.Pix[0]}, {cr, p.Cr.Pix[0]}} {
					require.InDelta(t, int(v[0]), int(v[1]), 1, "channel %d of %d %d %d", i, r, g, b)
				}
			}
		}
	}
}

// Decoding leaves no memory behind on the C side.
func TestJPEGMemory(t *testing.T) {
	b := jpegOf(t, colourTestPage(1200, 1600, 2, 2))
	cut := b[:len(b)/2]
	round := func() {
		for range 30 {
			_, err := DecodeJPEG(b)
			require.NoError(t, err)
			_, err = DecodeJPEG(cut)
			require.Error(t, err)
			jpegOf(t, testPage(400, 400))
		}
		runtime.GC()
	}
	round()
	before := residentKB(t)
	round()
	round()
	assert.Less(t, residentKB(t)-before, 30_000, "kB; one leaked page a round would be 86,000")
}

func residentKB(t *testing.T) int {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc")
	}
	n, err := strconv.Atoi(strings.Fields(string(b))[1])
	require.NoError(t, err)
	return n * os.Getpagesize() / 1024
}

func TestJPEGReal(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shareddata.Path(t), "real", "zesje", "*", "*.jpg"))
	require.NotEmpty(t, files)
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		p, err := DecodeJPEG(b)
		require.NoError(t, err, f)
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(b))
		require.NoError(t, err)
		assert.Equal(t, [2]int{cfg.Width, cfg.Height}, [2]int{p.W(), p.H()}, f)
	}
}
