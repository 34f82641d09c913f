package booklets

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

// perMM is the resolution of the sheets made here, in pixels a mm.
const perMM = 4.0

// landmark is a black square on every sheet, in mm of its frame.
var landmark = geom.Box{X: 30, Y: 40, W: 12, H: 12}

// sheetPage is paper of 210 x 297 mm with the landmark, as a scanner delivers it that is fed askew and
// whose image must be turned clockwise by turn to be upright.
func sheetPage(turn int, skew float64) (*raster.Page, geom.Homography) {
	w, h := int(210*perMM), int(297*perMM)
	toPix := geom.Translate(geom.Point{X: float64(w) / 2, Y: float64(h) / 2})
	if turn%180 != 0 {
		w, h = h, w
		toPix = geom.Translate(geom.Point{X: float64(w) / 2, Y: float64(h) / 2})
	}
	toPix = toPix.Mul(geom.RotateDeg(skew - float64(turn))).Mul(geom.ScaleBy(perMM, perMM)).Mul(geom.Translate(geom.Point{X: -105, Y: -148.5}))
	p := &raster.Page{Y: raster.NewPlane(w, h), SubX: 1, SubY: 1, DPIX: perMM * 25.4, DPIY: perMM * 25.4}
	fromPix, _ := toPix.Inverse()
	for y := range h {
		for x := range w {
			p.Y.Pix[y*w+x] = 245
			if landmark.Contains(fromPix.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})) {
				p.Y.Pix[y*w+x] = 0
			}
		}
	}
	return p, toPix
}

// shelve writes a scan and returns where its page is.
func shelve(t *testing.T, name string, b []byte, page int, toPix geom.Homography) Scan {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, b, 0o600))
	src, err := raster.Open(file)
	require.NoError(t, err)
	p, err := src.Page(page)
	require.NoError(t, err)
	hash, err := src.Hash(page)
	require.NoError(t, err)
	return Scan{File: file, Name: name, Page: page, Image: hash, Width: p.W(), Height: p.H(), MMToPix: toPix}
}

func asJPEG(t *testing.T, p *raster.Page) []byte {
	t.Helper()
	b, err := raster.EncodeJPEG(p, 90)
	require.NoError(t, err)
	return b
}

func asPNG(t *testing.T, p *raster.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, pixels(p)))
	return b.Bytes()
}

// asPDF puts a JPEG on a page of a PDF, of which it takes the upper part, and has it shown turned.
func asPDF(t *testing.T, p *raster.Page, rotate int) []byte {
	t.Helper()
	jpg := asJPEG(t, p)
	w, h := float64(p.W())/p.DPIX*72, float64(p.H())/p.DPIY*72
	content := fmt.Sprintf("q %.4f 0 0 %.4f 10 30 cm /Im Do Q", w, h)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		fmt.Sprintf("<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [10 30 %.4f %.4f] /Rotate %d /Resources 6 0 R >>", w+10, h+30, rotate),
		"<< /Type /Page /Parent 2 0 R /Contents [4 0 R] >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream",
			p.W(), p.H(), len(jpg), jpg),
		"<< /XObject << /Im 5 0 R >> >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
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

// tiffOf is a little-endian TIFF of one page; tags are numbers of 32 bits, strips its data.
func tiffOf(tags map[int][]int, strips ...[]byte) []byte {
	o := binary.LittleEndian
	b := o.AppendUint32([]byte("II*\x00"), 0)
	var offsets, counts []int
	for _, s := range strips {
		offsets, counts = append(offsets, len(b)), append(counts, len(s))
		b = append(b, s...)
	}
	tags[tagOffsets], tags[tagCounts] = offsets, counts
	at := map[int]int{}
	for tag, v := range tags {
		if len(v) > 1 {
			at[tag] = len(b)
			for _, n := range v {
				b = o.AppendUint32(b, uint32(n))
			}
		}
	}
	o.PutUint32(b[4:], uint32(len(b)))
	b = o.AppendUint16(b, uint16(len(tags)))
	for tag := range 400 {
		v, ok := tags[tag]
		if !ok {
			continue
		}
		b = o.AppendUint32(o.AppendUint16(o.AppendUint16(b, uint16(tag)), 4), uint32(len(v)))
		if len(v) > 1 {
			b = o.AppendUint32(b, uint32(at[tag]))
		} else {
			b = o.AppendUint32(b, uint32(v[0]))
		}
	}
	return o.AppendUint32(b, 0)
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write(b) // to memory
	_ = z.Close()
	return out.Bytes()
}

// pressed writes a booklet and returns its file.
func pressed(t *testing.T, b Booklet) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, writeAlone(&out, b))
	file := filepath.Join(t.TempDir(), "out.pdf")
	require.NoError(t, os.WriteFile(file, out.Bytes(), 0o600))
	return file
}

// imagesIn returns the bytes of all images of a PDF, as packed, by filter.
func imagesIn(t *testing.T, file string) (raw [][]byte) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	ctx, err := pdfcpu.Read(f, model.NewDefaultConfiguration())
	require.NoError(t, err)
	for n := 1; n < *ctx.Size; n++ {
		o, err := ctx.Dereference(*types.NewIndirectRef(n, 0))
		require.NoError(t, err)
		if sd, ok := o.(types.StreamDict); ok && sd.Subtype() != nil && *sd.Subtype() == "Image" {
			raw = append(raw, sd.Raw)
		}
	}
	return raw
}

// writeAlone writes one booklet with a press of its own.
func writeAlone(w io.Writer, b Booklet) error {
	var p Press
	defer p.Close()
	return p.Write(w, b)
}
