package main

import (
	"math"

	"scan/ocr"
)

// Sizes of the layers; ocr.Net has the same.
const (
	kernel = 5
	side1  = ocr.GlyphSize - kernel + 1
	pool1  = side1 / 2
	side2  = pool1 - kernel + 1
	pool2  = side2 / 2
	flat   = ocr.NetMaps2 * pool2 * pool2
)

// pass is one shard's working memory: activations, which input won each pooling,
// and the gradient summed over the shard's samples.
type pass struct {
	map1   [ocr.NetMaps1][pool1 * pool1]float32
	won1   [ocr.NetMaps1][pool1 * pool1]int32 // index into a 24x24 map, -1 where ReLU is off
	flat   [flat]float32
	won2   [flat]int32 // index into an 8x8 map, -1 where ReLU is off
	hidden [ocr.NetHidden]float32
	dMap1  [ocr.NetMaps1][pool1 * pool1]float32
	dFlat  [flat]float32
	grad   ocr.Net
	loss   float64
	right  int
}

// learn adds the gradient of the cross entropy of one sample. target is smoothed:
// labels are not all right, and a net that is never certain is easier to calibrate.
func (p *pass) learn(n *ocr.Net, g *glyph) {
	out := p.forward(n, &g.Glyph)
	const smooth = 0.02
	best := 0
	for i := range out {
		if out[i] > out[best] {
			best = i
		}
	}
	if best == g.class {
		p.right++
	}
	p.loss -= math.Log(max(1e-12, float64(out[g.class])))
	for i := range out {
		out[i] -= smooth / ocr.NetClasses
	}
	out[g.class] -= 1 - smooth
	p.backward(n, &g.Glyph, out)
}

func (p *pass) forward(n *ocr.Net, g *ocr.Glyph) [ocr.NetClasses]float32 {
	for m := range n.Conv1 {
		var sum [side1 * side1]float32
		for k, w := range n.Conv1[m] {
			for y := range side1 {
				axpy(sum[y*side1:(y+1)*side1], w, g[(y+k/kernel)*ocr.GlyphSize+k%kernel:])
			}
		}
		pool(p.map1[m][:], p.won1[m][:], sum[:], side1, n.Bias1[m])
	}
	for m := range n.Conv2 {
		var sum [side2 * side2]float32
		for in := range p.map1 {
			for k, w := range n.Conv2[m][in] {
				for y := range side2 {
					axpy(sum[y*side2:(y+1)*side2], w, p.map1[in][(y+k/kernel)*pool1+k%kernel:])
				}
			}
		}
		at := m * pool2 * pool2
		pool(p.flat[at:at+pool2*pool2], p.won2[at:], sum[:], side2, n.Bias2[m])
	}
	for i := range p.hidden {
		p.hidden[i] = max(0, n.BiasH[i]+dot(n.Hidden[i][:], p.flat[:]))
	}
	var out [ocr.NetClasses]float32
	var top, total float32 = float32(math.Inf(-1)), 0
	for i := range out {
		out[i] = n.BiasO[i] + dot(n.Out[i][:], p.hidden[:])
		top = max(top, out[i])
	}
	for i := range out {
		out[i] = exp32(out[i] - top)
		total += out[i]
	}
	for i := range out {
		out[i] /= total
	}
	return out
}

// pool takes the maximum of 2x2 sums, adds the bias and cuts off below 0.
func pool(dst []float32, won []int32, sum []float32, side int, bias float32) {
	half := side / 2
	for y := range half {
		for x := range half {
			at := 2*y*side + 2*x
			best := at
			for _, i := range [3]int{at + 1, at + side, at + side + 1} {
				if sum[i] > sum[best] {
					best = i
				}
			}
			v, w := sum[best]+bias, int32(best)
			if v <= 0 {
				v, w = 0, -1
			}
			dst[y*half+x], won[y*half+x] = v, w
		}
	}
}

// backward adds the gradient for the loss whose derivative by the logits is d.
func (p *pass) backward(n *ocr.Net, g *ocr.Glyph, d [ocr.NetClasses]float32) {
	var dHidden [ocr.NetHidden]float32
	for i, v := range d {
		p.grad.BiasO[i] += v
		axpy(p.grad.Out[i][:], v, p.hidden[:])
		axpy(dHidden[:], v, n.Out[i][:])
	}
	p.dFlat = [flat]float32{}
	for i, v := range dHidden {
		if p.hidden[i] > 0 {
			p.grad.BiasH[i] += v
			axpy(p.grad.Hidden[i][:], v, p.flat[:])
			axpy(p.dFlat[:], v, n.Hidden[i][:])
		}
	}
	p.dMap1 = [ocr.NetMaps1][pool1 * pool1]float32{}
	for i, v := range p.dFlat {
		if w := p.won2[i]; w >= 0 {
			p.back2(n, i/(pool2*pool2), int(w), v)
		}
	}
	for m := range p.dMap1 {
		for i, v := range p.dMap1[m] {
			if w := p.won1[m][i]; w >= 0 && v != 0 {
				p.back1(g, m, int(w), v)
			}
		}
	}
}

// back2 spreads the derivative v of one sum of the second convolution.
func (p *pass) back2(n *ocr.Net, m, at int, v float32) {
	p.grad.Bias2[m] += v
	y, x := at/side2, at%side2
	for in := range p.map1 {
		for k := range kernel {
			from := (y+k)*pool1 + x
			axpy(p.grad.Conv2[m][in][k*kernel:(k+1)*kernel], v, p.map1[in][from:])
			axpy(p.dMap1[in][from:from+kernel], v, n.Conv2[m][in][k*kernel:])
		}
	}
}

// back1 is back2 for the first convolution, whose input needs no derivative.
func (p *pass) back1(g *ocr.Glyph, m, at int, v float32) {
	p.grad.Bias1[m] += v
	y, x := at/side1, at%side1
	for k := range kernel {
		axpy(p.grad.Conv1[m][k*kernel:(k+1)*kernel], v, g[(y+k)*ocr.GlyphSize+x:])
	}
}

// axpy adds a*x to y; x may be longer.
func axpy(y []float32, a float32, x []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += a * x[i]
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for i := 0; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}

// exp32 is e^x for x <= 0 by halving and a Taylor polynomial: the standard
// library's depends on whether the processor fuses multiply and add, and the
// weights must not.
func exp32(x float32) float32 {
	if x < -80 {
		return 0
	}
	const halvings = 10
	t := float64(x) / (1 << halvings)
	v := 1 + t*(1+t/2*(1+t/3*(1+t/4)))
	for range halvings {
		v *= v
	}
	return float32(v)
}
