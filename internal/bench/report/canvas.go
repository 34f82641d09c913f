package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The colours of figures. In HTML each becomes the page's own, so that a figure is
// drawn once and is fit for light and dark.
var (
	ink    = color.RGBA{0x1f, 0x23, 0x28, 0xff}
	soft   = color.RGBA{0x65, 0x6d, 0x76, 0xff}
	line   = color.RGBA{0xd8, 0xde, 0xe4, 0xff}
	first  = color.RGBA{0x0b, 0x62, 0xc4, 0xff}
	second = color.RGBA{0xb3, 0x54, 0x1e, 0xff}
)

var themed = strings.NewReplacer("#1F2328", "var(--ink)", "#656D76", "var(--soft)", "#D8DEE4", "var(--line)",
	"#0B62C4", "var(--first)", "#B3541E", "var(--second)", "font-family:Liberation Sans", "font-family:Liberation Sans,Arial,Helvetica,sans-serif")

const (
	figureWidth  = 15 * vg.Centimeter
	figureHeight = 10 * vg.Centimeter
	figureDPI    = 110
)

// newPlot makes a plot of shares with two logarithmic axes: they hold powers of ten
// (plot.LogScale misplaces the labels), the lowest of which stands for zero.
func newPlot(xLabel, yLabel string, xZero, yZero float64) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []struct {
		axis  *plot.Axis
		label string
		zero  float64
	}{{&p.X, xLabel, xZero}, {&p.Y, yLabel, yZero}} {
		a.axis.Min, a.axis.Max = a.zero, 0
		a.axis.Tick.Marker = powers{}
		a.axis.Label.Text = a.label
		a.axis.Color, a.axis.Tick.Color = soft, soft
		style(&a.axis.Label.TextStyle, 9, ink)
		style(&a.axis.Tick.Label, 8, soft)
		a.axis.Padding, a.axis.Label.Padding = 0, 4
	}
	p.Y.Tick.Label.XAlign = text.XRight
	style(&p.Legend.TextStyle, 8, ink)
	p.Legend.Top, p.Legend.Padding, p.Legend.ThumbnailWidth = true, 2, 16
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = line, line
	p.Add(g)
	return p
}

func style(s *text.Style, size float64, c color.Color) {
	s.Font.Variant, s.Font.Size, s.Color = "Sans", vg.Points(size), c
}

// powers ticks an axis of powers of ten in per cent.
type powers struct{}

// Ticks implements plot.Ticker.
func (powers) Ticks(lowest, highest float64) []plot.Tick {
	ticks := []plot.Tick{{Value: lowest, Label: "0"}}
	for e := lowest + 1; e <= highest; e++ {
		ticks = append(ticks, plot.Tick{Value: e, Label: fmt.Sprintf("%.3g %%", 100*math.Pow(10, e))})
	}
	return ticks
}

// zeroFor returns the power of ten that stands for zero: the one below 1/n.
func zeroFor(n int) float64 { return math.Floor(-math.Log10(float64(max(n, 100)))) - 1 }

// power places a share on an axis.
func power(share, zero float64) float64 { return max(math.Log10(share), zero) }

// render draws a plot both ways.
func render(p *plot.Plot, file, caption string) (*Figure, error) {
	canvas := vgimg.NewWith(vgimg.UseWH(figureWidth, figureHeight), vgimg.UseDPI(figureDPI))
	p.Draw(inset(draw.New(canvas)))
	var png bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&png); err != nil {
		return nil, err
	}
	vector := vgsvg.New(figureWidth, figureHeight)
	p.Draw(inset(draw.New(vector)))
	var svg bytes.Buffer
	if _, err := vector.WriteTo(&svg); err != nil {
		return nil, err
	}
	_, body, _ := strings.Cut(svg.String(), "xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n")
	head := fmt.Sprintf("<svg role=\"img\" viewBox=\"0 0 %.5g %.5g\" xmlns=\"http://www.w3.org/2000/svg\">\n", figureWidth.Points(), figureHeight.Points())
	return &Figure{File: file, Caption: caption, PNG: png.Bytes(), SVG: head + themed.Replace(body)}, nil
}

// inset leaves room for labels at the ends of the axes.
func inset(c draw.Canvas) draw.Canvas { return draw.Crop(c, 6, -12, 6, -12) }
