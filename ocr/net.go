package ocr

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Classes of the glyph network, in the order of its outputs. 0 to 9 are the digits.
const (
	ClassHalf   = 10 // a whole "½" or "1/2"
	ClassSlash  = 11 // the bar of a fraction
	ClassMinus  = 12 // a dash: the field is left out on purpose
	ClassStruck = 13 // a glyph crossed or scribbled out
	ClassJunk   = 14 // a wrong segment: part of a glyph, two glyphs, a stray line
	NetClasses  = 15
)

// Shape of the network, after LeCun et al., "Gradient-based learning applied to
// document recognition" (1998): two 5x5 convolutions, each followed by ReLU and
// 2x2 maximum pooling, a hidden layer with ReLU and a linear output.
const (
	GlyphSize = 28 // input: GlyphSize x GlyphSize, 0 paper to 1 ink
	NetMaps1  = 8  // maps after the first convolution, 24x24, pooled to 12x12
	NetMaps2  = 20 // maps after the second, 8x8, pooled to 4x4
	NetHidden = 96

	kernel = 5
	side1  = GlyphSize - kernel + 1 // 24
	pool1  = side1 / 2              // 12
	side2  = pool1 - kernel + 1     // 8
	pool2  = side2 / 2              // 4
	flat   = NetMaps2 * pool2 * pool2
)

// Glyph is one glyph normalised for the network, row by row.
type Glyph [GlyphSize * GlyphSize]float32

// Net holds the parameters of the glyph network. Kernels are stored output map
// first, then input map, row and column; layers output first.
type Net struct {
	Conv1  [NetMaps1][kernel * kernel]float32
	Bias1  [NetMaps1]float32
	Conv2  [NetMaps2][NetMaps1][kernel * kernel]float32
	Bias2  [NetMaps2]float32
	Hidden [NetHidden][flat]float32
	BiasH  [NetHidden]float32
	Out    [NetClasses][NetHidden]float32
	BiasO  [NetClasses]float32
}

// netRun is the working memory of one forward pass.
type netRun struct {
	map1   [NetMaps1][pool1 * pool1]float32
	flat   [flat]float32
	hidden [NetHidden]float32
}

// Forward returns the class probabilities of a glyph. Safe for concurrent use.
func (n *Net) Forward(g *Glyph) [NetClasses]float32 {
	var r netRun
	n.layer1(g, &r)
	n.layer2(&r)
	for i := range r.hidden {
		r.hidden[i] = max(0, n.BiasH[i]+dot(n.Hidden[i][:], r.flat[:]))
	}
	var out [NetClasses]float32
	for i := range out {
		out[i] = n.BiasO[i] + dot(n.Out[i][:], r.hidden[:])
	}
	softmax(out[:])
	return out
}

// layer1 convolves the glyph and pools: two rows of sums at a time.
func (n *Net) layer1(g *Glyph, r *netRun) {
	for m := range n.Conv1 {
		for py := range pool1 {
			var a, b [side1]float32
			for k := range kernel {
				w := (*[kernel]float32)(n.Conv1[m][kernel*k:])
				conv24(&a, (*[GlyphSize]float32)(g[(2*py+k)*GlyphSize:]), w)
				conv24(&b, (*[GlyphSize]float32)(g[(2*py+1+k)*GlyphSize:]), w)
			}
			row := r.map1[m][py*pool1 : (py+1)*pool1]
			for x := range row {
				v := max(a[2*x], a[2*x+1], b[2*x], b[2*x+1]) + n.Bias1[m]
				row[x] = max(0, v)
			}
		}
	}
}

// layer2 convolves the pooled maps and pools into the flat vector.
func (n *Net) layer2(r *netRun) {
	for m := range n.Conv2 {
		for py := range pool2 {
			var a, b [side2]float32
			for in := range r.map1 {
				src := &r.map1[in]
				for k := range kernel {
					w := (*[kernel]float32)(n.Conv2[m][in][kernel*k:])
					conv8(&a, (*[pool1]float32)(src[(2*py+k)*pool1:]), w)
					conv8(&b, (*[pool1]float32)(src[(2*py+1+k)*pool1:]), w)
				}
			}
			for x := range pool2 {
				v := max(a[2*x], a[2*x+1], b[2*x], b[2*x+1]) + n.Bias2[m]
				r.flat[(m*pool2+py)*pool2+x] = max(0, v)
			}
		}
	}
}

// conv24 adds the correlation of a row of 28 with a kernel row to acc.
func conv24(acc *[side1]float32, in *[GlyphSize]float32, w *[kernel]float32) {
	w0, w1, w2, w3, w4 := w[0], w[1], w[2], w[3], w[4]
	for x := range acc {
		acc[x] += w0*in[x] + w1*in[x+1] + w2*in[x+2] + w3*in[x+3] + w4*in[x+4]
	}
}

// conv8 is conv24 for rows of 12.
func conv8(acc *[side2]float32, in *[pool1]float32, w *[kernel]float32) {
	w0, w1, w2, w3, w4 := w[0], w[1], w[2], w[3], w[4]
	for x := range acc {
		acc[x] += w0*in[x] + w1*in[x+1] + w2*in[x+2] + w3*in[x+3] + w4*in[x+4]
	}
}

// dot sums in four strands, which the processor runs side by side.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// softmax turns logits into probabilities in place.
func softmax(v []float32) {
	top := v[0]
	for _, x := range v[1:] {
		top = max(top, x)
	}
	var sum float32
	for i, x := range v {
		v[i] = float32(math.Exp(float64(x - top)))
		sum += v[i]
	}
	for i := range v {
		v[i] /= sum
	}
}

// Model is everything learned that reading a score rests on.
type Model struct {
	Net Net
	Sep SepNet
	Cal Calibration
}

// magic opens a weights file; the digit is the version of its layout.
const magic = "scan-digits-1\n"

// ErrWeights is returned for a weights file that is not one of this version.
var ErrWeights = errors.New("malformed digit weights")

// ParseModel reads what Marshal wrote: the magic line, then every parameter as a
// little-endian float32 in the order of the fields of Model.
func ParseModel(b []byte) (*Model, error) {
	m := new(Model)
	want := len(magic) + binary.Size(m)
	if len(b) != want || string(b[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: %d bytes, want %d beginning with %q; "+
			"run go run ./internal/train/digits to make them again", ErrWeights, len(b), want, magic)
	}
	if _, err := binary.Decode(b[len(magic):], binary.LittleEndian, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWeights, err)
	}
	return m, nil
}

// Marshal returns the weights file of the model.
func (m *Model) Marshal() []byte {
	b, err := binary.Append([]byte(magic), binary.LittleEndian, m)
	if err != nil {
		panic(err) // the model is all float32 arrays: Append cannot fail
	}
	return b
}
