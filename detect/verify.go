package detect

import (
	"math"
	"math/bits"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Which page of the form it is, is decided against every other page: where page a has
// print and page b has none, a scan of a must be dark; where b has print and a has none,
// a scan of a is dark only by handwriting. The scan is warped once to the form's frame at
// inkPxPerMM and every comparison is a handful of bit operations.

const (
	inkPxPerMM = 2.0
	// inkContrast is how much darker than its surroundings (8 mm) a pixel must be to be ink.
	inkContrast = 22
	// minDiffPixels is the least print (in pixels of 0.25 mm2) on which two pages are told
	// apart here; below it (two pages that differ by their page number) the finer
	// comparison of pairDiff decides.
	minDiffPixels = 60
)

// inkMap is a bitmap of the form page at inkPxPerMM.
type inkMap struct {
	w, h, words int
	bits        []uint64
}

func newInkMap(w, h int) inkMap {
	words := (w + 63) / 64
	return inkMap{w, h, words, make([]uint64, words*h)}
}

func (m inkMap) set(x, y int) { m.bits[y*m.words+x>>6] |= 1 << (x & 63) }

// grow returns the map dilated by one pixel in the four directions.
func (m inkMap) grow() inkMap {
	out := newInkMap(m.w, m.h)
	for y := range m.h {
		for i := range m.words {
			k := y*m.words + i
			v := m.bits[k]
			o := v | v<<1 | v>>1
			if i > 0 {
				o |= m.bits[k-1] >> 63
			}
			if i+1 < m.words {
				o |= m.bits[k+1] << 63
			}
			if y > 0 {
				o |= m.bits[k-m.words]
			}
			if y+1 < m.h {
				o |= m.bits[k+m.words]
			}
			out.bits[k] = o
		}
	}
	return out
}

// inkOf finds what is darker than its surroundings by contrast.
func inkOf(p *raster.Plane, contrast int) inkMap {
	m := newInkMap(p.W, p.H)
	local := localMean(p, int(4*inkPxPerMM))
	for y := range p.H {
		for x := range p.W {
			if int(p.Pix[y*p.Stride+x])+contrast < int(local[y*p.W+x]) {
				m.set(x, y)
			}
		}
	}
	return m
}

// localMean returns the mean over a square of 2r+1 pixels, clipped at the border.
func localMean(p *raster.Plane, r int) []uint8 {
	w, h := p.W, p.H
	sum := make([]int32, (w+1)*(h+1))
	for y := range h {
		row := int32(0)
		for x := range w {
			row += int32(p.Pix[y*p.Stride+x])
			sum[(y+1)*(w+1)+x+1] = sum[y*(w+1)+x+1] + row
		}
	}
	out := make([]uint8, w*h)
	for y := range h {
		y0, y1 := max(0, y-r), min(h, y+r+1)
		for x := range w {
			x0, x1 := max(0, x-r), min(w, x+r+1)
			s := sum[y1*(w+1)+x1] - sum[y0*(w+1)+x1] - sum[y1*(w+1)+x0] + sum[y0*(w+1)+x0]
			out[y*w+x] = uint8(s / int32((y1-y0)*(x1-x0)))
		}
	}
	return out
}

// formInk returns the print of a form page and the same grown by 1 mm.
func formInk(p raster.FormPage) (sure, maybe inkMap) {
	pxPerMM, _ := p.MMToPix.ScaleAt(geom.Point{})
	k := max(1, int(pxPerMM/inkPxPerMM/2+0.5)) // leaves about two pixels for one of the map
	half := geom.ScaleBy(1/float64(k), 1/float64(k))
	w, h := int(math.Ceil(p.WidthMM*inkPxPerMM)), int(math.Ceil(p.HeightMM*inkPxPerMM))
	plane, _ := warpToForm(smooth3(p.Page.Y.Reduce(k)), half.Mul(p.MMToPix), w, h)
	sure = inkOf(plane, 60)
	maybe = inkOf(plane, 12).grow().grow()
	return sure, maybe
}

// scanInk returns the scan's ink in the frame of a form page's ink map of w x h pixels, grown
// by half a mm, and where the scan has paper at all.
func scanInk(smooth *raster.Plane, mmToSmooth geom.Homography, w, h int) (ink, paper inkMap) {
	plane, paper := warpToForm(smooth, mmToSmooth, w, h)
	return inkOf(plane, inkContrast).grow(), paper
}

// warpToForm samples a smoothed plane at the nearest pixel for each of the w x h pixels of an
// ink map; outside the plane it is white and not paper.
func warpToForm(smooth *raster.Plane, mmToSmooth geom.Homography, w, h int) (*raster.Plane, inkMap) {
	plane, paper := raster.NewPlane(w, h), newInkMap(w, h)
	m := mmToSmooth.Mul(geom.ScaleBy(1/inkPxPerMM, 1/inkPxPerMM))
	affine := m[6] == 0 && m[7] == 0
	for y := range h {
		fy := float64(y) + 0.5
		row := plane.Pix[y*plane.Stride:][:w]
		x0, y0, d := m[1]*fy+m[2], m[4]*fy+m[5], m[8]
		for x := range row {
			fx := float64(x) + 0.5
			if !affine {
				d = m[6]*fx + m[7]*fy + m[8]
			}
			px, py := int((m[0]*fx+x0)/d), int((m[3]*fx+y0)/d)
			if uint(px) < uint(smooth.W) && uint(py) < uint(smooth.H) {
				row[x] = smooth.Pix[py*smooth.Stride+px]
				paper.set(x, y)
			} else {
				row[x] = 255
			}
		}
	}
	return plane, paper
}

// recall returns the share of the page's print, where there is paper, that the scan shows.
func recall(ink, paper inkMap, idx *formIndex) float64 {
	n, hit := 0, 0
	for i, b := range idx.print.bits {
		b &= paper.bits[i]
		n += bits.OnesCount64(b)
		hit += bits.OnesCount64(b & ink.bits[i])
	}
	return float64(hit) / float64(max(n, 1))
}

// evidence says how much better the scan's ink fits page a than page b, in [-1, 1]; decided
// is false if the two differ too little to say.
func evidence(ink, paper inkMap, a, b *formIndex) (margin float64, decided bool) {
	onlyA, hitA := 0, 0
	onlyB, hitB := 0, 0
	for y := range min(ink.h, a.print.h, b.print.h) {
		for i := range min(ink.words, a.print.words, b.print.words) {
			s, pp := ink.bits[y*ink.words+i], paper.bits[y*paper.words+i]
			da := a.print.bits[y*a.print.words+i] &^ b.maybe.bits[y*b.maybe.words+i] & pp
			db := b.print.bits[y*b.print.words+i] &^ a.maybe.bits[y*a.maybe.words+i] & pp
			onlyA += bits.OnesCount64(da)
			hitA += bits.OnesCount64(da & s)
			onlyB += bits.OnesCount64(db)
			hitB += bits.OnesCount64(db & s)
		}
	}
	ra, rb := 0.5, 0.5
	if onlyA >= minDiffPixels {
		ra = float64(hitA) / float64(onlyA)
	}
	if onlyB >= minDiffPixels {
		rb = float64(hitB) / float64(onlyB)
	}
	return ra - rb, onlyA >= minDiffPixels || onlyB >= minDiffPixels
}
