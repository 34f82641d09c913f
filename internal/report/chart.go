package report

import "math"

// chart is a drawing in units of its view box, origin top left, y down. Classes are those of
// templates/style.css, so that it is fit for light, dark and paper.
type chart struct {
	ID, Title, Desc string // Desc says in words what the drawing shows
	Width, Height   float64
	Lines           []line
	Rects           []rect
	Over            []line // drawn over the rectangles
	Dots            []dot
	Labels          []label
}

type line struct {
	X1, Y1, X2, Y2 float64
	Class          string
}

type rect struct {
	X, Y, W, H float64
	Class, Tip string
}

type dot struct {
	X, Y, R    float64
	Class, Tip string
}

// label is a text; Anchor is "start", "middle" or "end", Turn its rotation in degrees clockwise.
type label struct {
	X, Y   float64
	Text   string
	Anchor string
	Class  string
	Turn   float64
}

// plane is the part of a chart that data is drawn in: x from x0 to x1 from left to right, y from y0 to
// y1 from the bottom up.
type plane struct {
	*chart
	left, top, width, height float64
	x0, x1, y0, y1           float64
}

func (p plane) px(x float64) float64 { return round(p.left + (x-p.x0)/(p.x1-p.x0)*p.width) }
func (p plane) py(y float64) float64 { return round(p.top + p.height - (y-p.y0)/(p.y1-p.y0)*p.height) }

// round keeps drawings short: a hundredth of a unit is far below what a screen shows.
func round(x float64) float64 { return math.Round(x*100) / 100 }

// across draws the vertical axis: a line and a label at each tick, and what it measures.
func (p plane) across(ticks []float64, text func(float64) string, title string) {
	for _, y := range ticks {
		class := "grid"
		if y == p.y0 {
			class = "axis"
		}
		p.Lines = append(p.Lines, line{p.left, p.py(y), p.left + p.width, p.py(y), class})
		p.Labels = append(p.Labels, label{X: p.left - 6, Y: p.py(y) + 4, Text: text(y), Anchor: "end", Class: "tick"})
	}
	p.Labels = append(p.Labels, label{X: 12, Y: round(p.top + p.height/2), Text: title, Anchor: "middle", Class: "title", Turn: -90})
}

// along draws the horizontal axis: a short stroke and a label at each tick, and what it measures.
func (p plane) along(ticks []float64, text func(float64) string, title string) {
	floor := p.top + p.height
	for _, x := range ticks {
		p.Lines = append(p.Lines, line{p.px(x), floor, p.px(x), floor + 4, "axis"})
		p.Labels = append(p.Labels, label{X: p.px(x), Y: floor + 17, Text: text(x), Anchor: "middle", Class: "tick"})
	}
	p.Labels = append(p.Labels, label{X: round(p.left + p.width/2), Y: p.Height - 6, Text: title, Anchor: "middle", Class: "title"})
}

// ticks are the multiples of 1, 2 or 5 times a power of ten, about so many of them, from low to high.
func ticks(low, high float64, about int) []float64 {
	step := tickStep((high - low) / float64(about))
	var all []float64
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
		all = append(all, exact(i*step))
	}
	return all
}

// tickStep is the least of 1, 2, 5, 10, ... times any power of ten that is no smaller than least.
func tickStep(least float64) float64 {
	if !(least > 0) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{1, 2, 5} {
		if m*unit >= least*(1-1e-9) {
			return m * unit
		}
	}
	return 10 * unit
}

// countTicks are whole numbers from 0 to the end of the axis, which is the last of them.
func countTicks(most int) []float64 {
	step := max(1, tickStep(float64(most)/5))
	end := math.Ceil(float64(most)/step) * step
	return ticks(0, max(end, step), int(max(end, step)/step))
}
