package ocr

import (
	"cmp"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix/decoder"
	"github.com/makiuchi-d/gozxing/datamatrix/encoder"

	"scan/internal/raster"
)

// Reading a Data Matrix (ECC 200): gozxing's finder needs the symbol in the middle
// of its image, so finding it is done here:
//
//	edges     straight dark/light edges of the crop (datamatrix_edges.go)
//	L         two of them that meet at a right angle, dark inside: the solid legs
//	grid      the symbol size whose dashed sides fit best, corners refined
//	          (datamatrix_grid.go)
//	bits      module centres against the grey between dark and light modules
//	decode    gozxing's decoder, then the proof: its codewords are encoded again
//	          and compared with what was sampled, module by module

// dmSize is a symbol size in modules, finder included.
type dmSize struct{ rows, cols int }

// dmSymbols are the sizes looked for: squares up to 52 modules (204 codewords, far
// more than an identifier needs) and all rectangles of ECC 200.
var dmSymbols = dmSymbolTable()

func dmSymbolTable() map[dmSize]*encoder.SymbolInfo {
	table := map[dmSize]*encoder.SymbolInfo{}
	for n := 1; n <= 204; n++ {
		for _, shape := range []encoder.SymbolShapeHint{encoder.SymbolShapeHint_FORCE_SQUARE, encoder.SymbolShapeHint_FORCE_RECTANGLE} {
			info, err := encoder.SymbolInfo_Lookup(n, shape, nil, nil, false)
			if err == nil && info != nil {
				table[dmSize{info.GetSymbolHeight(), info.GetSymbolWidth()}] = info
			}
		}
	}
	return table
}

// dmSizes lists the keys of dmSymbols, small symbols first.
var dmSizes = func() (sizes []dmSize) {
	for s := range dmSymbols {
		sizes = append(sizes, s)
	}
	slices.SortFunc(sizes, func(a, b dmSize) int {
		return cmp.Or(cmp.Compare(a.rows*a.cols, b.rows*b.cols), cmp.Compare(a.rows, b.rows))
	})
	return sizes
}()

// dmMaxDiff is the largest share of modules that may differ between the symbol as
// sampled and as encoded again from its decoded codewords. Reed-Solomon repairs
// about a fifth of the codewords, which is a seventh of the modules when single
// modules are hit and a fifth when a stroke hides whole codewords; noise that
// decodes by accident differs in four tenths. TestDataMatrixRefusesNoise and
// TestDataMatrixDamage object when it is moved.
const dmMaxDiff = 0.18

// dmDecode decodes sampled modules and proves the result. weak is set for symbols
// of up to 12 codewords with more than a few wrong modules, where Reed-Solomon
// alone would let one damaged symbol in a million through as another.
func dmDecode(bits []bool, size dmSize) (text string, weak, ok bool) {
	m, err := gozxing.NewBitMatrix(size.cols, size.rows)
	if err != nil {
		return "", false, false
	}
	for i, b := range bits {
		if b {
			m.Set(i%size.cols, i/size.cols)
		}
	}
	res, err := decoder.NewDecoder().Decode(m)
	if err != nil || !printable(res.GetText()) {
		return "", false, false
	}
	want, ok := dmRender(res.GetRawBytes(), size)
	if !ok {
		return "", false, false
	}
	diff := 0
	for i := range bits {
		if bits[i] != want[i] {
			diff++
		}
	}
	if float64(diff) > dmMaxDiff*float64(len(bits)) {
		return "", false, false
	}
	return res.GetText(), dmSymbols[size].GetCodewordCount() <= 12 && diff > 4, true
}

// dmRender lays out the modules of a symbol from its data codewords: what a perfect
// print of it looks like. True is dark.
func dmRender(data []byte, size dmSize) ([]bool, bool) {
	info := dmSymbols[size]
	if info == nil || len(data) != info.GetDataCapacity() {
		return nil, false
	}
	all, err := encoder.ErrorCorrection_EncodeECC200(data, info)
	if err != nil {
		return nil, false
	}
	dw, dh := info.GetSymbolDataWidth(), info.GetSymbolDataHeight()
	place := encoder.NewDefaultPlacement(all, dw, dh)
	place.Place()
	rw, rh := info.GetMatrixWidth(), info.GetMatrixHeight()
	bits := make([]bool, size.rows*size.cols)
	for y := range size.rows {
		for x := range size.cols {
			bits[y*size.cols+x] = dmModule(place, x, y, rw, rh)
		}
	}
	return bits, true
}

// dmModule is one module of a symbol whose data regions are rw x rh modules, each
// framed by its own L (left, bottom) and dashes (top, right).
func dmModule(place *encoder.DefaultPlacement, x, y, rw, rh int) bool {
	rx, ry := x/(rw+2), y/(rh+2)
	ix, iy := x%(rw+2), y%(rh+2)
	switch {
	case ix == 0 || iy == rh+1:
		return true
	case iy == 0:
		return ix%2 == 0
	case ix == rw+1:
		return iy%2 == 1
	}
	return place.GetBit(rx*rw+ix-1, ry*rh+iy-1)
}

// dmSearch says what to look for in a plane.
type dmSearch struct {
	minLeg, maxLeg float64 // pix, length of a leg of the L
	upright        bool    // legs within 12 degrees of the axes only
	max            int     // stop after this many symbols
}

// findDataMatrix returns the Data Matrix symbols of a plane, at any angle, that
// decode.
func findDataMatrix(p *raster.Plane, s dmSearch) []codeHit {
	var hits []codeHit
	tries := 0
	for _, l := range findLs(p, s) {
		if slices.ContainsFunc(hits, func(h codeHit) bool { return insideQuad(h.grownQuad(2), l.middle()) }) {
			continue
		}
		if tries++; tries > dmMaxTries {
			break
		}
		if h, ok := readL(p, l); ok {
			if hits = append(hits, h); len(hits) == s.max {
				break
			}
		}
	}
	return hits
}

// dmMaxTries bounds the corners examined in one plane. It trades symbols between
// very much line work for time (60 microseconds each).
const dmMaxTries = 300
