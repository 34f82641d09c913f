package detect

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Keypoints are places of a page that look like nothing around them: corners of
// words, frames and drawings. They are found where the smaller eigenvalue of the
// gradient's structure tensor is large (Noble's measure det/trace; Harris and
// Stephens 1988), on a plane of about coarsePxPerMM.

// coarsePxPerMM is the resolution at which pages are recognised. It trades speed
// (a quarter of the pixels at half of it) for the detail that tells one line of
// text from another; below 2 px/mm words become blobs and pages with little print
// are no longer found (TestRegisterSparsePages).
const coarsePxPerMM = 3.0

// coarseDPI bounds: the factor is chosen so that the plane has 2.4 to 4 px/mm.
func coarseFactor(pxPerMM float64) int { return max(1, int(math.Round(pxPerMM/coarsePxPerMM))) }

const (
	// keypointBlockMM and the limit a block keep dense handwriting or one dense
	// drawing from taking every place in the list.
	keypointBlockMM   = 12.0
	formKeypointBlock = 7
	scanKeypointBlock = 14
	// minNoble is the least response of a keypoint, in squared grey levels a pixel of
	// a 5x5 window. Print gives thousands; sensor noise at sigma 6 after reduction
	// gives below 40.
	minNoble = 60
)

type keypoint struct {
	x, y  int // pixels of the coarse plane
	noble float32
}

// pos returns the keypoint's position in pixels of the coarse plane.
func (k keypoint) pos() geom.Point { return geom.Point{X: float64(k.x) + 0.5, Y: float64(k.y) + 0.5} }

// findKeypoints returns at most perBlock keypoints in each block of
// keypointBlockMM, strongest first within a block, in a fixed order of blocks.
func findKeypoints(p *raster.Plane, pxPerMM float64, perBlock int) []keypoint {
	resp := nobleResponse(p)
	block := max(8, int(keypointBlockMM*pxPerMM))
	const cell = 4 // one keypoint per 4x4 pixels
	var out []keypoint
	for by := 0; by < p.H; by += block {
		for bx := 0; bx < p.W; bx += block {
			kps := cellMaxima(resp, p.W, bx, by, min(bx+block, p.W), min(by+block, p.H), cell)
			slices.SortFunc(kps, byStrength)
			out = append(out, kps[:min(perBlock, len(kps))]...)
		}
	}
	return out
}

func byStrength(a, b keypoint) int {
	switch {
	case a.noble != b.noble:
		if a.noble > b.noble {
			return -1
		}
		return 1
	case a.y != b.y:
		return a.y - b.y
	}
	return a.x - b.x
}

func cellMaxima(resp []float32, w, x0, y0, x1, y1, cell int) []keypoint {
	var out []keypoint
	for cy := y0; cy < y1; cy += cell {
		for cx := x0; cx < x1; cx += cell {
			best := keypoint{noble: minNoble}
			for y := cy; y < min(cy+cell, y1); y++ {
				for x := cx; x < min(cx+cell, x1); x++ {
					if v := resp[y*w+x]; v > best.noble {
						best = keypoint{x, y, v}
					}
				}
			}
			if best.noble > minNoble {
				out = append(out, best)
			}
		}
	}
	return out
}

// nobleResponse returns det/trace of the structure tensor summed over 5x5 pixels and
// divided by 25.
func nobleResponse(p *raster.Plane) []float32 {
	w, h := p.W, p.H
	n := w * h
	xx, xy, yy := make([]int32, n), make([]int32, n), make([]int32, n)
	for y := 1; y < h-1; y++ {
		up, row, dn := p.Pix[(y-1)*p.Stride:], p.Pix[y*p.Stride:], p.Pix[(y+1)*p.Stride:]
		for x := 1; x < w-1; x++ {
			gx, gy := int32(row[x+1])-int32(row[x-1]), int32(dn[x])-int32(up[x])
			i := y*w + x
			xx[i], xy[i], yy[i] = gx*gx, gx*gy, gy*gy
		}
	}
	for _, t := range [][]int32{xx, xy, yy} {
		boxSum5(t, w, h)
	}
	out := make([]float32, n)
	for i := range out {
		a, b, c := float32(xx[i]), float32(xy[i]), float32(yy[i])
		if tr := a + c; tr > 25*minNoble {
			out[i] = (a*c - b*b) / tr / 25
		}
	}
	return out
}

// boxSum5 replaces every value by the sum over its 5x5 neighbourhood (zero outside),
// by running sums along rows, then along columns.
func boxSum5(a []int32, w, h int) {
	buf := make([]int32, w)
	for y := range h {
		row := a[y*w : (y+1)*w]
		copy(buf, row)
		s := buf[0] + buf[1]
		for x := range w {
			if x+2 < w {
				s += buf[x+2]
			}
			if x >= 3 {
				s -= buf[x-3]
			}
			row[x] = s
		}
	}
	ring := make([]int32, 5*w) // original rows still needed above
	col := make([]int32, w)
	for y := range min(2, h) {
		for x := range w {
			col[x] += a[y*w+x]
		}
	}
	for y := range h {
		if y+2 < h {
			for x, v := range a[(y+2)*w : (y+3)*w] {
				col[x] += v
			}
		}
		if y >= 3 {
			for x, v := range ring[(y-3)%5*w : ((y-3)%5+1)*w] {
				col[x] -= v
			}
		}
		copy(ring[y%5*w:], a[y*w:(y+1)*w])
		copy(a[y*w:(y+1)*w], col)
	}
}
