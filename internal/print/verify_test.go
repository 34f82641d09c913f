package print

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/geom"
	"scan/internal/raster"
)

func TestVerify(t *testing.T) {
	letter := geom.Box{X: 100, Y: 100, W: 0.5, H: 2}
	frame := geom.Box{X: 50, Y: 150, W: 60, H: 20}
	form := drawnPage(letter, frame)
	at := Placement{Codes: []geom.Box{{X: 190, Y: 5, W: 15, H: 6.67}}, Text: geom.Box{X: 150, Y: 5, W: 30, H: 3}}
	verify := func(dark ...geom.Box) error {
		return Verify([]raster.FormPage{form}, []raster.FormPage{drawnPage(dark...)}, Layout{[]Placement{at}})
	}
	assert.NoError(t, verify(letter, frame))
	assert.NoError(t, verify(letter, frame, at.Codes[0], at.Text), "what was added")
	assert.NoError(t, verify(letter, frame.Shift(geom.Point{X: 0.13})), "a pixel beside its place")
	assert.ErrorContains(t, verify(frame), "page 1 does not come out", "a lost letter")
	assert.Error(t, verify(letter, frame, geom.Box{X: 20, Y: 20, W: 2, H: 2}), "something new")
	assert.Error(t, Verify([]raster.FormPage{form}, nil, Layout{[]Placement{at}}))
}
