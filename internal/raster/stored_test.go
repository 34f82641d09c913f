package raster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
)

// requireStored compares a decoded page with what PDFium draws where StoredPage says it lies.
func requireStored(t *testing.T, b []byte) {
	t.Helper()
	src := openBytes(t, b).(*pdfFile) //nolint:forcetypeassert // every caller passes a PDF
	p, err := src.Page(1)
	require.NoError(t, err)
	s, err := StoredPage(src, 1, p.W(), p.H())
	require.NoError(t, err)
	require.NotNil(t, s.PDF)
	drawn, err := renderPDF(src.bytes, 1, 144, true)
	require.NoError(t, err)
	shown := drawn.page.Y
	toUser := shownToUser(s.PDF.Box, s.PDF.Rotate, shown.W, shown.H)
	fromUser, ok := toUser.Inverse()
	require.True(t, ok)
	toShown := fromUser.Mul(s.PixToFile)
	sum, n := 0, 0
	for y := 2; y < p.H()-2; y += 3 {
		for x := 2; x < p.W()-2; x += 3 {
			at := toShown.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			d := int(p.Y.At(x, y)) - int(shown.At(int(at.X), int(at.Y)))
			sum += max(d, -d)
			n++
		}
	}
	assert.Less(t, float64(sum)/float64(n), 6.0, "mean difference in grey levels")
}

func TestStoredPageLiesWhereItIsDrawn(t *testing.T) {
	up := testPage(96, 192)
	for _, m := range []string{"144 0 0 288 0 0", "-144 0 0 288 144 0", "144 0 0 -288 0 288", "-144 0 0 -288 144 288",
		"0 288 144 0 0 0", "0 -288 144 0 0 288", "0 288 -144 0 144 0", "0 -288 -144 0 144 288", "120 0 0 250 10 20"} {
		for _, rotate := range []int{0, 90, 180, 270} {
			img := up
			if strings.HasPrefix(m, "0") {
				img = &Page{Y: up.Y.upright(90), SubX: 1, SubY: 1}
			}
			t.Run(fmt.Sprintf("%s rotate %d", m, rotate), func(t *testing.T) {
				requireStored(t, onePagePDF(fmt.Sprintf("/Rotate %d", rotate), m+" cm /I0 Do", pdfJPEG(t, img)))
			})
		}
	}
}

func TestStoredPageOfOtherPDFs(t *testing.T) {
	up := testPage(400, 800)
	for name, b := range map[string][]byte{
		"user unit":       onePagePDF("/UserUnit 2", wholePage, pdfJPEG(t, up)),
		"halved":          onePagePDF("", wholePage, pdfJPEG(t, testPage(1001, 2001))),
		"cropped left":    onePagePDF("/CropBox [0 0 72 288]", wholePage, pdfJPEG(t, up)),
		"cropped right":   onePagePDF("/CropBox [72 30 144 200]", wholePage, pdfJPEG(t, up)),
		"mirrored, cut":   onePagePDF("/CropBox [72 30 144 200] /Rotate 90", "-144 0 0 288 144 0 cm /I0 Do", pdfJPEG(t, up)),
		"clipped":         onePagePDF("", "q 0 72 144 216 re W n 144 0 0 288 0 0 cm /I0 Do Q", pdfJPEG(t, up)),
		"rendered":        onePagePDF("/Rotate 270", wholePage+" 0 g 20 30 40 50 re f", pdfJPEG(t, up)),
		"two strips":      onePagePDF("", "q 144 0 0 144 0 144 cm /I0 Do Q q 144 0 0 144 0 0 cm /I1 Do Q", pdfJPEG(t, &Page{Y: up.Y.sub(0, 0, 400, 400), SubX: 1, SubY: 1}), pdfJPEG(t, &Page{Y: up.Y.sub(0, 400, 400, 800), SubX: 1, SubY: 1})),
		"strips, rotated": onePagePDF("/Rotate 180", "q 144 0 0 144 0 144 cm /I0 Do Q q 144 0 0 144 0 0 cm /I1 Do Q", pdfJPEG(t, &Page{Y: up.Y.sub(0, 0, 400, 400), SubX: 1, SubY: 1}), pdfJPEG(t, &Page{Y: up.Y.sub(0, 400, 400, 800), SubX: 1, SubY: 1})),
	} {
		t.Run(name, func(t *testing.T) { requireStored(t, b) })
	}
}

func TestStoredPageOfImages(t *testing.T) {
	up := testPage(90, 120)
	// Mirrored pixels of a directory that says so come out as they were meant.
	mirror := tiffSpec(90, 120, 8, 1, 1, 1, mirrored(up.Y).Pix, tiffTag{id: 274, values: []int{7}})
	src := openBytes(t, buildTIFF(tiffSpec(9, 9, 8, 1, 1, 1, make([]byte, 81)), mirror))
	p, err := src.Page(2)
	require.NoError(t, err)
	s, err := StoredPage(src, 2, p.W(), p.H())
	require.NoError(t, err)
	assert.Equal(t, KindTIFF, s.Kind)
	assert.Equal(t, [2]int{90, 120}, [2]int{s.W, s.H})
	assert.True(t, s.Mirrored)
	assert.Equal(t, p.Turn, s.Turn)
	assert.Equal(t, geom.Point{X: 80, Y: 20}, s.PixToFile.Apply(geom.Point{X: 10, Y: 20}))
	_, err = StoredPage(src, 3, 9, 9)
	assert.ErrorContains(t, err, "only 2 pages")

	half := openBytes(t, jpegOf(t, &Page{Y: testPage(1000, 2000).Y, SubX: 1, SubY: 1, DPIX: 600, DPIY: 600}))
	p, err = half.Page(1)
	require.NoError(t, err)
	s, err = StoredPage(half, 1, p.W(), p.H())
	require.NoError(t, err)
	assert.Equal(t, KindJPEG, s.Kind)
	assert.Equal(t, geom.Point{X: 200, Y: 300}, s.PixToFile.Apply(geom.Point{X: 100, Y: 150}))
}
