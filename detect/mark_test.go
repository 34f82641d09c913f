package detect

import (
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
)

// styles are boxes of different print and scans of different kinds.
var styles = []struct {
	name              string
	size, stroke, dpi float64
	paper, noise      float64
	cut               bool
}{
	{"reference", 4.285, 0.714, 300, 250, 2, false},
	{"thin frame", 4.5, 0.2, 300, 240, 3, false},
	{"small", 3.2, 0.3, 300, 250, 2, false},
	{"large", 7.5, 0.5, 200, 235, 2, false},
	{"150 dpi", 4.285, 0.714, 150, 220, 3, false},
	{"600 dpi", 4.285, 0.714, 600, 250, 3, false},
	{"1 bit", 4.285, 0.714, 300, 250, 0, true},
}

// askBelow is the confidence from which nobody is asked by the ordinary policy.
const askBelow = 0.99

// asked is why a person looks at a reading, "" where it stands as it is.
func asked(r BoxReading) string {
	if r.Reason == "" && r.Confidence < askBelow {
		return "unsure"
	}
	return r.Reason
}

func unasked(r BoxReading) bool { return asked(r) == "" }

func TestConventions(t *testing.T) {
	marks := []struct {
		want State
		draw func(d *desk, b geom.Box)
	}{
		{Empty, func(*desk, geom.Box) {}},
		{Crossed, func(d *desk, b geom.Box) { d.cross(b, 0.9) }},
		{Crossed, func(d *desk, b geom.Box) { d.cross(b, 1.3) }},
		{Filled, func(d *desk, b geom.Box) { d.fill(b) }},
		{Remarked, func(d *desk, b geom.Box) {
			d.fill(b)
			d.cross(geom.Box{X: b.X - 4, Y: b.Y + b.H/2 - 1.4, W: 2.8, H: 2.8}, 1)
		}},
	}
	for _, s := range styles {
		for i, m := range marks {
			t.Run(fmt.Sprint(s.name, "/", m.want, i), func(t *testing.T) {
				d := newDesk()
				d.dpi, d.paper, d.noise, d.cut = s.dpi, s.paper, s.noise, s.cut
				d.shift = geom.Point{X: 0.3, Y: -0.25}
				b := d.box(25, 25, s.size, s.stroke)
				m.draw(d, b)
				r := d.read(b)
				assert.Equal(t, m.want, r.State, brief(r))
				assert.Empty(t, r.Reason, brief(r))
				assert.GreaterOrEqual(t, r.Confidence, askBelow, brief(r))
				assert.InDelta(t, 0.39, r.FitMM, 0.1)
			})
		}
	}
}

// A reading of what nobody foresaw must be a question, or right.
func TestOddMarksAreAskedAbout(t *testing.T) {
	cases := []struct {
		name string
		ok   []State // that may be read without a question
		draw func(d *desk, b geom.Box)
	}{
		{"tick", []State{Crossed}, func(d *desk, b geom.Box) {
			d.line(b.X+0.8, b.Y+2, b.X+1.7, b.Y+3.3)
			d.line(b.X+1.7, b.Y+3.3, b.X+4, b.Y+0.2)
		}},
		{"slash", []State{Crossed}, func(d *desk, b geom.Box) { d.line(b.X+0.4, b.Y+4, b.X+4, b.Y+0.3) }},
		{"dot", []State{Empty}, func(d *desk, b geom.Box) { d.line(b.X+2, b.Y+2, b.X+2.1, b.Y+2) }},
		{"half a fill", nil, func(d *desk, b geom.Box) { d.fill(geom.Box{X: b.X + 0.3, Y: b.Y + 0.3, W: 1.8, H: 3.6}) }},
		{"bar", nil, func(d *desk, b geom.Box) { d.line(b.X+0.9, b.Y+2.1, b.X+3.4, b.Y+2.2) }},
		{"letter", nil, func(d *desk, b geom.Box) {
			d.line(b.X+1.2, b.Y+1, b.X+1.2, b.Y+3.3)
			d.line(b.X+1.2, b.Y+3.3, b.X+3, b.Y+3.3)
			d.line(b.X+3, b.Y+3.3, b.X+3, b.Y+1)
		}},
		{"ring around a fill", nil, func(d *desk, b geom.Box) { d.fill(b); d.ring(b.Center(), 3.9) }},
		{"sign right of a fill", nil, func(d *desk, b geom.Box) {
			d.fill(b)
			d.cross(geom.Box{X: b.X + b.W + 0.5, Y: b.Y + 1, W: 2, H: 2}, 1)
		}},
		{"sign above a fill", nil, func(d *desk, b geom.Box) {
			d.fill(b)
			d.cross(geom.Box{X: b.X + 1, Y: b.Y - 2.5, W: 2, H: 2}, 1)
		}},
		{"sign that touches a fill", []State{Remarked}, func(d *desk, b geom.Box) {
			d.fill(b)
			d.cross(geom.Box{X: b.X - 2.8, Y: b.Y + 0.8, W: 3, H: 3}, 1)
		}},
		{"line through a fill to the left", nil, func(d *desk, b geom.Box) {
			d.fill(b)
			d.line(b.X-12, b.Y+2, b.X+3, b.Y+2)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			b := d.box(25, 25, 4.285, 0.714)
			c.draw(d, b)
			r := d.read(b)
			if unasked(r) {
				assert.Contains(t, c.ok, r.State, brief(r))
			}
		})
	}
}

func TestSpeckAndNeighbourStrokesLeaveABoxEmpty(t *testing.T) {
	d := newDesk()
	b := d.box(25, 25, 4.285, 0.714)
	above := d.box(25, 17.5, 4.285, 0.714)
	d.cross(above, 1.7) // its strokes end 1.5 mm below it, 1.7 above the box
	d.rect(geom.Box{X: 27, Y: 27, W: 0.12, H: 0.12}, 90)
	r := d.read(b)
	assert.Equal(t, Empty, r.State)
	assert.Empty(t, r.Reason, brief(r))
}

func TestFitFindsShift(t *testing.T) {
	for _, stroke := range []float64{0.714, 0.25} {
		for _, s := range []geom.Point{{X: 0, Y: 0}, {X: 0.33, Y: -0.41}, {X: -0.9, Y: 0.75}, {X: 1.05, Y: 1.0}} {
			for _, mark := range []string{"empty", "cross", "fill", "fat"} {
				t.Run(fmt.Sprint(stroke, s, mark), func(t *testing.T) {
					d := newDesk()
					d.noise, d.shift = 4, s
					b := d.box(25, 25, 4.285, stroke)
					switch mark {
					case "cross":
						d.cross(b, 1.2)
					case "fill":
						d.fill(b)
					case "fat":
						d.stroke(b.X, b.Y, b.X+b.W, b.Y+b.H, 0.6, 40, 0, 0)
						d.stroke(b.X+b.W, b.Y, b.X, b.Y+b.H, 0.6, 40, 0, 0)
					}
					reg, form := d.scan()
					f := fitFrame(reg.View, form.View, b, fullSearch)
					// Half the width within which darkness beside print is not ink.
					assert.InDelta(t, -s.X, f.Shift.X, 0.09)
					assert.InDelta(t, -s.Y, f.Shift.Y, 0.09)
				})
			}
		}
	}
}

func TestPaperIsAskedBeforeInk(t *testing.T) {
	b0 := geom.Box{X: 25, Y: 25, W: 4.285, H: 4.285}
	cases := []struct {
		name    string
		reasons []string
		draw    func(d *desk)
	}{
		{"streak over a part, down", []string{reasonStreak}, func(d *desk) { d.rect(geom.Box{X: b0.X + 2, Y: 8, W: 0.25, H: 40}, 120) }},
		{"streak over a part, across", []string{reasonStreak}, func(d *desk) { d.rect(geom.Box{X: 8, Y: b0.Y + 2, W: 40, H: 0.2}, 90) }},
		{"black backing", []string{reasonNoPaper, reasonNoFrame, reasonLowContrast}, func(d *desk) { d.rect(geom.Box{X: 0, Y: 0, W: 40, H: 40}, 10) }},
		{"torn edge", []string{reasonNoPaper, reasonNoFrame}, func(d *desk) { d.rect(geom.Box{X: b0.X + 2.5, Y: 0, W: 40, H: 60}, 5) }},
		{"covered", []string{reasonNoFrame, reasonLowContrast}, func(d *desk) { d.rect(b0.Inset(-2), 250) }},
		{"half covered", []string{reasonNoFrame}, func(d *desk) { d.rect(geom.Box{X: b0.X + 1, Y: b0.Y - 2, W: 8, H: 8}, 250) }},
		{"faded", []string{reasonLowContrast, reasonNoFrame}, func(d *desk) {
			for i := range d.print {
				d.ink = append(d.ink, d.print[i])
				d.ink[len(d.ink)-1].grey = 225
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			d.box(b0.X, b0.Y, b0.W, 0.714)
			c.draw(d)
			r := d.read(b0)
			assert.Contains(t, c.reasons, r.Reason, brief(r))
			assert.LessOrEqual(t, r.Confidence, 0.5)
		})
	}
}

func TestStreakBesideABoxIsNoInk(t *testing.T) {
	d := newDesk()
	b := d.box(25, 25, 4.285, 0.714)
	d.rect(geom.Box{X: b.X - 0.9, Y: 0, W: 0.2, H: deskH}, 100)
	r := d.read(b)
	assert.Equal(t, Empty, r.State)
	assert.Empty(t, r.Reason, brief(r))
}

// TestStreakBesideAFillIsNoSign: dust on the scanner's glass once selected an undone option.
func TestStreakBesideAFillIsNoSign(t *testing.T) {
	for _, x := range []float64{2, 3.5, 5} {
		for _, broken := range []bool{false, true} {
			d := newDesk()
			b := d.box(30, 40, 4.28, 0.71)
			d.fill(b)
			if broken {
				d.stroke(30-x, 41, 30-x, 43.2, 0.08, 120, 0, 0)
			} else {
				d.stroke(30-x, 20, 30-x, 70, 0.08, 120, 0, 0)
			}
			r := d.read(b)
			assert.False(t, r.State == Remarked && unasked(r), "streak %v mm left of the box, broken %v", x, broken)
		}
	}
}

// TestArmOfACrossBesideAFillIsNoSign: a long arm that leaves a corner once selected an undone
// option.
func TestArmOfACrossBesideAFillIsNoSign(t *testing.T) {
	for _, apart := range []float64{0, 0.2, 0.35, 0.5, 0.65} {
		for _, long := range []float64{1, 1.4, 1.8} {
			d := newDesk()
			b := d.box(30, 40, 4.28, 0.71)
			d.fill(b)
			d.line(b.X-apart, b.Y+0.3-apart/2, b.X-apart-long, b.Y+0.3-(apart+long)/2)
			r := d.read(b)
			assert.False(t, r.State == Remarked && unasked(r), "%v mm apart, %v mm long", apart, long)
		}
	}
}

// TestCrossBesideItsBoxIsAskedAbout: a hasty cross that misses its box is no empty box.
func TestCrossBesideItsBoxIsAskedAbout(t *testing.T) {
	for _, off := range []geom.Point{{X: -3.4}, {X: -3.8, Y: 0.5}, {Y: -3.6}, {Y: 3.6}} {
		d := newDesk()
		b := d.box(30, 40, 4.28, 0.71)
		d.cross(b.Shift(off), 0.9)
		r := d.read(b)
		assert.False(t, r.State == Empty && unasked(r), "cross %v mm off its box: %s", off, brief(r))
	}
}

// TestArcAroundAFillIsAskedAbout: of a pale ring around a filled box only an arc may be seen.
func TestArcAroundAFillIsAskedAbout(t *testing.T) {
	for _, apart := range []float64{0.35, 0.45, 0.6} {
		d := newDesk()
		b := d.box(30, 40, 4.28, 0.71)
		d.fill(b)
		y := b.Y - apart - 0.1
		d.line(b.X+0.2, y-0.1, b.X+2.1, y-0.5)
		d.line(b.X+2.1, y-0.5, b.X+4.1, y-0.1)
		r := d.read(b)
		assert.False(t, unasked(r), "arc %v mm above the fill: %s", apart, brief(r))
	}
}

func TestBoxOffThePage(t *testing.T) {
	d := newDesk()
	b := d.box(57, 25, 4.285, 0.714)
	assert.Equal(t, reasonOffPage, d.read(b).Reason)
}

func TestInkColour(t *testing.T) {
	cases := []struct {
		name         string
		grey, cb, cr float64
		reason       string
	}{
		{"black", 45, 0, 0, ""}, {"blue", 60, 55, -15, ""}, {"violet", 80, 45, 25, ""},
		{"red", 85, -20, 80, reasonCorrector}, {"green", 95, -18, -50, reasonCorrector},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			d.colour = true
			b := d.box(25, 25, 4.285, 0.714)
			d.crossIn(b, 1, c.grey, c.cb, c.cr)
			r := d.read(b)
			assert.Equal(t, Crossed, r.State)
			assert.Equal(t, c.reason, r.Reason, brief(r))
		})
	}
	t.Run("fringes of a black stroke", func(t *testing.T) {
		d := newDesk()
		d.colour = true
		b := d.box(25, 25, 4.285, 0.714)
		d.crossIn(b.Shift(geom.Point{X: -0.12}), 1, 120, -5, 60)
		d.crossIn(b.Shift(geom.Point{X: 0.12}), 1, 120, 5, -60)
		d.crossIn(b, 1, 45, 0, 0)
		assert.Empty(t, d.read(b).Reason)
	})
	t.Run("red over black", func(t *testing.T) {
		d := newDesk()
		d.colour = true
		b := d.box(25, 25, 4.285, 0.714)
		d.line(b.X+0.3, b.Y+0.3, b.X+4, b.Y+4)
		d.stroke(b.X+4, b.Y+0.3, b.X+0.3, b.Y+4, 0.2, 85, -20, 80)
		assert.Equal(t, reasonCorrector, d.read(b).Reason)
	})
}

func TestColumns(t *testing.T) {
	long := func(d *desk, b geom.Box) { d.cross(b, 1.25) } // reaches into both neighbours
	cases := []struct {
		name   string
		marked int
		reason string
		draw   func(d *desk, b []geom.Box)
	}{
		{"one", 2, "", func(d *desk, b []geom.Box) { d.cross(b[2], 0.9) }},
		{"first, long strokes", 0, "", func(d *desk, b []geom.Box) { long(d, b[0]) }},
		{"middle, long strokes", 3, "", func(d *desk, b []geom.Box) { long(d, b[3]) }},
		{"undone and another", 4, "", func(d *desk, b []geom.Box) { d.cross(b[1], 1); d.fill(b[1]); d.cross(b[4], 1) }},
		{"none", -1, reasonNone, func(*desk, []geom.Box) {}},
		{"only undone", -1, reasonNone, func(d *desk, b []geom.Box) { d.fill(b[3]) }},
		{"two", -1, reasonSeveral, func(d *desk, b []geom.Box) { d.cross(b[1], 0.9); d.cross(b[5], 0.9) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			d.noise, d.shift = 2, geom.Point{X: -0.2, Y: 0.3}
			cells := d.column(20, 15, 7, 1)
			c.draw(d, d.boxes)
			got := d.readCells(cells)
			require.Len(t, got, 1)
			require.Len(t, got[0].Cells, 7)
			assert.Equal(t, c.marked, got[0].Marked)
			assert.Equal(t, c.reason, got[0].Reason, "confidence %v", got[0].Confidence)
			if c.marked >= 0 {
				assert.InDelta(t, cells[c.marked].Credits, got[0].Credits, 1e-9)
			}
		})
	}
}

func TestTwoCorrectorsSideBySide(t *testing.T) {
	d := newDesk()
	one, two := d.column(20, 15, 5, 1), d.column(23.93, 15, 5, 2)
	d.cross(one[1].Box, 1)
	d.cross(two[3].Box, 1)
	got := d.readCells(append(two, one...))
	require.Len(t, got, 2)
	assert.Equal(t, [4]int{1, 1, 2, 3}, [4]int{got[0].Corrector, got[0].Marked, got[1].Corrector, got[1].Marked})
	assert.Equal(t, []float64{0.5, 1.5}, []float64{got[0].Credits, got[1].Credits})
	assert.Empty(t, got[0].Reason+got[1].Reason)
}

func TestReadingTwiceIsTheSame(t *testing.T) {
	d := newDesk()
	d.noise = 6
	b := d.box(25, 25, 4.285, 0.714)
	d.cross(b, 1)
	first := d.read(b)
	assert.Equal(t, first, d.read(b))
}

// The weights in the tree are the ones whose making weights/README.md records.
func TestMarkWeightsAreRecorded(t *testing.T) {
	readme, err := os.ReadFile("weights/README.md")
	require.NoError(t, err)
	assert.Contains(t, string(readme), fmt.Sprintf("%x", sha256.Sum256(marksBin)))
	for _, w := range markNet().W {
		require.False(t, math.IsNaN(float64(w)), "a weight is not a number")
	}
}

func BenchmarkBox(b *testing.B) {
	for _, mark := range []string{"empty", "crossed"} {
		b.Run(mark, func(b *testing.B) {
			d := newDesk()
			box := d.box(25, 25, 4.285, 0.714)
			if mark == "crossed" {
				d.cross(box, 1)
			}
			reg, form := d.scan()
			paper := reg.lookAtPaper(form)
			for b.Loop() {
				c := newCase(reg.View, form, box, nil, paper)
				c.measure()
				c.readChoice(exam.Conventions{})
			}
		})
	}
}
