package author

import (
	"math"

	"scan/internal/geom"
)

// Squared paper has lines of 25 mm and more, at least gridLines each way within gridReach mm of
// any of its squares. A table of answers has some level lines, but not as many upright ones.
const (
	gridLong  = 20.0
	gridReach = 22.0
	gridLines = 4
)

// onGrid reports whether a square is one of squared paper: long rules run along its own sides,
// and more beside them, both ways.
func onGrid(q geom.Box, rules []geom.Box) bool {
	across, down, sides := 0, 0, 0
	c := q.Center()
	for _, r := range rules {
		switch {
		case r.W >= gridLong && r.H < 1 && c.X > r.X-1 && c.X < r.X+r.W+1 && math.Abs(r.Center().Y-c.Y) < gridReach:
			across++
			if d := math.Abs(r.Center().Y - c.Y); math.Abs(d-q.H/2) < 0.6 {
				sides++
			}
		case r.H >= gridLong && r.W < 1 && c.Y > r.Y-1 && c.Y < r.Y+r.H+1 && math.Abs(r.Center().X-c.X) < gridReach:
			down++
			if d := math.Abs(r.Center().X - c.X); math.Abs(d-q.W/2) < 0.6 {
				sides++
			}
		}
	}
	return sides >= 2 && across >= gridLines && down >= gridLines
}

// dropSquaredPaper takes out squares of squared paper, where writing may have broken its lines:
// what is left of these stands at whole multiples of the square's side, both ways.
func dropSquaredPaper(squares []Square, rules []geom.Box) (kept []Square) {
	for _, q := range squares {
		if !inLattice(q.Box, rules) {
			kept = append(kept, q)
		}
	}
	return kept
}

// latticeReach is how many squares away lines are looked for.
const latticeReach = 3

// inLattice reports whether rules stand on either side of a square at multiples of its side: two
// more than its own each way. A table of answers has its own two upright ones and one more.
func inLattice(q geom.Box, rules []geom.Box) bool {
	across, down := map[int]bool{}, map[int]bool{}
	c := q.Center()
	for _, r := range rules {
		if r.W > r.H {
			if r.X < c.X+2*q.W && r.X+r.W > c.X-2*q.W {
				addMultiple(across, r.Center().Y-(c.Y-q.H/2), q.H)
			}
		} else if r.Y < c.Y+2*q.H && r.Y+r.H > c.Y-2*q.H {
			addMultiple(down, r.Center().X-(c.X-q.W/2), q.W)
		}
	}
	return len(across) >= gridLines && len(down) >= gridLines
}

// addMultiple notes which multiple of side d is, if it is one.
func addMultiple(seen map[int]bool, d, side float64) {
	side -= gridLineMM
	k := math.Round(d / side)
	if math.Abs(k) <= latticeReach && math.Abs(d-k*side) < 0.4 {
		seen[int(k)] = true
	}
}

// gridLineMM is the width of a line of squared paper: outlines are measured over both.
const gridLineMM = 0.15
