package detect

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// paperScan is a page of text at 300 dpi with a little turn, registered.
func paperScan() (raster.View, raster.FormPage) {
	form := printedPage(3, 20, 4)
	const k = 300 / 25.4
	m := geom.ScaleBy(k, k).Mul(geom.RotateDeg(0.4))
	page := scanOf(form, m, 2480, 3508, 250, 300, 7)
	return raster.View{Page: page, MMToPix: m}, form
}

// A faultyPage is a page of boxes in a grid: empty, crossed, filled in turn; then a fault is laid
// over the whole of it.
type faultyPage struct {
	page  *raster.Page
	form  raster.FormPage
	boxes []geom.Box
	reg   Registered
}

var faultyStates = []State{Empty, Crossed, Filled}

func newFaultyPage(seed uint64) *faultyPage {
	s := newSheet(formPx)
	f := &faultyPage{}
	rng := rand.New(rand.NewPCG(seed, 5))
	for y := 25.0; y < 270; y += 9 {
		s.textLine(rng, 60, y+1, 40+rng.Float64()*60)
		f.boxes = append(f.boxes, geom.Box{X: 20, Y: y, W: 4.285, H: 4.285}, geom.Box{X: 40, Y: y, W: 4.285, H: 4.285})
	}
	for _, b := range f.boxes {
		s.frame(b.X, b.Y, b.W, b.H, 0.714)
	}
	f.form = s.formPage()
	const k = 300 / 25.4
	m := geom.ScaleBy(k, k).Mul(geom.RotateDeg(0.3))
	f.page = scanOf(f.form, m, 2480, 3508, 250, 300, seed)
	f.reg = Registered{View: raster.View{Page: f.page, MMToPix: m}, OK: true, FormPage: 1, paper: &lazyPaper{}}
	for i, b := range f.boxes {
		switch faultyStates[i%3] {
		case Crossed:
			f.line(geom.Point{X: b.X + 0.3, Y: b.Y + 0.3}, geom.Point{X: b.X + 4, Y: b.Y + 4}, 0.2, 60)
			f.line(geom.Point{X: b.X + 4, Y: b.Y + 0.3}, geom.Point{X: b.X + 0.3, Y: b.Y + 4}, 0.2, 60)
		case Filled:
			for y := b.Y + 0.2; y < b.Y+b.H; y += 0.35 {
				f.line(geom.Point{X: b.X + 0.1, Y: y}, geom.Point{X: b.X + 4.2, Y: y + 0.1}, 0.2, 60)
			}
		default:
		}
	}
	return f
}

// line draws on the scan in mm of the form; r is half its width.
func (f *faultyPage) line(a, b geom.Point, r, grey float64) {
	p, q := f.reg.MMToPix.Apply(a), f.reg.MMToPix.Apply(b)
	f.pixels(func(x, y float64) (float64, float64) {
		o := drop{a: p, b: q, r: r * 300 / 25.4}
		return o.cover(geom.Point{X: x, Y: y}, 1), grey
	}, p, q, r*300/25.4+2)
}

// pixels mixes a grey into the scan by share over the rectangle of two corners.
func (f *faultyPage) pixels(mix func(x, y float64) (share, grey float64), p, q geom.Point, margin float64) {
	y := f.page.Y
	for j := max(0, int(math.Min(p.Y, q.Y)-margin)); j < min(y.H, int(math.Max(p.Y, q.Y)+margin)); j++ {
		for i := max(0, int(math.Min(p.X, q.X)-margin)); i < min(y.W, int(math.Max(p.X, q.X)+margin)); i++ {
			a, g := mix(float64(i)+0.5, float64(j)+0.5)
			v := &y.Pix[j*y.Stride+i]
			*v = uint8(math.Min(255, math.Max(0, float64(*v)*(1-a)+g*a)))
		}
	}
}

// everywhere mixes over the whole page.
func (f *faultyPage) everywhere(mix func(x, y float64) (share, grey float64)) {
	f.pixels(mix, geom.Point{}, geom.Point{X: 2480, Y: 3508}, 0)
}

// streak lays a line down the sensor's columns through the boxes at x mm.
func (f *faultyPage) streak(mm, widthPx, share, grey float64, y0, y1 float64) {
	at := math.Round(f.reg.MMToPix.Apply(geom.Point{X: mm, Y: 150}).X) + 0.5
	f.everywhere(func(x, y float64) (float64, float64) {
		if y < y0 || y > y1 {
			return 0, 0
		}
		return share * math.Min(1, math.Max(0, widthPx/2+0.5-math.Abs(x-at))), grey
	})
}

// outcomes reads all boxes.
func (f *faultyPage) outcomes() (n tally, reasons map[string]int) {
	reasons = map[string]int{}
	for i, b := range f.boxes {
		q := exam.Question{Options: []exam.Option{{ID: "a", Box: b}}}
		r := ReadChoice(f.reg, f.form, q, f.boxes, exam.Conventions{})[0]
		if v := n.add(r.State, r.Reason, []State{faultyStates[i%3]}); v == "review" {
			reasons[string(faultyStates[i%3])+" "+r.Reason]++
		}
	}
	return n, reasons
}

// TestFaultsOfPaper: what a fault over the whole page does to 56 boxes. Nothing may be
// misread; review is what the fault may cost.
func TestFaultsOfPaper(t *testing.T) {
	cases := []struct {
		name   string
		lines  int // at least
		review int // at most
		fault  func(f *faultyPage)
	}{
		{"none", 0, 0, func(*faultyPage) {}},
		{"streak", 1, 0, func(f *faultyPage) { f.streak(22, 3, 0.7, 100, 0, 3508) }},
		{"thin streak", 1, 0, func(f *faultyPage) { f.streak(22.4, 1.2, 0.9, 60, 0, 3508) }},
		{"pale streak", 1, 0, func(f *faultyPage) { f.streak(41.5, 3, 0.15, 60, 0, 3508) }},
		{"wide streak", 1, 0, func(f *faultyPage) { f.streak(42, 9, 0.6, 120, 0, 3508) }},
		{"streak over the lower half", 1, 1, func(f *faultyPage) { f.streak(22, 3, 0.8, 80, 1700, 3508) }},
		{"three streaks", 3, 0, func(f *faultyPage) {
			f.streak(21.5, 2, 0.8, 80, 0, 3508)
			f.streak(42.5, 3, 0.4, 120, 0, 3508)
			f.streak(120, 3, 0.4, 120, 0, 3508)
		}},
		{"white streak", 0, 0, func(f *faultyPage) { f.streak(22, 3, 0.9, 255, 0, 3508) }},
		{"fold across", 1, 0, func(f *faultyPage) { f.fold(140, 0.004, 45, 3) }},
		{"fold through boxes", 1, 0, func(f *faultyPage) { f.fold(137.5, 0.001, 60, 3) }},
		{"faint fold", 0, 0, func(f *faultyPage) { f.fold(137, 0.002, 14, 4) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newFaultyPage(1)
			c.fault(f)
			s := f.reg.lookAtPaper(f.form)
			n, reasons := f.outcomes()
			assert.GreaterOrEqual(t, len(s.lines), c.lines, s.String())
			assert.LessOrEqual(t, len(s.lines), c.lines+1, s.String())
			assert.Zero(t, n.misread)
			assert.LessOrEqual(t, n.review, c.review, "%v %s", reasons, s)
		})
	}
}

// fold darkens a slanted line across the page and lightens the ridge beside it.
func (f *faultyPage) fold(mm, tilt, depth, width float64) {
	at := f.reg.MMToPix.Apply(geom.Point{X: 0, Y: mm}).Y
	rng := rand.New(rand.NewPCG(3, 3))
	wear := make([]float64, 2500)
	for i := range wear {
		wear[i] = 0.4 + 0.6*rng.Float64()
	}
	slope := tilt + math.Tan(0.3*math.Pi/180)
	f.everywhere(func(x, y float64) (float64, float64) {
		d := (y - at - slope*x) / width
		return depth / 230 * wear[int(x)/30] * math.Exp(-d*d), 0
	})
}

// TestLongPenLinesAreInk: a line of a pen down the page wobbles; it is no streak, and the
// boxes it runs through are asked about or read as they are.
func TestLongPenLinesAreInk(t *testing.T) {
	f := newFaultyPage(2)
	at := geom.Point{X: 21.5, Y: 22}
	for i := range 120 {
		next := geom.Point{X: 22 + 0.45*math.Sin(float64(i)/9), Y: at.Y + 2}
		f.line(at, next, 0.2, 60)
		at = next
	}
	assert.Empty(t, f.reg.lookAtPaper(f.form).lines)
	n, _ := f.outcomes()
	assert.Zero(t, n.misread)
}

// TestBackingIsNoInk: black backing at a torn edge and through punched holes.
func TestBackingIsNoInk(t *testing.T) {
	cases := []struct {
		name string
		dark func(mm geom.Point) bool
		hit  func(b geom.Box) bool // may be asked about
	}{
		{"torn corner", func(p geom.Point) bool { return p.X+p.Y < 50 }, func(b geom.Box) bool { return b.X+b.Y < 52 }},
		{"torn edge", func(p geom.Point) bool { return p.X < 18.9+math.Sin(p.Y/3) }, func(b geom.Box) bool { return b.X < 21 }},
		{"holes", func(p geom.Point) bool {
			return p.Sub(geom.Point{X: 15.5, Y: 108}).Norm() < 2.75 || p.Sub(geom.Point{X: 41, Y: 188}).Norm() < 2.75
		}, func(b geom.Box) bool {
			return b.Center().Sub(geom.Point{X: 41, Y: 188}).Norm() < 9 || b.Center().Sub(geom.Point{X: 15.5, Y: 108}).Norm() < 8
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := newFaultyPage(3)
			inv, _ := f.reg.MMToPix.Inverse()
			f.everywhere(func(x, y float64) (float64, float64) {
				if c.dark(inv.Apply(geom.Point{X: x, Y: y})) {
					return 1, 12
				}
				return 0, 0
			})
			for i, b := range f.boxes {
				q := exam.Question{Options: []exam.Option{{ID: "a", Box: b}}}
				r := ReadChoice(f.reg, f.form, q, f.boxes, exam.Conventions{})[0]
				if r.Reason == "" {
					require.Equal(t, faultyStates[i%3], r.State, "box %d %v: %s", i, b, brief(r))
				} else {
					require.True(t, c.hit(b), "box %d %v: %s %s", i, b, r.Reason, brief(r))
				}
			}
		})
	}
}

func TestCleanPaperShowsNoLines(t *testing.T) {
	v, form := paperScan()
	s := LookAtPaper(v, form)
	assert.Empty(t, s.lines, s.String())
}

func BenchmarkLookAtPaper(b *testing.B) {
	v, form := paperScan()
	for b.Loop() {
		LookAtPaper(v, form)
	}
}
