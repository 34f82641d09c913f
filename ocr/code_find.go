package ocr

import (
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// findCodes looks for codes of all three symbologies, at any angle, in ways that
// get dearer: as it is, at half size, smoothed, turned. It stops at the first way
// that finds something, then looks for more of them by the same way with what was
// found painted over: a second code must not stay unseen. minLeg and maxLeg are the
// shortest and longest side of a code in pix.
func findCodes(p *raster.Plane, minLeg, maxLeg float64, ways []codeWay) []codeHit {
	for _, way := range ways {
		var hits []codeHit
		work := &raster.Plane{Pix: slices.Clone(p.Pix), Stride: p.Stride, W: p.W, H: p.H}
		for range 3 {
			found := way(work, minLeg, maxLeg)
			if len(found) == 0 {
				break
			}
			for _, h := range found {
				hits = append(hits, h)
				fillQuad(work, h.grownQuad(2), 255)
			}
		}
		if len(hits) > 0 {
			return hits
		}
	}
	return nil
}

// codeWay is one way to look for codes in a plane.
type codeWay func(p *raster.Plane, minLeg, maxLeg float64) []codeHit

var codeWays = []codeWay{
	codesPlain,
	func(p *raster.Plane, lo, hi float64) []codeHit {
		return mapHits(codesPlain(halfSize(p), lo/2, hi/2), geom.ScaleBy(2, 2))
	},
	func(p *raster.Plane, lo, hi float64) []codeHit { return codesPlain(boxBlur(p, 1), lo, hi) },
	func(p *raster.Plane, lo, hi float64) []codeHit { return codesPlain(boxBlur(p, 2), lo, hi) },
	func(p *raster.Plane, _, _ float64) []codeHit { return qrTurned(p, 10, 25, 45) },
	func(p *raster.Plane, _, _ float64) []codeHit {
		return mapHits(qrTurned(halfSize(p), 10, 25, 45), geom.ScaleBy(2, 2))
	},
}

// codesPlain reads a plane as it is.
func codesPlain(p *raster.Plane, minLeg, maxLeg float64) []codeHit {
	hits := findDataMatrix(p, dmSearch{minLeg: minLeg, maxLeg: maxLeg, max: 3})
	if h, ok := readQR(p, qrHybrid); ok {
		hits = append(hits, h)
	} else if h, ok := readQR(p, qrGlobal); ok {
		hits = append(hits, h)
	}
	return append(hits, findCode128(p)...)
}

// qrTurned reads a QR code with the plane turned: gozxing follows finder patterns
// along rows and columns and loses some at odd angles.
func qrTurned(p *raster.Plane, degrees ...float64) []codeHit {
	for _, deg := range degrees {
		t, back := turned(p, deg)
		for _, bin := range []binarizer{qrHybrid, qrGlobal} {
			if h, ok := readQR(t, bin); ok {
				return []codeHit{h.mapped(back)}
			}
		}
	}
	return nil
}

// turned turns a plane clockwise about its middle, large enough to hold all of it,
// and returns the map from the result's pix to the plane's.
func turned(p *raster.Plane, deg float64) (*raster.Plane, geom.Homography) {
	r := geom.RotateDeg(deg)
	b := codeHit{quad: geom.Box{W: float64(p.W), H: float64(p.H)}.Corners()}.mapped(r).bounds(0)
	inv, _ := r.Inverse()
	back := inv.Mul(geom.Translate(geom.Point{X: b.X, Y: b.Y}))
	return sampleLuma(p, back, int(b.W), int(b.H), 1), back
}

func mapHits(hits []codeHit, m geom.Homography) []codeHit {
	for i := range hits {
		hits[i] = hits[i].mapped(m)
	}
	return hits
}
