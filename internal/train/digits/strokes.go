package main

import (
	"math"

	"scan/internal/geom"
	"scan/internal/train/digits/split"
	"scan/ocr"
)

type point struct{ x, y float64 }

// strokes is a glyph as written: pen paths in a frame whose height is 1, y down.
type strokes [][]point

// writer holds one person's samples by digit.
type writer [10][]strokes

// handOf takes over one writer's samples.
func handOf(w split.Writer) (out writer) {
	for d, samples := range w {
		for _, st := range samples {
			g := make(strokes, len(st))
			for i, line := range st {
				for _, p := range line {
					g[i] = append(g[i], point{p.X, p.Y})
				}
			}
			out[d] = append(out[d], g.unit())
		}
	}
	return out
}

// bounds returns the extent of the strokes.
func (s strokes) bounds() (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, st := range s {
		for _, p := range st {
			x0, x1 = min(x0, p.x), max(x1, p.x)
			y0, y1 = min(y0, p.y), max(y1, p.y)
		}
	}
	return
}

// unit moves the strokes to the origin and scales them to height 1.
func (s strokes) unit() strokes {
	x0, y0, x1, y1 := s.bounds()
	k := 1 / max(y1-y0, (x1-x0)/3, 1e-9)
	return s.apply(func(p point) point { return point{(p.x - x0) * k, (p.y - y0) * k} })
}

func (s strokes) apply(f func(point) point) strokes {
	out := make(strokes, len(s))
	for i, st := range s {
		out[i] = make([]point, len(st))
		for j, p := range st {
			out[i][j] = f(p)
		}
	}
	return out
}

func (s strokes) shift(dx, dy float64) strokes {
	return s.apply(func(p point) point { return point{p.x + dx, p.y + dy} })
}

func (s strokes) scale(kx, ky float64) strokes {
	return s.apply(func(p point) point { return point{p.x * kx, p.y * ky} })
}

// draw paints the strokes with a round pen of the given radius (all in pixels).
// The edge of a stroke is one pixel wide.
func (s strokes) draw(im ocr.InkImage, radius float64) {
	for _, st := range s {
		for i := range st {
			drawSegment(im, st[max(i-1, 0)], st[i], radius)
		}
	}
}

func drawSegment(im ocr.InkImage, a, b point, r float64) {
	x0, x1 := int(min(a.x, b.x)-r-1), int(max(a.x, b.x)+r+2)
	y0, y1 := int(min(a.y, b.y)-r-1), int(max(a.y, b.y)+r+2)
	dx, dy := b.x-a.x, b.y-a.y
	l2 := dx*dx + dy*dy
	for y := max(y0, 0); y < min(y1, im.H); y++ {
		for x := max(x0, 0); x < min(x1, im.W); x++ {
			px, py := float64(x)+0.5-a.x, float64(y)+0.5-a.y
			t := 0.0
			if l2 > 0 {
				t = min(1, max(0, (px*dx+py*dy)/l2))
			}
			d := math.Sqrt((px-t*dx)*(px-t*dx) + (py-t*dy)*(py-t*dy))
			if v := float32(min(1, max(0, r+0.5-d))); v > im.A[y*im.W+x] {
				im.A[y*im.W+x] = v
			}
		}
	}
}

// line returns a pen path of n points from a to b, bowed sideways by bow times its
// length.
func line(a, b point, bow float64) []point {
	const n = 8
	out := make([]point, n+1)
	for i := range out {
		t := float64(i) / n
		k := bow * 4 * t * (1 - t)
		out[i] = point{a.x + t*(b.x-a.x) - k*(b.y-a.y), a.y + t*(b.y-a.y) + k*(b.x-a.x)}
	}
	return out
}

// piece is something written: strokes, or a picture of a sign stretched over a box.
type piece struct {
	strokes
	pic            *ocr.InkImage // nil for strokes
	x0, y0, x1, y1 float64       // the picture's box
}

func (p piece) bounds() (x0, y0, x1, y1 float64) {
	if p.pic == nil {
		return p.strokes.bounds()
	}
	return p.x0, p.y0, p.x1, p.y1
}

func (p piece) shift(dx, dy float64) piece {
	p.strokes = p.strokes.shift(dx, dy)
	p.x0, p.x1, p.y0, p.y1 = p.x0+dx, p.x1+dx, p.y0+dy, p.y1+dy
	return p
}

func (p piece) scale(kx, ky float64) piece {
	p.strokes = p.strokes.scale(kx, ky)
	p.x0, p.x1, p.y0, p.y1 = p.x0*kx, p.x1*kx, p.y0*ky, p.y1*ky
	return p
}

func (p piece) draw(im ocr.InkImage, radius float64) {
	if p.pic == nil {
		p.strokes.draw(im, radius)
		return
	}
	kx, ky := float64(p.pic.W)/(p.x1-p.x0), float64(p.pic.H)/(p.y1-p.y0)
	for y := max(int(p.y0), 0); y < min(int(p.y1)+1, im.H); y++ {
		for x := max(int(p.x0), 0); x < min(int(p.x1)+1, im.W); x++ {
			v := bilinear(*p.pic, (float64(x)+0.5-p.x0)*kx-0.5, (float64(y)+0.5-p.y0)*ky-0.5)
			im.A[y*im.W+x] = max(im.A[y*im.W+x], sharpened(v))
		}
	}
}

// sharpened makes the blurred edge of an enlarged picture as steep as a pen's.
func sharpened(v float32) float32 { return min(1, max(0, 2*v-0.5)) }

// ink returns the box of a piece drawn with a pen.
func (p piece) ink(pen float64) geom.Box {
	x0, y0, x1, y1 := p.bounds()
	b := geom.Box{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}
	if p.pic == nil {
		b = b.Inset(-pen / 2)
	}
	return b
}

// stamp is a picture cropped to its ink, height 1.
func stamp(pic picture) piece {
	x0, y0, x1, y1 := pic.W, pic.H, 0, 0
	for y := range pic.H {
		for x := range pic.W {
			if pic.A[y*pic.W+x] > 0.3 {
				x0, x1, y0, y1 = min(x0, x), max(x1, x+1), min(y0, y), max(y1, y+1)
			}
		}
	}
	if x0 >= x1 {
		x0, y0, x1, y1 = 0, 0, pic.W, pic.H
	}
	im := ocr.InkImage{W: x1 - x0, H: y1 - y0, A: make([]float32, (x1-x0)*(y1-y0))}
	for y := range im.H {
		copy(im.A[y*im.W:(y+1)*im.W], pic.A[(y+y0)*pic.W+x0:])
	}
	return piece{pic: &im, x1: float64(im.W) / float64(im.H), y1: 1}
}
