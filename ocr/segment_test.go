package ocr

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// drawn is an ink map with lines and rings drawn on it.
type drawn struct {
	inkMap
	mask []bool
}

func newDrawn(w, h int) *drawn {
	return &drawn{inkMap{w: w, h: h, ink: make([]float32, w*h), label: make([]int32, w*h)}, make([]bool, w*h)}
}

func (d *drawn) dot(x, y, r float64) {
	for v := int(y - r); v <= int(y+r); v++ {
		for u := int(x - r); u <= int(x+r); u++ {
			if math.Hypot(float64(u)-x, float64(v)-y) <= r {
				d.mask[v*d.w+u], d.ink[v*d.w+u] = true, 1
			}
		}
	}
}

func (d *drawn) line(x0, y0, x1, y1 float64) {
	for i := range 201 {
		t := float64(i) / 200
		d.dot(x0+t*(x1-x0), y0+t*(y1-y0), 1.6)
	}
}

func (d *drawn) ring(x, y, rx, ry float64) {
	for i := range 400 {
		s, c := math.Sincos(float64(i) / 400 * 2 * math.Pi)
		d.dot(x+rx*c, y+ry*s, 1.6)
	}
}

func keepAll(atom) bool { return true }

func TestSegmentApart(t *testing.T) {
	d := newDrawn(200, 100)
	d.line(30, 20, 28, 70)
	d.ring(70, 45, 12, 25)
	d.dot(95, 68, 2.5)
	atoms, height := d.segment(d.mask, keepAll)
	assert.InDelta(t, 54, height, 2)
	require.GreaterOrEqual(t, len(atoms), 3)
	assert.InDelta(t, 5, atoms[0].w(), 1, "the pen and a lean of two pixels")
	assert.InDelta(t, 53, atoms[0].h(), 2)
	assert.Less(t, atoms[0].x1, 35)
	assert.Greater(t, atoms[len(atoms)-1].x0, 90)
}

// Two rings that touch must be separable: some seam lies between them.
func TestSegmentTouching(t *testing.T) {
	d := newDrawn(200, 100)
	d.ring(60, 50, 15, 25)
	d.ring(91, 50, 15, 25)
	atoms, _ := d.segment(d.mask, keepAll)
	require.GreaterOrEqual(t, len(atoms), 2)
	found := false
	for i := 1; i < len(atoms); i++ {
		l, _ := d.join(atoms[:i])
		r, _ := d.join(atoms[i:])
		found = found || abs(l.W-33) <= 4 && abs(r.W-33) <= 4
	}
	assert.True(t, found, "no cut between the rings: %+v", atoms)
}

// However ink is cut, no pixel is lost or counted twice.
func TestSegmentKeepsAllInk(t *testing.T) {
	d := newDrawn(240, 100)
	d.line(20, 30, 200, 60)
	d.ring(60, 50, 20, 25)
	d.line(100, 20, 90, 80)
	d.line(130, 20, 150, 80)
	total := 0
	for _, on := range d.mask {
		if on {
			total++
		}
	}
	atoms, _ := d.segment(d.mask, keepAll)
	sum := 0
	for _, a := range atoms {
		n := 0
		d.each(a, func(int) { n++ })
		assert.Equal(t, a.area, n)
		sum += n
	}
	assert.Greater(t, len(atoms), 2)
	assert.Equal(t, total, sum)
}

// cellPage is a page of 30 x 20 mm at 300 dpi with a framed cell, and its form.
func cellPage(ink func(set func(x, y float64, v uint8))) (raster.View, raster.FormPage, exam.Score) {
	page := func(dpi float64, ink func(set func(x, y float64, v uint8))) raster.View {
		k := dpi / 25.4
		p := raster.NewPlane(int(30*k), int(20*k))
		for i := range p.Pix {
			p.Pix[i] = 245
		}
		set := func(x, y float64, v uint8) {
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if px, py := int(x*k)+dx, int(y*k)+dy; px >= 0 && py >= 0 && px < p.W && py < p.H {
						p.Pix[py*p.Stride+px] = min(p.Pix[py*p.Stride+px], v)
					}
				}
			}
		}
		for i := range 2000 {
			t := float64(i) / 2000
			set(5+20*t, 5, 20)
			set(5+20*t, 15, 20)
			set(5, 5+10*t, 20)
			set(25, 5+10*t, 20)
		}
		if ink != nil {
			ink(set)
		}
		return raster.View{Page: &raster.Page{Y: p}, MMToPix: geom.ScaleBy(k, k)}
	}
	form := raster.FormPage{View: page(raster.FormDPI, nil), WidthMM: 30, HeightMM: 20}
	return page(300, ink), form, exam.Score{ID: "P1.I", Box: geom.Box{X: 5, Y: 5, W: 20, H: 10}, Max: 18, Step: 0.5}
}

func TestReadScoreEmpty(t *testing.T) {
	v, form, s := cellPage(nil)
	for _, off := range []geom.Point{{}, {X: 0.4, Y: -0.4}, {X: -0.3, Y: 0.4}} {
		u := raster.View{Page: v.Page, MMToPix: v.MMToPix.Mul(geom.Translate(off))}
		r := ReadScore(u, form, s)
		assert.Equal(t, ReasonEmptyScore, r.Reason)
		assert.False(t, r.Read)
		assert.Empty(t, r.Values)
		assert.Greater(t, r.Confidence, 0.95)
	}
}

// A 7 in the palest pencil on paper that clips to white: not empty, whatever else.
func TestReadScorePaleIsNotEmpty(t *testing.T) {
	for _, tone := range []uint8{160, 190, 210, 230} {
		v, form, s := cellPage(func(set func(x, y float64, v uint8)) {
			for i := range 500 {
				t := float64(i) / 500
				set(13+3*t, 7.5, tone)
				set(16-2*t, 7.5+5*t, tone)
			}
		})
		r := ReadScore(v, form, s)
		assert.NotEqual(t, ReasonEmptyScore, r.Reason, "tone %d", tone)
	}
}

// A black-and-white scan left crumbs of a number: too small to read, too many for dirt.
func TestReadScoreSpecks(t *testing.T) {
	for n, empty := range map[int]bool{1: true, 5: false} {
		v, form, s := cellPage(func(set func(x, y float64, v uint8)) {
			for i := range n {
				set(12+1.1*float64(i), 8+0.7*float64(i%3), 0)
			}
		})
		assert.Equal(t, empty, ReadScore(v, form, s).Reason == ReasonEmptyScore, "%d specks", n)
	}
}

// A scanner's line down the page, through an empty field.
func TestReadScoreStreak(t *testing.T) {
	for _, lean := range []float64{0, 0.03} {
		v, form, s := cellPage(nil)
		for y := range v.Page.Y.H {
			x := 150 + int(lean*float64(y))
			v.Page.Y.Pix[y*v.Page.Y.Stride+x] = 150
		}
		assert.Equal(t, ReasonEmptyScore, ReadScore(v, form, s).Reason)
	}
}

func TestReadScoreDash(t *testing.T) {
	v, form, s := cellPage(func(set func(x, y float64, v uint8)) {
		for i := range 400 {
			set(12+5*float64(i)/400, 10, 60)
		}
	})
	r := ReadScore(v, form, s)
	assert.Equal(t, ReasonEmptyScore, r.Reason)
	assert.False(t, r.Read)
}

// A 1 under a zigzag is never read in silence.
func TestReadScoreStruck(t *testing.T) {
	v, form, s := cellPage(func(set func(x, y float64, v uint8)) {
		for i := range 2000 {
			t := float64(i) / 2000
			set(15, 6.5+6*t, 60)
			_, frac := math.Modf(6 * t)
			set(12+6*t, 7+5*math.Abs(2*frac-1), 60)
		}
	})
	r := ReadScore(v, form, s)
	assert.LessOrEqual(t, r.Confidence, struckCap)
}

// A plain 1 that crosses both lines of the frame.
func TestReadScoreAcrossTheFrame(t *testing.T) {
	v, form, s := cellPage(func(set func(x, y float64, v uint8)) {
		for i := range 1000 {
			t := float64(i) / 1000
			set(15-0.5*t, 4.2+11.4*t, 60)
			if t < 0.25 {
				set(15-8*t, 4.2+8*t, 60)
			}
		}
	})
	f := openField(v, form, s.Box)
	atoms, _ := f.segment(f.mask, f.keep)
	tallest := 0
	for _, a := range atoms {
		tallest = max(tallest, a.h())
	}
	assert.Greater(t, tallest, 105, "the stroke is one piece across the frame")
	r := ReadScore(v, form, s)
	require.NotEmpty(t, r.Values)
	assert.InDelta(t, 1, r.Values[0].Value, 1e-9)
}

func TestReadScoreOffThePage(t *testing.T) {
	v, form, s := cellPage(nil)
	v.MMToPix = v.MMToPix.Mul(geom.Translate(geom.Point{X: -12}))
	r := ReadScore(v, form, s)
	assert.Equal(t, ReasonScoreCut, r.Reason)
	assert.False(t, r.Read)
	assert.Zero(t, r.Confidence)
}
