package main

import (
	"math"
	"math/rand/v2"

	"scan/fixtures"
	"scan/internal/geom"
)

// rect is printed black with the given darkness.
type rect struct {
	geom.Box
	dark float64
}

// darken multiplies one pixel of a canvas.
func darken(c *fixtures.Canvas, x, y int, dark float64) {
	p := c.Pix[3*(y*c.W+x):][:3]
	for i, v := range p {
		p[i] = uint8(float64(v)*(1-dark) + 0.5)
	}
}

// paint multiplies a rectangle onto a canvas, with exact cover at its edges.
func paint(c *fixtures.Canvas, r rect) {
	k := c.PxPerMM
	x0, y0, x1, y1 := r.X*k, r.Y*k, (r.X+r.W)*k, (r.Y+r.H)*k
	for y := max(int(y0), 0); y < min(int(math.Ceil(y1)), c.H); y++ {
		cy := math.Min(y1, float64(y+1)) - math.Max(y0, float64(y))
		for x := max(int(x0), 0); x < min(int(math.Ceil(x1)), c.W); x++ {
			darken(c, x, y, r.dark*cy*(math.Min(x1, float64(x+1))-math.Max(x0, float64(x))))
		}
	}
}

// frame is the outline of a box.
func frame(b geom.Box, w, dark float64) []rect {
	return []rect{{geom.Box{X: b.X, Y: b.Y, W: w, H: b.H}, dark}, {geom.Box{X: b.X + b.W - w, Y: b.Y, W: w, H: b.H}, dark},
		{geom.Box{X: b.X + w, Y: b.Y, W: b.W - 2*w, H: w}, dark}, {geom.Box{X: b.X + w, Y: b.Y + b.H - w, W: b.W - 2*w, H: w}, dark}}
}

// glyphs is a line of something like print, h mm high, from x to end.
func glyphs(rng *rand.Rand, x, mid, h, end float64) (printed []rect) {
	for ; x+0.6*h < end; x += between(rng, 0.75, 1) * h {
		if rng.IntN(6) == 0 {
			continue // a space
		}
		b, w := geom.Box{X: x, Y: mid - h/2, W: 0.6 * h, H: h}, 0.12*h
		bars := []geom.Box{{X: b.X, Y: b.Y, W: w, H: b.H}, {X: b.X + b.W - w, Y: b.Y, W: w, H: b.H},
			{X: b.X, Y: b.Y, W: b.W, H: w}, {X: b.X, Y: b.Y + b.H/2, W: b.W, H: w}, {X: b.X, Y: b.Y + b.H - w, W: b.W, H: w}}
		for _, r := range bars {
			if rng.Float64() < 0.6 {
				printed = append(printed, rect{r, 1})
			}
		}
	}
	return printed
}

// dirt lays over a whole sheet what is no mark: streaks, folds, specks, the other side.
func dirt(rng *rand.Rand, c *fixtures.Canvas) {
	if rng.Float64() < 0.2 {
		for range 1 + rng.IntN(4) {
			streak(rng, c)
		}
	}
	if rng.Float64() < 0.08 { // a fold, straight and pale, in any direction
		f := &hand{rng: rng, r: between(rng, 0.1, 0.4), dark: between(rng, 0.06, 0.3), wild: 0.02}
		a, b := pt(sheetW*rng.Float64(), 0), pt(sheetW*rng.Float64(), sheetH)
		if rng.IntN(2) == 0 {
			a, b = pt(0, sheetH*rng.Float64()), pt(sheetW, sheetH*rng.Float64())
		}
		f.ink(c, []geom.Point{a, b})
	}
	if rng.Float64() < 0.25 {
		for range 20 + rng.IntN(200) {
			d := between(rng, 0.05, 0.3)
			paint(c, rect{geom.Box{X: sheetW * rng.Float64(), Y: sheetH * rng.Float64(), W: d, H: d * between(rng, 0.5, 2)}, between(rng, 0.1, 0.9)})
		}
	}
	if rng.Float64() < 0.12 { // show-through
		g := &hand{rng: rng, r: between(rng, 0.15, 0.3), dark: between(rng, 0.03, 0.16), wild: 0.1}
		for y := 3 + 5*rng.Float64(); y < sheetH-5; y += between(rng, 5, 12) {
			for x := 2 + 20*rng.Float64(); x < sheetW-12; x += between(rng, 8, 40) {
				g.word(c, geom.Box{X: x, Y: y, W: between(rng, 4, 12), H: between(rng, 2, 4)})
			}
		}
	}
}

// streak draws what dirt on a scanner's glass draws: a thin line along the feed, over the
// whole sheet or in pieces.
func streak(rng *rand.Rand, c *fixtures.Canvas) {
	w, dark := between(rng, 0.06, 0.35), between(rng, 0.08, 0.8)
	r := rect{geom.Box{X: sheetW * rng.Float64(), W: w, H: sheetH}, dark}
	if rng.Float64() < 0.15 {
		r = rect{geom.Box{Y: sheetH * rng.Float64(), W: sheetW, H: w}, dark}
	}
	if rng.Float64() < 0.7 {
		paint(c, r)
		return
	}
	for y := 0.0; y < sheetH; {
		l := between(rng, 1, 25)
		paint(c, rect{geom.Box{X: r.X, Y: y, W: w, H: l}, dark})
		y += l + between(rng, 0.5, 15)
	}
}
