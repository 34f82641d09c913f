package ocr

import (
	"cmp"
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// edge is a straight border between dark and light. Normal points to the light
// side; p and q are its ends in pix.
type edge struct {
	p, q, normal geom.Point
}

func (e edge) length() float64 { return e.q.Sub(e.p).Norm() }

// dist is the signed distance of a point from the edge's line, positive on the
// light side.
func (e edge) dist(p geom.Point) float64 { return inner(p.Sub(e.p), e.normal) }

// corner is a candidate for the solid L of a Data Matrix in pix: the corner where
// its legs meet (bottom-left as the symbol is read) and the legs as vectors, right
// along the bottom and up along the left side.
type corner struct{ at, right, up geom.Point }

func (c corner) middle() geom.Point { return c.at.Add(c.right.Add(c.up).Scale(0.5)) }

// gradients holds the edge strength and direction of every pixel; strength 0 is
// below the threshold. Pixel (x, y) is about the corner shared by (x, y) and
// (x+1, y+1), at (x+1, y+1) pix.
type gradients struct {
	w, h  int
	mag   []uint8
	angle []float32 // direction towards the light, radians
}

// edgeContrast is the least step counted as an edge, as a share of the plane's
// range of grey. It trades weakly printed codes for noise; noise fails later for
// want of length.
const edgeContrast = 0.06

func newGradients(p *raster.Plane) *gradients {
	lo, hi := quantiles(p, 0.01, 0.9)
	limit := max(7, int(edgeContrast*float64(hi-lo)))
	g := &gradients{p.W, p.H, make([]uint8, p.W*p.H), make([]float32, p.W*p.H)}
	for y := range p.H - 1 {
		a, b := p.Pix[y*p.Stride:y*p.Stride+p.W], p.Pix[(y+1)*p.Stride:(y+1)*p.Stride+p.W]
		for x := range p.W - 1 {
			d1, d2 := int(b[x+1])-int(a[x]), int(a[x+1])-int(b[x])
			gx, gy := d1+d2, d1-d2
			if m := (max(gx, -gx) + max(gy, -gy)) / 2; m >= limit {
				g.mag[y*p.W+x] = uint8(min(m, 255))
				g.angle[y*p.W+x] = float32(math.Atan2(float64(gy), float64(gx)))
			}
		}
	}
	return g
}

// order lists the pixels with an edge, strongest first.
func (g *gradients) order() []int32 {
	var count [257]int
	for _, m := range g.mag {
		if m > 0 {
			count[255-int(m)+1]++
		}
	}
	for i := 1; i < len(count); i++ {
		count[i] += count[i-1]
	}
	list := make([]int32, count[256])
	for o, m := range g.mag {
		if m > 0 {
			k := 255 - int(m)
			list[count[k]] = int32(o)
			count[k]++
		}
	}
	return list
}

// findEdges grows straight edges of at least minLen pix out of pixels with a common
// gradient direction (after von Gioi, Jakubowicz, Morel, Randall: LSD, 2012).
func findEdges(p *raster.Plane, minLen float64) []edge {
	if p.W < 8 || p.H < 8 {
		return nil
	}
	g := newGradients(p)
	used := make([]bool, len(g.mag))
	var edges []edge
	var region []int32
	for _, seed := range g.order() {
		if used[seed] {
			continue
		}
		var dir geom.Point
		region, dir = g.grow(seed, used, region[:0])
		if float64(len(region)) < minLen {
			continue
		}
		if e, ok := g.fit(region, dir); ok && e.length() >= minLen {
			edges = append(edges, e)
		}
	}
	return edges
}

// growCos is the cosine of the widest angle (22.5 degrees) between a pixel's
// gradient and its edge's mean.
var growCos = math.Cos(math.Pi / 8)

// grow collects the pixels connected to seed whose gradient agrees with the mean
// direction so far.
func (g *gradients) grow(seed int32, used []bool, region []int32) ([]int32, geom.Point) {
	sin, cos := math.Sincos(float64(g.angle[seed]))
	sum := geom.Point{X: cos, Y: sin}
	region, used[seed] = append(region, seed), true
	for i := 0; i < len(region); i++ {
		x, y := int(region[i])%g.w, int(region[i])/g.w
		for ny := max(y-1, 0); ny <= min(y+1, g.h-1); ny++ {
			for nx := max(x-1, 0); nx <= min(x+1, g.w-1); nx++ {
				o := ny*g.w + nx
				if g.mag[o] == 0 || used[o] {
					continue
				}
				s, c := math.Sincos(float64(g.angle[o]))
				if c*sum.X+s*sum.Y < growCos*sum.Norm() {
					continue
				}
				used[o] = true
				sum.X, sum.Y = sum.X+c, sum.Y+s
				region = append(region, int32(o))
			}
		}
	}
	return region, sum.Scale(1 / sum.Norm())
}

// fit lays a line through a region, weighted by strength; dir is the region's mean
// direction towards the light. Regions wider than straight edges are refused.
func (g *gradients) fit(region []int32, dir geom.Point) (edge, bool) {
	var sw, sx, sy float64
	for _, o := range region {
		w := float64(g.mag[o])
		sw, sx, sy = sw+w, sx+w*float64(int(o)%g.w), sy+w*float64(int(o)/g.w)
	}
	cx, cy := sx/sw, sy/sw
	var xx, yy, xy float64
	for _, o := range region {
		w, dx, dy := float64(g.mag[o]), float64(int(o)%g.w)-cx, float64(int(o)/g.w)-cy
		xx, yy, xy = xx+w*dx*dx, yy+w*dy*dy, xy+w*dx*dy
	}
	t := 0.5 * math.Atan2(2*xy, xx-yy)
	along := geom.Point{X: math.Cos(t), Y: math.Sin(t)}
	normal := geom.Point{X: -along.Y, Y: along.X}
	if inner(normal, dir) < 0 {
		normal = normal.Scale(-1)
	}
	if inner(normal, dir) < growCos {
		return edge{}, false
	}
	lo, hi, wide := 0.0, 0.0, 0.0
	for _, o := range region {
		d := geom.Point{X: float64(int(o)%g.w) - cx, Y: float64(int(o)/g.w) - cy}
		s := inner(d, along)
		lo, hi, wide = math.Min(lo, s), math.Max(hi, s), math.Max(wide, math.Abs(inner(d, normal)))
	}
	if wide > 2.5+0.05*(hi-lo) {
		return edge{}, false
	}
	c := geom.Point{X: cx + 1, Y: cy + 1}
	return edge{c.Add(along.Scale(lo - 0.5)), c.Add(along.Scale(hi + 0.5)), normal}, true
}

// joinEdges adds edges made of two or three collinear ones: a leg of an L that a pen
// stroke crosses, that flaked, or that a slightly turned 1-bit scan broke to stairs.
func joinEdges(edges []edge) []edge {
	out, added := edges, edges
	for range 2 {
		var more []edge
		for _, a := range added {
			for _, b := range edges {
				if e, ok := join(a, b); ok {
					more = append(more, e)
				}
			}
		}
		added = more[:min(len(more), maxEdges)]
		out = append(out, added...)
	}
	return out
}

// join makes one edge of two whose lines agree and that neither overlap much nor
// leave more than a third of a gap.
func join(a, b edge) (edge, bool) {
	if a.length() < b.length() || inner(a.normal, b.normal) < 0.985 {
		return edge{}, false
	}
	slack := 1.3 + 0.02*a.length()
	if math.Abs(a.dist(b.p)) > slack || math.Abs(a.dist(b.q)) > slack {
		return edge{}, false
	}
	along := a.q.Sub(a.p).Scale(1 / a.length())
	s, t := inner(b.p.Sub(a.p), along), inner(b.q.Sub(a.p), along)
	s, t = math.Min(s, t), math.Max(s, t)
	gap := math.Max(s-a.length(), -t)
	if gap < -0.4*b.length() || gap > 0.35*a.length() {
		return edge{}, false
	}
	lo, hi := math.Min(0, s), math.Max(a.length(), t)
	return edge{a.p.Add(along.Scale(lo)), a.p.Add(along.Scale(hi)), a.normal}, true
}

// maxEdges bounds the edges paired with each other; the longest are kept.
const maxEdges = 250

// findLs pairs edges that meet at a right angle with the dark side inside, the
// longest first.
func findLs(p *raster.Plane, s dmSearch) []corner {
	edges := findEdges(softened(p), 0.4*s.minLeg)
	if s.upright {
		edges = slices.DeleteFunc(edges, func(e edge) bool {
			return math.Min(math.Abs(e.normal.X), math.Abs(e.normal.Y)) > 0.21
		})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(b.length(), a.length()) })
	edges = joinEdges(edges[:min(len(edges), maxEdges)])
	edges = slices.DeleteFunc(edges, func(e edge) bool { return e.length() < 0.8*s.minLeg || e.length() > 1.1*s.maxLeg })
	var ls []corner
	for i, a := range edges {
		for _, b := range edges[:i] {
			if l, ok := meet(a, b, s.maxRatio()); ok {
				ls = append(ls, l)
			}
		}
	}
	slices.SortStableFunc(ls, func(a, b corner) int {
		return cmp.Compare(b.right.Norm()+b.up.Norm(), a.right.Norm()+a.up.Norm())
	})
	return ls
}

// meet makes an L of two edges, if they are one: perpendicular within 15 degrees,
// ending near their crossing, each on the dark side of the other, and of a length
// ratio that symbols have.
func meet(a, b edge, maxRatio float64) (corner, bool) {
	if math.Abs(inner(a.normal, b.normal)) > 0.26 {
		return corner{}, false
	}
	at := crossing(a, b)
	farA, okA := farEnd(a, at)
	farB, okB := farEnd(b, at)
	if !okA || !okB || a.dist(farB) > 0 || b.dist(farA) > 0 {
		return corner{}, false
	}
	la, lb := farA.Sub(at), farB.Sub(at)
	if r := la.Norm() / lb.Norm(); r > maxRatio || r < 1/maxRatio {
		return corner{}, false
	}
	if cross(la, lb) > 0 { // y points down: right to up turns negative
		la, lb = lb, la
	}
	return corner{at, la, lb}, true
}

// crossing returns where the lines of two edges meet; they are not parallel.
func crossing(a, b edge) geom.Point {
	da, db := a.q.Sub(a.p), b.q.Sub(b.p)
	return a.p.Add(da.Scale(cross(b.p.Sub(a.p), db) / cross(da, db)))
}

// farEnd returns the end of an edge away from at; ok is false if the near end is
// not close to at.
func farEnd(e edge, at geom.Point) (geom.Point, bool) {
	near, far := e.p, e.q
	if near.Sub(at).Norm() > far.Sub(at).Norm() {
		near, far = far, near
	}
	return far, near.Sub(at).Norm() <= 3+0.12*e.length()
}
