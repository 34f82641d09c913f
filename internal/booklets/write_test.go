package booklets

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

// middle returns the middle of the pixels of a page that a test accepts, and their number.
func middle(p *raster.Page, accept func(r, g, b int) bool) (at geom.Point, n int) {
	for y := range p.H() {
		for x := range p.W() {
			l, cb, cr := int(p.Y.At(x, y)), 0, 0
			if p.HasColour() {
				cb, cr = int(p.Cb.At(x/p.SubX, y/p.SubY))-128, int(p.Cr.At(x/p.SubX, y/p.SubY))-128
			}
			if accept(l+1402*cr/1000, l-344*cb/1000-714*cr/1000, l+1772*cb/1000) {
				at, n = at.Add(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}), n+1
			}
		}
	}
	return at.Scale(1 / float64(max(n, 1))), n
}

func isBlack(r, g, b int) bool { return max(r, g, b) < 60 }

// isWrong accepts the colour of what is not as the key says, and of nothing else.
func isWrong(r, g, b int) bool { return r > 130 && g < 80 && b > 70 }

// isRight accepts the colour of what is as the key says.
func isRight(r, g, b int) bool { return r < 90 && g > 80 && b > 100 && b < 200 }

// A mark must land on its box and stand upright, however the page lies in whatever file.
func TestMarksLandOnTheirBoxes(t *testing.T) {
	files := map[string]func(t *testing.T, p *raster.Page) (string, []byte){
		"jpeg":     func(t *testing.T, p *raster.Page) (string, []byte) { return "a.jpg", asJPEG(t, p) },
		"png":      func(t *testing.T, p *raster.Page) (string, []byte) { return "a.png", asPNG(t, p) },
		"pdf":      func(t *testing.T, p *raster.Page) (string, []byte) { return "a.pdf", asPDF(t, p, 0) },
		"pdf, 90":  func(t *testing.T, p *raster.Page) (string, []byte) { return "a.pdf", asPDF(t, p, 90) },
		"tiff":     func(_ *testing.T, p *raster.Page) (string, []byte) { return "a.tif", greyTIFF(p, 1) },
		"mirrored": func(_ *testing.T, p *raster.Page) (string, []byte) { return "a.tif", greyTIFF(mirror(p), 2) },
	}
	for name, pack := range files {
		for turn := 0; turn < 360; turn += 90 {
			t.Run(fmt.Sprintf("%s %d", name, turn), func(t *testing.T) {
				p, toPix := sheetPage(turn, 2.5)
				file, b := pack(t, p)
				page := Page{FormPage: 1, WidthMM: 210, HeightMM: 297, Scan: shelve(t, file, b, 1, toPix), Marks: []Mark{
					{Box: landmark.Inset(-3), Look: Wrong, Frame: true, Side: Within},
					{Box: geom.Box{X: 120, Y: 38, W: 16, H: 16}, Look: Right, Frame: true},
				}}
				const dpi = 120
				cover := Page{WidthMM: 210, HeightMM: 297, Scan: page.Scan} // which has these colours in its legend
				drawn, err := raster.RenderPDF(pressed(t, Booklet{ID: "B001", Pages: []Page{cover, page}}), 2, dpi)
				require.NoError(t, err)
				square, n := middle(drawn, isBlack)
				require.Greater(t, n, 1500, "the landmark is seen")
				frame, n := middle(drawn, isWrong)
				require.Greater(t, n, 150, "the frame is seen")
				// The sign in the frame's corner moves the middle of its colour by less than 1.5 mm.
				assert.Less(t, square.Sub(frame).Norm()/dpi*25.4, 1.5)
				other, n := middle(drawn, isRight)
				require.Greater(t, n, 50)
				// Upright: what is right of the landmark on the form is so on the page.
				assert.InDelta(t, 0, math.Atan2(other.Y-square.Y, other.X-square.X)*180/math.Pi, 6)
				assert.InDelta(t, 92, other.Sub(square).Norm()/dpi*25.4, 2.5, "as large as on paper")
			})
		}
	}
}

// greyTIFF is a page in three deflated strips with an orientation.
func greyTIFF(p *raster.Page, orientation int) []byte {
	rows := p.H()/3 + 1
	var strips [][]byte
	for y := 0; y < p.H(); y += rows {
		strips = append(strips, deflate(p.Y.Pix[y*p.W():min(y+rows, p.H())*p.W()]))
	}
	return tiffOf(map[int][]int{tagWidth: {p.W()}, tagHeight: {p.H()}, tagBits: {8}, tagCompression: {packDeflate},
		tagPhotometric: {1}, 274: {orientation}, tagSamples: {1}, tagRows: {rows}}, strips...)
}

func mirror(p *raster.Page) *raster.Page {
	q := *p
	q.Y = raster.NewPlane(p.W(), p.H())
	for y := range p.H() {
		copy(q.Y.Row(y), p.Y.Row(y))
		slices.Reverse(q.Y.Row(y))
	}
	return &q
}

func TestImagesAreTakenOverByteForByte(t *testing.T) {
	p, toPix := sheetPage(0, 0)
	jpg := asJPEG(t, p)
	shown := func(name string, b []byte) string {
		return pressed(t, Booklet{ID: "B", Pages: []Page{{WidthMM: 210, HeightMM: 297, Scan: shelve(t, name, b, 1, toPix)}}})
	}
	assert.Equal(t, [][]byte{jpg}, imagesIn(t, shown("a.jpg", jpg)))
	assert.Equal(t, [][]byte{jpg}, imagesIn(t, shown("a.pdf", asPDF(t, p, 180))))

	tiff := greyTIFF(p, 1)
	bands := imagesIn(t, shown("a.tif", tiff))
	require.Len(t, bands, 3)
	for _, b := range bands {
		assert.True(t, bytes.Contains(tiff, b))
	}
	pngFile := asPNG(t, p)
	image := imagesIn(t, shown("a.png", pngFile))
	require.Len(t, image, 1)
	assert.True(t, bytes.HasPrefix(image[0], []byte{0x78}), "still packed as zlib does")
	for _, size := range []int{100, 1000} { // pieces of it, as the file cuts it
		assert.True(t, bytes.Contains(pngFile, image[0][:size]))
	}
}

func TestTwoPagesOfOnePDFShareWhatTheyShare(t *testing.T) {
	p, toPix := sheetPage(0, 0)
	scan := shelve(t, "a.pdf", asPDF(t, p, 0), 1, toPix)
	page := Page{WidthMM: 210, HeightMM: 297, Scan: scan}
	assert.Len(t, imagesIn(t, pressed(t, Booklet{ID: "B", Pages: []Page{page, page}})), 1)
}

func TestTextCanBeSearched(t *testing.T) {
	p, toPix := sheetPage(90, 1)
	total, third := 3.5, 2.5
	b := Booklet{ID: "B007", Code: "0012345", Exam: "Grundlagen der Messtechnik (2)", Total: &total, Worth: 7, Grade: "2.3", Watermark: true,
		Rows: []Row{{"1", "Multiple Choice", &third, 3}, {"2", "Größen", nil, 4}}, Notes: []string{"Missing pages: 3"},
		Pages: []Page{{WidthMM: 210, HeightMM: 297, Scan: shelve(t, "a.pdf", asPDF(t, p, 0), 1, toPix), Notes: []string{`a note (with \ signs)`},
			Marks: []Mark{{Box: geom.Box{X: 60, Y: 150, W: 4, H: 4}, Look: Right, Text: "re-marked", Decided: true, Frame: true}}}}}
	file := pressed(t, b)
	layouts, err := raster.ReadLayout(file)
	require.NoError(t, err)
	var words []string
	for _, w := range layouts[0].Words {
		words = append(words, w.Text)
	}
	all := strings.Join(words, " ")
	for _, want := range []string{"0012345", "Problem 1 Multiple Choice", "2.5 / 3", "Größen", "? / 4", "Total", "3.5 / 7", "Grade", "2.3", "Missing pages: 3", "re-marked", `a note (with \ signs)`} {
		assert.Contains(t, all, want)
	}
}

func TestPress(t *testing.T) {
	p, toPix := sheetPage(0, 0)
	scan := shelve(t, "a.jpg", asJPEG(t, p), 1, toPix)
	page := Page{FormPage: 4, WidthMM: 210, HeightMM: 297, Scan: scan}
	write := func(s Scan) error {
		page.Scan = s
		var out bytes.Buffer
		err := writeAlone(&out, Booklet{ID: "B002", Pages: []Page{page}})
		if err != nil {
			assert.Zero(t, out.Len(), "nothing is written")
		}
		return err
	}
	require.NoError(t, write(scan))
	assert.ErrorContains(t, writeAlone(&bytes.Buffer{}, Booklet{ID: "B"}), "without pages")

	changed := scan
	changed.Image = strings.Repeat("0", 64)
	err := write(changed)
	assert.ErrorIs(t, err, ErrScan)
	assert.ErrorContains(t, err, "booklet B002")
	assert.ErrorContains(t, err, "page 1 of a.jpg")

	require.NoError(t, os.Remove(scan.File))
	err = write(scan)
	assert.ErrorIs(t, err, ErrScan)
	assert.ErrorContains(t, err, "put the file back")
}

func TestPressesRunBesideEachOther(t *testing.T) {
	p, toPix := sheetPage(0, 0)
	page := Page{WidthMM: 210, HeightMM: 297, Scan: shelve(t, "a.pdf", asPDF(t, p, 0), 1, toPix)}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var press Press
			defer press.Close()
			for range 3 {
				assert.NoError(t, press.Write(io.Discard, Booklet{ID: "B", Code: "1", Pages: []Page{page, page}}))
			}
		})
	}
	all.Wait()
}

func TestPressKeepsFewFilesOpen(t *testing.T) {
	p, toPix := sheetPage(0, 0)
	var press Press
	defer press.Close()
	for i := range 4 {
		s := shelve(t, fmt.Sprintf("%d.jpg", i), asJPEG(t, p), 1, toPix)
		_, err := press.source(s)
		require.NoError(t, err)
		press.open[len(press.open)-1].size = maxOpenBytes / 2
		press.shrink()
	}
	assert.Len(t, press.open, 2)
	assert.Equal(t, "3.jpg", filepath.Base(press.open[1].file))
}

func TestDamagedPageIsSaid(t *testing.T) {
	p, toPix := sheetPage(0, 0)
	b := asPNG(t, p)
	file := filepath.Join(t.TempDir(), "bad.png")
	cut := append(slices.Clone(b[:len(b)/2]), b[len(b)-12:]...)
	cut[8+4+4+8+4] = 1 // IHDR says interlaced: the samples must be decoded, and are not all there
	require.NoError(t, os.WriteFile(file, cut, 0o600))
	src, err := raster.Open(file)
	require.NoError(t, err)
	hash, err := src.Hash(1)
	require.NoError(t, err)
	cut[8+4+4+8+4] = 1
	page := Page{FormPage: 4, Scan: Scan{File: file, Name: "bad.png", Page: 1, Image: hash, MMToPix: toPix}}
	layouts, err := raster.ReadLayout(pressed(t, Booklet{ID: "B", Pages: []Page{page}}))
	require.NoError(t, err)
	var words []string
	for _, w := range layouts[0].Words {
		words = append(words, w.Text)
	}
	assert.Contains(t, strings.Join(words, " "), "This page cannot be shown")
}
