package detect

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// pens are what pens of the trade leave of the light, 0 to 255. Name says whose ink it is.
var pens = []struct {
	name    string
	whose   string // "red", "green", or "" for a student's
	r, g, b float64
}{
	{"blue ballpoint", "", 38, 44, 158}, {"royal blue", "", 40, 80, 200}, {"violet blue", "", 85, 55, 160},
	{"greenish blue", "", 20, 90, 130}, {"black", "", 35, 35, 40}, {"brownish black", "", 62, 48, 42},
	{"purplish black", "", 60, 45, 70}, {"bluish black", "", 35, 40, 65}, {"pencil", "", 110, 110, 114}, {"pale pencil", "", 165, 166, 170},
	{"pale blue", "", 120, 130, 205},
	{"red ballpoint", "red", 200, 35, 60}, {"bright red", "red", 235, 30, 40}, {"dark red", "red", 150, 25, 40}, {"orange", "red", 240, 110, 40},
	{"pink", "red", 235, 90, 160}, {"pale red", "red", 235, 140, 150},
	{"green ballpoint", "green", 24, 128, 70}, {"bright green", "green", 60, 180, 60}, {"dark green", "green", 20, 95, 55}, {"pale green", "green", 130, 195, 150},
}

// camera is what a scanner does to colours.
type camera struct {
	name            string
	cast            [3]float64 // of the white, share of each channel
	black           [3]float64 // levels of full black
	fringe          float64    // pixels by which red and blue rows are off
	quality, sub    int
	noise, saturate float64
}

var cameras = []camera{
	{"true", [3]float64{1, 1, 1}, [3]float64{15, 15, 15}, 0, 90, 1, 1, 1},
	{"warm", [3]float64{1, 0.97, 0.88}, [3]float64{35, 28, 25}, 0.4, 75, 2, 2, 0.9},
	{"cold", [3]float64{0.9, 0.96, 1}, [3]float64{25, 30, 42}, 0.4, 75, 2, 2, 0.9},
	{"fringes", [3]float64{1, 1, 0.97}, [3]float64{20, 20, 20}, 0.9, 75, 2, 2, 1},
	{"quality 40", [3]float64{0.98, 1, 0.97}, [3]float64{20, 20, 20}, 0.5, 40, 2, 3, 0.9},
	{"dull", [3]float64{0.97, 0.98, 0.95}, [3]float64{45, 45, 45}, 0.4, 60, 2, 3, 0.7},
}

// shot draws the desk with its inks' true colours, and takes it with the camera through JPEG.
// Colours of drops are looked up by their grey, a number of pens.
func (k camera) shot(t *testing.T, d *desk, dpi float64, seed uint64) Registered {
	const over = 2
	s := dpi / 25.4
	w, h := int(deskW*s), int(deskH*s)
	rng := rand.New(rand.NewPCG(seed, 11))
	light := [3][]float64{}
	for ch := range 3 {
		light[ch] = make([]float64, w*h)
		shift := k.fringe * float64(ch-1)
		for i := range light[ch] {
			light[ch][i] = 1
		}
		for n, o := range append(append([]drop(nil), d.print...), d.ink...) {
			c := [3]float64{20, 20, 20}
			if n >= len(d.print) {
				p := pens[int(o.grey)]
				c = [3]float64{p.r, p.g, p.b}
			}
			r := o.reach()
			for y := max(0, int(r.Y*s)-1); y < min(h, int((r.Y+r.H)*s)+2); y++ {
				for x := max(0, int(r.X*s)-1); x < min(w, int((r.X+r.W)*s)+2); x++ {
					cov := o.cover(geom.Point{X: (float64(x) + 0.5 + shift) / s, Y: (float64(y) + 0.5 + shift/2) / s}, over/s)
					light[ch][y*w+x] *= 1 - cov + cov*c[ch]/255
				}
			}
		}
	}
	pg := &raster.Page{Y: raster.NewPlane(w, h), Cb: raster.NewPlane((w+1)/2, (h+1)/2), Cr: raster.NewPlane((w+1)/2, (h+1)/2), SubX: 2, SubY: 2, DPIX: dpi, DPIY: dpi}
	sums := make([][3]float64, len(pg.Cb.Pix))
	for y := range h {
		for x := range w {
			var v [3]float64
			for ch := range v {
				white := 252 * k.cast[ch]
				v[ch] = k.black[ch] + (white-k.black[ch])*light[ch][y*w+x] + k.noise*rng.NormFloat64()
			}
			l := 0.299*v[0] + 0.587*v[1] + 0.114*v[2]
			pg.Y.Pix[y*w+x] = clampByte(l)
			c := &sums[y/2*pg.Cb.W+x/2]
			c[0] += 0.564 * (v[2] - l) * k.saturate
			c[1] += 0.713 * (v[0] - l) * k.saturate
			c[2]++
		}
	}
	for i, c := range sums {
		pg.Cb.Pix[i], pg.Cr.Pix[i] = clampByte(128+c[0]/c[2]), clampByte(128+c[1]/c[2])
	}
	b, err := raster.EncodeJPEG(pg, k.quality)
	assert.NoError(t, err)
	pg, err = raster.DecodeJPEG(b)
	assert.NoError(t, err)
	return Registered{View: raster.View{Page: pg, MMToPix: geom.ScaleBy(s, s)}, OK: true, FormPage: 1}
}

func clampByte(v float64) uint8 { return uint8(math.Min(255, math.Max(0, v+0.5))) }

// shotForm is the desk's blank form.
func (d *desk) shotForm() raster.FormPage {
	_, form := (&desk{print: d.print, boxes: d.boxes, dpi: 72, paper: 250}).scan()
	return form
}

// pennedDesk holds one box a pen, each with a cross by it.
func pennedDesk(width float64) *desk {
	d := newDesk()
	for i, p := range pens {
		d.crossBy(d.box(5+10.5*float64(i%5), 4+11*float64(i/5), 4.285, 0.714), p.name, width)
	}
	return d
}

// TestInksAreToldApart: no student's ink is a corrector's and no corrector's is a student's,
// whatever the scanner does to colours. Where all is dull the darkest inks may be in doubt.
func TestInksAreToldApart(t *testing.T) {
	for _, width := range []float64{0.3, 1} {
		d := pennedDesk(width)
		form := d.shotForm()
		for n, k := range cameras {
			dpi := []float64{150, 300}[(n+int(width))%2]
			reg := k.shot(t, d, dpi, 1)
			paper := reg.lookAtPaper(form)
			for i, p := range pens {
				c := newCase(reg.View, form, d.boxes[i], nil, paper)
				c.measure()
				c.measureHue()
				u, least := c.hue, 0.5
				if !u.Known {
					continue
				}
				if k.name == "dull" {
					least = 0.3
				}
				said := map[string]float64{"red": u.Red, "green": u.Green, "": 1 - u.Red - u.Green}[p.whose]
				assert.Greater(t, said, least, "%s by %s, %.1f mm, %v dpi: hue %.2f %.2f red %.2f green %.2f blue %.2f dark %.2f",
					p.name, k.name, width, dpi, u.Cb, u.Cr, u.Red, u.Green, u.Blue, u.Dark)
			}
		}
	}
}

func penNamed(name string) float64 {
	for i, p := range pens {
		if p.name == name {
			return float64(i)
		}
	}
	panic(name)
}

func (d *desk) crossBy(b geom.Box, pen string, width float64) {
	c, h, p := b.Center(), 0.45*b.W, penNamed(pen)
	d.stroke(c.X-h, c.Y-h, c.X+h, c.Y+h, width/2, p, 0, 0)
	d.stroke(c.X+h, c.Y-h+0.1, c.X-h, c.Y+h, width/2, p, 0, 0)
}

func (d *desk) fillBy(b geom.Box, pen string) {
	for y := b.Y + 0.2; y < b.Y+b.H; y += 0.35 {
		d.stroke(b.X+0.1, y, b.X+b.W-0.1, y+0.1, 0.2, penNamed(pen), 0, 0)
	}
}

// tickBy draws a corrector's tick over a box.
func (d *desk) tickBy(b geom.Box, pen string) {
	p := penNamed(pen)
	d.stroke(b.X+0.5, b.Y+1.5, b.X+1.8, b.Y+3.6, 0.2, p, 0, 0)
	d.stroke(b.X+1.8, b.Y+3.6, b.X+5.5, b.Y-1.2, 0.2, p, 0, 0)
}

// TestMixedBoxes: what a student wrote is read alone under a corrector's ink, or asked about;
// it is never read as what both make together.
func TestMixedBoxes(t *testing.T) {
	cases := []struct {
		name string
		want State // that may be read; "" asks in any case
		draw func(d *desk, b geom.Box)
	}{
		{"blue cross, red tick", Crossed, func(d *desk, b geom.Box) { d.crossBy(b, "blue ballpoint", 0.4); d.tickBy(b, "red ballpoint") }},
		{"black cross, green tick", Crossed, func(d *desk, b geom.Box) { d.crossBy(b, "black", 0.4); d.tickBy(b, "green ballpoint") }},
		{"blue fill, red tick", Filled, func(d *desk, b geom.Box) { d.fillBy(b, "blue ballpoint"); d.tickBy(b, "red ballpoint") }},
		{"red tick alone", "", func(d *desk, b geom.Box) { d.tickBy(b, "red ballpoint") }},
		{"green cross alone", "", func(d *desk, b geom.Box) { d.crossBy(b, "green ballpoint", 0.4) }},
		{"red cross over a black dot", "", func(d *desk, b geom.Box) {
			d.stroke(b.X+2, b.Y+1, b.X+2.1, b.Y+1, 0.2, penNamed("black"), 0, 0)
			d.crossBy(b, "red ballpoint", 0.4)
		}},
		{"black slash, red slash", "", func(d *desk, b geom.Box) {
			d.stroke(b.X+0.3, b.Y+0.3, b.X+4, b.Y+4, 0.2, penNamed("black"), 0, 0)
			d.stroke(b.X+4, b.Y+0.3, b.X+0.3, b.Y+4, 0.2, penNamed("red ballpoint"), 0, 0)
		}},
		{"blue fill, red sign beside it", "", func(d *desk, b geom.Box) {
			d.fillBy(b, "blue ballpoint")
			d.crossBy(geom.Box{X: b.X - 4, Y: b.Y + 0.7, W: 2.8, H: 2.8}, "red ballpoint", 0.4)
		}},
	}
	for _, k := range cameras {
		read := 0
		for _, c := range cases {
			d := newDesk()
			b := d.box(28, 25, 4.285, 0.714)
			c.draw(d, b)
			reg, q := k.shot(t, d, 300, 2), exam.Question{Options: []exam.Option{{ID: "a", Box: b}}}
			r := ReadChoice(reg, d.shotForm(), q, d.boxes, exam.Conventions{})[0]
			if r.Reason != "" {
				continue
			}
			assert.Equal(t, c.want, r.State, "%s by %s: %s", c.name, k.name, brief(r))
			read++
		}
		assert.Positive(t, read, k.name) // some of the three that can be read
	}
}

// TestWhoseInkIsInACell: reserved ink alone marks a corrector's cell, unless anybody may write
// in any colour.
func TestWhoseInkIsInACell(t *testing.T) {
	d := pennedDesk(0.4)
	form := d.shotForm()
	for _, k := range cameras {
		reg := k.shot(t, d, 300, 3)
		paper := reg.lookAtPaper(form)
		for i, p := range pens {
			reason := func(inks ...string) string {
				c := newCase(reg.View, form, d.boxes[i], nil, paper)
				c.measure()
				return c.cellInkReason(inks)
			}
			assert.Empty(t, reason(), p.name)
			if p.name == "pale pencil" || k.name == "dull" {
				continue
			}
			want := ""
			if p.whose == "" {
				want = reasonStudent
			}
			assert.Equal(t, want, reason("red", "green"), "%s by %s", p.name, k.name)
			if p.whose == "green" {
				assert.Equal(t, reasonStudent, reason("red"), "%s by %s", p.name, k.name)
			}
		}
	}
}

// TestGreyScanInColourFormatKnowsNoInks: a scanner set to grey may store chroma planes.
func TestGreyScanInColourFormatKnowsNoInks(t *testing.T) {
	d := pennedDesk(0.4)
	form := d.shotForm()
	reg := cameras[0].shot(t, d, 300, 3)
	for i := range reg.Page.Cb.Pix {
		reg.Page.Cb.Pix[i], reg.Page.Cr.Pix[i] = 128, 128
	}
	c := newCase(reg.View, form, d.boxes[0], nil, reg.lookAtPaper(form))
	c.measure()
	assert.Empty(t, c.cellInkReason(exam.CorrectorColours))
}
