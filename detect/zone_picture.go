package detect

import (
	"math"

	"scan/internal/geom"
)

// ZoneInput is what the zone network sees. Image holds, row, column, plane, the share of
// each cell that is ink (scaled by the level of the ink in the box), hidden, or a
// neighbouring box; Scalars are measures of about unit size.
type ZoneInput struct {
	Image   [ZoneH * ZoneW * ZonePlanes]float32
	Scalars [ZoneScalars]float32
}

// MirrorZone turns an image of a ZoneInput upside down.
func MirrorZone(image []float32) {
	const row = ZoneW * ZonePlanes
	for y := range ZoneH / 2 {
		a, b := image[y*row:][:row], image[(ZoneH-1-y)*row:][:row]
		for i := range a {
			a[i], b[i] = b[i], a[i]
		}
	}
}

// zoneInput draws the picture of the zone patch p.
func (c *boxCase) zoneInput(p *inkPatch) *ZoneInput {
	in := &ZoneInput{}
	gain := 1 / float32(math.Max(c.feat.Level, 0.25))
	xs := zoneAxis(p.w, p.origin.X, c.box.X, c.box.W, zoneLeftCells, zoneBoxCellsX)
	ys := zoneAxis(p.h, p.origin.Y, c.box.Y, c.box.H, zoneOtherCells, zoneBoxCellsY)
	boxes := p.boxMask(c.near)
	for y := range p.h {
		for x := range p.w {
			i := y*p.w + x
			if !p.free[i] {
				in.splat(xs[x], ys[y], 1, 1)
			} else if p.ink[i] > 0 {
				in.splat(xs[x], ys[y], 0, min(p.ink[i]*gain, 1.2))
			}
			if boxes[i] {
				in.splat(xs[x], ys[y], 2, 1)
			}
		}
	}
	for i, v := range in.Image {
		if v < 0.01 {
			in.Image[i] = 0
		}
	}
	c.zoneScalars(in)
	return in
}

func (c *boxCase) zoneScalars(in *ZoneInput) {
	f := &c.feat
	sx, sy := c.scan.MMToPix.ScaleAt(c.box.Center())
	for i, v := range [ZoneScalars]float64{f.Level, f.Solid, f.Mean, 6 * f.Thick / math.Max(c.box.W, 1),
		5 * c.tone.Noise, c.box.W / 5, c.box.H / 5, math.Sqrt(sx*sy) / 12} {
		in.Scalars[i] = float32(v)
	}
}

// zonePlace is where a row or column of pixels falls: share a goes to cell at, b to the next.
type zonePlace struct {
	at   int
	a, b float32
}

// zoneAxis maps n patch pixels along one axis, the first at origin mm, to cells: before
// cells up to the box, inside cells over its size, then as many as there are.
func zoneAxis(n int, origin, box0, size float64, before, inside int) []zonePlace {
	cell := func(mm float64) float64 {
		switch d := mm - box0; {
		case d < 0:
			return float64(before) + d/zoneCellMM
		case d < size:
			return float64(before) + d*float64(inside)/size
		default:
			return float64(before+inside) + (d-size)/zoneCellMM
		}
	}
	out := make([]zonePlace, n)
	for i := range out {
		a, b := cell(origin+float64(i)/markPxPerMM), cell(origin+float64(i+1)/markPxPerMM)
		at := math.Floor(a)
		out[i] = zonePlace{at: int(at), a: float32(b - a)}
		if edge := at + 1; b > edge {
			out[i].a, out[i].b = float32(edge-a), float32(b-edge)
		}
	}
	return out
}

// splat adds v to the up to four cells a pixel covers.
func (in *ZoneInput) splat(x, y zonePlace, plane int, v float32) {
	for j, wy := range [2]float32{y.a, y.b} {
		for i, wx := range [2]float32{x.a, x.b} {
			cx, cy := x.at+i, y.at+j
			if w := wx * wy; w > 0 && cx >= 0 && cy >= 0 && cx < ZoneW && cy < ZoneH {
				in.Image[(cy*ZoneW+cx)*ZonePlanes+plane] += float32(w * v)
			}
		}
	}
}

// boxMask marks the pixels that lie in one of the boxes.
func (p *inkPatch) boxMask(boxes []geom.Box) []bool {
	m := make([]bool, p.w*p.h)
	for _, o := range boxes {
		x0, y0, x1, y1 := p.window(o)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				m[y*p.w+x] = true
			}
		}
	}
	return m
}
