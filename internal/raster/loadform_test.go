package raster

import (
	"image"
	"math"
	"os"
	"path/filepath"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/shareddata"
)

// boxPDF draws a black square of 10 mm at (30, 50) mm on A4 and one on a smaller page.
func boxPDF(t testing.TB) string {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddPage()
	pdf.SetFillColor(0, 0, 0)
	pdf.Rect(30, 50, 10, 10, "F")
	pdf.AddPageFormat("P", fpdf.SizeType{Wd: 100, Ht: 150})
	pdf.SetFillColor(255, 0, 0)
	pdf.Rect(30, 50, 10, 10, "F")
	path := filepath.Join(t.TempDir(), "form.pdf")
	require.NoError(t, pdf.OutputFileAndClose(path))
	return path
}

// centreOfInk returns the weighted centre of darkness in mm.
func centreOfInk(p FormPage) geom.Point {
	inv, _ := p.MMToPix.Inverse()
	var sx, sy, sum float64
	for y := range p.Page.H() {
		for x, v := range p.Page.Y.Row(y) {
			d := float64(255 - v)
			sx, sy, sum = sx+d*(float64(x)+0.5), sy+d*(float64(y)+0.5), sum+d
		}
	}
	return inv.Apply(geom.Point{X: sx / sum, Y: sy / sum})
}

func TestLoadFormGeometry(t *testing.T) {
	pages, err := LoadForm(boxPDF(t), "")
	require.NoError(t, err)
	require.Len(t, pages, 2)
	for i, size := range [][2]float64{{210, 297}, {100, 150}} {
		assert.InDelta(t, size[0], pages[i].WidthMM, 0.01)
		assert.InDelta(t, size[1], pages[i].HeightMM, 0.01)
		c := centreOfInk(pages[i])
		assert.InDelta(t, 35, c.X, 0.025) // half a pixel of the finer drawing
		assert.InDelta(t, 55, c.Y, 0.025)
		assert.False(t, pages[i].Page.HasColour())
		assert.InDelta(t, FormDPI, pages[i].Page.DPIX, 0.5)
	}
}

func TestLoadFormCache(t *testing.T) {
	path, dir := boxPDF(t), filepath.Join(t.TempDir(), "cache")
	first, err := LoadForm(path, dir)
	require.NoError(t, err)
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	require.Len(t, files, 1)
	b, err := os.ReadFile(files[0])
	require.NoError(t, err)
	same := func() {
		got, err := LoadForm(path, dir)
		require.NoError(t, err)
		require.Equal(t, first, got)
	}
	same()
	_, ok := loadFormCache(files[0])
	assert.True(t, ok)
	for _, bad := range [][]byte{{}, b[:len(b)/2], append([]byte{1, 2, 3, 4}, b[4:]...), append(append([]byte{}, b...), 0)} {
		require.NoError(t, os.WriteFile(files[0], bad, 0o666))
		_, ok := loadFormCache(files[0])
		assert.False(t, ok)
		same()
	}
	again, err := os.ReadFile(files[0])
	require.NoError(t, err)
	assert.Equal(t, b, again, "remade")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	_, err = LoadForm(path, filepath.Join(dir, "file"))
	assert.NoError(t, err, "a cache that cannot be written is no error")
}

func TestPackRuns(t *testing.T) {
	for _, runs := range [][]int{{1}, {2}, {3}, {127}, {128}, {129}, {130}, {400, 1, 1, 3, 2, 70000}, {1, 1, 1, 2, 2, 1, 129, 128, 1}} {
		var pix []byte
		for i, n := range runs {
			for range n {
				pix = append(pix, byte(i*37+1))
			}
		}
		packed := packRuns(nil, &Plane{Pix: pix, Stride: len(pix), W: len(pix), H: 1})
		out := make([]byte, len(pix))
		require.True(t, unpackRuns(out, packed), "%v", runs)
		require.Equal(t, pix, out)
		assert.False(t, unpackRuns(out[:len(out)-1], packed))
		assert.False(t, unpackRuns(make([]byte, len(pix)+1), packed))
	}
	noise := noisePlane(1000, 3, 5)
	out := make([]byte, 3000)
	require.True(t, unpackRuns(out, packRuns(nil, noise)))
	requireNear(t, noise, &Plane{Pix: out, Stride: 1000, W: 1000, H: 3}, 0)
}

func TestLoadFormImages(t *testing.T) {
	p := newGreyPage(1240, 1754) // 150 dpi
	fill(p.Y.Pix, 255)
	px := 1240.0 / 210
	for y := int(50 * px); y < int(60*px); y++ {
		fill(p.Y.Row(y)[int(30*px):int(40*px)], 0)
	}
	g := image.NewGray(image.Rect(0, 0, 1240, 1754))
	copy(g.Pix, p.Y.Pix)
	turned := p.Y.upright(270)
	for name, file := range map[string][]byte{
		"png without dpi": pngBytes(t, g),
		"png with dpi":    withPHYs(pngBytes(t, g), 5906),
		"turned jpeg":     withSegment(jpegOf(t, &Page{Y: turned, SubX: 1, SubY: 1}), 0xE1, exifBlock(6, 150)),
	} {
		pages, err := LoadForm(writeTemp(t, "form.png", file), "")
		require.NoError(t, err, name)
		require.Len(t, pages, 1)
		c := centreOfInk(pages[0])
		assert.InDelta(t, 35, c.X, 0.2, name)
		assert.InDelta(t, 55, c.Y, 0.2, name)
		assert.InDelta(t, 210, pages[0].WidthMM, 0.1, name)
		assert.InDelta(t, 1654, pages[0].Page.W(), 1, name)
	}
	w, h := paperSize(1100, 850)
	assert.Equal(t, [2]float64{279.4, 215.9}, [2]float64{w, h})
}

func TestLoadFormErrors(t *testing.T) {
	var damaged *FormatError
	_, err := LoadForm(writeTemp(t, "form.pdf", nil), "")
	require.ErrorAs(t, err, &damaged)
	_, err = LoadForm(writeTemp(t, "form.pdf", []byte("%PDF-1.4 rubbish")), "")
	require.ErrorAs(t, err, &damaged)
}

// The drawing carries what annotations and form fields look like in print, in the
// CropBox, turned.
func TestLoadFormAnnotationsCropRotate(t *testing.T) {
	look := pdfStream("/Type /XObject /Subtype /Form /BBox [0 0 20 20]", []byte("0 g 0 0 20 20 re f"))
	b := onePagePDF("/Rotate 90 /CropBox [0 0 144 144] /Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /F 4 /Rect [10 100 30 120] /AP << /N 5 0 R >> >>]",
		"", look)
	pages, err := LoadForm(writeTemp(t, "form.pdf", b), "")
	require.NoError(t, err)
	assert.InDelta(t, 50.8, pages[0].HeightMM, 0.01)
	c := centreOfInk(pages[0]) // 20, 34 points from the top left; a clockwise turn puts it 34 from the right
	assert.InDelta(t, (144-34)*mmPerInch/72, c.X, 0.05)
	assert.InDelta(t, 20*mmPerInch/72, c.Y, 0.05)
	require.False(t, math.IsNaN(c.X))
}

func TestRenderPDFColour(t *testing.T) {
	path := boxPDF(t)
	p, err := RenderPDF(path, 2, 150)
	require.NoError(t, err)
	require.True(t, p.HasColour())
	assert.InDelta(t, 150, p.DPIX, 0.5)
	x, y := int(35*p.DPIX/mmPerInch), int(55*p.DPIY/mmPerInch)
	assert.InDelta(t, 76, int(p.Y.At(x, y)), 2)
	assert.Greater(t, p.Cr.At(x, y), uint8(240))
	assert.Equal(t, uint8(255), p.Y.At(3, 3))
	_, err = RenderPDF(path, 3, 150)
	var damaged *FormatError
	require.ErrorAs(t, err, &damaged)
}

func TestLoadFormReal(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shareddata.Path(t), "forms", "*.pdf"))
	require.NotEmpty(t, files)
	for _, f := range files[:min(2, len(files))] { // a second of drawing a file
		pages, err := LoadForm(f, "")
		require.NoError(t, err)
		assert.GreaterOrEqual(t, len(pages), 8)
	}
}
