package ocr

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

var stickerKinds = []struct {
	name string
	simSticker
}{
	{"qr", simSticker{symbology: symQR}},
	{"dm", simSticker{symbology: symDataMatrix}},
	{"dmrect", simSticker{symbology: symDataMatrix, rectangular: true}},
	{"128", simSticker{symbology: symCode128}},
}

// stickerTally counts what became of the stickers of one condition.
type stickerTally struct{ agree, alone, review, wrong int }

func (n *stickerTally) count(got StickerReading, code string) {
	switch {
	case got.Value != "" && got.Value != code:
		n.wrong++
	case got.Reason != "":
		n.review++
	case got.Printed == code:
		n.agree++
	default:
		n.alone++
	}
}

// TestStickerConditions reads clean stickers of every kind in every kind of scan:
// code and number must both be read. Written-over ones may go to review, and no
// sticker may be misread. SCAN_STICKERS=all tries ten places and angles instead of
// one and prints a table.
func TestStickerConditions(t *testing.T) {
	angles := []float64{0, 2, -9, 17, 45, 90, 133, 180, 251, 300}
	blank := simForm(t)
	form := simFormPage(blank)
	r := NewReader()
	defer r.Close()
	all := os.Getenv("SCAN_STICKERS") == "all"
	for ci, c := range []struct {
		name string
		scan simScan
		pen  float64 // mm, width of a stroke across code and number
	}{
		{"150 dpi", simScan{dpi: 150, contrast: 1, noise: 5, blur: 0.04}, 0},
		{"200 dpi", simScan{dpi: 200, contrast: 1, noise: 5, blur: 0.04}, 0},
		{"300 dpi", simScan{dpi: 300, contrast: 1, noise: 5, blur: 0.04}, 0},
		{"600 dpi", simScan{dpi: 600, contrast: 1, noise: 5, blur: 0.04}, 0},
		{"300 blurred", simScan{dpi: 300, contrast: 1, noise: 5, blur: 0.17}, 0},
		{"300 noisy", simScan{dpi: 300, contrast: 1, noise: 30}, 0},
		{"300 weak", simScan{dpi: 300, contrast: 0.25, noise: 5}, 0},
		{"150 weak", simScan{dpi: 150, contrast: 0.3, noise: 5, blur: 0.08}, 0},
		{"300 1-bit", simScan{dpi: 300, contrast: 1, noise: 20, bilevel: true}, 0},
		{"200 1-bit", simScan{dpi: 200, contrast: 1, noise: 20, bilevel: true}, 0},
		{"150 1-bit", simScan{dpi: 150, contrast: 1, noise: 20, bilevel: true}, 0},
		{"300 pen 0.5", simScan{dpi: 300, contrast: 1, noise: 5}, 0.5},
		{"300 pen 1.2", simScan{dpi: 300, contrast: 1, noise: 5}, 1.2},
	} {
		for ki, k := range stickerKinds {
			var n stickerTally
			var cpu time.Duration
			for i, deg := range angles {
				if !all && i != (3*ci+7*ki)%len(angles) {
					continue
				}
				s := k.simSticker
				s.code = fmt.Sprintf("%08d", 200811+i*7919)
				s.printed = s.code
				drawn := s.draw(t)
				if c.pen > 0 {
					drawn.stroke(geom.Point{X: 1, Y: float64(2 + i)}, geom.Point{X: 30, Y: 14 - float64(i)}, c.pen, 60)
				}
				page := blank.clone()
				page.place(drawn, simField.Center().Add(geom.Point{X: float64(i%5)*3 - 6, Y: float64(i%3)*4 - 4}), deg)
				c.scan.seed, c.scan.skewDeg = uint64(i), float64(i%3)-1
				v := c.scan.of(page)
				start := cpuTime()
				got := r.ReadSticker(v, form, simField)
				cpu += cpuTime() - start
				n.count(got, s.code)
				if !all && c.pen == 0 {
					assert.Equal(t, StickerReading{Value: s.code, Code: s.code, Symbology: s.symbology, Printed: s.code,
						Confidence: confidenceBoth}, got, "%s %s %v", k.name, c.name, deg)
				}
			}
			assert.Zero(t, n.wrong, "%s %s", k.name, c.name)
			t.Logf("%-7s %-12s %+v %v", k.name, c.name, n, cpu/time.Duration(n.agree+n.alone+n.review+n.wrong))
		}
	}
}

// onCover scans a cover with stickers put on by f at 300 dpi and reads it.
func onCover(t *testing.T, f func(page canvas)) StickerReading {
	blank := simForm(t)
	page := blank.clone()
	f(page)
	r := NewReader()
	defer r.Close()
	return r.ReadSticker(simScan{dpi: 300, contrast: 1, noise: 6, skewDeg: 1, blur: 0.04}.of(page), simFormPage(blank), simField)
}

func TestStickerReasons(t *testing.T) {
	mid := simField.Center()
	for _, c := range []struct {
		name string
		draw func(page canvas)
		want StickerReading
	}{
		{"no sticker", func(canvas) {}, StickerReading{Reason: reasonNoSticker}},
		{"no sticker, dust", func(page canvas) {
			page.stroke(geom.Point{X: 40, Y: 30}, geom.Point{X: 40.5, Y: 30.5}, 0.4, 90)
		}, StickerReading{Reason: reasonNoSticker}},
		{"blank sticker", func(page canvas) { page.place(newCanvas(38, 21), mid, 1) }, StickerReading{Reason: reasonCode}},
		{"code painted over", func(page canvas) {
			s := simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t)
			s.fill(geom.Box{X: 3, Y: 3, W: 13, H: 9}, 30)
			page.place(s, mid, 0)
		}, StickerReading{Printed: "00123456", Reason: reasonCode}},
		{"another number", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123466"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symQR, Printed: "00123466", Confidence: confidenceDiffer, Reason: reasonDiffer}},
		{"a zero less", func(page canvas) {
			page.place(simSticker{symbology: symDataMatrix, code: "00123456", printed: "0123456"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symDataMatrix, Printed: "0123456", Confidence: confidenceDiffer, Reason: reasonDiffer}},
		{"no number, QR", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symQR, Confidence: confidenceRS}},
		{"no number, Code 128", func(page canvas) {
			page.place(simSticker{symbology: symCode128, code: "00123456"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symCode128, Confidence: confidenceWeak, Reason: reasonNoNumber}},
		{"letters", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "TX-40718", printed: "TX-40718"}.draw(t), mid, -4)
		}, StickerReading{Value: "TX-40718", Code: "TX-40718", Symbology: symQR, Printed: "TX-40718", Confidence: confidenceBoth}},
		{"a page code near by", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t), mid, 0)
			page.matrix(geom.Box{X: 5, Y: 50, W: 10, H: 10}, encoded(t, symDataMatrix, simCode, false))
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symQR, Printed: "00123456", Confidence: confidenceBoth}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, onCover(t, c.draw)) })
	}
}

func TestStickerTwoCodes(t *testing.T) {
	for _, second := range []string{symQR, symDataMatrix, symCode128} {
		got := onCover(t, func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t), simField.Center().Add(geom.Point{X: -4, Y: -9}), 2)
			page.place(simSticker{symbology: second, code: "00777777", printed: "00777777"}.draw(t), simField.Center().Add(geom.Point{X: 4, Y: 14}), -3)
		})
		assert.Equal(t, reasonTwoCodes, got.Reason, second)
		assert.Empty(t, got.Value)
		assert.Zero(t, got.Confidence)
		assert.Contains(t, got.Code, "00123456")
		assert.Contains(t, got.Code, "00777777")
	}
}

// TestStickerCodeOfTheForm ignores a code that the blank cover itself carries.
func TestStickerCodeOfTheForm(t *testing.T) {
	blank := simForm(t)
	blank.fill(geom.Box{X: 68, Y: 22, W: 16, H: 16}, 255)
	blank.matrix(geom.Box{X: 70, Y: 24, W: 12, H: 12}, encoded(t, symQR, "https://example.org", false))
	r := NewReader()
	defer r.Close()
	got := r.ReadSticker(simScan{dpi: 200, contrast: 1, noise: 6}.of(blank), simFormPage(blank), simField)
	assert.Equal(t, StickerReading{Reason: reasonNoSticker}, got)
}

func TestReaderWithoutForm(t *testing.T) {
	page := simForm(t)
	page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t), simField.Center(), 0)
	r := NewReader()
	got := r.ReadSticker(simScan{dpi: 300, contrast: 1, noise: 6}.of(page), raster.FormPage{}, simField)
	assert.Equal(t, "00123456", got.Value)
	require.NoError(t, r.Err())
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
}
