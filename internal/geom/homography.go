package geom

import "math"

// Homography is a projective map of the plane, row-major, scaled so that H[8] is
// usually 1. Apply divides by the third coordinate.
type Homography [9]float64

// Identity maps every point to itself.
func Identity() Homography { return Homography{1, 0, 0, 0, 1, 0, 0, 0, 1} }

// ScaleBy returns the map (x, y) -> (sx x, sy y).
func ScaleBy(sx, sy float64) Homography { return Homography{sx, 0, 0, 0, sy, 0, 0, 0, 1} }

// Translate returns the map p -> p + d.
func Translate(d Point) Homography { return Homography{1, 0, d.X, 0, 1, d.Y, 0, 0, 1} }

// RotateDeg returns a rotation by deg degrees about the origin. Positive angles
// turn x towards y: clockwise as seen on a page whose y points down.
func RotateDeg(deg float64) Homography {
	s, c := math.Sincos(deg * math.Pi / 180)
	return Homography{c, -s, 0, s, c, 0, 0, 0, 1}
}

// Apply maps p.
func (h Homography) Apply(p Point) Point {
	w := h[6]*p.X + h[7]*p.Y + h[8]
	return Point{(h[0]*p.X + h[1]*p.Y + h[2]) / w, (h[3]*p.X + h[4]*p.Y + h[5]) / w}
}

// Mul returns the map "first o, then h".
func (h Homography) Mul(o Homography) Homography {
	var r Homography
	for i := range 3 {
		for j := range 3 {
			r[3*i+j] = h[3*i]*o[j] + h[3*i+1]*o[3+j] + h[3*i+2]*o[6+j]
		}
	}
	return r
}

// Inverse returns the inverse map; ok is false if h is singular.
func (h Homography) Inverse() (inv Homography, ok bool) {
	c0 := h[4]*h[8] - h[5]*h[7]
	c1 := h[5]*h[6] - h[3]*h[8]
	c2 := h[3]*h[7] - h[4]*h[6]
	det := h[0]*c0 + h[1]*c1 + h[2]*c2
	if math.Abs(det) < 1e-15 || math.IsNaN(det) {
		return Homography{}, false
	}
	return Homography{
		c0 / det, (h[2]*h[7] - h[1]*h[8]) / det, (h[1]*h[5] - h[2]*h[4]) / det,
		c1 / det, (h[0]*h[8] - h[2]*h[6]) / det, (h[2]*h[3] - h[0]*h[5]) / det,
		c2 / det, (h[1]*h[6] - h[0]*h[7]) / det, (h[0]*h[4] - h[1]*h[3]) / det,
	}, true
}

// ScaleAt returns the local scale of h at p along x and y: target units per source
// unit (for an mm-to-pix map: pixels per mm).
func (h Homography) ScaleAt(p Point) (sx, sy float64) {
	const e = 0.5
	dx := h.Apply(Point{p.X + e, p.Y}).Sub(h.Apply(Point{p.X - e, p.Y}))
	dy := h.Apply(Point{p.X, p.Y + e}).Sub(h.Apply(Point{p.X, p.Y - e}))
	return dx.Norm() / (2 * e), dy.Norm() / (2 * e)
}

// AngleAt returns the direction of the image of the x axis at p, in degrees in
// (-180, 180], positive clockwise on a page.
func (h Homography) AngleAt(p Point) float64 {
	d := h.Apply(Point{p.X + 0.5, p.Y}).Sub(h.Apply(Point{p.X - 0.5, p.Y}))
	return math.Atan2(d.Y, d.X) * 180 / math.Pi
}
