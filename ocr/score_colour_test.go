package ocr

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/raster"
)

// A red stroke crosses the frame's upper line and ends on it: where red lies over black
// is seen by its colour.
func TestRedShowsOnBlack(t *testing.T) {
	v, form, s := cellPage(nil)
	p := v.Page
	p.Cb, p.Cr, p.SubX, p.SubY = raster.NewPlane(p.Y.W, p.Y.H), raster.NewPlane(p.Y.W, p.Y.H), 1, 1
	for i := range p.Cb.Pix {
		p.Cb.Pix[i], p.Cr.Pix[i] = 128, 128
	}
	k := v.MMToPix[0]
	for y := int(4.9 * k); y < int(12*k); y++ {
		for x := int(15 * k); x < int(15.5*k); x++ {
			i := y*p.Y.Stride + x
			p.Y.Pix[i], p.Cb.Pix[i], p.Cr.Pix[i] = min(p.Y.Pix[i], 100), 100, 200
		}
	}
	f := openField(v, form, s.Box)
	require.NotNil(t, f.vivid)
	at := func(x, y float64) int {
		return int((y-s.Box.Y+cellMarginMM)*cellPxPerMM)*f.w + int((x-s.Box.X+cellMarginMM)*cellPxPerMM)
	}
	assert.True(t, f.print[at(15.25, 5.05)], "on the line")
	assert.True(t, f.mask[at(15.25, 5.05)])
	assert.False(t, f.mask[at(17, 5.05)])
	assert.Greater(t, f.tone, 0.75, "the green channel shows red ink dark")
}
