package raster

import (
	"os"
	"path/filepath"
	"testing"

	"scan/internal/geom"
	"scan/internal/shareddata"
)

// benchPage is like a scan of A4 at 300 dpi: paper noise and lines of print.
func benchPage() *Page {
	p := colourTestPage(2480, 3508, 2, 2)
	for y := range p.H() {
		for x, row := 0, p.Y.Row(y); x < len(row); x++ {
			h := uint32(x*73856093^y*19349663) * 2654435761
			v := 240 + int(h>>29)
			if y/20%3 == 0 && (x/7+y/9)%5 == 0 && x > 200 && x < 2280 {
				v = 40 + int(h>>28)
			}
			row[x] = uint8(v)
		}
	}
	p.DPIX, p.DPIY = 300, 300
	return p
}

func BenchmarkDecodeJPEG(b *testing.B) {
	data, err := EncodeJPEG(benchPage(), 80)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d kB", len(data)/1000)
	m, _ := readJPEGMeta(data)
	b.Run("planes", func(b *testing.B) {
		for b.Loop() {
			decodeJPEG(data, m, false)
		}
	})
	b.Run("planes half", func(b *testing.B) {
		for b.Loop() {
			decodeJPEG(data, m, true)
		}
	})
	b.Run("rgb by libjpeg", func(b *testing.B) {
		for b.Loop() {
			decodeAsRGB(data)
		}
	})
}

func BenchmarkEncodeJPEG(b *testing.B) {
	p := benchPage()
	for b.Loop() {
		EncodeJPEG(p, 80)
	}
}

func BenchmarkSample(b *testing.B) {
	p := benchPage()
	tilted := geom.Translate(geom.Point{X: 9, Y: 4}).Mul(geom.RotateDeg(0.7)).Mul(geom.ScaleBy(11.811, 11.811))
	bent := tilted
	bent[6], bent[7] = 1e-6, -1e-6
	for name, h := range map[string]geom.Homography{"affine": tilted, "homography": bent} {
		v := View{Page: p, MMToPix: h}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				v.Sample(geom.Box{X: 100, Y: 100, W: 10, H: 10}, 10)
			}
		})
	}
}

func BenchmarkPDFPage(b *testing.B) {
	path := filepath.Join(shareddata.Path(b), "real", "markus", "midterm_scan_100.pdf")
	src, err := Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer src.Close()
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			src.Page(2)
		}
	})
	b.Run("hash", func(b *testing.B) {
		for b.Loop() {
			src.Hash(2)
		}
	})
}

func BenchmarkGroup4(b *testing.B) {
	wide := newGreyPage(120, 3508)
	fill(wide.Y.Pix, 255)
	for y := range 3508 {
		fill(wide.Y.Row(y)[y%40:y%40+9], 0)
	}
	data := g4(wide.Y)
	for b.Loop() {
		if _, err := decodeFax(data, map[string]int{"K": -1, "Columns": 120}, 120, 3508); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFormCache(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(shareddata.Path(b), "forms", "exam-a-blank.pdf")
	pages, err := LoadForm(path, dir)
	if err != nil {
		b.Fatal(err)
	}
	file, _ := os.ReadFile(path)
	for b.Loop() {
		loadFormCache(formCachePath(dir, file))
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(pages)), "ms/page")
}
