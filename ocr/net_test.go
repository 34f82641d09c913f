package ocr

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/nn"
)

func TestWeightsRecord(t *testing.T) {
	record, err := os.ReadFile("weights/README.md")
	require.NoError(t, err)
	row := fmt.Sprintf("| digits.bin | %d | %x |", len(digitWeights), sha256.Sum256(digitWeights))
	assert.Contains(t, string(record), row, "the weights are not those that are recorded")
	assert.Less(t, len(digitWeights), 450_000)
}

func TestParseModelRefusesOthers(t *testing.T) {
	m, err := ParseModel(digitWeights)
	require.NoError(t, err)
	assert.Equal(t, digitWeights, m.Marshal())
	old := strings.Replace(string(digitWeights), "digits-2", "digits-1", 1)
	for _, b := range []string{"", old, string(digitWeights[1:]), string(digitWeights) + "x"} {
		_, err := ParseModel([]byte(b))
		assert.ErrorIs(t, err, nn.ErrWeights)
	}
}

func TestNormaliseGlyphCentresAndScales(t *testing.T) {
	for _, size := range []int{8, 20, 76} {
		im := InkImage{W: 2 * size, H: 3 * size, A: make([]float32, 6*size*size)}
		for y := size; y < 2*size; y++ {
			for x := 3; x < 3+size/2; x++ {
				im.A[y*im.W+x] = 0.5
			}
		}
		g, ok := NormaliseGlyph(im)
		require.True(t, ok)
		sum, cx, cy := 0.0, 0.0, 0.0
		for i, v := range g {
			sum += float64(v)
			cx += float64(v) * (float64(i%GlyphSize) + 0.5)
			cy += float64(v) * (float64(i/GlyphSize) + 0.5)
		}
		assert.InDelta(t, 200, sum, 1, "a bar twice as high as wide fills 10x20 with full tone, size %d", size)
		assert.InDelta(t, 14, cx/sum, 0.05)
		assert.InDelta(t, 14, cy/sum, 0.05)
	}
	_, ok := NormaliseGlyph(InkImage{W: 3, H: 3, A: make([]float32, 9)})
	assert.False(t, ok, "no ink, no glyph")
}
