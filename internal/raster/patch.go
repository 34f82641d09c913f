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
func resample(src, dst *Plane, dstToSrc geom.Homography, n int, fill uint8) (outside int) {
	step := 1 / float64(n)
	for y := range dst.H {
		for x := range dst.W {
			sum, cnt := 0, 0
			for j := range n {
				for i := range n {
					q := dstToSrc.Apply(geom.Point{
						X: float64(x) + (float64(i)+0.5)*step,
						Y: float64(y) + (float64(j)+0.5)*step})
					if s, ok := src.bilinear(q); ok {
						sum += s
						cnt++
					}
				}
			}
			v := fill
			if cnt > 0 {
				v = uint8((sum + cnt*128) / (cnt * 256))
			} else {
				outside++
			}
			dst.Pix[y*dst.Stride+x] = v
		}
	}
	return outside
}

// bilinear interpolates at q (pix) and returns the value times 256. ok is false
// outside the plane; within half a pixel of the border the edge pixel counts.
func (p *Plane) bilinear(q geom.Point) (v int, ok bool) {
	if q.X < 0 || q.Y < 0 || q.X > float64(p.W) || q.Y > float64(p.H) || math.IsNaN(q.X+q.Y) {
		return 0, false
	}
	fx, fy := int(q.X*16-8+0.5), int(q.Y*16-8+0.5)
	x, y := fx>>4, fy>>4
	ax, ay := fx&15, fy&15
	if x >= 0 && y >= 0 && x+1 < p.W && y+1 < p.H {
		o := y*p.Stride + x
		a, b := int(p.Pix[o]), int(p.Pix[o+1])
		c, d := int(p.Pix[o+p.Stride]), int(p.Pix[o+p.Stride+1])
		return (a*(16-ax)+b*ax)*(16-ay) + (c*(16-ax)+d*ax)*ay, true
	}
	a, b := int(p.At(x, y)), int(p.At(x+1, y))
	c, d := int(p.At(x, y+1)), int(p.At(x+1, y+1))
	return (a*(16-ax)+b*ax)*(16-ay) + (c*(16-ax)+d*ax)*ay, true
}
