package booklets

import (
	"fmt"
	"math"

	"scan/internal/geom"
)

// Sizes of what is written, in mm.
const (
	markSize   = 2.2 // beside a box: 6 points
	resultSize = 3.2
	noteSize   = 2.6
	outset     = 0.45 // of an outline from its box
	thin       = 0.3
)

// page draws everything that belongs to one page.
func (p *pen) page(b *Booklet, page *Page) {
	if b.Watermark && b.Code != "" {
		p.watermark(b.Code)
	}
	for _, m := range page.Marks {
		p.mark(m)
	}
	for i, note := range page.Notes {
		r := fit(noteSize, p.seen.W-12, run{fontBold, note})
		at := geom.Point{X: p.seen.X + 6, Y: p.seen.Y + 6 + 1.4*noteSize*float64(i)}
		p.fill(geom.Box{X: at.X - 1, Y: at.Y - noteSize, W: width(noteSize, r) + 2, H: 1.4 * noteSize}, white, veil)
		p.write(at, noteSize, looks[Open], r)
	}
}

func (p *pen) mark(m Mark) {
	c := looks[m.Look]
	if m.Decided {
		c = byHand
	}
	if m.Frame {
		p.frame(m.Box.Inset(-outset), thin, c)
	}
	if m.Look == Result {
		p.result(m, c)
		return
	}
	runs := m.runs()
	w := width(markSize, runs...)
	at := geom.Point{X: m.Box.X, Y: m.Box.Y + m.Box.H/2 + 0.35*markSize}
	switch m.Side {
	case LeftOf:
		left, _ := p.bounds(at.Y)
		if at.X -= m.Gap + 0.9 + w; at.X < left {
			at = geom.Point{X: m.Box.X + m.Box.W - w, Y: m.Box.Y - 0.8}
		}
	case Above:
		at = geom.Point{X: m.Box.Center().X - w/2, Y: m.Box.Y - 1}
	case Below:
		at.Y = m.Box.Y + m.Box.H + 0.8 + markSize
	case Within:
		at.X, at.Y = m.Box.X+m.Box.W-w-0.5, m.Box.Y+m.Box.H-0.7
	}
	p.write(p.clamp(at, w), markSize, c, runs...)
}

// signs say the same as the colours.
var signs = map[Look]string{Right: signRight, Wrong: signWrong}

// runs are the sign and the words of a mark.
func (m Mark) runs() (runs []run) {
	if sign := signs[m.Look]; sign != "" {
		runs = append(runs, run{fontSigns, sign}, run{fontText, " "})
	}
	if m.Text != "" {
		runs = append(runs, run{fontText, m.Text})
	}
	if m.Decided {
		runs = append(runs, run{fontText, " "}, run{fontSigns, signDecided})
	}
	return runs
}

// result writes a question's credits: above a column, or left of the words beside boxes, or in the right
// margin where there is no room, with a line along all of them.
func (p *pen) result(m Mark, c colour) {
	r := run{fontBold, m.Text}
	w := width(resultSize, r)
	if m.Side == Above {
		p.credits(p.clamp(geom.Point{X: m.Box.Center().X - w/2, Y: m.Box.Y - 1.2 - m.Gap}, w), r, w, c)
		return
	}
	at := geom.Point{X: m.Box.X - m.Gap - 2.2 - w, Y: m.Box.Center().Y + 0.35*resultSize}
	line := m.Box.X - m.Gap - 1.2
	if left, right := p.bounds(at.Y); at.X < left {
		line = right - 4 - w
		at.X = line + 1
	}
	p.line(geom.Point{X: line, Y: m.Box.Y}, geom.Point{X: line, Y: m.Box.Y + m.Box.H}, thin, c)
	p.credits(at, r, w, c)
}

// credits writes on a light ground: beside the paper the scan may be black.
func (p *pen) credits(at geom.Point, r run, w float64, c colour) {
	p.fill(geom.Box{X: at.X - 0.4, Y: at.Y - 0.8*resultSize, W: w + 0.8, H: resultSize}, white, veil)
	p.write(at, resultSize, c, r)
}

// watermark writes the code along the diagonal of what is seen.
func (p *pen) watermark(code string) {
	r := run{fontBold, code}
	long := math.Hypot(p.seen.W, p.seen.H)
	size := math.Min(0.8*long/width(1, r), 0.13*p.seen.H)
	// Upwards along the diagonal, its middle in the middle of the page.
	up := geom.Point{X: p.seen.W / long, Y: -p.seen.H / long}
	down := geom.Point{X: -up.Y, Y: up.X}
	o := p.seen.Center().Sub(up.Scale(width(size, r) / 2)).Add(down.Scale(0.35 * size))
	at := p.toPDF.Apply(o)
	x, y := p.toPDF.Apply(o.Add(up)).Sub(at), p.toPDF.Apply(o.Sub(down)).Sub(at)
	fmt.Fprintf(&p.drawn, "q /%s gs BT 0.3 0.3 0.35 rg /%s %.3f Tf %.6f %.6f %.6f %.6f %.4f %.4f Tm (%s) Tj ET Q\n",
		faint, fontBold, size, x.X, x.Y, y.X, y.Y, at.X, at.Y, escape(code))
}
