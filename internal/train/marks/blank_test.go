package main

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/detect"
)

// TestBlankBoxesHoldNoMarks: what the reader takes for blank without a second look must not
// hold a mark, however pale its pen; only where the scan has two tones may one be lost.
func TestBlankBoxesHoldNoMarks(t *testing.T) {
	marks, blank := 0, 0
	lost := map[string]int{}
	for i := range uint64(25) {
		c := oneSheet(rand.New(rand.NewPCG(0xb1a4, i)), trainMix)
		for k, name := range detect.MarkKindNames[:foreign] {
			if n := c.skipped[name+" blank"]; n > 0 && k != empty && k != dot && k != erased {
				blank += n
				lost[name] += n
			}
		}
		n := c.count()
		marks += n[cross] + n[fill] + n[tick] + n[line] + n[scribble]
	}
	require.Greater(t, marks, 250)
	assert.LessOrEqual(t, blank*1000, marks, "marks taken for blank: %v of %d", lost, marks)
}

// TestSheetsRepeat: the same seed draws the same boxes, whatever the number of goroutines.
func TestSheetsRepeat(t *testing.T) {
	a, b := collect(5, toReport, 3, trainMix), collect(5, toReport, 3, trainMix)
	assert.Equal(t, a, b)
}
