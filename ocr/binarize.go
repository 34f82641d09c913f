package ocr

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// sampleLuma resamples src to w x h pixels through dstToSrc (pix of the result to
// pix of src) with n x n bilinear samples a pixel. Pixels whose samples all lie
// outside src are white. It is raster.View.Sample for luminance alone, at any angle;
// the map is exact every 16 samples and linear between them.
func sampleLuma(src *raster.Plane, dstToSrc geom.Homography, w, h, n int) *raster.Plane {
	dst := raster.NewPlane(max(w, 0), max(h, 0))
	fine := dstToSrc.Mul(geom.ScaleBy(1/float64(n), 1/float64(n)))
	sums, counts := make([]int32, dst.W), make([]int32, dst.W)
	for y := range dst.H {
		clear(sums)
		clear(counts)
		for j := range n {
			sampleRow(src, fine, y*n+j, n, sums, counts)
		}
		row := dst.Pix[y*dst.W : (y+1)*dst.W]
		for x := range row {
			row[x] = 255
			if c := counts[x]; c > 0 {
				row[x] = uint8((sums[x]/c + 128) >> 8)
			}
		}
	}
	return dst
}

// sampleRow adds one line of samples, n of them a pixel, to the pixels' sums and
// counts.
func sampleRow(src *raster.Plane, m geom.Homography, y, n int, sums, counts []int32) {
	const block = 16
	total := len(sums) * n
	at := func(x int) geom.Point { return m.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}) }
	q := at(0)
	for x0 := 0; x0 < total; x0 += block {
		end := at(x0 + block)
		d := end.Sub(q).Scale(1.0 / block)
		if wellInside(src, q) && wellInside(src, end) {
			sampleInside(src, q, d, x0, min(x0+block, total), n, sums, counts)
			q = end
			continue
		}
		for x := x0; x < min(x0+block, total); x++ {
			if inPlane(src, q) {
				sums[x/n] += int32(lumaAt(src, q))
				counts[x/n]++
			}
			q.X, q.Y = q.X+d.X, q.Y+d.Y
		}
		q = end
	}
}

// sampleInside is the loop of sampleRow for samples x0 to x1, d pix apart from q on,
// that all have four pixels around them: in whole numbers, 1/65536 of a sixteenth.
func sampleInside(src *raster.Plane, q, d geom.Point, x0, x1, n int, sums, counts []int32) {
	const one = 1 << 16
	fx, fy := int((q.X*16-7.5)*one), int((q.Y*16-7.5)*one)
	dx, dy := int(d.X*16*one), int(d.Y*16*one)
	for x := x0; x < x1; x++ {
		ax, ay := fx>>16&15, fy>>16&15
		o := fy>>20*src.Stride + fx>>20
		a, b := int(src.Pix[o]), int(src.Pix[o+1])
		c, e := int(src.Pix[o+src.Stride]), int(src.Pix[o+src.Stride+1])
		sums[x/n] += int32((a*(16-ax)+b*ax)*(16-ay) + (c*(16-ax)+e*ax)*ay)
		counts[x/n]++
		fx, fy = fx+dx, fy+dy
	}
}

// wellInside reports whether a point has a whole pixel of the plane on every side.
func wellInside(p *raster.Plane, q geom.Point) bool {
	return q.X >= 2 && q.Y >= 2 && q.X <= float64(p.W-2) && q.Y <= float64(p.H-2)
}

func inPlane(p *raster.Plane, q geom.Point) bool {
	return q.X >= 0 && q.Y >= 0 && q.X <= float64(p.W) && q.Y <= float64(p.H)
}

// lumaAt interpolates p at q (pix) and returns the value times 256, at most 255*256.
// Coordinates are clamped to the plane.
func lumaAt(p *raster.Plane, q geom.Point) int {
	fx, fy := int(q.X*16+1016.5)-1024, int(q.Y*16+1016.5)-1024 // -8 for the pixel centre, kept positive to truncate downwards
	x, y, ax, ay := fx>>4, fy>>4, fx&15, fy&15
	if x >= 0 && y >= 0 && x+1 < p.W && y+1 < p.H {
		o := y*p.Stride + x
		a, b := int(p.Pix[o]), int(p.Pix[o+1])
		c, d := int(p.Pix[o+p.Stride]), int(p.Pix[o+p.Stride+1])
		return (a*(16-ax)+b*ax)*(16-ay) + (c*(16-ax)+d*ax)*ay
	}
	a, b := int(p.At(x, y)), int(p.At(x+1, y))
	c, d := int(p.At(x, y+1)), int(p.At(x+1, y+1))
	return (a*(16-ax)+b*ax)*(16-ay) + (c*(16-ax)+d*ax)*ay
}

// boxToPix returns the map from the pixels of a box (mm) sampled at pxPerMM to the
// pixels of the page.
func boxToPix(mmToPix geom.Homography, box geom.Box, pxPerMM float64) geom.Homography {
	return mmToPix.Mul(geom.Homography{1 / pxPerMM, 0, box.X, 0, 1 / pxPerMM, box.Y, 0, 0, 1})
}

// sampleBox resamples the luminance of a box (mm) at pxPerMM.
func sampleBox(v raster.View, box geom.Box, pxPerMM float64) *raster.Plane {
	w, h := int(math.Ceil(box.W*pxPerMM-1e-9)), int(math.Ceil(box.H*pxPerMM-1e-9))
	return sampleLuma(v.Page.Y, boxToPix(v.MMToPix, box, pxPerMM), w, h, oversample(v.MMToPix, box, pxPerMM))
}

// oversample returns how many samples a pixel and axis a resampling needs so that
// no source pixel is skipped.
func oversample(mmToPix geom.Homography, box geom.Box, pxPerMM float64) int {
	sx, sy := mmToPix.ScaleAt(box.Center())
	return min(max(int(math.Ceil(math.Max(sx, sy)/pxPerMM-0.35)), 1), 8)
}

// halfSize averages 2 x 2 pixels.
func halfSize(p *raster.Plane) *raster.Plane {
	d := raster.NewPlane(p.W/2, p.H/2)
	for y := range d.H {
		a, b := p.Pix[2*y*p.Stride:], p.Pix[(2*y+1)*p.Stride:]
		row := d.Pix[y*d.W : (y+1)*d.W]
		for x := range row {
			row[x] = uint8((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) / 4)
		}
	}
	return d
}

// softened smooths by 1-2-1 along both axes: it rounds the stairs of 1-bit scans and
// noise, and hardly moves an edge. The border is copied.
func softened(p *raster.Plane) *raster.Plane {
	d := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		o := p.Pix[y*p.Stride : y*p.Stride+p.W]
		out := d.Pix[y*p.W : (y+1)*p.W]
		if y == 0 || y == p.H-1 || p.W < 3 {
			copy(out, o)
			continue
		}
		a, b := p.Pix[(y-1)*p.Stride:][:p.W], p.Pix[(y+1)*p.Stride:][:p.W]
		out[0], out[p.W-1] = o[0], o[p.W-1]
		left := int(a[0]) + 2*int(o[0]) + int(b[0])
		mid := int(a[1]) + 2*int(o[1]) + int(b[1])
		for x := 1; x < p.W-1; x++ {
			right := int(a[x+1]) + 2*int(o[x+1]) + int(b[x+1])
			out[x] = uint8((left + 2*mid + right + 8) >> 4)
			left, mid = mid, right
		}
	}
	return d
}

// boxBlur averages (2r+1) x (2r+1) pixels, fewer at the border.
func boxBlur(p *raster.Plane, r int) *raster.Plane {
	in := newIntegral(p)
	d := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		for x := range p.W {
			d.Pix[y*p.W+x] = uint8(in.mean(x-r, y-r, x+r+1, y+r+1) + 0.5)
		}
	}
	return d
}

// integral holds the sums over all rectangles of a plane. Sums of planes up to
// 4,096 x 4,096 pixels fit.
type integral struct {
	sum  []uint32
	w, h int
}

func newIntegral(p *raster.Plane) *integral {
	in := &integral{make([]uint32, (p.W+1)*(p.H+1)), p.W, p.H}
	for y := range p.H {
		var run uint32
		up, row := in.sum[y*(p.W+1):], in.sum[(y+1)*(p.W+1):]
		for x, v := range p.Pix[y*p.Stride : y*p.Stride+p.W] {
			run += uint32(v)
			row[x+1] = up[x+1] + run
		}
	}
	return in
}

// mean averages the pixels x0 <= x < x1, y0 <= y < y1 that lie in the plane.
func (in *integral) mean(x0, y0, x1, y1 int) float64 {
	x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, in.w), min(y1, in.h)
	if x0 >= x1 || y0 >= y1 {
		return 255
	}
	w := in.w + 1
	s := in.sum[y1*w+x1] - in.sum[y0*w+x1] - in.sum[y1*w+x0] + in.sum[y0*w+x0]
	return float64(s) / float64((x1-x0)*(y1-y0))
}

// darkMask marks (1) pixels darker than the mean of the (2r+1)^2 pixels around
// them by more than drop grey levels. A pixel inside a large black area keeps its
// mark as long as the area is smaller than the window.
func darkMask(p *raster.Plane, r, drop int) *raster.Plane {
	in := newIntegral(p)
	d := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		for x := range p.W {
			if float64(p.Pix[y*p.Stride+x]) < in.mean(x-r, y-r, x+r+1, y+r+1)-float64(drop) {
				d.Pix[y*p.W+x] = 1
			}
		}
	}
	return d
}

// quantiles returns the grey levels below which the fractions lo and hi of the
// plane lie.
func quantiles(p *raster.Plane, lo, hi float64) (qlo, qhi int) {
	var hist [256]int
	for y := range p.H {
		for _, v := range p.Pix[y*p.Stride : y*p.Stride+p.W] {
			hist[v]++
		}
	}
	n := float64(p.W * p.H)
	return histQuantile(&hist, lo*n), histQuantile(&hist, hi*n)
}

func histQuantile(hist *[256]int, rank float64) int {
	cum := 0.0
	for v, c := range hist {
		if cum += float64(c); cum > rank {
			return v
		}
	}
	return 255
}

// component is a connected set of marked pixels: its bounding box (x1, y1
// exclusive), its number of pixels and its label in the label plane.
type component struct{ x0, y0, x1, y1, n, label int }

// components labels the marked (1) pixels of a mask by 8-connection. Labels count
// from 1; 0 is unmarked.
func components(mask *raster.Plane) (labels []int32, comps []component) {
	labels = make([]int32, mask.W*mask.H)
	var stack []int
	for start, m := range mask.Pix {
		if m == 0 || labels[start] != 0 {
			continue
		}
		id := int32(len(comps) + 1)
		c := component{mask.W, mask.H, 0, 0, 0, int(id)}
		labels[start] = id
		stack = append(stack[:0], start)
		for len(stack) > 0 {
			o := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := o%mask.W, o/mask.W
			c.add(x, y)
			for ny := max(y-1, 0); ny <= min(y+1, mask.H-1); ny++ {
				for nx := max(x-1, 0); nx <= min(x+1, mask.W-1); nx++ {
					if q := ny*mask.W + nx; mask.Pix[q] != 0 && labels[q] == 0 {
						labels[q] = id
						stack = append(stack, q)
					}
				}
			}
		}
		comps = append(comps, c)
	}
	return labels, comps
}

func (c *component) add(x, y int) {
	c.x0, c.y0 = min(c.x0, x), min(c.y0, y)
	c.x1, c.y1 = max(c.x1, x+1), max(c.y1, y+1)
	c.n++
}
