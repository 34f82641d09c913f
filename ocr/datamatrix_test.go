package ocr

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

// TestDataMatrixSizes reads every size of symbol, which also compares dmRender with
// the encoder: a symbol laid out differently fails its proof.
func TestDataMatrixSizes(t *testing.T) {
	seen := map[dmSize]bool{}
	for n := 2; n < 2608; n += 3 {
		for _, rect := range []bool{false, true} {
			if rect && n > 98 {
				continue
			}
			text := ""
			for i := range n {
				text += fmt.Sprint(i % 10)
			}
			m := encoded(t, symDataMatrix, text, rect)
			size := dmSize{m.GetHeight(), m.GetWidth()}
			if _, known := dmSymbols[size]; !known || seen[size] {
				continue
			}
			seen[size] = true
			bits := make([]bool, size.rows*size.cols)
			for i := range bits {
				bits[i] = m.Get(i%size.cols, i/size.cols)
			}
			got, doubt, ok := dmDecode(bits, size)
			require.True(t, ok, "%v", size)
			assert.Equal(t, text, got)
			assert.Less(t, doubt, provenDoubt)
		}
	}
	assert.Len(t, seen, len(dmSizes)-18, "sizes tried: the encoder knows none of DMRE")
}

// TestDataMatrixRefusesNoise: random modules inside a perfect frame decode to
// nothing.
func TestDataMatrixRefusesNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, size := range []dmSize{{10, 10}, {12, 12}, {14, 14}, {8, 18}, {16, 36}} {
		for range 3000 {
			bits := make([]bool, size.rows*size.cols)
			for i := range bits {
				x, y := i%size.cols, i/size.cols
				bits[i] = x == 0 || y == size.rows-1 || rng.IntN(2) == 0
			}
			text, _, ok := dmDecode(bits, size)
			require.False(t, ok, "%v read as %q", size, text)
		}
	}
}

// TestDataMatrixDamage flips more and more modules: what is read stays right.
func TestDataMatrixDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	m := encoded(t, symDataMatrix, "20200811", false)
	size := dmSize{m.GetHeight(), m.GetWidth()}
	read := 0
	for trial := range 4000 {
		bits := make([]bool, size.rows*size.cols)
		for i := range bits {
			bits[i] = m.Get(i%size.cols, i/size.cols)
		}
		for range trial % 40 {
			i := rng.IntN(len(bits))
			bits[i] = !bits[i]
		}
		if text, _, ok := dmDecode(bits, size); ok {
			require.Equal(t, "20200811", text)
			read++
		}
	}
	assert.Greater(t, read, 300)
}

// TestSampleLumaAgreesWithSample compares the two samplers of the project.
func TestSampleLumaAgreesWithSample(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	p := raster.NewPlane(200, 150)
	for i := range p.Pix {
		p.Pix[i] = uint8(rng.IntN(256))
	}
	v := raster.View{Page: &raster.Page{Y: boxBlur(p, 1)},
		MMToPix: geom.Homography{5.1, 0.3, 7, -0.2, 5, 9, 0.0004, 0.0002, 1}}
	box := geom.Box{X: -2, Y: 1, W: 30, H: 20}
	want, got := v.Sample(box, 5).Y, sampleBox(v, box, 5)
	require.Equal(t, []int{want.W, want.H}, []int{got.W, got.H})
	for i := range got.Pix {
		require.InDelta(t, want.Pix[i], got.Pix[i], 12, "pixel %d", i) // 1/16 pix of rounding on noise
	}
}
