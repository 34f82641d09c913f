package raster

import (
	"math"

	"scan/internal/geom"
)

// Patch is a rectangle of a page resampled to an upright grid of PxPerMM pixels
// per mm. Pixel (x, y) covers the square of 1/PxPerMM mm whose top-left corner is
// Box.X + x/PxPerMM, Box.Y + y/PxPerMM (mm on the form page). Cb and Cr have the
// size of Y, or are nil for a grey page. Where the page has no pixels, Y is 255,
// chroma is 128 and Outside counts the pixel.
type Patch struct {
	Box       geom.Box
	PxPerMM   float64
	Y, Cb, Cr *Plane
	Outside   int
}

// Sample resamples the box (mm) of the view at pxPerMM. It is bilinear, and where
// the scan is finer than the grid it averages n x n samples a pixel so that thin
// strokes do not fall between samples.
func (v View) Sample(box geom.Box, pxPerMM float64) *Patch {
	w, h := int(math.Ceil(box.W*pxPerMM-1e-9)), int(math.Ceil(box.H*pxPerMM-1e-9))
	pt := &Patch{Box: box, PxPerMM: pxPerMM, Y: NewPlane(w, h)}
	sx, sy := v.MMToPix.ScaleAt(box.Center())
	n := int(math.Ceil(math.Max(sx, sy)/pxPerMM - 0.25))
	n = min(max(n, 1), 8)
	toPix := v.MMToPix.Mul(geom.Homography{1 / pxPerMM, 0, box.X, 0, 1 / pxPerMM, box.Y, 0, 0, 1})
	pt.Outside = resample(v.Page.Y, pt.Y, toPix, n, 255)
	if v.Page.HasColour() {
		toC := geom.ScaleBy(1/float64(v.Page.SubX), 1/float64(v.Page.SubY)).Mul(toPix)
		pt.Cb, pt.Cr = NewPlane(w, h), NewPlane(w, h)
		resample(v.Page.Cb, pt.Cb, toC, 1, 128)
		resample(v.Page.Cr, pt.Cr, toC, 1, 128)
	}
	return pt
}

// resample fills dst from src through dstToSrc with n x n bilinear samples a
// pixel and returns how many dst pixels had no sample inside src.
//
// Along a row of samples the three homogeneous coordinates are linear, so a sample
// costs three additions, and a division only if the transform is not affine.
// Positions are rounded to 1/16 pixel.
func resample(src, dst *Plane, dstToSrc geom.Homography, n int, fill uint8) (outside int) {
	acc := make([]tally, dst.W)
	step := 1 / float64(n)
	for y := range dst.H {
		clear(acc)
		for j := range n {
			src.gather(acc, n, line(dstToSrc, (0.5)*step, float64(y)+(float64(j)+0.5)*step, step))
		}
		row := dst.Row(y)
		for x, a := range acc {
			switch {
			case a.count == 1:
				row[x] = uint8((a.sum + 128) >> 8)
			case a.count > 0:
				row[x] = uint8((a.sum + a.count*128) / (a.count * 256))
			default:
				row[x] = fill
				outside++
			}
		}
	}
	return outside
}

// tally sums samples (256 times their value) of one pixel.
type tally struct{ sum, count int32 }

// homogeneous is a row of sample positions: X, Y, W at the first sample, and what
// each next one adds. X and Y are in sixteenths of a pixel, without the offset.
type homogeneous struct{ x, y, w, dx, dy, dw float64 }

func line(h geom.Homography, x, y, step float64) homogeneous {
	return homogeneous{
		16 * (h[0]*x + h[1]*y + h[2]), 16 * (h[3]*x + h[4]*y + h[5]), h[6]*x + h[7]*y + h[8],
		16 * h[0] * step, 16 * h[3] * step, h[6] * step}
}

// toCentre moves from the corner of a pixel, where coordinates count from, to its
// centre, and rounds: -8 + 1/2 sixteenths.
const toCentre = -7.5

// gather adds n samples to each tally along the line. Samples outside the plane
// are left out; within half a pixel of its border the edge pixel counts.
func (p *Plane) gather(acc []tally, n int, l homogeneous) {
	affine := l.dw == 0
	if affine {
		l.x, l.y, l.dx, l.dy = l.x/l.w+toCentre, l.y/l.w+toCentre, l.dx/l.w, l.dy/l.w
	}
	maxX, maxY := 16*float64(p.W)+toCentre, 16*float64(p.H)+toCentre
	if last := float64(n*len(acc) - 1); affine && p.inside(l.x, l.y) && p.inside(l.x+last*l.dx, l.y+last*l.dy) {
		p.gatherInside(acc, n, l)
		return
	}
	k := 0.0
	for a := range acc {
		for range n {
			fx, fy := l.x+k*l.dx, l.y+k*l.dy
			if !affine {
				w := l.w + k*l.dw
				fx, fy = fx/w+toCentre, fy/w+toCentre
			}
			k++
			if !(fx >= toCentre && fy >= toCentre && fx <= maxX && fy <= maxY) {
				continue
			}
			acc[a].sum += p.bilinear(int(fx), int(fy))
			acc[a].count++
		}
	}
}

// inside reports whether bilinear needs no edge pixel at (fx, fy), with a pixel to spare.
func (p *Plane) inside(fx, fy float64) bool {
	return fx >= 16 && fy >= 16 && fx < float64(16*(p.W-3)) && fy < float64(16*(p.H-3))
}

// gatherInside is gather for an affine line all of whose samples are inside; it steps in
// fixed point, 32 bits below the sixteenth, so that no position drifts.
func (p *Plane) gatherInside(acc []tally, n int, l homogeneous) {
	const one = 1 << 32
	fx, fy, dx, dy := int64(l.x*one), int64(l.y*one), int64(l.dx*one), int64(l.dy*one)
	for a := range acc {
		sum := int32(0)
		for range n {
			ax, ay := int32(fx>>32&15), int32(fy>>32&15)
			o := int(fy>>36)*p.Stride + int(fx>>36)
			r, s := p.Pix[o:o+2:o+2], p.Pix[o+p.Stride:o+p.Stride+2:o+p.Stride+2]
			top := int32(r[0])<<4 + ax*(int32(r[1])-int32(r[0]))
			bottom := int32(s[0])<<4 + ax*(int32(s[1])-int32(s[0]))
			sum += top<<4 + ay*(bottom-top)
			fx, fy = fx+dx, fy+dy
		}
		acc[a].sum += sum
		acc[a].count += int32(n)
	}
}

// bilinear interpolates at (fx, fy), in sixteenths of a pixel from the centre of
// pixel (0, 0), and returns the value times 256.
func (p *Plane) bilinear(fx, fy int) int32 {
	x, y, ax, ay := fx>>4, fy>>4, int32(fx&15), int32(fy&15)
	if x < 0 || y < 0 || x+1 >= p.W || y+1 >= p.H {
		return p.bilinearEdge(x, y, ax, ay)
	}
	o := y*p.Stride + x
	r, s := p.Pix[o:o+2], p.Pix[o+p.Stride:o+p.Stride+2]
	top := int32(r[0])<<4 + ax*(int32(r[1])-int32(r[0]))
	bottom := int32(s[0])<<4 + ax*(int32(s[1])-int32(s[0]))
	return top<<4 + ay*(bottom-top)
}

func (p *Plane) bilinearEdge(x, y int, ax, ay int32) int32 {
	a, b := int32(p.At(x, y)), int32(p.At(x+1, y))
	c, d := int32(p.At(x, y+1)), int32(p.At(x+1, y+1))
	return (a*(16-ax)+b*ax)*(16-ay) + (c*(16-ax)+d*ax)*ay
}
