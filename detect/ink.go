package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// pageTone is the paper level of a whole page, 0..255: what a patch without paper
// (torn, folded, black backing) is compared with.
type pageTone uint8

// measurePageTone takes the 80th percentile of a coarse grid of the page.
func measurePageTone(p *raster.Page) pageTone {
	const n = 48
	var hist [256]int
	for j := range n {
		for i := range n {
			hist[p.Y.At((2*i+1)*p.Y.W/(2*n), (2*j+1)*p.Y.H/(2*n))]++
		}
	}
	return pageTone(percentile(&hist, 0.8))
}

// tone holds a patch's local levels, 0..255, and the noise of its paper.
type tone struct {
	Paper, Print float64
	Noise        float64 // spread of paper, as a share of Paper-Print
}

// contrast is the distance from paper to print.
func (t tone) contrast() float64 { return t.Paper - t.Print }

// measureTone reads the local levels: paper from where the form prints nothing, print
// from the darkest printed pixels. Without print, black is assumed at a fifth of paper.
func measureTone(scan, form *raster.Patch) tone {
	var paper, printed [256]int
	n := 0
	for i, f := range form.Y.Pix {
		switch {
		case f > 240:
			paper[scan.Y.Pix[i]]++
		case f < 40:
			printed[scan.Y.Pix[i]]++
			n++
		}
	}
	// The 80th percentile is paper even where a fill and a ring cover most of the patch.
	t := tone{Paper: float64(percentile(&paper, 0.8))}
	t.Print = t.Paper / 5
	if n >= 20 {
		t.Print = math.Min(float64(percentile(&printed, 0.25)), t.Paper-25)
	}
	half := float64(percentile(&paper, 0.8) - percentile(&paper, 0.45))
	t.Noise = math.Min(half/t.contrast(), 0.2)
	return t
}

// inkPatch is a patch of ink: darkness beyond what the form prints, 0 paper, 1 as dark
// as print. Where Free is false print hides the paper and Ink is 0.
type inkPatch struct {
	w, h   int
	origin geom.Point // mm of the top-left corner on the form
	ink    []float32
	free   []bool
	box    geom.Box // mm
	noise  float32

	bareInside float64 // square mm of the box without paper
	mended     float64 // share of the box where ink is guessed under lines over the page
}

// newInkPatch subtracts the form from the scan. Darkness within mask mm of print is
// not counted.
func newInkPatch(scan, form *raster.Patch, t tone, box geom.Box, mask float64) *inkPatch {
	w, h := scan.Y.W, scan.Y.H
	p := &inkPatch{w: w, h: h, origin: geom.Point{X: scan.Box.X, Y: scan.Box.Y}, box: box,
		ink: make([]float32, w*h), free: make([]bool, w*h), noise: float32(t.Noise)}
	f := dilate(form.Y.Pix, w, h, int(math.Ceil(mask*scan.PxPerMM-0.25)))
	var lut [256]float32
	for i := range lut {
		lut[i] = float32(math.Min(math.Max((t.Paper-float64(i))/t.contrast(), 0), 1.2))
	}
	for i, v := range scan.Y.Pix {
		printed := float32(255-f[i]) / 255
		if printed > 0.25 {
			continue
		}
		p.free[i] = true
		p.ink[i] = max(lut[v]-printed, 0)
	}
	return p
}

// dilate returns the darkest value within r pixels along x and y (a square).
func dilate(src []uint8, w, h, r int) []uint8 {
	tmp, dst := make([]uint8, w*h), make([]uint8, w*h)
	for y := range h {
		slideMin(src[y*w:], tmp[y*w:], w, 1, r)
	}
	for x := range w {
		slideMin(tmp[x:], dst[x:], h, w, r)
	}
	return dst
}

// slideMin writes the minimum over a window of +-r along a line of n values.
func slideMin(src, dst []uint8, n, step, r int) {
	for i := range n {
		m := src[i*step]
		for k := max(0, i-r); k <= min(n-1, i+r); k++ {
			m = min(m, src[k*step])
		}
		dst[i*step] = m
	}
}

// pixel returns the patch coordinates of a place in mm, unclamped.
func (p *inkPatch) pixel(m geom.Point) (x, y int) {
	return int(math.Floor((m.X - p.origin.X) * markPxPerMM)), int(math.Floor((m.Y - p.origin.Y) * markPxPerMM))
}

// window returns the pixel rectangle of a box in mm, clamped to the patch; it is empty
// for a box elsewhere.
func (p *inkPatch) window(b geom.Box) (x0, y0, x1, y1 int) {
	x0, y0 = p.pixel(geom.Point{X: b.X + 0.05, Y: b.Y + 0.05})
	x1, y1 = p.pixel(geom.Point{X: b.X + b.W + 0.05, Y: b.Y + b.H + 0.05})
	x0, y0 = min(max(x0, 0), p.w), min(max(y0, 0), p.h)
	return x0, y0, max(min(x1, p.w), x0), max(min(y1, p.h), y0)
}

// threshold is the darkness above which a pixel is ink. It trades pale pencils (0.1 to
// 0.2) for paper noise, dirt and JPEG ringing (below 0.08 on clean scans).
func (p *inkPatch) threshold() float32 { return max(0.12, 4*p.noise) }
