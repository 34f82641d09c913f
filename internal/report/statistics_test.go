package report

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Values by hand, from tables or from R.
func TestFiguresByHand(t *testing.T) {
	eight := []float64{2, 4, 4, 4, 5, 5, 7, 9}
	ten := []float64{7, 1, 10, 3, 2, 9, 4, 8, 6, 5}
	anscombe := [2][]float64{{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}, {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}}
	for _, tc := range []struct {
		name string
		got  figure
		want float64
	}{
		{"mean", mean(eight), 5},
		{"deviation: 32/7", deviation(eight), math.Sqrt(32.0 / 7)},
		{"R: quantile(1:10)", quantile(ten, 0.25), 3.25},
		{"its median", quantile(ten, 0.5), 5.5},
		{"its third quartile", quantile(ten, 0.75), 7.75},
		{"R: quantile(c(1,2,4,8), .25)", quantile([]float64{1, 2, 4, 8}, 0.25), 1.75},
		{"the most", quantile(ten, 1), 10},
		{"Anscombe (1973), first set", correlation(anscombe[0], anscombe[1]), 0.8164205},
		{"on a falling line", correlation([]float64{1, 2, 3}, []float64{6, 4, 2}), -1},
		{"standard error: 5 sqrt(0.36)", measurementError(known(5), known(0.64)), 3},
		{"a part", part(1, 8), 0.125},
	} {
		require.True(t, tc.got.ok, tc.name)
		assert.InDelta(t, tc.want, tc.got.x, 1e-6, tc.name)
	}
	assert.Equal(t, []float64{7, 1, 10, 3, 2, 9, 4, 8, 6, 5}, ten, "the caller's order stays")
}

// Variances 5/3 and 2, of their sum 7: alpha = 2 (1 - (11/3)/7).
func TestAlphaByHand(t *testing.T) {
	items := [][]float64{{1, 2, 3, 4}, {2, 2, 3, 5}}
	a, k := alpha(items)
	require.True(t, a.ok)
	assert.InDelta(t, 20.0/21, a.x, 1e-12)
	assert.Equal(t, 2, k)

	more, k := alpha(append(items, []float64{3, 3, 3, 3}))
	assert.Equal(t, a, more, "an item that does not vary is left out")
	assert.Equal(t, 2, k)

	// F(0.975; 30, 60) = 1.8152 and F(0.975; 60, 30) = 1.9400 in tables.
	low, high := alphaRange(known(0.8), 31, 3)
	assert.InDelta(t, 1-0.2*1.8152, low.x, 2e-4)
	assert.InDelta(t, 1-0.2/1.9400, high.x, 2e-4)
}

func TestTooLittleIsNotKnown(t *testing.T) {
	same := []float64{0.1, 0.1, 0.1, 0.1}
	rising := []float64{1, 2, 3, 4}
	few, _ := alpha([][]float64{{1, 2}, {2, 3}})
	single, _ := alpha([][]float64{rising, same})
	opposed, _ := alpha([][]float64{rising, {4, 3, 2, 1}})
	low, high := alphaRange(figure{}, 40, 5)
	for name, f := range map[string]figure{
		"mean of nothing":                  mean(nil),
		"quantile of nothing":              quantile(nil, 0.5),
		"deviation of one":                 deviation([]float64{3}),
		"two lie on a line":                correlation([]float64{1, 2}, []float64{2, 3}),
		"one side is alike":                correlation(same, rising),
		"the other is":                     correlation(rising, same),
		"alpha of two":                     few,
		"alpha of one item":                single,
		"alpha of a sum that is alike":     opposed,
		"interval of none":                 low,
		"its other end":                    high,
		"standard error without alpha":     measurementError(known(3), figure{}),
		"standard error of negative alpha": measurementError(known(3), known(-0.1)),
		"part of nothing":                  part(0, 0),
		"not a number":                     known(math.NaN()),
		"infinity":                         known(math.Inf(1)),
	} {
		assert.Equal(t, figure{}, f, name)
	}
	assert.Zero(t, deviation(same).x, "exactly, not nearly")
}

// atanh(-0.3) sqrt(27) = -1.608 and sqrt(30) makes it -1.695: the border of -1.645 is between.
func TestOnlySureNegativesAreRemarkedOn(t *testing.T) {
	assert.False(t, surelyNegative(known(-0.3), 30))
	assert.True(t, surelyNegative(known(-0.3), 33))
	assert.True(t, surelyNegative(known(-1), 4))
	assert.False(t, surelyNegative(known(-1), 3), "three say nothing")
	assert.False(t, surelyNegative(figure{}, 100))
	assert.False(t, surelyNegative(known(0.9), 100))
}
