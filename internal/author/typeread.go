package author

import (
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
const shortLine = 5

// stripMost is how many short lines are read in one strip.
const stripMost = 12

// strips reads short lines side by side, as one line: alone, the engine makes letters of bars
// and nothing of many single letters.
func (r *typeReader) strips(short []textLine) {
	slices.SortStableFunc(short, func(a, b textLine) int {
		if d := a.y0 - b.y0; d > a.y1-a.y0 || -d > a.y1-a.y0 {
			return d
		}
		return a.x0 - b.x0
	})
	for part := range slices.Chunk(short, stripMost) {
		r.strip(part, "")
	}
}

// values reads the numbers beside columns, which are nothing else.
func (r *typeReader) values(lines []textLine) {
	for part := range slices.Chunk(lines, stripMost) {
		r.strip(part, "0123456789.,½")
	}
}

// strip reads lines side by side, set on one base, with wide gaps.
func (r *typeReader) strip(lines []textLine, signs string) {
	if r.err != nil {
		return
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
		return
	}
	for i, l := range lines {
		if bars := r.b.bars(l); bars > 0 && signs == "" {
			m := r.b.mm(l.area)
			r.words = append(r.words, Word{Text: strings.Repeat("I", bars), Box: m, SizePt: r.b.sizeOf(l.glyphs)})
			continue
		}
		r.placeSigns(l, signsBetween(found[0], starts[i], starts[i]+crops[i].W), starts[i], high-crops[i].H)
	}
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

// signsBetween lists the characters of a strip whose middle lies in a span.
func signsBetween(all []ocr.Word, x0, x1 int) (in []ocr.Word) {
	for _, w := range all {
		if c := w.Box.X + w.Box.W/2; c >= float64(x0) && c < float64(x1) {
			in = append(in, w)
		}
	}
	return in
}

// placeSigns joins the characters of a line of a strip to words.
func (r *typeReader) placeSigns(l textLine, signs []ocr.Word, dx, dy int) {
	var w ocr.Word
	for i, s := range signs {
		s.Box.X -= float64(dx)
		s.Box.Y -= float64(dy)
		if i > 0 && s.Box.X-w.Box.X-w.Box.W < 0.35*float64(l.y1-l.y0) {
			w.Text, w.Box = w.Text+s.Text, union(w.Box, s.Box)
			continue
		}
		if i > 0 {
			r.place(l, w.Box.X, w)
		}
		w = s
	}
	if len(signs) > 0 {
		r.place(l, w.Box.X, w)
	}
}
