package main

import (
	"math"
	"slices"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// placed is a glyph that a simulated writer set into a field: its ink's box in mm.
type placed struct {
	geom.Box
	class int
}

// Marks that are no glyph of the network.
const (
	markSep  = ocr.NetClasses
	markDirt = ocr.NetClasses + 1
)

// sheet is a simulated field: its scan, its blank form and what is in it.
type sheet struct {
	view   raster.View
	form   raster.FormPage
	score  exam.Score
	value  float64
	empty  bool // nothing or a dash
	struck bool // something was crossed out, a value may stand beside it
	odd    bool // what is written is no allowed value
	marks  []placed
}

// scene draws sheets from its own stream of random numbers, in the hands of the
// writers of one part.
type scene struct{ maker }

func newScene(p *part, stream uint64) scene { return scene{newMaker(p, seed, stream)} }

// pictured is the share of fields whose digits are pictures of other sets: more writers
// than those whose strokes are known.
const pictured = 0.4

// hand is how a writer writes in one field. Lengths in mm.
type hand struct {
	w                   *writer
	set                 string // of pictures in place of the writer's strokes, ""
	height, pen, gap    float64
	slant, wide, jitter float64
	dark                float32
}

func (s scene) hand() hand {
	h := hand{
		w:      &s.p.hands[s.IntN(len(s.p.hands))],
		height: s.between(3.6, 7.2), pen: s.between(0.12, 0.42), gap: s.between(0.0, 0.3),
		slant: s.between(-0.1, 0.3), wide: s.between(0.75, 1.2), jitter: s.between(0.02, 0.12),
		dark: float32(s.between(0.35, 0.95)),
	}
	if s.Float64() < pictured {
		h.set = pictureSets[s.IntN(len(pictureSets))]
	}
	if s.Float64() < 0.15 { // pencil
		h.dark, h.pen = float32(s.between(0.16, 0.45)), s.between(0.2, 0.45)
	}
	return h
}

// text draws a value and writes it: what people write, in the shares that
// corrected exams show (guessed: half of all scores whole).
func (s scene) text(most float64) (value float64, text string) {
	steps := int(2 * most)
	k := s.IntN(steps + 1)
	if s.Float64() < 0.35 { // small scores are frequent
		k = s.IntN(min(steps, 12) + 1)
	}
	value = float64(k) / 2
	text = itoa(k / 2)
	if k%2 == 0 {
		if s.Float64() < 0.05 {
			text += ",0"
		}
		return value, text
	}
	switch u := s.Float64(); {
	case u < 0.45:
		text += ",5"
	case u < 0.75:
		text += ".5"
	case k == 1:
		text = "h"
	default:
		text += "h"
	}
	return value, text
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + itoa(n%10)
	}
	return string(rune('0' + n))
}

// sheet draws one field. Of a hundred fields, 6 are empty, 2 hold a dash, 3 hold
// something struck out, 3 hold a number that is not allowed.
func (s scene) sheet() *sheet {
	sh := &sheet{}
	w, h := s.between(16, 22), s.between(8.5, 11)
	box := geom.Box{X: 4, Y: 4, W: w, H: h}
	sh.score = exam.Score{ID: "P", Box: box, Max: float64(5 + s.IntN(27)), Step: 0.5}
	hd := s.hand()
	var lines []piece
	switch u := s.Float64(); {
	case u < 0.06:
		sh.empty = true
	case u < 0.08:
		sh.empty = true
		y := box.Center().Y + s.between(-1, 1)
		lines = append(lines, piece{strokes: strokes{line(point{box.X + s.between(3, 7), y}, point{box.X + w - s.between(3, 7), y + s.between(-1, 1)}, s.between(-0.05, 0.05))}})
	case u < 0.12:
		sh.struck = true
		_, t := s.text(sh.score.Max)
		old, _ := s.write(hd, t, geom.Box{X: box.X, Y: box.Y, W: w / 2, H: h})
		ink := boundsOf(old)
		out := piece{strokes: strike(s.maker, ink)[len(ink):]}
		lines = append(slices.Clip(old), out)
		sh.marks = append(sh.marks, placed{out.ink(hd.pen).Union(piece{strokes: ink}.ink(hd.pen)), ocr.ClassStruck})
		var t2 string
		sh.value, t2 = s.text(sh.score.Max)
		fresh, marks := s.write(hd, t2, geom.Box{X: box.X + w/2, Y: box.Y, W: w / 2, H: h})
		lines, sh.marks = append(lines, fresh...), append(sh.marks, marks...)
	case u < 0.15:
		sh.odd = true
		t := itoa(int(sh.score.Max) + 1 + s.IntN(60))
		lines, sh.marks = s.write(hd, t, box)
	default:
		var t string
		sh.value, t = s.text(sh.score.Max)
		lines, sh.marks = s.write(hd, t, box)
	}
	s.scan(sh, hd, lines)
	return sh
}

// boundsOf returns the corners of what is written, as strokes that mark them.
func boundsOf(lines []piece) strokes {
	x0, y0, x1, y1 := lines[0].bounds()
	for _, l := range lines[1:] {
		a, b, c, d := l.bounds()
		x0, y0, x1, y1 = min(x0, a), min(y0, b), max(x1, c), max(y1, d)
	}
	return strokes{{{x0, y0}}, {{x1, y1}}}
}

func flatten(lines []piece) (out strokes) {
	for _, l := range lines {
		out = append(out, l.strokes...)
	}
	return out
}

// write sets text into the box (mm): digits, comma, point, and h for a half. The
// number may reach over the frame a little.
func (s scene) write(hd hand, text string, box geom.Box) (lines []piece, marks []placed) {
	x := 0.0
	touching := s.Float64() < 0.28
	for _, c := range text {
		k := hd.height * (1 + s.between(-1, 1)*hd.jitter)
		var g piece
		class := markSep
		switch c {
		case ',':
			g.strokes = strokes{line(point{0, k * s.between(0.8, 1)}, point{-k * s.between(-0.05, 0.22), k * s.between(1.02, 1.35)}, s.between(-0.2, 0.2))}
		case '.':
			y := k * s.between(0.88, 1.04)
			g.strokes = strokes{{point{0, y}, point{s.between(0, 0.3), y + s.between(-0.1, 0.2)}}}
		case 'h':
			class = ocr.ClassHalf
			g.strokes = composeHalf(s.Rand, s.digit(hd, 1), s.digit(hd, 2)).scale(k, k)
		default:
			class = int(c - '0')
			g = s.sign(hd, class).scale(k, k).shift(0, k*s.between(-1, 1)*hd.jitter)
		}
		x0, _, x1, _ := g.bounds()
		gap := hd.height * (hd.gap + s.between(-0.05, 0.08))
		if touching {
			gap = hd.height * s.between(-0.08, 0.05)
		}
		if len(lines) > 0 {
			x += max(gap, -0.1*hd.height) + hd.pen*0.5
		}
		g = g.shift(x-x0, 0)
		x += x1 - x0
		lines = append(lines, g)
		marks = append(marks, placed{class: class})
	}
	fit := min(1, (box.W-0.5)/(x+hd.pen))
	dx := box.X + (box.W-x*fit)*s.between(0.1, 0.9)
	dy := box.Y + (box.H-hd.height*fit)*(0.5+s.between(-0.45, 0.45)*s.between(0.4, 1.3))
	for i := range lines {
		lines[i] = lines[i].scale(fit, fit).shift(dx, dy)
		marks[i].Box = lines[i].ink(hd.pen)
	}
	return lines, marks
}

// sign returns a digit of height 1 in this hand.
func (s scene) sign(hd hand, d int) piece {
	if hd.set == "" {
		return piece{strokes: s.digit(hd, d)}
	}
	list := s.p.digits[hd.set][d]
	return stamp(list[s.IntN(len(list))]).scale(math.Sqrt(hd.wide), 1)
}

// digit returns one of the writer's digits in this hand, with a slight distortion.
func (s scene) digit(hd hand, d int) strokes {
	g := hd.w[d][s.IntN(len(hd.w[d]))]
	slant := hd.slant + s.between(-0.06, 0.06)
	return g.apply(func(p point) point { return point{hd.wide*p.x - slant*(p.y-0.5), p.y} }).unit()
}

// scan renders the sheet: a page of box and surroundings in grey or black and
// white, shifted against its registration.
func (s scene) scan(sh *sheet, hd hand, lines []piece) {
	box := sh.score.Box
	wide, high := box.W+8, box.H+8
	frame := geom.Box{X: box.X, Y: box.Y, W: box.W, H: box.H}
	thick := []float64{0.14, 0.2, 0.35, 0.35, 0.7}[s.IntN(5)]
	label := s.Float64() < 0.4
	sh.form = raster.FormPage{WidthMM: wide, HeightMM: high}
	sh.form.View = s.page(wide, high, raster.FormDPI/25.4, func(im ocr.InkImage, k float64) { printFrame(im, k, frame, thick, label) }, nil)
	dpi := []float64{150, 200, 200, 300, 300, 300, 400, 600}[s.IntN(8)]
	off := geom.Point{X: s.between(-0.4, 0.4), Y: s.between(-0.4, 0.4)}
	pen := func(im ocr.InkImage, k float64) {
		for _, l := range lines {
			l.scale(k, k).draw(im, hd.pen*k/2)
		}
		if s.Float64() < 0.15 {
			s.dirt(sh, im, k)
		}
		for i := range im.A {
			im.A[i] *= hd.dark * (1 - 0.15*s.Float32())
		}
	}
	sh.view = s.page(wide, high, dpi/25.4, func(im ocr.InkImage, k float64) { printFrame(im, k, frame, thick, label) }, pen)
	s.streak(sh.view.Page.Y)
	degrade(s, sh.view.Page, hd.dark)
	sh.view.MMToPix = sh.view.MMToPix.Mul(geom.Translate(off))
	for i := range sh.marks {
		sh.marks[i].Box = sh.marks[i].Shift(off.Scale(-1))
	}
}

// page draws print and then ink on white paper at k pixels per mm.
func (s scene) page(wide, high, k float64, drawPrint, drawInk func(ocr.InkImage, float64)) raster.View {
	w, h := int(wide*k), int(high*k)
	pl := raster.NewPlane(w, h)
	im := ocr.InkImage{W: w, H: h, A: make([]float32, w*h)}
	drawPrint(im, k)
	over := ocr.InkImage{W: w, H: h, A: make([]float32, w*h)}
	if drawInk != nil {
		drawInk(over, k)
	}
	for i := range pl.Pix {
		pl.Pix[i] = uint8(250 * (1 - 0.9*im.A[i]) * (1 - over.A[i]))
	}
	return raster.View{Page: &raster.Page{Y: pl}, MMToPix: geom.ScaleBy(k, k)}
}

// printFrame draws the cell, its left and right neighbours' borders, and a label.
func printFrame(im ocr.InkImage, k float64, b geom.Box, thick float64, label bool) {
	x0, y0, x1, y1 := b.X*k, b.Y*k, (b.X+b.W)*k, (b.Y+b.H)*k
	st := strokes{{{0, y0}, {float64(im.W), y0}}, {{0, y1}, {float64(im.W), y1}}, {{x0, y0}, {x0, y1}}, {{x1, y0}, {x1, y1}}}
	st.draw(im, thick*k/2)
	if label {
		one := strokes{{{x0 + 1.2*k, y0 + 1*k}, {x0 + 1.2*k, y0 + 3*k}}, {{x0 + 2*k, y0 + 1*k}, {x0 + 2*k, y0 + 3*k}}}
		one.draw(im, 0.12*k)
	}
}

// streak draws a scanner's line down the page of one sheet in fifteen.
func (s scene) streak(p *raster.Plane) {
	if s.Float64() > 0.07 {
		return
	}
	x, lean, dark := s.Float64()*float64(p.W), s.between(-0.02, 0.02), s.between(0.1, 0.6)
	for y := range p.H {
		if u := int(x + lean*float64(y)); u >= 0 && u < p.W {
			p.Pix[y*p.Stride+u] = uint8(float64(p.Pix[y*p.Stride+u]) * (1 - dark))
		}
	}
}

// dirt puts one to three specks into the field.
func (s scene) dirt(sh *sheet, im ocr.InkImage, k float64) {
	b := sh.score.Box
	for range 1 + s.IntN(3) {
		p := point{b.X + s.Float64()*b.W, b.Y + s.Float64()*b.H}
		r := s.between(0.08, 0.3)
		strokes{{{p.x * k, p.y * k}, {(p.x + s.between(-0.2, 0.2)) * k, (p.y + s.between(-0.2, 0.2)) * k}}}.draw(im, r*k)
		sh.marks = append(sh.marks, placed{geom.Box{X: p.x - r, Y: p.y - r, W: 2 * r, H: 2 * r}, markDirt})
	}
}

// degrade blurs, adds noise and, for one sheet in five, reduces to black and white.
func degrade(s scene, p *raster.Page, dark float32) {
	if s.Float64() < 0.7 {
		blur(p.Y)
	}
	noise := s.between(0, 9)
	for i, v := range p.Y.Pix {
		p.Y.Pix[i] = uint8(min(255, max(0, float64(v)-6+noise*(s.Float64()+s.Float64()-1))))
	}
	if s.Float64() < 0.2 && dark > 0.5 {
		cut := uint8(250 * (1 - dark*float32(s.between(0.4, 0.6))))
		p.Bilevel = true
		for i, v := range p.Y.Pix {
			p.Y.Pix[i] = 255
			if v < cut {
				p.Y.Pix[i] = 0
			}
		}
	}
}

// blur averages 3x3 pixels with binomial weights.
func blur(p *raster.Plane) {
	src := append([]uint8(nil), p.Pix...)
	at := func(x, y int) int {
		return int(src[min(max(y, 0), p.H-1)*p.Stride+min(max(x, 0), p.W-1)])
	}
	for y := range p.H {
		for x := range p.W {
			sum := 4*at(x, y) + 2*(at(x-1, y)+at(x+1, y)+at(x, y-1)+at(x, y+1)) +
				at(x-1, y-1) + at(x+1, y-1) + at(x-1, y+1) + at(x+1, y+1)
			p.Pix[y*p.Stride+x] = uint8((sum + 8) / 16)
		}
	}
}

// iou is the common area of two boxes by that of their union.
func iou(a, b geom.Box) float64 {
	common := a.Intersect(b).Area()
	return common / max(a.Area()+b.Area()-common, 1e-9)
}

// fieldGlyphs labels what the reader cuts out of a sheet: a candidate that covers
// one glyph is its class, one that does not is junk, what lies between is left out.
func fieldGlyphs(sh *sheet) []glyph {
	var out []glyph
	if len(sh.marks) == 0 {
		return nil
	}
	for _, c := range ocr.Candidates(sh.view, sh.form, sh.score) {
		if class := classOf(sh, geom.Box{X: c.X, Y: c.Y, W: c.W, H: c.H}); class >= 0 {
			out = append(out, glyph{c.Glyph, class})
		}
	}
	return out
}

// classOf returns the class of a candidate's box, -1 if it is not to be learnt.
func classOf(sh *sheet, b geom.Box) int {
	const same, near = 0.8, 0.5
	best, class := 0.0, -1
	var held []placed
	for _, m := range sh.marks {
		if v := iou(m.Box, b); v > best {
			best, class = v, m.class
		}
		if b.Contains(m.Center()) {
			held = append(held, m)
		}
	}
	if c, box, ok := fused(held); ok {
		if iou(box, b) > same {
			return c
		}
		return -1
	}
	switch {
	case class >= ocr.NetClasses && best > 0.3:
		return -1 // separators and dirt are for the other network
	case len(held) > 1 || best < near:
		return ocr.ClassJunk
	case best > same:
		return class
	}
	return -1
}

// fused reports a digit with its separator, and their box. A separator whose middle
// lies within the digit's box says nothing: which ink the candidate holds is not known.
func fused(held []placed) (class int, box geom.Box, ok bool) {
	if len(held) != 2 {
		return 0, box, false
	}
	d, s := held[0], held[1]
	if d.class == markSep {
		d, s = s, d
	}
	if d.class > 9 || s.class != markSep {
		return 0, box, false
	}
	if d.Contains(s.Center()) {
		return 0, box, true
	}
	return ocr.ClassFused + d.class, d.Union(s.Box), true
}
