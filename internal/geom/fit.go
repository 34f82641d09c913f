package geom

import (
	"math"
	"slices"
)

// FitSimilarity2 returns the rotation, uniform scale and shift that maps a0 to b0 and
// a1 to b1; ok is false if a0 and a1 coincide.
func FitSimilarity2(a0, a1, b0, b1 Point) (h Homography, ok bool) {
	da, db := a1.Sub(a0), b1.Sub(b0)
	n := da.X*da.X + da.Y*da.Y
	if n < 1e-12 {
		return h, false
	}
	c := (da.X*db.X + da.Y*db.Y) / n
	s := (da.X*db.Y - da.Y*db.X) / n
	return Homography{c, -s, b0.X - c*a0.X + s*a0.Y, s, c, b0.Y - s*a0.X - c*a0.Y, 0, 0, 1}, true
}

// FitSimilarity returns the least-squares similarity (rotation, uniform scale, shift)
// from src to dst.
func FitSimilarity(src, dst []Point) (h Homography, ok bool) {
	if len(src) < 2 || len(src) != len(dst) {
		return h, false
	}
	ms, md := mean(src), mean(dst)
	var n, c, s float64
	for i := range src {
		a, b := src[i].Sub(ms), dst[i].Sub(md)
		n += a.X*a.X + a.Y*a.Y
		c += a.X*b.X + a.Y*b.Y
		s += a.X*b.Y - a.Y*b.X
	}
	if n < 1e-12 {
		return h, false
	}
	c, s = c/n, s/n
	return Homography{c, -s, md.X - c*ms.X + s*ms.Y, s, c, md.Y - s*ms.X - c*ms.Y, 0, 0, 1}, true
}

// FitAffine returns the least-squares affine map from src to dst. ok is false with
// fewer than three points or points on a line.
func FitAffine(src, dst []Point) (h Homography, ok bool) {
	if len(src) < 3 || len(src) != len(dst) {
		return h, false
	}
	ms, md := mean(src), mean(dst)
	var xx, xy, yy, ux, uy, vx, vy float64
	for i := range src {
		a, b := src[i].Sub(ms), dst[i].Sub(md)
		xx, xy, yy = xx+a.X*a.X, xy+a.X*a.Y, yy+a.Y*a.Y
		ux, uy = ux+b.X*a.X, uy+b.X*a.Y
		vx, vy = vx+b.Y*a.X, vy+b.Y*a.Y
	}
	det := xx*yy - xy*xy
	if det < 1e-9*(xx+yy)*(xx+yy) {
		return h, false
	}
	a, b := (ux*yy-uy*xy)/det, (uy*xx-ux*xy)/det
	c, d := (vx*yy-vy*xy)/det, (vy*xx-vx*xy)/det
	return Homography{a, b, md.X - a*ms.X - b*ms.Y, c, d, md.Y - c*ms.X - d*ms.Y, 0, 0, 1}, true
}

// FitHomography returns the homography from src to dst by the normalised direct
// linear transform with H[8] = 1 (Hartley and Zisserman, Multiple View Geometry, 4.1
// and 4.4). ok is false with fewer than four points or a degenerate set.
func FitHomography(src, dst []Point) (h Homography, ok bool) {
	if len(src) < 4 || len(src) != len(dst) {
		return h, false
	}
	ts, td := normaliser(src), normaliser(dst)
	var m [8][9]float64 // normal equations and right side
	for i := range src {
		a, b := ts.Apply(src[i]), td.Apply(dst[i])
		addRow(&m, [8]float64{a.X, a.Y, 1, 0, 0, 0, -b.X * a.X, -b.X * a.Y}, b.X)
		addRow(&m, [8]float64{0, 0, 0, a.X, a.Y, 1, -b.Y * a.X, -b.Y * a.Y}, b.Y)
	}
	x, ok := solve8(&m)
	if !ok {
		return h, false
	}
	inv, _ := td.Inverse()
	h = inv.Mul(Homography{x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], 1}).Mul(ts)
	if math.Abs(h[8]) < 1e-12 {
		return h, false
	}
	for i := range h {
		h[i] /= h[8]
	}
	return h, true
}

func addRow(m *[8][9]float64, r [8]float64, rhs float64) {
	for i := range 8 {
		for j := range 8 {
			m[i][j] += r[i] * r[j]
		}
		m[i][8] += r[i] * rhs
	}
}

// solve8 solves the 8 x 8 system in place by Gaussian elimination with pivoting.
func solve8(m *[8][9]float64) (x [8]float64, ok bool) {
	for c := range 8 {
		p := c
		for r := c + 1; r < 8; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[p][c]) {
				p = r
			}
		}
		if math.Abs(m[p][c]) < 1e-10 {
			return x, false
		}
		m[c], m[p] = m[p], m[c]
		for r := c + 1; r < 8; r++ {
			f := m[r][c] / m[c][c]
			for k := c; k < 9; k++ {
				m[r][k] -= f * m[c][k]
			}
		}
	}
	for c := 7; c >= 0; c-- {
		v := m[c][8]
		for k := c + 1; k < 8; k++ {
			v -= m[c][k] * x[k]
		}
		x[c] = v / m[c][c]
	}
	return x, true
}

// normaliser moves the centroid to the origin and the mean distance to sqrt 2.
func normaliser(p []Point) Homography {
	m := mean(p)
	d := 0.0
	for _, q := range p {
		d += q.Sub(m).Norm()
	}
	s := 1.0
	if d > 0 {
		s = math.Sqrt2 * float64(len(p)) / d
	}
	return Homography{s, 0, -s * m.X, 0, s, -s * m.Y, 0, 0, 1}
}

func mean(p []Point) Point {
	var m Point
	for _, q := range p {
		m = m.Add(q)
	}
	return m.Scale(1 / float64(len(p)))
}

// HullArea returns the area of the convex hull of the points (Andrew's monotone
// chain), in squared units of the points.
func HullArea(pts []Point) float64 {
	if len(pts) < 3 {
		return 0
	}
	p := sortedByXY(pts)
	half := func(seq []Point) []Point {
		var h []Point
		for _, q := range seq {
			for len(h) >= 2 && cross(h[len(h)-2], h[len(h)-1], q) <= 0 {
				h = h[:len(h)-1]
			}
			h = append(h, q)
		}
		return h
	}
	lower := half(p)
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j] = p[j], p[i]
	}
	upper := half(p)
	hull := slices.Concat(lower[:len(lower)-1], upper[:len(upper)-1])
	a := 0.0
	for i, q := range hull {
		r := hull[(i+1)%len(hull)]
		a += q.X*r.Y - q.Y*r.X
	}
	return math.Abs(a) / 2
}

func cross(o, a, b Point) float64 { return (a.X-o.X)*(b.Y-o.Y) - (a.Y-o.Y)*(b.X-o.X) }
