package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"strings"

	"scan/ocr"
)

type point struct{ x, y float64 }

// strokes is a glyph as written: pen paths in a frame whose height is 1, y down.
type strokes [][]point

// writer holds one person's samples by digit.
type writer [10][]strokes

// loadStrokes reads the UNIPEN file: .SEGMENT names the digit, .COMMENT holds
// "digit writer sample", points lie between .PEN_DOWN and .PEN_UP with y up.
func loadStrokes(file string) ([]writer, error) {
	b, err := unzip(file)
	if err != nil {
		return nil, err
	}
	writers := make([]writer, 30)
	var cur strokes
	digit, who := -1, -1
	flush := func() {
		if digit >= 0 && who >= 0 && len(cur) > 0 {
			writers[who][digit] = append(writers[who][digit], cur.unit())
		}
		cur, digit, who = nil, -1, -1
	}
	sc := bufio.NewScanner(bytes.NewReader(b))
	for sc.Scan() {
		line := strings.TrimSpace(sc.Text())
		var x, y float64
		switch {
		case strings.HasPrefix(line, ".SEGMENT"):
			flush()
		case strings.HasPrefix(line, ".COMMENT"):
			var sample int
			if _, err := fmt.Sscanf(line, ".COMMENT %d %d %d", &digit, &who, &sample); err != nil || who < 1 || who > 30 || digit > 9 {
				return nil, fmt.Errorf("%s: %q", file, line)
			}
			who--
		case strings.HasPrefix(line, ".PEN_DOWN"):
			cur = append(cur, nil)
		case len(cur) > 0:
			if n, _ := fmt.Sscanf(line, "%f %f", &x, &y); n == 2 {
				cur[len(cur)-1] = append(cur[len(cur)-1], point{x, -y})
			}
		}
	}
	flush()
	return writers, sc.Err()
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
