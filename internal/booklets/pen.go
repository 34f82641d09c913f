package booklets

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/font"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"scan/internal/geom"
)

// colour is red, green, blue, each in [0,1].
type colour [3]float64

// The colours are none of a corrector's, who writes red and green, nor of usual ink, and they differ in
// brightness; signs say the same as they do.
var looks = map[Look]colour{
	Plain:  {0.10, 0.35, 0.60},
	Right:  {0.00, 0.45, 0.55},
	Wrong:  {0.72, 0.00, 0.45},
	Void:   {0.40, 0.40, 0.45},
	Open:   {0.85, 0.45, 0.00},
	Result: {0.10, 0.20, 0.45},
}

var (
	byHand = colour{0.45, 0.20, 0.75} // what a person decided
	black  = colour{0.1, 0.1, 0.1}
	white  = colour{1, 1, 1}
)

// Signs of the font ZapfDingbats.
const (
	signRight   = "4" // a tick
	signWrong   = "8" // a cross
	signDecided = "u" // a diamond
)

// pen draws in mm on a page.
type pen struct {
	drawn bytes.Buffer
	toPDF geom.Homography // mm to the page's own units
	sheet [4]float64      // what the sheet shows, in its own units
	paper geom.Box        // the page, in mm
	seen  geom.Box        // the upright box of the page, in mm, all of which the sheet shows
}

// newPen makes a pen for a page of w x h mm on a sheet that shows box, in its own units.
func newPen(toPDF geom.Homography, w, h float64, box [4]float64) *pen {
	p := &pen{toPDF: toPDF, sheet: box, paper: geom.Box{W: w, H: h}, seen: geom.Box{W: w, H: h}}
	fromPDF, ok := toPDF.Inverse()
	if !ok {
		return p
	}
	var xs, ys []float64
	for _, x := range []float64{box[0], box[2]} {
		for _, y := range []float64{box[1], box[3]} {
			at := fromPDF.Apply(geom.Point{X: x, Y: y})
			xs, ys = append(xs, at.X), append(ys, at.Y)
		}
	}
	slices.Sort(xs)
	slices.Sort(ys)
	// Of a sheet that lies askew, the upright box within.
	shown := geom.Box{X: xs[1], Y: ys[1], W: xs[2] - xs[1], H: ys[2] - ys[1]}
	if cut := p.seen.Intersect(shown); cut.W > w/2 && cut.H > h/2 {
		p.seen = cut
	}
	return p
}

// bounds are how far left and right text may reach at a height of the page: to a mm from the edge of the
// page, or of the sheet where it lies askew or is cut off.
func (p *pen) bounds(y float64) (left, right float64) {
	shown := func(x float64) bool {
		q := p.toPDF.Apply(geom.Point{X: x, Y: y})
		return q.X >= p.sheet[0] && q.X <= p.sheet[2] && q.Y >= p.sheet[1] && q.Y <= p.sheet[3]
	}
	left, right = p.paper.W/2, p.paper.W/2
	for left-1 > 0 && shown(left-1) {
		left--
	}
	for right+1 < p.paper.W && shown(right+1) {
		right++
	}
	if right-left < p.paper.W/2 { // nobody knows
		left, right = 0, p.paper.W
	}
	return left + 1, right - 1
}

// clamp moves text of a width so that it is seen.
func (p *pen) clamp(at geom.Point, w float64) geom.Point {
	left, right := p.bounds(at.Y)
	at.X = math.Max(left, math.Min(at.X, right-w))
	return at
}

// axes are what a mm to the right and a mm down come to in the page's units.
func (p *pen) axes(at geom.Point) (right, down geom.Point) {
	const e = 0.5
	right = p.toPDF.Apply(geom.Point{X: at.X + e, Y: at.Y}).Sub(p.toPDF.Apply(geom.Point{X: at.X - e, Y: at.Y}))
	down = p.toPDF.Apply(geom.Point{X: at.X, Y: at.Y + e}).Sub(p.toPDF.Apply(geom.Point{X: at.X, Y: at.Y - e}))
	return right, down
}

// outline adds the path of a box.
func (p *pen) outline(b geom.Box) {
	for i, c := range b.Corners() {
		q := p.toPDF.Apply(c)
		fmt.Fprintf(&p.drawn, "%.3f %.3f %s\n", q.X, q.Y, map[bool]string{true: "m", false: "l"}[i == 0])
	}
	p.drawn.WriteString("h ")
}

// frame draws the outline of a box, width in mm.
func (p *pen) frame(b geom.Box, width float64, c colour) {
	right, _ := p.axes(b.Center())
	fmt.Fprintf(&p.drawn, "q %.3f %.3f %.3f RG %.4f w\n", c[0], c[1], c[2], width*right.Norm())
	p.outline(b)
	p.drawn.WriteString("S Q\n")
}

// fill fills a box with a colour, in one of the states of transparency.
func (p *pen) fill(b geom.Box, c colour, state string) {
	fmt.Fprintf(&p.drawn, "q /%s gs %.3f %.3f %.3f rg\n", state, c[0], c[1], c[2])
	p.outline(b)
	p.drawn.WriteString("f Q\n")
}

// line draws a line of a width in mm.
func (p *pen) line(a, b geom.Point, width float64, c colour) {
	right, _ := p.axes(a)
	from, to := p.toPDF.Apply(a), p.toPDF.Apply(b)
	fmt.Fprintf(&p.drawn, "q %.3f %.3f %.3f RG %.4f w %.3f %.3f m %.3f %.3f l S Q\n",
		c[0], c[1], c[2], width*right.Norm(), from.X, from.Y, to.X, to.Y)
}

// run is a piece of text in one font.
type run struct{ font, text string }

// write writes runs one behind the other, the left end of the baseline at a point; size is the height of
// the font in mm. It follows the page's skew.
func (p *pen) write(at geom.Point, size float64, c colour, runs ...run) {
	for _, r := range runs {
		right, down := p.axes(at)
		o := p.toPDF.Apply(at)
		fmt.Fprintf(&p.drawn, "BT %.3f %.3f %.3f rg /%s %.3f Tf %.6f %.6f %.6f %.6f %.4f %.4f Tm (%s) Tj ET\n", c[0], c[1], c[2],
			r.font, size, right.X, right.Y, -down.X, -down.Y, o.X, o.Y, escape(r.text))
		at.X += width(size, r)
	}
}

// width is how many mm runs take at a size in mm.
func width(size float64, runs ...run) (w float64) {
	for _, r := range runs {
		one, err := font.TextWidthFloat(winAnsi(r.text), baseFonts[r.font], size)
		if err != nil {
			one = 0.6 * size * float64(len(r.text)) // only where the font is not a standard one
		}
		w += one
	}
	return w
}

// fit shortens text to a width in mm.
func fit(size, most float64, r run) run {
	if width(size, r) <= most {
		return r
	}
	letters := []rune(r.text)
	for len(letters) > 0 && width(size, run{r.font, string(letters) + "..."}) > most {
		letters = letters[:len(letters)-1]
	}
	return run{r.font, string(letters) + "..."}
}

// winAnsi replaces what the standard fonts have no letter for by question marks. The result holds a
// byte a letter.
func winAnsi(s string) string {
	out, err := encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder()).String(s)
	if err != nil {
		return strings.Repeat("?", len([]rune(s)))
	}
	return strings.ReplaceAll(out, "\x1a", "?") // what the encoder puts for them
}

// escape writes a text as it stands in a PDF's content.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\n", " ", "\r", " ").Replace(winAnsi(s))
}
