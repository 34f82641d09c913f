package author

import (
	"math"
	"slices"
	"strings"

	"scan/internal/geom"
)

// line is a line of text of one text column.
type line struct {
	words []Word
	geom.Box
	size float64 // largest font in points
}

func (l line) text() string {
	parts := make([]string, len(l.words))
	for i, w := range l.words {
		parts[i] = w.Text
	}
	return strings.Join(parts, " ")
}

// gutterMM parts two text columns: no space between two words of a line is as wide.
const gutterMM = 9

// barriers lists what parts text that stands on one line: boxes, whose text is their own, and the
// upright rules of tables.
func barriers(squares []Square, rules []geom.Box) (walls []geom.Box) {
	for _, q := range squares {
		walls = append(walls, q.Box)
	}
	for _, r := range rules {
		if r.W < 1.2 && r.H > leastWall {
			walls = append(walls, r)
		}
	}
	return walls
}

// leastWall is the height of the lowest cell of a table, mm.
const leastWall = 4.0

// blocked reports whether a wall crosses the middle of a gap between two words.
func blocked(gap geom.Box, walls []geom.Box) bool {
	y := gap.Center().Y
	return slices.ContainsFunc(walls, func(w geom.Box) bool {
		return y > w.Y && y < w.Y+w.H && w.X+w.W > gap.X && w.X < gap.X+gap.W
	})
}

// lines joins words that stand beside each other. Words to the right of a wide gap or of a wall
// begin a line of their own.
func lines(words []Word, walls []geom.Box) []line {
	ws := slices.Clone(words)
	slices.SortStableFunc(ws, func(a, b Word) int { return sign(a.X - b.X) })
	var out []line
	for _, w := range ws {
		best := -1
		for i, l := range out {
			last := l.words[len(l.words)-1]
			gap := w.X - last.X - last.W
			if gap > gutterMM || gap < -1.5 {
				continue
			}
			if gap > 0 && blocked(geom.Box{X: last.X + last.W, Y: w.Y, W: gap, H: w.H}, walls) {
				continue
			}
			if sameLine(l.Box, w.Box) && (best < 0 || closer(w, l, out[best])) {
				best = i
			}
		}
		if best < 0 {
			out = append(out, line{words: []Word{w}, Box: w.Box, size: w.SizePt})
			continue
		}
		l := &out[best]
		l.words, l.Box, l.size = append(l.words, w), union(l.Box, w.Box), math.Max(l.size, w.SizePt)
	}
	slices.SortStableFunc(out, func(a, b line) int {
		if d := a.Center().Y - b.Center().Y; math.Abs(d) > 1 {
			return sign(d)
		}
		return sign(a.X - b.X)
	})
	return out
}

// sameLine reports whether a word overlaps a line by half of the lower of both.
func sameLine(l, w geom.Box) bool {
	common := math.Min(l.Y+l.H, w.Y+w.H) - math.Max(l.Y, w.Y)
	return common > 0.5*math.Min(l.H, w.H)
}

func closer(w Word, a, b line) bool {
	return math.Abs(a.Center().Y-w.Center().Y) < math.Abs(b.Center().Y-w.Center().Y)
}
