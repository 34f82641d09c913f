package ocr

import (
	"math"
	"strings"
	"unicode/utf8"

	"scan/internal/geom"
	"scan/internal/raster"
)

// The symbologies, as Code.Symbology names them.
const (
	symQR         = "qr"
	symDataMatrix = "datamatrix"
	symCode128    = "code128"
)

// codeHit is a decoded code in a plane: its four corners in pix of that plane
// (top-left, top-right, bottom-right, bottom-left as the code itself is read), and
// how far it is from being certain.
type codeHit struct {
	text, symbology string
	quad            [4]geom.Point
	// doubt is the decadic logarithm of the chance that nonsense would have passed as
	// a code like this one: rsBlock.doubt, or two per check character of Code 128.
	doubt float64
}

// weak tells that the symbology's own protection does not exclude a misread by
// itself: Code 128's single check character, a small symbol at its limit.
func (h codeHit) weak() bool { return h.doubt > provenDoubt }

func (h codeHit) center() geom.Point {
	return h.quad[0].Add(h.quad[1]).Add(h.quad[2]).Add(h.quad[3]).Scale(0.25)
}

// angleDeg is the direction in which the code is read, clockwise from x, averaged
// over its four sides.
func (h codeHit) angleDeg() float64 {
	q := h.quad
	right := q[1].Sub(q[0]).Add(q[2].Sub(q[3]))
	down := q[3].Sub(q[0]).Add(q[2].Sub(q[1]))
	d := right.Add(geom.Point{X: down.Y, Y: -down.X})
	return math.Atan2(d.Y, d.X) * 180 / math.Pi
}

// mapped returns the hit with its corners moved through m.
func (h codeHit) mapped(m geom.Homography) codeHit {
	for i, q := range h.quad {
		h.quad[i] = m.Apply(q)
	}
	return h
}

// bounds returns the box around the corners, grown by d.
func (h codeHit) bounds(d float64) geom.Box {
	x0, y0, x1, y1 := h.quad[0].X, h.quad[0].Y, h.quad[0].X, h.quad[0].Y
	for _, q := range h.quad[1:] {
		x0, y0, x1, y1 = math.Min(x0, q.X), math.Min(y0, q.Y), math.Max(x1, q.X), math.Max(y1, q.Y)
	}
	return geom.Box{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}.Inset(-d)
}

// grownQuad returns the corners moved outwards from the centre by d.
func (h codeHit) grownQuad(d float64) [4]geom.Point {
	c := h.center()
	q := h.quad
	for i, p := range q {
		if r := p.Sub(c).Norm(); r > 0 {
			q[i] = c.Add(p.Sub(c).Scale((r + d*math.Sqrt2) / r))
		}
	}
	return q
}

// fillQuad paints a convex quadrilateral (any turning direction) with one value.
func fillQuad(p *raster.Plane, q [4]geom.Point, value uint8) {
	b := codeHit{quad: q}.bounds(1)
	for y := max(int(b.Y), 0); y < min(int(b.Y+b.H)+1, p.H); y++ {
		for x := max(int(b.X), 0); x < min(int(b.X+b.W)+1, p.W); x++ {
			if insideQuad(q, geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}) {
				p.Pix[y*p.Stride+x] = value
			}
		}
	}
}

func insideQuad(q [4]geom.Point, p geom.Point) bool {
	pos, neg := false, false
	for i := range q {
		c := cross(q[(i+1)%4].Sub(q[i]), p.Sub(q[i]))
		pos, neg = pos || c > 0, neg || c < 0
	}
	return !pos || !neg
}

func cross(a, b geom.Point) float64 { return a.X*b.Y - a.Y*b.X }
func inner(a, b geom.Point) float64 { return a.X*b.X + a.Y*b.Y }

// latin1 makes text of bytes that gozxing hands on as they are.
func latin1(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// legible reports whether a code's text can be shown and compared: not empty, no
// control characters but line breaks, tabs and the separator of GS1.
func legible(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && !strings.ContainsRune("\t\n\r\x1d", r) || r == 0x7f || r == '\uFFFD'
	})
}
