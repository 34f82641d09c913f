package raster

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func writeTemp(t testing.TB, name string, b []byte) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, b, 0o666))
	return path
}

func openBytes(t testing.TB, b []byte) Source {
	src, err := Open(writeTemp(t, "scan.bin", b))
	require.NoError(t, err)
	t.Cleanup(func() { src.Close() })
	return src
}

func onlyPage(t testing.TB, b []byte) *Page {
	src := openBytes(t, b)
	require.Equal(t, 1, src.Pages())
	p, err := src.Page(1)
	require.NoError(t, err)
	return p
}

// testPage has a dark block at its top left, a lighter bar along its top and a
// slope below: no turn or mirror image of it looks the same.
func testPage(w, h int) *Page {
	p := newGreyPage(w, h)
	for y := range h {
		for x := range w {
			v := 200 + 40*x/w
			switch {
			case x < w/3 && y < h/4:
				v = 10
			case y < h/8:
				v = 90
			}
			p.Y.Pix[y*w+x] = uint8(v)
		}
	}
	return p
}

// colourTestPage adds a red block at the right and a blue one at the bottom.
func colourTestPage(w, h, subX, subY int) *Page {
	p := testPage(w, h)
	p.SubX, p.SubY = subX, subY
	p.Cb, p.Cr = NewPlane((w+subX-1)/subX, (h+subY-1)/subY), NewPlane((w+subX-1)/subX, (h+subY-1)/subY)
	fill(p.Cb.Pix, 128)
	fill(p.Cr.Pix, 128)
	for y := range p.Cb.H {
		for x := range p.Cb.W {
			if x > p.Cb.W*3/4 {
				p.Cr.Pix[y*p.Cr.W+x] = 200
			}
			if y > p.Cb.H*3/4 {
				p.Cb.Pix[y*p.Cb.W+x] = 190
			}
		}
	}
	return p
}

// requireNear checks size and pixels; tolerance is the mean difference allowed.
func requireNear(t testing.TB, want, got *Plane, tolerance float64) {
	t.Helper()
	require.Equal(t, [2]int{want.W, want.H}, [2]int{got.W, got.H})
	require.LessOrEqual(t, meanDifference(want, got), tolerance)
}

func meanDifference(a, b *Plane) float64 {
	sum := 0
	for y := range a.H {
		for x := range a.W {
			sum += abs(int(a.At(x, y)) - int(b.At(x, y)))
		}
	}
	return float64(sum) / float64(a.W*a.H)
}

func mirrored(p *Plane) *Plane {
	q := &Plane{Pix: bytes.Clone(p.Pix), Stride: p.Stride, W: p.W, H: p.H}
	q.mirror()
	return q
}

func jpegOf(t testing.TB, p *Page) []byte {
	b, err := EncodeJPEG(p, 95)
	require.NoError(t, err)
	return b
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// pdfStream returns a stream object.
func pdfStream(dict string, data []byte) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

// buildPDF writes the objects, numbered from 1, with a table and a trailer. Object
// 1 is the catalog.
func buildPDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n%\xE2\xE3\xCF\xD3\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

// onePagePDF has one page of 144 x 288 points whose images are /I0, /I1, ...
func onePagePDF(pageExtra, content string, images ...string) []byte {
	xobjects := ""
	for i := range images {
		xobjects += fmt.Sprintf("/I%d %d 0 R ", i, 5+i)
	}
	objects := append([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 144 288] >>",
		"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << " + xobjects + ">> >> " + pageExtra + " >>",
		pdfStream("", []byte(content)),
	}, images...)
	return buildPDF(objects...)
}

const wholePage = "q 144 0 0 288 0 0 cm /I0 Do Q"

// pdfImageOf returns an image object of the given size.
func pdfImageOf(w, h int, dict string, data []byte) string {
	return pdfStream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d %s", w, h, dict), data)
}

func pdfJPEG(t testing.TB, p *Page) string {
	space := "/DeviceGray"
	if p.HasColour() {
		space = "/DeviceRGB"
	}
	return pdfImageOf(p.W(), p.H(), "/BitsPerComponent 8 /Filter /DCTDecode /ColorSpace "+space, jpegOf(t, p))
}

// tiffTag is a TIFF field; short values and long ones are told apart by wide.
type tiffTag struct {
	id     int
	wide   bool
	values []int
}

// buildTIFF writes little-endian directories, each with one strip of data; its
// fields 273 and 279 are filled in. RATIONAL fields 282 and 283 take whole numbers.
func buildTIFF(pages ...tiffPageSpec) []byte {
	o := binary.LittleEndian
	b := []byte("II*\x00\x00\x00\x00\x00")
	link := 4
	for _, p := range pages {
		strip := len(b)
		b = append(b, p.data...)
		if len(b)%2 == 1 {
			b = append(b, 0)
		}
		tags := append([]tiffTag{}, p.tags...)
		tags = append(tags, tiffTag{273, true, []int{strip}}, tiffTag{279, true, []int{len(p.data)}})
		for i := range tags { // by number, as the format asks
			for j := i; j > 0 && tags[j].id < tags[j-1].id; j-- {
				tags[j], tags[j-1] = tags[j-1], tags[j]
			}
		}
		var fields []byte
		for _, t := range tags {
			fields, b = appendField(fields, b, t)
		}
		o.PutUint32(b[link:], uint32(len(b)))
		b = o.AppendUint16(b, uint16(len(tags)))
		b = append(b, fields...)
		link = len(b)
		b = o.AppendUint32(b, 0)
	}
	return b
}

func appendField(fields, b []byte, t tiffTag) ([]byte, []byte) {
	o := binary.LittleEndian
	kind, n := uint16(3), len(t.values)
	var v []byte
	for _, x := range t.values {
		switch {
		case t.id == 282 || t.id == 283:
			kind = 5
			v = o.AppendUint32(o.AppendUint32(v, uint32(x)), 1)
		case t.wide:
			kind = 4
			v = o.AppendUint32(v, uint32(x))
		default:
			v = o.AppendUint16(v, uint16(x))
		}
	}
	fields = o.AppendUint16(o.AppendUint16(fields, uint16(t.id)), kind)
	fields = o.AppendUint32(fields, uint32(n))
	if len(v) <= 4 {
		return append(fields, append(v, make([]byte, 4-len(v))...)...), b
	}
	fields = o.AppendUint32(fields, uint32(len(b)))
	return fields, append(b, v...)
}

type tiffPageSpec struct {
	tags []tiffTag
	data []byte
}

// tiffGrey returns a page of the given compression, photometric and bits.
func tiffSpec(w, h, bits, samples, compression, photometric int, data []byte, extra ...tiffTag) tiffPageSpec {
	bps := make([]int, samples)
	for i := range bps {
		bps[i] = bits
	}
	return tiffPageSpec{append([]tiffTag{{256, true, []int{w}}, {257, true, []int{h}}, {258, false, bps}, {259, false, []int{compression}},
		{262, false, []int{photometric}}, {277, false, []int{samples}}, {278, true, []int{h}}}, extra...), data}
}

// packed1 packs a grey plane to one bit a pixel: 1 where it is at least 128.
func packed1(p *Plane) []byte {
	row := (p.W + 7) / 8
	b := make([]byte, row*p.H)
	for y := range p.H {
		for x, v := range p.Row(y) {
			if v >= 128 {
				b[y*row+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return b
}

// bilevel is what packed1 keeps of a plane.
func bilevel(p *Plane) *Plane {
	q := NewPlane(p.W, p.H)
	for i, v := range p.Pix {
		if v >= 128 {
			q.Pix[i] = 255
		}
	}
	return q
}
