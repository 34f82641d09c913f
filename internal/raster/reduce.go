package raster

import "encoding/binary"

// Half returns the plane at half size: each pixel is the rounded mean of 2 x 2. An
// odd last row or column is dropped. A pixel (x, y) of the plane lies at (x/2, y/2).
func (p *Plane) Half() *Plane {
	q := NewPlane(p.W/2, p.H/2)
	for y := range q.H {
		halfRow(q.Row(y), p.Row(2*y), p.Row(2*y+1))
	}
	return q
}

// halfRow averages eight columns of two rows at a time, in 16-bit lanes of a word.
func halfRow(out, a, b []byte) {
	const even = 0x00FF00FF00FF00FF
	const two = 0x0002000200020002
	x := 0
	for ; x+4 <= len(out); x += 4 {
		u, v := binary.LittleEndian.Uint64(a[2*x:]), binary.LittleEndian.Uint64(b[2*x:])
		s := u&even + u>>8&even + v&even + v>>8&even + two
		s = s >> 2 & even
		s = (s | s>>8) & 0x0000FFFF0000FFFF
		binary.LittleEndian.PutUint32(out[x:], uint32(s|s>>16))
	}
	for ; x < len(out); x++ {
		out[x] = uint8((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) >> 2)
	}
}

// Reduce returns the plane n times smaller: each pixel is the rounded mean of n x n.
// Rows and columns that fill no whole pixel are dropped. n <= 1 returns the plane
// itself. An even n halves first, which differs by rounding alone.
func (p *Plane) Reduce(n int) *Plane {
	switch {
	case n <= 1:
		return p
	case n%2 == 0:
		return p.Half().Reduce(n / 2)
	}
	return p.reduceXY(n, n)
}

func (p *Plane) reduceXY(nx, ny int) *Plane {
	if nx == ny && (nx == 1 || nx == 2) {
		return p.Reduce(nx)
	}
	q := NewPlane(p.W/nx, p.H/ny)
	acc := make([]uint32, q.W)
	div := uint32(nx * ny)
	for y := range q.H {
		clear(acc)
		for j := range ny {
			addColumns(acc, p.Row(y*ny+j), nx)
		}
		for x, s := range acc {
			q.Pix[y*q.W+x] = uint8((s + div/2) / div)
		}
	}
	return q
}

func addColumns(acc []uint32, row []byte, n int) {
	if n == 3 {
		for x := range acc {
			r := row[3*x : 3*x+3 : 3*x+3]
			acc[x] += uint32(r[0]) + uint32(r[1]) + uint32(r[2])
		}
		return
	}
	for x := range acc {
		s := uint32(0)
		for _, v := range row[x*n : x*n+n] {
			s += uint32(v)
		}
		acc[x] += s
	}
}

// ReduceTo returns the page n times smaller, n >= 1, its resolution with it. Chroma
// that is coarser than the result already is shared, not copied.
func ReduceTo(p *Page, n int) *Page {
	q := *p
	q.Y = p.Y.Reduce(n)
	q.DPIX, q.DPIY = p.DPIX/float64(n), p.DPIY/float64(n)
	q.Bilevel = p.Bilevel && n == 1
	if p.HasColour() {
		var nx, ny int
		nx, q.SubX = splitFactor(n, p.SubX)
		ny, q.SubY = splitFactor(n, p.SubY)
		q.Cb, q.Cr = p.Cb.reduceXY(nx, ny), p.Cr.reduceXY(nx, ny)
	}
	return &q
}

// splitFactor shares a reduction by n of chroma that is sub times smaller: reduce
// the chroma by the first result, and it is the second times smaller than the rest.
func splitFactor(n, sub int) (reduce, left int) {
	switch {
	case sub%n == 0:
		return 1, sub / n
	case n%sub == 0:
		return n / sub, 1
	}
	return n, sub
}
