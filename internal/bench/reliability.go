package bench

import (
	"cmp"
	"math"
	"slices"
)

// Bin is what became of the items of a stretch of confidences.
type Bin struct {
	From, To float64 // confidences, From <= c < To; the last bin includes 1
	N, Right int
	Mean     float64 // mean confidence, in [0,1]
	Lo, Hi   float64 // 95 % Wilson interval of the share of right values
}

// Share is the share of right values.
func (b Bin) Share() float64 { return share(b.Right, b.N) }

// Gap is how far the mean confidence is from the share of right values.
func (b Bin) Gap() float64 { return math.Abs(b.Mean - b.Share()) }

// Boasts reports whether the bin promises more than it can have kept: its mean
// confidence is above the interval of its share of right values.
func (b Bin) Boasts() bool { return b.N > 0 && b.Mean > b.Hi }

// Reliability compares confidences with what they promise (Niculescu-Mizil and Caruana,
// ICML 2005), over all fields that no structural reason sends to a person.
type Reliability struct {
	N       int
	Equal   []Bin   // of about the same number of items each; ties stay together
	Tail    []Bin   // at TailEdges
	ECE     float64 // expected calibration error: the mean gap over Equal, by items
	Max     float64 // greatest gap of the bins of Tail with MinBin items
	Sharper float64 // mean gap over Tail, by items: the same where confidences crowd at 1
}

// TailEdges part confidences where they matter: near 1, by powers of ten.
var TailEdges = []float64{0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1}

// MinBin is how many items a bin needs for its gap to count for the greatest one: at
// confidence 0.9 chance alone moves the share of 30 items by some 0.05.
const MinBin = 30

// equalBins is the number of bins of equal count; 15 is usual (Guo et al., ICML 2017).
const equalBins = 15

// ReliabilityOf bins the items by confidence.
func ReliabilityOf(items []Item) Reliability {
	var free []*Item
	for i := range items {
		if it := &items[i]; !it.Forced() && it.Confidence >= 0 && it.Confidence <= 1 {
			free = append(free, it)
		}
	}
	slices.SortStableFunc(free, func(a, b *Item) int { return cmp.Compare(a.Confidence, b.Confidence) })
	r := Reliability{N: len(free), Equal: equalCount(free, equalBins), Tail: atEdges(free, TailEdges)}
	for _, b := range r.Equal {
		r.ECE += b.Gap() * share(b.N, r.N)
	}
	for _, b := range r.Tail {
		r.Sharper += b.Gap() * share(b.N, r.N)
		if b.N >= MinBin {
			r.Max = max(r.Max, b.Gap())
		}
	}
	return r
}

// equalCount cuts sorted items to n bins; equal confidences are never parted.
func equalCount(free []*Item, n int) []Bin {
	var bins []Bin
	for start := 0; start < len(free); {
		end := max(start+1, len(free)*(len(bins)+1)/n)
		for end < len(free) && free[end].Confidence == free[end-1].Confidence {
			end++
		}
		bins = append(bins, binOf(free[start:end], free[start].Confidence, free[end-1].Confidence))
		start = end
	}
	return bins
}

// atEdges cuts sorted items at given confidences.
func atEdges(free []*Item, edges []float64) []Bin {
	bins := make([]Bin, 0, len(edges)-1)
	start := 0
	for i := 1; i < len(edges); i++ {
		end := start
		for end < len(free) && (free[end].Confidence < edges[i] || i == len(edges)-1) {
			end++
		}
		bins = append(bins, binOf(free[start:end], edges[i-1], edges[i]))
		start = end
	}
	return bins
}

func binOf(items []*Item, from, to float64) Bin {
	b := Bin{From: from, To: to, N: len(items)}
	for _, it := range items {
		b.Mean += it.Confidence
		if it.Accepts(it.Value) {
			b.Right++
		}
	}
	if b.N > 0 {
		b.Mean /= float64(b.N)
	}
	b.Lo, b.Hi = Wilson(b.Right, b.N)
	return b
}
