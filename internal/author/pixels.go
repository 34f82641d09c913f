package author

import (
	"fmt"
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// fromPixels makes a draft out of page images: print is told from paper by a threshold, boxes are
// white areas with straight sides inside black lines, text is read by OCR.
func fromPixels(path string) (Draft, error) {
	pages, err := raster.LoadForm(path, "")
	if err != nil {
		return Draft{}, err
	}
	sheets := make([]Sheet, len(pages))
	for i, p := range pages {
		if sheets[i], err = sheetOf(p); err != nil {
			return Draft{}, fmt.Errorf("%s, page %d: %w", path, i+1, err)
		}
	}
	d := draft(sheets)
	d.From = "pixels"
	return d, nil
}

// sheetOf finds squares, frames, rules and words in the pixels of a page.
func sheetOf(p raster.FormPage) (Sheet, error) {
	s := Sheet{WidthMM: p.WidthMM, HeightMM: p.HeightMM}
	b := newBitmap(p)
	s.Rules = b.rules()
	for _, a := range b.areas() {
		b.sort(a, &s)
	}
	s.Frames = append(s.Frames, ruledFrames(s.Rules)...)
	sortReading(s.Squares)
	words, err := b.words(s.Squares, s.Rules)
	if err != nil {
		return s, err
	}
	s.Words = words
	return s, nil
}

// bitmap is a page in black and white. ink[i] is true where something is printed.
type bitmap struct {
	w, h  int
	ink   []bool
	page  raster.FormPage
	perMM float64
}

// inkBelow is the grey value under which a pixel is print. Half-tones of watermarks are
// lighter; thin lines of 0.15 mm are at 200 dpi as dark as 150.
const inkBelow = 160

func newBitmap(p raster.FormPage) *bitmap {
	y := p.Page.Y
	b := &bitmap{w: y.W, h: y.H, ink: make([]bool, y.W*y.H), page: p, perMM: float64(y.W) / p.WidthMM}
	for j := range y.H {
		for i, v := range y.Row(j) {
			b.ink[j*y.W+i] = v < inkBelow
		}
	}
	return b
}

// area is a connected region of one colour, in pixels.
type area struct {
	x0, y0, x1, y1 int // bounds, x1 and y1 exclusive
	n              int // pixels
	ink            bool
	touchesEdge    bool
}

// areas labels the connected regions (4 neighbours) that may be the inside of a box or a black
// square.
func (b *bitmap) areas() (out []area) {
	seen := make([]bool, len(b.ink))
	most := int(mostSide * b.perMM)
	var stack []int
	for i := range b.ink {
		if seen[i] {
			continue
		}
		a := area{x0: b.w, y0: b.h, ink: b.ink[i]}
		seen[i] = true
		stack = append(stack[:0], i)
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := k%b.w, k/b.w
			a.n++
			a.x0, a.y0, a.x1, a.y1 = min(a.x0, x), min(a.y0, y), max(a.x1, x+1), max(a.y1, y+1)
			for _, o := range [4]int{k - 1, k + 1, k - b.w, k + b.w} {
				if o < 0 || o >= len(b.ink) || o == k-1 && x == 0 || o == k+1 && x == b.w-1 || seen[o] || b.ink[o] != a.ink {
					continue
				}
				seen[o] = true
				stack = append(stack, o)
			}
		}
		if a.x1-a.x0 <= most && a.y1-a.y0 <= most && a.n > 16 {
			out = append(out, a)
		}
	}
	return out
}

// full is the share of its bounds that the region covers.
func (a area) full() float64 { return float64(a.n) / float64((a.x1-a.x0)*(a.y1-a.y0)) }

// leastInside is the least side of the white inside of a box, mm.
const leastInside = 1.7

// sort takes a region for a box, a black example, or nothing.
func (b *bitmap) sort(a area, s *Sheet) {
	in := geom.Box{X: float64(a.x0) / b.perMM, Y: float64(a.y0) / b.perMM, W: float64(a.x1-a.x0) / b.perMM, H: float64(a.y1-a.y0) / b.perMM}
	long, short := math.Max(in.W, in.H), math.Min(in.W, in.H)
	switch {
	case a.full() < 0.93 || short < leastInside || long > 1.2*short:
	case a.ink:
		if boxLike(in) {
			s.addSquare(Square{Box: in, Solid: true})
		}
	default:
		if line, ok := b.frame(a); ok {
			if box := in.Inset(-line); boxLike(box) {
				s.addSquare(Square{Box: box})
			}
		}
	}
}

// frame measures the line around a white region in mm: the thinnest side's, since on the others
// the black may go on into a wider frame. It is no frame unless nearly every pixel along each
// side is print.
func (b *bitmap) frame(a area) (mm float64, ok bool) {
	thinnest := math.MaxInt
	for _, side := range [4][]geom.Point{b.side(a, 0), b.side(a, 1), b.side(a, 2), b.side(a, 3)} {
		w, ok := b.lineWidth(side)
		if !ok {
			return 0, false
		}
		thinnest = min(thinnest, w)
	}
	return float64(thinnest) / b.perMM, true
}

// side lists the pixels just outside a region: 0 above, 1 below, 2 left, 3 right. The last entry
// is the direction outwards.
func (b *bitmap) side(a area, which int) (ps []geom.Point) {
	out := [4]geom.Point{{Y: -1}, {Y: 1}, {X: -1}, {X: 1}}[which]
	if which < 2 {
		y := [2]int{a.y0 - 1, a.y1}[which]
		for x := a.x0 + 1; x < a.x1-1; x++ {
			ps = append(ps, geom.Point{X: float64(x), Y: float64(y)})
		}
	} else {
		x := [2]int{a.x0 - 1, a.x1}[which-2]
		for y := a.y0 + 1; y < a.y1-1; y++ {
			ps = append(ps, geom.Point{X: float64(x), Y: float64(y)})
		}
	}
	return append(ps, out)
}

// lineWidth is the median width in pixels of the line that begins at a side, up to maxLine.
func (b *bitmap) lineWidth(side []geom.Point) (int, bool) {
	out := side[len(side)-1]
	side = side[:len(side)-1]
	var widths []int
	for _, p := range side {
		n := 0
		for ; n < int(maxLine*b.perMM)+2 && b.at(int(p.X+float64(n)*out.X), int(p.Y+float64(n)*out.Y)); n++ {
		}
		if n > 0 {
			widths = append(widths, n)
		}
	}
	if len(side) == 0 || (len(side)-len(widths))*20 > len(side) {
		return 0, false
	}
	slices.Sort(widths)
	return widths[len(widths)/2], true
}

func (b *bitmap) at(x, y int) bool {
	return x >= 0 && y >= 0 && x < b.w && y < b.h && b.ink[y*b.w+x]
}

// words reads the text. Boxes and rules are painted over first: OCR takes them for letters.
func (b *bitmap) words(squares []Square, rules []geom.Box) ([]Word, error) {
	src := b.page.Page.Y
	clean := raster.NewPlane(src.W, src.H)
	for y := range src.H {
		copy(clean.Row(y), src.Row(y))
	}
	blank := func(m geom.Box) {
		m = m.Inset(-0.15)
		for y := max(0, int(m.Y*b.perMM)); y < min(src.H, int((m.Y+m.H)*b.perMM)+1); y++ {
			row := clean.Row(y)
			for x := max(0, int(m.X*b.perMM)); x < min(src.W, int((m.X+m.W)*b.perMM)+1); x++ {
				row[x] = 255
			}
		}
	}
	for _, q := range squares {
		blank(q.Box)
	}
	for _, r := range rules {
		blank(r)
	}
	found, err := ocr.ReadWords(clean, raster.FormDPI)
	if err != nil {
		return nil, err
	}
	words := make([]Word, len(found))
	for i, w := range found {
		m := geom.Box{X: w.Box.X / b.perMM, Y: w.Box.Y / b.perMM, W: w.Box.W / b.perMM, H: w.Box.H / b.perMM}
		words[i] = Word{Text: w.Text, Box: m, SizePt: m.H * ptPerMM * heightToSize}
	}
	return words, nil
}

const (
	ptPerMM = 72 / 25.4
	// heightToSize is the size of a font over the height of a word's print in it: capitals are
	// 0.7 of the size, words with a descender 0.9.
	heightToSize = 1.25
)
