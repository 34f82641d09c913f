package ocr

import (
	"scan/internal/nn"
)

// Classes of the glyph network, in the order of its outputs. 0 to 9 are the digits.
const (
	ClassHalf   = 10 // a whole "½" or "1/2"
	ClassSlash  = 11 // the bar of a fraction
	ClassMinus  = 12 // a dash: the field is left out on purpose
	ClassStruck = 13 // a glyph crossed or scribbled out
	ClassJunk   = 14 // a wrong segment: part of a glyph, two glyphs, a stray line
	ClassFused  = 15 // 15 to 24: a digit 0 to 9 and, in the same picture, a separator beside it
	NetClasses  = 25
)

// GlyphSize is the side of the network's picture of one glyph: GlyphSize x GlyphSize,
// 0 paper to 1 ink.
const GlyphSize = 28

// Glyph is one glyph normalised for the network, row by row.
type Glyph [GlyphSize * GlyphSize]float32

// GlyphSpec is the network that names glyphs: three convolutions with maxima of 2 x 2
// after each, after LeCun et al., "Gradient-based learning applied to document
// recognition" (1998). Its size is what some minutes of training on two processors fill;
// whether more channels and samples gain is not measured.
var GlyphSpec = nn.Spec{
	H: GlyphSize, W: GlyphSize, Planes: 1,
	Convs:  []nn.Conv{{K: 5, Stride: 1, Out: 8, Pool: 2}, {K: 3, Stride: 1, Out: 16, Pool: 2}, {K: 3, Stride: 1, Out: 32, Pool: 2}},
	Hidden: []int{64}, Out: NetClasses,
}

// SepSpec tells commas and points from parts of glyphs and dirt; see SepFeatures.
var SepSpec = nn.Spec{Scalars: len(SepFeatures{}), Hidden: []int{16}, Out: sepClasses}

// CalSpec turns what is known of a reading into wrong (0) or right (1).
var CalSpec = nn.Spec{Scalars: len(CalFeatures{}), Hidden: []int{10}, Out: 2}

// Model is everything learned that reading a score rests on.
type Model struct {
	Net, Sep, Cal *nn.Net
}

// NewModel returns a model of the right shapes whose weights are all 0.
func NewModel() *Model {
	blank := func(s nn.Spec) *nn.Net { return &nn.Net{Spec: s, W: make([]float32, s.Weights())} }
	return &Model{blank(GlyphSpec), blank(SepSpec), blank(CalSpec)}
}

// magic opens a weights file; the digit is the version of its layout.
const magic = "scan-digits-2\n"

// ParseModel reads a weights file; the error wraps nn.ErrWeights if it is none of this
// version.
func ParseModel(b []byte) (*Model, error) {
	m := NewModel()
	if err := nn.Unpack(b, magic, m.Net.W, m.Sep.W, m.Cal.W); err != nil {
		return nil, err
	}
	return m, nil
}

// Marshal returns the weights file of the model.
func (m *Model) Marshal() []byte { return nn.Pack(magic, m.Net.W, m.Sep.W, m.Cal.W) }

// judge is a model with the working memory of one goroutine.
type judge struct {
	*Model
	net, sep, cal *nn.Acts
}

func (m *Model) judge() *judge {
	return &judge{m, m.Net.NewActs(), m.Sep.NewActs(), m.Cal.NewActs()}
}

// glyph returns the probabilities of a glyph's classes.
func (j *judge) glyph(g *Glyph) (p [NetClasses]float32) {
	for c, v := range probabilities(j.Net.Run(g[:], nil, j.net)) {
		p[c] = float32(v)
	}
	return p
}

func probabilities(logits []float32) []float64 { return nn.Calibration{}.Probabilities(logits, nil) }
