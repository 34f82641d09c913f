package report

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"scan/internal/bench"
)

// leastDoubt is the power of ten that stands for certainty: confidences are finer than
// what can be counted in a small set.
const leastDoubt = -6

// reliability draws what confidences admit (1 - mean confidence) against the share of
// wrong values, bin by bin with its Wilson interval. Both axes are logarithmic: what
// matters lies near confidence 1. A bin below the diagonal is better than it says.
func reliability(r bench.Reliability, file, caption string) (*Figure, error) {
	zero := zeroFor(r.N)
	p := newPlot("wrong, as the confidence admits (1 - mean confidence of a bin)", "wrong, as counted", min(zero, leastDoubt), zero)
	diagonal, err := plotter.NewLine(plotter.XYs{{X: zero, Y: zero}, {}})
	if err != nil {
		return nil, err
	}
	diagonal.Color, diagonal.Dashes = soft, []vg.Length{4, 3}
	p.Add(diagonal)
	p.Legend.Add("what was promised", diagonal)
	for _, series := range []struct {
		name  string
		bins  []bench.Bin
		style draw.GlyphStyle
	}{
		{"bins of equal count", r.Equal, draw.GlyphStyle{Color: second, Radius: 2, Shape: draw.CircleGlyph{}}},
		{"bins at 0.5, 0.9, 0.99, ...", r.Tail, draw.GlyphStyle{Color: first, Radius: 3.2, Shape: draw.CircleGlyph{}}},
	} {
		if err := addBins(p, series.name, series.bins, zero, series.style); err != nil {
			return nil, err
		}
	}
	p.Legend.Left, p.Legend.XOffs, p.Legend.YOffs = true, 8, -4
	return render(p, file, caption)
}

// binPoints are points with vertical error bars.
type binPoints struct {
	plotter.XYs
	plotter.YErrors
}

func addBins(p *plot.Plot, name string, bins []bench.Bin, zero float64, style draw.GlyphStyle) error {
	var points binPoints
	for _, b := range bins {
		if b.N < bench.MinBin {
			continue // a bar over most of the axis tells nothing
		}
		wrong := power(1-b.Share(), zero)
		points.XYs = append(points.XYs, plotter.XY{X: power(1-b.Mean, min(zero, leastDoubt)), Y: wrong})
		low, high := wrong-power(1-b.Hi, zero), power(1-b.Lo, zero)-wrong
		points.YErrors = append(points.YErrors, struct{ Low, High float64 }{low, high})
	}
	if len(points.XYs) == 0 {
		return nil
	}
	bars, err := plotter.NewYErrorBars(points)
	if err != nil {
		return err
	}
	bars.Color, bars.CapWidth = style.Color, vg.Points(4)
	dots, err := plotter.NewScatter(points.XYs)
	if err != nil {
		return err
	}
	dots.GlyphStyle = style
	p.Add(bars, dots)
	p.Legend.Add(name, dots)
	return nil
}

// mark is a threshold worth pointing out.
type mark struct {
	name      string
	threshold float64
	count     bench.Count
}

// silentCurve draws silent error against review as the threshold moves.
func silentCurve(curve []bench.Point, fields int, marks []mark, file, caption string) (*Figure, error) {
	zero := zeroFor(fields)
	p := newPlot("to a person, of the fields that need none", "silently wrong, of all fields", zero, zero)
	steps := make(plotter.XYs, 0, 2*len(curve))
	for i, pt := range curve {
		x, y := power(pt.Review, zero), power(pt.Silent, zero)
		if i > 0 {
			steps = append(steps, plotter.XY{X: steps[len(steps)-1].X, Y: y})
		}
		steps = append(steps, plotter.XY{X: x, Y: y})
	}
	l, err := plotter.NewLine(steps)
	if err != nil {
		return nil, err
	}
	l.Color, l.Width = first, 1.6
	p.Add(l)
	shapes := []draw.GlyphDrawer{draw.PyramidGlyph{}, draw.CircleGlyph{}, draw.BoxGlyph{}}
	for i, m := range marks {
		dot, err := plotter.NewScatter(plotter.XYs{{X: power(m.count.ReviewRate(), zero), Y: power(m.count.Silent(), zero)}})
		if err != nil {
			return nil, err
		}
		dot.GlyphStyle = draw.GlyphStyle{Color: second, Radius: 4, Shape: shapes[i%len(shapes)]}
		p.Add(dot)
		p.Legend.Add(m.name+" ("+confidence(m.threshold)+")", dot)
	}
	p.Legend.Left, p.Legend.XOffs, p.Legend.YOffs = true, 8, -4
	return render(p, file, caption)
}
