package main

import (
	"log"
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

// trainNet trains the glyph network from scratch.
func trainNet(m *ocr.Model, s *sets, epochs int) {
	pool := fieldPool(s.train, poolSheets)
	count := [ocr.NetClasses]int{}
	for _, q := range pool {
		count[q.class]++
	}
	log.Printf("cut out of %d fields: %d", poolSheets, count)
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
func drawGlyph(m maker, pool []pooled) glyph {
	if m.Float64() >= fieldShare {
		return m.next()
	}
	q := &pool[m.IntN(len(pool))]
	g := glyph{class: q.class}
	for i, v := range q.pix {
		g.Glyph[i] = float32(v) / 255
	}
	return g
}

// heldOut draws samples in the hands of another part.
func heldOut(p *part, n int) (out []learn.Sample) {
	m := newMaker(p, seed, 600)
	pool := fieldPool(p, n/20)
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
