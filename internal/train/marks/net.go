package main

import (
	"math"
	"math/rand/v2"

	"scan/detect"
)

// sample is one box as the network sees it, with what is in it.
type sample struct {
	in   *detect.MarkInput
	kind int
	what string
}

// trainer holds the gradient and the moments of Adam (Kingma and Ba, 2015).
type trainer struct {
	net     *detect.MarkNet
	acts    *detect.MarkActs
	grad    []float32
	m, v    []float32
	steps   int
	dConv   [3][]float32
	dJoint  []float32
	dHidden []float32
}

// newTrainer draws initial weights after He et al. (2015).
func newTrainer(rng *rand.Rand) *trainer {
	n := detect.MarkWeights()
	t := &trainer{net: &detect.MarkNet{W: make([]float32, n)}, acts: detect.NewMarkActs(),
		grad: make([]float32, n), m: make([]float32, n), v: make([]float32, n)}
	w := t.net.W
	fill := func(count, in, biases int) {
		s := math.Sqrt(2 / float64(in))
		for i := range count {
			w[i] = float32(s * rng.NormFloat64())
		}
		w = w[count+biases:]
	}
	for i, c := range detect.MarkConvs {
		fill(c.K*c.K*c.In*c.Out, c.K*c.K*c.In, c.Out)
		t.dConv[i] = make([]float32, c.M*c.M*c.Out)
	}
	h := len(t.acts.Hidden)
	fill(detect.MarkJoint*h, detect.MarkJoint, h)
	fill(h*detect.MarkKinds, h, detect.MarkKinds)
	t.dJoint, t.dHidden = make([]float32, detect.MarkJoint), make([]float32, h)
	for i := range detect.MarkKinds {
		t.net.Scale[i] = 1
	}
	return t
}

// softmax of raw logits.
func softmax(z [detect.MarkKinds]float32) (p [detect.MarkKinds]float64) {
	m, sum := float64(z[0]), 0.0
	for _, v := range z {
		m = math.Max(m, float64(v))
	}
	for i, v := range z {
		p[i] = math.Exp(float64(v) - m)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// learn adds the gradient of one sample's cross entropy, with labels smoothed by a
// little so that odd drawings do not pull without end, and returns the loss.
func (t *trainer) learn(s sample) float64 {
	const smooth = 0.002
	t.net.Run(s.in, t.acts)
	p := softmax(t.acts.Logits)
	var d [detect.MarkKinds]float32
	for i := range d {
		want := smooth / detect.MarkKinds
		if i == s.kind {
			want += 1 - smooth
		}
		d[i] = float32(p[i] - want)
	}
	t.backward(s.in, d[:])
	return -math.Log(math.Max(p[s.kind], 1e-12))
}

// backward goes through the layers from the last to the first.
func (t *trainer) backward(in *detect.MarkInput, d []float32) {
	off := len(t.net.W)
	h := len(t.acts.Hidden)
	off -= h*len(d) + len(d)
	backFull(t.acts.Hidden, t.dHidden, d, t.net.W[off:], t.grad[off:])
	gate(t.dHidden, t.acts.Hidden)
	off -= detect.MarkJoint*h + h
	backFull(t.acts.Joint, t.dJoint, t.dHidden, t.net.W[off:], t.grad[off:])
	copy(t.dConv[2], t.dJoint)
	for i := 2; i >= 0; i-- {
		c := detect.MarkConvs[i]
		gate(t.dConv[i], t.acts.Conv[i])
		off -= c.K*c.K*c.In*c.Out + c.Out
		src, dSrc := in.Image[:], []float32(nil)
		if i > 0 {
			src, dSrc = t.acts.Conv[i-1], t.dConv[i-1]
		}
		backConv(c, src, dSrc, t.dConv[i], t.net.W[off:], t.grad[off:])
	}
}

// gate zeroes the gradient where the rectifier was closed.
func gate(d, act []float32) {
	for i := range d {
		if act[i] <= 0 {
			d[i] = 0
		}
	}
}

// backFull is the gradient of a full layer: dst gets that of the input.
func backFull(src, dSrc, d, w, g []float32) {
	n := len(d)
	for i, v := range src {
		k, gk := w[i*n:][:n], g[i*n:][:n]
		sum := float32(0)
		for o, e := range d {
			sum += float32(e * k[o])
			gk[o] += float32(v * e)
		}
		dSrc[i] = sum
	}
	bias := g[len(src)*n:][:n]
	for o, e := range d {
		bias[o] += e
	}
}

// backConv is the gradient of a convolution; dSrc is nil for the first layer.
func backConv(c detect.MarkConv, src, dSrc, d, w, g []float32) {
	clear(dSrc)
	r := c.K / 2
	bias := g[c.K*c.K*c.In*c.Out:][:c.Out]
	for oy := range c.M {
		for ox := range c.M {
			e := d[(oy*c.M+ox)*c.Out:][:c.Out]
			if allZero(e) {
				continue
			}
			for o, v := range e {
				bias[o] += v
			}
			for ky := range c.K {
				y := oy*c.Stride + ky - r
				if y < 0 || y >= c.N {
					continue
				}
				for kx := range c.K {
					x := ox*c.Stride + kx - r
					if x < 0 || x >= c.N {
						continue
					}
					backTap(c, (y*c.N+x)*c.In, (ky*c.K+kx)*c.In*c.Out, src, dSrc, e, w, g)
				}
			}
		}
	}
}

// backTap handles one tap of the kernel at one place.
func backTap(c detect.MarkConv, at, wat int, src, dSrc, e, w, g []float32) {
	for ci := range c.In {
		k := w[wat+ci*c.Out:][:c.Out]
		if v := src[at+ci]; v != 0 {
			gk := g[wat+ci*c.Out:][:c.Out]
			for o, q := range e {
				gk[o] += float32(v * q)
			}
		}
		if dSrc != nil {
			sum := float32(0)
			for o, q := range e {
				sum += float32(q * k[o])
			}
			dSrc[at+ci] += sum
		}
	}
}

func allZero(v []float32) bool {
	for _, x := range v {
		if x != 0 {
			return false
		}
	}
	return true
}

// step moves the weights by the mean gradient of n samples.
func (t *trainer) step(n int, rate float64) {
	t.steps++
	const b1, b2, decay = 0.9, 0.999, 1e-4
	c1, c2 := 1-math.Pow(b1, float64(t.steps)), 1-math.Pow(b2, float64(t.steps))
	for i, g := range t.grad {
		g /= float32(n)
		t.m[i] = float32(b1*t.m[i]) + float32((1-b1)*g)
		t.v[i] = float32(b2*t.v[i]) + float32((1-b2)*float32(g*g))
		d := rate * (float64(t.m[i])/c1/(math.Sqrt(float64(t.v[i])/c2)+1e-8) + decay*float64(t.net.W[i]))
		t.net.W[i] -= float32(d)
		t.grad[i] = 0
	}
}

// fit trains for a number of epochs in mini-batches of 32 with the rate falling along
// a cosine to zero.
func (t *trainer) fit(rng *rand.Rand, data []sample, epochs int, say func(epoch int, loss float64)) {
	const batch, rate = 32, 0.002
	order := rng.Perm(len(data))
	total, done := epochs*len(data)/batch, 0
	for e := range epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss := 0.0
		for k := 0; k+batch <= len(order); k += batch {
			for _, i := range order[k : k+batch] {
				loss += t.learn(turned(data[i], rng.IntN(8)))
			}
			t.step(batch, rate*(1+math.Cos(math.Pi*float64(done)/float64(total)))/2)
			done++
		}
		say(e+1, loss/float64(len(order)))
	}
}

// turned mirrors a sample: by bit 0 left to right, bit 1 top to bottom, bit 2 across
// the diagonal. No kind of mark changes its meaning, and what is rare is seen eightfold.
func turned(s sample, how int) sample {
	if how == 0 {
		return s
	}
	in := &detect.MarkInput{Scalars: s.in.Scalars}
	const n, c = detect.MarkSide, detect.MarkPlanes
	for y := range n {
		for x := range n {
			u, v := x, y
			if how&4 != 0 {
				u, v = v, u
			}
			if how&1 != 0 {
				u = n - 1 - u
			}
			if how&2 != 0 {
				v = n - 1 - v
			}
			copy(in.Image[(y*n+x)*c:][:c], s.in.Image[(v*n+u)*c:][:c])
		}
	}
	detect.TurnScalars(&in.Scalars, how)
	return sample{in, s.kind, s.what}
}
