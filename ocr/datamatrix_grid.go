package ocr

import (
	"cmp"
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// grid is a symbol laid over a plane: the pix of its outer corners (top-left,
// top-right, bottom-right, bottom-left) and its size in modules.
type grid struct {
	quad [4]geom.Point
	size dmSize
}

// modToPix maps module coordinates (x 0..cols, y 0..rows, from the top-left
// corner) to pix.
func (g grid) modToPix() geom.Homography {
	return quadToQuad(float64(g.size.cols), float64(g.size.rows), g.quad)
}

// quadToQuad returns the projective map of the rectangle (0,0)-(w,h) onto a
// quadrilateral (Heckbert 1989, unit square to quadrilateral).
func quadToQuad(w, h float64, q [4]geom.Point) geom.Homography {
	s := q[0].Sub(q[1]).Add(q[2]).Sub(q[3])
	d1, d2 := q[1].Sub(q[2]), q[3].Sub(q[2])
	den := cross(d1, d2)
	a, b := cross(s, d2)/den, cross(d1, s)/den
	m := geom.Homography{
		q[1].X - q[0].X + a*q[1].X, q[3].X - q[0].X + b*q[3].X, q[0].X,
		q[1].Y - q[0].Y + a*q[1].Y, q[3].Y - q[0].Y + b*q[3].Y, q[0].Y,
		a, b, 1}
	return m.Mul(geom.ScaleBy(1/w, 1/h))
}

// moduleAt averages five points of a module, its centre and 0.22 modules around,
// as 0..255.
func moduleAt(p *raster.Plane, m geom.Homography, x, y float64) float64 {
	const r = 0.22
	s := 2 * lumaAt(p, m.Apply(geom.Point{X: x, Y: y}))
	s += lumaAt(p, m.Apply(geom.Point{X: x - r, Y: y - r})) + lumaAt(p, m.Apply(geom.Point{X: x + r, Y: y - r}))
	s += lumaAt(p, m.Apply(geom.Point{X: x - r, Y: y + r})) + lumaAt(p, m.Apply(geom.Point{X: x + r, Y: y + r}))
	return float64(s) / (6 * 256)
}

// fixedScore says how well the fixed parts of a symbol lie on the plane: grey of
// the dashed sides' light modules minus their dark ones, plus the light ring
// outside minus the solid legs, each in grey levels.
func (g grid) fixedScore(p *raster.Plane) (dashes, frame float64) {
	m := g.modToPix()
	cols, rows := g.size.cols, g.size.rows
	at := func(x, y float64) float64 {
		return float64(lumaAt(p, m.Apply(geom.Point{X: x, Y: y}))) / 256
	}
	sign := 1.0
	for i := range cols {
		x := float64(i) + 0.5
		sign = -sign // the first is dark
		dashes += sign * at(x, 0.5)
		frame += at(x, float64(rows)+0.7) - at(x, float64(rows)-0.5)
	}
	sign = 1
	for i := range rows {
		y := float64(rows-i) - 0.5
		sign = -sign
		dashes += sign * at(float64(cols)-0.5, y)
		frame += at(-0.7, y) - at(0.5, y)
	}
	n := float64(cols + rows)
	return 2 * dashes / n, frame / n
}

// dmMinDash is the least contrast of the dashed sides, as a share of the contrast
// across the legs, for a size to be tried. It trades blurred symbols (0.3 at a blur
// of half a module) for time spent on lines that are no symbol.
const dmMinDash = 0.22

// readL tries the sizes that fit an L best: as the parallelogram it spans and, if
// bent, as the quadrilateral its dashed sides close.
func readL(p *raster.Plane, l corner, bent bool) (codeHit, bool) {
	if h, ok := readGrids(p, gridsFor(p, l)); ok || !bent || !textured(p, l) {
		return h, ok
	}
	for _, c := range []corner{l, {l.at, l.up, l.right}} { // as it is, and seen from behind
		if quad, ok := outlined(p, c); ok {
			if h, ok := readGrids(p, bestGrids(sizesFor(p, quad))); ok {
				return h, true
			}
		}
	}
	return codeHit{}, false
}

func readGrids(p *raster.Plane, grids []grid) (codeHit, bool) {
	for _, g := range grids {
		g = g.refined(p)
		dashes, frame := g.fixedScore(p)
		if dashes < 1.2*dmMinDash*frame {
			continue
		}
		if h, ok := g.read(p); ok {
			return h, true
		}
	}
	return codeHit{}, false
}

// gridsFor returns the most likely symbol sizes of an L, best first: with its legs
// as they are and, in case a stroke cut one of a square's short, with equal legs.
func gridsFor(p *raster.Plane, l corner) []grid {
	list := sizesFor(p, l.parallelogram())
	if a, b := l.right.Norm(), l.up.Norm(); math.Max(a, b) > 1.04*math.Min(a, b) && math.Max(a, b) < 1.7*math.Min(a, b) {
		k := math.Max(a, b)
		list = append(list, sizesFor(p, corner{l.at, l.right.Scale(k / a), l.up.Scale(k / b)}.parallelogram())...)
	}
	return bestGrids(list)
}

func bestGrids(list []scoredGrid) []grid {
	slices.SortStableFunc(list, func(a, b scoredGrid) int { return cmp.Compare(b.score, a.score) })
	grids := make([]grid, 0, 4)
	for _, s := range list[:min(len(list), 4)] {
		grids = append(grids, s.grid)
	}
	return grids
}

// parallelogram returns the corners of the symbol that lies flat.
func (c corner) parallelogram() [4]geom.Point {
	return [4]geom.Point{c.at.Add(c.up), c.at.Add(c.up).Add(c.right), c.at.Add(c.right), c.at}
}

// scoredGrid is a grid with the contrast of its dashes as a share of its frame's.
type scoredGrid struct {
	grid
	score float64
}

// sizesFor returns the sizes whose dashed sides lie on those of a quadrilateral.
func sizesFor(p *raster.Plane, quad [4]geom.Point) []scoredGrid {
	var list []scoredGrid
	width, height := quad[2].Sub(quad[3]).Norm(), quad[0].Sub(quad[3]).Norm()
	ratio := width / height
	for _, s := range dmSizes {
		if k := ratio * float64(s.rows) / float64(s.cols); k < 0.72 || k > 1.38 {
			continue
		}
		if width < 1.3*float64(s.cols) {
			continue // below 1.3 pix a module nothing can be told apart
		}
		g := grid{quad, s}
		dashes, frame := g.fixedScore(p)
		if frame >= 8 && dashes > dmMinDash*frame {
			list = append(list, scoredGrid{g, dashes / frame})
		}
	}
	return list
}

// refined moves the four corners, one at a time and in ever smaller steps, to where
// the fixed parts fit best.
func (g grid) refined(p *raster.Plane) grid {
	value := func(g grid) float64 {
		d, f := g.fixedScore(p)
		return 2*d + f
	}
	ux := g.quad[1].Sub(g.quad[0]).Scale(1 / float64(g.size.cols))
	uy := g.quad[3].Sub(g.quad[0]).Scale(1 / float64(g.size.rows))
	best := value(g)
	for _, step := range []float64{0.6, 0.3, 0.15} {
		for range 2 {
			before := best
			for _, c := range []int{1, 0, 2, 3} {
				for _, d := range []geom.Point{ux, uy, ux.Scale(-1), uy.Scale(-1)} {
					t := g
					t.quad[c] = t.quad[c].Add(d.Scale(step))
					if v := value(t); v > best {
						g, best = t, v
					}
				}
			}
			if best == before {
				break
			}
		}
	}
	return g
}

// read samples the modules and decodes them, by several thresholds until one gives
// a proven result.
func (g grid) read(p *raster.Plane) (codeHit, bool) {
	grey := g.modules(p)
	dark, light := g.fixedGreys(grey)
	level := (dark + light) / 2
	for _, bits := range []func() []bool{
		func() []bool { return darker(grey, level) },
		func() []bool { return darker(sharpened(grey, g.size, 0.6), level) },
		func() []bool { return darkerThanAround(sharpened(grey, g.size, 0.3), g.size) },
		func() []bool { return darker(grey, dark+penShare*(light-dark)) },
	} {
		if text, doubt, ok := dmDecode(bits(), g.size); ok {
			return codeHit{text: text, symbology: symDataMatrix, quad: g.quad, doubt: doubt}, true
		}
	}
	return codeHit{}, false
}

// modules samples the grey of every module, row by row.
func (g grid) modules(p *raster.Plane) []float64 {
	m := g.modToPix()
	grey := make([]float64, g.size.rows*g.size.cols)
	for i := range grey {
		grey[i] = moduleAt(p, m, float64(i%g.size.cols)+0.5, float64(i/g.size.cols)+0.5)
	}
	return grey
}

// penShare is where between print and paper the grey of a code written over is cut:
// a pen is lighter than toner. It trades strokes of pale pens for print that is not
// black all over.
const penShare = 0.18

// fixedGreys returns the medians of the dark modules of the solid sides and of the
// light ones of the dashed sides: a stroke across them moves neither.
func (g grid) fixedGreys(grey []float64) (dark, light float64) {
	rows, cols := g.size.rows, g.size.cols
	var on, off []float64
	for x := range cols {
		on = append(on, grey[(rows-1)*cols+x])
		if x%2 == 1 {
			off = append(off, grey[x])
		}
	}
	for y := range rows {
		on = append(on, grey[y*cols])
		if y%2 == 0 {
			off = append(off, grey[y*cols+cols-1])
		}
	}
	slices.Sort(on)
	slices.Sort(off)
	return on[len(on)/2], off[len(off)/2]
}

func darker(grey []float64, level float64) []bool {
	bits := make([]bool, len(grey))
	for i, v := range grey {
		bits[i] = v < level
	}
	return bits
}

// sharpened takes back what blur moved between neighbouring modules.
func sharpened(grey []float64, s dmSize, amount float64) []float64 {
	out := make([]float64, len(grey))
	for i, v := range grey {
		x, y := i%s.cols, i/s.cols
		sum, n := 0.0, 0.0
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			if nx, ny := x+d[0], y+d[1]; nx >= 0 && ny >= 0 && nx < s.cols && ny < s.rows {
				sum, n = sum+grey[ny*s.cols+nx], n+1
			}
		}
		out[i] = v + amount*(v-sum/n)
	}
	return out
}

// darkerThanAround compares each module with the middle of the extremes in the
// 7 x 7 modules around it: for shadows and smudges.
func darkerThanAround(grey []float64, s dmSize) []bool {
	bits := make([]bool, len(grey))
	for i, v := range grey {
		x, y := i%s.cols, i/s.cols
		lo, hi := math.Inf(1), math.Inf(-1)
		for ny := max(y-3, 0); ny <= min(y+3, s.rows-1); ny++ {
			for nx := max(x-3, 0); nx <= min(x+3, s.cols-1); nx++ {
				lo, hi = math.Min(lo, grey[ny*s.cols+nx]), math.Max(hi, grey[ny*s.cols+nx])
			}
		}
		bits[i] = v < (lo+hi)/2
	}
	return bits
}
