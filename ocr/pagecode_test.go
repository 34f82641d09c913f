package ocr

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/makiuchi-d/gozxing/datamatrix/encoder"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

func TestParsePageCode(t *testing.T) {
	for _, c := range []struct {
		text, exam, copyID string
		page               int
		ok                 bool
	}{
		{"IN-I2DL-1-20200811-E0134-07", "IN-I2DL-1-20200811", "E0134", 7, true},
		{"exam-12-1", "exam", "12", 1, true},
		{"exam-12-016", "exam", "12", 16, true},
		{"exam-12-0", "", "", 0, false},
		{"exam-12-x", "", "", 0, false},
		{"exam--1", "", "", 0, false},
		{"-12-1", "", "", 0, false},
		{"12-1", "", "", 0, false},
		{"20200811", "", "", 0, false},
		{"exam-12-99999999999999999999", "", "", 0, false},
		{"", "", "", 0, false},
	} {
		exam, copyID, page, ok := ParsePageCode(c.text)
		require.Equal(t, c.ok, ok, c.text)
		if ok {
			assert.Equal(t, []any{c.exam, c.copyID, c.page}, []any{exam, copyID, page}, c.text)
		}
	}
}

// simPage draws a page of 210 x 297 mm with writing all over it and the codes of
// an issued copy: three rectangular ones, the upper one square on a cover.
func simPage(t testing.TB, code string, cover bool) canvas {
	c := newCanvas(210, 297)
	rng := rand.New(rand.NewPCG(7, 7))
	for y := 18.0; y < 280; y += 6 {
		line := ""
		for range 80 {
			line += string(rune('a' + rng.IntN(26)))
		}
		c.text(t, 25, y, 3.6, line)
	}
	c.text(t, 90, 290, 3.5, "- Page 5 / 20 -")
	c.text(t, 140, 290, 2.6, "code "+code)
	c.fill(geom.Box{X: 0, Y: 10, W: 7, H: 270}, 200)
	c.fill(geom.Box{X: 40, Y: 287, W: 4.3, H: 4.3}, 0)
	c.fill(geom.Box{X: 40.7, Y: 287.7, W: 2.9, H: 2.9}, 255)
	if code == "" {
		return c
	}
	rect, err := datamatrix.NewDataMatrixWriter().Encode(code, gozxing.BarcodeFormat_DATA_MATRIX, 1, 1, map[gozxing.EncodeHintType]interface{}{
		gozxing.EncodeHintType_DATA_MATRIX_SHAPE: encoder.SymbolShapeHint_FORCE_RECTANGLE,
		gozxing.EncodeHintType_MIN_SIZE:          dim(36, 16)})
	require.NoError(t, err)
	require.Equal(t, 36, rect.GetWidth())
	boxes := []geom.Box{{X: 190, Y: 5, W: 15, H: 6.67}, {X: 20, Y: 285.33, W: 15, H: 6.67}, {X: 190, Y: 285.33, W: 15, H: 6.67}}
	if cover {
		boxes = boxes[1:]
		c.fill(geom.Box{X: 194, Y: 9, W: 13, H: 13}, 255)
		c.matrix(geom.Box{X: 195, Y: 10, W: 10, H: 10}, encoded(t, symDataMatrix, code, false))
	}
	for _, b := range boxes {
		c.fill(b.Inset(-1), 255)
		c.matrix(b, rect)
	}
	return c
}

func dim(w, h int) *gozxing.Dimension {
	d, err := gozxing.NewDimension(w, h)
	if err != nil {
		panic(err)
	}
	return d
}

const simCode = "IN-I2DL-1-20200811-E0134-07"

func TestFindPageCodes(t *testing.T) {
	r := NewReader()
	for _, cover := range []bool{false, true} {
		page := simPage(t, simCode, cover)
		for i, s := range []simScan{
			{dpi: 150, contrast: 1, noise: 5},
			{dpi: 150, contrast: 1, noise: 5, skewDeg: 1.7},
			{dpi: 200, contrast: 1, noise: 12, skewDeg: -2},
			{dpi: 200, contrast: 1, noise: 20, bilevel: true, skewDeg: 1},
			{dpi: 300, contrast: 1, noise: 5, skewDeg: 0.8, blur: 0.08},
			{dpi: 300, contrast: 0.4, noise: 5, skewDeg: 3},
			{dpi: 300, contrast: 1, noise: 20, bilevel: true},
			{dpi: 600, contrast: 1, noise: 5, skewDeg: -1},
		} {
			if cover && i%3 != 0 {
				continue // the square code differs in nothing else
			}
			v := s.of(page)
			codes := r.FindPageCodes(v, 210, 297)
			name := fmt.Sprintf("cover %v, %+v", cover, s)
			if assert.Len(t, codes, 3, name) {
				for i, want := range []geom.Point{{X: 197.5, Y: 8.3}, {X: 27.5, Y: 288.7}, {X: 197.5, Y: 288.7}} {
					if cover && i == 0 {
						want = geom.Point{X: 200, Y: 15}
					}
					assert.Equal(t, simCode, codes[i].Text)
					assert.Equal(t, 7, codes[i].Page)
					assert.Less(t, codes[i].Center.Sub(want).Norm(), 0.7, name)
				}
			}
			raw := r.FindPageCodesRaw(v.Page, s.dpi/25.4)
			assert.Len(t, raw, 3, "raw, "+name)
		}
	}
}

// TestFindPageCodesTurned reads a page that lies on its head or its side.
func TestFindPageCodesTurned(t *testing.T) {
	page := simPage(t, simCode, false)
	v := simScan{dpi: 200, contrast: 1, noise: 5, skewDeg: 2}.of(page)
	for _, deg := range []float64{90, 180, 270} {
		p, _ := turned(v.Page.Y, deg)
		codes := NewReader().FindPageCodesRaw(&raster.Page{Y: p}, 200/25.4)
		require.Len(t, codes, 3, "%v", deg)
		for _, c := range codes {
			assert.Equal(t, "E0134", c.Copy)
		}
	}
}

func TestFindPageCodesOnPageWithout(t *testing.T) {
	v := simScan{dpi: 200, contrast: 1, noise: 5}.of(simPage(t, "", false))
	assert.Empty(t, NewReader().FindPageCodes(v, 210, 297))
	assert.Empty(t, NewReader().FindPageCodesRaw(v.Page, 200/25.4))
}

// BenchmarkFindPageCodes reports CPU time, which other work on the machine does not
// stretch.
func BenchmarkFindPageCodes(b *testing.B) {
	for _, code := range []string{simCode, ""} {
		page := simPage(b, code, false)
		for _, dpi := range []float64{150, 300} {
			v := simScan{dpi: dpi, contrast: 1, noise: 5, skewDeg: 1}.of(page)
			r := NewReader()
			name := fmt.Sprintf("%vdpi/codes=%v", dpi, code != "")
			b.Run(name, cpuTimed(func() { r.FindPageCodes(v, 210, 297) }))
			b.Run("raw/"+name, cpuTimed(func() { r.FindPageCodesRaw(v.Page, dpi/25.4) }))
		}
	}
}

func cpuTimed(f func()) func(b *testing.B) {
	return func(b *testing.B) {
		start := cpuTime()
		for b.Loop() {
			f()
		}
		b.ReportMetric((cpuTime()-start).Seconds()*1000/float64(b.N), "cpu-ms/op")
	}
}

// cpuTime is the time this process has spent on processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
