package ocr

import (
	"slices"
	"strings"

	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/datamatrix/decoder"

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
//	decode    Reed-Solomon, then the proof: the codewords are laid out again and
//	          compared with what was sampled, module by module

// dmMaxDiff is the largest share of modules that may differ between the symbol as
// sampled and as encoded again from its decoded codewords. Reed-Solomon repairs
// about a fifth of the codewords, which is a seventh of the modules when single
// modules are hit and a fifth when a stroke hides whole codewords; noise that
// decodes by accident differs in four tenths. TestDataMatrixRefusesNoise and
// TestDataMatrixDamage object when it is moved.
const dmMaxDiff = 0.18

// dmDecode decodes sampled modules and proves the result. doubt is what remains
// (rsBlock.doubt).
func dmDecode(bits []bool, size dmSize) (text string, doubt float64, ok bool) {
	s, places := dmSymbols[size], dmPlaces[size]()
	words := make([]int, s.data+s.check)
	s.eachDataModule(func(i, place int) {
		if bits[i] && place >= 0 {
			words[place/8] |= 0x80 >> (place % 8)
		}
	}, places)
	all, doubt, ok := s.repaired(words)
	if !ok {
		return "", 0, false
	}
	want, diff := s.render(all), 0
	for i := range bits {
		if bits[i] != want[i] {
			diff++
		}
	}
	if float64(diff) > dmMaxDiff*float64(len(bits)) {
		return "", 0, false
	}
	data := make([]byte, s.data)
	for i := range data {
		data[i] = byte(all[i])
	}
	text, ok = dmText(data)
	return text, doubt, ok
}

// dmText decodes data codewords. Where they change the character set, which the
// decoder passes over, only plain ASCII is believed; the sign that starts a GS1
// symbol is not part of its text.
func dmText(data []byte) (text string, ok bool) {
	const setCharacters = 241
	defer func() {
		if recover() != nil { // gozxing indexes past its data on some inputs; those hold no text
			text, ok = "", false
		}
	}()
	res, err := decoder.DecodedBitStreamParser_decode(data)
	if err != nil {
		return "", false
	}
	text = strings.TrimPrefix(latin1(res.GetText()), "\x1d")
	if slices.Contains(data, setCharacters) && strings.ContainsFunc(text, func(r rune) bool { return r > 0x7e }) {
		return "", false
	}
	return text, text != ""
}

// eachDataModule calls f with the index of every data module of the symbol and its
// place in the codewords (dmPlaces).
func (s dmSymbol) eachDataModule(f func(i, place int), places []int) {
	k := 0
	for y := range s.rows {
		for x := range s.cols {
			if _, fixed := s.frame(x, y); !fixed {
				f(y*s.cols+x, places[k])
				k++
			}
		}
	}
}

// repaired corrects codewords as read, dealt to the blocks in turn.
func (s dmSymbol) repaired(words []int) (all []int, doubt float64, ok bool) {
	all = make([]int, len(words))
	for b := range s.blocks {
		r := rsBlock{check: s.check / s.blocks}
		var index []int
		for i := b; i < s.data; i += s.blocks {
			index = append(index, i)
		}
		for i := s.data + b; i < len(words); i += s.blocks {
			index = append(index, i)
		}
		for _, i := range index {
			r.words = append(r.words, words[i])
		}
		fixed, changed, ok := r.corrected(reedsolomon.GenericGF_DATA_MATRIX_FIELD_256)
		if !ok {
			return nil, 0, false
		}
		doubt += r.doubt(changed)
		for k, i := range index {
			all[i] = fixed[k]
		}
	}
	return all, doubt, true
}

// render lays out the modules of a symbol from its codewords: what a perfect print
// of it looks like. True is dark.
func (s dmSymbol) render(words []int) []bool {
	bits := make([]bool, s.rows*s.cols)
	for i := range bits {
		bits[i], _ = s.frame(i%s.cols, i/s.cols)
	}
	s.eachDataModule(func(i, place int) {
		bits[i] = place == -1 || place >= 0 && words[place/8]&(0x80>>(place%8)) != 0
	}, dmPlaces[s.dmSize]())
	return bits
}

// dmSearch says what to look for in a plane.
type dmSearch struct {
	minLeg, maxLeg float64 // pix, length of a leg of the L
	upright        bool    // legs within 12 degrees of the axes only
	max            int     // stop after this many symbols
	bent           bool    // look for symbols in perspective and on curved paper too
}

// maxRatio is the largest ratio of an L's legs: that of 8 x 32, or of 8 x 144 where
// time does not matter.
func (s dmSearch) maxRatio() float64 {
	if s.bent {
		return 19
	}
	return 4.6
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
		if h, ok := readL(p, l, s.bent); ok {
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
