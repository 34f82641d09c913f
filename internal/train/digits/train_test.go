package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/shareddata"
	"scan/internal/train/digits/split"
	"scan/ocr"
)

func TestClassOf(t *testing.T) {
	sh := &sheet{marks: []placed{
		{geom.Box{X: 0, Y: 0, W: 3, H: 5}, 4},
		{geom.Box{X: 3.2, Y: 4.5, W: 0.5, H: 1}, markSep},
		{geom.Box{X: 4, Y: 0, W: 3, H: 5}, 5},
	}}
	assert.Equal(t, 4, classOf(sh, geom.Box{X: 0.1, Y: 0, W: 3, H: 5}))
	assert.Equal(t, ocr.ClassJunk, classOf(sh, geom.Box{X: 0, Y: 0, W: 7, H: 5}), "two digits")
	assert.Equal(t, ocr.ClassJunk, classOf(sh, geom.Box{X: 0, Y: 0, W: 1, H: 5}), "part of one")
	assert.Equal(t, ocr.ClassFused+4, classOf(sh, geom.Box{X: 0, Y: 0, W: 3.7, H: 5.5}), "a digit and its comma")
	assert.Equal(t, -1, classOf(sh, geom.Box{X: 3.2, Y: 4.5, W: 0.5, H: 1}), "for the other network")
}

// TestUnseenWriters holds the committed weights to writers that neither training
// nor calibration saw. The floors lie a little below what was measured.
func TestUnseenWriters(t *testing.T) {
	p, err := loadPart(shareddata.Path(t, "data"), split.Test)
	require.NoError(t, err)
	m, err := load("../../../ocr/weights/digits.bin")
	require.NoError(t, err)
	for set, most := range map[string]float64{"strokes, as written": 0.025, "mnist": 0.022, "orand-car-a": 0.09} {
		wrong, n := digitErrors(m, p, set)
		assert.LessOrEqual(t, float64(wrong), most*float64(n), "single digits, %s", set)
	}
	c := newTally(m, p, 300, 9100)
	mis, review := c.at(0.98)
	t.Logf("of %d fields: %d first guesses right, %d misread, %d for review at 0.98", c.plain, c.best, mis, review)
	assert.LessOrEqual(t, mis, 5)
	assert.Greater(t, float64(c.best), 0.9*float64(c.plain))
	assert.LessOrEqual(t, c.emptyWrong, 2)
}
