package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// The mark network sorts the ink of a box into the five kinds. It is a small
// convolutional network in the manner of LeNet (LeCun et al., 1998) with strides in
// place of pooling, trained by internal/train/marks on drawn marks:
//
//	32x32x2 -> conv 5x5/2, 8 -> conv 3x3/2, 16 -> conv 3x3/2, 24 (4x4)
//	        -> with 20 scalars: 40 -> 5 logits, each times a scale plus a bias
//
// Rectified linear units follow every layer but the last. Activations are stored
// row, column, channel, so that the inner loops run over channels and zeros (paper)
// cost nothing.
const (
	MarkSide    = 32 // pixels of the image along each side
	MarkPlanes  = 2  // ink, print
	MarkScalars = 20
	MarkKinds   = kinds
	markHidden  = 40
	// markSpan is the width of the image in box widths: the ring takes part.
	markSpan = 1.7
)

// MarkInput is what the network sees of a box. Image holds ink and print in [0,1],
// the box filling the middle 1/1.7; Scalars are features of about unit size.
type MarkInput struct {
	Image   [MarkSide * MarkSide * MarkPlanes]float32
	Scalars [MarkScalars]float32
}

// MarkConv describes a convolution: N x N x In to M x M x Out with K x K weights
// ordered row, column, in, out.
type MarkConv struct{ N, In, M, Out, K, Stride int }

// MarkConvs are the three convolutions of the network.
var MarkConvs = [3]MarkConv{
	{MarkSide, MarkPlanes, 16, 8, 5, 2},
	{16, 8, 8, 16, 3, 2},
	{8, 16, 4, 24, 3, 2},
}

// MarkNet holds the weights: per convolution weights then biases, then the two full
// layers likewise (input-major). Scale and Bias calibrate the logits.
type MarkNet struct {
	W           []float32
	Scale, Bias [MarkKinds]float32
}

// MarkActs are the activations of one run; the trainer needs them.
type MarkActs struct {
	Conv   [3][]float32
	Joint  []float32 // last convolution and scalars
	Hidden []float32
	Logits [MarkKinds]float32
}

// MarkJoint is the size of the first full layer's input.
const MarkJoint = 4*4*24 + MarkScalars

// MarkWeights returns the number of weights.
func MarkWeights() int {
	n := 0
	for _, c := range MarkConvs {
		n += c.K*c.K*c.In*c.Out + c.Out
	}
	return n + MarkJoint*markHidden + markHidden + markHidden*MarkKinds + MarkKinds
}

// NewMarkActs allocates the activations.
func NewMarkActs() *MarkActs {
	a := &MarkActs{Joint: make([]float32, MarkJoint), Hidden: make([]float32, markHidden)}
	for i, c := range MarkConvs {
		a.Conv[i] = make([]float32, c.M*c.M*c.Out)
	}
	return a
}

// Run computes the raw logits of an input.
func (n *MarkNet) Run(in *MarkInput, a *MarkActs) {
	w, src := n.W, in.Image[:]
	for i, c := range MarkConvs {
		k := c.K * c.K * c.In * c.Out
		c.forward(src, a.Conv[i], w[:k], w[k:k+c.Out])
		w, src = w[k+c.Out:], a.Conv[i]
	}
	copy(a.Joint, src)
	copy(a.Joint[len(src):], in.Scalars[:])
	k := MarkJoint * markHidden
	full(a.Joint, a.Hidden, w[:k], w[k:k+markHidden])
	rectify(a.Hidden)
	w = w[k+markHidden:]
	full(a.Hidden, a.Logits[:], w[:markHidden*MarkKinds], w[markHidden*MarkKinds:])
}

// forward computes one rectified convolution. Output (y, x) is centred on input
// (y*Stride, x*Stride); outside the image is zero.
func (c MarkConv) forward(src, dst, w, bias []float32) {
	for i := 0; i < len(dst); i += c.Out {
		copy(dst[i:i+c.Out], bias)
	}
	r := c.K / 2
	for y := range c.N {
		for x := range c.N {
			px := src[(y*c.N+x)*c.In:][:c.In]
			for ci, v := range px {
				if v == 0 {
					continue
				}
				c.scatter(dst, w, y, x, ci, r, v)
			}
		}
	}
	rectify(dst)
}

// scatter adds one input value to every output it reaches.
func (c MarkConv) scatter(dst, w []float32, y, x, ci, r int, v float32) {
	for ky := range c.K {
		oy := y - ky + r
		if oy < 0 || oy%c.Stride != 0 || oy/c.Stride >= c.M {
			continue
		}
		row := (oy / c.Stride) * c.M
		for kx := range c.K {
			ox := x - kx + r
			if ox < 0 || ox%c.Stride != 0 || ox/c.Stride >= c.M {
				continue
			}
			d := dst[(row+ox/c.Stride)*c.Out:][:c.Out]
			k := w[((ky*c.K+kx)*c.In+ci)*c.Out:][:c.Out]
			for o := range d {
				d[o] += float32(v * k[o]) // no fused multiply-add: same bits everywhere
			}
		}
	}
}

// full computes dst = bias + src*w.
func full(src, dst, w, bias []float32) {
	copy(dst, bias)
	for i, v := range src {
		if v == 0 {
			continue
		}
		k := w[i*len(dst):][:len(dst)]
		for o := range dst {
			dst[o] += float32(v * k[o])
		}
	}
}

func rectify(v []float32) {
	for i := range v {
		if v[i] < 0 {
			v[i] = 0
		}
	}
}

// probabilities calibrates the logits of a run.
func (n *MarkNet) probabilities(a *MarkActs) kindP {
	var z kindP
	for i, v := range a.Logits {
		z[i] = float64(v*n.Scale[i] + n.Bias[i])
	}
	return softmax(z)
}

// SeeMark measures a box as the reader does and returns what the network sees of it.
// ask is false where the reader would not ask the network, and why says so: "blank",
// or a reason not to trust the patch. It is exported for the trainer.
func SeeMark(v raster.View, form raster.FormPage, box geom.Box, neighbours []geom.Box) (in *MarkInput, ask bool, why string) {
	c := newCase(v, form, box, without(neighbours, box), &PageState{tone: uint8(measurePageTone(v.Page))})
	c.measure()
	switch {
	case c.why != "":
		return nil, false, c.why
	case c.blank():
		return nil, false, "blank"
	}
	return c.input(), true, ""
}

func (c *boxCase) input() *MarkInput {
	in := &MarkInput{}
	c.picture(in)
	c.scalars(in)
	return in
}

// picture reduces ink and print of the patch to the network's image. Ink is scaled by
// its own level, so that a pale pen draws the same picture as a dark one.
func (c *boxCase) picture(in *MarkInput) {
	p := c.ink
	gain := 1 / float32(math.Max(c.feat.Level, 0.25))
	xi, xf := spread(p.w, (c.box.X-p.origin.X)*markPxPerMM, c.box.W*markPxPerMM)
	yi, yf := spread(p.h, (c.box.Y-p.origin.Y)*markPxPerMM, c.box.H*markPxPerMM)
	area := 1 / float32(MarkSide*MarkSide) // of a cell in the image, in patch pixels
	area = 1 / (float32(c.box.W*c.box.H*markPxPerMM*markPxPerMM*markSpan*markSpan) * area)
	for y := range p.h {
		for x := range p.w {
			i := y*p.w + x
			if p.free[i] && p.ink[i] == 0 {
				continue
			}
			ch, v := 0, min(p.ink[i]*gain, 1)*area
			if !p.free[i] {
				ch, v = 1, area
			}
			splat(&in.Image, xi[x], yi[y], xf[x], yf[y], ch, v)
		}
	}
	for i, v := range in.Image {
		if v < 0.01 {
			in.Image[i] = 0
		}
	}
}

// spread maps n patch pixels to image cells along one axis: pixel i gives share
// 1-f[i] to cell at[i] and f[i] to the next. box0 and size are the box in pixels.
func spread(n int, box0, size float64) (at []int, f []float32) {
	at, f = make([]int, n), make([]float32, n)
	scale := MarkSide / (size * markSpan)
	start := box0 - size*(markSpan-1)/2
	for i := range n {
		a, b := (float64(i)-start)*scale, (float64(i+1)-start)*scale
		at[i] = int(math.Floor(a))
		if edge := float64(at[i] + 1); b > edge {
			f[i] = float32((b - edge) / (b - a))
		}
	}
	return at, f
}

// splat adds v to up to four cells.
func splat(img *[MarkSide * MarkSide * MarkPlanes]float32, x, y int, fx, fy float32, ch int, v float32) {
	put := func(x, y int, v float32) {
		if v > 0 && x >= 0 && y >= 0 && x < MarkSide && y < MarkSide {
			img[(y*MarkSide+x)*MarkPlanes+ch] += v
		}
	}
	put(x, y, v*(1-fx)*(1-fy))
	put(x+1, y, v*fx*(1-fy))
	put(x, y+1, v*(1-fx)*fy)
	put(x+1, y+1, v*fx*fy)
}

// scalars fills in the features that join the image.
func (c *boxCase) scalars(in *MarkInput) {
	f := &c.feat
	w := math.Max(c.box.W, 1)
	sx, sy := c.scan.MMToPix.ScaleAt(c.box.Center())
	v := [MarkScalars]float64{f.Level, f.Fill, f.Solid, f.Mean, 3 * f.Hole / w, 6 * f.Thick / w, f.Diag, 2 * f.DiagMin,
		f.SpanX, f.SpanY, f.Ring[0], f.Ring[1], f.Ring[2], f.Ring[3], f.FillCore, f.Free,
		5 * c.tone.Noise, c.fit.Contrast, w / 5, math.Sqrt(sx*sy) / 12}
	for i := range v {
		in.Scalars[i] = float32(v[i])
	}
}

// TurnScalars changes the scalars as mirroring the box would: by bit 0 left to right,
// bit 1 top to bottom, then bit 2 across the diagonal. It is exported
// for the trainer.
func TurnScalars(v *[MarkScalars]float32, how int) {
	const spanX, spanY, left, right, top, bottom = 8, 9, 10, 11, 12, 13
	if how&1 != 0 {
		v[left], v[right] = v[right], v[left]
	}
	if how&2 != 0 {
		v[top], v[bottom] = v[bottom], v[top]
	}
	if how&4 != 0 {
		v[spanX], v[spanY] = v[spanY], v[spanX]
		v[left], v[top] = v[top], v[left]
		v[right], v[bottom] = v[bottom], v[right]
	}
}
