package author

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// readLines and readSigns are ocr's; a test may remember what they said.
var readLines, readSigns = ocr.ReadLines, ocr.ReadSigns

// typeReader reads the lines of a page.
type typeReader struct {
	b      *bitmap
	labels []int32
	words  []Word
	err    error
}

// lines reads every line by itself.
func (r *typeReader) lines(lines []textLine) {
	crops := make([]*raster.Plane, len(lines))
	for i, l := range lines {
		crops[i] = r.b.crop(l, r.labels)
	}
	if r.err != nil || len(lines) == 0 {
		return
	}
	found, err := readLines(crops, fineDPI, "")
	r.err = err
	for i, ws := range found {
		for _, w := range ws {
			r.place(lines[i], w.Box.X, w)
		}
	}
}

// place adds a word of a line; x is where it begins in the line's crop.
func (r *typeReader) place(l textLine, x float64, w ocr.Word) {
	b := r.b
	m := geom.Box{X: (float64(l.left()-marginPix) + x) / b.perMM, Y: (float64(l.top()-marginPix) + w.Box.Y) / b.perMM,
		W: w.Box.W / b.perMM, H: w.Box.H / b.perMM}
	size := b.sizeOf(l.glyphs)
	if s := b.wordSize(l, m, w.Text); s > 0 {
		size = s
	}
	r.words = append(r.words, Word{Text: w.Text, Box: m, SizePt: size})
	r.joinCapital()
}

// joinCapital puts a capital before the word that was torn off it: the engine sees a space between
// "W" and "as".
func (r *typeReader) joinCapital() {
	n := len(r.words)
	if n < 2 {
		return
	}
	a, b := r.words[n-2], r.words[n-1]
	first, second := []rune(a.Text), []rune(b.Text)
	if len(first) != 1 || !unicode.IsUpper(first[0]) || !unicode.IsLower(second[0]) || !sameLine(a.Box, b.Box) {
		return
	}
	if gap := b.X - a.X - a.W; gap > -1 && gap < tornGap*a.H {
		a.Text, a.Box = a.Text+b.Text, union(a.Box, b.Box)
		r.words = append(r.words[:n-2], a)
	}
}

// tornGap is a gap over the height of a capital; a space has 0.35.
const tornGap = 0.26

// shortLine is how many glyphs make a line too short to be read well by itself: labels such as
// "A 1", "II", "(5)".
const shortLine = 4

// shortWide is how wide such a line is at most, in its heights: in words, letters that touch make
// few glyphs, too.
const shortWide = 2.6

// stripMost is how many short lines are read in one strip.
const stripMost = 12

// stripColumn is the width in mm in which short lines count as set below each other: numbers of
// questions, letters of options, each read with its like.
const stripColumn = 9

// strips reads short lines side by side, as one line: alone, the engine makes letters of bars
// and nothing of many single letters. What then lacks a character is read alone all the same.
func (r *typeReader) strips(short []textLine) {
	across := int(stripColumn * r.b.perMM)
	slices.SortStableFunc(short, func(a, b textLine) int {
		return cmp.Or(cmp.Compare(heightClass(a), heightClass(b)), cmp.Compare((a.x0+a.x1)/2/across, (b.x0+b.x1)/2/across), cmp.Compare(a.y0, b.y0))
	})
	var again []token
	for _, part := range stripsOf(short) {
		for _, t := range r.strip(part, "") {
			switch bars := r.b.bars(t.line); {
			case bars > 0:
				m := r.b.mm(t.line.area)
				r.words = append(r.words, Word{Text: strings.Repeat("I", bars), Box: m, SizePt: r.b.sizeOf(t.line.glyphs)})
			case len(t.signs) == len(t.line.glyphs):
				r.token(t)
			default:
				again = append(again, t)
			}
		}
	}
	r.alone(again)
}

// heightClass sorts lines by their height, by factors of 1.5: a logo in a strip makes the engine
// scale the rest down until nothing is legible.
func heightClass(l textLine) int {
	return int(math.Log(float64(l.y1-l.y0)) / math.Log(1.5))
}

// stripsOf cuts sorted lines into strips of the same class.
func stripsOf(short []textLine) (strips [][]textLine) {
	for i, l := range short {
		k := len(strips) - 1
		if i == 0 || len(strips[k]) == stripMost || heightClass(strips[k][0]) != heightClass(l) {
			strips, k = append(strips, nil), k+1
		}
		strips[k] = append(strips[k], l)
	}
	return strips
}

// alone reads short lines one by one, and takes what has as many characters as glyphs, or else
// what is nearer to it.
func (r *typeReader) alone(tokens []token) {
	crops := make([]*raster.Plane, len(tokens))
	for i, t := range tokens {
		crops[i] = r.b.crop(t.line, r.labels)
	}
	if r.err != nil || len(crops) == 0 {
		return
	}
	found, err := readSigns(crops, fineDPI, "")
	if r.err = err; err != nil {
		return
	}
	for i, t := range tokens {
		n := len(t.line.glyphs)
		if abs(len(found[i])-n) <= abs(len(t.signs)-n) {
			t.signs = found[i]
		}
		r.token(t)
	}
}

func abs(n int) int { return max(n, -n) }

// values reads the numbers beside columns, which are nothing else.
func (r *typeReader) values(lines []textLine) {
	for part := range slices.Chunk(lines, stripMost) {
		for _, t := range r.strip(part, "0123456789.,½") {
			r.token(t)
		}
	}
}

// token is a short line and the characters read of it, placed in the line's crop.
type token struct {
	line  textLine
	signs []ocr.Word
}

// strip reads lines side by side, set on one base, with wide gaps.
func (r *typeReader) strip(lines []textLine, signs string) (tokens []token) {
	if r.err != nil {
		return nil
	}
	crops := make([]*raster.Plane, len(lines))
	high, wide := 0, 0
	for i, l := range lines {
		crops[i] = r.b.crop(l, r.labels)
		high, wide = max(high, crops[i].H), wide+crops[i].W
	}
	gap := high / 2
	p := raster.NewPlane(wide+gap*len(lines), high)
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	starts := make([]int, len(lines))
	x := 0
	for i, c := range crops {
		starts[i] = x
		for y := range c.H {
			copy(p.Row(high - c.H + y)[x:], c.Row(y))
		}
		x += c.W + gap
	}
	found, err := readSigns([]*raster.Plane{p}, fineDPI, signs)
	if r.err = err; err != nil {
		return nil
	}
	shares := sharesOf(lines, found[0])
	for i, l := range lines {
		own := signsBetween(found[0], starts[i], starts[i]+crops[i].W)
		if shares != nil {
			own = shares[i]
		}
		tokens = append(tokens, token{l, shifted(own, starts[i], high-crops[i].H)})
	}
	return tokens
}

func shifted(signs []ocr.Word, dx, dy int) (out []ocr.Word) {
	for _, s := range signs {
		s.Box.X -= float64(dx)
		s.Box.Y -= float64(dy)
		out = append(out, s)
	}
	return out
}

// bars counts the strokes of a Roman I, II or III set without serifs, which OCR makes nothing of.
func (b *bitmap) bars(l textLine) int {
	for _, g := range l.glyphs {
		if g.height() < 3*g.width() || g.full() < 0.85 || g.height() < int(letterHeight*b.perMM) {
			return 0
		}
	}
	if len(l.glyphs) > 3 {
		return 0
	}
	return len(l.glyphs)
}

// sharesOf gives every line as many characters as it has glyphs, where these are as many as were
// read: where the engine puts characters is less sure than their order.
func sharesOf(lines []textLine, found []ocr.Word) (shares [][]ocr.Word) {
	n := 0
	for _, l := range lines {
		n += len(l.glyphs)
	}
	if n != len(found) {
		return nil
	}
	for _, l := range lines {
		shares, found = append(shares, found[:len(l.glyphs)]), found[len(l.glyphs):]
	}
	return shares
}

// signsBetween lists the characters of a strip whose middle lies in a span.
func signsBetween(all []ocr.Word, x0, x1 int) (in []ocr.Word) {
	for _, w := range all {
		if c := w.Box.X + w.Box.W/2; c >= float64(x0) && c < float64(x1) {
			in = append(in, w)
		}
	}
	return in
}

// tokenGap is a gap between two characters of a word at most, in heights of the line.
const tokenGap = 0.5

// token joins the characters of a short line to words. Where each has its glyph, the glyphs tell
// where they stand.
func (r *typeReader) token(t token) {
	l := t.line
	glyphs := slices.Clone(l.glyphs)
	slices.SortStableFunc(glyphs, func(a, b glyph) int { return a.x0 - b.x0 })
	var w ocr.Word
	for i, s := range t.signs {
		if len(glyphs) == len(t.signs) {
			g := glyphs[i]
			s.Box = geom.Box{X: float64(g.x0 - l.left() + marginPix), Y: float64(g.y0 - l.top() + marginPix), W: float64(g.width()), H: float64(g.height())}
		}
		if i > 0 && s.Box.X-w.Box.X-w.Box.W < tokenGap*float64(l.y1-l.y0) {
			w.Text, w.Box = w.Text+s.Text, union(w.Box, s.Box)
			continue
		}
		if i > 0 {
			r.place(l, w.Box.X, w)
		}
		w = s
	}
	if len(t.signs) > 0 {
		w.Text += r.b.lostStop(l, glyphs, w.Text)
		r.place(l, w.Box.X, w)
		return
	}
	if r.err == nil {
		r.words = append(r.words, Word{Text: unread, Box: r.b.mm(l.area), SizePt: r.b.sizeOf(l.glyphs)})
	}
}

// unread stands for print of which nothing could be read: where it is still counts.
const unread = "?"

// lostStop returns the full stop that ends a short line and was not read.
func (b *bitmap) lostStop(l textLine, glyphs []glyph, text string) string {
	last := glyphs[len(glyphs)-1]
	small := last.height() < (l.y1-l.y0)/3 && last.width() < (l.y1-l.y0)/3
	if small && last.y1 > l.y1-(l.y1-l.y0)/4 && last.y1 <= l.y1+2 && strings.Trim(text, "0123456789") == "" {
		return "."
	}
	return ""
}
