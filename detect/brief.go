package detect

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"scan/internal/geom"
	"scan/internal/raster"
)

// A descriptor tells places apart: 256 comparisons "is a clearly darker than b" at
// fixed pairs of points around the place, in mm of the upright form (BRIEF; Calonder
// et al. 2010). "Clearly" makes plain paper give zeros on the form and on a noisy
// scan alike. The pairs are turned and scaled to the scan, so nothing is resampled.
type descriptor [4]uint64

func (d *descriptor) distance(o *descriptor) int {
	return bits.OnesCount64(d[0]^o[0]) + bits.OnesCount64(d[1]^o[1]) +
		bits.OnesCount64(d[2]^o[2]) + bits.OnesCount64(d[3]^o[3])
}

const (
	// descriptorSigmaMM and descriptorReachMM set the neighbourhood a descriptor sees.
	// Wider tells more places apart, narrower is hurt less by handwriting beside the
	// print and by a wrong scale (TestRegisterUnderHandwriting).
	descriptorSigmaMM = 3.0
	descriptorReachMM = 7.5
	// descriptorStep is the darkness difference, in grey levels of a page stretched to
	// 0..255, that counts as clearly darker. After reduction noise stays below 8.
	descriptorStep = 14
)

type pointPair struct{ a, b geom.Point }

// descriptorPairs are fixed for all time: a change makes cached descriptors wrong.
var descriptorPairs = func() (pairs [256]pointPair) {
	rng := rand.New(rand.NewPCG(0x5eed, 0xb21ef))
	draw := func() float64 {
		for {
			if v := rng.NormFloat64() * descriptorSigmaMM; math.Abs(v) <= descriptorReachMM {
				return v
			}
		}
	}
	for i := range pairs {
		pairs[i] = pointPair{geom.Point{X: draw(), Y: draw()}, geom.Point{X: draw(), Y: draw()}}
	}
	return pairs
}()

// describe computes the descriptors of the keypoints on the smoothed plane, which has
// pxPerMM and is turned by angleDeg clockwise against the form.
func describe(p *raster.Plane, kps []keypoint, pxPerMM, angleDeg float64) []descriptor {
	var off [256][4]int
	turn := geom.RotateDeg(angleDeg).Mul(geom.ScaleBy(pxPerMM, pxPerMM))
	for i, pr := range descriptorPairs {
		a, b := turn.Apply(pr.a), turn.Apply(pr.b)
		off[i] = [4]int{int(math.Round(a.X)), int(math.Round(a.Y)), int(math.Round(b.X)), int(math.Round(b.Y))}
	}
	reach := int(descriptorReachMM*pxPerMM*math.Sqrt2) + 2
	out := make([]descriptor, len(kps))
	for k, kp := range kps {
		if kp.x >= reach && kp.y >= reach && kp.x+reach < p.W && kp.y+reach < p.H {
			describeInside(p, kp, &off, &out[k])
		} else {
			describeAtEdge(p, kp, &off, &out[k])
		}
	}
	return out
}

func describeInside(p *raster.Plane, kp keypoint, off *[256][4]int, d *descriptor) {
	o := kp.y*p.Stride + kp.x
	for i := range off {
		f := &off[i]
		a, b := p.Pix[o+f[1]*p.Stride+f[0]], p.Pix[o+f[3]*p.Stride+f[2]]
		if int(a)+descriptorStep < int(b) {
			d[i>>6] |= 1 << (i & 63)
		}
	}
}

func describeAtEdge(p *raster.Plane, kp keypoint, off *[256][4]int, d *descriptor) {
	for i := range off {
		f := &off[i]
		a, b := p.At(kp.x+f[0], kp.y+f[1]), p.At(kp.x+f[2], kp.y+f[3])
		if int(a)+descriptorStep < int(b) {
			d[i>>6] |= 1 << (i & 63)
		}
	}
}

// smooth3 returns the plane averaged over 3x3 pixels; the border row and column keep
// their values.
func smooth3(p *raster.Plane) *raster.Plane {
	out := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		copy(out.Pix[y*out.Stride:(y+1)*out.Stride], p.Pix[y*p.Stride:y*p.Stride+p.W])
	}
	for y := 1; y < p.H-1; y++ {
		u, m, d := p.Pix[(y-1)*p.Stride:][:p.W], p.Pix[y*p.Stride:][:p.W], p.Pix[(y+1)*p.Stride:][:p.W]
		o := out.Pix[y*out.Stride:][:p.W]
		c0 := int(u[0]) + int(m[0]) + int(d[0])
		c1 := int(u[1]) + int(m[1]) + int(d[1])
		for x := 1; x < p.W-1; x++ {
			c2 := int(u[x+1]) + int(m[x+1]) + int(d[x+1])
			o[x] = uint8((c0 + c1 + c2) * 7282 >> 16)
			c0, c1 = c1, c2
		}
	}
	return out
}
