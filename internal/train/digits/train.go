package main

import (
	"log"
	"math"
	"math/rand/v2"
	"sync"

	"scan/ocr"
)

// The batch and its shards are fixed: they decide the order of summation.
const (
	shards   = 4
	perShard = 16
	batch    = shards * perShard
	seed     = 20260701
)

// trainNet trains the glyph network from scratch by Adam (Kingma and Ba, 2015)
// with a learning rate that falls along a cosine.
func trainNet(n *ocr.Net, s *sets, steps int) {
	initNet(n, rand.New(rand.NewPCG(seed, 1000)))
	var passes [shards]pass
	var streams [shards]stream
	for i := range streams {
		streams[i].scene = newScene(s, s.train, uint64(i))
	}
	opt := newAdam(n)
	var loss float64
	right := 0
	for step := range steps {
		var wg sync.WaitGroup
		for i := range shards {
			wg.Go(func() { passes[i].shard(n, &streams[i]) })
		}
		wg.Wait()
		for i := 1; i < shards; i++ {
			addNet(&passes[0].grad, &passes[i].grad)
		}
		rate := 2e-3 * (0.51 + 0.49*math.Cos(math.Pi*float64(step)/float64(steps)))
		opt.step(&passes[0].grad, rate)
		for i := range passes {
			loss += passes[i].loss
			right += passes[i].right
		}
		const every = 500
		if (step+1)%every == 0 {
			log.Printf("step %d: loss %.4f, right %.4f", step+1, loss/(every*batch), float64(right)/(every*batch))
			loss, right = 0, 0
		}
	}
}

// shard learns its share of a batch.
func (p *pass) shard(n *ocr.Net, s *stream) {
	p.grad, p.loss, p.right = ocr.Net{}, 0, 0
	for range perShard {
		g := s.next()
		p.learn(n, &g)
	}
}

// initNet draws weights uniformly with the variance 2/inputs (He et al., 2015).
func initNet(n *ocr.Net, r *rand.Rand) {
	*n = ocr.Net{}
	fill := func(w []float32, inputs int) {
		a := math.Sqrt(6 / float64(inputs))
		for i := range w {
			w[i] = float32((2*r.Float64() - 1) * a)
		}
	}
	for m := range n.Conv1 {
		fill(n.Conv1[m][:], kernel*kernel)
	}
	for m := range n.Conv2 {
		for in := range n.Conv2[m] {
			fill(n.Conv2[m][in][:], kernel*kernel*ocr.NetMaps1)
		}
	}
	for i := range n.Hidden {
		fill(n.Hidden[i][:], flat)
	}
	for i := range n.Out {
		fill(n.Out[i][:], ocr.NetHidden)
	}
}

// params lists the parameters of a net in a fixed order.
func params(n *ocr.Net) [][]float32 {
	out := [][]float32{n.Bias1[:], n.Bias2[:], n.BiasH[:], n.BiasO[:]}
	for m := range n.Conv1 {
		out = append(out, n.Conv1[m][:])
	}
	for m := range n.Conv2 {
		for in := range n.Conv2[m] {
			out = append(out, n.Conv2[m][in][:])
		}
	}
	for i := range n.Hidden {
		out = append(out, n.Hidden[i][:])
	}
	for i := range n.Out {
		out = append(out, n.Out[i][:])
	}
	return out
}

func addNet(dst, src *ocr.Net) {
	d, s := params(dst), params(src)
	for i := range d {
		axpy(d[i], 1, s[i])
	}
}

// adam holds the running moments of the gradient.
type adam struct {
	net          *ocr.Net
	mean, square ocr.Net
	t            int
}

func newAdam(n *ocr.Net) *adam { return &adam{net: n} }

// step moves the net against the gradient of a batch, with a little weight decay.
func (a *adam) step(grad *ocr.Net, rate float64) {
	const beta1, beta2, eps, decay = 0.9, 0.999, 1e-8, 1e-4
	a.t++
	c1, c2 := 1.0, 1.0
	for range min(a.t, 20000) {
		c1, c2 = c1*beta1, c2*beta2
	}
	k := float32(rate / (1 - c1))
	c := float32(1 / (1 - c2))
	w, g, m, v := params(a.net), params(grad), params(&a.mean), params(&a.square)
	for i := range w {
		for j, gj := range g[i] {
			gj = gj/batch + decay*w[i][j]
			m[i][j] = beta1*m[i][j] + (1-beta1)*gj
			v[i][j] = beta2*v[i][j] + (1-beta2)*gj*gj
			w[i][j] -= k * m[i][j] / (float32(math.Sqrt(float64(v[i][j]*c))) + eps)
		}
	}
}
