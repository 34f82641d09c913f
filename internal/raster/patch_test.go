package raster

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
)

// slowResample is the definition of Sample for one plane, sample by sample.
func slowResample(src, dst *Plane, dstToSrc geom.Homography, n int, fill uint8) (outside int) {
	for y := range dst.H {
		for x := range dst.W {
			sum, count := 0, 0
			for j := range n {
				for i := range n {
					q := dstToSrc.Apply(geom.Point{
						X: float64(x) + (float64(i)+0.5)/float64(n),
						Y: float64(y) + (float64(j)+0.5)/float64(n)})
					if v, ok := slowBilinear(src, q); ok {
						sum += v
						count++
					}
				}
			}
			if count == 0 {
				dst.Pix[y*dst.Stride+x] = fill
				outside++
				continue
			}
			dst.Pix[y*dst.Stride+x] = uint8((sum + count*128) / (count * 256))
		}
	}
	return outside
}

func slowBilinear(p *Plane, q geom.Point) (v int, ok bool) {
	if !(q.X >= 0 && q.Y >= 0 && q.X <= float64(p.W) && q.Y <= float64(p.H)) {
		return 0, false
	}
	fx, fy := int(q.X*16-8+0.5), int(q.Y*16-8+0.5)
	x, y, ax, ay := fx>>4, fy>>4, fx&15, fy&15
	a, b := int(p.At(x, y)), int(p.At(x+1, y))
	c, d := int(p.At(x, y+1)), int(p.At(x+1, y+1))
	return (a*(16-ax)+b*ax)*(16-ay) + (c*(16-ax)+d*ax)*ay, true
}

func noisePlane(w, h int, seed uint64) *Plane {
	rng := rand.New(rand.NewPCG(seed, 7))
	p := &Plane{Pix: make([]byte, (w+3)*h), Stride: w + 3, W: w, H: h}
	for i := range p.Pix {
		p.Pix[i] = uint8(rng.IntN(256))
	}
	return p
}

func TestSampleAgainstTheDefinition(t *testing.T) {
	page := &Page{Y: noisePlane(400, 600, 1), Cb: noisePlane(200, 300, 2), Cr: noisePlane(200, 300, 3), SubX: 2, SubY: 2}
	for i, h := range []geom.Homography{
		geom.ScaleBy(11.8, 11.8),
		geom.Translate(geom.Point{X: 3.3, Y: -2}).Mul(geom.RotateDeg(1.3)).Mul(geom.ScaleBy(11.8, 11.75)),
		geom.Translate(geom.Point{X: 400, Y: 600}).Mul(geom.RotateDeg(180)).Mul(geom.ScaleBy(7.937, 7.911)),
		{11.8, 0.1, 5, -0.2, 11.9, 8, 1e-4, -2e-4, 1},
		{23.6, 0, 0, 0, 23.6, 0, 0, 0, 2},
	} {
		for _, box := range []geom.Box{{X: 10, Y: 20, W: 5, H: 4}, {X: -1, Y: -2, W: 4.05, H: 6}, {X: 32, Y: 45, W: 4, H: 8}} {
			for _, px := range []float64{4, 10, 25} {
				t.Run(fmt.Sprint(i, box, px), func(t *testing.T) {
					v := View{Page: page, MMToPix: h}
					got := v.Sample(box, px)
					toPix := h.Mul(geom.Homography{1 / px, 0, box.X, 0, 1 / px, box.Y, 0, 0, 1})
					sx, sy := h.ScaleAt(box.Center())
					n := min(max(int(math.Ceil(math.Max(sx, sy)/px-0.25)), 1), 8)
					want := NewPlane(got.Y.W, got.Y.H)
					assert.Equal(t, slowResample(page.Y, want, toPix, n, 255), got.Outside)
					requireSame(t, want, got.Y)
					slowResample(page.Cb, want, geom.ScaleBy(0.5, 0.5).Mul(toPix), 1, 128)
					requireSame(t, want, got.Cb)
					slowResample(page.Cr, want, geom.ScaleBy(0.5, 0.5).Mul(toPix), 1, 128)
					requireSame(t, want, got.Cr)
				})
			}
		}
	}
}

// requireSame allows one pixel in 2,000 to differ, where rounding to a sixteenth of
// a pixel falls the other way.
func requireSame(t *testing.T, want, got *Plane) {
	t.Helper()
	differ := 0
	for i := range want.Pix {
		if want.Pix[i] != got.Pix[i] {
			differ++
		}
	}
	require.LessOrEqual(t, differ, 1+len(want.Pix)/2000)
}

func TestSampleKeepsThinStrokes(t *testing.T) {
	p := newGreyPage(1000, 1000)
	fill(p.Y.Pix, 255)
	for y := range 1000 {
		p.Y.Pix[y*1000+501] = 0
	}
	v := View{Page: p, MMToPix: geom.ScaleBy(24, 24)} // 600 dpi
	patch := v.Sample(geom.Box{X: 18, Y: 10, W: 6, H: 2}, 4)
	dark := 0
	for _, g := range patch.Y.Row(4) {
		dark += 255 - int(g)
	}
	assert.InDelta(t, 255.0/6, dark, 3, "one of six columns")
}

func TestReduceTo(t *testing.T) {
	p := colourTestPage(96, 192, 2, 2)
	p.DPIX, p.DPIY = 300, 300
	for n, sub := range map[int]int{1: 2, 2: 1, 4: 1, 3: 2} {
		q := ReduceTo(p, n)
		assert.Equal(t, [2]int{96 / n, 192 / n}, [2]int{q.W(), q.H()})
		assert.Equal(t, sub, q.SubX)
		assert.Equal(t, q.W(), q.Cb.W*sub)
		assert.InDelta(t, 300/float64(n), q.DPIX, 1e-9)
		assert.Equal(t, uint8(200), q.Cr.At(q.Cr.W-1, 0))
	}
	assert.Equal(t, 96, p.W(), "the page itself stays")
}

func TestUprightAndCrop(t *testing.T) {
	p := noisePlane(7, 5, 1)
	assert.Equal(t, p.At(0, 0), p.upright(90).At(4, 0))
	assert.Equal(t, p.At(0, 0), p.upright(180).At(6, 4))
	assert.Equal(t, p.At(0, 0), p.upright(270).At(0, 6))
	requireNear(t, p, p.upright(90).upright(270), 0)
	c := colourTestPage(20, 20, 2, 2)
	c.crop(5, 4, 15, 20)
	assert.Equal(t, [4]int{11, 16, 6, 8}, [4]int{c.W(), c.H(), c.Cb.W, c.Cb.H})
}
