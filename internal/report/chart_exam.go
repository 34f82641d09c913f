package report

import (
	"fmt"
	"math"
	"slices"
)

// The size of most charts.
const (
	chartWidth  = 720
	chartHeight = 300
)

// newPlane makes a chart with room for labels left of it and below.
func newPlane(id string, height, x0, x1, y0, y1 float64) plane {
	c := &chart{ID: id, Width: chartWidth, Height: height}
	return plane{chart: c, left: 58, top: 14, width: chartWidth - 58 - 16, height: height - 14 - 46, x0: x0, x1: x1, y0: y0, y1: y1}
}

// histogram draws how many booklets have a total in each bin, with the quartiles as a strip above.
func (w words) histogram(d distribution) *chart {
	up := countTicks(slices.Max(d.bins))
	end := d.from + float64(len(d.bins))*d.step
	p := newPlane("totals", chartHeight, d.from, end, 0, up[len(up)-1])
	p.top, p.height = p.top+34, p.height-34
	p.across(up, func(y float64) string { return w.count(int(y)) }, w.say("axis.booklets"))
	p.along(ticks(d.from, end, 12), w.credits, w.say("axis.total"))
	for i, n := range d.bins {
		if n == 0 {
			continue
		}
		low := d.from + float64(i)*d.step
		x, y := p.px(low), p.py(float64(n))
		p.Rects = append(p.Rects, rect{x + 1, y, round(p.px(low+d.step) - x - 2), round(p.py(0) - y), "bar",
			w.say("totals.bin", w.credits(low), w.credits(low+d.step), w.booklets(n))})
	}
	p.quartiles(d, 24)
	p.Title = w.say("totals.chart")
	p.Desc = w.say("totals.desc", w.credits(d.least.x), w.credits(d.most.x), w.number(d.mean.x, 1), w.credits(round(d.median.x)),
		w.credits(round(d.q1.x)), w.credits(round(d.q3.x)))
	return p.chart
}

// quartiles draws a box from the first to the third quartile with the median in it, lines out to
// the least and the most, and a dot at the mean.
func (p plane) quartiles(d distribution, y float64) {
	p.Lines = append(p.Lines, line{p.px(d.least.x), y, p.px(d.most.x), y, "whisker"})
	p.Rects = append(p.Rects, rect{p.px(d.q1.x), y - 9, round(p.px(d.q3.x) - p.px(d.q1.x)), 18, "box", ""})
	p.Over = append(p.Over, line{p.px(d.median.x), y - 9, p.px(d.median.x), y + 9, "median"})
	p.Dots = append(p.Dots, dot{p.px(d.mean.x), y, 3.5, "mean", ""})
}

// gradeChart draws how many booklets have each grade, the best first.
func (w words) gradeChart(all []gradeCount) *chart {
	most := 0
	for _, g := range all {
		most = max(most, g.n)
	}
	up := countTicks(most)
	p := newPlane("grades", 240, 0, float64(len(all)), 0, up[len(up)-1])
	p.across(up, func(y float64) string { return w.count(int(y)) }, w.say("axis.booklets"))
	wide := p.width / float64(len(all))
	for i, g := range all {
		x, y := p.px(float64(i)), p.py(float64(g.n))
		p.Rects = append(p.Rects, rect{round(x + wide*0.14), y, round(wide * 0.72), round(p.py(0) - y), "bar", ""})
		p.Labels = append(p.Labels, label{X: round(x + wide/2), Y: p.top + p.height + 17, Text: g.grade, Anchor: "middle", Class: "tick"})
		if g.n > 0 {
			p.Labels = append(p.Labels, label{X: round(x + wide/2), Y: y - 3, Text: w.count(g.n), Anchor: "middle", Class: "value"})
		}
	}
	p.Labels = append(p.Labels, label{X: round(p.left + p.width/2), Y: p.Height - 6, Text: w.say("axis.grade"), Anchor: "middle", Class: "title"})
	p.Title, p.Desc = w.say("grades.chart"), w.say("grades.desc")
	return p.chart
}

// itemChart places each item by how much of it was earned and how well it tells who is good.
func (w words) itemChart(items []item, figures []itemFigures) *chart {
	low, high := 0.0, 1.0
	for _, f := range figures {
		if f.discrimination.ok && f.difficulty.ok {
			low = min(low, math.Floor(f.discrimination.x*5)/5)
		}
	}
	p := newPlane("items", 340, 0, 1, low, high)
	p.across(ticks(low, high, 6), func(y float64) string { return w.number(y, 1) }, w.say("axis.discrimination"))
	p.along(ticks(0, 1, 10), func(x float64) string { return w.share(x, 0) }, w.say("axis.difficulty"))
	p.Lines = append(p.Lines, line{p.left, p.py(weak), p.left + p.width, p.py(weak), "limit"},
		line{p.px(hard), p.py(low), p.px(hard), p.py(high), "limit"}, line{p.px(easy), p.py(low), p.px(easy), p.py(high), "limit"})
	var names []string
	for i, f := range figures {
		if !f.discrimination.ok || !f.difficulty.ok {
			continue
		}
		names = append(names, items[i].id)
		p.Dots = append(p.Dots, dot{p.px(min(max(f.difficulty.x, 0), 1)), p.py(f.discrimination.x), 4, "dot",
			fmt.Sprintf("%s: %s, %s", items[i].id, w.share(f.difficulty.x, 0), w.number(f.discrimination.x, 2))})
	}
	if len(names) == 0 {
		return nil
	}
	p.name(names)
	p.Title, p.Desc = w.say("items.chart"), w.say("items.desc", w.count(len(names)))
	return p.chart
}
