package author

import (
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// glyph is a connected piece of print that may be a letter.
type glyph struct {
	area
	label int32
}

func (g glyph) width() int  { return g.x1 - g.x0 }
func (g glyph) height() int { return g.y1 - g.y0 }

// textLine is a line of glyphs, in pixels.
type textLine struct {
	area
	glyphs []glyph
	last   []glyph // the last few letters: the line is where they are
}

// The sizes of glyphs, mm. Less than a letter are dots, commas and dashes: they join the line
// they lie in. A 6-pt digit is 1.5 mm high, a title's capital of 24 pt 6 mm.
const (
	letterHeight  = 0.95
	mostGlyph     = 12.0
	leastGlyphPix = 3
)

// words reads the text. Boxes and rules are taken off first: OCR takes them for letters. Lines
// are cut out here and read one by one, since the engine's own search for text loses headings
// beside boxes, and labels.
func (b *bitmap) words(squares []Square, rules []geom.Box) ([]Word, error) {
	labels, glyphs := b.withoutBoxes(squares, rules).glyphs()
	glyphs = slices.DeleteFunc(glyphs, func(g glyph) bool { return b.touches(g, squares) })
	var long, short, values []textLine
	columns, _ := split(squares)
	for _, l := range b.textLines(glyphs, barriers(squares, rules)) {
		switch {
		case b.besideColumn(l, columns):
			values = append(values, l)
		case len(l.glyphs) <= shortLine && float64(l.x1-l.x0) < shortWide*float64(l.y1-l.y0):
			short = append(short, l)
		default:
			long = append(long, l)
		}
	}
	r := typeReader{b: b, labels: labels}
	r.lines(long)
	r.strips(short)
	r.values(values)
	return r.words, r.err
}

// touches reports whether a glyph is a piece of a box's frame.
func (b *bitmap) touches(g glyph, squares []Square) bool {
	m := b.mm(g.area)
	return slices.ContainsFunc(squares, func(q Square) bool {
		return q.Inset(-touchMM).Intersect(m).Area() > 0
	})
}

// touchMM is how near print must be to a box to be part of its frame.
const touchMM = 0.35

// besideColumn reports whether a line is a number beside a corrector's column.
func (b *bitmap) besideColumn(l textLine, columns []column) bool {
	m := b.mm(l.area)
	if m.W > 5 || len(l.glyphs) > 4 {
		return false
	}
	return slices.ContainsFunc(columns, func(c column) bool {
		return m.Center().Y > c.box.Y && m.Center().Y < c.box.Y+c.box.H && nearColumn(m, c.box, c.box)
	})
}

// withoutBoxes returns the bitmap with boxes and rules painted white.
func (b *bitmap) withoutBoxes(squares []Square, rules []geom.Box) *bitmap {
	c := *b
	c.ink = slices.Clone(b.ink)
	for _, q := range squares {
		c.blank(q.Box)
	}
	for _, r := range rules {
		c.blank(r)
	}
	return &c
}

func (b *bitmap) blank(m geom.Box) {
	m = m.Inset(-0.15)
	for y := max(0, int(m.Y*b.perMM)); y < min(b.h, int((m.Y+m.H)*b.perMM)+1); y++ {
		for x := max(0, int(m.X*b.perMM)); x < min(b.w, int((m.X+m.W)*b.perMM)+1); x++ {
			b.ink[y*b.w+x] = false
		}
	}
}

// glyphs labels the pieces of print (8 neighbours); labels[i] is 0 on paper.
func (b *bitmap) glyphs() (labels []int32, out []glyph) {
	labels = make([]int32, len(b.ink))
	var stack []int
	n := int32(0)
	for i, v := range b.ink {
		if !v || labels[i] != 0 {
			continue
		}
		n++
		a := area{x0: b.w, y0: b.h, ink: true}
		labels[i] = n
		for stack = append(stack[:0], i); len(stack) > 0; {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := k%b.w, k/b.w
			a.n++
			a.x0, a.y0, a.x1, a.y1 = min(a.x0, x), min(a.y0, y), max(a.x1, x+1), max(a.y1, y+1)
			for v := max(y-1, 0); v <= min(y+1, b.h-1); v++ {
				for u := max(x-1, 0); u <= min(x+1, b.w-1); u++ {
					if o := v*b.w + u; b.ink[o] && labels[o] == 0 {
						labels[o] = n
						stack = append(stack, o)
					}
				}
			}
		}
		if most := int(mostGlyph * b.perMM); a.n >= leastGlyphPix && a.x1-a.x0 <= 2*most && a.y1-a.y0 <= most {
			out = append(out, glyph{a, n})
		}
	}
	return labels, out
}

// textLines joins letters that stand beside each other, with no gap as wide as between two text
// columns.
func (b *bitmap) textLines(glyphs []glyph, walls []geom.Box) []textLine {
	least := int(letterHeight * b.perMM)
	var letters, small []glyph
	for _, g := range glyphs {
		if g.height() >= least {
			letters = append(letters, g)
		} else {
			small = append(small, g)
		}
	}
	slices.SortStableFunc(letters, func(a, b glyph) int { return a.x0 - b.x0 })
	var lines []textLine
	for _, g := range letters {
		if k := b.lineOf(g, lines, walls); k >= 0 {
			lines[k].add(g)
			continue
		}
		lines = append(lines, textLine{area: g.area, glyphs: []glyph{g}, last: []glyph{g}})
	}
	for _, g := range small {
		b.joinSmall(g, lines)
	}
	return lines
}

func (l *textLine) add(g glyph) {
	l.x0, l.y0, l.x1, l.y1 = min(l.x0, g.x0), min(l.y0, g.y0), max(l.x1, g.x1), max(l.y1, g.y1)
	l.glyphs = append(l.glyphs, g)
	if l.last = append(l.last, g); len(l.last) > 6 {
		l.last = l.last[1:]
	}
}

// band is where the last letters of a line stand: their median top and bottom.
func (l *textLine) band() (top, bottom int) {
	var tops, bottoms []int
	for _, g := range l.last {
		tops, bottoms = append(tops, g.y0), append(bottoms, g.y1)
	}
	slices.Sort(tops)
	slices.Sort(bottoms)
	return tops[len(tops)/2], bottoms[len(bottoms)/2]
}

// lineOf finds the line that a letter continues, -1 if none.
func (b *bitmap) lineOf(g glyph, lines []textLine, walls []geom.Box) int {
	best, bestShare := -1, 0.4
	for i := range lines {
		l := &lines[i]
		if gap := float64(g.x0-l.x1) / b.perMM; gap > gutterMM {
			continue
		}
		top, bottom := l.band()
		common := float64(min(bottom, g.y1) - max(top, g.y0))
		if share := common / float64(min(bottom-top, g.height())); share > bestShare && !b.wallBetween(l.area, g, walls) {
			best, bestShare = i, share
		}
	}
	return best
}

// wallBetween reports whether a box or an upright rule stands between a line's end and a letter.
func (b *bitmap) wallBetween(l area, g glyph, walls []geom.Box) bool {
	if g.x0 <= l.x1 {
		return false
	}
	return blocked(b.mm(area{x0: l.x1, x1: g.x0, y0: g.y0, y1: g.y1}), walls)
}

// joinSmall gives a dot or a comma to the line it lies in, or nearest to.
func (b *bitmap) joinSmall(g glyph, lines []textLine) {
	best, bestD := -1, int(0.9*b.perMM)
	dx := int(1.5 * b.perMM)
	x, y := (g.x0+g.x1)/2, (g.y0+g.y1)/2
	for i := range lines {
		l := &lines[i]
		if d := max(l.y0-y, y-l.y1, 0); x > l.x0-dx && x < l.x1+dx && d < bestD {
			best, bestD = i, d
		}
	}
	if best >= 0 {
		lines[best].glyphs = append(lines[best].glyphs, g)
	}
}

// marginPix is the white that is left around a line.
const marginPix = 12

// crop cuts a line out, without what lies between its letters.
func (b *bitmap) crop(l textLine, labels []int32) *raster.Plane {
	own := map[int32]bool{}
	x0, y0, x1, y1 := l.x0, l.y0, l.x1, l.y1
	for _, g := range l.glyphs {
		own[g.label] = true
		x0, y0, x1, y1 = min(x0, g.x0), min(y0, g.y0), max(x1, g.x1), max(y1, g.y1)
	}
	x0, y0, x1, y1 = x0-marginPix, y0-marginPix, x1+marginPix, y1+marginPix
	p := raster.NewPlane(x1-x0, y1-y0)
	for y := range p.H {
		row := p.Row(y)
		for x := range row {
			row[x] = 255
			if b.touchesOwn(x+x0, y+y0, labels, own) {
				row[x] = b.grey.At(x+x0, y+y0)
			}
		}
	}
	return p
}

// touchesOwn reports whether a pixel is of a line's letters or beside one.
func (b *bitmap) touchesOwn(x, y int, labels []int32, own map[int32]bool) bool {
	for v := max(y-2, 0); v <= min(y+2, b.h-1); v++ {
		for u := max(x-2, 0); u <= min(x+2, b.w-1); u++ {
			if k := labels[v*b.w+u]; k != 0 && own[k] {
				return x >= 0 && y >= 0 && x < b.w && y < b.h
			}
		}
	}
	return false
}

func (l *textLine) left() int {
	x := l.x0
	for _, g := range l.glyphs {
		x = min(x, g.x0)
	}
	return x
}

func (l *textLine) top() int {
	y := l.y0
	for _, g := range l.glyphs {
		y = min(y, g.y0)
	}
	return y
}
