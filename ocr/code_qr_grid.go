package ocr

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"

	"scan/internal/geom"
	"scan/internal/raster"
)

// fixedModule is a module that every code of a version has, and its colour.
type fixedModule struct {
	x, y int
	dark bool
}

// qrVersion is what all QR codes of a version have in common.
type qrVersion struct {
	number, dim int
	centres     []int // alignment patterns: columns and rows of their middles
	fixed       []fixedModule
}

// qrVersions are indexed by number; 0 is none.
var qrVersions = func() (list [41]func() qrVersion) {
	for n := 1; n <= 40; n++ {
		list[n] = sync.OnceValue(func() qrVersion { return newQRVersion(n) })
	}
	return list
}()

func newQRVersion(n int) qrVersion {
	v := qrVersion{number: n, dim: 17 + 4*n}
	if info, err := decoder.Version_GetVersionForNumber(n); err == nil {
		v.centres = info.GetAlignmentPatternCenters()
	}
	for y := range 8 { // a finder pattern and the light lines beside it
		for x := range 8 {
			ring := max(max(3-x, x-3), max(3-y, y-3))
			dark := ring != 2 && ring != 4
			far := v.dim - 1
			v.fixed = append(v.fixed, fixedModule{x, y, dark}, fixedModule{far - x, y, dark}, fixedModule{x, far - y, dark})
		}
	}
	for k := 8; k <= v.dim-9; k++ { // timing patterns
		v.fixed = append(v.fixed, fixedModule{k, 6, k%2 == 0}, fixedModule{6, k, k%2 == 0})
	}
	for _, cy := range v.centres {
		for _, cx := range v.centres {
			if !v.finderAt(cx, cy) {
				for i := range 25 {
					dx, dy := i%5-2, i/5-2
					v.fixed = append(v.fixed, fixedModule{cx + dx, cy + dy, max(max(dx, -dx), max(dy, -dy)) != 1})
				}
			}
		}
	}
	return v
}

// finderAt reports whether the place of an alignment pattern is a finder pattern's.
func (v qrVersion) finderAt(cx, cy int) bool {
	far := v.dim - 7
	return cx == 6 && cy == 6 || cx == 6 && cy == far || cx == far && cy == 6
}

// qrGrid is a QR code laid over a plane: its outer corners in pix (top-left,
// top-right, bottom-right, bottom-left) and, for paper that is not flat, how far the
// alignment patterns lie from where the corners put them.
type qrGrid struct {
	v     qrVersion
	quad  [4]geom.Point
	m     geom.Homography // module coordinates (0..dim) to pix
	shift []geom.Point    // pix, by row and column of the alignment patterns; nil if flat
}

func (g qrGrid) withQuad(q [4]geom.Point) qrGrid {
	g.quad, g.m = q, quadToQuad(float64(g.v.dim), float64(g.v.dim), q)
	return g
}

// at returns the pix of a point in modules.
func (g qrGrid) at(x, y float64) geom.Point {
	q := g.m.Apply(geom.Point{X: x, Y: y})
	if g.shift == nil {
		return q
	}
	i, s := g.cell(x)
	j, t := g.cell(y)
	n := len(g.v.centres)
	o := j*n + i
	up := g.shift[o].Scale(1 - s).Add(g.shift[o+1].Scale(s))
	low := g.shift[o+n].Scale(1 - s).Add(g.shift[o+n+1].Scale(s))
	return q.Add(up.Scale(1 - t)).Add(low.Scale(t))
}

// cell finds the alignment patterns a coordinate lies between, and where between.
func (g qrGrid) cell(x float64) (i int, share float64) {
	c := g.v.centres
	for i < len(c)-2 && x > float64(c[i+1])+0.5 {
		i++
	}
	lo, hi := float64(c[i])+0.5, float64(c[i+1])+0.5
	return i, math.Min(math.Max((x-lo)/(hi-lo), 0), 1)
}

// contrast is the mean grey of a version's fixed light modules less that of the dark
// ones, in grey levels.
func (g qrGrid) contrast(p *raster.Plane) float64 {
	return contrastOf(p, g.v.fixed, g.at)
}

func contrastOf(p *raster.Plane, fixed []fixedModule, at func(x, y float64) geom.Point) float64 {
	var sum [2]int
	var n [2]int
	for _, f := range fixed {
		k := 0
		if f.dark {
			k = 1
		}
		sum[k] += lumaAt(p, at(float64(f.x)+0.5, float64(f.y)+0.5))
		n[k]++
	}
	return (float64(sum[0])/float64(n[0]) - float64(sum[1])/float64(n[1])) / 256
}

// alignment is the 5 x 5 pattern around (0, 0).
var alignment = func() (list []fixedModule) {
	for i := range 25 {
		dx, dy := i%5-2, i/5-2
		list = append(list, fixedModule{dx, dy, max(max(dx, -dx), max(dy, -dy)) != 1})
	}
	return list
}()

// qrGridsFor returns the grids that three finder patterns allow, the best first.
func qrGridsFor(p *raster.Plane, c qrCorner) []qrGrid {
	type scored struct {
		qrGrid
		score float64
	}
	var list []scored
	sound := 0.0
	for _, n := range c.versions() {
		v := qrVersions[n]()
		if sound = max(sound, c.finderContrast(p, v)); sound < minQRContrast {
			continue
		}
		for _, quad := range c.quads(p, v) {
			g := qrGrid{v: v}.withQuad(quad)
			list = append(list, scored{g, g.contrast(p)})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var grids []qrGrid
	for _, s := range list[:min(len(list), 3)] {
		if s.score > 0.55*sound {
			grids = append(grids, s.qrGrid)
		}
	}
	return grids
}

// finderContrast is the contrast of the finder patterns and what is light beside them
// where a version's parallelogram puts them, in grey levels. The grid as a whole must
// come near to it: three finder patterns that are no code's have half of it at most.
func (c qrCorner) finderContrast(p *raster.Plane, v qrVersion) float64 {
	g := qrGrid{v: v}.withQuad(c.flat(v))
	return contrastOf(p, v.fixed[:3*64], g.at)
}

// minQRContrast is the least contrast in grey levels of a grid's fixed modules. It
// trades the weakest prints for time spent on three dots; the weak prints of
// TestStickerConditions have 30.
const minQRContrast = 10

// flat returns the outer corners of a version laid over three finder patterns as a
// parallelogram.
func (c qrCorner) flat(v qrVersion) [4]geom.Point {
	span, d := float64(v.dim-7), float64(v.dim)
	ux, uy := c.tr.Sub(c.tl).Scale(1/span), c.bl.Sub(c.tl).Scale(1/span)
	at := func(x, y float64) geom.Point { return c.tl.Add(ux.Scale(x - 3.5)).Add(uy.Scale(y - 3.5)) }
	return [4]geom.Point{at(0, 0), at(d, 0), at(d, d), at(0, d)}
}

// quads lays the outer corners of a version over three finder patterns: as a
// parallelogram and, where there is an alignment pattern near the fourth corner, in
// perspective through it.
func (c qrCorner) quads(p *raster.Plane, v qrVersion) [][4]geom.Point {
	span, d := float64(v.dim-7), float64(v.dim)
	ux, uy := c.tr.Sub(c.tl).Scale(1/span), c.bl.Sub(c.tl).Scale(1/span)
	quads := [][4]geom.Point{c.flat(v)}
	if v.number == 1 {
		return quads
	}
	at, ok := findAlignment(p, c.tl.Add(ux.Add(uy).Scale(d-10)), ux, uy, 1.5+0.1*d, 0.65)
	if !ok {
		return quads
	}
	modules := []geom.Point{{X: 3.5, Y: 3.5}, {X: d - 3.5, Y: 3.5}, {X: d - 6.5, Y: d - 6.5}, {X: 3.5, Y: d - 3.5}}
	m, ok := geom.FitHomography(modules, []geom.Point{c.tl, c.tr, at, c.bl})
	if !ok {
		return quads
	}
	return append(quads, codeHit{quad: geom.Box{W: d, H: d}.Corners()}.mapped(m).quad)
}

// findAlignment looks for an alignment pattern within reach modules of a place, in
// steps of step modules; ux and uy are a module's sides in pix.
func findAlignment(p *raster.Plane, near, ux, uy geom.Point, reach, step float64) (geom.Point, bool) {
	best, found := 0.0, near
	n := int(reach / step)
	for j := -n; j <= n; j++ {
		for i := -n; i <= n; i++ {
			dx, dy := float64(i)*step, float64(j)*step
			mid := near.Add(ux.Scale(dx)).Add(uy.Scale(dy))
			s := contrastOf(p, alignment, func(x, y float64) geom.Point {
				return mid.Add(ux.Scale(x - 0.5)).Add(uy.Scale(y - 0.5))
			})
			if s -= 0.02 * s * math.Hypot(dx, dy); s > best {
				best, found = s, mid
			}
		}
	}
	return found, best > minQRContrast
}

// refined moves the corners, one at a time and in ever smaller steps, to where the
// fixed modules fit best.
func (g qrGrid) refined(p *raster.Plane) qrGrid {
	ux := g.quad[1].Sub(g.quad[0]).Scale(1 / float64(g.v.dim))
	uy := g.quad[3].Sub(g.quad[0]).Scale(1 / float64(g.v.dim))
	best := g.contrast(p)
	for _, step := range []float64{1, 0.5, 0.25, 0.12} {
		for range 2 {
			before := best
			for c := range 4 {
				for _, d := range []geom.Point{ux, uy, ux.Scale(-1), uy.Scale(-1)} {
					q := g.quad
					q[c] = q[c].Add(d.Scale(step))
					t := g.withQuad(q)
					if v := t.contrast(p); v > best {
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

// bent looks for the alignment patterns of a large code one by one: paper that is
// held in a hand or has got wet is not flat.
func (g qrGrid) bent(p *raster.Plane) qrGrid {
	n := len(g.v.centres)
	if n < 3 {
		return g
	}
	limit := 0.45 * g.contrast(p)
	shift := make([]geom.Point, n*n)
	for k := range shift {
		cx, cy := g.v.centres[k%n], g.v.centres[k/n]
		if g.v.finderAt(cx, cy) {
			continue
		}
		guess := neighbours(shift, n, k)
		x, y := float64(cx)+0.5, float64(cy)+0.5
		flat := g.m.Apply(geom.Point{X: x, Y: y})
		ux := g.m.Apply(geom.Point{X: x + 1, Y: y}).Sub(flat)
		uy := g.m.Apply(geom.Point{X: x, Y: y + 1}).Sub(flat)
		shift[k] = guess
		at, ok := findAlignment(p, flat.Add(guess), ux, uy, 1.5, 0.25)
		if ok && contrastOf(p, alignment, func(x, y float64) geom.Point {
			return at.Add(ux.Scale(x - 0.5)).Add(uy.Scale(y - 0.5))
		}) > limit {
			shift[k] = at.Sub(flat)
		}
	}
	g.shift = shift
	return g
}

// neighbours averages the shifts left of and above the k-th of an n x n field.
func neighbours(shift []geom.Point, n, k int) geom.Point {
	var sum geom.Point
	count := 0.0
	if k%n > 0 {
		sum, count = sum.Add(shift[k-1]), count+1
	}
	if k >= n {
		sum, count = sum.Add(shift[k-n]), count+1
	}
	return sum.Scale(1 / math.Max(count, 1))
}
