package main

import (
	"math/rand/v2"
	"sync"

	"scan/detect"
	"scan/internal/nn/learn"
)

// drawn is one box as the network sees it, with what was drawn there.
type drawn struct {
	*detect.MarkInput
	kind int
	what string
	scan string
}

// collection is what a number of sheets hold. skipped counts, by truth, the boxes that the
// reader does not ask the network about, and why.
type collection struct {
	boxes   []drawn
	skipped map[string]int
}

// workers draw sheets side by side; the order of boxes does not depend on their number.
const workers = 2

// collect draws sheets and measures their boxes.
func collect(seed, group uint64, sheets int, m mix) *collection {
	return collectFrom(seed, group, 0, sheets, m)
}

// collectFrom draws the sheets of a group from a given one on.
func collectFrom(seed, group uint64, from, sheets int, m mix) *collection {
	parts := make([]*collection, sheets)
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				parts[i] = oneSheet(rand.New(rand.NewPCG(seed<<8|group, uint64(from+i))), m)
			}
		})
	}
	for i := range sheets {
		next <- i
	}
	close(next)
	wg.Wait()
	all := &collection{skipped: map[string]int{}}
	for _, p := range parts {
		all.boxes = append(all.boxes, p.boxes...)
		for k, n := range p.skipped {
			all.skipped[k] += n
		}
	}
	return all
}

// lostInk is the share of ink below which a 1-bit scan holds no mark any more.
const lostInk = 0.03

func oneSheet(rng *rand.Rand, m mix) *collection {
	c := &collection{skipped: map[string]int{}}
	s := newSheet(rng, m)
	v, name := scan(rng, s.ink)
	paper := detect.LookAtPaper(v, s.form)
	for j, b := range s.boxes {
		k := s.kind[j]
		if k == unclear {
			continue
		}
		in, ask, why := detect.SeeMark(v, s.form, b, s.boxes, paper)
		switch {
		case why == "blank" && v.Page.Bilevel:
			c.skipped[detect.MarkKindNames[k]+" blank in 1-bit"]++
		case !ask:
			c.skipped[detect.MarkKindNames[k]+" "+why]++
		case v.Page.Bilevel && k != empty && k != foreign && in.Scalars[detect.FillScalar] < lostInk:
			c.skipped[detect.MarkKindNames[k]+" lost in 1-bit"]++
		default:
			c.boxes = append(c.boxes, drawn{in, k, s.what[j], name})
		}
	}
	return c
}

func (c *collection) samples() []learn.Sample {
	all := make([]learn.Sample, len(c.boxes))
	for i, b := range c.boxes {
		all[i] = learn.Sample{Image: b.Image, Scalars: b.Scalars, Class: b.kind}
	}
	return all
}

// count is the number of boxes of each kind.
func (c *collection) count() (n [detect.MarkKinds]int) {
	for _, b := range c.boxes {
		n[b.kind]++
	}
	return n
}
