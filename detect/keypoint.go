package detect

import (
	"cmp"
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
	block := max(8, int(keypointBlockMM*pxPerMM))
	columns := (p.W + block - 1) / block
	strip := make([][]keypoint, columns) // of the row of blocks at hand
	var out []keypoint
	flush := func() {
		for i, kps := range strip {
			slices.SortFunc(kps, byStrength)
			out = append(out, kps[:min(perBlock, len(kps))]...)
			strip[i] = kps[:0]
		}
	}
	cells := make([]keypoint, (p.W+cellPx-1)/cellPx) // best of each cell of the row at hand
	nobleRows(p, func(y int, row []float32) {
		for x, v := range row {
			if c := &cells[x/cellPx]; v > max(c.noble, minNoble) {
				*c = keypoint{x, y, v}
			}
		}
		endOfCells, endOfBlock := (y+1)%cellPx == 0 || y == p.H-1, (y+1)%block == 0 || y == p.H-1
		if endOfCells || endOfBlock {
			for i, c := range cells {
				if c.noble > 0 {
					strip[c.x/block] = append(strip[c.x/block], c)
					cells[i] = keypoint{}
				}
			}
		}
		if endOfBlock {
			flush()
		}
	})
	return out
}

// cellPx is the side of the cells that give one keypoint at most.
const cellPx = 4

func byStrength(a, b keypoint) int {
	switch {
	case a.noble != b.noble:
		return cmp.Compare(b.noble, a.noble)
	case a.y != b.y:
		return a.y - b.y
	}
	return a.x - b.x
}

// nobleRows hands out, row by row, det/trace of the structure tensor summed over 5x5 pixels
// and divided by 25. Only five rows of products are kept, so that a page passes through the
// cache once.
func nobleRows(p *raster.Plane, emit func(y int, row []float32)) {
	w, h := p.W, p.H
	type tensor struct{ xx, xy, yy int32 }
	var ring [5][]tensor // horizontal sums of the last five rows
	for i := range ring {
		ring[i] = make([]tensor, w)
	}
	products, sum := make([]tensor, w+4), make([]tensor, w) // products has a border of two
	out := make([]float32, w)
	for y := range h + 2 {
		row := ring[y%5]
		for x, t := range row { // leaves the window: row y-5
			sum[x].xx -= t.xx
			sum[x].xy -= t.xy
			sum[x].yy -= t.yy
		}
		clear(row)
		if y >= 1 && y < h-1 {
			up, mid, dn := p.Pix[(y-1)*p.Stride:][:w], p.Pix[y*p.Stride:][:w], p.Pix[(y+1)*p.Stride:][:w]
			for x := 1; x < w-1; x++ {
				gx, gy := int32(mid[x+1])-int32(mid[x-1]), int32(dn[x])-int32(up[x])
				products[x+2] = tensor{gx * gx, gx * gy, gy * gy}
			}
			var s tensor
			for _, t := range products[:4] {
				s = tensor{s.xx + t.xx, s.xy + t.xy, s.yy + t.yy}
			}
			for x := range row {
				in := products[x+4]
				s = tensor{s.xx + in.xx, s.xy + in.xy, s.yy + in.yy}
				row[x] = s
				sum[x] = tensor{sum[x].xx + s.xx, sum[x].xy + s.xy, sum[x].yy + s.yy}
				gone := products[x]
				s = tensor{s.xx - gone.xx, s.xy - gone.xy, s.yy - gone.yy}
			}
		}
		if y < 2 {
			continue
		}
		for x, t := range sum {
			out[x] = 0
			if tr := t.xx + t.yy; tr > 25*minNoble {
				a, b, c := float32(t.xx), float32(t.xy), float32(t.yy)
				out[x] = (a*c - b*b) / float32(tr) / 25
			}
		}
		emit(y-2, out)
	}
}
