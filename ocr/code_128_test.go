package ocr

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
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
				require.Equal(t, slices.Min(w), lo[i], "n %d r %d i %d", n, r, i)
				require.Equal(t, slices.Max(w), hi[i], "n %d r %d i %d", n, r, i)
			}
		}
	}
}
