package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shapes with odd sides, no convolution, no hidden layer, pooling and scalars.
var shapes = []Spec{
	{H: 7, W: 10, Planes: 2, Convs: []Conv{{K: 3, Stride: 2, Out: 5}, {K: 5, Stride: 1, Out: 3}}, Scalars: 4, Hidden: []int{9}, Out: 3},
	{H: 9, W: 5, Planes: 1, Convs: []Conv{{K: 3, Stride: 1, Out: 4, Pool: 2}, {K: 1, Stride: 3, Out: 6, Pool: 2}}, Hidden: []int{5, 4}, Out: 2},
	{H: 6, W: 6, Planes: 3, Out: 4},
	{Scalars: 5, Hidden: []int{7}, Out: 2},
}

func random(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		if rng.IntN(3) > 0 {
			v[i] = float32(rng.NormFloat64())
		}
	}
	return v
}

// slow is the network written down as its definition says.
func slow(n *Net, image, scalars []float32) []float64 {
	src := make([]float64, len(image))
	for i, v := range image {
		src[i] = float64(v)
	}
	h, w, in, at := n.H, n.Spec.W, n.Planes, 0
	next := func() float64 { at++; return float64(n.W[at-1]) }
	for _, c := range n.Convs {
		kernel := make([]float64, c.K*c.K*in*c.Out)
		for i := range kernel {
			kernel[i] = next()
		}
		oh, ow := int(math.Ceil(float64(h)/float64(c.Stride))), int(math.Ceil(float64(w)/float64(c.Stride)))
		pool := max(c.Pool, 1)
		ph, pw := int(math.Ceil(float64(oh)/float64(pool))), int(math.Ceil(float64(ow)/float64(pool)))
		dst := make([]float64, ph*pw*c.Out)
		for o := range c.Out {
			bias := next()
			for y := range oh {
				for x := range ow {
					sum := bias
					for ky := range c.K {
						for kx := range c.K {
							sy, sx := y*c.Stride+ky-c.K/2, x*c.Stride+kx-c.K/2
							if sy < 0 || sx < 0 || sy >= h || sx >= w {
								continue
							}
							for i := range in {
								sum += src[(sy*w+sx)*in+i] * kernel[((ky*c.K+kx)*in+i)*c.Out+o]
							}
						}
					}
					d := &dst[(y/pool*pw+x/pool)*c.Out+o]
					*d = math.Max(*d, sum) // rectified: begins at 0
				}
			}
		}
		src, h, w, in = dst, ph, pw, c.Out
	}
	for _, v := range scalars {
		src = append(src, float64(v)) //nolint:makezero // the scalars come behind what was made
	}
	for i, size := range append(append([]int{}, n.Hidden...), n.Out) {
		dst := make([]float64, size)
		for _, v := range src {
			for o := range dst {
				dst[o] += v * next()
			}
		}
		for o := range dst {
			dst[o] += next()
			if i < len(n.Hidden) {
				dst[o] = math.Max(dst[o], 0)
			}
		}
		src = dst
	}
	return src
}

func TestRunIsTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range shapes {
		n := &Net{Spec: s, W: random(rng, s.Weights())}
		a := n.NewActs()
		for range 5 {
			image, scalars := random(rng, s.Pixels()), random(rng, s.Scalars)
			want := slow(n, image, scalars)
			got := n.Run(image, scalars, a)
			require.Len(t, got, s.Out)
			for i := range want {
				assert.InDelta(t, want[i], got[i], 1e-3*math.Max(1, math.Abs(want[i])))
			}
		}
	}
}

func TestExp(t *testing.T) {
	for x := 0.0; x > -60; x -= 0.137 {
		assert.InEpsilon(t, math.Exp(x), Exp(x), 1e-12)
	}
	assert.Zero(t, Exp(math.Inf(-1)))
	assert.Equal(t, 1.0, Exp(0))
}

func TestProbabilities(t *testing.T) {
	z := []float32{1, 2, -3}
	p := Calibration{}.Probabilities(z, nil)
	assert.InDelta(t, 1, p[0]+p[1]+p[2], 1e-12)
	assert.InDelta(t, math.E, p[1]/p[0], 1e-9)
	assert.Equal(t, p, NewCalibration(3).Probabilities(z, nil))
	c := Calibration{Scale: []float32{0, 0, 0}, Bias: []float32{0, 0, float32(math.Log(2))}}
	assert.InDelta(t, 0.5, c.Probabilities(z, nil)[2], 1e-6)
}

func TestPack(t *testing.T) {
	b := Pack("x-1\n", []float32{1, -2.5}, []float32{3})
	u, v := make([]float32, 2), make([]float32, 1)
	require.NoError(t, Unpack(b, "x-1\n", u, v))
	assert.Equal(t, []float32{1, -2.5}, u)
	assert.Equal(t, []float32{3}, v)
	require.ErrorIs(t, Unpack(b, "x-2\n", u, v), ErrWeights)
	require.ErrorIs(t, Unpack(b[1:], "x-1\n", u, v), ErrWeights)
	require.ErrorIs(t, Unpack(nil, "x-1\n", u, v), ErrWeights)
}

func BenchmarkRun(b *testing.B) {
	s := Spec{H: 48, W: 72, Planes: 3, Convs: []Conv{{K: 5, Stride: 2, Out: 8}, {K: 3, Stride: 2, Out: 16}, {K: 3, Stride: 2, Out: 32}}, Hidden: []int{48}, Out: 3}
	rng := rand.New(rand.NewPCG(1, 2))
	n := &Net{Spec: s, W: random(rng, s.Weights())}
	image := random(rng, s.Pixels())
	a := n.NewActs()
	for b.Loop() {
		n.Run(image, nil, a)
	}
}
