package main

import (
	"math"
	"math/rand/v2"

	"scan/ocr"
)

// canvas is the side in pixels that training glyphs are drawn on; about the size
// of a digit at the reader's 10 px/mm.
const canvas = 52

// glyph is one training sample.
type glyph struct {
	ocr.Glyph
	class int
}

// maker draws training glyphs from its own stream of random numbers.
type maker struct {
	*rand.Rand
	p *part
}

func newMaker(p *part, seed, stream uint64) maker {
	return maker{rand.New(rand.NewPCG(seed, stream)), p}
}

// between returns a number in [a, b).
func (m maker) between(a, b float64) float64 { return a + (b-a)*m.Float64() }

// next draws a sample of a random class. Two thirds are digits, a seventh junk: a
// net that knows no junk believes any cut; one that sees too much of it doubts
// good digits.
func (m maker) next() glyph {
	for {
		var g glyph
		var ok bool
		switch u := m.Float64(); {
		case u < 0.32:
			g, ok = m.penDigit()
		case u < 0.68:
			g, ok = m.warped(m.picture())
		case u < 0.75:
			g, ok = m.fusedDigit()
		case u < 0.87:
			g, ok = m.junk()
		case u < 0.92:
			g, ok = m.struck()
		case u < 0.96:
			g, ok = m.half()
		case u < 0.98:
			g, ok = m.slash()
		default:
			g, ok = m.dash()
		}
		if ok {
			return g
		}
	}
}

// sample returns strokes of a digit by a training writer, distorted.
func (m maker) sample(digit int) strokes {
	w := &m.p.hands[m.IntN(len(m.p.hands))]
	return m.distort(w[digit][m.IntN(len(w[digit]))])
}

// distort slants, turns, stretches and bends strokes of height 1.
func (m maker) distort(s strokes) strokes {
	slant, turn := m.between(-0.3, 0.3), m.between(-0.15, 0.15)
	wide := math.Sqrt(m.between(0.5, 1.7))
	sin, cos := math.Sincos(turn)
	amp, fx, fy, ph := m.between(0, 0.05), m.between(2, 6), m.between(2, 6), m.between(0, 6)
	return s.apply(func(p point) point {
		x, y := p.x-0.3, p.y-0.5
		x, y = x+amp*math.Sin(fy*y+ph), y+amp*math.Sin(fx*x+ph)
		x = wide*x - slant*y
		return point{cos*x - sin*y, sin*x + cos*y}
	})
}

// ink draws strokes to fill the canvas with a random pen.
func (m maker) ink(s strokes) ocr.InkImage {
	im := ocr.InkImage{W: canvas, H: canvas, A: make([]float32, canvas*canvas)}
	radius := m.between(0.9, 4.2)
	x0, y0, x1, y1 := s.bounds()
	k := (canvas - 2*radius - 3) / max(x1-x0, y1-y0, 1e-6)
	s = s.shift(-x0, -y0).scale(k, k).shift(radius+1.5, radius+1.5)
	s.draw(im, radius)
	return im
}

// picture draws a digit of one of the sets of pictures.
func (m maker) picture() picture {
	list := m.p.digits[pictureSets[m.IntN(len(pictureSets))]][m.IntN(10)]
	return list[m.IntN(len(list))]
}

// finish roughens the ink as a scanner does and normalises it.
func (m maker) finish(im ocr.InkImage, class int) (glyph, bool) {
	if m.Float64() < 0.25 {
		m.coarsen(im)
	}
	if class < 10 && m.Float64() < 0.1 {
		m.intrude(im)
	}
	if m.Float64() < 0.3 {
		m.roughen(im)
	}
	if m.Float64() < 0.25 {
		cutLine(im, m.IntN(im.H), 1+m.IntN(2), m.Float64() < 0.7)
	}
	g, ok := ocr.NormaliseGlyph(im)
	return glyph{g, class}, ok
}

// roughen fades random pixels: pencil grain and dropped toner.
func (m maker) roughen(im ocr.InkImage) {
	grain := float32(m.between(0.1, 0.6))
	for i, a := range im.A {
		if a > 0 {
			im.A[i] = a * (1 - grain*m.Float32())
		}
	}
}

// coarsen shows the ink as a scan of half the resolution does, in half of all cases in
// black and white.
func (m maker) coarsen(im ocr.InkImage) {
	const step = 2
	cut := float32(0)
	if m.Float64() < 0.5 {
		cut = float32(m.between(0.3, 0.7))
	}
	ox, oy := m.IntN(step), m.IntN(step)
	for y := -oy; y < im.H; y += step {
		for x := -ox; x < im.W; x += step {
			sum, n := float32(0), float32(0)
			for v := max(y, 0); v < min(y+step, im.H); v++ {
				for u := max(x, 0); u < min(x+step, im.W); u++ {
					sum, n = sum+im.A[v*im.W+u], n+1
				}
			}
			mean := sum / n
			if cut > 0 && mean >= cut {
				mean = 1
			} else if cut > 0 {
				mean = 0
			}
			for v := max(y, 0); v < min(y+step, im.H); v++ {
				for u := max(x, 0); u < min(x+step, im.W); u++ {
					im.A[v*im.W+u] = mean
				}
			}
		}
	}
}

// intrude draws what does not belong to the digit: the end of a neighbour's stroke at
// one side, or what is left of a line of the frame.
func (m maker) intrude(im ocr.InkImage) {
	w, h := float64(im.W), float64(im.H)
	a := point{m.between(0, 0.12) * w, m.between(0, 1) * h}
	b := point{a.x + m.between(-0.05, 0.05)*w, a.y + m.between(-0.2, 0.2)*h}
	if m.Float64() < 0.4 {
		a = point{m.between(0, 0.5) * w, m.between(0, 0.06) * h}
		b = point{a.x + m.between(0.1, 0.5)*w, a.y + m.between(-0.02, 0.02)*h}
	}
	if m.Float64() < 0.5 {
		a, b = point{w - a.x, h - a.y}, point{w - b.x, h - b.y}
	}
	strokes{line(a, b, m.between(-0.1, 0.1))}.draw(im, m.between(0.6, 2))
}

// fusedDigit draws a digit that touches, or nearly, the separator before or after it.
func (m maker) fusedDigit() (glyph, bool) {
	d := m.IntN(10)
	s := m.sample(d).unit()
	x0, _, x1, _ := s.bounds()
	x := x1 + m.between(-0.12, 0.22)
	if m.Float64() < 0.5 {
		x = x0 - m.between(-0.12, 0.22)
	}
	y := m.between(0.85, 1)
	tail := line(point{x, y}, point{x - m.between(-0.05, 0.2), y + m.between(0.12, 0.4)}, m.between(-0.2, 0.2))
	if m.Float64() < 0.4 {
		tail = []point{{x, y + m.between(0, 0.08)}, {x + m.between(0, 0.05), y + m.between(0, 0.1)}}
	}
	return m.finish(m.ink(append(s, tail)), ocr.ClassFused+d)
}

// cutLine removes a strip as subtracting a frame's line does; refilled, it leaves
// only a trace.
func cutLine(im ocr.InkImage, y, thick int, refilled bool) {
	for j := y; j < min(y+thick, im.H); j++ {
		for x := range im.W {
			if refilled {
				im.A[j*im.W+x] *= 0.8
			} else {
				im.A[j*im.W+x] = 0
			}
		}
	}
}

func (m maker) penDigit() (glyph, bool) {
	d := m.IntN(10)
	return m.finish(m.ink(m.sample(d)), d)
}

// warped resamples a picture through a random affine map onto the canvas.
func (m maker) warped(p picture) (glyph, bool) {
	return m.finish(m.warp(p.InkImage), p.class)
}

func (m maker) warp(src ocr.InkImage) ocr.InkImage {
	im := ocr.InkImage{W: canvas, H: canvas, A: make([]float32, canvas*canvas)}
	k := float64(max(src.W, src.H)) * 1.25 / canvas
	slant, turn := m.between(-0.22, 0.22), m.between(-0.13, 0.13)
	wide := m.between(0.8, 1.25)
	sin, cos := math.Sincos(turn)
	amp, fx, fy, ph := m.between(0, 1.6), m.between(0.04, 0.12), m.between(0.04, 0.12), m.between(0, 6)
	var bendX, bendY [canvas]float64 // of rows and of columns, in pixels of the canvas
	for i := range canvas {
		bendX[i], bendY[i] = amp*math.Sin(fy*float64(i)+ph), amp*math.Sin(fx*float64(i)+2*ph)
	}
	for y := range canvas {
		for x := range canvas {
			u, v := (float64(x)+bendX[y]-canvas/2)*k, (float64(y)+bendY[x]-canvas/2)*k
			u, v = cos*u-sin*v, sin*u+cos*v
			u = wide*u + slant*v
			im.A[y*canvas+x] = bilinear(src, u+float64(src.W)/2, v+float64(src.H)/2)
		}
	}
	if m.Float64() < 0.3 {
		thin(im, float32(m.between(0.1, 0.5)))
	} else if m.Float64() < 0.3 {
		thin(im, -float32(m.between(0.1, 1)))
	}
	return im
}

// thin lowers the tone of strokes (by > 0) or raises it, which moves their edges.
func thin(im ocr.InkImage, by float32) {
	for i, a := range im.A {
		if a > 0.05 {
			im.A[i] = min(1, max(0, a*(1-by)-max(by, 0)*0.2))
		}
	}
}

func bilinear(im ocr.InkImage, x, y float64) float32 {
	fx, fy := math.Floor(x), math.Floor(y)
	ax, ay := float32(x-fx), float32(y-fy)
	at := func(x, y int) float32 {
		if x < 0 || y < 0 || x >= im.W || y >= im.H {
			return 0
		}
		return im.A[y*im.W+x]
	}
	ix, iy := int(fx), int(fy)
	return (at(ix, iy)*(1-ax)+at(ix+1, iy)*ax)*(1-ay) + (at(ix, iy+1)*(1-ax)+at(ix+1, iy+1)*ax)*ay
}

func (m maker) slash() (glyph, bool) {
	if m.Float64() < 0.4 {
		p := m.p.slashes[m.IntN(len(m.p.slashes))]
		return m.finish(m.warp(p.InkImage), ocr.ClassSlash)
	}
	s := strokes{line(point{m.between(0.35, 1.1), 0}, point{0, 1}, m.between(-0.06, 0.06))}
	return m.finish(m.ink(s), ocr.ClassSlash)
}

func (m maker) dash() (glyph, bool) {
	if m.Float64() < 0.4 {
		p := m.p.dashes[m.IntN(len(m.p.dashes))]
		return m.finish(m.warp(p.InkImage), ocr.ClassMinus)
	}
	s := strokes{line(point{0, m.between(-0.2, 0.2)}, point{1, 0}, m.between(-0.08, 0.08))}
	return m.finish(m.ink(s), ocr.ClassMinus)
}

// half draws a one over a two, slanted or stacked.
func (m maker) half() (glyph, bool) {
	return m.finish(m.ink(composeHalf(m.Rand, m.sample(1), m.sample(2))), ocr.ClassHalf)
}

// composeHalf puts a 1 and a 2 together with a bar. The result is about 1 high.
func composeHalf(r *rand.Rand, one, two strokes) strokes {
	between := func(a, b float64) float64 { return a + (b-a)*r.Float64() }
	one, two = one.unit().scale(0.45, 0.45), two.unit().scale(0.45, 0.45)
	_, _, w1, _ := one.bounds()
	_, _, w2, _ := two.bounds()
	if r.Float64() < 0.3 {
		w := max(w1, w2) * between(1.1, 1.6)
		bar := line(point{0, 0.5 + between(-0.03, 0.03)}, point{w, 0.5 + between(-0.05, 0.05)}, 0)
		one = one.shift((w-w1)/2, between(-0.05, 0.03))
		two = two.shift((w-w2)/2, 0.55+between(-0.02, 0.05))
		return append(append(one, bar), two...)
	}
	lean, gap := between(0.15, 0.55), between(0, 0.1)
	drop := between(0.15, 0.55)
	bar := line(point{w1 + gap + lean, between(-0.1, 0.1)}, point{w1 + gap - 0.05, between(0.9, 1.1)}, 0)
	two = two.shift(w1+2*gap+lean*between(0.4, 0.9), drop)
	return append(append(one, bar), two...)
}
