package raster

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReduceAgainstTheDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range [][2]int{{64, 48}, {37, 23}, {8, 8}, {3, 9}} {
		p := NewPlane(size[0], size[1])
		for i := range p.Pix {
			p.Pix[i] = uint8(rng.IntN(256))
		}
		for n := 1; n <= 6; n++ {
			t.Run(fmt.Sprint(size, n), func(t *testing.T) {
				got := p.Reduce(n)
				require.Equal(t, p.W/n, got.W)
				require.Equal(t, p.H/n, got.H)
				for y := range got.H {
					for x := range got.W {
						// Halving twice rounds twice: one level, two for three times.
						assert.InDelta(t, meanOf(p, x*n, y*n, n), float64(got.At(x, y)), 1.01)
					}
				}
			})
		}
	}
}

func meanOf(p *Plane, x0, y0, n int) float64 {
	s := 0
	for y := y0; y < y0+n; y++ {
		for x := x0; x < x0+n; x++ {
			s += int(p.At(x, y))
		}
	}
	return float64(s) / float64(n*n)
}

func BenchmarkReduce(b *testing.B) {
	p := NewPlane(2480, 3508)
	for _, n := range []int{2, 3, 4} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				p.Reduce(n)
			}
		})
	}
}
