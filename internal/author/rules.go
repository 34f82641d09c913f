package author

import (
	"math"
	"slices"

	"scan/internal/geom"
)

// leastRule is the shortest line that is taken for a rule, mm: longer than a letter's stroke of
// a title, shorter than the side of a table's cell.
const leastRule = 6.0

// rules finds straight lines along the axes: long runs of ink that are thin across.
func (b *bitmap) rules() (out []geom.Box) {
	least := int(leastRule * b.perMM)
	thin := int(1.2 * b.perMM)
	pale := *b
	pale.ink = b.below(paleBelow)
	for _, r := range append(pale.runs(least, thin, true), pale.runs(least, thin, false)...) {
		out = append(out, b.mm(r))
	}
	return out
}

// paleBelow is the grey value under which a pixel may belong to a rule: frames of sticker fields
// and squared paper are printed in grey. It takes more for a rule to be one than a dark pixel.
const paleBelow = 215

// runs collects runs of ink along rows (or columns), joins those of neighbouring lines, and keeps
// what is thin.
func (b *bitmap) runs(least, thin int, rows bool) (out []area) {
	lines, length := b.h, b.w
	if !rows {
		lines, length = b.w, b.h
	}
	ink := func(line, i int) bool {
		if rows {
			return b.ink[line*b.w+i]
		}
		return b.ink[i*b.w+line]
	}
	var open []area // x along the run, y across
	for line := range lines {
		for i := 0; i < length; i++ {
			if !ink(line, i) {
				continue
			}
			start, gap := i, 0
			end := i
			for ; i < length && gap < 3; i++ { // a pixel or two may be missing
				if ink(line, i) {
					end, gap = i+1, 0
				} else {
					gap++
				}
			}
			if end-start < least {
				continue
			}
			k := slices.IndexFunc(open, func(a area) bool {
				return a.y1 == line && min(a.x1, end)-max(a.x0, start) > (end-start)/2
			})
			if k < 0 {
				open = append(open, area{x0: start, x1: end, y0: line, y1: line + 1})
				continue
			}
			open[k].x0, open[k].x1, open[k].y1 = min(open[k].x0, start), max(open[k].x1, end), line+1
		}
	}
	for _, a := range open {
		if a.y1-a.y0 > thin {
			continue
		}
		if !rows {
			a = area{x0: a.y0, x1: a.y1, y0: a.x0, y1: a.x1}
		}
		out = append(out, a)
	}
	return out
}

// ruledFrames finds rectangles that four rules enclose, none of them crossing it: cells of tables,
// sticker fields.
func ruledFrames(rules []geom.Box) (frames []geom.Box) {
	var across, down []geom.Box
	for _, r := range rules {
		if r.W > r.H {
			across = append(across, r)
		} else {
			down = append(down, r)
		}
	}
	slices.SortStableFunc(down, func(a, b geom.Box) int { return sign(a.X - b.X) })
	slices.SortStableFunc(across, func(a, b geom.Box) int { return sign(a.Y - b.Y) })
	for i, l := range down {
		for _, r := range down[i+1:] {
			top, bottom := math.Max(l.Y, r.Y), math.Min(l.Y+l.H, r.Y+r.H)
			if r.X-l.X < doubleLine || bottom-top < cellLeastH-1 {
				continue
			}
			if r.X-l.X < cellLeastW {
				break // squared paper, or a narrow cell
			}
			frames = append(frames, between(l, r, top, bottom, across)...)
			break
		}
	}
	return frames
}

// doubleLine is how far apart the two lines of one frame are at most, mm.
const doubleLine = 1.5

// between cuts the space between two upright rules at the level rules that span it. A frame ends in
// the middle of its line: cells of a table share their lines.
func between(l, r geom.Box, top, bottom float64, across []geom.Box) (frames []geom.Box) {
	last := math.NaN()
	for _, a := range across {
		if a.Y < top-1.2 || a.Y > bottom+1.2 || a.X > l.X+1 || a.X+a.W < r.X+r.W-1 {
			continue
		}
		if !math.IsNaN(last) && a.Center().Y-last > cellLeastH-1 {
			frames = append(frames, geom.Box{X: l.Center().X, Y: last, W: r.Center().X - l.Center().X, H: a.Center().Y - last})
		}
		last = a.Center().Y
	}
	return frames
}
