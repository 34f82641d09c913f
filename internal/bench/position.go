package bench

import "fmt"

// Grid is the number of cells of a page in each direction.
const Grid = 4

// Cell counts the fields of one part of the page.
type Cell struct{ Fields, Plain, Review, Misread int }

// Position tells whether reading is worse in some part of the page.
type Position struct {
	Cells   [Grid][Grid]Cell // by row from the top, then column from the left
	Fields  int              // of known place
	Review  Test
	Misread Test
}

// Test is the most conspicuous cell: how probable so many are, were all cells alike.
type Test struct {
	Row, Column int
	Rate, All   float64 // in that cell, and all over the page
	P           float64 // times the number of cells with fields (Bonferroni); at most 1
}

// StandsOut reports whether a cell is worse than chance makes one of a hundred pages.
// Fields of a sheet fail together, so that a single bad sheet can make a cell stand
// out: look before believing it.
func (t Test) StandsOut() bool { return t.P < 0.01 }

// Where names the cell.
func (t Test) Where() string { return fmt.Sprintf("row %d, column %d", t.Row+1, t.Column+1) }

// PositionOf counts items by their place; those of unknown place are left out.
func PositionOf(items []Item, threshold float64) Position {
	var p Position
	for i := range items {
		it := &items[i]
		if !(it.X >= 0 && it.Y >= 0 && it.X <= 1 && it.Y <= 1) {
			continue
		}
		p.Fields++
		c := &p.Cells[min(int(it.Y*Grid), Grid-1)][min(int(it.X*Grid), Grid-1)]
		c.Fields++
		if !it.Odd {
			c.Plain++
		}
		switch outcome := it.Outcome(threshold); {
		case outcome == Misread:
			c.Misread++
		case outcome == Review && !it.Odd:
			c.Review++
		}
	}
	p.Review = worst(&p.Cells, func(c Cell) (int, int) { return c.Review, c.Plain })
	p.Misread = worst(&p.Cells, func(c Cell) (int, int) { return c.Misread, c.Fields })
	return p
}

// worst finds the cell with the least probable number of events, by the exact binomial
// tail at the rate of the whole page, the cell included, which is a little too kind.
func worst(cells *[Grid][Grid]Cell, of func(Cell) (k, n int)) Test {
	all, events, used := 0, 0, 0
	for _, row := range cells {
		for _, c := range row {
			k, n := of(c)
			events, all = events+k, all+n
			if n > 0 {
				used++
			}
		}
	}
	t := Test{All: share(events, all), P: 1}
	for y, row := range cells {
		for x, c := range row {
			k, n := of(c)
			if p := binomialUpper(k, n, t.All) * float64(used); n > 0 && p < t.P {
				t.Row, t.Column, t.Rate, t.P = y, x, share(k, n), p
			}
		}
	}
	return t
}
