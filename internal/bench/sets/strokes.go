package sets

import (
	"context"
	"math"
	"math/rand/v2"

	"scan/internal/bench"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/internal/train/digits/split"
	"scan/ocr"
)

// drawStrokes draws a digit glyphHigh pixels high with a round pen of random width, slanted
// by up to 0.12 and stretched by up to 12 %.
func drawStrokes(s split.Strokes, rng *rand.Rand) ocr.InkImage {
	slant, wide := 0.24*rng.Float64()-0.12, 0.88+0.24*rng.Float64()
	radius := glyphHigh / 6.0 * (0.15 + 0.35*rng.Float64()) // 0.3 to 1.0 mm wide
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	moved := make(split.Strokes, len(s))
	for i, line := range s {
		for _, p := range line {
			q := split.Point{X: wide * (p.X - slant*p.Y), Y: p.Y}
			moved[i] = append(moved[i], q)
			x0, x1, y0, y1 = min(x0, q.X), max(x1, q.X), min(y0, q.Y), max(y1, q.Y)
		}
	}
	k := glyphHigh / max(y1-y0, (x1-x0)/3, 1e-9)
	m := radius + 2
	im := ocr.InkImage{W: int((x1-x0)*k+2*m) + 1, H: int((y1-y0)*k+2*m) + 1}
	im.A = make([]float32, im.W*im.H)
	at := func(p split.Point) geom.Point { return geom.Point{X: (p.X-x0)*k + m, Y: (p.Y-y0)*k + m} }
	for _, line := range moved {
		for j := range line {
			inkLine(im, at(line[max(j-1, 0)]), at(line[j]), radius)
		}
	}
	return im
}

// inkLine draws a straight piece of a stroke; its edge is one pixel wide.
func inkLine(im ocr.InkImage, a, b geom.Point, r float64) {
	d := b.Sub(a)
	l2 := d.X*d.X + d.Y*d.Y
	for y := max(int(min(a.Y, b.Y)-r-1), 0); y < min(int(max(a.Y, b.Y)+r+2), im.H); y++ {
		for x := max(int(min(a.X, b.X)-r-1), 0); x < min(int(max(a.X, b.X)+r+2), im.W); x++ {
			p := geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}.Sub(a)
			t := 0.0
			if l2 > 0 {
				t = min(1, max(0, (p.X*d.X+p.Y*d.Y)/l2))
			}
			if v := float32(min(1, max(0, r+0.5-p.Sub(d.Scale(t)).Norm()))); v > im.A[y*im.W+x] {
				im.A[y*im.W+x] = v
			}
		}
	}
}

// showInk shows a picture of ink as a scan of 6 mm.
func showInk(ctx context.Context, it bench.Item, im ocr.InkImage) {
	if !showing(ctx) {
		return
	}
	p := raster.NewPlane(im.W, im.H)
	for i, a := range im.A {
		p.Pix[i] = uint8(255 - 255*min(max(a, 0), 1))
	}
	k := float64(im.H) / 6
	show(ctx, it, raster.View{Page: &raster.Page{Y: p, SubX: 1, SubY: 1}, MMToPix: geom.ScaleBy(k, k)}, geom.Box{W: float64(im.W) / k, H: 6})
}
