package ocr

import (
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing/common/reedsolomon"
)

// rsBlock is one Reed-Solomon block as read: data codewords, then check codewords.
type rsBlock struct {
	words []int
	check int // how many of words are check codewords
}

// corrected repairs a block and returns how many codewords it changed. ok is false
// where the block is beyond repair; what comes back is a codeword of the code, which
// the decoder alone does not promise.
func (b rsBlock) corrected(field *reedsolomon.GenericGF) (words []int, changed int, ok bool) {
	words = slices.Clone(b.words)
	if reedsolomon.NewReedSolomonDecoder(field).Decode(words, b.check) != nil {
		return nil, 0, false
	}
	again := slices.Clone(words)
	if reedsolomon.NewReedSolomonEncoder(field).Encode(again, b.check) != nil || !slices.Equal(again, words) {
		return nil, 0, false
	}
	for i := range words {
		if words[i] != b.words[i] {
			changed++
		}
	}
	return words, changed, changed <= b.check/2
}

// doubt is the decadic logarithm of the chance that codewords drawn by lot lie
// within the changes made of some codeword: the share of all words that the repair
// would have accepted. It is what a damage beyond repair risks, and it rises by about
// two for every codeword repaired.
func (b rsBlock) doubt(changed int) float64 {
	n := float64(len(b.words))
	words, choose := 0.0, 1.0
	for e := range changed + 1 {
		if e > 0 {
			choose *= (n - float64(e) + 1) / float64(e) * 255
		}
		words += choose
	}
	return math.Log10(words) - float64(b.check)*math.Log10(256)
}

// provenDoubt is the most doubt with which a code stands by itself. A cover is tried
// by less than a thousand grids, so that one cover in a hundred thousand that holds
// nothing but damage would read as something; that something must also be in the
// roster. A 10 x 10 Data Matrix (two repairs) has -5.8 with both used and -8.7 with
// one; a QR code of version 1-M -7.2 with all five used. TestRSDoubt objects.
const provenDoubt = -8.0
