package author

import (
	"math"
	"slices"
	"strings"

	"scan/internal/geom"
)

// capHeight is the height of capitals over the size of a font: 0.66 to 0.72 in common ones, and
// nearly that of digits and of letters such as b.
const capHeight = 0.7

// sizeOf is the font size of most glyphs in points: tall letters above the baseline are as high
// as capitals.
func (b *bitmap) sizeOf(glyphs []glyph) float64 {
	var bottoms, heights []int
	least := int(letterHeight * b.perMM)
	for _, g := range glyphs {
		if g.height() >= least {
			bottoms = append(bottoms, g.y1)
		}
	}
	if len(bottoms) == 0 {
		return 0
	}
	slices.Sort(bottoms)
	base := bottoms[(len(bottoms)-1)/2]
	for _, g := range glyphs {
		if g.height() >= least {
			heights = append(heights, base-g.y0)
		}
	}
	slices.Sort(heights)
	return float64(heights[(len(heights)-1)*17/20]) / b.perMM * ptPerMM / capHeight
}

// wordSize is the font size of a word that has capitals, digits or tall letters, else 0.
func (b *bitmap) wordSize(l textLine, at geom.Box, text string) float64 {
	if !strings.ContainsAny(text, "ABCDEFGHIKLMNOPRSTUVWXYZÄÖÜ0123456789bdfhklß") {
		return 0
	}
	var in []glyph
	for _, g := range l.glyphs {
		if x := float64(g.x0+g.x1) / 2 / b.perMM; x > at.X && x < at.X+at.W {
			in = append(in, g)
		}
	}
	return math.Round(b.sizeOf(in)*2) / 2
}
