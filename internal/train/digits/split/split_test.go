package split

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/shareddata"
)

func TestWritersAreApart(t *testing.T) {
	seen := map[int]int{}
	for _, list := range [][]int{TrainWriters(), ValidationWriters(), TestWriters()} {
		for _, w := range list {
			seen[w]++
		}
	}
	assert.Len(t, seen, writers)
	for w, n := range seen {
		assert.Equal(t, 1, n, "writer %d", w)
	}
	assert.Equal(t, []int{26, 27, 28, 29, 30}, TestWriters(), "reports of different years compare only if this stays")
}

func TestParts(t *testing.T) {
	var count [3]int
	for i := range 1000 {
		count[OfItem(i, 1000)]++
	}
	assert.Equal(t, [3]int{840, 40, 120}, count)
	count = [3]int{}
	for i := range 1000 {
		count[OfCheque(i)]++
	}
	assert.Equal(t, [3]int{700, 100, 200}, count)
}

func TestLoads(t *testing.T) {
	dir := shareddata.Path(t, "data")
	w, err := Writers(dir, Test)
	require.NoError(t, err)
	require.Len(t, w, 5)
	for set, want := range map[string]int{"optdigits32": 233, "usps": 875, "orand-car-a": 995} {
		p, err := Pictures(dir, set, Test)
		require.NoError(t, err)
		assert.InDelta(t, want, len(p), 10, set)
		for _, q := range p {
			assert.Len(t, q.A, q.W*q.H)
		}
	}
	_, err = Pictures(dir, "none", Test)
	assert.Error(t, err)
}
