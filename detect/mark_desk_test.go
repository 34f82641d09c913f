package detect

import (
	"math"
	"math/rand/v2"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// A desk draws a small form and marks on it by hand, in mm, for tests that need to know
// every line: no writer, no scanner.
type desk struct {
	print, ink []drop
	boxes      []geom.Box
	dpi        float64
	paper      float64    // grey of paper
	shift      geom.Point // mm that registration is off by
	noise      float64
	colour     bool
	cut        bool // 1-bit
}

// drop is a line with round ends, or a rectangle where r is 0. Grey is 0 to 255.
type drop struct {
	a, b   geom.Point
	r      float64
	grey   float64
	cb, cr float64
}

const deskW, deskH = 60.0, 60.0

func newDesk() *desk { return &desk{dpi: 300, paper: 250} }

// box prints a frame.
func (d *desk) box(x, y, size, stroke float64) geom.Box {
	b := geom.Box{X: x, Y: y, W: size, H: size}
	d.boxes = append(d.boxes, b)
	for _, r := range []geom.Box{{X: x, Y: y, W: size, H: stroke}, {X: x, Y: y + size - stroke, W: size, H: stroke},
		{X: x, Y: y, W: stroke, H: size}, {X: x + size - stroke, Y: y, W: stroke, H: size}} {
		d.print = append(d.print, rectDrop(r, 20))
	}
	return b
}

func rectDrop(b geom.Box, grey float64) drop {
	return drop{a: geom.Point{X: b.X, Y: b.Y}, b: geom.Point{X: b.X + b.W, Y: b.Y + b.H}, grey: grey}
}

// rect lays a rectangle of one grey over everything.
func (d *desk) rect(b geom.Box, grey float64) { d.ink = append(d.ink, rectDrop(b, grey)) }

// line draws with a pen of 0.4 mm.
func (d *desk) line(x0, y0, x1, y1 float64) { d.stroke(x0, y0, x1, y1, 0.2, 60, 0, 0) }

func (d *desk) stroke(x0, y0, x1, y1, r, grey, cb, cr float64) {
	d.ink = append(d.ink, drop{geom.Point{X: x0, Y: y0}, geom.Point{X: x1, Y: y1}, r, grey, cb, cr})
}

// cross draws both diagonals, reaching the share of the box.
func (d *desk) cross(b geom.Box, share float64) { d.crossIn(b, share, 60, 0, 0) }

func (d *desk) crossIn(b geom.Box, share, grey, cb, cr float64) {
	c, h := b.Center(), share*b.W/2
	d.stroke(c.X-h, c.Y-h, c.X+h, c.Y+h, 0.2, grey, cb, cr)
	d.stroke(c.X+h, c.Y-h+0.1, c.X-h, c.Y+h, 0.2, grey, cb, cr)
}

// fill goes to and fro until the box is full, over its frame.
func (d *desk) fill(b geom.Box) {
	for y := b.Y + 0.2; y < b.Y+b.H; y += 0.35 {
		d.line(b.X+0.1, y, b.X+b.W-0.1, y+0.1)
	}
}

// ring draws a circle.
func (d *desk) ring(c geom.Point, r float64) {
	for i := range 40 {
		s0, c0 := math.Sincos(float64(i) * math.Pi / 20)
		s1, c1 := math.Sincos(float64(i+1) * math.Pi / 20)
		d.line(c.X+r*c0, c.Y+r*s0, c.X+r*c1, c.Y+r*s1)
	}
}

// cover is how much of a drop lies at p, softened over one pixel.
func (o drop) cover(p geom.Point, px float64) float64 {
	if o.r == 0 {
		dx := math.Max(o.a.X-p.X, p.X-o.b.X)
		dy := math.Max(o.a.Y-p.Y, p.Y-o.b.Y)
		return math.Min(1, math.Max(0, 0.5-math.Max(dx, dy)/px))
	}
	v, w := o.b.Sub(o.a), p.Sub(o.a)
	t := math.Min(1, math.Max(0, (v.X*w.X+v.Y*w.Y)/math.Max(v.X*v.X+v.Y*v.Y, 1e-9)))
	return math.Min(1, math.Max(0, 0.5-(w.Sub(v.Scale(t)).Norm()-o.r)/px))
}

// reach is the rectangle a drop can touch.
func (o drop) reach() geom.Box {
	return geom.Box{X: o.a.X, Y: o.a.Y}.Union(geom.Box{X: o.b.X, Y: o.b.Y}).Inset(-o.r - 0.3)
}

// draw renders drops on paper at k pixels a mm.
func draw(drops []drop, k, paper float64, colour bool) *raster.Page {
	w, h := int(deskW*k), int(deskH*k)
	y, cb, cr := make([]float64, w*h), make([]float64, w*h), make([]float64, w*h)
	for i := range y {
		y[i], cb[i], cr[i] = paper, 128, 128
	}
	for _, o := range drops {
		r := o.reach()
		for py := max(0, int(r.Y*k)); py < min(h, int((r.Y+r.H)*k)+1); py++ {
			for px := max(0, int(r.X*k)); px < min(w, int((r.X+r.W)*k)+1); px++ {
				c := o.cover(geom.Point{X: (float64(px) + 0.5) / k, Y: (float64(py) + 0.5) / k}, 1/k)
				i := py*w + px
				y[i] += c * (o.grey - y[i])
				cb[i] += c * (128 + o.cb - cb[i])
				cr[i] += c * (128 + o.cr - cr[i])
			}
		}
	}
	p := &raster.Page{Y: toPlane(y, w, h), SubX: 1, SubY: 1, DPIX: k * 25.4, DPIY: k * 25.4}
	if colour {
		p.Cb, p.Cr = toPlane(cb, w, h), toPlane(cr, w, h)
	}
	return p
}

func toPlane(v []float64, w, h int) *raster.Plane {
	p := raster.NewPlane(w, h)
	for i := range v {
		p.Pix[i] = uint8(math.Min(255, math.Max(0, v[i]+0.5)))
	}
	return p
}

// scan returns the registered scan and the form.
func (d *desk) scan() (Registered, raster.FormPage) {
	const fk = raster.FormDPI / 25.4
	form := raster.FormPage{View: raster.View{Page: draw(d.print, fk, 255, false), MMToPix: geom.ScaleBy(fk, fk)}, WidthMM: deskW, HeightMM: deskH}
	k := d.dpi / 25.4
	all := append(append([]drop(nil), d.print...), d.ink...)
	page := draw(all, k, d.paper, d.colour)
	rng := rand.New(rand.NewPCG(1, 2))
	for i, v := range page.Y.Pix {
		g := float64(v) + d.noise*rng.NormFloat64()
		if d.cut {
			g = 255 * math.Round(g/255)
		}
		page.Y.Pix[i] = uint8(math.Min(255, math.Max(0, g)))
	}
	h := geom.ScaleBy(k, k).Mul(geom.Translate(d.shift))
	return Registered{View: raster.View{Page: page, MMToPix: h}, OK: true, FormPage: 1}, form
}

// read reads one box of the desk as a choice box.
func (d *desk) read(b geom.Box) BoxReading {
	reg, form := d.scan()
	return ReadChoice(reg, form, exam.Question{Options: []exam.Option{{ID: "a", Box: b}}}, d.boxes, exam.Conventions{})[0]
}

// column prints n cells from (x, y) down and returns their credit boxes.
func (d *desk) column(x, y float64, n, corrector int) (cells []exam.CreditBox) {
	for i := range n {
		b := d.box(x, y+3.571*float64(i), 4.285, 0.714)
		cells = append(cells, exam.CreditBox{Credits: float64(i) / 2, Box: b, Corrector: corrector})
	}
	return cells
}

// readCells reads credit cells.
func (d *desk) readCells(cells []exam.CreditBox) []ColumnReading {
	reg, form := d.scan()
	return ReadCredit(reg, form, exam.Question{Kind: exam.Credit, Boxes: cells}, d.boxes, exam.Conventions{})
}
