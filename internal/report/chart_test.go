package report

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// charts draws all there are of a batch.
func charts(n *numbers) []*chart {
	w := newWords("en")
	all := []*chart{w.histogram(n.totals), w.gradeChart(n.grades), w.pairChart(together(n.correctors)), w.confidenceChart(n.reader)}
	if c := w.itemChart(n.table.items, n.items); c != nil {
		all = append(all, c)
	}
	return all
}

// Nothing is drawn outside its picture, whatever the numbers.
func TestChartsStayInTheirBox(t *testing.T) {
	for _, size := range []int{2, 12, 300} {
		for _, c := range charts(compute(sample(size, size))) {
			inside := func(x, y float64) {
				assert.True(t, x >= 0 && x <= c.Width && y >= 0 && y <= c.Height, "%s of %d: (%g, %g) is outside", c.ID, size, x, y)
			}
			for _, l := range append(c.Lines, c.Over...) {
				inside(l.X1, l.Y1)
				inside(l.X2, l.Y2)
			}
			for _, r := range c.Rects {
				inside(r.X, r.Y)
				inside(r.X+r.W, r.Y+r.H)
				assert.True(t, r.W >= 0 && r.H >= 0, "%s: %+v", c.ID, r)
			}
			for _, d := range c.Dots {
				inside(d.X-d.R, d.Y-d.R)
				inside(d.X+d.R, d.Y+d.R)
			}
			for _, l := range c.Labels {
				inside(l.X, l.Y)
			}
		}
	}
}

// A bar is as high as its count: two of four booklets reach half as far as the axis that ends at four.
func TestHistogramIsDrawnToScale(t *testing.T) {
	d := newTable(oneQuestion(4), sheets(0, 0, 1, 1, 1, 1, 3)).distribution()
	c := newWords("en").histogram(d)
	heights := map[string]float64{}
	bottom := 0.0
	for _, r := range c.Rects {
		heights[r.Tip] = r.H
		bottom = max(bottom, r.Y+r.H)
	}
	four := heights["1 to below 1.5 credits: 4 booklets"]
	require.Positive(t, four)
	assert.InDelta(t, four/2, heights["0 to below 0.5 credits: 2 booklets"], 0.02)
	assert.InDelta(t, four/4, heights["3 to below 3.5 credits: 1 booklet"], 0.02)
	for _, l := range c.Labels {
		if l.Text == "4" && l.Anchor == "end" {
			assert.InDelta(t, bottom-four, l.Y-4, 0.02, "the axis says four where the bar of four ends")
			return
		}
	}
	assert.Fail(t, "the axis has no 4")
}

// Names keep off each other and off other dots; where there is no room there is none.
func TestNamesDoNotOverlap(t *testing.T) {
	p := newPlane("crowd", 300, 0, 1, 0, 1)
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("%d.%d", i/10+1, i%10+1))
		p.Dots = append(p.Dots, dot{X: p.px(0.5 + 0.02*float64(i%7)), Y: p.py(0.5 + 0.05*float64(i/7)), R: 4})
	}
	p.name(names)
	require.NotEmpty(t, p.Labels)
	require.Less(t, len(p.Labels), 40, "a crowd too dense for all")
	for i, l := range p.Labels {
		for _, o := range p.Labels[i+1:] {
			a, b := l.span(), o.span()
			assert.False(t, math.Min(a.x1, b.x1) > math.Max(a.x0, b.x0) && math.Min(a.y1, b.y1) > math.Max(a.y0, b.y0), "%s lies over %s", l.Text, o.Text)
		}
	}
}

func TestTicks(t *testing.T) {
	assert.Equal(t, []float64{0, 20, 40, 60, 80}, ticks(0, 91, 6))
	assert.Equal(t, []float64{-0.2, 0, 0.2, 0.4}, ticks(-0.2, 0.4, 4))
	assert.Equal(t, []float64{0, 1}, countTicks(0), "an axis for nothing")
	assert.Equal(t, []float64{0, 1, 2, 3}, countTicks(3))
	assert.Equal(t, []float64{0, 50, 100, 150}, countTicks(127))
}
