package detect

import (
	"math"

	"scan/internal/geom"
	"scan/internal/nn"
	"scan/internal/raster"
)

// The mark network sorts the ink of a box into its kind. It is a small convolutional
// network in the manner of LeNet (LeCun et al., 1998) with strides in place of pooling,
// trained by internal/train/marks on drawn marks.
const (
	MarkSide    = 32 // pixels of the image along each side
	MarkScalars = 24
	MarkKinds   = kinds
	// markSpan is the width of the image in box widths: the ring takes part.
	markSpan = 1.7
)

// Planes of the network's image, each in [0,1].
const (
	planeSeen  = iota // darkness of the scan as it is: a frame does not hide the strokes over it
	planePrint        // what the form prints
	planeInk          // darkness beyond print, scaled by its own level: a pale pen draws the picture of a dark one
	planeOther        // where the neighbouring boxes are: a stroke may be theirs
	markPlanes
)

// MarkSpec is the network's shape.
var MarkSpec = nn.Spec{H: MarkSide, W: MarkSide, Planes: markPlanes,
	Convs:   []nn.Conv{{K: 5, Stride: 2, Out: 12}, {K: 3, Stride: 2, Out: 24}, {K: 3, Stride: 2, Out: 32}},
	Scalars: MarkScalars, Hidden: []int{56}, Out: MarkKinds}

// MarkInput is what the network sees of a box: the image, MarkSide x MarkSide x 4 (row,
// column, plane), with the box in its middle 1/1.7, and features of about unit size.
type MarkInput struct{ Image, Scalars []float32 }

// SeeMark measures a box as the reader does and returns what the network sees of it.
// ask is false where the reader would not ask the network, and why says so: "blank",
// or a reason not to trust the patch. It is exported for the trainer.
func SeeMark(v raster.View, form raster.FormPage, box geom.Box, neighbours []geom.Box, paper *PageState) (in *MarkInput, ask bool, why string) {
	c := newCase(v, form, box, without(neighbours, box), paper)
	c.measure()
	switch {
	case c.why != "":
		return nil, false, c.why
	case c.blank():
		return nil, false, "blank"
	}
	return c.input(), true, ""
}

func (c *boxCase) input() *MarkInput {
	in := &MarkInput{Image: make([]float32, MarkSpec.Pixels()), Scalars: make([]float32, MarkScalars)}
	c.picture(in.Image)
	c.scalars(in.Scalars)
	return in
}

// leastSeen is the darkness below which a pixel of the image counts as paper and costs no
// time.
const leastSeen = 0.02

// picture reduces scan, print and ink of the patch to the network's image.
func (c *boxCase) picture(img []float32) {
	p := c.ink
	gain := 1 / float32(math.Max(c.feat.Level, 0.2))
	lut := c.tone.darkness()
	all := newInkPatch(c.seen, c.printed, c.tone, c.box, c.maskRadius()) // with what was since taken away
	xi, xf := spread(p.w, (c.box.X-p.origin.X)*markPxPerMM, c.box.W*markPxPerMM)
	yi, yf := spread(p.h, (c.box.Y-p.origin.Y)*markPxPerMM, c.box.H*markPxPerMM)
	// Share of a cell in the image that one pixel of the patch covers.
	area := float32(MarkSide*MarkSide) / float32(c.box.W*c.box.H*markPxPerMM*markPxPerMM*markSpan*markSpan)
	for y := range p.h {
		for x := range p.w {
			i := y*p.w + x
			seen, print := lut[c.seen.Y.Pix[i]], float32(255-c.printed.Y.Pix[i])/255
			seen = min(max(seen-max(all.ink[i]-p.ink[i], 0), 0), 1)
			if seen == 0 && print == 0 {
				continue
			}
			v := [3]float32{seen * area, print * area, min(p.ink[i]*gain, 1) * area}
			splat(img, xi[x], yi[y], xf[x], yf[y], v)
		}
	}
	for i, v := range img {
		img[i] = min(v, 1)
		if v < leastSeen {
			img[i] = 0
		}
	}
	c.pictureNear(img)
}

// darkness maps grey levels to 0 for paper and 1 for print.
func (t tone) darkness() (lut [256]float32) {
	for i := range lut {
		lut[i] = float32(math.Max((t.Paper-float64(i))/t.contrast(), 0))
	}
	return lut
}

// spread maps n patch pixels to image cells along one axis: pixel i gives share
// 1-f[i] to cell at[i] and f[i] to the next. box0 and size are the box in pixels.
func spread(n int, box0, size float64) (at []int, f []float32) {
	at, f = make([]int, n), make([]float32, n)
	scale := MarkSide / (size * markSpan)
	start := box0 - size*(markSpan-1)/2
	for i := range n {
		a, b := (float64(i)-start)*scale, (float64(i+1)-start)*scale
		at[i] = int(math.Floor(a))
		if edge := float64(at[i] + 1); b > edge {
			f[i] = float32((b - edge) / (b - a))
		}
	}
	return at, f
}

// splat adds the values of the first planes to up to four cells.
func splat(img []float32, x, y int, fx, fy float32, v [3]float32) {
	put := func(x, y int, share float32) {
		if share > 0 && x >= 0 && y >= 0 && x < MarkSide && y < MarkSide {
			px := img[(y*MarkSide+x)*markPlanes:][:3]
			px[0] += float32(v[0] * share)
			px[1] += float32(v[1] * share)
			px[2] += float32(v[2] * share)
		}
	}
	gx, gy := 1-fx, 1-fy
	put(x, y, float32(gx*gy))
	put(x+1, y, float32(fx*gy))
	put(x, y+1, float32(gx*fy))
	put(x+1, y+1, float32(fx*fy))
}

// pictureNear marks the cells whose middle lies in a neighbouring box.
func (c *boxCase) pictureNear(img []float32) {
	w, h := c.box.W*markSpan/MarkSide, c.box.H*markSpan/MarkSide
	x0, y0 := c.box.X-c.box.W*(markSpan-1)/2, c.box.Y-c.box.H*(markSpan-1)/2
	for _, o := range c.near {
		for y := range MarkSide {
			for x := range MarkSide {
				if o.Contains(geom.Point{X: x0 + (float64(x)+0.5)*w, Y: y0 + (float64(y)+0.5)*h}) {
					img[(y*MarkSide+x)*markPlanes+planeOther] = 1
				}
			}
		}
	}
}

// scalars fills in the features that join the image.
func (c *boxCase) scalars(in []float32) {
	f := &c.feat
	w := math.Max(c.box.W, 1)
	sx, sy := c.scan.MMToPix.ScaleAt(c.box.Center())
	bilevel := 0.0
	if c.scan.Page.Bilevel {
		bilevel = 1
	}
	v := [MarkScalars]float64{f.Level, f.Fill, f.Solid, f.Mean, 3 * f.Hole / w, 6 * f.Thick / w, f.Diag, 2 * f.DiagMin,
		f.SpanX, f.SpanY, f.Ring[0], f.Ring[1], f.Ring[2], f.Ring[3], f.FillCore, f.Free,
		5 * c.tone.Noise, c.fit.Contrast, w / 5, math.Sqrt(sx*sy) / 12,
		bilevel, 2 * math.Log(c.box.W/c.box.H), c.tone.contrast() / 250, 5 * math.Min(f.Mean, 0.2)}
	for i := range v {
		in[i] = float32(v[i])
	}
}

// FillScalar is the place of the share of ink among the scalars.
const FillScalar = 1

// TurnMark mirrors what the network sees: by bit 0 left to right, bit 1 top to bottom,
// then bit 2 across the diagonal. tmp has room for an image. It is exported for the trainer.
func TurnMark(in *MarkInput, how int, tmp []float32) {
	copy(tmp, in.Image)
	const n = MarkSide
	for y := range n {
		for x := range n {
			u, v := x, y
			if how&4 != 0 {
				u, v = v, u
			}
			if how&2 != 0 {
				v = n - 1 - v
			}
			if how&1 != 0 {
				u = n - 1 - u
			}
			copy(in.Image[(y*n+x)*markPlanes:][:markPlanes], tmp[(v*n+u)*markPlanes:])
		}
	}
	turnScalars(in.Scalars, how)
}

func turnScalars(v []float32, how int) {
	const spanX, spanY, left, right, top, bottom, aspect = 8, 9, 10, 11, 12, 13, 21
	if how&1 != 0 {
		v[left], v[right] = v[right], v[left]
	}
	if how&2 != 0 {
		v[top], v[bottom] = v[bottom], v[top]
	}
	if how&4 != 0 {
		v[spanX], v[spanY] = v[spanY], v[spanX]
		v[left], v[top] = v[top], v[left]
		v[right], v[bottom] = v[bottom], v[right]
		v[aspect] = -v[aspect]
	}
}
