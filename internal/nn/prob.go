package nn

import "math"

// Calibration turns raw logits into probabilities that can be taken at their word:
// each logit times its scale plus its bias, then softmax. The zero value changes nothing.
type Calibration struct{ Scale, Bias []float32 }

// NewCalibration returns one of n classes that changes nothing.
func NewCalibration(n int) Calibration {
	c := Calibration{make([]float32, n), make([]float32, n)}
	for i := range c.Scale {
		c.Scale[i] = 1
	}
	return c
}

// Probabilities writes the calibrated probabilities of logits to p and returns it;
// p may be nil.
func (c Calibration) Probabilities(logits []float32, p []float64) []float64 {
	if p == nil {
		p = make([]float64, len(logits))
	}
	for i, z := range logits {
		p[i] = float64(z)
		if c.Scale != nil {
			p[i] = float64(float32(z*c.Scale[i]) + c.Bias[i])
		}
	}
	return Softmax(p)
}

// Softmax turns logits into probabilities in place and returns them.
func Softmax(z []float64) []float64 {
	top, sum := math.Inf(-1), 0.0
	for _, v := range z {
		top = math.Max(top, v)
	}
	for i, v := range z {
		z[i] = Exp(v - top)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
	return z
}

// Exp is e^x for x <= 0, to about 1e-13 of its value. The standard library's depends
// on whether the processor fuses multiply and add; weights that rest on it would too.
func Exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	k := math.Round(x / math.Ln2)
	r := x - float64(k*math.Ln2)
	v := 1.0
	for n := 13.0; n > 0; n-- {
		v = 1 + float64(r*v)/n
	}
	return math.Ldexp(v, int(k))
}
