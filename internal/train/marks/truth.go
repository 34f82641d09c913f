package main

import (
	"math/rand/v2"
	"slices"

	"scan/detect"
	"scan/internal/geom"
)

// Kinds of marks as detect counts them.
const (
	empty = iota
	cross
	fill
	tick
	line
	scribble
	dot
	erased
	foreign
	unclear = -1 // a person could not tell: neither trained on nor counted
)

// mix is the share of each kind on a sheet.
type mix [detect.MarkKinds]float64

// trainMix is balanced so that rare kinds are learnt, cellMix likewise for columns, where
// neighbours reach into most cells; examMix is what exams hold, for calibration and figures.
var (
	trainMix = mix{0.21, 0.29, 0.18, 0.06, 0.06, 0.08, 0.03, 0.03, 0.06}
	cellMix  = mix{0.46, 0.26, 0.12, 0.035, 0.035, 0.035, 0.02, 0.02, 0.02}
	examMix  = mix{0.5, 0.375, 0.10, 0.005, 0.004, 0.005, 0.004, 0.003, 0.004}
	// A column has one cross.
	examCellMix = mix{0.79, 0.16, 0.04, 0.002, 0.002, 0.002, 0.002, 0.001, 0.001}
)

func (m mix) draw(rng *rand.Rand) int {
	r := rng.Float64()
	for k, v := range m {
		if r -= v; r < 0 {
			return k
		}
	}
	return empty
}

// widestPen is the widest pen, in box heights, whose cross leaves any white in a box or
// shows by its arms.
const widestPen = 0.3

// markAll lets one writer mark every box.
func (s *sheet) markAll(rng *rand.Rand, m mix) {
	own := rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64()))
	w := newWriter(own, s.crowded)
	for 2*w.pen.r > widestPen*s.boxes[0].H {
		w = newWriter(own, s.crowded)
	}
	switch {
	case s.columns && m == trainMix:
		m = cellMix
	case s.columns:
		m = examCellMix
	}
	s.kind, s.what = make([]int, len(s.boxes)), make([]string, len(s.boxes))
	s.spoilt = make([]bool, len(s.boxes))
	for i, b := range s.boxes {
		k := m.draw(rng)
		if k == foreign && s.crowded && own.IntN(3) > 0 {
			k = line
		}
		s.kind[i], s.what[i] = k, detect.MarkKindNames[k]
		s.put(w, i, k, b)
	}
	for i, no := range s.spoilt {
		if no {
			s.kind[i] = unclear
		}
	}
}

// straysMM is how far a mark may reach that is not meant for the boxes it ends in.
const straysMM = 16.0

// spoil notes the other boxes that were inked by a mark that is not theirs.
func (s *sheet) spoil(i int, before *paper) {
	around := s.boxes[i].Inset(-straysMM + 0.5)
	for j, o := range s.boxes {
		c := o.Corners()
		if j != i && around.Contains(c[0]) && around.Contains(c[2]) && s.inked(before, o.Inset(s.frame), 0.9) > 0.003 {
			s.spoilt[j] = true
		}
	}
}

// put draws one mark and corrects the kind by what came out.
func (s *sheet) put(w *writer, i, k int, b geom.Box) { //nolint:cyclop // a case for every mark
	before := s.ink.copyOf(b.Inset(-straysMM))
	switch k {
	case empty:
		if w.chance(0.3) {
			s.kind[i], s.what[i] = s.dirt(w, b)
		}
	case cross:
		off := w.drawCross(s.ink, b)
		s.kind[i] = s.judgeCross(w, off, before, b)
	case fill:
		if w.chance(0.5) {
			w.drawCross(s.ink, b)
		}
		w.drawFill(s.ink, b)
		s.kind[i], s.what[i] = s.judgeFill(before, b), "fill"
		if w.chance(0.15) && !s.crowded {
			w.crossAt(s.ink, pt(b.X-w.u(1.6, 4), b.Center().Y+0.3*w.norm()), w.u(0.8, 1.6), w.u(0.8, 1.6))
			s.what[i] = "fill with sign"
		}
	case tick:
		w.drawTick(s.ink, b)
	case line:
		w.drawLine(s.ink, b)
	case scribble:
		w.drawScribble(s.ink, b)
		if s.judgeFill(before, b) != scribble {
			s.kind[i] = unclear
		}
	case dot:
		w.drawDot(s.ink, b)
	case erased:
		s.kind[i] = s.erase(w, b, before)
	case foreign:
		s.kind[i], s.what[i] = s.stranger(w, b, before)
	}
	if k == empty || k == foreign || s.what[i] == "fill with sign" {
		s.spoil(i, before)
	}
	if k != empty && k != foreign && s.kind[i] >= 0 && s.kind[i] != foreign && s.inked(before, b.Inset(s.frame), 0.9) < least(k) {
		s.kind[i] = unclear
	}
}

// least is the share of the inside that a mark must darken: less, and it went around the
// box, or nothing came out of the pen.
func least(kind int) float64 {
	if kind == dot || kind == erased {
		return 0.004
	}
	return 0.025
}

// farthest is how far off the middle, in box sizes, a cross may be and still be its box's
// beyond doubt; from missedBy on it is not.
const farthest, missedBy = 0.4, 0.52

func (s *sheet) judgeCross(w *writer, off float64, before *paper, b geom.Box) int {
	in := s.inked(before, b.Inset(s.frame), 0.75)
	switch {
	case off > missedBy && in < 0.02:
		return foreign
	case off > farthest, s.crowded && off > 0.3, in > 0.9 && w.cross.size < 0.9:
		return unclear
	}
	return cross
}

// judgeFill tells a fill from a part of one by how much of the inside is covered, and
// whether a third of it was left out.
func (s *sheet) judgeFill(before *paper, b geom.Box) int {
	in := b.Inset(s.frame)
	var cells []float64
	for j := range 9 {
		c := geom.Box{X: in.X + in.W/3*float64(j%3), Y: in.Y + in.H/3*float64(j/3), W: in.W / 3, H: in.H / 3}
		cells = append(cells, s.inked(before, c, 0.85))
	}
	all := 0.0
	for _, c := range cells {
		all += c / 9
	}
	slices.Sort(cells)
	switch {
	case all > 0.66 && cells[2] > 0.4:
		return fill
	case all < 0.58 || cells[2] < 0.15:
		return scribble
	}
	return unclear
}

// inked is the share of a box darkened to less than keep of what it was.
func (s *sheet) inked(before *paper, b geom.Box, keep float64) float64 {
	x0, y0, x1, y1 := s.ink.window(b)
	n, dark := 0, 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			was := before.at(x, y)
			if was < 100 {
				continue // print
			}
			n++
			if float64(s.ink.pix[y*s.ink.w+x]) < keep*float64(was) {
				dark++
			}
		}
	}
	return float64(dark) / float64(max(n, 1))
}

// erase draws a mark and takes most of it away again.
func (s *sheet) erase(w *writer, b geom.Box, before *paper) int {
	switch w.rng.IntN(3) {
	case 0:
		w.drawFill(s.ink, b)
	default:
		w.drawCross(s.ink, b)
	}
	left, patchy := w.u(0.04, 0.15), w.chance(0.8)
	if patchy {
		left = w.u(0.05, 0.35)
	}
	a := w.u(0, 6.28)
	x0, y0, x1, y1 := s.ink.window(b.Inset(-2))
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			q, l := &s.ink.pix[y*s.ink.w+x], left
			if patchy {
				l *= 2 * tooth[((y+int(a*40))&255)<<8|(x*2+int(a*90))&255]
			}
			*q = uint8(float64(before.at(x, y))*(1-l) + float64(*q)*l + 0.5)
		}
	}
	in := b.Inset(s.frame)
	switch {
	case s.inked(before, in, 0.97) < 0.02: // rubbed out so well that nobody sees it
		return unclear
	case s.inked(before, in, 0.75) > 0.15: // hardly rubbed out
		return unclear
	}
	return erased
}

// dirt leaves a box unmarked but not clean.
func (s *sheet) dirt(w *writer, b geom.Box) (int, string) {
	switch w.rng.IntN(6) {
	case 0, 1:
		for range 1 + w.rng.IntN(4) {
			d := w.u(0.04, 0.28)
			s.ink.rect(geom.Box{X: b.X + w.rng.Float64()*b.W, Y: b.Y + w.rng.Float64()*b.H, W: d, H: d * w.u(0.6, 1.6)}, w.u(0.2, 0.9))
		}
		return empty, "specks"
	case 2: // a line beside, as of a word underlined
		y := b.Y + w.pick(-0.55-w.pen.r, b.H+0.55+w.pen.r) + w.pick(-1, 1)*0.2*w.rng.Float64()
		before := s.ink.copyOf(b)
		w.stroke(s.ink, pt(b.X-w.u(0.3, 3), y), pt(b.X+b.W+w.u(-1, 3), y+0.3*w.norm()))
		if s.inked(before, b.Inset(s.frame), 0.9) > 0.01 {
			return unclear, "line beside"
		}
		return empty, "line beside"
	case 3: // words to the right
		before := s.ink.copyOf(b)
		w.text(s.ink, b.X+b.W+w.u(0.3, 1.5), b.Y+w.u(-1, 1), w.u(2, 4), 2+w.rng.IntN(3))
		if s.inked(before, b.Inset(s.frame), 0.9) > 0.005 {
			return unclear, "text beside"
		}
		return empty, "text beside"
	case 4: // a hair or a fold: a faint thin line anywhere
		p := w.pen
		w.pen = pen{r: w.u(0.03, 0.08), dark: w.u(0.05, 0.3), grain: 0.3}
		a := pt(b.X+b.W*w.rng.Float64(), b.Y-w.u(0, 3))
		w.stroke(s.ink, a, w.near(a.Add(pt(0, 4)), 1), w.near(a.Add(pt(0, 8)), 1.5))
		w.pen = p
		return empty, "hair"
	}
	s.ink.rect(b.Inset(w.u(-1, 0.8)).Shift(pt(0.5*w.norm(), 0.5*w.norm())), w.u(0.01, 0.07))
	return empty, "stain"
}

// stranger puts ink in a box that was not meant for it: words, long lines, a ring around,
// the cross of somebody who missed.
func (s *sheet) stranger(w *writer, b geom.Box, before *paper) (int, string) {
	what := "text"
	switch w.rng.IntN(6) {
	case 0, 1:
		w.text(s.ink, b.X-w.u(0, 4), b.Y+w.u(-1.5, 0.5), w.u(2, 4.5), 2+w.rng.IntN(3))
	case 2:
		what = "long line"
		y := b.Y + b.H*w.u(0.1, 0.9)
		w.stroke(s.ink, pt(b.X-w.u(3, 8), y+w.norm()), pt(b.X+b.W+w.u(3, 8), y+w.norm()))
	case 3:
		what = "stray"
		p := b.Corners()[w.rng.IntN(4)]
		w.stroke(s.ink, w.near(p.Add(p.Sub(b.Center()).Scale(w.u(0, 1))), 0.4), w.near(p.Add(b.Center().Sub(p).Scale(w.u(0.4, 0.9))), 0.4))
	case 4:
		what = "ring around"
		w.ring(s.ink, b.Center(), b.W*w.u(0.6, 1), b.H*w.u(0.6, 1))
		return foreign, what
	case 5:
		what = "missed"
		d := pt(w.norm(), w.norm())
		d = d.Scale(b.W * w.u(0.62, 1) / max(d.Norm(), 0.1))
		h := b.W * w.u(0.25, 0.45)
		w.crossAt(s.ink, b.Center().Add(d), h, h)
		if s.inked(before, b.Inset(s.frame), 0.8) > 0.06 {
			return unclear, what
		}
		if s.inked(before, b.Inset(-0.6), 0.8) < 0.02 {
			return empty, what // beside the box altogether
		}
		return foreign, what
	}
	switch in := s.inked(before, b.Inset(s.frame), 0.8); {
	case in < 0.005 && what == "text":
		return empty, "text beside"
	case in < 0.03:
		return unclear, what
	}
	return foreign, what
}

// copyOf keeps a piece of the paper; at reads it in the paper's own coordinates.
func (p *paper) copyOf(b geom.Box) *paper {
	x0, y0, x1, y1 := p.window(b)
	c := &paper{w: x1 - x0, h: y1 - y0, px: p.px, x: x0, y: y0, pix: make([]uint8, (x1-x0)*(y1-y0))}
	for y := range c.h {
		copy(c.pix[y*c.w:(y+1)*c.w], p.pix[(y+y0)*p.w+x0:])
	}
	return c
}

func (p *paper) at(x, y int) uint8 { return p.pix[(y-p.y)*p.w+x-p.x] }
