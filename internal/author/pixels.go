package author

import (
	"fmt"
	"math"

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

// frame measures the line around a white region in mm: the median over all sides. It is no
// frame unless nearly every pixel along the sides is print.
func (b *bitmap) frame(a area) (mm float64, ok bool) {
	var widths []int
	misses := 0
	add := func(x, y, dx, dy int) {
		n := 0
		for ; n < int(maxLine*b.perMM)+2 && b.at(x+n*dx, y+n*dy); n++ {
		}
		if n == 0 {
			misses++
			return
		}
		widths = append(widths, n)
	}
	for x := a.x0 + 1; x < a.x1-1; x++ {
		add(x, a.y0-1, 0, -1)
		add(x, a.y1, 0, 1)
	}
	for y := a.y0 + 1; y < a.y1-1; y++ {
		add(a.x0-1, y, -1, 0)
		add(a.x1, y, 1, 0)
	}
	if len(widths) == 0 || misses*20 > len(widths) {
		return 0, false
	}
	// The narrower sides tell: on the others the black may go on into a wider frame.
	return float64(quantile(widths, 0.3)) / b.perMM, true
}

func (b *bitmap) at(x, y int) bool {
	return x >= 0 && y >= 0 && x < b.w && y < b.h && b.ink[y*b.w+x]
}

func quantile(v []int, q float64) int {
	var hist [64]int
	for _, n := range v {
		hist[min(n, 63)]++
	}
	left := int(q * float64(len(v)))
	for n, c := range hist {
		if left -= c; left < 0 {
			return n
		}
	}
	return 0
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
