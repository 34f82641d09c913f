package author

import (
	"math"

	"scan/internal/geom"
	"scan/internal/raster"
)

// mostSkew is how far a scanned form may lie askew, degrees; more has been turned on purpose.
const mostSkew = 5.0

// leastSkew is what is not worth resampling for: on 200 mm it is 0.07 mm.
const leastSkew = 0.02

// straightened samples a page at fineDPI with its print level, and tells how its mm lead back to
// those of the page.
func straightened(p raster.FormPage) (*raster.Plane, geom.Homography) {
	whole := geom.Box{W: p.WidthMM, H: p.HeightMM}
	back := geom.Identity()
	if deg := skew(p.View.Sample(whole, skewDPI/mmPerInch).Y); math.Abs(deg) >= leastSkew {
		c := whole.Center()
		back = geom.Translate(c).Mul(geom.RotateDeg(deg)).Mul(geom.Translate(c.Scale(-1)))
	}
	v := raster.View{Page: p.Page, MMToPix: p.MMToPix.Mul(back)}
	return v.Sample(whole, fineDPI/mmPerInch).Y, back
}

// skewDPI is enough to tell lines of text apart.
const skewDPI = 100

// skew is the angle in degrees by which the print of a page is turned clockwise: the one at which
// the rows of pixels differ most in ink (Postl 1986).
func skew(p *raster.Plane) float64 {
	ink := inkPoints(p)
	best, bestV := 0.0, contrastAt(ink, 0, p)*1.0001
	for _, pass := range []struct{ from, to, step float64 }{{-mostSkew, mostSkew, 0.25}, {-0.25, 0.25, 0.02}} {
		mid := best
		for d := pass.from; d <= pass.to+1e-9; d += pass.step {
			if v := contrastAt(ink, mid+d, p); v > bestV {
				best, bestV = mid+d, v
			}
		}
	}
	return best
}

// inkPoints lists the upper edges of print: whole areas say less, and weigh more.
func inkPoints(p *raster.Plane) (ink []geom.Point) {
	for y := 1; y < p.H; y++ {
		above, row := p.Row(y-1), p.Row(y)
		for x, v := range row {
			if v < inkBelow && above[x] >= inkBelow {
				ink = append(ink, geom.Point{X: float64(x), Y: float64(y)})
			}
		}
	}
	return ink
}

// contrastAt sums the squared changes from row to row, were the page turned back by deg.
func contrastAt(ink []geom.Point, deg float64, p *raster.Plane) (sum float64) {
	slope := math.Tan(deg * math.Pi / 180)
	reach := int(float64(p.W)*math.Abs(slope)) + 2
	rows := make([]float64, p.H+2*reach)
	for _, q := range ink {
		rows[int(q.Y-(q.X-float64(p.W)/2)*slope+float64(reach)+0.5)]++
	}
	for i := 1; i < len(rows); i++ {
		d := rows[i] - rows[i-1]
		sum += d * d
	}
	return sum
}
