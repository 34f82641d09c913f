package ocr

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// A photographed symbol, or one on paper that does not lie flat, is no parallelogram:
// its dashed sides are looked for from the free ends of the L. What is outside is
// light; just inside, every second module is dark.

// outlined returns the corners (top-left, top-right, bottom-right, bottom-left) that
// an L and its dashed sides make; ok is false where no dashed sides can be seen.
func outlined(p *raster.Plane, l corner) (quad [4]geom.Point, ok bool) {
	top, okTop := dashedSide(p, l.at.Add(l.up), l.right, l.up)
	right, okRight := dashedSide(p, l.at.Add(l.right), l.up, l.right)
	if !okTop || !okRight {
		return quad, false
	}
	d1, d2 := top[1].Sub(top[0]), right[1].Sub(right[0])
	den := cross(d1, d2)
	if math.Abs(den) < 0.3*d1.Norm()*d2.Norm() {
		return quad, false
	}
	far := top[0].Add(d1.Scale(cross(right[0].Sub(top[0]), d2) / den))
	return [4]geom.Point{top[0], far, right[0], l.at}, true
}

// dashedSide looks for the side that starts near from and runs about along; out
// points away from the symbol. It returns two points of the side's line.
func dashedSide(p *raster.Plane, from, along, out geom.Point) (line [2]geom.Point, ok bool) {
	n := out.Scale(1 / out.Norm())
	reach := 0.16 * out.Norm()
	best := 0.0
	for a := -3.0; a <= 3; a++ {
		for b := -reach; b <= reach; b += max(0.75, reach/20) {
			s, e := from.Add(n.Scale(a)), from.Add(along).Add(n.Scale(a+b))
			if v := sideContrast(p, s, e, n); v > best {
				best, line = v, [2]geom.Point{s, e}
			}
		}
	}
	return line, best > minSideContrast
}

// minSideContrast is the least grey by which the outside of a dashed side is lighter
// than its inside: half the contrast of the weakest codes.
const minSideContrast = 6

// sideContrast is how much lighter it is 1.5 pix outside a line than 1.5 pix inside,
// in grey levels. What varies outside is not the quiet zone and counts against it.
func sideContrast(p *raster.Plane, s, e, n geom.Point) float64 {
	const samples = 48
	d := e.Sub(s).Scale(1.0 / samples)
	in, out, dark := 0, 0, 255*256
	q := s.Add(d.Scale(0.5))
	for range samples {
		v := lumaAt(p, q.Add(n.Scale(1.5)))
		out, dark = out+v, min(dark, v)
		in += lumaAt(p, q.Add(n.Scale(-1.5)))
		q = q.Add(d)
	}
	mean := float64(out) / samples
	return (mean - float64(in)/samples - 0.3*(mean-float64(dark))) / 256
}

// textured reports whether the inside of an L is as a symbol's: between a fifth and
// four fifths of it are dark.
func textured(p *raster.Plane, l corner) bool {
	const n = 9
	var v [n * n]int
	lo, hi := math.MaxInt, 0
	for i := range v {
		x, y := (float64(i%n)+0.5)/n, (float64(i/n)+0.5)/n
		v[i] = lumaAt(p, l.at.Add(l.right.Scale(x)).Add(l.up.Scale(y)))
		lo, hi = min(lo, v[i]), max(hi, v[i])
	}
	dark := 0
	for _, g := range v {
		if g < (lo+hi)/2 {
			dark++
		}
	}
	return 5*dark > len(v) && 5*dark < 4*len(v)
}
