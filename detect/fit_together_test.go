package detect

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/geom"
)

// fittedCase is a case whose frame was found with a shift, or not at all.
func fittedCase(y, dx float64, found bool) *boxCase {
	c := &boxCase{box: geom.Box{X: 20, Y: y, W: 4, H: 4}}
	c.fit = frameFit{Printed: true, Hit: 0.3}
	if found {
		c.fit = frameFit{Printed: true, Hit: 1, Contrast: 0.9, Shift: geom.Point{X: dx}}
	}
	return c
}

// TestNeighboursTellWhereACoveredFrameIs: two that agree are needed, near enough; a stretch
// between them leaves the box unfound.
func TestNeighboursTellWhereACoveredFrameIs(t *testing.T) {
	covered := fittedCase(18, 0, false)
	shift, ok := helpedShift([]*boxCase{fittedCase(10, 0.2, true), covered, fittedCase(26, 0.4, true)}, 1)
	assert.True(t, ok)
	assert.InDelta(t, 0.3, shift.X, 1e-9, "half way between both")

	for name, cases := range map[string][]*boxCase{
		"one neighbour":     {fittedCase(10, 0.2, true), covered},
		"they disagree":     {fittedCase(10, -0.3, true), covered, fittedCase(26, 0.4, true)},
		"too far":           {fittedCase(10, 0.2, true), covered, fittedCase(60, 0.2, true)},
		"covered like this": {fittedCase(10, 0.2, true), covered, fittedCase(26, 0, false)},
	} {
		_, ok := helpedShift(cases, 1)
		assert.False(t, ok, name)
	}
}
