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
