package ocr

import (
	"scan/internal/geom"
	"scan/internal/raster"
)

// codeSearch says how codes are looked for: the shortest and longest side of a code
// in pix, and whether symbols in perspective are too (dmSearch.bent).
type codeSearch struct {
	minLeg, maxLeg float64
	bent           bool
}

// codeWay prepares a plane for another look at it and returns how to map what is
// found there back.
type codeWay func(p *raster.Plane) (*raster.Plane, geom.Homography)

// codeWays are ways to look for codes, from cheap to dear.
var codeWays = []codeWay{
	func(p *raster.Plane) (*raster.Plane, geom.Homography) { return p, geom.Identity() },
	func(p *raster.Plane) (*raster.Plane, geom.Homography) { return halfSize(p), geom.ScaleBy(2, 2) },
	func(p *raster.Plane) (*raster.Plane, geom.Homography) { return boxBlur(p, 1), geom.Identity() },
	func(p *raster.Plane) (*raster.Plane, geom.Homography) { return boxBlur(p, 2), geom.Identity() },
	enlarged,
	func(p *raster.Plane) (*raster.Plane, geom.Homography) { return inverted(p), geom.Identity() },
}

// findCodes looks for codes of all three symbologies, at any angle. It stops at the
// first way that finds something; each way finds all codes it can see, so that a
// second one does not stay unseen.
func findCodes(p *raster.Plane, s codeSearch, ways []codeWay) []codeHit {
	for _, way := range ways {
		q, back := way(p)
		k, _ := back.ScaleAt(geom.Point{})
		if hits := codesPlain(q, codeSearch{s.minLeg / k, s.maxLeg / k, s.bent}); len(hits) > 0 {
			return mapHits(hits, back)
		}
	}
	return nil
}

// codesPlain reads a plane as it is.
func codesPlain(p *raster.Plane, s codeSearch) []codeHit {
	hits := findDataMatrix(p, dmSearch{minLeg: s.minLeg, maxLeg: s.maxLeg, max: 3, bent: s.bent})
	hits = append(hits, findQR(p)...)
	return append(hits, findCode128(p)...)
}

// enlarged triples a small plane and puts light paper around it, for codes of one or
// two pix a module that fill their picture. Larger planes come back as they are.
func enlarged(p *raster.Plane) (*raster.Plane, geom.Homography) {
	const factor, margin, small = 3, 6, 160
	if max(p.W, p.H) > small {
		return p, geom.Identity()
	}
	padded := raster.NewPlane(p.W+2*margin, p.H+2*margin)
	for i := range padded.Pix {
		padded.Pix[i] = 255
	}
	for y := range p.H {
		copy(padded.Pix[(y+margin)*padded.W+margin:], p.Pix[y*p.Stride:y*p.Stride+p.W])
	}
	m := geom.ScaleBy(1.0/factor, 1.0/factor)
	return sampleLuma(padded, m, factor*padded.W, factor*padded.H, 1), geom.Translate(geom.Point{X: -margin, Y: -margin}).Mul(m)
}

// inverted swaps dark and light.
func inverted(p *raster.Plane) *raster.Plane {
	d := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		for x, v := range p.Pix[y*p.Stride : y*p.Stride+p.W] {
			d.Pix[y*p.W+x] = 255 - v
		}
	}
	return d
}

func mapHits(hits []codeHit, m geom.Homography) []codeHit {
	for i := range hits {
		hits[i] = hits[i].mapped(m)
	}
	return hits
}
