package ocr

import "math"

// glyphSpan is the longer side of a normalised glyph in pixels, as in MNIST:
// the margin of 4 leaves room to centre it by its centre of gravity.
const glyphSpan = 20

// InkImage is a small picture of ink: 0 paper to 1 full ink, row by row.
type InkImage struct {
	W, H int
	A    []float32
}

// NormaliseGlyph scales the ink to a longer side of 20 pixels keeping its shape,
// centres it by its centre of gravity and stretches its tone to 1. ok is false if
// there is no ink.
func NormaliseGlyph(im InkImage) (g Glyph, ok bool) {
	x0, y0, x1, y1, cx, cy, sum := im.extent()
	if sum == 0 {
		return g, false
	}
	s := glyphSpan / float64(max(x1-x0, y1-y0))
	toX := shares(x0, x1, s, GlyphSize/2-(cx+0.5)*s)
	toY := shares(y0, y1, s, GlyphSize/2-(cy+0.5)*s)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if a := im.A[y*im.W+x]; a > 0 {
				g.splat(a, toX[x-x0], toY[y-y0])
			}
		}
	}
	g.stretch()
	return g, true
}

// inkFloor is the least amount of ink that counts towards the extent of a glyph.
// It keeps the faint skirt of a blurred stroke from changing its size.
const inkFloor = 0.25

// extent returns the bounding box (right and bottom excluded) of the ink above
// inkFloor, its centre of gravity in pixel indices, and its sum.
func (im InkImage) extent() (x0, y0, x1, y1 int, cx, cy, sum float64) {
	x0, y0 = im.W, im.H
	for y := range im.H {
		for x := range im.W {
			a := im.A[y*im.W+x]
			if a < inkFloor {
				continue
			}
			x0, x1 = min(x0, x), max(x1, x+1)
			y0, y1 = min(y0, y), max(y1, y+1)
			sum += float64(a)
			cx += float64(a) * float64(x)
			cy += float64(a) * float64(y)
		}
	}
	if sum > 0 {
		cx, cy = cx/sum, cy/sum
	}
	return
}

// span is where one source pixel falls on a target axis: first bin and the share
// of each bin that it covers.
type span struct {
	first int
	part  []float32
}

// shares maps the source pixels [from, to) by t = s*x + off onto bins of width 1.
func shares(from, to int, s, off float64) []span {
	out := make([]span, 0, to-from)
	for x := from; x < to; x++ {
		a, b := float64(x)*s+off, float64(x+1)*s+off
		sp := span{first: int(math.Floor(a))}
		for t := sp.first; float64(t) < b; t++ {
			sp.part = append(sp.part, float32(min(b, float64(t+1))-max(a, float64(t))))
		}
		out = append(out, sp)
	}
	return out
}

// splat adds the ink of one source pixel; what falls outside is dropped.
func (g *Glyph) splat(a float32, sx, sy span) {
	for j, py := range sy.part {
		y := sy.first + j
		if y < 0 || y >= GlyphSize {
			continue
		}
		for i, px := range sx.part {
			if x := sx.first + i; x >= 0 && x < GlyphSize {
				g[y*GlyphSize+x] += a * px * py
			}
		}
	}
}

// stretch scales the tone so that thin and thick pens look alike. The gain is
// limited so that a smudge does not become a stroke.
func (g *Glyph) stretch() {
	const maxGain = 4
	var top float32
	for _, v := range g {
		top = max(top, v)
	}
	if top == 0 {
		return
	}
	gain := min(1/top, maxGain)
	for i := range g {
		g[i] = min(1, g[i]*gain)
	}
}

// ClassifyGlyph returns the probabilities of the network's classes (ClassHalf and so
// on; 0 to 9 are the digits) for the picture of one sign. ok is false if there is no
// ink. It is how ReadScore sees a piece of a field, without the field around it; a
// digit with a separator beside it counts for the digit.
func ClassifyGlyph(im InkImage) (p [NetClasses]float32, ok bool) { return embedded().Classify(im) }

// Classify is ClassifyGlyph with other weights.
func (m *Model) Classify(im InkImage) (p [NetClasses]float32, ok bool) {
	g, ok := NormaliseGlyph(im)
	if !ok {
		return p, false
	}
	p = m.judge().glyph(&g)
	for d := range 10 {
		p[d], p[ClassFused+d] = p[d]+p[ClassFused+d], 0
	}
	return p, true
}
