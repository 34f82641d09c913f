package main

import (
	"log"
	"math"
	"math/rand/v2"

	"scan/internal/geom"
	"scan/ocr"
)

// descend minimises a mean loss over n samples by Adam on small batches: what
// follows the glyph network is small enough for the simplest loop. grad adds the
// gradient of sample i.
func descend(w [][]float32, n, epochs int, rate float64, grad func(i int, g [][]float32)) {
	const size = 32
	zero := func() [][]float32 {
		out := make([][]float32, len(w))
		for i := range w {
			out[i] = make([]float32, len(w[i]))
		}
		return out
	}
	mean, square := zero(), zero()
	r := rand.New(rand.NewPCG(seed, 2000))
	order := r.Perm(n)
	for epoch := range epochs {
		k := float32(rate * (1 - float64(epoch)/float64(epochs)))
		r.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from+size <= n; from += size {
			g := zero()
			for _, i := range order[from : from+size] {
				grad(i, g)
			}
			for i := range w {
				for j, v := range g[i] {
					v = v/size + 1e-5*w[i][j]
					mean[i][j] = 0.9*mean[i][j] + 0.1*v
					square[i][j] = 0.995*square[i][j] + 0.005*v*v
					w[i][j] -= k * mean[i][j] / (float32(math.Sqrt(float64(square[i][j]))) + 1e-6)
				}
			}
		}
	}
}

// sepSample is a small piece of ink and what it is.
type sepSample struct {
	f     ocr.SepFeatures
	class int
}

// sepSamples labels the small atoms of a sheet.
func sepSamples(t ocr.ScoreTrace, sh *sheet) []sepSample {
	var out []sepSample
	for _, a := range t.Atoms {
		if !a.Small {
			continue
		}
		box := geom.Box{X: a.X, Y: a.Y, W: a.W, H: a.H}
		class, best := ocr.SepGlyph, 0.15
		for _, m := range sh.marks {
			if v := iou(box, m.Box); v > best && m.class >= ocr.NetClasses {
				best = v
				class = ocr.SepSeparator
				if m.class == markDirt {
					class = ocr.SepDirt
				}
			}
		}
		out = append(out, sepSample{a.Sep, class})
	}
	return out
}

const sepSheets = 9000

// trainSep trains the separator network on fields by the writers of the glyph
// network.
func trainSep(m *ocr.Model, s *sets) {
	m.Sep = ocr.SepNet{}
	sc := newScene(s, s.train, 3000)
	var data []sepSample
	for range sepSheets {
		if sh := sc.sheet(); len(sh.marks) > 0 {
			data = append(data, sepSamples(m.TraceScore(sh.view, sh.form, sh.score), sh)...)
		}
	}
	n := &m.Sep
	for i := range n.Hidden {
		for j := range n.Hidden[i] {
			n.Hidden[i][j] = float32(sc.between(-0.6, 0.6))
		}
	}
	for i := range n.Out {
		for j := range n.Out[i] {
			n.Out[i][j] = float32(sc.between(-0.5, 0.5))
		}
	}
	w := [][]float32{n.BiasH[:], n.BiasO[:]}
	for i := range n.Hidden {
		w = append(w, n.Hidden[i][:])
	}
	for i := range n.Out {
		w = append(w, n.Out[i][:])
	}
	descend(w, len(data), 40, 5e-3, func(i int, g [][]float32) { sepGrad(n, data[i], g) })
	right := 0
	for _, d := range data {
		p := n.Forward(d.f)
		if p[d.class] > 0.5 {
			right++
		}
	}
	log.Printf("separators: %d of %d small pieces right", right, len(data))
}

// sepGrad adds the gradient of one sample; g is ordered as w in trainSep.
func sepGrad(n *ocr.SepNet, d sepSample, g [][]float32) {
	const inH = 2 // where the hidden layer's rows begin in g
	h := make([]float32, len(n.Hidden))
	for i := range h {
		h[i] = n.BiasH[i]
		for j, v := range d.f {
			h[i] += n.Hidden[i][j] * v
		}
		h[i] = max(0, h[i])
	}
	out := make([]float32, len(n.Out))
	top := float32(math.Inf(-1))
	for i := range out {
		out[i] = n.BiasO[i]
		for j, v := range h {
			out[i] += n.Out[i][j] * v
		}
		top = max(top, out[i])
	}
	sum := float32(0)
	for i := range out {
		out[i] = exp32(out[i] - top)
		sum += out[i]
	}
	dh := make([]float32, len(h))
	for i := range out {
		v := out[i] / sum
		if i == d.class {
			v--
		}
		g[1][i] += v
		axpy(g[inH+len(h)+i], v, h)
		axpy(dh, v, n.Out[i][:])
	}
	for i, v := range dh {
		if h[i] > 0 {
			g[0][i] += v
			axpy(g[inH+i], v, d.f[:])
		}
	}
}

const calSheets = 6000

// calibrate fits the confidence on fields by writers whom the networks never saw.
func calibrate(m *ocr.Model, s *sets) {
	m.Cal = ocr.Calibration{}
	sc := newScene(s, s.calib, 4000)
	var f []ocr.CalFeatures
	var right []bool
	for range calSheets {
		sh := sc.sheet()
		t := m.TraceScore(sh.view, sh.form, sh.score)
		if len(t.Values) > 0 && !sh.struck {
			f = append(f, t.Features)
			right = append(right, !sh.empty && !sh.odd && t.Values[0].Value == sh.value)
		}
	}
	bias := []float32{0}
	w := [][]float32{m.Cal.W[:], bias}
	descend(w, len(f), 60, 5e-3, func(i int, g [][]float32) {
		z := bias[0]
		for j, v := range f[i] {
			z += m.Cal.W[j] * v
		}
		d := logistic(z)
		if right[i] {
			d--
		}
		axpy(g[0], d, f[i][:])
		g[1][0] += d
	})
	m.Cal.Bias = bias[0]
	log.Printf("calibration on %d fields: %.3v bias %.3f", len(f), m.Cal.W, m.Cal.Bias)
}

func logistic(z float32) float32 {
	if z < 0 {
		e := exp32(z)
		return e / (1 + e)
	}
	return 1 / (1 + exp32(-z))
}
