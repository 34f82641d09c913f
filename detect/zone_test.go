package detect

import (
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
)

// The weights in the tree are the ones whose making weights/SIGNS.md records.
func TestZoneWeightsAreRecorded(t *testing.T) {
	readme, err := os.ReadFile("weights/SIGNS.md")
	require.NoError(t, err)
	assert.Contains(t, string(readme), fmt.Sprintf("%x", sha256.Sum256(signsBin)))
	for _, w := range zoneNet().W {
		require.False(t, math.IsNaN(float64(w)), "a weight is not a number")
	}
	assert.Equal(t, signsBin, zoneNet().Pack())
}

// zoneOf measures the zone of the box at (30, 30) on a desk.
func zoneOf(d *desk, b geom.Box) (*ZoneInput, signs) {
	reg, form := d.scan()
	c := newCase(reg.View, form, b, without(d.boxes, b), reg.lookAtPaper(form))
	c.measure()
	p, _ := c.zone()
	return c.zoneInput(p), c.lookBeside()
}

// A mark keeps its place in mm beside boxes of any size.
func TestZonePictureKeepsScaleBesideTheBox(t *testing.T) {
	for _, size := range []float64{3, 4.28, 8} {
		d := newDesk()
		b := d.box(30, 26, size, 0.4)
		d.fill(b)
		y := b.Center().Y
		d.rect(geom.Box{X: b.X - 4, Y: y - 0.8, W: 2, H: 1.6}, 40)
		in, _ := zoneOf(d, b)
		sum, mx, my := 0.0, 0.0, 0.0
		for i := range ZoneH {
			for j := range zoneLeftCells - 8 { // the fill's own edge left out
				v := float64(in.Image[(i*ZoneW+j)*ZonePlanes])
				sum, mx, my = sum+v, mx+v*(float64(j)+0.5), my+v*(float64(i)+0.5)
			}
		}
		assert.InDelta(t, zoneLeftCells-3/zoneCellMM, mx/sum, 0.5, "size %v", size)
		assert.InDelta(t, ZoneH/2, my/sum, 0.5)
		cells := 2 / zoneCellMM * 1.6 * zoneBoxCellsY / size // beside the box rows are its own
		assert.InEpsilon(t, cells, sum, 0.25)
	}
}

// besides is what may stand beside a filled box at (30, 30) of 4.28 mm.
var besides = []struct {
	name string
	want int // class
	draw func(d *desk, b geom.Box)
}{
	{"nothing", ZoneNothing, func(*desk, geom.Box) {}},
	{"cross", ZoneSign, func(d *desk, b geom.Box) { d.cross(geom.Box{X: b.X - 3.8, Y: b.Y + 0.9, W: 2.6, H: 2.6}, 1) }},
	{"cross near", ZoneSign, func(d *desk, b geom.Box) { d.cross(geom.Box{X: b.X - 3.1, Y: b.Y + 0.6, W: 2.7, H: 2.7}, 1) }},
	{"cross far", ZoneSign, func(d *desk, b geom.Box) { d.cross(geom.Box{X: b.X - 5.6, Y: b.Y + 1.2, W: 2.4, H: 2.4}, 1) }},
	{"small cross", ZoneSign, func(d *desk, b geom.Box) { d.cross(geom.Box{X: b.X - 2.9, Y: b.Y + 1.4, W: 1.6, H: 1.6}, 1) }},
	{"plus", ZoneSign, func(d *desk, b geom.Box) {
		d.line(b.X-4, b.Y+2.1, b.X-1.4, b.Y+2.2)
		d.line(b.X-2.7, b.Y+0.8, b.X-2.7, b.Y+3.5)
	}},
	{"tick", ZoneSign, func(d *desk, b geom.Box) {
		d.line(b.X-3.9, b.Y+2, b.X-3.1, b.Y+3.3)
		d.line(b.X-3.1, b.Y+3.3, b.X-1.2, b.Y+0.4)
	}},
	{"arrow", ZoneSign, func(d *desk, b geom.Box) {
		d.line(b.X-4.4, b.Y+2.2, b.X-1, b.Y+2.2)
		d.line(b.X-2, b.Y+1.3, b.X-1, b.Y+2.2)
		d.line(b.X-2, b.Y+3.1, b.X-1, b.Y+2.2)
	}},
	{"ends of the cross below", ZoneNothing, func(d *desk, b geom.Box) { d.cross(b, 1.35) }},
	{"neighbour's cross", ZoneNothing, func(d *desk, b geom.Box) { d.cross(d.box(b.X, b.Y+7.5, b.W, 0.71), 1.5) }},
	{"speck", ZoneNothing, func(d *desk, b geom.Box) { d.rect(geom.Box{X: b.X - 3, Y: b.Y + 1, W: 0.3, H: 0.25}, 80) }},
	{"ring", ZoneUnclear, func(d *desk, b geom.Box) { d.ring(b.Center(), 3.9) }},
	{"line through", ZoneUnclear, func(d *desk, b geom.Box) { d.line(b.X-12, b.Y+2, b.X+3, b.Y+2) }},
	{"cross struck out", ZoneUnclear, func(d *desk, b geom.Box) {
		at := geom.Box{X: b.X - 4, Y: b.Y + 0.7, W: 2.8, H: 2.8}
		d.cross(at, 1)
		d.fill(at)
	}},
}

// What a person sees at once is read at once; what is unclear is never sure.
func TestBesideAFill(t *testing.T) {
	for _, dpi := range []float64{150, 300} {
		for _, c := range besides {
			t.Run(fmt.Sprint(c.name, dpi), func(t *testing.T) {
				d := newDesk()
				d.dpi, d.noise = dpi, 3
				b := d.box(30, 30, 4.28, 0.71)
				d.fill(b)
				c.draw(d, b)
				_, s := zoneOf(d, b)
				p, reason := s.remarked()
				switch c.want {
				case ZoneNothing:
					assert.Less(t, p, 0.02, "%v", s)
					assert.Empty(t, reason)
				case ZoneSign:
					assert.Greater(t, p, 0.96, "%v", s)
					assert.Empty(t, reason)
				default:
					assert.True(t, reason != "" || math.Abs(p-0.5) < 0.45, "%v", s)
				}
			})
		}
	}
}

func TestRemarked(t *testing.T) {
	cases := []struct {
		name   string
		s      signs
		p      float64
		reason string
	}{
		{"nothing", signs{P: [3]float64{0.998, 0.001, 0.001}, MinFree: 1}, 0.0015, ""},
		{"a sign", signs{P: [3]float64{0.001, 0.998, 0.001}, MinFree: 1, Left: 2.5}, 0.9985, ""},
		{"a sign that touches the fill", signs{P: [3]float64{0, 1, 0}, MinFree: 1, Touch: 2.5}, 1, ""},
		{"unclear", signs{P: [3]float64{0.1, 0.2, 0.7}, MinFree: 1, Left: 2}, 0.55, reasonBeside},
		{"a sign without ink", signs{P: [3]float64{0, 1, 0}, MinFree: 1}, 1, reasonBeside},
		{"nothing with much ink", signs{P: [3]float64{1, 0, 0}, MinFree: 1, Left: 3, Apart: 3}, 0, reasonBeside},
		{"print hides the zone", signs{P: [3]float64{1, 0, 0}, MinFree: 0.3}, 0.3, reasonBeside},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, reason := c.s.remarked()
			assert.InDelta(t, c.p, p, 1e-9)
			assert.Equal(t, c.reason, reason)
		})
	}
}

// Where the page ends nobody knows what stood beside the box.
func TestZoneOffThePageIsHidden(t *testing.T) {
	d := newDesk()
	b := d.box(1.8, 30, 4.28, 0.71)
	d.fill(b)
	_, s := zoneOf(d, b)
	assert.Less(t, s.MinFree, minSeen)
	_, reason := s.remarked()
	assert.Equal(t, reasonBeside, reason)
}

func BenchmarkZone(b *testing.B) {
	d := newDesk()
	box := d.box(30, 30, 4.28, 0.71)
	d.fill(box)
	d.cross(geom.Box{X: 26, Y: 31, W: 2.6, H: 2.6}, 1)
	reg, form := d.scan()
	c := newCase(reg.View, form, box, nil, reg.lookAtPaper(form))
	c.measure()
	for b.Loop() {
		c.lookBeside()
	}
}
