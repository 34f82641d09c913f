// Package learn trains the networks of package nn: Adam on the cross entropy, with
// the same bytes for any number of goroutines, and calibration of what comes out.
package learn

import (
	"math"
	"math/rand/v2"
	"sync"

	"scan/internal/nn"
)

// Sample is one example. Image and Scalars are as nn.Net.Run wants them. Soft, where
// given, is the wanted probability of each class in place of Class.
type Sample struct {
	Image, Scalars []float32
	Class          int
	Soft           []float32
}

// Options of a training. Zero values are sensible but for Epochs and Rate.
type Options struct {
	Epochs         int
	Batch          int                            // 32 by default
	Rate           float64                        // of Adam at its highest, 0.002 say
	Schedule       func(progress float64) float64 // factor on Rate over 0..1; Cosine by default
	Decay          float64                        // decoupled weight decay, times the rate
	LabelSmoothing float64                        // share of the wanted probability spread over all classes
	ClassWeights   []float32                      // factor on the loss by Class
	Seed           uint64
	Workers        int // goroutines; 2 by default; the result does not depend on it
	// Augment may change its sample, which is a copy, slices included; rng depends on
	// seed, epoch and sample alone. It may as well draw a new sample from nothing.
	Augment func(rng *rand.Rand, s *Sample)
	// Log is told the mean loss and the share of right answers of each epoch.
	Log func(epoch int, loss, right float64)
}

// Cosine falls from 1 to 0 along half a cosine.
func Cosine(progress float64) float64 {
	return math.Round(5e5*(1+math.Cos(math.Pi*progress))) / 1e6 // rounded: the same on every machine
}

// Steps falls to a tenth after 60 % and to a hundredth after 85 % of the training.
func Steps(progress float64) float64 {
	switch {
	case progress < 0.6:
		return 1
	case progress < 0.85:
		return 0.1
	}
	return 0.01
}

// shards is the fixed number of sums a batch's gradient is computed in: it decides the
// order of additions, so no number of goroutines changes a bit.
const shards = 8

// Trainer trains one network. Fit may be called again and goes on from there.
type Trainer struct {
	Net    *nn.Net
	shards [shards]*pass
	m, v   []float32 // moments of Adam (Kingma and Ba, 2015)
	steps  int
}

// New draws initial weights uniformly with the variance 2/inputs after He et al.
// (2015); the last layer begins at a tenth of that.
func New(spec nn.Spec, rng *rand.Rand) *Trainer {
	n := spec.Weights()
	t := &Trainer{Net: &nn.Net{Spec: spec, W: make([]float32, n)}, m: make([]float32, n), v: make([]float32, n)}
	for _, l := range spec.Layers() {
		a := math.Sqrt(6 / float64(l.K*l.K*l.In))
		if l.Last {
			a /= 10
		}
		for i := range l.Kernel() {
			t.Net.W[l.At+i] = float32((2*rng.Float64() - 1) * a)
		}
	}
	for i := range t.shards {
		t.shards[i] = newPass(t.Net)
	}
	return t
}

// Fit trains on the samples in an order shuffled each epoch; what does not fill a
// batch is left out of the epoch.
func (t *Trainer) Fit(samples []Sample, o Options) {
	if o.Batch == 0 {
		o.Batch = 32
	}
	if o.Schedule == nil {
		o.Schedule = Cosine
	}
	o.Batch = min(o.Batch, len(samples))
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	order := rng.Perm(len(samples))
	batches := len(samples) / max(o.Batch, 1)
	for e := range o.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss, right := 0.0, 0
		for b := range batches {
			l, r := t.batch(samples, order[b*o.Batch:(b+1)*o.Batch], e, &o)
			loss, right = loss+l, right+r
			t.step(o.Batch, o.Rate*o.Schedule(float64(e*batches+b)/float64(o.Epochs*batches)), o.Decay)
		}
		if n := float64(batches * o.Batch); o.Log != nil && n > 0 {
			o.Log(e+1, loss/n, float64(right)/n)
		}
	}
}

// batch computes the gradient of the samples named by order into the shards.
func (t *Trainer) batch(samples []Sample, order []int, epoch int, o *Options) (loss float64, right int) {
	var wg sync.WaitGroup
	next := make(chan int, shards)
	for s := range shards {
		next <- s
	}
	close(next)
	workers := o.Workers
	if workers == 0 {
		workers = 2
	}
	for range workers {
		wg.Go(func() {
			for s := range next {
				part := order[s*len(order)/shards : (s+1)*len(order)/shards]
				t.shards[s].run(t.Net, samples, part, epoch, o)
			}
		})
	}
	wg.Wait()
	for _, s := range t.shards {
		loss, right = loss+s.loss, right+s.right
	}
	return loss, right
}

// step moves the weights by the mean gradient of n samples, added in the order of the
// shards, and clears it.
func (t *Trainer) step(n int, rate, decay float64) {
	const b1, b2 = 0.9, 0.999
	t.steps++
	c1, c2 := 1.0, 1.0
	for range min(t.steps, 20000) {
		c1, c2 = c1*b1, c2*b2
	}
	k, c := float32(rate/(1-c1)), float32(1/(1-c2))
	shrink, share := float32(rate*decay), 1/float32(n)
	w, m, v := t.Net.W, t.m, t.v
	for i := range w {
		g := float32(0)
		for _, s := range t.shards {
			g += s.grad[i]
			s.grad[i] = 0
		}
		g *= share
		m[i] = float32(b1*m[i]) + float32((1-b1)*g)
		v[i] = float32(b2*v[i]) + float32((1-b2)*float32(g*g))
		d := float32(k*m[i]) / (float32(math.Sqrt(float64(float32(v[i]*c)))) + 1e-8)
		w[i] -= d + float32(shrink*w[i])
	}
}
