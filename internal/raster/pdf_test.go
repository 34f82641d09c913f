package raster

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"scan/internal/shareddata"
)

// Each row stores and places the page in another way; it must come out upright
// after Turn.
func TestPDFPlacement(t *testing.T) {
	const w, h = 96, 192
	up := testPage(w, h)
	stored := func(turn int) *Page { return &Page{Y: up.Y.upright(turn), SubX: 1, SubY: 1} }
	for _, c := range []struct {
		name, page, content string
		image               *Page
		turn                int
		dpi                 float64
	}{
		{"plain", "", wholePage, up, 0, 48},
		{"rotate 90", "/Rotate 90", "q 288 0 0 144 0 0 cm /I0 Do Q", stored(270), 90, 48},
		{"rotate 180", "/Rotate 180", wholePage, stored(180), 180, 48},
		{"rotate -90", "/Rotate -90", "q 288 0 0 144 0 0 cm /I0 Do Q", stored(90), 270, 48},
		{"matrix turns clockwise", "", "0 -288 144 0 0 288 cm /I0 Do", stored(270), 90, 48},
		{"matrix turns half", "", "-144 0 0 -288 144 288 cm /I0 Do", stored(180), 180, 48},
		{"mirrored left to right", "", "-144 0 0 288 144 0 cm /I0 Do", &Page{Y: mirrored(up.Y), SubX: 1, SubY: 1}, 0, 48},
		{"mirrored top to bottom", "", "144 0 0 -288 0 288 cm /I0 Do", &Page{Y: mirrored(up.Y).upright(180), SubX: 1, SubY: 1}, 180, 48},
		{"two matrices and a clip", "", "q 0 0 144 288 re W n 2 0 0 2 0 0 cm 72 0 0 144 0 0 cm /I0 Do Q", up, 0, 48},
		{"hidden text over it", "", wholePage + " BT 3 Tr /F 1 Tf (text \\) /I0 Do) Tj ET", up, 0, 48},
		{"drawing under it", "", "1 g 0 0 144 288 re f " + wholePage, up, 0, 48},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := c.page
			if strings.Contains(c.content, "q 288") {
				page += " /MediaBox [0 0 288 144]"
			}
			b := onePagePDF(page, c.content, pdfJPEG(t, c.image))
			src := openBytes(t, b).(*pdfFile)
			plan, err := src.plan(1)
			require.NoError(t, err)
			require.Empty(t, plan.render)
			p, err := src.Page(1)
			require.NoError(t, err)
			assert.Equal(t, c.turn, p.Turn)
			requireNear(t, up.Y, p.Y.upright(p.Turn), 1)
			assert.Zero(t, p.DPIX, "48 dpi is not believable")
		})
	}
}

// Rendering must agree with taking the image out, turned as the viewer turns it.
func TestPDFPlacementAgreesWithRenderer(t *testing.T) {
	up := testPage(96, 192)
	for _, m := range []string{"144 0 0 288 0 0", "-144 0 0 288 144 0", "144 0 0 -288 0 288", "-144 0 0 -288 144 288",
		"0 288 144 0 0 0", "0 -288 144 0 0 288", "0 288 -144 0 144 0", "0 -288 -144 0 144 288"} {
		for _, rotate := range []int{0, 90, 180, 270} {
			img := up
			if strings.HasPrefix(m, "0") {
				img = &Page{Y: up.Y.upright(90), SubX: 1, SubY: 1}
			}
			b := onePagePDF(fmt.Sprintf("/Rotate %d", rotate), m+" cm /I0 Do", pdfJPEG(t, img))
			src := openBytes(t, b).(*pdfFile)
			p, err := src.Page(1)
			require.NoError(t, err)
			r, err := renderPDF(src.bytes, 1, 48, true)
			require.NoError(t, err)
			requireNear(t, r.page.Y, p.Y.upright(p.Turn), 4)
		}
	}
}

func TestPDFResolution(t *testing.T) {
	up := testPage(400, 800)
	for _, c := range []struct {
		page, content string
		dx, dy        float64
	}{
		{"", wholePage, 200, 200},
		{"/UserUnit 2", wholePage, 100, 100},
		{"", "144 0 0 250 0 0 cm /I0 Do", 200, 800 / (250.0 / 72)},
	} {
		p := onlyPage(t, onePagePDF(c.page, c.content, pdfJPEG(t, up)))
		assert.InDelta(t, c.dx, p.DPIX, 1e-6)
		assert.InDelta(t, c.dy, p.DPIY, 1e-6)
	}
	big := testPage(1000, 2000) // 500 dpi: half size
	p := onlyPage(t, onePagePDF("", wholePage, pdfJPEG(t, big)))
	assert.Equal(t, [2]int{500, 1000}, [2]int{p.W(), p.H()})
	assert.InDelta(t, 250, p.DPIX, 1e-6)
	requireNear(t, big.Y.Half(), p.Y, 1)
}

func TestPDFCropBoxSplitsSheet(t *testing.T) {
	up := testPage(200, 200)
	left := onlyPage(t, onePagePDF("/MediaBox [0 0 144 144] /CropBox [0 0 72 144]", "144 0 0 144 0 0 cm /I0 Do", pdfJPEG(t, up)))
	right := onlyPage(t, onePagePDF("/MediaBox [0 0 144 144] /CropBox [72 0 144 144]", "144 0 0 144 0 0 cm /I0 Do", pdfJPEG(t, up)))
	requireNear(t, up.Y.sub(0, 0, 100, 200), left.Y, 1)
	requireNear(t, up.Y.sub(100, 0, 200, 200), right.Y, 1)
	assert.InDelta(t, 100, right.DPIX, 1e-6)
}

func TestPDFImageKinds(t *testing.T) {
	const w, h = 100, 200
	grey := testPage(w, h)
	bits := bilevel(grey.Y)
	rgb := make([]byte, 3*w*h)
	idx := make([]byte, w*h)
	for i, v := range grey.Y.Pix {
		rgb[3*i], rgb[3*i+1], rgb[3*i+2] = v, v, v
		idx[i] = v / 64
	}
	quarter := NewPlane(w, h)
	for i, v := range idx {
		quarter.Pix[i] = v * 80
	}
	flip := func(b []byte) []byte {
		out := bytes.Clone(b)
		for i := range out {
			out[i] = ^out[i]
		}
		return out
	}
	pack2 := make([]byte, w*h/4)
	for i, v := range idx {
		pack2[i/4] |= v << (6 - 2*(i%4))
	}
	png := func(kind byte, channels int, b []byte) []byte { return pngFiltered(kind, w*channels, channels, b) }
	for _, c := range []struct {
		name, dict string
		data       []byte
		want       *Plane
		bilevel    bool
	}{
		{"grey raw", "/BitsPerComponent 8 /ColorSpace /DeviceGray", grey.Y.Pix, grey.Y, false},
		{"grey flate", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode", deflated(grey.Y.Pix), grey.Y, false},
		{"grey inverted", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Decode [1 0]", flip(grey.Y.Pix), grey.Y, false},
		{"grey 16", "/BitsPerComponent 16 /ColorSpace /DeviceGray", wide16(grey.Y.Pix), grey.Y, false},
		{"rgb", "/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter [/FlateDecode]", deflated(rgb), grey.Y, false},
		{"icc", "/BitsPerComponent 8 /ColorSpace [/ICCBased 6 0 R]", rgb, grey.Y, false},
		{"hex and flate", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter [/ASCIIHexDecode /FlateDecode]",
			fmt.Appendf(nil, "%x>", deflated(grey.Y.Pix)), grey.Y, false},
		{"png up", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 100 >>",
			deflated(png(2, 1, grey.Y.Pix)), grey.Y, false},
		{"png sub", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode /DecodeParms << /Predictor 11 /Columns 100 >>",
			deflated(png(1, 1, grey.Y.Pix)), grey.Y, false},
		{"png average", "/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 100 /Colors 3 >>",
			deflated(png(3, 3, rgb)), grey.Y, false},
		{"png paeth", "/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode /DecodeParms [<< /Predictor 15 /Columns 100 /Colors 3 >>]",
			deflated(png(4, 3, rgb)), grey.Y, false},
		{"tiff predictor", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode /DecodeParms << /Predictor 2 /Columns 100 >>",
			deflated(differences(grey.Y)), grey.Y, false},
		{"run length", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /RunLengthDecode", literalRuns(grey.Y.Pix), grey.Y, false},
		{"indexed 2 bits", "/BitsPerComponent 2 /ColorSpace [/Indexed /DeviceGray 3 <0050A0F0>]", pack2, quarter, false},
		{"indexed string", "/BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 3 (\\000\\000\\000PPP\\240\\240\\240\\360\\360\\360)]", idx, quarter, false},
		{"1 bit", "/BitsPerComponent 1 /ColorSpace /DeviceGray", packed1(bits), bits, true},
		{"1 bit inverted", "/BitsPerComponent 1 /ColorSpace /DeviceGray /Decode [1 0]", flip(packed1(bits)), bits, true},
		{"stencil", "/ImageMask true", packed1(bits), bits, true},
		{"stencil inverted", "/ImageMask true /Decode [1 0]", flip(packed1(bits)), bits, true},
		{"fax", "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 100 /Rows 200 >>", g4(bits), bits, true},
		{"fax black is 1", "/BitsPerComponent 1 /ColorSpace /DeviceGray /Decode [1 0] /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 100 /BlackIs1 true >>",
			g4(bits), bits, true},
		{"fax stencil", "/ImageMask true /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 100 >>", g4(bits), bits, true},
		{"flate around jpeg", "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter [/FlateDecode /DCTDecode]", deflated(jpegOf(t, grey)), grey.Y, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := onePagePDF("", wholePage, pdfImageOf(w, h, c.dict, c.data), pdfStream("/N 3", []byte("profile")))
			src := openBytes(t, b).(*pdfFile)
			plan, err := src.plan(1)
			require.NoError(t, err)
			require.Empty(t, plan.render)
			require.False(t, plan.native)
			p, err := src.Page(1)
			require.NoError(t, err)
			requireNear(t, c.want, p.Y, 0.6)
			assert.Equal(t, c.bilevel, p.Bilevel)
			assert.False(t, p.HasColour())
		})
	}
}

// pngFiltered applies one PNG filter to every row, by its definition.
func pngFiltered(kind byte, row, step int, b []byte) (out []byte) {
	at := func(x, y int) int {
		if x < 0 || y < 0 {
			return 0
		}
		return int(b[y*row+x])
	}
	for y := range len(b) / row {
		out = append(out, kind)
		for x := range row {
			l, u, c := at(x-step, y), at(x, y-1), at(x-step, y-1)
			if x < step {
				c = 0
			}
			p := [5]int{0, l, u, (l + u) / 2, int(paeth(l, u, c))}[kind]
			out = append(out, byte(at(x, y)-p))
		}
	}
	return out
}

func differences(p *Plane) []byte {
	out := bytes.Clone(p.Pix)
	for y := range p.H {
		for x := p.W - 1; x > 0; x-- {
			out[y*p.W+x] -= out[y*p.W+x-1]
		}
	}
	return out
}

func wide16(b []byte) (out []byte) {
	for _, v := range b {
		out = append(out, v, 7)
	}
	return out
}

func literalRuns(b []byte) (out []byte) {
	for len(b) > 0 {
		n := min(100, len(b))
		out = append(append(out, byte(n-1)), b[:n]...)
		b = b[n:]
	}
	return append(out, 128)
}

func TestPDFColour(t *testing.T) {
	for _, sub := range [][2]int{{1, 1}, {2, 1}, {2, 2}} {
		in := colourTestPage(160, 320, sub[0], sub[1])
		p := onlyPage(t, onePagePDF("", wholePage, pdfJPEG(t, in)))
		assert.Equal(t, sub[0], p.SubX)
		assert.Equal(t, sub[1], p.SubY)
		requireNear(t, in.Y, p.Y, 1)
		requireNear(t, in.Cb, p.Cb, 1)
		requireNear(t, in.Cr, p.Cr, 1)
	}
}

func TestPDFStrips(t *testing.T) {
	up := colourTestPage(160, 320, 2, 2)
	cut := func(y0, y1 int) *Page {
		q := *up
		q.crop(0, y0, 160, y1)
		return &q
	}
	content := "q 144 0 0 144 0 144 cm /I0 Do Q q 144 0 0 72 0 72 cm /I1 Do Q q 144 0 0 72 0 0 cm /I2 Do Q"
	b := onePagePDF("", content, pdfJPEG(t, cut(0, 160)), pdfJPEG(t, cut(160, 240)), pdfJPEG(t, cut(240, 320)))
	src := openBytes(t, b).(*pdfFile)
	plan, err := src.plan(1)
	require.NoError(t, err)
	require.Empty(t, plan.render)
	p, err := src.Page(1)
	require.NoError(t, err)
	requireNear(t, up.Y, p.Y, 1)
	assert.InDelta(t, 80, p.DPIX, 0.01)
	assert.Equal(t, up.Cr.At(79, 10), p.Cr.At(159, 20))
}

func TestPDFFormXObject(t *testing.T) {
	up := testPage(96, 192)
	form := pdfStream("/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Matrix [144 0 0 288 0 0] /Resources << /XObject << /X 6 0 R >> >>", []byte("/X Do"))
	src := openBytes(t, onePagePDF("", "q /I0 Do Q", form, pdfJPEG(t, up))).(*pdfFile)
	plan, err := src.plan(1)
	require.NoError(t, err)
	require.Empty(t, plan.render)
	p, err := src.Page(1)
	require.NoError(t, err)
	requireNear(t, up.Y, p.Y, 1)
}

// What cannot be taken out is drawn; each row says why.
func TestPDFRendered(t *testing.T) {
	up := testPage(96, 192)
	mask := pdfImageOf(1, 1, "/BitsPerComponent 8 /ColorSpace /DeviceGray", []byte{255})
	masked := pdfImageOf(96, 192, "/BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 6 0 R", up.Y.Pix)
	for _, c := range []struct{ name, page, content, image, why string }{
		{"vector only", "", "0 g 10 10 20 20 re f", "null", "no image"},
		{"drawing over it", "", wholePage + " 0 g 10 10 20 20 re f", pdfJPEG(t, up), "drawing over the image"},
		{"text over it", "", wholePage + " BT (x) Tj ET", pdfJPEG(t, up), "text over the image"},
		{"small image", "", "40 0 0 40 10 10 cm /I0 Do", pdfJPEG(t, up), "images cover"},
		{"soft mask", "", wholePage, masked, "mask"},
		{"tilted", "", "100 60 -100 220 100 0 cm /I0 Do", pdfJPEG(t, up), "tilted"},
		{"annotation", "/Annots [<< /Subtype /Square /Rect [1 1 9 9] /C [1 0 0] >>]", wholePage, pdfJPEG(t, up), "annotations"},
		{"two over each other", "", wholePage + " " + wholePage, pdfJPEG(t, up), "images"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := openBytes(t, onePagePDF(c.page, c.content, c.image, mask)).(*pdfFile)
			plan, err := src.plan(1)
			require.NoError(t, err)
			require.Contains(t, plan.render, c.why)
			p, err := src.Page(1)
			require.NoError(t, err)
			assert.Equal(t, [2]int{600, 1200}, [2]int{p.W(), p.H()})
			assert.InDelta(t, 300, p.DPIX, 0.01)
			darkest := uint8(255)
			for _, v := range p.Y.Pix {
				darkest = min(darkest, v)
			}
			assert.Less(t, darkest, uint8(60))
		})
	}
	link := openBytes(t, onePagePDF("/Annots [<< /Subtype /Link /Rect [1 1 9 9] >>]", wholePage, pdfJPEG(t, up))).(*pdfFile)
	plan, err := link.plan(1)
	require.NoError(t, err)
	assert.Empty(t, plan.render, "a link shows nothing")
}

// A page whose image is not in the file must not pass for a blank sheet.
func TestPDFImageLost(t *testing.T) {
	src := openBytes(t, onePagePDF("", wholePage, "null"))
	_, err := src.Page(1)
	var malformed *FormatError
	require.ErrorAs(t, err, &malformed)
	assert.ErrorContains(t, err, "image of the page")

	beside := openBytes(t, onePagePDF("", "/Lost Do "+wholePage, pdfJPEG(t, testPage(96, 192)))).(*pdfFile)
	plan, err := beside.plan(1)
	require.NoError(t, err)
	assert.Empty(t, plan.render, "a lost stamp beside the scan")
}

// Pages of one file may be asked for at once, rendered ones among them.
func TestPDFConcurrent(t *testing.T) {
	up := testPage(96, 192)
	kids := ""
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "", pdfStream("", []byte(wholePage)), pdfJPEG(t, up),
		pdfStream("", []byte(wholePage+" 0 g 0 0 9 9 re f"))}
	const n = 300
	for i := range n {
		content := 3
		if i%50 == 0 {
			content = 5
		}
		kids += fmt.Sprintf("%d 0 R ", len(objects)+1)
		objects = append(objects, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << /XObject << /I0 4 0 R >> >> >>", content))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 144 288] >>", kids, n)
	src := openBytes(t, buildPDF(objects...))
	require.Equal(t, n, src.Pages())
	var g errgroup.Group
	g.SetLimit(8)
	for i := range n {
		g.Go(func() error {
			p, err := src.Page(i + 1)
			if err == nil && (p.W() == 96) == (i%50 == 0) {
				err = fmt.Errorf("page %d has %d pixels", i+1, p.W())
			}
			_, err2 := src.Hash(i + 1)
			return errors.Join(err, err2)
		})
	}
	require.NoError(t, g.Wait())
}

func TestUnbelievableResolution(t *testing.T) {
	p := testPage(2480, 3508)
	for dpi, want := range map[float64]float64{72: 0, 96: 0, 300: 300, 40: 0, 2000: 0, 0: 0} {
		p.setDPI(dpi, dpi)
		assert.InDelta(t, want, p.DPIX, 0)
	}
	huge := onlyPage(t, onePagePDF("/MediaBox [0 0 9000 9000]", "0 g 0 0 4500 4500 re f", "null"))
	assert.InDelta(t, 32e6, float64(huge.W()*huge.H()), 1e5)
}

func TestPDFHash(t *testing.T) {
	a, b := testPage(96, 192), testPage(96, 193)
	hash := func(extra, content string, p *Page) string {
		h, err := openBytes(t, onePagePDF(extra, content, pdfJPEG(t, p))).Hash(1)
		require.NoError(t, err)
		return h
	}
	first := hash("", wholePage, a)
	assert.Len(t, first, 64)
	assert.Equal(t, first, hash("/Annots []", " "+wholePage, a), "another file, the same page")
	assert.NotEqual(t, first, hash("/Rotate 180", wholePage, a))
	assert.NotEqual(t, first, hash("", wholePage, b))
	assert.NotEqual(t, first, hash("", wholePage+" 0 g 1 1 9 9 re f", a))
}

func TestPDFReal(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shareddata.Path(t), "real", "markus", "*.pdf"))
	require.NotEmpty(t, files)
	for _, f := range files {
		src, err := Open(f)
		require.NoError(t, err)
		require.Equal(t, 6, src.Pages())
		for n := range 6 {
			p, err := src.Page(n + 1)
			require.NoError(t, err)
			assert.Equal(t, [2]int{2550, 3300}, [2]int{p.W(), p.H()})
			assert.InDelta(t, 300, p.DPIX, 0.5)
			assert.False(t, p.HasColour())
		}
		src.Close()
	}
}
