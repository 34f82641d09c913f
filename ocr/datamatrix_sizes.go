package ocr

import (
	"cmp"
	"slices"
	"sync"
)

// dmSize is a symbol size in modules, finder included.
type dmSize struct{ rows, cols int }

// dmSymbol is what all symbols of a size have in common. Its data regions are
// regionRows x regionCols modules without their frames.
type dmSymbol struct {
	dmSize
	regionRows, regionCols int
	data, check, blocks    int // codewords, and the Reed-Solomon blocks they are dealt to
}

// dmSymbols are the squares of ECC 200 (ISO 16022) but the largest, whose blocks are
// uneven, all its rectangles, and the further rectangles of DMRE (ISO 21471).
var dmSymbols = func() map[dmSize]dmSymbol {
	table := map[dmSize]dmSymbol{}
	for _, r := range [][6]int{
		// rows, columns, regions across (and down, if square), data, check, blocks
		{10, 10, 1, 3, 5, 1}, {12, 12, 1, 5, 7, 1}, {14, 14, 1, 8, 10, 1}, {16, 16, 1, 12, 12, 1}, {18, 18, 1, 18, 14, 1},
		{20, 20, 1, 22, 18, 1}, {22, 22, 1, 30, 20, 1}, {24, 24, 1, 36, 24, 1}, {26, 26, 1, 44, 28, 1},
		{32, 32, 2, 62, 36, 1}, {36, 36, 2, 86, 42, 1}, {40, 40, 2, 114, 48, 1}, {44, 44, 2, 144, 56, 1}, {48, 48, 2, 174, 68, 1},
		{52, 52, 2, 204, 84, 2}, {64, 64, 4, 280, 112, 2}, {72, 72, 4, 368, 144, 4}, {80, 80, 4, 456, 192, 4}, {88, 88, 4, 576, 224, 4},
		{96, 96, 4, 696, 272, 4}, {104, 104, 4, 816, 336, 6}, {120, 120, 6, 1050, 408, 6}, {132, 132, 6, 1304, 496, 8},
		{8, 18, 1, 5, 7, 1}, {8, 32, 2, 10, 11, 1}, {12, 26, 1, 16, 14, 1}, {12, 36, 2, 22, 18, 1}, {16, 36, 2, 32, 24, 1}, {16, 48, 2, 49, 28, 1},
		{8, 48, 2, 18, 15, 1}, {8, 64, 4, 24, 18, 1}, {8, 80, 4, 32, 22, 1}, {8, 96, 4, 38, 28, 1}, {8, 120, 6, 49, 32, 1}, {8, 144, 6, 63, 36, 1},
		{12, 64, 4, 43, 27, 1}, {12, 88, 4, 64, 36, 1}, {16, 64, 4, 62, 36, 1}, {20, 36, 2, 44, 28, 1}, {20, 44, 2, 56, 34, 1},
		{20, 64, 4, 84, 42, 1}, {22, 48, 2, 72, 38, 1}, {24, 48, 2, 80, 41, 1}, {24, 64, 4, 108, 46, 1}, {26, 40, 2, 70, 38, 1},
		{26, 48, 2, 90, 42, 1}, {26, 64, 4, 118, 50, 1},
	} {
		size, down := dmSize{r[0], r[1]}, 1
		if r[0] == r[1] {
			down = r[2]
		}
		table[size] = dmSymbol{size, r[0]/down - 2, r[1]/r[2] - 2, r[3], r[4], r[5]}
	}
	return table
}()

// dmSizes lists the keys of dmSymbols, small symbols first.
var dmSizes = func() (sizes []dmSize) {
	for s := range dmSymbols {
		sizes = append(sizes, s)
	}
	slices.SortFunc(sizes, func(a, b dmSize) int {
		return cmp.Or(cmp.Compare(a.rows*a.cols, b.rows*b.cols), cmp.Compare(a.rows, b.rows))
	})
	return sizes
}()

// frame returns the module at (x, y) where every symbol of the size has the same:
// each region's own L (left, bottom) and dashes (top, right).
func (s dmSymbol) frame(x, y int) (dark, fixed bool) {
	w, h := s.regionCols+2, s.regionRows+2
	ix, iy := x%w, y%h
	switch {
	case ix == 0 || iy == h-1:
		return true, true
	case iy == 0:
		return ix%2 == 0, true
	case ix == w-1:
		return iy%2 == 1, true
	}
	return false, false
}

// dmPlaces says for every size which bit of which codeword a data module is:
// 8 x codeword + bit, from the most significant; by row and column of the data
// modules alone. -1 is a module no codeword uses, dark; -2 one that is light.
var dmPlaces = func() map[dmSize]func() []int {
	m := map[dmSize]func() []int{}
	for size, s := range dmSymbols {
		rows, cols := s.rows/(s.regionRows+2)*s.regionRows, s.cols/(s.regionCols+2)*s.regionCols
		m[size] = sync.OnceValue(func() []int { return newPlacement(rows, cols) })
	}
	return m
}()

// placement lays codewords over data modules (ISO 16022, annex F).
type placement struct {
	rows, cols int
	at         []int // 1 + 8 x codeword + bit; 0 is free
}

func newPlacement(rows, cols int) []int { //nolint:cyclop // in the order of the standard
	p := placement{rows, cols, make([]int, rows*cols)}
	word, r, c := 0, 4, 0
	put := func(f func(word int)) { f(word); word++ }
	for r < rows || c < cols {
		switch {
		case r == rows && c == 0:
			put(p.corner1)
		case r == rows-2 && c == 0 && cols%4 != 0:
			put(p.corner2)
		case r == rows-2 && c == 0 && cols%8 == 4:
			put(p.corner3)
		case r == rows+4 && c == 2 && cols%8 == 0:
			put(p.corner4)
		}
		for { // up and right
			if r < rows && c >= 0 && p.at[r*cols+c] == 0 {
				put(func(w int) { p.utah(r, c, w) })
			}
			if r, c = r-2, c+2; r < 0 || c >= cols {
				break
			}
		}
		r, c = r+1, c+3
		for { // down and left
			if r >= 0 && c < cols && p.at[r*cols+c] == 0 {
				put(func(w int) { p.utah(r, c, w) })
			}
			if r, c = r+2, c-2; r >= rows || c < 0 {
				break
			}
		}
		r, c = r+3, c+1
	}
	out := make([]int, len(p.at))
	for i, v := range p.at {
		out[i] = v - 1
		if v == 0 && (i/cols+i%cols)%2 != (rows+cols)%2 { // the last 2 x 2 modules: dark on the diagonal
			out[i] = -2
		}
	}
	return out
}

// module places a bit; rows and columns before the first wrap around.
func (p placement) module(r, c, word, bit int) {
	if r < 0 {
		r, c = r+p.rows, c+4-(p.rows+4)%8
	}
	if c < 0 {
		r, c = r+4-(p.cols+4)%8, c+p.cols
	}
	if r >= p.rows {
		r -= p.rows
	}
	p.at[r*p.cols+c] = 1 + 8*word + bit
}

func (p placement) all(word int, at [8][2]int) {
	for bit, q := range at {
		p.module(q[0], q[1], word, bit)
	}
}

func (p placement) utah(r, c, word int) {
	p.all(word, [8][2]int{{r - 2, c - 2}, {r - 2, c - 1}, {r - 1, c - 2}, {r - 1, c - 1}, {r - 1, c}, {r, c - 2}, {r, c - 1}, {r, c}})
}

func (p placement) corner1(word int) {
	m, n := p.rows, p.cols
	p.all(word, [8][2]int{{m - 1, 0}, {m - 1, 1}, {m - 1, 2}, {0, n - 2}, {0, n - 1}, {1, n - 1}, {2, n - 1}, {3, n - 1}})
}

func (p placement) corner2(word int) {
	m, n := p.rows, p.cols
	p.all(word, [8][2]int{{m - 3, 0}, {m - 2, 0}, {m - 1, 0}, {0, n - 4}, {0, n - 3}, {0, n - 2}, {0, n - 1}, {1, n - 1}})
}

func (p placement) corner3(word int) {
	m, n := p.rows, p.cols
	p.all(word, [8][2]int{{m - 3, 0}, {m - 2, 0}, {m - 1, 0}, {0, n - 2}, {0, n - 1}, {1, n - 1}, {2, n - 1}, {3, n - 1}})
}

func (p placement) corner4(word int) {
	m, n := p.rows, p.cols
	p.all(word, [8][2]int{{m - 1, 0}, {m - 1, n - 1}, {0, n - 3}, {0, n - 2}, {0, n - 1}, {1, n - 3}, {1, n - 2}, {1, n - 1}})
}
