package main

import (
	"fmt"
	"io"
	"sort"

	"scan/detect"
	"scan/internal/nn/learn"
)

// report prints confusion, errors and questions at thresholds of confidence, and
// reliability on boxes with ink of writers that were not trained on.
func report(w io.Writer, net *detect.MarkNet, c *collection) {
	scored := learn.Score(&net.Net, c.samples())
	var confusion [detect.MarkKinds][detect.MarkKinds]int
	cuts := []float64{0.9, 0.95, 0.98, 0.99, 0.995, 0.998}
	misread, asked := make([]int, len(cuts)), make([]int, len(cuts))
	wrong, questions := map[string]int{}, map[string]int{}
	plain := 0
	for i, s := range scored {
		p := net.Probabilities(s.Logits, nil)
		best := 0
		for k := range p {
			if p[k] > p[best] {
				best = k
			}
		}
		confusion[s.Class][best]++
		isPlain := s.Class <= fill
		plain += boolInt(isPlain)
		for j, cut := range cuts {
			if best > fill || p[best] < cut {
				asked[j] += boolInt(isPlain)
				if cut == 0.98 && isPlain {
					questions[c.boxes[i].what]++
				}
			} else if best != s.Class {
				misread[j]++
				if cut == 0.98 {
					wrong[c.boxes[i].what+" as "+detect.MarkKindNames[best]]++
				}
			}
		}
	}
	fmt.Fprintf(w, "%d boxes with ink, %d of them empty, crossed or filled; not asked about: %v\n", len(scored), plain, c.skipped)
	for j, cut := range cuts {
		fmt.Fprintf(w, "at %.3f: %d misread, %d plain boxes asked about (%.2f %%)\n", cut, misread[j], asked[j], 100*float64(asked[j])/float64(plain))
	}
	fmt.Fprintf(w, "misread at 0.98: %v\nasked about at 0.98: %v\n%-9s read %v\n", sorted(wrong), sorted(questions), "truth", detect.MarkKindNames)
	for k, row := range confusion {
		fmt.Fprintf(w, "%-9s %6d\n", detect.MarkKindNames[k], row)
	}
	answers := learn.Answers(net.Calibration, scored)
	fmt.Fprintf(w, "expected calibration error %.4f\n", learn.ECE(answers, 20))
}

func sorted(m map[string]int) (lines []string) {
	for k, n := range m {
		lines = append(lines, fmt.Sprintf("%s %d", k, n))
	}
	sort.Strings(lines)
	return lines
}
