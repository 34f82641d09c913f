// Package raster turns scanned files into pages of pixels and samples them.
//
// A Page is never rotated or resized as a whole: whoever needs a piece of it
// asks a View for a Patch, sampled through the mm-to-pix transform.
package raster

import "scan/internal/geom"

// Plane is one 8-bit channel. Pixel (x, y) is Pix[y*Stride+x], 0 <= x < W,
// 0 <= y < H.
type Plane struct {
	Pix          []uint8
	Stride, W, H int
}

// NewPlane allocates a zeroed plane of w x h pixels.
func NewPlane(w, h int) *Plane { return &Plane{Pix: make([]uint8, w*h), Stride: w, W: w, H: h} }

// At returns the pixel, with coordinates clamped to the plane.
func (p *Plane) At(x, y int) uint8 {
	x, y = min(max(x, 0), p.W-1), min(max(y, 0), p.H-1)
	return p.Pix[y*p.Stride+x]
}

// Page is one scanned page as stored in its file.
//
// Y is luminance, 0 black to 255 white (JPEG full range, BT.601 weights). Cb and
// Cr are the JPEG chroma planes, 128 neutral, each SubX by SubY times smaller than
// Y; both are nil for grey and 1-bit pages.
//
// Turn is the clockwise rotation in degrees (0, 90, 180, 270) with which the file
// asks to be shown (PDF /Rotate, EXIF or TIFF orientation). The pixels are as
// stored, not turned.
//
// DPIX and DPIY are what the file claims, along the stored x and y axes; 0 when it
// claims nothing believable (outside 50..1300).
type Page struct {
	Y, Cb, Cr  *Plane
	SubX, SubY int
	Turn       int
	DPIX, DPIY float64
	Bilevel    bool
}

// W returns the width in pixels as stored.
func (p *Page) W() int { return p.Y.W }

// H returns the height in pixels as stored.
func (p *Page) H() int { return p.Y.H }

// HasColour reports whether the page carries chroma planes.
func (p *Page) HasColour() bool { return p.Cb != nil }

// View is a page together with the transform from mm on the form page to pix of
// the image.
type View struct {
	Page    *Page
	MMToPix geom.Homography
}
