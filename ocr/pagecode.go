package ocr

import (
	"math"
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
			codes = append(codes, r.pageCodeIn(v, box.Inset(-3), true)...)
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
			codes = append(codes, r.pageCodeIn(v, box.Inset(-3), false)...)
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
	hits := findDataMatrix(p, dmSearch{minLeg: 5 * pageCodePxPerMM, maxLeg: 25 * pageCodePxPerMM, upright: upright, max: 2})
	if len(hits) == 0 {
		if h, ok := readQR(p, qrHybrid); ok {
			hits = append(hits, h)
		}
	}
	var codes []PageCode
	for _, h := range hits {
		if exam, copyID, page, ok := ParsePageCode(h.text); ok && !h.weak {
			c := h.center().Scale(1.0 / pageCodePxPerMM).Add(geom.Point{X: box.X, Y: box.Y})
			codes = append(codes, PageCode{Code: Code{h.text, h.symbology, c}, Exam: exam, Copy: copyID, Page: page})
		}
	}
	return codes
}

// Texture of a code, looked for before anything dear. Samples are texturePxPerMM
// apart; a cell of textureCell x textureCell samples slides by half its size.
const (
	texturePxPerMM = 3.0
	textureCell    = 15
)

// codeTexture returns the boxes (mm) inside area where the page looks like a
// matrix code: between 27 and 75 % dark, with changes along both axes. Printed text
// is 10 to 20 % dark, rules and frames change along one axis only.
func codeTexture(v raster.View, area geom.Box) []geom.Box {
	t := sampleDark(v, area)
	cols, rows := (t.W-textureCell)*2/textureCell+1, (t.H-textureCell)*2/textureCell+1
	if cols < 1 || rows < 1 {
		return nil
	}
	mask := raster.NewPlane(cols, rows)
	for j := range rows {
		for i := range cols {
			if matrixLike(t, i*textureCell/2, j*textureCell/2) {
				mask.Pix[j*cols+i] = 1
			}
		}
	}
	_, comps := components(mask)
	var boxes []geom.Box
	const half = textureCell / 2.0 / texturePxPerMM
	for _, c := range comps {
		w, h := float64(c.x1-c.x0+1)*half, float64(c.y1-c.y0+1)*half
		if w > 60 || h > 60 {
			continue // no page code is that large
		}
		boxes = append(boxes, geom.Box{X: area.X + float64(c.x0)*half, Y: area.Y + float64(c.y0)*half, W: w, H: h})
	}
	return boxes
}

// sampleDark samples an area (mm) point by point at texturePxPerMM: 1 where dark.
func sampleDark(v raster.View, area geom.Box) *raster.Plane {
	w, h := int(area.W*texturePxPerMM), int(area.H*texturePxPerMM)
	m := boxToPix(v.MMToPix, area, texturePxPerMM)
	t := raster.NewPlane(max(w, 0), max(h, 0))
	src := v.Page.Y
	for y := range t.H {
		row := t.Pix[y*w : (y+1)*w]
		for x := range row {
			q := m.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			row[x] = 255
			if q.X >= 0 && q.Y >= 0 && q.X < float64(src.W) && q.Y < float64(src.H) {
				row[x] = src.Pix[int(q.Y)*src.Stride+int(q.X)]
			}
		}
	}
	lo, hi := quantiles(t, 0.005, 0.8)
	level := (lo + hi) / 2
	if hi-lo < 40 {
		level = 0 // blank paper
	}
	for i, g := range t.Pix {
		t.Pix[i] = 0
		if int(g) < level {
			t.Pix[i] = 1
		}
	}
	return t
}

// matrixLike judges the cell at (x0, y0) of dark samples.
func matrixLike(t *raster.Plane, x0, y0 int) bool {
	dark, across, down := 0, 0, 0
	for y := y0; y < y0+textureCell; y++ {
		o := y*t.W + x0
		for x := range textureCell {
			d := t.Pix[o+x]
			dark += int(d)
			if x > 0 {
				across += int(d ^ t.Pix[o+x-1])
			}
			if y > y0 {
				down += int(d ^ t.Pix[o+x-t.W])
			}
		}
	}
	const n = textureCell * textureCell
	return dark > n*27/100 && dark < n*75/100 && min(across, down) > n*10/100 &&
		math.Abs(float64(across-down)) < 0.6*float64(across+down)
}
