package learn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/nn"
)

var shapes = []nn.Spec{
	{H: 7, W: 10, Planes: 2, Convs: []nn.Conv{{K: 3, Stride: 2, Out: 5}, {K: 5, Stride: 1, Out: 3}}, Scalars: 4, Hidden: []int{9}, Out: 3},
	{H: 9, W: 5, Planes: 1, Convs: []nn.Conv{{K: 3, Stride: 1, Out: 4, Pool: 2}, {K: 1, Stride: 3, Out: 6, Pool: 2}}, Hidden: []int{5, 4}, Out: 2},
	{H: 6, W: 6, Planes: 3, Out: 4},
	{Scalars: 5, Hidden: []int{7}, Out: 2},
}

func draw(rng *rand.Rand, s nn.Spec) Sample {
	vec := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		return v
	}
	return Sample{Image: vec(s.Pixels()), Scalars: vec(s.Scalars), Class: rng.IntN(s.Out)}
}

// The gradient of the loss is what moving each weight a little shows.
func TestGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, spec := range shapes {
		tr := New(spec, rng)
		for i := range tr.Net.W {
			tr.Net.W[i] = float32(rng.NormFloat64() / 3)
		}
		s, p := draw(rng, spec), tr.shards[0]
		o := Options{LabelSmoothing: 0.05}
		p.learn(tr.Net, &s, &o)
		grad := append([]float32(nil), p.grad...)
		loss := func() float64 {
			p.loss = 0
			p.learn(tr.Net, &s, &o)
			return p.loss
		}
		off := 0
		for range 200 {
			i := rng.IntN(len(grad))
			w, h := tr.Net.W[i], float32(1e-3)
			tr.Net.W[i] = w + h
			up := loss()
			tr.Net.W[i] = w - h
			down := loss()
			tr.Net.W[i] = w
			if math.Abs((up-down)/float64(2*h)-float64(grad[i])) > 2e-3*math.Max(1, math.Abs(float64(grad[i]))) {
				off++
			}
		}
		assert.LessOrEqual(t, off, 4, "%+v: all but kinks of rectifiers", spec) // a kink within h is rare
	}
}

// bars are images of a vertical or a horizontal bar in noise.
func bars(n int, seed uint64) []Sample {
	rng := rand.New(rand.NewPCG(seed, 0))
	all := make([]Sample, n)
	for i := range all {
		s := Sample{Image: make([]float32, 12*9), Scalars: []float32{1}, Class: rng.IntN(2)}
		at := rng.IntN(9)
		for k := range 9 {
			if s.Class == 0 {
				s.Image[k*12+at] = 1
			} else {
				s.Image[at*12+k] = 1
			}
		}
		for k := range s.Image {
			s.Image[k] += float32(0.2 * rng.NormFloat64())
		}
		all[i] = s
	}
	return all
}

var barSpec = nn.Spec{H: 9, W: 12, Planes: 1, Convs: []nn.Conv{{K: 3, Stride: 1, Out: 4, Pool: 2}, {K: 3, Stride: 2, Out: 8}}, Scalars: 1, Hidden: []int{8}, Out: 2}

func fitBars(workers int) *Trainer {
	tr := New(barSpec, rand.New(rand.NewPCG(5, 5)))
	tr.Fit(bars(400, 1), Options{Epochs: 6, Batch: 20, Rate: 0.01, Decay: 1e-4, Seed: 3, Workers: workers,
		LabelSmoothing: 0.01, Augment: func(rng *rand.Rand, s *Sample) { s.Image[rng.IntN(len(s.Image))] = 0 }})
	return tr
}

func TestFitLearns(t *testing.T) {
	tr := fitBars(2)
	held := Score(tr.Net, bars(500, 2))
	right := 0
	for _, a := range Answers(nn.Calibration{}, held) {
		if a.Right {
			right++
		}
	}
	assert.Greater(t, right, 490)
}

func TestWorkersDoNotChangeTheWeights(t *testing.T) {
	one := fitBars(1).Net.W
	assert.Equal(t, one, fitBars(3).Net.W)
	assert.Equal(t, one, fitBars(8).Net.W)
}

func TestAugmentLeavesTheSamplesAlone(t *testing.T) {
	s := bars(8, 1)
	before := append([]float32(nil), s[3].Image...)
	New(barSpec, rand.New(rand.NewPCG(5, 5))).Fit(s, Options{Epochs: 1, Batch: 8, Rate: 0.01, Augment: func(_ *rand.Rand, s *Sample) { clear(s.Image) }})
	assert.Equal(t, before, s[3].Image)
}

// Logits made too sure and biased are brought back to what they are worth.
func TestCalibration(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	var held []Scored
	for range 8000 {
		z := []float32{float32(rng.NormFloat64()), float32(rng.NormFloat64()), 0}
		p, u, class := nn.Calibration{}.Probabilities(z, nil), rng.Float64(), 0
		for class < 2 && u > p[class] {
			u -= p[class]
			class++
		}
		held = append(held, Scored{[]float32{4 * z[0], 4 * z[1], 4*z[2] + 4}, class})
	}
	raw := ECE(Answers(nn.Calibration{}, held), 15)
	c := ScaleBias(held)
	assert.Greater(t, raw, 0.2)
	assert.Less(t, ECE(Answers(c, held), 15), 0.03) // chance alone makes 0.017
	assert.InDelta(t, 0.25, c.Scale[0], 0.03)
	for i := range held {
		held[i].Logits[2] -= 4
	}
	one := Temperature(held)
	assert.InDelta(t, 0.25, one.Scale[0], 0.02)
	assert.Equal(t, one.Scale[0], one.Scale[2])
	assert.Zero(t, one.Bias[1])
}

func TestReliability(t *testing.T) {
	a := []Answer{{0.9, true}, {0.6, false}, {0.9, true}, {0.6, true}}
	assert.Equal(t, []Bin{{2, 0.6, 0.5}, {2, 0.9, 1}}, Reliability(a, 2))
	assert.InDelta(t, 0.1, ECE(a, 2), 1e-9)
	assert.Zero(t, ECE(nil, 2))
}
