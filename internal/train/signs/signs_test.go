package main

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/detect"
)

// Same seed, same boxes, on any number of cores.
func TestCollectIsDeterministic(t *testing.T) {
	one := collect(5, 1, 1, trainMix)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	assert.Equal(t, one, collect(5, 1, 1, trainMix))
}

func TestSheetsHoldEveryClass(t *testing.T) {
	var n [detect.ZoneClasses]int
	for _, b := range collect(6, 1, 2, trainMix) {
		n[b.class]++
	}
	for k, v := range n {
		assert.GreaterOrEqual(t, v, 3, names[k])
	}
}

// Every scene leaves ink of the kind its list promises: something to see, in the zone.
func TestScenesLeaveInk(t *testing.T) {
	for _, list := range [][]scene{aside, unclears} {
		for _, sc := range list {
			seen := 0
			rng := rand.New(rand.NewPCG(1, 9))
			s := newSheet(rng)
			for i := range 12 {
				a := &at{newHand(rng), s, i, s.boxes[i]}
				before := a.around()
				sc.draw(a)
				if a.around() >= before+leastInk {
					seen++
				}
			}
			assert.GreaterOrEqual(t, seen, 8, sc.name)
		}
	}
}

func TestMirrorTwiceIsNothing(t *testing.T) {
	b := collect(7, 1, 1, trainMix)
	require.NotEmpty(t, b)
	s := samples(b)[0]
	before := append([]float32(nil), s.Image...)
	turned := 0
	for i := range 20 {
		mirror(rand.New(rand.NewPCG(uint64(i), 1)), &s)
		if s.Image[0] != before[0] || !assert.ObjectsAreEqual(before, s.Image) {
			turned++
		}
	}
	assert.NotZero(t, turned)
	for i := range 20 { // the same turns again
		mirror(rand.New(rand.NewPCG(uint64(i), 1)), &s)
	}
	assert.Equal(t, before, s.Image)
}

// The program goes from end to end.
func TestRunWritesWeights(t *testing.T) {
	var log bytes.Buffer
	out := t.TempDir() + "/w.bin"
	require.NoError(t, run(&log, options{seed: 3, sheets: 1, held: 1, test: 1, epochs: 1, out: out}))
	assert.Contains(t, log.String(), "ECE")
	assert.Contains(t, log.String(), "sha256")
	log.Reset()
	require.NoError(t, run(&log, options{seed: 3, test: 1, in: out}))
}
