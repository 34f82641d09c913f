package main

import (
	"fmt"
	"io"
	"math"

	"scan/detect"
)

// calibrate fits a scale and a bias per logit on writers the network has not seen
// (vector scaling: Guo et al., 2017), by plain gradient descent on the cross entropy.
func calibrate(net *detect.MarkNet, data []sample) {
	acts := detect.NewMarkActs()
	raw := make([][detect.MarkKinds]float32, len(data))
	for i, s := range data {
		net.Run(s.in, acts)
		raw[i] = acts.Logits
	}
	var scale, bias [detect.MarkKinds]float64
	for i := range scale {
		scale[i] = 1
	}
	for range 600 {
		var gs, gb [detect.MarkKinds]float64
		for i, s := range data {
			var z [detect.MarkKinds]float32
			for k := range z {
				z[k] = float32(scale[k]*float64(raw[i][k]) + bias[k])
			}
			p := softmax(z)
			p[s.kind]--
			for k := range p {
				gs[k] += p[k] * float64(raw[i][k])
				gb[k] += p[k]
			}
		}
		n := float64(len(data))
		for k := range scale {
			scale[k] -= 0.05 * gs[k] / n * 5
			bias[k] -= 0.5 * gb[k] / n * 5
		}
	}
	for k := range scale {
		net.Scale[k], net.Bias[k] = float32(scale[k]), float32(bias[k])
	}
}

// bins of confidence for the reliability table.
var bins = [...]float64{0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.9995, 1.01}

// report writes confusion, errors past the review threshold and reliability.
func report(w io.Writer, net *detect.MarkNet, data []sample, review float64) {
	acts := detect.NewMarkActs()
	var confusion [detect.MarkKinds][detect.MarkKinds]int
	var n, right [len(bins)]int
	var conf [len(bins)]float64
	reviews, misread := 0, 0
	nll := 0.0
	wrong := map[string]int{}
	asked := map[string]int{}
	for _, s := range data {
		p := net.Probabilities(s.in, acts)
		best := 0
		for k := range p {
			if p[k] > p[best] {
				best = k
			}
		}
		nll -= math.Log(math.Max(p[s.kind], 1e-12))
		confusion[s.kind][best]++
		b := 0
		for p[best] >= bins[b+1] {
			b++
		}
		n[b]++
		conf[b] += p[best]
		if best == s.kind {
			right[b]++
		}
		sure := p[best]
		if best == crossed {
			sure += 0.95 * p[stroke] // as the reader counts it
		}
		switch {
		case sure < review || best >= stroke:
			reviews++
			asked[fmt.Sprint(names[s.kind], "/", s.what)]++
		case best != s.kind:
			misread++
			wrong[fmt.Sprint(names[s.kind], "/", s.what, " as ", names[best])]++
		}
	}
	fmt.Fprintf(w, "%d boxes with ink: loss %.4f, misread %d, reviewed %d\n", len(data), nll/float64(len(data)), misread, reviews)
	fmt.Fprintf(w, "truth \\ read  %v\n", names)
	for k, row := range confusion {
		fmt.Fprintf(w, "%-12s %6d\n", names[k], row)
	}
	fmt.Fprintf(w, "misread: %v\nreviewed: %v\n", wrong, asked)
	for b := range len(bins) - 1 {
		if n[b] > 0 {
			fmt.Fprintf(w, "confidence %.4f..%.4f: %6d boxes, mean %.4f, right %.4f\n", bins[b], bins[b+1], n[b], conf[b]/float64(n[b]), float64(right[b])/float64(n[b]))
		}
	}
}

var names = [detect.MarkKinds]string{"empty", "crossed", "filled", "stroke", "other"}
