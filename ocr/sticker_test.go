package ocr

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

func savePNG(t testing.TB, path string, p *raster.Plane) {
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, png.Encode(f, &image.Gray{Pix: p.Pix, Stride: p.Stride, Rect: image.Rect(0, 0, p.W, p.H)}))
}

var stickerKinds = []struct {
	name string
	simSticker
}{
	{"qr", simSticker{symbology: symQR}},
	{"dm", simSticker{symbology: symDataMatrix}},
	{"dmrect", simSticker{symbology: symDataMatrix, rectangular: true}},
	{"128", simSticker{symbology: symCode128}},
}

// TestStickerConditions prints how many stickers are read in each condition.
func TestStickerConditions(t *testing.T) {
	out := os.Getenv("OUT")
	r := NewReader()
	defer r.Close()
	form := simFormPage(t)
	conditions := []struct {
		name   string
		scan   simScan
		stroke float64
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
	}
	angles := []float64{0, 2, -9, 17, 45, 90, 133, 180, 251, 300}
	if os.Getenv("N") != "" {
		angles = []float64{4, 28, 251}
	}
	for _, k := range stickerKinds {
		for _, c := range conditions {
			agree, alone, review, wrong := 0, 0, 0, 0
			var start time.Duration
			for i, deg := range angles {
				s := k.simSticker
				s.code = fmt.Sprintf("%07d", 20200811+i*7919)
				s.printed = s.code
				page := simForm(t)
				at := simField.Center().Add(geom.Point{X: float64(i%5)*3 - 6, Y: float64(i%3)*4 - 4})
				drawn := s.draw(t)
				if c.stroke > 0 {
					drawn.stroke(geom.Point{X: 1, Y: float64(2 + i)}, geom.Point{X: 30, Y: 14 - float64(i)}, c.stroke, 60)
				}
				page.place(drawn, at, deg)
				c.scan.seed, c.scan.skewDeg = uint64(i), float64(i%3)-1
				v := c.scan.of(page)
				t0 := cpuTime()
				got := r.ReadSticker(v, form, simField)
				start += cpuTime() - t0
				switch {
				case got.Value == "" || got.Reason != "":
					review++
				case got.Value != s.code:
					wrong++
				case got.Printed == s.code:
					agree++
				default:
					alone++
				}
				if out != "" && got.Printed != s.code {
					savePNG(t, fmt.Sprintf("%s/%s-%s-%v.png", out, k.name, c.name, deg), v.Page.Y)
					t.Logf("%s %s %v: %+v", k.name, c.name, deg, got)
				}
			}
			t.Logf("%-7s %-12s agree %d alone %d review %d wrong %d (%v)", k.name, c.name, agree, alone, review, wrong, start/time.Duration(len(angles)))
		}
	}
}
