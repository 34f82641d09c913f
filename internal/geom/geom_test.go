package geom

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func randomPoints(rng *rand.Rand, n int) []Point {
	p := make([]Point, n)
	for i := range p {
		p[i] = Point{rng.Float64() * 210, rng.Float64() * 297}
	}
	return p
}

func mapAll(h Homography, p []Point) []Point {
	out := make([]Point, len(p))
	for i := range p {
		out[i] = h.Apply(p[i])
	}
	return out
}

func TestFitsRecoverTheTransform(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	src := randomPoints(rng, 30)
	similar := Translate(Point{7, -3}).Mul(RotateDeg(3)).Mul(ScaleBy(11.8, 11.8))
	affine := Homography{11.8, 0.4, 20, -0.3, 11.6, 14, 0, 0, 1}
	projective := Homography{11.8, 0.4, 20, -0.3, 11.6, 14, 1e-5, -2e-5, 1}
	cases := []struct {
		name  string
		truth Homography
		fit   func(a, b []Point) (Homography, bool)
	}{
		{"similarity", similar, FitSimilarity},
		{"affine", affine, FitAffine},
		{"homography", projective, FitHomography},
		{"homography on an affine set", affine, FitHomography},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h, ok := c.fit(src, mapAll(c.truth, src))
			require.True(t, ok)
			for _, p := range randomPoints(rng, 20) {
				// 1e-5 pix is far below any sampling error.
				assert.InDelta(t, 0, h.Apply(p).Sub(c.truth.Apply(p)).Norm(), 1e-5)
			}
		})
	}
}

func TestFitsRefuseDegenerateSets(t *testing.T) {
	line := []Point{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}}
	_, ok := FitAffine(line, line)
	assert.False(t, ok, "points on a line")
	_, ok = FitHomography(line, line)
	assert.False(t, ok, "points on a line")
	_, ok = FitSimilarity([]Point{{1, 1}, {1, 1}}, []Point{{1, 1}, {1, 1}})
	assert.False(t, ok, "one place twice")
	_, ok = FitAffine(line[:2], line[:2])
	assert.False(t, ok, "two points")
}

func TestInverseUndoesTheMap(t *testing.T) {
	h := Homography{11.8, 0.4, 20, -0.3, 11.6, 14, 1e-5, -2e-5, 1}
	inv, ok := h.Inverse()
	require.True(t, ok)
	p := Point{101.5, 203.25}
	assert.InDelta(t, 0, inv.Apply(h.Apply(p)).Sub(p).Norm(), 1e-9)
	_, ok = Homography{}.Inverse()
	assert.False(t, ok)
}

func TestScaleAndAngle(t *testing.T) {
	h := RotateDeg(90).Mul(ScaleBy(2, 3))
	sx, sy := h.ScaleAt(Point{5, 5})
	assert.InDelta(t, 2, sx, 1e-9)
	assert.InDelta(t, 3, sy, 1e-9)
	assert.InDelta(t, 90, h.AngleAt(Point{}), 1e-9)
}

func TestHullArea(t *testing.T) {
	square := []Point{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {5, 5}, {2, 7}}
	assert.InDelta(t, 100, HullArea(square), 1e-9)
	assert.Zero(t, HullArea(square[:2]))
}

func TestBoxes(t *testing.T) {
	a, b := Box{0, 0, 4, 4}, Box{3, 1, 4, 4}
	assert.Equal(t, Box{3, 1, 1, 3}, a.Intersect(b))
	assert.Equal(t, Box{0, 0, 7, 5}, a.Union(b))
	assert.Zero(t, a.Intersect(Box{9, 9, 1, 1}).Area())
	assert.Equal(t, Point{2, 2}, a.Center())
	assert.True(t, a.Contains(Point{0, 0}))
	assert.False(t, a.Contains(Point{4, 0}))
	assert.Equal(t, Box{1, 1, 2, 2}, a.Inset(1))
	assert.InDelta(t, 5, Point{3, 4}.Norm(), 0)
}
