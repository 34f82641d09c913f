package ocr

import (
	"math"
	"slices"

	"scan/internal/raster"
)

// darkness returns how dark pixels are compared with the paper, 0 to 1, paper being the
// light end of what is not print.
func darkness(p *raster.Patch, printed []bool) []float32 {
	out := make([]float32, len(p.Y.Pix))
	deepen(out, printed, func(i int) int { return int(p.Y.Pix[i]) })
	return out
}

// colourDarkness is the darkest of luminance, red and green: red ink takes nearly all
// green and only half of the luminance, green ink likewise red. Blue is left out: its
// chroma is the noisiest and no pen needs it. In the neighbourhood of print (far) the
// luminance stands alone: chroma is stored coarsely, and black lines have coloured edges.
func colourDarkness(p *raster.Patch, luma []float32, printed, far []bool) []float32 {
	if p.Cb == nil {
		return luma
	}
	out := slices.Clone(luma)
	deepen(out, printed, func(i int) int { return clamp255(int(p.Y.Pix[i]) + 359*(int(p.Cr.Pix[i])-128)/256) })
	deepen(out, printed, func(i int) int {
		return clamp255(int(p.Y.Pix[i]) - (88*(int(p.Cb.Pix[i])-128)+183*(int(p.Cr.Pix[i])-128))/256)
	})
	for i, near := range far {
		if near {
			out[i] = luma[i]
		}
	}
	return out
}

func clamp255(v int) int { return min(max(v, 0), 255) }

// deepen raises darkness to that of one channel.
func deepen(out []float32, printed []bool, channel func(i int) int) {
	var hist [256]int
	n := 0
	for i := range out {
		if !printed[i] {
			hist[channel(i)]++
			n++
		}
	}
	paper := 255
	for left := n / 4; paper > 0 && left >= 0; paper-- { // the 75th percentile
		left -= hist[paper]
	}
	paper = max(paper+1, 1)
	var table [256]float32
	for v := range table {
		table[v] = max(0, 1-float32(v)/float32(paper))
	}
	for i := range out {
		out[i] = max(out[i], table[channel(i)])
	}
}

// A pen has a colour from penChroma on (red and green have 60 to 90, blue 40 to 70; the
// fringes of black print stay below 20 in the mean of a field). A pixel under the print is the pen's if its
// chroma points the same way and is vividShare as strong.
const (
	penChroma  = 24
	vividShare = 0.65
)

// findColour finds pixels of the pen's own colour, so that its strokes are seen on the
// frame's black lines as well. cut is the darkness of ink.
func (f *field) findColour(scan *raster.Patch, cut float32) {
	if scan.Cb == nil {
		return
	}
	var paper, pen [2]float64
	np, ni := 0.0, 0.0
	at := func(i int) (float64, float64) { return float64(scan.Cb.Pix[i]), float64(scan.Cr.Pix[i]) }
	for i, d := range f.dark {
		cb, cr := at(i)
		switch {
		case f.far[i]:
		case d > cut:
			pen[0], pen[1], ni = pen[0]+cb, pen[1]+cr, ni+1
		case d < f.floor:
			paper[0], paper[1], np = paper[0]+cb, paper[1]+cr, np+1
		}
	}
	if ni < dotArea || np == 0 {
		return
	}
	pb, pr := paper[0]/np, paper[1]/np
	db, dr := pen[0]/ni-pb, pen[1]/ni-pr
	strength := math.Hypot(db, dr)
	if strength < penChroma {
		return
	}
	f.vivid = make([]bool, len(f.dark))
	for i := range f.vivid {
		cb, cr := at(i)
		f.vivid[i] = ((cb-pb)*db+(cr-pr)*dr)/strength > vividShare*strength
	}
}
