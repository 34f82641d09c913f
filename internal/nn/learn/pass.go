package learn

import (
	"math"
	"math/rand/v2"

	"scan/internal/nn"
)

// pass is one shard's working memory: activations, their derivatives, and the
// gradient summed over the shard's samples.
type pass struct {
	acts   *nn.Acts
	grad   []float32
	dConv  [][]float32 // like Acts.Conv
	dOut   [][]float32 // like Acts.Out
	dJoint []float32
	p      []float64
	image  []float32 // the sample's own copies, for Augment
	scalar []float32
	loss   float64
	right  int
}

func newPass(n *nn.Net) *pass {
	p := &pass{acts: n.NewActs(), grad: make([]float32, len(n.W)), p: make([]float64, n.Out)}
	p.dJoint = make([]float32, len(p.acts.Joint))
	for i, l := range p.acts.Layers {
		d := make([]float32, len(p.acts.Conv[i]))
		out := d
		if l.Pool > 1 {
			out = make([]float32, l.Size())
		}
		p.dConv, p.dOut = append(p.dConv, d), append(p.dOut, out)
	}
	return p
}

// run adds the gradients of the samples named by order.
func (p *pass) run(n *nn.Net, samples []Sample, order []int, epoch int, o *Options) {
	p.loss, p.right = 0, 0
	for _, i := range order {
		s := &samples[i]
		if o.Augment != nil {
			p.image, p.scalar = append(p.image[:0], s.Image...), append(p.scalar[:0], s.Scalars...)
			s = &Sample{p.image, p.scalar, s.Class, append([]float32(nil), s.Soft...)}
			o.Augment(rand.New(rand.NewPCG(o.Seed+2, uint64(epoch)<<32|uint64(i))), s)
		}
		p.learn(n, s, o)
	}
}

// learn adds the gradient of the cross entropy of one sample.
func (p *pass) learn(n *nn.Net, s *Sample, o *Options) {
	logits := n.Run(s.Image, s.Scalars, p.acts)
	prob := nn.Calibration{}.Probabilities(logits, p.p)
	weight := 1.0
	if o.ClassWeights != nil {
		weight = float64(o.ClassWeights[s.Class])
	}
	d := p.dOut[len(p.dOut)-1]
	best := 0
	for i, v := range prob {
		if v > prob[best] {
			best = i
		}
		want := 0.0
		switch {
		case len(s.Soft) > 0:
			want = float64(s.Soft[i])
		case i == s.Class:
			want = 1
		}
		want = float64(want*(1-o.LabelSmoothing)) + o.LabelSmoothing/float64(len(prob))
		d[i] = float32(weight * (v - want))
		if want > 0 {
			p.loss -= weight * want * math.Log(math.Max(v, 1e-12))
		}
	}
	if best == s.Class {
		p.right++
	}
	p.backward(n, s.Image)
}

// backward goes from the derivative by the logits, in the last dOut, to the weights.
func (p *pass) backward(n *nn.Net, image []float32) {
	a := p.acts
	for i := len(a.Layers) - 1; i >= 0; i-- {
		l := a.Layers[i]
		if l.Pool > 1 {
			unpool(l, a.Conv[i], a.Out[i], p.dConv[i], p.dOut[i])
		}
		if !l.Last {
			gate(p.dConv[i], a.Conv[i])
		}
		src, dSrc := image, []float32(nil)
		switch {
		case i == a.Convs:
			src, dSrc = a.Joint, p.dJoint
		case i > 0:
			src, dSrc = a.Out[i-1], p.dOut[i-1]
		}
		w, g := n.W[l.At:], p.grad[l.At:]
		clear(dSrc)
		if l.Full {
			back(p.dConv[i], src, dSrc, w, g)
			addTo(g[l.Kernel():], p.dConv[i])
		} else {
			backConv(l, src, dSrc, p.dConv[i], w, g)
		}
		if i == a.Convs && i > 0 {
			copy(p.dOut[i-1], p.dJoint)
		}
	}
}

// gate zeroes the derivative where the rectifier was closed.
func gate(d, act []float32) {
	for i := range d {
		if act[i] <= 0 {
			d[i] = 0
		}
	}
}

// unpool hands each derivative to the first place of its block that had the maximum.
func unpool(l nn.Layer, act, out, d, dOut []float32) {
	clear(d)
	for y := range l.PoolH {
		for x := range l.PoolW {
			for o := range l.Out {
				at := (y*l.PoolW+x)*l.Out + o
				if out[at] <= 0 || dOut[at] == 0 {
					continue
				}
				for k := range l.Pool * l.Pool {
					v, u := y*l.Pool+k/l.Pool, x*l.Pool+k%l.Pool
					if v >= l.H || u >= l.W {
						continue
					}
					if from := (v*l.W+u)*l.Out + o; act[from] == out[at] {
						d[from] = dOut[at]
						break
					}
				}
			}
		}
	}
}

// backConv is the gradient of a convolution; dSrc is nil for the first layer.
func backConv(l nn.Layer, src, dSrc, d, w, g []float32) {
	r := l.K / 2
	bias := g[l.Kernel():][:l.Out]
	for oy := range l.H {
		for ox := range l.W {
			e := d[(oy*l.W+ox)*l.Out:][:l.Out]
			if allZero(e) {
				continue
			}
			addTo(bias, e)
			x0, x1 := ox*l.Stride-r, ox*l.Stride-r+l.K
			kx := max(-x0, 0)
			x0, x1 = max(x0, 0), min(x1, l.InW)
			for ky := range l.K {
				y := oy*l.Stride + ky - r
				if y < 0 || y >= l.InH || x0 >= x1 {
					continue
				}
				from, to, k := (y*l.InW+x0)*l.In, (y*l.InW+x1)*l.In, (ky*l.K+kx)*l.In*l.Out
				var ds []float32
				if dSrc != nil {
					ds = dSrc[from:to]
				}
				back(e, src[from:to], ds, w[k:], g[k:])
			}
		}
	}
}

// back is the gradient of d += src*w for the derivative e of d: added to g and, unless
// it is nil, to dSrc. Where src is zero the image has paper or a rectifier was closed,
// which stops the derivative anyway.
func back(e, src, dSrc, w, g []float32) {
	n := len(e)
	for i, v := range src {
		if v == 0 {
			continue
		}
		gk := g[i*n:][:n]
		for o, q := range e {
			gk[o] += float32(v * q)
		}
		if dSrc != nil {
			dSrc[i] += dot(e, w[i*n:][:n])
		}
	}
}

// dot sums in two strands, which the processor runs side by side.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1 float32
	i := 0
	for ; i+2 <= len(a); i += 2 {
		s0 += float32(a[i] * b[i])
		s1 += float32(a[i+1] * b[i+1])
	}
	if i < len(a) {
		s0 += float32(a[i] * b[i])
	}
	return s0 + s1
}

func addTo(d, e []float32) {
	d = d[:len(e)]
	for i, v := range e {
		d[i] += v
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
