package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Colour of ink by sums, not by pixels: chroma is stored at half resolution and
// scanners shift their colour rows, so that every black stroke has a red and a cyan
// edge. Summed over a stroke the edges cancel, and the ratio of summed chroma to
// summed darkness does not depend on blur.

// huePxPerMM is the density at which chroma is sampled.
const huePxPerMM = 5

// inkHue is the colour of a box's ink, as chroma per darkness.
type inkHue struct {
	Known      bool    // the page has chroma and there is ink
	Cb, Cr     float64 // mean over all ink
	Corrector  float64 // share of the ink that is red or green, [0,1]
	RedOrGreen bool    // nearly all of it is
	SomeOfBoth bool    // part is, part is not
}

// Ratios of red and green ink. Reds measured on paper lie at Cr 0.35 to 0.6, greens at
// Cr -0.15 to -0.4 with Cb < 0; blue at Cb 0.2 to 0.5, Cr near -0.1; black within 0.05
// of zero. The limits lie half way; TestInkColour objects.
const (
	redCr   = 0.20
	greenCr = -0.14
)

// isCorrector reports whether a chroma ratio is that of red or green ink.
func isCorrector(cb, cr float64) bool {
	return (cr > redCr && cb < 0.6*cr) || (cr < greenCr && cb < 0.05)
}

// measureHue sums darkness and chroma over the ink of the patch.
func (c *boxCase) measureHue() {
	if !c.scan.Page.HasColour() || c.ink == nil {
		return
	}
	area := c.box.Inset(-ringFor(c.box))
	cb, cr := chromaPatch(c.scan, c.scan.Page.Cb, area), chromaPatch(c.scan, c.scan.Page.Cr, area)
	w, h := cb.Y.W, cb.Y.H
	dark, region := c.ink.coarse(w, h)
	cb0, cr0 := paperChroma(cb, dark), paperChroma(cr, dark)
	// Split by cell so that two inks in different places are told apart.
	const n = 4
	var d, sb, sr [n * n]float64
	for y := range h {
		for x := range w {
			i := y*w + x
			if !region[i] {
				continue
			}
			k := (y*n/h)*n + x*n/w
			d[k] += dark[i]
			sb[k] += float64(cb.Y.Pix[i]) - cb0
			sr[k] += float64(cr.Y.Pix[i]) - cr0
		}
	}
	c.hue = hueOf(d[:], sb[:], sr[:], c.tone.contrast())
}

// hueOf turns sums into a hue. contrast is grey levels per unit of darkness.
func hueOf(d, sb, sr []float64, contrast float64) (u inkHue) {
	var all, allB, allR, corr float64
	for k := range d {
		all, allB, allR = all+d[k], allB+sb[k], allR+sr[k]
		if d[k] > 0.5 && isCorrector(sb[k]/d[k]/contrast, sr[k]/d[k]/contrast) {
			corr += d[k]
		}
	}
	if all < 2 { // less than a tenth of a square mm of ink: chroma is noise
		return u
	}
	u.Known = true
	u.Cb, u.Cr = allB/all/contrast, allR/all/contrast
	u.Corrector = corr / all
	u.RedOrGreen = isCorrector(u.Cb, u.Cr) && u.Corrector > 0.6
	u.SomeOfBoth = !u.RedOrGreen && u.Corrector > 0.25
	return u
}

// chromaPatch samples one chroma plane over an area in mm.
func chromaPatch(v raster.View, plane *raster.Plane, area geom.Box) *raster.Patch {
	pg := v.Page
	toC := geom.ScaleBy(1/float64(max(pg.SubX, 1)), 1/float64(max(pg.SubY, 1)))
	return raster.View{Page: &raster.Page{Y: plane}, MMToPix: toC.Mul(v.MMToPix)}.Sample(area, huePxPerMM)
}

// coarse reduces ink to a grid of w x h and marks the region whose chroma counts: ink
// and its neighbours, away from print.
func (p *inkPatch) coarse(w, h int) (dark []float64, region []bool) {
	const f = markPxPerMM / huePxPerMM
	dark, region = make([]float64, w*h), make([]bool, w*h)
	printed := make([]bool, w*h)
	for y := range p.h {
		for x := range p.w {
			i := min(y/f, h-1)*w + min(x/f, w-1)
			dark[i] += float64(p.ink[y*p.w+x]) / (f * f)
			printed[i] = printed[i] || !p.free[y*p.w+x]
		}
	}
	for y := range h {
		for x := range w {
			i := y*w + x
			if dark[i] < 0.1 {
				continue
			}
			for j := max(y-1, 0); j <= min(y+1, h-1); j++ {
				for k := max(x-1, 0); k <= min(x+1, w-1); k++ {
					region[j*w+k] = !printed[j*w+k]
				}
			}
		}
	}
	return dark, region
}

// paperChroma is the mean chroma where there is neither ink nor print nearby.
func paperChroma(c *raster.Patch, dark []float64) float64 {
	sum, n := 0.0, 0.0
	for i, v := range c.Y.Pix {
		if dark[i] < 0.02 {
			sum += math.Min(math.Max(float64(v), 116), 140) // print and fringes do not pull
			n++
		}
	}
	if n < 10 {
		return 128
	}
	return sum / n
}
