package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"

	"scan/detect"
	"scan/internal/nn/learn"
)

// cuts are the confidences at which errors and questions are counted; names are listed at
// the one of the ordinary policy.
var cuts = [...]float64{0.9, 0.95, 0.98, listed, 0.995, 0.998}

const listed = 0.99

// sheetsAtOnce bounds the memory of a report: a box is 17 kB.
const sheetsAtOnce = 200

// score counts one kind of scans. Plain boxes are empty, crossed or filled; what the reader
// takes for blank counts as an empty box it is sure of.
type score struct {
	plain          int
	misread, asked [len(cuts)]int
}

// tally is what a report counts.
type tally struct {
	confusion        [detect.MarkKinds][detect.MarkKinds]int
	scans            map[string]*score
	wrong, questions map[string]int
	skipped          map[string]int
	answers          []learn.Answer
}

// report prints confusion, errors and questions at thresholds of confidence, and
// reliability, on writers that were neither trained nor calibrated on.
func report(w io.Writer, net *detect.MarkNet, o options) {
	t := tally{scans: map[string]*score{}, wrong: map[string]int{}, questions: map[string]int{}, skipped: map[string]int{}}
	for from := 0; from < o.test; from += sheetsAtOnce {
		t.add(net, collectFrom(o.seed, toReport, from, min(sheetsAtOnce, o.test-from), examMix))
	}
	fmt.Fprintf(w, "not asked about: %v\n", sorted(t.skipped))
	for _, name := range slices.Sorted(maps.Keys(t.scans)) {
		s := t.scans[name]
		for j, cut := range cuts {
			fmt.Fprintf(w, "%-6s at %.3f: %6d plain boxes with ink, misread %d, asked about %d (%.2f %%)\n", name, cut, s.plain, s.misread[j], s.asked[j], 100*float64(s.asked[j])/float64(max(s.plain, 1)))
		}
	}
	fmt.Fprintf(w, "misread at %v: %v\nasked about: %v\ntruth     read %v\n", listed, sorted(t.wrong), sorted(t.questions), detect.MarkKindNames)
	for k, row := range t.confusion {
		fmt.Fprintf(w, "%-9s %6d\n", detect.MarkKindNames[k], row)
	}
	fmt.Fprintf(w, "expected calibration error %.4f\n", learn.ECE(t.answers, 20))
}

// add counts a collection.
func (t *tally) add(net *detect.MarkNet, c *collection) {
	for k, n := range c.skipped {
		t.skipped[k] += n
	}
	answers := scored(net, c.samples())
	t.answers = append(t.answers, learn.Answers(net.Calibration, answers)...)
	for i, s := range answers {
		b := c.boxes[i]
		if t.scans[b.scan] == nil {
			t.scans[b.scan] = &score{}
		}
		t.box(t.scans[b.scan], b, net.Probabilities(s.Logits, nil))
	}
}

// box counts one box with its probabilities.
func (t *tally) box(s *score, b drawn, p []float64) {
	best := slices.Index(p, slices.Max(p))
	t.confusion[b.kind][best]++
	plain := b.kind <= fill
	s.plain += boolInt(plain)
	for j, cut := range cuts {
		switch {
		case best > fill || p[best] < cut:
			s.asked[j] += boolInt(plain)
			if plain && cut == listed {
				t.questions[b.what]++
			}
		case best != b.kind:
			s.misread[j]++
			if cut == listed {
				t.wrong[b.what+" as "+detect.MarkKindNames[best]]++
			}
		}
	}
}

func sorted(m map[string]int) (lines []string) {
	for k, n := range m {
		lines = append(lines, fmt.Sprintf("%s %d", k, n))
	}
	sort.Strings(lines)
	return lines
}
