package author

import (
	"fmt"
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Printed tells whether the form prints a frame where a box is said to be; it returns what is
// wrong, "" if nothing is. A box that lies beside its print is read there: on white paper.
func Printed(form []raster.FormPage) func(page int, box geom.Box) string {
	maps := make([]*bitmap, len(form))
	return func(page int, box geom.Box) string {
		if page < 1 || page > len(form) {
			return "" // said elsewhere
		}
		if maps[page-1] == nil {
			p := form[page-1]
			maps[page-1] = newBitmap(p.Page.Y, float64(p.Page.W())/p.WidthMM)
		}
		b := maps[page-1]
		if b.framed(box) >= leastFramed {
			return ""
		}
		if to, ok := b.nearest(box); ok {
			return fmt.Sprintf("the form prints no frame there, but one at [%.2f, %.2f]; move the box", to.X, to.Y)
		}
		return "the form prints no frame there; correct the box, or the page"
	}
}

// leastFramed is the share of a box's outline that must be print. Dotted frames have half; text
// running through an empty place has less than a third.
const leastFramed = 0.45

// framed is the share of the outline of a box where print lies within 0.35 mm of it, of its
// worst side.
func (b *bitmap) framed(box geom.Box) float64 {
	reach := int(math.Ceil(0.35 * b.perMM))
	x0, y0 := int(box.X*b.perMM), int(box.Y*b.perMM)
	x1, y1 := int((box.X+box.W)*b.perMM), int((box.Y+box.H)*b.perMM)
	near := func(x, y, dx, dy int) bool {
		for k := -reach; k <= reach; k++ {
			if b.at(x+k*dx, y+k*dy) {
				return true
			}
		}
		return false
	}
	share := func(n int, hit func(i int) bool) float64 {
		count := 0
		for i := range n {
			if hit(i) {
				count++
			}
		}
		return float64(count) / math.Max(1, float64(n))
	}
	return min(
		share(x1-x0, func(i int) bool { return near(x0+i, y0, 0, 1) }),
		share(x1-x0, func(i int) bool { return near(x0+i, y1, 0, 1) }),
		share(y1-y0, func(i int) bool { return near(x0, y0+i, 1, 0) }),
		share(y1-y0, func(i int) bool { return near(x1, y0+i, 1, 0) }))
}

// nearest looks for the nearest frame within 6 mm that has the box's size: the middle of all
// places at which it fits.
func (b *bitmap) nearest(box geom.Box) (to geom.Box, ok bool) {
	const reach, step = 6.0, 0.2
	var fits []geom.Point
	best := geom.Point{X: math.Inf(1)}
	for dy := -reach; dy <= reach; dy += step {
		for dx := -reach; dx <= reach; dx += step {
			d := geom.Point{X: dx, Y: dy}
			if b.framed(box.Shift(d)) > 0.9 {
				fits = append(fits, d)
				if d.Norm() < best.Norm() {
					best = d
				}
			}
		}
	}
	sum, n := geom.Point{}, 0.0
	for _, d := range fits {
		if d.Sub(best).Norm() < 1 {
			sum, n = sum.Add(d), n+1
		}
	}
	if n == 0 {
		return to, false
	}
	return box.Shift(sum.Scale(1 / n)), true
}
