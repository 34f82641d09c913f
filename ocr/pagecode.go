package ocr

import (
	"strconv"
	"strings"

	"scan/internal/geom"
	"scan/internal/raster"
)

// ParsePageCode takes a page code's text apart from the right: last the page
// number, before it the copy, everything before that the exam. ok is false if the
// text is no page code.
func ParsePageCode(text string) (exam, copyID string, page int, ok bool) {
	i := strings.LastIndexByte(text, '-')
	if i < 0 {
		return "", "", 0, false
	}
	j := strings.LastIndexByte(text[:i], '-')
	if j <= 0 || j+1 == i {
		return "", "", 0, false
	}
	digits := text[i+1:]
	if digits == "" || len(digits) > 4 || strings.Trim(digits, "0123456789") != "" {
		return "", "", 0, false
	}
	page, err := strconv.Atoi(digits)
	return text[:j], text[j+1 : i], page, err == nil && page > 0
}

// Where page codes are looked for: strips along the edges of a page, mm.
const pageCodeMargin = 25.0

// FindPageCodes finds the page codes in the top and bottom 25 mm of a registered
// page of widthMM x heightMM: Data Matrix or QR whose text ParsePageCode
// understands. All that can be read are returned, top strip first, left to right;
// that they agree is for the caller to check. Center is in mm.
func (r *Reader) FindPageCodes(v raster.View, widthMM, heightMM float64) []PageCode {
	var codes []PageCode
	for _, y := range []float64{0, heightMM - pageCodeMargin} {
		strip := geom.Box{X: 0, Y: y, W: widthMM, H: pageCodeMargin}
		for _, box := range codeTexture(v, strip) {
			codes = append(codes, r.pageCodeIn(v, box.Inset(-3.5), true)...)
		}
	}
	return codes
}

// FindPageCodesRaw does the same on a page that could not be registered, of about
// pxPerMM pixels a mm, upright or turned by any angle: it looks along all four
// edges. Center is pix divided by pxPerMM.
func (r *Reader) FindPageCodesRaw(p *raster.Page, pxPerMM float64) []PageCode {
	v := raster.View{Page: p, MMToPix: geom.ScaleBy(pxPerMM, pxPerMM)}
	page := geom.Box{W: float64(p.W()) / pxPerMM, H: float64(p.H()) / pxPerMM}
	inner := page.Inset(pageCodeMargin + 5)
	var codes []PageCode
	for _, box := range codeTexture(v, page) {
		if !inner.Contains(box.Center()) {
			codes = append(codes, r.pageCodeIn(v, box.Inset(-5), false)...)
		}
	}
	return codes
}

// pageCodePxPerMM is the resolution codes are sampled at. A module of 0.42 mm gets
// 3.7 pix; more costs time in proportion to its square and gains nothing at 300 dpi.
const pageCodePxPerMM = 9

// pageCodeIn reads the page codes in a box (mm).
func (r *Reader) pageCodeIn(v raster.View, box geom.Box, upright bool) []PageCode {
	p := sampleBox(v, box, pageCodePxPerMM)
	hits := pageCodeHits(p, upright)
	if len(hits) == 0 {
		hits = pageCodeHits(boxBlur(p, 1), upright) // ragged 1-bit edges
	}
	var codes []PageCode
	for _, h := range hits {
		if exam, copyID, page, ok := ParsePageCode(h.text); ok && !h.weak() && legible(h.text) {
			c := h.center().Scale(1.0 / pageCodePxPerMM).Add(geom.Point{X: box.X, Y: box.Y})
			codes = append(codes, PageCode{Code: Code{h.text, h.symbology, c}, Exam: exam, Copy: copyID, Page: page})
		}
	}
	return codes
}

// pageCodeHits reads a plane of pageCodePxPerMM: codes with sides of 5 to 25 mm.
func pageCodeHits(p *raster.Plane, upright bool) []codeHit {
	hits := findDataMatrix(p, dmSearch{minLeg: 5 * pageCodePxPerMM, maxLeg: 25 * pageCodePxPerMM, upright: upright, max: 2})
	if len(hits) > 0 {
		return hits
	}
	return findQR(p)
}

// Texture of a code, looked for before anything dear: the page is sampled point by
// point at texturePxPerMM and counted in tiles of tileSide x tileSide samples; a
// cell is 2 x 2 tiles (4.7 mm, inside the smallest code at any offset but for a
// millimetre).
const (
	texturePxPerMM = 3.0
	tileSide       = 7
	tileMM         = tileSide / texturePxPerMM
)

// tile counts the dark samples of a tile and the changes along both axes.
type tile struct{ dark, across, down int }

func (t tile) add(o tile) tile { return tile{t.dark + o.dark, t.across + o.across, t.down + o.down} }

// matrixLike judges a cell of 2 x 2 tiles: a code is 27 to 75 % dark and changes
// along both axes. Printed text is 10 to 20 % dark, rules and frames change along
// one axis only.
func (t tile) matrixLike() bool {
	const n = 4 * tileSide * tileSide
	return t.dark > n*27/100 && t.dark < n*75/100 && min(t.across, t.down) > n*10/100 && max(t.across, t.down) < 4*min(t.across, t.down)
}

// codeTexture returns the boxes (mm) inside area where the page looks like a
// matrix code.
func codeTexture(v raster.View, area geom.Box) []geom.Box {
	tiles, cols, rows := countTiles(samplePoints(v, area))
	if cols < 2 || rows < 2 {
		return nil
	}
	mask := raster.NewPlane(cols-1, rows-1)
	for j := range mask.H {
		for i := range mask.W {
			o := j*cols + i
			if tiles[o].add(tiles[o+1]).add(tiles[o+cols]).add(tiles[o+cols+1]).matrixLike() {
				mask.Pix[j*mask.W+i] = 1
			}
		}
	}
	_, comps := components(mask)
	var boxes []geom.Box
	for _, c := range comps {
		w, h := float64(c.x1-c.x0+1)*tileMM, float64(c.y1-c.y0+1)*tileMM
		if max(w, h) < 60 { // no page code is larger
			boxes = append(boxes, geom.Box{X: area.X + float64(c.x0)*tileMM, Y: area.Y + float64(c.y0)*tileMM, W: w, H: h})
		}
	}
	return boxes
}

// samplePoints samples an area (mm) at texturePxPerMM without averaging; white
// beyond the page.
func samplePoints(v raster.View, area geom.Box) *raster.Plane {
	t := raster.NewPlane(max(int(area.W*texturePxPerMM), 0), max(int(area.H*texturePxPerMM), 0))
	m := boxToPix(v.MMToPix, area, texturePxPerMM)
	src := v.Page.Y
	for y := range t.H {
		row := t.Pix[y*t.W : (y+1)*t.W]
		at := func(x int) geom.Point { return m.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}) }
		for x0 := 0; x0 < t.W; x0 += 16 {
			q, end := at(x0), at(x0+16)
			d := end.Sub(q).Scale(1.0 / 16)
			for x := x0; x < min(x0+16, t.W); x++ {
				row[x] = 255
				if inPlane(src, q) {
					row[x] = src.Pix[min(int(q.Y), src.H-1)*src.Stride+min(int(q.X), src.W-1)]
				}
				q.X, q.Y = q.X+d.X, q.Y+d.Y
			}
		}
	}
	return t
}

// countTiles cuts samples at the middle between paper and ink and counts them by
// tiles. Paper without ink has no tiles.
func countTiles(p *raster.Plane) (tiles []tile, cols, rows int) {
	if p.W < 2*tileSide || p.H < 2*tileSide {
		return nil, 0, 0
	}
	lo, hi := quantiles(p, 0.005, 0.8)
	if hi-lo < 40 {
		return nil, 0, 0
	}
	level := uint8((lo + hi) / 2)
	cols, rows = p.W/tileSide, p.H/tileSide
	tiles = make([]tile, cols*rows)
	above := make([]int, p.W)
	for y := range rows * tileSide {
		row := p.Pix[y*p.W : (y+1)*p.W]
		left := 0
		for i := range cols {
			t := &tiles[y/tileSide*cols+i]
			for x := i * tileSide; x < (i+1)*tileSide; x++ {
				d := 0
				if row[x] < level {
					d = 1
				}
				t.dark += d
				t.across += d ^ left
				t.down += d ^ above[x]
				left, above[x] = d, d
			}
		}
	}
	return tiles, cols, rows
}
