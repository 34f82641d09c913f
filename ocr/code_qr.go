package ocr

import (
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"

	"scan/internal/geom"
	"scan/internal/raster"
)

// findQR returns the QR codes of a plane, at any angle and in perspective, that
// decode.
func findQR(p *raster.Plane) []codeHit {
	if p.W < 21 || p.H < 21 {
		return nil
	}
	var hits []codeHit
	tries := 0
	for _, c := range qrCorners(findFinders(p)) {
		middle := c.tr.Add(c.bl).Scale(0.5)
		if slices.ContainsFunc(hits, func(h codeHit) bool { return insideQuad(h.grownQuad(2), middle) }) {
			continue
		}
		grids := qrGridsFor(p, c)
		if tries += len(grids); tries > maxQRGrids {
			break
		}
		if h, ok := readQRGrids(p, grids); ok {
			hits = append(hits, h)
		}
	}
	return hits
}

// maxQRGrids bounds the grids sampled in one plane: two or three a code, and the most
// regular corners come first. It trades codes amid much that looks like one for time,
// up to 10 ms a grid of the largest versions.
const maxQRGrids = 12

// readQRGrids reads the first of the grids that decodes.
func readQRGrids(p *raster.Plane, grids []qrGrid) (codeHit, bool) {
	for _, g := range grids {
		g = g.refined(p)
		if h, ok := g.read(p); ok {
			return h, true
		}
		if b := g.bent(p); b.shift != nil {
			if h, ok := b.read(p); ok {
				return h, true
			}
		}
	}
	return codeHit{}, false
}

// read samples the modules and decodes them, by several thresholds until one gives
// a proven result, upright or mirrored.
func (g qrGrid) read(p *raster.Plane) (codeHit, bool) {
	size := dmSize{g.v.dim, g.v.dim}
	grey := make([]float64, g.v.dim*g.v.dim)
	for i := range grey {
		grey[i] = g.moduleAt(p, float64(i%g.v.dim)+0.5, float64(i/g.v.dim)+0.5)
	}
	dark, light := g.fixedGreys(grey)
	level := (dark + light) / 2
	plain := darker(grey, level)
	if g.v.framed(plain) < 0.65 {
		return codeHit{}, false
	}
	for _, bits := range []func() []bool{
		func() []bool { return plain },
		func() []bool { return darkerThanAround(grey, size) },
		func() []bool { return darker(sharpened(grey, size, 0.6), level) },
		func() []bool { return darkerThanAround(sharpened(grey, size, 0.5), size) },
		func() []bool { return darker(grey, dark+penShare*(light-dark)) },
	} {
		b := bits()
		if g.v.framed(b) < qrFixedShare {
			continue
		}
		if text, doubt, ok := qrDecode(b, g.v); ok {
			return codeHit{text: text, symbology: symQR, quad: g.quad, doubt: doubt}, true
		}
		if text, doubt, ok := qrDecode(transposed(b, g.v.dim), g.v); ok {
			q := [4]geom.Point{g.quad[0], g.quad[3], g.quad[2], g.quad[1]}
			return codeHit{text: text, symbology: symQR, quad: q, doubt: doubt}, true
		}
	}
	return codeHit{}, false
}

// moduleAt averages five points of a module, its centre and 0.22 modules around, as
// 0..255.
func (g qrGrid) moduleAt(p *raster.Plane, x, y float64) float64 {
	const r = 0.22
	s := 2 * lumaAt(p, g.at(x, y))
	s += lumaAt(p, g.at(x-r, y-r)) + lumaAt(p, g.at(x+r, y-r))
	s += lumaAt(p, g.at(x-r, y+r)) + lumaAt(p, g.at(x+r, y+r))
	return float64(s) / (6 * 256)
}

// fixedGreys returns the medians of the fixed dark and light modules: a stroke across
// them moves neither.
func (g qrGrid) fixedGreys(grey []float64) (dark, light float64) {
	var v [2][]float64
	for _, f := range g.v.fixed {
		k := 0
		if f.dark {
			k = 1
		}
		v[k] = append(v[k], grey[f.y*g.v.dim+f.x])
	}
	slices.Sort(v[0])
	slices.Sort(v[1])
	return v[1][len(v[1])/2], v[0][len(v[0])/2]
}

// qrFixedShare is the least share of fixed modules that must be as the version has
// them. It trades codes with a finder pattern written over for grids laid over
// texture, which have half; the error correction covers none of these modules.
const qrFixedShare = 0.75

// framed is the share of fixed modules that are as the version has them.
func (v qrVersion) framed(bits []bool) float64 {
	same := 0
	for _, f := range v.fixed {
		if bits[f.y*v.dim+f.x] == f.dark {
			same++
		}
	}
	return float64(same) / float64(len(v.fixed))
}

func transposed(bits []bool, dim int) []bool {
	out := make([]bool, len(bits))
	for i, b := range bits {
		out[i%dim*dim+i/dim] = b
	}
	return out
}

// qrDecode decodes sampled modules and returns the doubt that remains (rsBlock.doubt).
func qrDecode(bits []bool, v qrVersion) (text string, doubt float64, ok bool) {
	defer func() {
		if recover() != nil { // gozxing indexes past its data on some inputs; those hold no text
			text, doubt, ok = "", 0, false
		}
	}()
	m, err := gozxing.NewBitMatrix(v.dim, v.dim)
	if err != nil {
		return "", 0, false
	}
	for i, b := range bits {
		if b {
			m.Set(i%v.dim, i/v.dim)
		}
	}
	parser, err := decoder.NewBitMatrixParser(m)
	if err != nil {
		return "", 0, false
	}
	info, err := decoder.Version_GetVersionForNumber(v.number)
	if err != nil {
		return "", 0, false
	}
	if read, err := parser.ReadVersion(); err != nil || read.GetVersionNumber() != v.number {
		return "", 0, false
	}
	format, err := parser.ReadFormatInformation()
	if err != nil {
		return "", 0, false
	}
	words, err := parser.ReadCodewords()
	if err != nil {
		return "", 0, false
	}
	blocks, err := decoder.DataBlock_GetDataBlocks(words, info, format.GetErrorCorrectionLevel())
	if err != nil {
		return "", 0, false
	}
	data, doubt, ok := qrRepair(blocks)
	if !ok {
		return "", 0, false
	}
	res, err := decoder.DecodedBitStreamParser_Decode(data, info, format.GetErrorCorrectionLevel(), nil)
	if err != nil || res.GetText() == "" {
		return "", 0, false
	}
	return res.GetText(), doubt, true
}

func qrRepair(blocks []*decoder.DataBlock) (data []byte, doubt float64, ok bool) {
	for _, b := range blocks {
		r := rsBlock{check: len(b.GetCodewords()) - b.GetNumDataCodewords()}
		for _, w := range b.GetCodewords() {
			r.words = append(r.words, int(w))
		}
		words, changed, ok := r.corrected(reedsolomon.GenericGF_QR_CODE_FIELD_256)
		if !ok {
			return nil, 0, false
		}
		doubt += r.doubt(changed)
		for _, w := range words[:b.GetNumDataCodewords()] {
			data = append(data, byte(w))
		}
	}
	return data, doubt, true
}
