// Package nn runs small convolutional networks in plain Go, with the same bits on
// every machine. It knows shapes and numbers, nothing of what they mean. Package
// learn trains the same networks.
package nn

// Conv is a convolution with a K x K kernel (K odd) to Out channels, a rectifier,
// and, where Pool is 2, the maximum of each 2 x 2 block. Output (y, x) is centred on
// input (y*Stride, x*Stride); outside the image is zero.
type Conv struct{ K, Stride, Out, Pool int }

// Spec is the shape of a network: an image of H x W x Planes, convolutions, then the
// flattened result joined by Scalars, hidden layers with rectifiers, and a linear
// layer to Out logits. Any part but the last may be absent. Sizes need not be
// multiples of a stride: an axis of n becomes ceil(n/Stride), then ceil(n/Pool).
type Spec struct {
	H, W, Planes int
	Convs        []Conv
	Scalars      int
	Hidden       []int
	Out          int
}

// Layer is one layer of a network with its sizes worked out. A convolution maps
// InH x InW x In to H x W x Out before pooling and PoolH x PoolW x Out after; a full
// layer has all sides 1 and K 1.
type Layer struct {
	InH, InW, In int
	H, W, Out    int
	PoolH, PoolW int
	K, Stride    int
	Pool         int
	At           int // offset of its weights: K x K x In x Out (row, column, in, out), then Out biases
	Full         bool
	Last         bool // no rectifier
}

// Kernel returns the number of weights without biases.
func (l Layer) Kernel() int { return l.K * l.K * l.In * l.Out }

// Size returns the number of activations the layer hands on.
func (l Layer) Size() int { return l.PoolH * l.PoolW * l.Out }

// Layers lists the layers in order, full ones after the convolutions.
func (s Spec) Layers() []Layer {
	var all []Layer
	h, w, in, at := s.H, s.W, s.Planes, 0
	add := func(l Layer) {
		l.At = at
		at += l.Kernel() + l.Out
		all = append(all, l)
	}
	for _, c := range s.Convs {
		pool, stride := max(c.Pool, 1), max(c.Stride, 1)
		l := Layer{InH: h, InW: w, In: in, H: ceil(h, stride), W: ceil(w, stride), Out: c.Out, K: c.K, Stride: stride, Pool: pool}
		l.PoolH, l.PoolW = ceil(l.H, pool), ceil(l.W, pool)
		add(l)
		h, w, in = l.PoolH, l.PoolW, c.Out
	}
	n := h*w*in + s.Scalars
	for i := 0; i <= len(s.Hidden); i++ {
		out, last := s.Out, i == len(s.Hidden)
		if !last {
			out = s.Hidden[i]
		}
		add(Layer{InH: 1, InW: 1, In: n, H: 1, W: 1, PoolH: 1, PoolW: 1, Out: out, K: 1, Stride: 1, Pool: 1, Full: true, Last: last})
		n = out
	}
	return all
}

// Weights returns the number of weights, biases included.
func (s Spec) Weights() int {
	n := 0
	for _, l := range s.Layers() {
		n += l.Kernel() + l.Out
	}
	return n
}

// Pixels returns the number of values of an image.
func (s Spec) Pixels() int { return s.H * s.W * s.Planes }

func ceil(n, by int) int { return (n + by - 1) / by }
