package main

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/shareddata"
	"scan/ocr"
)

// The gradient against differences of the loss. Steps are small and sums float32:
// parameters whose gradient is tiny say nothing and are passed over.
func TestGradientMatchesDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	n := new(ocr.Net)
	initNet(n, r)
	g := glyph{class: 7}
	for i := range g.Glyph {
		g.Glyph[i] = r.Float32()
	}
	p := new(pass)
	p.learn(n, &g)
	loss := func() float64 { // with the smoothed target that learn uses
		out := new(pass).forward(n, &g.Glyph)
		sum := 0.0
		for c, q := range out {
			w := 0.02 / ocr.NetClasses
			if c == g.class {
				w += 0.98
			}
			sum -= w * math.Log(float64(q))
		}
		return sum
	}
	w, grad := params(n), params(&p.grad)
	checked := 0
	for i := range w {
		j := r.IntN(len(w[i]))
		if math.Abs(float64(grad[i][j])) < 0.05 {
			continue
		}
		const eps = 2e-3
		old := w[i][j]
		w[i][j] = old + eps
		up := loss()
		w[i][j] = old - eps
		down := loss()
		w[i][j] = old
		assert.InEpsilon(t, (up-down)/(2*eps), float64(grad[i][j]), 0.05, "parameter %d of block %d", j, i)
		checked++
	}
	assert.Greater(t, checked, 10)
}

func TestTrainerForwardMatchesReader(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	n := new(ocr.Net)
	initNet(n, r)
	var g ocr.Glyph
	for i := range g {
		g[i] = r.Float32()
	}
	want, got := n.Forward(&g), new(pass).forward(n, &g)
	for c := range want {
		assert.InDelta(t, want[c], got[c], 1e-4)
	}
}

func TestExp32(t *testing.T) {
	for x := float32(0); x > -80; x -= 0.37 {
		assert.InEpsilon(t, math.Exp(float64(x)), float64(exp32(x)), 5e-5, "%v", x)
	}
	assert.Zero(t, exp32(-100))
}

func TestClassOf(t *testing.T) {
	sh := &sheet{marks: []mark{
		{geom.Box{X: 0, Y: 0, W: 3, H: 5}, 4},
		{geom.Box{X: 3.2, Y: 4.5, W: 0.5, H: 1}, markSep},
		{geom.Box{X: 4, Y: 0, W: 3, H: 5}, 5},
	}}
	assert.Equal(t, 4, classOf(sh, geom.Box{X: 0.1, Y: 0, W: 3, H: 5}))
	assert.Equal(t, ocr.ClassJunk, classOf(sh, geom.Box{X: 0, Y: 0, W: 7, H: 5}), "two digits")
	assert.Equal(t, ocr.ClassJunk, classOf(sh, geom.Box{X: 0, Y: 0, W: 1, H: 5}), "part of one")
	assert.Equal(t, ocr.ClassJunk, classOf(sh, geom.Box{X: 0, Y: 0, W: 3.7, H: 5.5}), "a digit and its comma")
	assert.Equal(t, -1, classOf(sh, geom.Box{X: 3.2, Y: 4.5, W: 0.5, H: 1}), "for the other network")
}

// TestUnseenWriters holds the committed weights to writers that neither training
// nor calibration saw. The floors lie a little below what was measured.
func TestUnseenWriters(t *testing.T) {
	s, err := loadSets(shareddata.Path(t, "data"))
	require.NoError(t, err)
	raw, err := os.ReadFile("../../../ocr/weights/digits.bin")
	require.NoError(t, err)
	m, err := ocr.ParseModel(raw)
	require.NoError(t, err)
	assert.Greater(t, penAccuracy(m, s, false), 0.975, "single digits as written")
	assert.Greater(t, pictureAccuracy(m, s.chequeTest), 0.89, "single digits on cheques")
	c := newTally(m, s, 600, 9100)
	mis, review := c.at(0.98)
	t.Logf("of %d fields: %d first guesses right, %d misread, %d for review at 0.98", c.plain, c.best, mis, review)
	assert.LessOrEqual(t, mis, 5)
	assert.Greater(t, float64(c.best), 0.9*float64(c.plain))
	assert.LessOrEqual(t, c.emptyWrong, 2)
}
