package author

import (
	"math"
	"slices"

	"scan/internal/geom"
)

// column is a stack of squares that a corrector marks: one a value.
type column struct {
	cells []Square // top to bottom
	box   geom.Box
}

// shareMM is how far apart the frames of two cells of one column may be, and how much they may
// overlap is up to half a cell: cells share their frames.
const shareMM = 0.6

// split sorts the squares of a page into stacks and those that stand alone.
func split(squares []Square) (columns []column, alone []Square) {
	used := make([]bool, len(squares))
	for i, q := range squares {
		if used[i] {
			continue
		}
		stack := []int{i}
		for {
			next := below(squares, used, squares[stack[len(stack)-1]])
			if next < 0 {
				break
			}
			stack = append(stack, next)
			used[next] = true
		}
		if len(stack) < 2 {
			alone = append(alone, q)
			continue
		}
		used[i] = true
		c := column{box: q.Box}
		for _, k := range stack {
			c.cells = append(c.cells, squares[k])
			c.box = union(c.box, squares[k].Box)
		}
		columns = append(columns, c)
	}
	return columns, alone
}

// gridColumns is how many columns of touching squares make squared paper: two correctors have
// two, a grid to draw on has dozens.
const gridColumns = 3

// withoutGrids takes out squared paper: squares that touch each other in three columns or more.
func withoutGrids(squares []Square) (kept, grid []Square) {
	group := make([]int, len(squares))
	for i := range group {
		group[i] = -1
	}
	for i := range squares {
		if group[i] >= 0 {
			continue
		}
		members := touching(squares, group, i)
		if columnsOf(squares, members) < gridColumns {
			continue
		}
		for _, k := range members {
			grid = append(grid, squares[k])
			group[k] = len(squares) // marks it as taken out
		}
	}
	for i, q := range squares {
		if group[i] != len(squares) {
			kept = append(kept, q)
		}
	}
	return kept, grid
}

// touching collects the squares connected to one by shared frames.
func touching(squares []Square, group []int, first int) (members []int) {
	group[first] = first
	for queue := []int{first}; len(queue) > 0; queue = queue[1:] {
		at := squares[queue[0]].Inset(-shareMM / 2)
		members = append(members, queue[0])
		for k, o := range squares {
			if group[k] < 0 && at.Intersect(o.Inset(-shareMM/2)).Area() > 0 {
				group[k] = first
				queue = append(queue, k)
			}
		}
	}
	return members
}

func columnsOf(squares []Square, members []int) int {
	var xs []float64
	for _, k := range members {
		if !slices.ContainsFunc(xs, func(x float64) bool { return math.Abs(x-squares[k].X) < 1 }) {
			xs = append(xs, squares[k].X)
		}
	}
	return len(xs)
}

// below finds the square whose frame touches the lower side of q, -1 if there is none.
func below(squares []Square, used []bool, q Square) int {
	for k, o := range squares {
		gap := o.Y - (q.Y + q.H)
		if !used[k] && o.Y > q.Y+0.4*q.H && gap < shareMM && math.Abs(o.X-q.X) < 0.4 && math.Abs(o.W-q.W) < 0.5 {
			return k
		}
	}
	return -1
}

func union(a, b geom.Box) geom.Box {
	x, y := math.Min(a.X, b.X), math.Min(a.Y, b.Y)
	return geom.Box{X: x, Y: y, W: math.Max(a.X+a.W, b.X+b.W) - x, H: math.Max(a.Y+a.H, b.Y+b.H) - y}
}

// pair joins columns of equal height that stand side by side: the first and the second
// corrector's.
func pair(columns []column) [][]column {
	slices.SortStableFunc(columns, func(a, b column) int {
		if d := a.box.Y - b.box.Y; math.Abs(d) > 1 {
			return sign(d)
		}
		return sign(a.box.X - b.box.X)
	})
	var out [][]column
	for _, c := range columns {
		if k := len(out) - 1; k >= 0 && len(out[k]) == 1 {
			first := out[k][0]
			a, b := first.cells[0], c.cells[0] // a column of a skewed scan leans
			gap := b.X - a.X - a.W
			if math.Abs(b.Y-a.Y) < 1 && len(c.cells) == len(first.cells) && gap > -1 && gap < 3 {
				out[k] = append(out[k], c)
				continue
			}
		}
		out = append(out, []column{c})
	}
	return out
}

func sign(d float64) int {
	switch {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}
