// Package geom holds points, boxes and plane transforms. It knows no images.
//
// Two spaces are used throughout the project and every transform is named by
// them:
//
//	mm    millimetres on the printed form page, origin at its top-left corner,
//	      x to the right, y down
//	pix   pixels of an image as stored, origin at the top-left corner of the
//	      top-left pixel (the centre of pixel (0,0) is at (0.5, 0.5))
package geom

import "math"

// Point is a position; its space (mm or pix) is named where it is used.
type Point struct{ X, Y float64 }

// Add returns p+q.
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Sub returns p-q.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Scale returns p*s.
func (p Point) Scale(s float64) Point { return Point{p.X * s, p.Y * s} }

// Norm returns the Euclidean length of p.
func (p Point) Norm() float64 { return math.Hypot(p.X, p.Y) }

// Box is an axis-aligned rectangle: top-left corner, width and height.
// On a form page its lengths are in mm.
type Box struct{ X, Y, W, H float64 }

// Center returns the middle of the box.
func (b Box) Center() Point { return Point{b.X + b.W/2, b.Y + b.H/2} }

// Inset returns the box shrunk by d on every side (grown for d < 0).
func (b Box) Inset(d float64) Box { return Box{b.X + d, b.Y + d, b.W - 2*d, b.H - 2*d} }

// Shift returns the box moved by p.
func (b Box) Shift(p Point) Box { return Box{b.X + p.X, b.Y + p.Y, b.W, b.H} }

// Intersect returns the common part of two boxes; W or H is 0 if there is none.
func (b Box) Intersect(o Box) Box {
	x0, y0 := math.Max(b.X, o.X), math.Max(b.Y, o.Y)
	x1, y1 := math.Min(b.X+b.W, o.X+o.W), math.Min(b.Y+b.H, o.Y+o.H)
	return Box{x0, y0, math.Max(0, x1-x0), math.Max(0, y1-y0)}
}

// Contains reports whether p lies in the box (right and bottom edge excluded).
func (b Box) Contains(p Point) bool {
	return p.X >= b.X && p.X < b.X+b.W && p.Y >= b.Y && p.Y < b.Y+b.H
}

// Area returns width times height.
func (b Box) Area() float64 { return b.W * b.H }

// Union returns the smallest box that holds both.
func (b Box) Union(o Box) Box {
	x0, y0 := math.Min(b.X, o.X), math.Min(b.Y, o.Y)
	x1, y1 := math.Max(b.X+b.W, o.X+o.W), math.Max(b.Y+b.H, o.Y+o.H)
	return Box{x0, y0, x1 - x0, y1 - y0}
}

// Corners returns top-left, top-right, bottom-right, bottom-left.
func (b Box) Corners() [4]Point {
	return [4]Point{{b.X, b.Y}, {b.X + b.W, b.Y}, {b.X + b.W, b.Y + b.H}, {b.X, b.Y + b.H}}
}
