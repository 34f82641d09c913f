package bench

import (
	"cmp"
	"math"
	"slices"
)

// Point is what a threshold would give.
type Point struct {
	Threshold float64 // confidences below it are reviewed; +Inf reviews everything
	Review    float64 // share of the plain fields that go to a person
	Silent    float64 // share of all fields that are silently wrong
	Misread   int
}

// Curve returns silent error against review as the threshold falls from +Inf to -Inf
// (nobody is asked but for structural reasons). Between two points the silent error
// does not change: only the ends of each such stretch are kept.
func Curve(items []Item) []Point {
	free := make([]*Item, 0, len(items))
	now := counter{all: len(items)}
	for i := range items {
		it := &items[i]
		if !it.Odd {
			now.plain++
		}
		if it.Forced() || math.IsNaN(it.Confidence) {
			continue
		}
		free = append(free, it)
	}
	now.review = now.plain
	slices.SortStableFunc(free, func(a, b *Item) int { return cmp.Compare(b.Confidence, a.Confidence) })
	curve := []Point{now.point(math.Inf(1))}
	for i := 0; i < len(free); {
		t, before := free[i].Confidence, now.misread
		for ; i < len(free) && free[i].Confidence == t; i++ {
			now.take(free[i])
		}
		p := now.point(t)
		if n := len(curve); now.misread == before && n > 1 && curve[n-2].Misread == before {
			curve[n-1] = p // the stretch goes on
		} else {
			curve = append(curve, p)
		}
	}
	return curve
}

// counter follows the numbers while items leave review one by one.
type counter struct{ all, plain, review, misread int }

func (c *counter) take(it *Item) {
	if !it.Odd {
		c.review--
	}
	if !it.Accepts(it.Value) {
		c.misread++
	}
}

func (c *counter) point(t float64) Point {
	return Point{t, share(c.review, c.plain), share(c.misread, c.all), c.misread}
}

// Needed returns the point of least review whose silent error is at most silent.
func Needed(curve []Point, silent float64) Point {
	best := curve[0]
	for _, p := range curve {
		if p.Silent > silent {
			break
		}
		best = p
	}
	return best
}

// Area is the integral of silent error over review rate, from what structural reasons
// force to 1: less is better, and 0 means that no threshold lets an error pass. In a
// stretch without an error, review falls at constant silent error: steps, not slopes.
func Area(curve []Point) float64 {
	a := 0.0
	for i := 1; i < len(curve); i++ {
		a += (curve[i-1].Review - curve[i].Review) * curve[i].Silent
	}
	return a
}
