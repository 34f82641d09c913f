package ocr

import (
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowForward is the network as its description says it, sum by sum.
func slowForward(n *Net, g *Glyph) [NetClasses]float64 {
	conv := func(side int, in func(y, x int) float64, w []float32) [][]float64 {
		out := make([][]float64, side-4)
		for y := range out {
			out[y] = make([]float64, side-4)
			for x := range out[y] {
				for k := range 25 {
					out[y][x] += float64(w[k]) * in(y+k/5, x+k%5)
				}
			}
		}
		return out
	}
	reluPool := func(m [][]float64, bias float32) [][]float64 {
		out := make([][]float64, len(m)/2)
		for y := range out {
			out[y] = make([]float64, len(m)/2)
			for x := range out[y] {
				v := math.Max(math.Max(m[2*y][2*x], m[2*y][2*x+1]), math.Max(m[2*y+1][2*x], m[2*y+1][2*x+1]))
				out[y][x] = math.Max(0, v+float64(bias))
			}
		}
		return out
	}
	var first [][][]float64
	for m := range n.Conv1 {
		c := conv(28, func(y, x int) float64 { return float64(g[28*y+x]) }, n.Conv1[m][:])
		first = append(first, reluPool(c, n.Bias1[m]))
	}
	var flat []float64
	for m := range n.Conv2 {
		sum := conv(12, func(y, x int) float64 { return first[0][y][x] }, n.Conv2[m][0][:])
		for in := 1; in < len(first); in++ {
			for y, row := range conv(12, func(y, x int) float64 { return first[in][y][x] }, n.Conv2[m][in][:]) {
				for x, v := range row {
					sum[y][x] += v
				}
			}
		}
		for _, row := range reluPool(sum, n.Bias2[m]) {
			flat = append(flat, row...)
		}
	}
	var hidden [NetHidden]float64
	for i := range hidden {
		s := float64(n.BiasH[i])
		for j, v := range flat {
			s += float64(n.Hidden[i][j]) * v
		}
		hidden[i] = math.Max(0, s)
	}
	var out [NetClasses]float64
	total := 0.0
	for i := range out {
		s := float64(n.BiasO[i])
		for j, v := range hidden {
			s += float64(n.Out[i][j]) * v
		}
		out[i] = math.Exp(s)
		total += out[i]
	}
	for i := range out {
		out[i] /= total
	}
	return out
}

func TestForwardMatchesSlowForward(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := embedded()
	for trial := range 20 {
		var g Glyph
		for i := range g {
			g[i] = max(0, 2*r.Float32()-1)
		}
		want, got := slowForward(&m.Net, &g), m.Net.Forward(&g)
		for c := range want {
			assert.InDelta(t, want[c], float64(got[c]), 1e-4, "trial %d, class %d", trial, c)
		}
	}
}

func TestWeightsRecord(t *testing.T) {
	record, err := os.ReadFile("weights/README.md")
	require.NoError(t, err)
	row := fmt.Sprintf("| digits.bin | %d | %x |", len(digitWeights), sha256.Sum256(digitWeights))
	assert.Contains(t, string(record), row, "the weights are not those that are recorded")
	assert.Less(t, len(digitWeights), 400_000)
}

func TestParseModelRefusesOthers(t *testing.T) {
	m, err := ParseModel(digitWeights)
	require.NoError(t, err)
	assert.Equal(t, digitWeights, m.Marshal())
	old := strings.Replace(string(digitWeights), "digits-1", "digits-0", 1)
	for _, b := range []string{"", old, string(digitWeights[1:]), string(digitWeights) + "x"} {
		_, err := ParseModel([]byte(b))
		assert.ErrorIs(t, err, ErrWeights)
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

func BenchmarkForward(b *testing.B) {
	m, g := embedded(), new(Glyph)
	for i := range g {
		g[i] = float32(i%7) / 7
	}
	for b.Loop() {
		m.Net.Forward(g)
	}
}
