package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"scan/fixtures"
	"scan/internal/geom"
	"scan/internal/raster"
)

// scan is a plain scanner of its own, apart from the one in fixtures, so that the
// network does not learn one simulation's habits: sampling at 150 to 400 dpi, a little
// turn and stretch, blur, tone, uneven light, noise, and then JPEG, 1-bit or nothing.
// The view that comes back is off by what registration leaves.
func scan(rng *rand.Rand, c *fixtures.Canvas) raster.View {
	dpi := pick(rng, 300, 300, 300, 200, 200, 150, 400, 240)
	k := dpi / 25.4
	toPix := geom.ScaleBy(k*(1+0.004*rng.NormFloat64()), k).Mul(geom.RotateDeg(0.8 * rng.NormFloat64()))
	clean := raster.View{Page: c.Page(), MMToPix: geom.ScaleBy(c.PxPerMM, c.PxPerMM)}
	w, h := int(sheetW*k), int(sheetH*k)
	y := develop(rng, clean, toPix, w, h, k)
	cut := rng.Float64() < 0.2
	if cut {
		bilevel(rng, y)
	} else if rng.Float64() < 0.85 {
		y = throughJPEG(y, 35+rng.IntN(60))
	}
	slip := geom.Translate(geom.Point{X: clip(0.2*rng.NormFloat64(), 0.6), Y: clip(0.2*rng.NormFloat64(), 0.6)})
	return raster.View{Page: &raster.Page{Y: y, DPIX: dpi, DPIY: dpi, Bilevel: cut}, MMToPix: toPix.Mul(slip).Mul(geom.RotateDeg(0.05 * rng.NormFloat64()))}
}

func clip(v, m float64) float64 { return math.Max(-m, math.Min(m, v)) }

// develop samples the canvas and applies optics, light, tone and noise.
func develop(rng *rand.Rand, v raster.View, toPix geom.Homography, w, h int, k float64) *raster.Plane {
	inv, _ := toPix.Inverse()
	src := v.MMToPix.Mul(inv) // pix of the scan to pix of the canvas; affine
	taps := blurTaps(rng, k, src)
	paper, black := 195+60*rng.Float64(), 5+70*rng.Float64()*rng.Float64()
	lx, ly := 0.08*rng.NormFloat64()/float64(w), 0.08*rng.NormFloat64()/float64(h)
	grain := noiseTable(rng, 7*rng.Float64()*rng.Float64())
	var tone [1025]float64
	gamma := math.Exp(0.25 * rng.NormFloat64())
	for i := range tone {
		tone[i] = black + (paper-black)*math.Pow(float64(i)/1024, gamma)
	}
	out := raster.NewPlane(w, h)
	for y := range h {
		at := rng.IntN(len(grain))
		for x := range w {
			q := src.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			t := 0.0
			for _, o := range taps {
				t += sampleAt(v.Page.Y, q.X+o.X, q.Y+o.Y)
			}
			light := 1 + lx*float64(x-w/2) + ly*float64(y-h/2)
			g := tone[int(t/float64(len(taps))*1024/255)]*light + grain[(at+x)%len(grain)]
			out.Pix[y*w+x] = uint8(clip(g-127.5, 127.5) + 127.5)
		}
	}
	return out
}

// noiseTable is a stretch of Gaussian noise; rows begin at different places in it.
func noiseTable(rng *rand.Rand, sigma float64) []float64 {
	n := make([]float64, 9973)
	for i := range n {
		n[i] = sigma * rng.NormFloat64()
	}
	return n
}

// blurTaps are the places around a pixel's centre that a sensor averages, as offsets
// in canvas pixels.
func blurTaps(rng *rand.Rand, k float64, src geom.Homography) (taps []geom.Point) {
	n := 2
	if k < 9 {
		n = 3
	}
	wide := 0.8 + 1.2*rng.Float64()
	o := src.Apply(geom.Point{})
	for j := range n {
		for i := range n {
			p := geom.Point{X: wide * ((float64(i)+0.5)/float64(n) - 0.5), Y: wide * ((float64(j)+0.5)/float64(n) - 0.5)}
			taps = append(taps, src.Apply(p).Sub(o))
		}
	}
	return taps
}

// sampleAt is bilinear; outside is paper.
func sampleAt(p *raster.Plane, x, y float64) float64 {
	x, y = x-0.5, y-0.5
	if x < 0 || y < 0 || x >= float64(p.W-1) || y >= float64(p.H-1) {
		return 255
	}
	ix, iy := int(x), int(y)
	ax, ay := x-float64(ix), y-float64(iy)
	o := iy*p.Stride + ix
	a, b := float64(p.Pix[o]), float64(p.Pix[o+1])
	c, d := float64(p.Pix[o+p.Stride]), float64(p.Pix[o+p.Stride+1])
	return (a*(1-ax)+b*ax)*(1-ay) + (c*(1-ax)+d*ax)*ay
}

// bilevel cuts to black and white as copiers do.
func bilevel(rng *rand.Rand, p *raster.Plane) {
	cut := uint8(125 + 40*rng.Float64())
	for i, v := range p.Pix {
		p.Pix[i] = 255
		if v < cut {
			p.Pix[i] = 0
		}
	}
}

// throughJPEG compresses and decodes.
func throughJPEG(p *raster.Plane, quality int) *raster.Plane {
	img := &image.Gray{Pix: p.Pix, Stride: p.Stride, Rect: image.Rect(0, 0, p.W, p.H)}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // a buffer does not fail
	}
	back, err := jpeg.Decode(&buf)
	if err != nil {
		panic(err)
	}
	g, ok := back.(*image.Gray)
	if !ok {
		panic("a grey picture came back in colour")
	}
	return &raster.Plane{Pix: g.Pix, Stride: g.Stride, W: p.W, H: p.H}
}
