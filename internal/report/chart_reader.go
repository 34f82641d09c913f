package report

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// pairChart draws what the second corrector gave over what the first gave; the area of a dot
// is how often it happened.
func (w words) pairChart(all correctorFigures) *chart {
	most, n := 1.0, map[pair]int{}
	for _, p := range all.pairs {
		most = max(most, p.first, p.second)
		n[p]++
	}
	pad := 0.04 * most // dots at the ends stay off the labels
	p := newPlane("correctors", 400, -pad, most+pad, -pad, most+pad)
	p.width = p.height // one credit is as long both ways
	p.Width = p.left + p.width + 16
	axis := ticks(0, most, 8)
	p.across(axis, w.credits, w.say("axis.second"))
	p.along(axis, w.credits, w.say("axis.first"))
	floor := p.top + p.height
	p.Lines = append(p.Lines, line{p.left, floor, p.left + p.width, floor, "axis"}, line{p.px(0), p.py(0), p.px(most), p.py(most), "limit"})
	largest := slices.Max(slices.Collect(maps.Values(n)))
	for _, at := range slices.SortedFunc(maps.Keys(n), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.second, b.second))
	}) {
		class := "dot"
		if at.first != at.second {
			class = "dot apart"
		}
		p.Dots = append(p.Dots, dot{p.px(at.first), p.py(at.second), round(2.5 + 6*math.Sqrt(float64(n[at])/float64(largest))), class,
			w.say("correctors.tip", w.credits(at.first), w.credits(at.second), w.count(n[at]))})
	}
	p.Title, p.Desc = w.say("correctors.chart"), w.say("correctors.desc", w.count(len(all.pairs)), w.count(all.differ))
	return p.chart
}

// confidenceChart draws how many readings lie in each band of confidence, on a logarithmic scale:
// nearly all lie in the last.
func (w words) confidenceChart(f readerFigures) *chart {
	most := 1
	for _, b := range f.bands {
		most = max(most, b.asked, b.unasked)
	}
	decades := math.Ceil(math.Log10(float64(most))*(1+1e-12) + 0.15) // room for the number above
	p := newPlane("confidence", 280, 0, float64(len(f.bands)), -0.3, max(decades, 1))
	var up []float64
	for e := 0.0; e <= p.y1; e++ {
		up = append(up, e)
	}
	p.across(up, func(y float64) string { return w.count(int(math.Pow(10, y))) }, w.say("axis.readings"))
	p.Lines = append(p.Lines, line{p.left, p.py(p.y0), p.left + p.width, p.py(p.y0), "axis"})
	wide := p.width / float64(len(f.bands))
	for i, b := range f.bands {
		for j, n := range []int{b.unasked, b.asked} {
			if n == 0 {
				continue
			}
			x, y := round(p.px(float64(i))+wide*(0.1+0.42*float64(j))), p.py(math.Log10(float64(n)))
			p.Rects = append(p.Rects, rect{x, y, round(wide * 0.38), round(p.py(p.y0) - y), []string{"bar", "bar asked"}[j], ""})
			p.Labels = append(p.Labels, label{X: round(x + wide*0.19), Y: y - 3, Text: w.count(n), Anchor: "middle", Class: "value"})
		}
		p.Labels = append(p.Labels, label{X: round(p.px(float64(i)) + wide/2), Y: p.top + p.height + 17, Text: w.band(i), Anchor: "middle", Class: "tick"})
	}
	p.Labels = append(p.Labels, label{X: round(p.left + p.width/2), Y: p.Height - 6, Text: w.say("axis.confidence"), Anchor: "middle", Class: "title"})
	p.Title, p.Desc = w.say("confidence.chart"), w.say("confidence.desc")
	return p.chart
}

// band names a band of confidence.
func (w words) band(i int) string {
	text := func(x float64) string { return w.share(x, max(0, int(math.Round(-math.Log10(1-x)))-2)) }
	switch {
	case i == 0:
		return w.say("band.below", text(bands[1]))
	case i == len(bands)-1:
		return w.say("band.from", text(bands[i]))
	}
	return w.say("band.between", text(bands[i]), text(bands[i+1]))
}
