package learn

import (
	"math"

	"scan/internal/nn"
)

// Scored is the raw logits of a held-out sample and its true class.
type Scored struct {
	Logits []float32
	Class  int
}

// Score runs the network over samples, as calibration and reports need it.
func Score(n *nn.Net, samples []Sample) []Scored {
	all := make([]Scored, len(samples))
	a := n.NewActs()
	for i, s := range samples {
		all[i] = Scored{append([]float32(nil), n.Run(s.Image, s.Scalars, a)...), s.Class}
	}
	return all
}

// Temperature fits one factor on all logits by maximum likelihood (Guo et al., "On
// calibration of modern neural networks", 2017).
func Temperature(held []Scored) nn.Calibration { return fit(held, true) }

// ScaleBias fits a scale and a bias per class by maximum likelihood, pulled a little
// towards 1 and 0, which decides where the data do not.
func ScaleBias(held []Scored) nn.Calibration { return fit(held, false) }

// fit goes down the mean loss by Adam on the full set.
func fit(held []Scored, one bool) nn.Calibration {
	if len(held) == 0 {
		return nn.Calibration{}
	}
	n := len(held[0].Logits)
	x, g := make([]float64, 2*n), make([]float64, 2*n) // scales, then biases
	m, v := make([]float64, 2*n), make([]float64, 2*n)
	for i := range n {
		x[i] = 1
	}
	const rounds = 400
	c1, c2 := 1.0, 1.0
	for round := range rounds {
		slope(held, x, g, one)
		c1, c2 = c1*0.9, c2*0.99
		rate := 0.05 * (1 - float64(round)/rounds)
		for i := range x {
			m[i] = float64(0.9*m[i]) + float64(0.1*g[i])
			v[i] = float64(0.99*v[i]) + float64(0.01*float64(g[i]*g[i]))
			x[i] -= float64(rate * (m[i] / (1 - c1) / (math.Sqrt(v[i]/(1-c2)) + 1e-8)))
		}
	}
	c := nn.NewCalibration(n)
	for i := range n {
		c.Scale[i], c.Bias[i] = float32(x[i]), float32(x[n+i])
	}
	return c
}

// slope writes the gradient of the mean loss and the pull to g.
func slope(held []Scored, x, g []float64, one bool) {
	n := len(x) / 2
	p := make([]float64, n)
	clear(g)
	for _, h := range held {
		for i, z := range h.Logits {
			p[i] = float64(float64(z)*x[i]) + x[n+i]
		}
		nn.Softmax(p)
		p[h.Class]--
		for i, z := range h.Logits {
			g[i] += float64(p[i] * float64(z))
			g[n+i] += p[i]
		}
	}
	const pull = 1e-4
	all := 0.0
	for i := range n {
		g[i] = g[i]/float64(len(held)) + float64(pull*(x[i]-1))
		g[n+i] = g[n+i]/float64(len(held)) + float64(pull*x[n+i])
		all += g[i]
	}
	for i := range n {
		if one {
			g[i], g[n+i] = all, 0
		}
	}
}
