package main

import (
	"math"
	"math/rand/v2"

	"scan/internal/geom"
	"scan/internal/raster"
)

// paper is a clean sheet in grey: what print and ink let through, 255 white. Pixel (x, y)
// covers the square of 1/px mm whose corner is at x/px, y/px mm.
type paper struct {
	w, h int
	x, y int // of its corner on the sheet it was copied from
	px   float64
	pix  []uint8
}

func newPaper(wMM, hMM, px float64) *paper {
	p := &paper{w: int(wMM*px + 0.5), h: int(hMM*px + 0.5), px: px}
	p.pix = make([]uint8, p.w*p.h)
	for i := range p.pix {
		p.pix[i] = 255
	}
	return p
}

func (p *paper) view() raster.View {
	return raster.View{Page: &raster.Page{Y: &raster.Plane{Pix: p.pix, Stride: p.w, W: p.w, H: p.h}, DPIX: p.px * 25.4, DPIY: p.px * 25.4},
		MMToPix: geom.ScaleBy(p.px, p.px)}
}

// window is the pixel rectangle that covers a box in mm, clipped to the sheet.
func (p *paper) window(b geom.Box) (x0, y0, x1, y1 int) {
	return max(int(b.X*p.px), 0), max(int(b.Y*p.px), 0), min(int(math.Ceil((b.X+b.W)*p.px)), p.w), min(int(math.Ceil((b.Y+b.H)*p.px)), p.h)
}

// pen is one particular tool. Lengths are mm.
type pen struct {
	r       float64 // half the line's width
	give    float64 // how far the width follows the pressure
	dark    float64 // of a full line, 0..1
	flowVar float64 // how much the flow wanders
	skip    float64 // chance a mm that the ink stops
	grain   float64 // 0..1: how strongly the paper's tooth breaks the line
	soft    float64 // mm of gradual edge
}

// newPen draws a tool from a hairline of 0.15 mm to a felt of 1.2 mm, from full black to
// a pencil that can hardly be seen; any colour is a darkness here.
func newPen(rng *rand.Rand) pen {
	u := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
	switch r := rng.Float64(); {
	case r < 0.44: // ballpoint
		return pen{r: u(0.12, 0.25), give: u(0.1, 0.4), dark: u(0.5, 0.95), flowVar: u(0.1, 0.4), skip: u(0, 0.06), grain: u(0.1, 0.65)}
	case r < 0.70: // gel, fineliner
		return pen{r: u(0.075, 0.28), give: u(0, 0.25), dark: u(0.6, 0.97), flowVar: u(0.02, 0.15), skip: u(0, 0.02), grain: u(0, 0.2)}
	case r < 0.78: // fountain pen
		return pen{r: u(0.18, 0.4), give: u(0.2, 0.5), dark: u(0.5, 0.95), flowVar: u(0.1, 0.35), grain: u(0, 0.1)}
	case r < 0.85: // felt
		return pen{r: u(0.35, 0.6), give: u(0.05, 0.2), dark: u(0.55, 0.97), flowVar: u(0.05, 0.2), grain: u(0, 0.15), soft: u(0.03, 0.2)}
	case r < 0.955: // pencil
		return pen{r: u(0.12, 0.36), give: u(0.2, 0.5), dark: u(0.25, 0.75), flowVar: u(0.1, 0.3), skip: u(0, 0.04), grain: u(0.3, 0.85), soft: u(0.03, 0.12)}
	}
	// pale: a hard pencil, a pen nearly empty, a light colour
	return pen{r: u(0.1, 0.3), give: u(0.1, 0.4), dark: u(0.13, 0.4), flowVar: u(0.1, 0.4), skip: u(0, 0.15), grain: u(0.1, 0.8), soft: u(0, 0.1)}
}

// moment is one sample of a stroke: place and half width in mm, flow 0..1.
type moment struct{ x, y, r, flow float64 }

// lay puts one stroke on the paper. Within it cover is a maximum, so that joints do not
// show; ink multiplies with what lies beneath.
func (p *paper) lay(tool pen, line []moment) {
	if len(line) == 1 {
		line = append(line, line[0])
	}
	b, r := geom.Box{X: line[0].x, Y: line[0].y}, 0.0
	for _, q := range line {
		b, r = b.Union(geom.Box{X: q.x, Y: q.y}), math.Max(r, q.r)
	}
	x0, y0, x1, y1 := p.window(b.Inset(-r - tool.soft - 1.5/p.px))
	if x0 >= x1 || y0 >= y1 {
		return
	}
	w := x1 - x0
	cover := make([]float32, w*(y1-y0))
	for i := 1; i < len(line); i++ {
		p.capsule(cover, x0, y0, x1, y1, line[i-1], line[i], tool.soft)
	}
	for i, c := range cover {
		if c <= 0 {
			continue
		}
		x, y := x0+i%w, y0+i/w
		v := float64(c)
		if tool.grain > 0 {
			keep := tooth[(y&255)<<8|x&255]*1.9 + 0.55*v - 0.15
			v *= 1 - tool.grain + tool.grain*math.Min(math.Max(keep, 0), 1.1)
		}
		o := y*p.w + x
		p.pix[o] = uint8(float64(p.pix[o])*(1-tool.dark*math.Min(v, 1)) + 0.5)
	}
}

// capsule covers the line between two moments.
func (p *paper) capsule(cover []float32, x0, y0, x1, y1 int, a, b moment, soft float64) {
	reach := math.Max(a.r, b.r) + soft + 1/p.px
	ax, bx := max(int((math.Min(a.x, b.x)-reach)*p.px), x0), min(int((math.Max(a.x, b.x)+reach)*p.px)+1, x1)
	ay, by := max(int((math.Min(a.y, b.y)-reach)*p.px), y0), min(int((math.Max(a.y, b.y)+reach)*p.px)+1, y1)
	dx, dy := b.x-a.x, b.y-a.y
	inv := 1 / math.Max(dx*dx+dy*dy, 1e-9)
	h := 0.5/p.px + soft/2
	for y := ay; y < by; y++ {
		my := (float64(y) + 0.5) / p.px
		for x := ax; x < bx; x++ {
			mx := (float64(x) + 0.5) / p.px
			t := math.Min(math.Max(((mx-a.x)*dx+(my-a.y)*dy)*inv, 0), 1)
			ex, ey := mx-a.x-t*dx, my-a.y-t*dy
			d2 := ex*ex + ey*ey
			if d2 >= reach*reach {
				continue
			}
			d, r := math.Sqrt(d2), a.r+t*(b.r-a.r)
			c := math.Max(0, math.Min(d+h, r)-math.Max(d-h, -r)) / (2 * h) * (a.flow + t*(b.flow-a.flow))
			i := (y-y0)*(x1-x0) + x - x0
			cover[i] = max(cover[i], float32(c))
		}
	}
}

// tooth is a tile of smooth noise in [0,1]: the paper's surface.
var tooth = func() (t [65536]float64) {
	rng := rand.New(rand.NewPCG(17, 5))
	for _, o := range []struct {
		n     int
		share float64
	}{{128, 0.65}, {48, 0.35}} {
		grid := make([]float64, o.n*o.n)
		for i := range grid {
			grid[i] = rng.Float64()
		}
		for i := range t {
			t[i] += o.share * smoothAt(grid, o.n, float64(i&255)*float64(o.n)/256, float64(i>>8)*float64(o.n)/256)
		}
	}
	return t
}()

// smoothAt is bilinear in a grid of n x n that repeats.
func smoothAt(grid []float64, n int, x, y float64) float64 {
	ix, iy := int(x), int(y)
	fx, fy := x-float64(ix), y-float64(iy)
	at := func(i, j int) float64 { return grid[(j%n)*n+i%n] }
	return (at(ix, iy)*(1-fx)+at(ix+1, iy)*fx)*(1-fy) + (at(ix, iy+1)*(1-fx)+at(ix+1, iy+1)*fx)*fy
}
