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

// scan is a plain scanner, apart from the one in fixtures: sampling at 150 to 400 dpi, a
// little turn and stretch, blur, tone, noise, then JPEG, 1-bit or nothing. The view that
// comes back is off by what registration leaves.
func scan(rng *rand.Rand, c *fixtures.Canvas) raster.View {
	dpi := pick(rng, 300, 300, 300, 200, 200, 150, 400, 240)
	k := dpi / 25.4
	toPix := geom.ScaleBy(k*(1+0.004*rng.NormFloat64()), k).Mul(geom.RotateDeg(0.8 * rng.NormFloat64()))
	clean := raster.View{Page: c.Page(), MMToPix: geom.ScaleBy(c.PxPerMM, c.PxPerMM)}
	y := develop(rng, clean, toPix, int(sheetW*k), int(sheetH*k), k)
	cut := rng.Float64() < 0.2
	if cut {
		at := uint8(between(rng, 120, 170))
		for i, v := range y.Pix {
			y.Pix[i] = 255
			if v < at {
				y.Pix[i] = 0
			}
		}
	} else if rng.Float64() < 0.85 {
		y = throughJPEG(y, 35+rng.IntN(60))
	}
	slip := geom.Translate(pt(clip(0.2*rng.NormFloat64(), 0.6), clip(0.2*rng.NormFloat64(), 0.6)))
	return raster.View{Page: &raster.Page{Y: y, DPIX: dpi, DPIY: dpi, Bilevel: cut}, MMToPix: toPix.Mul(slip).Mul(geom.RotateDeg(0.05 * rng.NormFloat64()))}
}

// develop samples the canvas and applies optics, tone and noise.
func develop(rng *rand.Rand, v raster.View, toPix geom.Homography, w, h int, k float64) *raster.Plane {
	inv, _ := toPix.Inverse()
	src := v.MMToPix.Mul(inv) // pix of the scan to pix of the canvas; affine
	wide := between(rng, 0.8, 2)
	n := 2
	if k < 9 {
		n = 3
	}
	var taps []geom.Point
	for i := range n * n {
		p := pt(wide*((float64(i%n)+0.5)/float64(n)-0.5), wide*((float64(i/n)+0.5)/float64(n)-0.5))
		taps = append(taps, src.Apply(p).Sub(src.Apply(geom.Point{})))
	}
	paper, black, gamma := between(rng, 195, 255), 5+70*rng.Float64()*rng.Float64(), math.Exp(0.25*rng.NormFloat64())
	grain := make([]float64, 9973)
	sigma := 7 * rng.Float64() * rng.Float64()
	for i := range grain {
		grain[i] = sigma * rng.NormFloat64()
	}
	var tone [1025]float64
	for i := range tone {
		tone[i] = black + (paper-black)*math.Pow(float64(i)/1024, gamma)
	}
	out := raster.NewPlane(w, h)
	for y := range h {
		at := rng.IntN(len(grain))
		for x := range w {
			q := src.Apply(pt(float64(x)+0.5, float64(y)+0.5))
			t := 0.0
			for _, o := range taps {
				t += sampleAt(v.Page.Y, q.X+o.X, q.Y+o.Y)
			}
			g := tone[int(t/float64(len(taps))*1024/255)] + grain[(at+x)%len(grain)]
			out.Pix[y*w+x] = uint8(clip(g-127.5, 127.5) + 127.5)
		}
	}
	return out
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
