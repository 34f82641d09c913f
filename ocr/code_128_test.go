package ocr

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
)

// TestSlidingExtremes compares the block method with its definition.
func TestSlidingExtremes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 5, 7, 13, 40, 101} {
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.Float64()
		}
		for _, r := range []int{0, 1, 2, 3, 10, 60} {
			lo, hi := slidingExtremes(v, r)
			for i := range v {
				w := v[max(i-r, 0):min(i+r+1, n)]
				require.InDelta(t, slices.Min(w), lo[i], 0, "n %d r %d i %d", n, r, i)
				require.InDelta(t, slices.Max(w), hi[i], 0, "n %d r %d i %d", n, r, i)
			}
		}
	}
}

// TestCode128Damage puts blots and strokes over bar codes: what is read stays right.
func TestCode128Damage(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	read := 0
	for trial := range 150 {
		text := fmt.Sprintf("%08d", rng.IntN(1e8))
		c := newCanvas(44, 14)
		c.matrix(geom.Box{X: 5, Y: 3, W: 34, H: 8}, encoded(t, symCode128, text, false))
		for range trial % 6 { // strokes along the bars are the worst: every band sees them
			x := 5 + 34*rng.Float64()
			c.stroke(geom.Point{X: x, Y: 1}, geom.Point{X: x + rng.Float64() - 0.5, Y: 13}, 0.2+0.5*rng.Float64(), uint8(255*rng.IntN(2)))
		}
		v := simScan{dpi: 200, contrast: 1, noise: 12, blur: 0.06, seed: uint64(trial)}.of(c)
		for _, h := range findCode128(v.Page.Y) {
			require.Equal(t, text, h.text, "trial %d", trial)
			read++
		}
	}
	assert.Greater(t, read, 40)
}
