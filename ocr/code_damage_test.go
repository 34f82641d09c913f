package ocr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

// TestRSDoubt counts how often words drawn by lot pass as a block's, and compares with
// the doubt computed.
func TestRSDoubt(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	field := reedsolomon.GenericGF_DATA_MATRIX_FIELD_256
	const trials = 60_000
	for _, b := range []rsBlock{{make([]int, 6), 2}, {make([]int, 20), 2}, {make([]int, 14), 4}} {
		passed, limit := 0, b.check/2
		for range trials {
			for i := range b.words {
				b.words[i] = rng.IntN(256)
			}
			if _, _, ok := b.corrected(field); ok {
				passed++
			}
		}
		want := trials * math.Pow(10, b.doubt(limit))
		assert.InDelta(t, want, passed, 4*math.Sqrt(want)+1, "%d words, %d check", len(b.words), b.check)
	}
	small := rsBlock{make([]int, 8), 5} // Data Matrix 10 x 10
	assert.InDelta(t, -8.7, small.doubt(1), 0.1)
	assert.InDelta(t, -5.8, small.doubt(2), 0.1)
	assert.InDelta(t, -7.2, rsBlock{make([]int, 26), 10}.doubt(5), 0.1) // QR 1-M
}

// harmed changes modules in one of the ways stickers are: single ones, a blot that
// turns all dark, a scratch that turns all light, a stroke of a pen.
func harmed(rng *rand.Rand, bits []bool, rows, cols, strength int) []bool {
	out := append([]bool(nil), bits...)
	switch rng.IntN(4) {
	case 0:
		for range strength {
			i := rng.IntN(len(out))
			out[i] = !out[i]
		}
	case 1, 2:
		dark := rng.IntN(2) == 0
		h := 1 + rng.IntN(max(strength/2, 1))
		w := max(strength/h, 1)
		y0, x0 := rng.IntN(rows), rng.IntN(cols)
		for y := y0; y < min(y0+h, rows); y++ {
			for x := x0; x < min(x0+w, cols); x++ {
				out[y*cols+x] = dark
			}
		}
	default:
		slope, at := 2*rng.Float64()-1, rng.Float64()*float64(rows)
		half := float64(strength) / 24
		for i := range out {
			if math.Abs(float64(i/cols)-at-slope*float64(i%cols)) < half {
				out[i] = true
			}
		}
	}
	return out
}

// TestDamagedModules harms the modules of codes by lot: what stands by itself
// (provenDoubt) is never wrong, and what is read but does not is hardly ever.
func TestDamagedModules(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for _, text := range []string{"20200811", "00200811", "TX-40718"} {
		dm, qr := encoded(t, symDataMatrix, text, false), encoded(t, symQR, text, false)
		rect := encoded(t, symDataMatrix, text, true)
		for k, m := range []interface {
			GetWidth() int
			GetHeight() int
			Get(x, y int) bool
		}{dm, rect, qr} {
			rows, cols := m.GetHeight(), m.GetWidth()
			bits := make([]bool, rows*cols)
			for i := range bits {
				bits[i] = m.Get(i%cols, i/cols)
			}
			proven, weak, wrong := 0, 0, 0
			for trial := range 3000 {
				b := harmed(rng, bits, rows, cols, trial%90)
				var got string
				var doubt float64
				var ok bool
				if k < 2 {
					got, doubt, ok = dmDecode(b, dmSize{rows, cols})
				} else {
					got, doubt, ok = qrDecode(b, qrVersions[(rows-17)/4]())
				}
				switch {
				case !ok:
				case doubt <= provenDoubt:
					require.Equal(t, text, got)
					proven++
				case got == text:
					weak++
				default:
					wrong++
				}
			}
			assert.Zero(t, wrong, "%s %dx%d: wrong, though for review", text, rows, cols)
			assert.Greater(t, proven, 500, "%s %dx%d (and weak %d)", text, rows, cols, weak)
		}
	}
}

// TestNoiseIsNoQR: random modules inside perfect finder patterns decode to nothing.
func TestNoiseIsNoQR(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	v := qrVersions[1]()
	m := encoded(t, symQR, "20200811", false)
	require.Equal(t, v.dim, m.GetWidth())
	for range 3000 {
		bits := make([]bool, v.dim*v.dim)
		for i := range bits {
			x, y := i%v.dim, i/v.dim
			bits[i] = rng.IntN(2) == 0
			if x <= 8 && y <= 8 || x <= 8 && y >= v.dim-8 || x >= v.dim-8 && y <= 8 {
				bits[i] = m.Get(x, y) // with the format, so that only the text is noise
			}
		}
		text, _, ok := qrDecode(bits, v)
		require.False(t, ok, "read as %q", text)
	}
}

// TestHarmedStickers scribbles, blots and scratches over whole stickers by lot: no
// value is final that is not the sticker's. SCAN_STICKERS=all harms 600.
func TestHarmedStickers(t *testing.T) {
	trials := 24
	if os.Getenv("SCAN_STICKERS") == "all" {
		trials = 600
	}
	blank := simForm(t)
	form := simFormPage(blank)
	r := NewReader()
	defer r.Close()
	final, review := 0, 0
	for trial := range trials {
		rng := rand.New(rand.NewPCG(51, uint64(trial)))
		s := stickerKinds[trial%len(stickerKinds)].simSticker
		s.code = fmt.Sprintf("%08d", rng.IntN(1e8))
		s.printed = s.code
		c := s.draw(t)
		for range 1 + rng.IntN(5) {
			at := func() geom.Point { return geom.Point{X: 46 * rng.Float64(), Y: 21 * rng.Float64()} }
			c.stroke(at(), at(), 0.2+1.6*rng.Float64()*rng.Float64(), uint8(255*rng.IntN(4)/3))
		}
		page := blank.clone()
		page.place(c, simField.Center().Add(geom.Point{X: 6*rng.Float64() - 3, Y: 6*rng.Float64() - 3}), 90*rng.Float64()-45)
		scan := simScan{dpi: []float64{150, 200, 300}[trial%3], contrast: 0.3 + 0.7*rng.Float64(), noise: 6, blur: 0.1 * rng.Float64(), bilevel: trial%5 == 0, seed: uint64(trial)}
		got := r.ReadSticker(scan.of(page), form, simField)
		if got.Reason != "" {
			review++
			continue
		}
		require.Equal(t, s.code, got.Value, "trial %d: %+v", trial, got)
		final++
	}
	t.Logf("final %d, for review %d", final, review)
	assert.Greater(t, final, trials/4)
}

// FuzzFindCodes feeds arbitrary planes: nothing panics, and what is read is text.
func FuzzFindCodes(f *testing.F) {
	f.Add(uint8(0), []byte{})
	f.Add(uint8(32), make([]byte, 1024))
	for _, symbology := range []string{symQR, symDataMatrix, symCode128} {
		m := encoded(f, symbology, "20200811", false)
		w := 3*m.GetWidth() + 12
		pix := make([]byte, w*(3*m.GetHeight()+12))
		for i := range pix {
			pix[i] = 255
			if x, y := i%w/3-2, i/w/3-2; x >= 0 && y >= 0 && x < m.GetWidth() && y < m.GetHeight() && m.Get(x, y) {
				pix[i] = 0
			}
		}
		f.Add(uint8(min(w, 255)), pix)
	}
	f.Fuzz(func(t *testing.T, w uint8, pix []byte) {
		p := &raster.Plane{Stride: int(w), W: int(w), H: 0}
		if w > 0 {
			p.H = min(len(pix)/int(w), 400)
		}
		p.Pix = pix[:p.W*p.H]
		for _, h := range findCodes(p, codeSearch{8, 400, true}, codeWays) {
			require.True(t, utf8.ValidString(h.text))
		}
	})
}
