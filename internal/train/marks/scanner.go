package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"scan/internal/geom"
	"scan/internal/raster"
)

// scan is a plain scanner of its own, apart from the one in fixtures, so that the network
// does not learn one simulation's habits: sampling at 120 to 400 dpi, a little turn and
// stretch, blur, sharpening, tone, uneven light, cloudy paper, noise, streaks, and then
// JPEG, 1-bit or nothing. The view that comes back is off by what registration leaves; its
// name is "office" (a decent machine, well kept), "hard" or "1-bit".
func scan(rng *rand.Rand, c *paper) (raster.View, string) {
	office := rng.Float64() < 0.5
	dpi := pick(rng, 300, 300, 200, 200, 150, 150, 400, 240, 120)
	if office {
		dpi = 300
	}
	k := dpi / 25.4
	toPix := geom.ScaleBy(k*(1+0.004*rng.NormFloat64()), k).Mul(geom.RotateDeg(0.8 * rng.NormFloat64()))
	y := develop(rng, c, toPix, int(sheetW*k), int(sheetH*k), k, office)
	if rng.Float64() < 0.4 {
		sharpen(y, 1.2*rng.Float64())
	}
	cut := rng.Float64() < 0.33 && !office
	if cut {
		bilevel(rng, y, k)
	} else if rng.Float64() < 0.85 {
		y = throughJPEG(y, 35+rng.IntN(61))
	}
	slip := geom.Translate(geom.Point{X: clip(0.2*rng.NormFloat64(), 0.6), Y: clip(0.2*rng.NormFloat64(), 0.6)})
	kind := "hard"
	switch {
	case office:
		kind = "office"
	case cut:
		kind = "1-bit"
	}
	return raster.View{Page: &raster.Page{Y: y, DPIX: dpi, DPIY: dpi, Bilevel: cut}, MMToPix: toPix.Mul(slip).Mul(residual(rng))}, kind
}

// residual is the turn and stretch that registration leaves, about the sheet's middle.
func residual(rng *rand.Rand) geom.Homography {
	d := pick(rng, 0.05, 0.05, 0.25)
	mid := geom.Point{X: sheetW / 2, Y: sheetH / 2}
	return geom.Translate(mid).Mul(geom.RotateDeg(clip(d*rng.NormFloat64(), 0.6))).
		Mul(geom.ScaleBy(1+0.01*d*rng.NormFloat64(), 1+0.01*d*rng.NormFloat64())).Mul(geom.Translate(mid.Scale(-1)))
}

func clip(v, m float64) float64 { return math.Max(-m, math.Min(m, v)) }

// develop samples the paper and applies optics, light, tone and noise.
func develop(rng *rand.Rand, c *paper, toPix geom.Homography, w, h int, k float64, office bool) *raster.Plane {
	inv, _ := toPix.Inverse()
	src := geom.ScaleBy(c.px, c.px).Mul(inv) // pix of the scan to pix of the paper; affine
	taps := blurTaps(rng, k, src)
	white, black := 195+62*rng.Float64(), 5+80*rng.Float64()*rng.Float64()
	lx, ly := 0.08*rng.NormFloat64()/float64(w), 0.08*rng.NormFloat64()/float64(h)
	noise := 7 * rng.Float64() * rng.Float64()
	if office {
		white, noise, lx, ly = 235+25*rng.Float64(), 0.4*noise, 0.4*lx, 0.4*ly
	}
	grain := noiseTable(rng, noise)
	rows := pick(rng, 0, 0, 1) * rng.Float64()
	cloud := pick(rng, 0, 1, 2, 4) * rng.Float64()
	toner := pick(rng, 0, 8, 20) * rng.Float64()
	through := showThrough(rng, w, h, k)
	streaks := streakColumns(rng, w)
	var tone [1025]float64
	gamma := math.Exp(0.25 * rng.NormFloat64())
	for i := range tone {
		tone[i] = black + (white-black)*math.Pow(float64(i)/1024, gamma)
	}
	o, dx := src.Apply(geom.Point{}), src.Apply(geom.Point{X: 1})
	dx = dx.Sub(o)
	dy := src.Apply(geom.Point{Y: 1}).Sub(o)
	out := raster.NewPlane(w, h)
	for y := range h {
		at, row := rng.IntN(len(grain)), rows*rng.NormFloat64()
		for x := range w {
			qx := o.X + (float64(x)+0.5)*dx.X + (float64(y)+0.5)*dy.X
			qy := o.Y + (float64(x)+0.5)*dx.Y + (float64(y)+0.5)*dy.Y
			t := 0.0
			for _, d := range taps {
				t += c.sample(qx+d.X, qy+d.Y)
			}
			t /= float64(len(taps)) * 255
			light := (1 + lx*float64(x-w/2) + ly*float64(y-h/2)) * through[(y/4)*((w+3)/4)+x/4] * streaks[x]
			n := grain[(at+x)%len(grain)]
			g := tone[int(t*1024)]*light + n + row + cloud*(tooth[(y>>1&255)<<8|x>>1&255]-0.5)*4 + toner*(1-t)*(tooth[(y&255)<<8|(x*3)&255]-0.5)
			out.Pix[y*w+x] = uint8(clip(g-127.5, 127.5) + 127.5)
		}
	}
	return out
}

// showThrough is what the back of the sheet leaves, as a factor for each 4 x 4 pixels.
func showThrough(rng *rand.Rand, w, h int, k float64) []float64 {
	gw, gh := (w+3)/4, (h+3)/4
	f := make([]float64, gw*gh)
	for i := range f {
		f[i] = 1
	}
	if rng.Float64() > 0.35 {
		return f
	}
	dark := 0.1 * rng.Float64() * rng.Float64()
	step, high := int(math.Max(4.5*k/4, 2)), int(math.Max(2.5*k/4, 1))
	for y := rng.IntN(step); y < gh; y += step {
		for x := range gw {
			if rng.IntN(3) == 0 {
				for j := y; j < min(y+1+rng.IntN(high), gh); j++ {
					f[j*gw+x] = 1 - dark
				}
			}
		}
	}
	return f
}

// streakColumns are the lines that dirt on the glass draws over some sheets, as a factor
// for each column.
func streakColumns(rng *rand.Rand, w int) []float64 {
	f := make([]float64, w)
	for i := range f {
		f[i] = 1
	}
	if rng.Float64() > 0.12 {
		return f
	}
	for range 1 + rng.IntN(3) {
		x, dark := rng.IntN(w), 0.4*rng.Float64()
		for i := x; i < min(x+1+rng.IntN(3), w); i++ {
			f[i] = 1 - dark
		}
	}
	return f
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
// in pixels of the paper.
func blurTaps(rng *rand.Rand, k float64, src geom.Homography) (taps []geom.Point) {
	n := 2
	if k < 9 {
		n = 3
	}
	wide := 0.7 + 1.5*rng.Float64()
	o := src.Apply(geom.Point{})
	for j := range n {
		for i := range n {
			p := geom.Point{X: wide * ((float64(i)+0.5)/float64(n) - 0.5), Y: wide * ((float64(j)+0.5)/float64(n) - 0.5)}
			taps = append(taps, src.Apply(p).Sub(o))
		}
	}
	return taps
}

// sample is bilinear, 0..255; outside is white.
func (p *paper) sample(x, y float64) float64 {
	x, y = x-0.5, y-0.5
	if x < 0 || y < 0 || x >= float64(p.w-1) || y >= float64(p.h-1) {
		return 255
	}
	ix, iy := int(x), int(y)
	ax, ay := x-float64(ix), y-float64(iy)
	o := iy*p.w + ix
	a, b := float64(p.pix[o]), float64(p.pix[o+1])
	c, d := float64(p.pix[o+p.w]), float64(p.pix[o+p.w+1])
	top, low := a+(b-a)*ax, c+(d-c)*ax
	return top + (low-top)*ay
}

// sharpen overshoots at edges, as drivers do.
func sharpen(p *raster.Plane, amount float64) {
	src := append([]uint8(nil), p.Pix...)
	for y := 1; y < p.H-1; y++ {
		for x := 1; x < p.W-1; x++ {
			i := y*p.Stride + x
			mean := (int(src[i-1]) + int(src[i+1]) + int(src[i-p.Stride]) + int(src[i+p.Stride])) / 4
			p.Pix[i] = uint8(clip(float64(src[i])+amount*float64(int(src[i])-mean)-127.5, 127.5) + 127.5)
		}
	}
}

// bilevel cuts to black and white as copiers do: at one level or, on some, at a share of
// the brightness around.
func bilevel(rng *rand.Rand, p *raster.Plane, k float64) {
	share := 0.55 + 0.3*rng.Float64()
	n := max(int(8*k), 1) // blocks of 8 mm
	local := rng.IntN(2) == 0
	if !local {
		n = max(p.W, p.H)
	}
	for by := 0; by < p.H; by += n {
		for bx := 0; bx < p.W; bx += n {
			cutBlock(p, bx, by, min(bx+n, p.W), min(by+n, p.H), share)
		}
	}
}

func cutBlock(p *raster.Plane, x0, y0, x1, y1 int, share float64) {
	var hist [256]int
	n := 0
	for y := y0; y < y1; y++ {
		for _, v := range p.Pix[y*p.Stride+x0 : y*p.Stride+x1] {
			hist[v]++
			n++
		}
	}
	white, sum := 0, 0
	for sum*4 < n*3 {
		sum += hist[white]
		white++
	}
	cut := uint8(share * float64(white))
	for y := y0; y < y1; y++ {
		row := p.Pix[y*p.Stride+x0 : y*p.Stride+x1]
		for i, v := range row {
			row[i] = 255
			if v < cut {
				row[i] = 0
			}
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
