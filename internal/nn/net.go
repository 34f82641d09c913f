package nn

// Net is a network with its weights, in the order of Spec.Layers. It is safe for
// concurrent use as long as every goroutine has its own Acts. Net.W are the weights;
// the width of the image is Net.Spec.W.
type Net struct {
	Spec
	W []float32
}

// Acts are the activations of one run, each row, column, channel.
type Acts struct {
	Layers []Layer
	Conv   [][]float32 // per layer before pooling, rectified
	Out    [][]float32 // per layer what it hands on; the same slice as Conv without pooling
	Joint  []float32   // input of the first full layer: the last convolution, then the scalars
	Convs  int         // layers that are convolutions
}

// NewActs allocates the activations of one run at a time.
func (n *Net) NewActs() *Acts {
	a := &Acts{Layers: n.Layers(), Convs: len(n.Convs)}
	for _, l := range a.Layers {
		full := make([]float32, l.H*l.W*l.Out)
		out := full
		if l.Pool > 1 {
			out = make([]float32, l.Size())
		}
		a.Conv, a.Out = append(a.Conv, full), append(a.Out, out)
	}
	a.Joint = make([]float32, a.Layers[a.Convs].In)
	return a
}

// Run computes the raw logits of an image (H x W x Planes: row, column, plane) and
// its scalars. The logits belong to a and last until its next run. Zeros of the image
// cost next to nothing.
func (n *Net) Run(image, scalars []float32, a *Acts) []float32 {
	src := image
	for i, l := range a.Layers {
		if i == a.Convs {
			k := copy(a.Joint, src)
			copy(a.Joint[k:], scalars)
			src = a.Joint
		}
		w := n.W[l.At : l.At+l.Kernel()]
		bias := n.W[l.At+l.Kernel():][:l.Out]
		if l.Full {
			copy(a.Conv[i], bias)
			mulAdd(a.Conv[i], src, w)
		} else {
			l.convolve(src, a.Conv[i], w, bias)
		}
		if !l.Last {
			rectify(a.Conv[i])
		}
		if l.Pool > 1 {
			l.pool(a.Conv[i], a.Out[i])
		}
		src = a.Out[i]
	}
	return src
}

// convolve computes a convolution. A row of the kernel meets a stretch of the image
// that is contiguous in memory, as are its weights: one product of vector and matrix.
func (l Layer) convolve(src, dst, w, bias []float32) {
	r := l.K / 2
	for oy := range l.H {
		for ox := range l.W {
			d := dst[(oy*l.W+ox)*l.Out:][:l.Out]
			copy(d, bias)
			x0, x1 := ox*l.Stride-r, ox*l.Stride-r+l.K
			kx := max(-x0, 0)
			x0, x1 = max(x0, 0), min(x1, l.InW)
			for ky := range l.K {
				y := oy*l.Stride + ky - r
				if y < 0 || y >= l.InH || x0 >= x1 {
					continue
				}
				mulAdd(d, src[(y*l.InW+x0)*l.In:(y*l.InW+x1)*l.In], w[(ky*l.K+kx)*l.In*l.Out:])
			}
		}
	}
}

// mulAdd adds src times the matrix w (a row of len(d) per value of src) to d. Zeros
// are skipped; four rows at a time spare three in four loads and stores of d. Products
// are rounded before they are added: no fused multiply-add, the same bits everywhere.
func mulAdd(d, src, w []float32) {
	n, k := len(d), 0
	var at [4]int
	var v [4]float32
	for i, x := range src {
		if x == 0 {
			continue
		}
		at[k], v[k] = i*n, x
		if k++; k == 4 {
			k = 0
			v0, v1, v2, v3 := v[0], v[1], v[2], v[3]
			a, b, c, e := w[at[0]:][:n], w[at[1]:][:n], w[at[2]:][:n], w[at[3]:][:n]
			for o := range d {
				d[o] = d[o] + float32(v0*a[o]) + float32(v1*b[o]) + float32(v2*c[o]) + float32(v3*e[o])
			}
		}
	}
	for j := range k {
		a, x := w[at[j]:][:n], v[j]
		for o := range d {
			d[o] += float32(x * a[o])
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

// pool takes the maximum of each 2 x 2 block; at the far edges of what there is of it.
func (l Layer) pool(src, dst []float32) {
	clear(dst)
	for y := range l.H {
		for x := range l.W {
			d := dst[(y/l.Pool*l.PoolW+x/l.Pool)*l.Out:][:l.Out]
			for o, v := range src[(y*l.W+x)*l.Out:][:l.Out] {
				if v > d[o] {
					d[o] = v
				}
			}
		}
	}
}
