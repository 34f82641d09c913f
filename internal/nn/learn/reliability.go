package learn

import (
	"cmp"
	"math"
	"slices"

	"scan/internal/nn"
)

// Answer is one answer: how sure it was, and whether it was right.
type Answer struct {
	Confidence float64
	Right      bool
}

// Answers takes the likeliest class of each held-out sample.
func Answers(c nn.Calibration, held []Scored) []Answer {
	all := make([]Answer, len(held))
	for i, h := range held {
		p := c.Probabilities(h.Logits, nil)
		best := 0
		for k := range p {
			if p[k] > p[best] {
				best = k
			}
		}
		all[i] = Answer{p[best], best == h.Class}
	}
	return all
}

// Bin is a group of answers of about equal confidence.
type Bin struct {
	N                 int
	Confidence, Right float64 // means
}

// Reliability groups answers by confidence into bins of equal counts.
func Reliability(answers []Answer, bins int) []Bin {
	a := slices.Clone(answers)
	slices.SortStableFunc(a, func(x, y Answer) int { return cmp.Compare(x.Confidence, y.Confidence) })
	var all []Bin
	for i := range bins {
		part := a[i*len(a)/bins : (i+1)*len(a)/bins]
		if len(part) == 0 {
			continue
		}
		b := Bin{N: len(part)}
		for _, x := range part {
			b.Confidence += x.Confidence / float64(len(part))
			if x.Right {
				b.Right += 1 / float64(len(part))
			}
		}
		all = append(all, b)
	}
	return all
}

// ECE is the expected calibration error: how far confidence and share of right answers
// lie apart on average, over bins of equal counts (Nixon et al., "Measuring calibration
// in deep learning", 2019).
func ECE(answers []Answer, bins int) float64 {
	sum := 0.0
	for _, b := range Reliability(answers, bins) {
		sum += float64(b.N) * math.Abs(b.Confidence-b.Right)
	}
	return sum / math.Max(float64(len(answers)), 1)
}
