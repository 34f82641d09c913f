package raster

import "slices"

// newColourPage allocates a page with chroma at full size.
func newColourPage(w, h int) *Page {
	return &Page{Y: NewPlane(w, h), Cb: NewPlane(w, h), Cr: NewPlane(w, h), SubX: 1, SubY: 1}
}

// newGreyPage allocates a page without chroma.
func newGreyPage(w, h int) *Page { return &Page{Y: NewPlane(w, h), SubX: 1, SubY: 1} }

// fromRGB fills the planes of a page with full-size chroma from interleaved rows
// of step bytes a pixel, red first (JPEG's conversion: ITU-R BT.601, full range,
// 16-bit fixed point).
func (p *Page) fromRGB(src []byte, stride, step int) {
	for y := range p.Y.H {
		row := src[y*stride:]
		yy, cb, cr := p.Y.Row(y), p.Cb.Row(y), p.Cr.Row(y)
		for x, i := 0, 0; x < len(yy); x, i = x+1, i+step {
			r, g, b := int32(row[i]), int32(row[i+1]), int32(row[i+2])
			if r == g && g == b {
				yy[x], cb[x], cr[x] = row[i], 128, 128
				continue
			}
			yy[x] = luma(r, g, b)
			cb[x] = clamp8((-11059*r - 21709*g + 32768*b + 128<<16 + 1<<15 - 1) >> 16)
			cr[x] = clamp8((32768*r - 27439*g - 5329*b + 128<<16 + 1<<15 - 1) >> 16)
		}
	}
}

func luma(r, g, b int32) uint8 { return uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 16) }

func clamp8(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// Row returns the pixels of row y, 0 <= y < H.
func (p *Plane) Row(y int) []uint8 { return p.Pix[y*p.Stride : y*p.Stride+p.W : y*p.Stride+p.W] }

// dropGreyChroma removes chroma planes that are neutral everywhere: a grey scan
// stored as RGB.
func (p *Page) dropGreyChroma() {
	if !p.HasColour() {
		return
	}
	for y := range p.Cb.H {
		for x, v := range p.Cb.Row(y) {
			if v != 128 || p.Cr.Pix[y*p.Cr.Stride+x] != 128 {
				return
			}
		}
	}
	p.Cb, p.Cr, p.SubX, p.SubY = nil, nil, 1, 1
}

// orient records that the stored pixels are to be mirrored left to right, if so
// said, and then turned clockwise by turn degrees. Mirroring is done at once, for a
// mirrored page cannot be read; turning is left to whoever samples the page.
func (p *Page) orient(turn int, mirrored bool) {
	if mirrored {
		for _, pl := range []*Plane{p.Y, p.Cb, p.Cr} {
			if pl != nil {
				pl.mirror()
			}
		}
	}
	p.Turn = ((p.Turn+turn)%360 + 360) % 360
}

func (p *Plane) mirror() {
	for y := range p.H {
		slices.Reverse(p.Row(y))
	}
}

// invert turns black to white and every colour to its complement.
func (p *Page) invert() {
	invertPlane(p.Y, 255)
	if p.HasColour() {
		invertPlane(p.Cb, 256)
		invertPlane(p.Cr, 256)
	}
}

func invertPlane(p *Plane, from int) {
	for y := range p.H {
		row := p.Row(y)
		for x, v := range row {
			row[x] = uint8(min(from-int(v), 255))
		}
	}
}

// crop narrows the page to the pixels x0 <= x < x1, y0 <= y < y1, without copying.
// The rectangle is widened to whole chroma pixels at its left and top.
func (p *Page) crop(x0, y0, x1, y1 int) {
	x0, y0 = x0-x0%p.SubX, y0-y0%p.SubY
	p.Y = p.Y.sub(x0, y0, x1, y1)
	if p.HasColour() {
		cx, cy := (x1+p.SubX-1)/p.SubX, (y1+p.SubY-1)/p.SubY
		p.Cb = p.Cb.sub(x0/p.SubX, y0/p.SubY, cx, cy)
		p.Cr = p.Cr.sub(x0/p.SubX, y0/p.SubY, cx, cy)
	}
}

func (p *Plane) sub(x0, y0, x1, y1 int) *Plane {
	return &Plane{Pix: p.Pix[y0*p.Stride+x0:], Stride: p.Stride, W: x1 - x0, H: y1 - y0}
}

// upright returns the plane turned clockwise by 0, 90, 180 or 270 degrees.
func (p *Plane) upright(turn int) *Plane {
	switch turn {
	case 90:
		q := NewPlane(p.H, p.W)
		for y := range p.H {
			for x, v := range p.Row(y) {
				q.Pix[x*q.Stride+p.H-1-y] = v
			}
		}
		return q
	case 180:
		q := NewPlane(p.W, p.H)
		for y := range p.H {
			r := q.Row(p.H - 1 - y)
			copy(r, p.Row(y))
			slices.Reverse(r)
		}
		return q
	case 270:
		q := NewPlane(p.H, p.W)
		for y := range p.H {
			for x, v := range p.Row(y) {
				q.Pix[(p.W-1-x)*q.Stride+y] = v
			}
		}
		return q
	}
	return p
}
