package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// huePxPerMM is the density at which the colour of ink is looked at.
const huePxPerMM = 5

// hueReach is how many cells to each side belong to a place's stroke: with it 1 mm, the
// width of a felt pen and more than any fringe.
const hueReach = 2

// hueMap is the colour of ink on a coarse grid over a patch.
type hueMap struct {
	w, h   int
	taken  []lightTaken // by the ink of each cell; 0 where there is none
	slope  [][2]float64 // of the darkness at each cell, levels a cell
	ink    []inkP       // of each cell, judged with its surroundings
	all    lightTaken
	hue    hue // of all ink together
	sigma  float64
	likely inkP // mean over all ink
	whole  inkP // of all ink together: an ink of one colour is known best so
}

// newHueMap looks at the colour of the ink of a patch.
func (c *boxCase) newHueMap(p *inkPatch) *hueMap {
	area := geom.Box{X: p.origin.X, Y: p.origin.Y, W: float64(p.w) / markPxPerMM, H: float64(p.h) / markPxPerMM}
	cb, cr := chromaPatch(c.scan, c.scan.Page.Cb, area), chromaPatch(c.scan, c.scan.Page.Cr, area)
	y := lumaOnly(c.scan).Sample(area, huePxPerMM)
	m := &hueMap{w: cb.Y.W, h: cb.Y.H}
	dark, printed := p.coarse(m.w, m.h)
	region := m.region(dark, printed)
	paper := paperColour{c.tone.Paper, paperChroma(cb, dark, printed), paperChroma(cr, dark, printed)}
	m.taken, m.ink = make([]lightTaken, m.w*m.h), make([]inkP, m.w*m.h)
	var black lightTaken
	for i := range m.taken {
		t := lightTaken{dark[i] * c.tone.contrast(), float64(cb.Y.Pix[i]) - paper.cb, float64(cr.Y.Pix[i]) - paper.cr, 1}
		switch {
		case region[i]:
			m.taken[i] = t
			m.all.add(t)
		case printed[i] == 1:
			t.y = math.Max(paper.y-float64(y.Y.Pix[i]), 0)
			black.add(t)
		}
	}
	m.slopes(y)
	m.judge(paper, greyAxis(black, paper))
	return m
}

// maxGrey is the largest hue that black print is believed to have: where it seems more, it
// is not black print that was measured.
const maxGrey = 0.15

// greyAxis is the hue of black print.
func greyAxis(black lightTaken, paper paperColour) hue {
	if black.y < 500 {
		return hue{}
	}
	h, _ := hueOf(black, paper)
	if s := math.Hypot(h.X, h.Y); s > maxGrey {
		return hue{h.X * maxGrey / s, h.Y * maxGrey / s}
	}
	return h
}

// fringeCells is how far the rows of colours lie apart, in cells: 0.06 mm, most of a pixel
// at 300 dpi. Over the width of a stroke slopes of darkness cancel, and fringes with them;
// at the edge of a fill they do not.
const fringeCells = 0.3

// slopes measures how darkness changes from cell to cell, print and all.
func (m *hueMap) slopes(y *raster.Patch) {
	m.slope = make([][2]float64, m.w*m.h)
	for j := range m.h {
		for i := range m.w {
			m.slope[j*m.w+i] = [2]float64{
				(float64(y.Y.At(i-1, j)) - float64(y.Y.At(i+1, j))) / 2,
				(float64(y.Y.At(i, j-1)) - float64(y.Y.At(i, j+1))) / 2}
		}
	}
}

// judge finds the colour of each cell of ink from the ink around it.
func (m *hueMap) judge(paper paperColour, grey hue) {
	for y := range m.h {
		for x := range m.w {
			if m.taken[y*m.w+x].n == 0 {
				continue
			}
			var t lightTaken
			var sx, sy float64
			for j := max(y-hueReach, 0); j <= min(y+hueReach, m.h-1); j++ {
				for k := max(x-hueReach, 0); k <= min(x+hueReach, m.w-1); k++ {
					if i := j*m.w + k; m.taken[i].n > 0 {
						t.add(m.taken[i])
						sx, sy = sx+m.slope[i][0], sy+m.slope[i][1]
					}
				}
			}
			h, sigma := hueOf(t, paper)
			sigma = math.Hypot(sigma, fringeCells*math.Hypot(sx, sy)/math.Max(t.y, 1))
			m.ink[y*m.w+x] = inkAt(h.sub(grey), sigma)
		}
	}
	m.hue, m.sigma = hueOf(m.all, paper)
	m.hue = m.hue.sub(grey)
	m.whole = inkAt(m.hue, m.sigma)
	for i, t := range m.taken {
		k := math.Max(t.y, 0) / math.Max(m.all.y, 1e-9)
		p := m.ink[i]
		m.likely.Red += k * p.Red
		m.likely.Green += k * p.Green
		m.likely.Blue += k * p.Blue
		m.likely.Dark += k * p.Dark
	}
}

// amount is the ink in square mm of full darkness.
func (m *hueMap) amount(contrast float64) float64 {
	return m.all.y / contrast / (huePxPerMM * huePxPerMM)
}

// shares splits the ink by whether it is one of the named inks: the shares that surely
// are, surely are not, and the rest.
func (m *hueMap) shares(names []string) (are, arent, doubt float64) {
	for i, t := range m.taken {
		k := math.Max(t.y, 0) / math.Max(m.all.y, 1e-9)
		switch p := m.ink[i].of(names); {
		case p > 0.8:
			are += k
		case p < 0.2:
			arent += k
		default:
			doubt += k
		}
	}
	return are, arent, doubt
}

// region marks the cells whose chroma counts: ink and its neighbours, away from print.
func (m *hueMap) region(dark, printed []float64) []bool {
	region := make([]bool, m.w*m.h)
	for y := range m.h {
		for x := range m.w {
			if dark[y*m.w+x] < 0.1 {
				continue
			}
			for j := max(y-1, 0); j <= min(y+1, m.h-1); j++ {
				for k := max(x-1, 0); k <= min(x+1, m.w-1); k++ {
					region[j*m.w+k] = printed[j*m.w+k] == 0
				}
			}
		}
	}
	return region
}

// coarse reduces a patch to a grid of w x h: darkness of ink, and the share of print.
func (p *inkPatch) coarse(w, h int) (dark, printed []float64) {
	const f = markPxPerMM / huePxPerMM
	dark, printed = make([]float64, w*h), make([]float64, w*h)
	for y := range p.h {
		for x := range p.w {
			i := min(y/f, h-1)*w + min(x/f, w-1)
			dark[i] += float64(p.ink[y*p.w+x]) / (f * f)
			if !p.free[y*p.w+x] {
				printed[i] += 1.0 / (f * f)
			}
		}
	}
	return dark, printed
}

// chromaPatch samples one chroma plane over an area in mm.
func chromaPatch(v raster.View, plane *raster.Plane, area geom.Box) *raster.Patch {
	pg := v.Page
	toC := geom.ScaleBy(1/float64(max(pg.SubX, 1)), 1/float64(max(pg.SubY, 1)))
	return raster.View{Page: &raster.Page{Y: plane}, MMToPix: toC.Mul(v.MMToPix)}.Sample(area, huePxPerMM)
}

// paperChroma is the mean chroma where there is neither ink nor print nearby.
func paperChroma(c *raster.Patch, dark, printed []float64) float64 {
	sum, n := 0.0, 0.0
	for i, v := range c.Y.Pix {
		if dark[i] < 0.02 && printed[i] == 0 {
			sum += math.Min(math.Max(float64(v), 108), 148) // fringes do not pull
			n++
		}
	}
	if n < 10 {
		return 128
	}
	return sum / n
}
