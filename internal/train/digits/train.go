package main

import (
	"log"
	"math"
	"math/rand/v2"

	"scan/internal/nn"
	"scan/internal/nn/learn"
	"scan/ocr"
)

const seed = 20260701

// Size of the glyph network's training. An epoch is a number of samples, for none is
// drawn twice.
const (
	epochSamples = 32000
	poolSheets   = 8000
)

// fieldShare is the share of training samples that come from whole fields. They
// are what the network meets in use; drawn ones show more shapes.
const fieldShare = 0.45

// pooled is a glyph that the reader cut out of a simulated field, a byte a pixel.
type pooled struct {
	pix   [ocr.GlyphSize * ocr.GlyphSize]uint8
	class int
}

// fieldPool cuts up sheets. Wrong cuts are by far the most; half of them are left out.
func fieldPool(p *part, sheets int) (out []pooled) {
	sc := newScene(p, 500)
	for range sheets {
		for _, g := range fieldGlyphs(sc.sheet()) {
			if g.class == ocr.ClassJunk && sc.IntN(2) == 0 {
				continue
			}
			q := pooled{class: g.class}
			for i, v := range g.Glyph {
				q.pix[i] = uint8(255*v + 0.5)
			}
			out = append(out, q)
		}
	}
	return out
}

// cuts are pooled glyphs by class, and how often each class is drawn: rarer than it
// occurs for the frequent ones. A network that has seen ten 5s for every 9 takes a
// doubtful 9 for a 5.
type cuts struct {
	by     [ocr.NetClasses][]pooled
	weight [ocr.NetClasses]float64
	sum    float64
}

func newCuts(pool []pooled) *cuts {
	const power = 0.7
	c := new(cuts)
	for _, q := range pool {
		c.by[q.class] = append(c.by[q.class], q)
	}
	for i, list := range c.by {
		if len(list) > 0 {
			c.weight[i] = math.Pow(float64(len(list)), power)
		}
		c.sum += c.weight[i]
	}
	return c
}

func (c *cuts) draw(rng *rand.Rand) *pooled {
	u := rng.Float64() * c.sum
	last := 0
	for i, w := range c.weight {
		if w == 0 {
			continue
		}
		last = i
		if u -= w; u < 0 {
			break
		}
	}
	return &c.by[last][rng.IntN(len(c.by[last]))]
}

// trainNet trains the glyph network from scratch.
func trainNet(m *ocr.Model, s *sets, epochs int) {
	pool := newCuts(fieldPool(s.train, poolSheets))
	log.Printf("cut out of %d fields, weighted: %.0f", poolSheets, pool.weight)
	held := heldOut(s.calib, 4000)
	t := learn.New(ocr.GlyphSpec, rand.New(rand.NewPCG(seed, 1000)))
	m.Net = t.Net
	t.Fit(make([]learn.Sample, epochSamples), learn.Options{
		Epochs: epochs, Batch: 64, Rate: 2e-3, Decay: 1e-3, LabelSmoothing: 0.02, Seed: seed,
		Augment: func(rng *rand.Rand, sample *learn.Sample) {
			g := drawGlyph(maker{rng, s.train}, pool)
			sample.Image, sample.Class = append(sample.Image[:0], g.Glyph[:]...), g.class
		},
		Log: func(epoch int, loss, right float64) {
			log.Printf("epoch %d: loss %.4f, right %.4f; held out %.4f", epoch, loss, right, rightShare(t.Net, held))
		},
	})
}

// drawGlyph draws a training sample, out of a field or for itself.
func drawGlyph(m maker, pool *cuts) glyph {
	if m.Float64() >= fieldShare {
		return m.next()
	}
	q := pool.draw(m.Rand)
	g := glyph{class: q.class}
	for i, v := range q.pix {
		g.Glyph[i] = float32(v) / 255
	}
	if m.Float64() < 0.7 {
		g.Glyph = m.jitter(&g.Glyph)
	}
	return g
}

// jitter slants, scales and moves a normalised glyph a little: a pool is soon known by
// heart.
func (m maker) jitter(g *ocr.Glyph) (out ocr.Glyph) {
	const side, mid = ocr.GlyphSize, ocr.GlyphSize / 2.0
	src := ocr.InkImage{W: side, H: side, A: g[:]}
	kx, ky, slant := m.between(0.92, 1.08), m.between(0.92, 1.08), m.between(-0.12, 0.12)
	dx, dy := m.between(-1, 1), m.between(-1, 1)
	for y := range side {
		v := (float64(y) + 0.5 - mid) * ky
		for x := range side {
			u := (float64(x)+0.5-mid)*kx + slant*v
			out[y*side+x] = bilinear(src, u+mid+dx-0.5, v+mid+dy-0.5)
		}
	}
	return out
}

// heldOut draws samples in the hands of another part.
func heldOut(p *part, n int) (out []learn.Sample) {
	m := newMaker(p, seed, 600)
	pool := newCuts(fieldPool(p, n/20))
	for range n {
		g := drawGlyph(m, pool)
		out = append(out, learn.Sample{Image: append([]float32(nil), g.Glyph[:]...), Class: g.class})
	}
	return out
}

func rightShare(n *nn.Net, samples []learn.Sample) float64 {
	right := 0
	for _, s := range learn.Score(n, samples) {
		best := 0
		for c, z := range s.Logits {
			if z > s.Logits[best] {
				best = c
			}
		}
		if best == s.Class {
			right++
		}
	}
	return float64(right) / float64(len(samples))
}
