package raster

import "encoding/binary"

// Reduce returns the plane n times smaller in both directions: each pixel is the rounded
// mean of n x n pixels. Rows and columns that do not fill a pixel are dropped. n = 1
// returns the plane itself.
func (p *Plane) Reduce(n int) *Plane {
	switch {
	case n <= 1:
		return p
	case n == 2:
		return p.half()
	case n%2 == 0:
		return p.half().Reduce(n / 2) // differs from the exact mean by rounding alone
	}
	return p.reduceAny(n)
}

// half averages 2x2 pixels, eight columns of two rows at a time: the bytes of a word are
// parted into even and odd columns, which are summed in 16-bit lanes.
func (p *Plane) half() *Plane {
	const lanes, two = 0x00ff00ff00ff00ff, 0x0002000200020002
	out := NewPlane(p.W/2, p.H/2)
	for y := range out.H {
		a, b := p.Pix[2*y*p.Stride:][:p.W], p.Pix[(2*y+1)*p.Stride:][:p.W]
		o := out.Pix[y*out.Stride:][:out.W]
		x := 0
		for ; x+4 <= out.W && 2*x+8 <= len(a); x += 4 {
			u, v := binary.LittleEndian.Uint64(a[2*x:]), binary.LittleEndian.Uint64(b[2*x:])
			s := (u&lanes + u>>8&lanes + v&lanes + v>>8&lanes + two) >> 2 & lanes
			o[x], o[x+1], o[x+2], o[x+3] = uint8(s), uint8(s>>16), uint8(s>>32), uint8(s>>48)
		}
		for ; x < out.W; x++ {
			o[x] = uint8((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) >> 2)
		}
	}
	return out
}

func (p *Plane) reduceAny(n int) *Plane {
	out := NewPlane(p.W/n, p.H/n)
	sum := make([]uint32, out.W)
	area := uint32(n * n)
	for y := range out.H {
		clear(sum)
		for j := range n {
			row := p.Pix[(y*n+j)*p.Stride:]
			for x := range sum {
				for _, v := range row[x*n : x*n+n] {
					sum[x] += uint32(v)
				}
			}
		}
		for x, s := range sum {
			out.Pix[y*out.Stride+x] = uint8((s + area/2) / area)
		}
	}
	return out
}
