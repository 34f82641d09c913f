package ocr

import (
	"scan/internal/geom"
	"scan/internal/raster"
)

// A speck on a sheet-fed scanner's glass draws a line along the whole page. Through a
// score field it reads as a 1. What tells it from writing: it goes on, straight and in
// the same place, above the field and below it.

// Strips that show whether a line goes on: streakFar beyond the field's margin,
// streakHigh high. Both in mm.
const (
	streakFar  = 0.5
	streakHigh = 2.5
)

// Limits of a streak in pixels of the field. A line is darker than what lies
// streakSide to its left and right by streakStep in streakShare of its rows: a stroke of
// writing that reached through all three strips at one slope would pass as well.
const (
	streakSide  = 4
	streakLean  = 9 // sideways from one strip to the other: 2 degrees and the feed's wander
	streakStep  = 0.03
	streakShare = 0.85
)

// dropStreaks lightens scanner streaks to what lies beside them.
func (f *field) dropStreaks(v raster.View, area geom.Box) {
	top := darkStrip(v, geom.Box{X: area.X, Y: area.Y - streakFar - streakHigh, W: area.W, H: streakHigh})
	bottom := darkStrip(v, geom.Box{X: area.X, Y: area.Y + area.H + streakFar, W: area.W, H: streakHigh})
	from, to := top.lines(), bottom.lines()
	gap := streakFar + streakHigh/2
	for _, x0 := range from {
		for _, x1 := range to {
			if abs(x1-x0) > streakLean {
				continue
			}
			lean := float64(x1-x0) / ((area.H + 2*gap) * cellPxPerMM)
			s := straight{float64(x0) + lean*gap*cellPxPerMM, lean}
			if (shade{f.w, f.h, f.dark}).share(s) >= streakShare {
				lighten(shade{f.w, f.h, f.dark}, s)
				lighten(shade{f.w, f.h, f.luma}, s)
			}
		}
	}
}

// straight is a steep line: x at the top row, and its change from row to row.
type straight struct{ x, lean float64 }

func (s straight) at(y int) int { return int(s.x + s.lean*(float64(y)+0.5) + 0.5) }

// shade is darkness row by row.
type shade struct {
	w, h int
	dark []float32
}

func darkStrip(v raster.View, box geom.Box) shade {
	p := v.Sample(box, cellPxPerMM)
	if p.Outside > 0 {
		return shade{}
	}
	return shade{p.Y.W, p.Y.H, darkness(p, make([]bool, len(p.Y.Pix)))}
}

// over reports that a pixel or its neighbour is darker than both sides.
func (s shade) over(x, y int) bool {
	if x < streakSide+1 || x >= s.w-streakSide-1 {
		return false
	}
	row := s.dark[y*s.w : (y+1)*s.w]
	beside := max(row[x-streakSide], row[x+streakSide])
	return max(row[x-1], row[x], row[x+1]) > beside+streakStep
}

// share is the share of rows in which a line is darker than what lies beside it, or as
// dark because writing or print crosses it.
func (s shade) share(l straight) float64 {
	n := 0
	for y := range s.h {
		x := l.at(y)
		if s.over(x, y) || x >= 0 && x < s.w && s.dark[y*s.w+x] > 0.25 {
			n++
		}
	}
	return float64(n) / float64(max(s.h, 1))
}

// lines lists the places of vertical lines in a strip, where they are darkest.
func (s shade) lines() (out []int) {
	best, last := 0.0, -9
	for x := range s.w {
		n, sum := 0, 0.0
		for y := range s.h {
			if s.over(x, y) {
				n++
			}
			sum += float64(s.dark[y*s.w+x])
		}
		if float64(n) < streakShare*float64(s.h) || s.h == 0 {
			continue
		}
		switch {
		case x-last > 3:
			out, best = append(out, x), sum
		case sum > best:
			out[len(out)-1], best = x, sum
		}
		last = x
	}
	return out
}

// lighten takes a line off: what is darker than both sides becomes the darker of them.
func lighten(f shade, s straight) {
	for y := range f.h {
		x := s.at(y)
		for u := max(x-2, 0); u <= min(x+2, f.w-1); u++ {
			side := max(f.dark[y*f.w+max(x-streakSide, 0)], f.dark[y*f.w+min(x+streakSide, f.w-1)])
			f.dark[y*f.w+u] = min(f.dark[y*f.w+u], side)
		}
	}
}
