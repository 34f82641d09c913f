package detect

import "math"

// inkFeatures are measures of the ink in and around a box. Shares are of free pixels,
// lengths in mm.
type inkFeatures struct {
	Free      float64    // share of the box's inside that print leaves free
	Fill      float64    // share of the free inside that is ink
	Solid     float64    // the same, for pixels at least half as dark as the ink's level
	Mean      float64    // mean darkness of the free inside
	Level     float64    // darkness of the ink: its 80th percentile
	Hole      float64    // radius of the largest empty disc inside
	Thick     float64    // half width of the thickest stroke inside
	Cells     [9]float64 // share of ink in the 3 x 3 parts of the inside
	Ring      [4]float64 // share of ink in the ring: left, right, top, bottom
	Diag      float64    // share of stroke direction along the two diagonals
	DiagMin   float64    // share of the rarer diagonal
	SpanX     float64    // extent of ink inside, share of the inside's width
	SpanY     float64
	FillCore  float64 // share of ink in the middle ninth
	RingTotal float64 // mean of Ring
}

// measureInk computes the features of a patch.
func measureInk(p *inkPatch) inkFeatures {
	var f inkFeatures
	x0, y0, x1, y1 := p.inside()
	if x1-x0 < 4 || y1-y0 < 4 {
		return f
	}
	t := p.threshold()
	f.Level = p.level(x0, y0, x1, y1, t)
	p.shares(&f, x0, y0, x1, y1, t)
	p.strokes(&f, x0, y0, x1, y1, t)
	p.directions(&f, x0, y0, x1, y1)
	p.ring(&f, t)
	return f
}

// inside is the pixel rectangle within the frame: each side of the box moved in, by a
// third at most, to the first line that is mostly free of print. What is printed in the
// middle (a letter) does not end it.
func (p *inkPatch) inside() (x0, y0, x1, y1 int) {
	x0, y0, x1, y1 = p.window(p.box)
	w, h := x1-x0, y1-y0
	col := func(x int) bool { return p.freeShare(x, y0+h/4, x+1, y1-h/4) > 0.5 }
	row := func(y int) bool { return p.freeShare(x0+w/4, y, x1-w/4, y+1) > 0.5 }
	return firstFree(x0, 1, w/3, col), firstFree(y0, 1, h/3, row),
		firstFree(x1-1, -1, w/3, col) + 1, firstFree(y1-1, -1, h/3, row) + 1
}

// firstFree steps from a line of the frame inwards until free holds, n steps at most.
func firstFree(from, step, n int, free func(int) bool) int {
	k := from
	for range n {
		if free(k) {
			return k
		}
		k += step
	}
	return k
}

func (p *inkPatch) freeShare(x0, y0, x1, y1 int) float64 {
	n, all := 0, 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			all++
			if p.free[y*p.w+x] {
				n++
			}
		}
	}
	return float64(n) / float64(max(all, 1))
}

// level returns the 80th percentile of ink darker than t, 0 where there is none.
func (p *inkPatch) level(x0, y0, x1, y1 int, t float32) float64 {
	var hist [256]int
	n := 0
	for y := y0; y < y1; y++ {
		for _, v := range p.ink[y*p.w+x0 : y*p.w+x1] {
			if v > t {
				hist[min(int(v*200), 255)]++
				n++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return float64(percentile(&hist, 0.8)) / 200
}

// shares fills in the counts over the inside.
func (p *inkPatch) shares(f *inkFeatures, x0, y0, x1, y1 int, t float32) {
	half := max(t, float32(f.Level)/2)
	var free, ink, solid, sum float64
	var cell, cellFree [9]float64
	ax, bx, ay, by := x1, x0, y1, y0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			i := y*p.w + x
			if !p.free[i] {
				continue
			}
			c := 3*(3*(y-y0)/(y1-y0)) + 3*(x-x0)/(x1-x0)
			free++
			cellFree[c]++
			v := p.ink[i]
			sum += float64(v)
			if v > t {
				ink++
			}
			if v > half {
				solid++
				cell[c]++
				ax, bx, ay, by = min(ax, x), max(bx, x+1), min(ay, y), max(by, y+1)
			}
		}
	}
	f.Free = free / float64((x1-x0)*(y1-y0))
	free = math.Max(free, 1)
	f.Fill, f.Solid, f.Mean = ink/free, solid/free, sum/free
	for c := range cell {
		f.Cells[c] = cell[c] / math.Max(cellFree[c], 1)
	}
	f.FillCore = f.Cells[4]
	f.SpanX = math.Max(0, float64(bx-ax)) / float64(x1-x0)
	f.SpanY = math.Max(0, float64(by-ay)) / float64(y1-y0)
}

// strokes measures the largest hole and the thickest stroke by a chamfer distance
// transform (weights 3 and 4: Borgefors, 1986).
func (p *inkPatch) strokes(f *inkFeatures, x0, y0, x1, y1 int, t float32) {
	half := max(t, float32(f.Level)/2)
	w, h := x1-x0, y1-y0
	hole, ink := make([]uint8, w*h), make([]uint8, w*h)
	for y := range h {
		for x := range w {
			i := (y+y0)*p.w + x + x0
			if p.ink[i] > half {
				ink[y*w+x] = 255
			} else if p.free[i] {
				hole[y*w+x] = 255
			}
		}
	}
	f.Hole = float64(chamfer(hole, w, h)) / 3 / markPxPerMM
	f.Thick = float64(chamfer(ink, w, h)) / 3 / markPxPerMM
}

// chamfer replaces non-zero pixels by three times their distance to a zero pixel or
// to the border and returns the largest.
func chamfer(d []uint8, w, h int) uint8 {
	at := func(x, y int) int {
		if x < 0 || y < 0 || x >= w || y >= h {
			return 0
		}
		return int(d[y*w+x])
	}
	for y := range h {
		for x := range w {
			if d[y*w+x] != 0 {
				d[y*w+x] = uint8(min(at(x-1, y)+3, at(x, y-1)+3, at(x-1, y-1)+4, at(x+1, y-1)+4, 255))
			}
		}
	}
	best := 0
	for y := h - 1; y >= 0; y-- {
		for x := w - 1; x >= 0; x-- {
			if d[y*w+x] != 0 {
				v := min(int(d[y*w+x]), at(x+1, y)+3, at(x, y+1)+3, at(x+1, y+1)+4, at(x-1, y+1)+4)
				d[y*w+x] = uint8(v)
				best = max(best, v)
			}
		}
	}
	return uint8(best)
}

// directions sums gradient energy by stroke direction: a cross has much along both
// diagonals.
func (p *inkPatch) directions(f *inkFeatures, x0, y0, x1, y1 int) {
	var e [4]float64 // strokes along: horizontal, falling, vertical, rising
	for y := y0 + 1; y < y1-1; y++ {
		for x := x0 + 1; x < x1-1; x++ {
			i := y*p.w + x
			if !p.free[i-1] || !p.free[i+1] || !p.free[i-p.w] || !p.free[i+p.w] {
				continue
			}
			gx, gy := float64(p.ink[i+1]-p.ink[i-1]), float64(p.ink[i+p.w]-p.ink[i-p.w])
			m := gx*gx + gy*gy
			if m < 0.01 {
				continue
			}
			a := math.Atan2(gx, -gy) // direction of the stroke, y down
			k := int(math.Floor(a/(math.Pi/4)+0.5)+8) % 4
			e[k] += m
		}
	}
	if all := e[0] + e[1] + e[2] + e[3]; all > 0.5 {
		f.Diag = (e[1] + e[3]) / all
		f.DiagMin = math.Min(e[1], e[3]) / all
	}
}

// ring measures ink outside the box by side.
func (p *inkPatch) ring(f *inkFeatures, t float32) {
	x0, y0, x1, y1 := p.window(p.box)
	f.Ring[0] = p.inkShare(0, 0, x0, p.h, t)
	f.Ring[1] = p.inkShare(x1, 0, p.w, p.h, t)
	f.Ring[2] = p.inkShare(x0, 0, x1, y0, t)
	f.Ring[3] = p.inkShare(x0, y1, x1, p.h, t)
	for _, v := range f.Ring {
		f.RingTotal += v / 4
	}
}

func (p *inkPatch) inkShare(x0, y0, x1, y1 int, t float32) float64 {
	n, free := 0, 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if p.free[y*p.w+x] {
				free++
				if p.ink[y*p.w+x] > t {
					n++
				}
			}
		}
	}
	return float64(n) / float64(max(free, 1))
}
