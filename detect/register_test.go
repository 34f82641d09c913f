package detect

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

func testForm() *Form {
	var pages []raster.FormPage
	for i := range uint64(5) {
		pages = append(pages, printedPage(i+1, 6+int(i)*5, i+1))
	}
	return NewForm(pages)
}

// lay returns the transform that puts the sheet's centre in the middle of an A4 image at
// dpi, turned by deg clockwise, scaled, and shifted by (dx, dy) mm.
func lay(dpi, deg, scale, dx, dy float64) (geom.Homography, int, int) {
	s := dpi / 25.4
	w, h := int(testW*s), int(testH*s)
	if d := int(deg+360+45) / 90 % 4; d == 1 || d == 3 {
		w, h = h, w
	}
	return geom.Translate(geom.Point{X: float64(w)/2 + dx*s, Y: float64(h)/2 + dy*s}).
		Mul(geom.RotateDeg(deg)).Mul(geom.ScaleBy(s*scale, s*scale)).
		Mul(geom.Translate(geom.Point{X: -testW / 2, Y: -testH / 2})), w, h
}

// worstError returns the largest distance in mm between two transforms over the page.
func worstError(a, b geom.Homography) float64 {
	worst := 0.0
	for _, c := range (geom.Box{X: 20, Y: 20, W: 165, H: 255}).Corners() {
		s, _ := b.ScaleAt(c)
		worst = max(worst, a.Apply(c).Sub(b.Apply(c)).Norm()/s)
	}
	return worst
}

func TestRegisterFindsTurnSkewScaleAndShift(t *testing.T) {
	f := testForm()
	cases := []struct{ dpi, deg, scale, dx, dy float64 }{
		{150, 0, 1, 0, 0},
		{150, 0.7, 1, 3, -2},
		{150, -4, 1, 5, 5},
		{150, 10, 1, 0, 0},
		{150, -10, 1, 0, 0},
		{150, 0, 0.9, 0, 0},
		{150, 0, 1.1, 0, 0},
		{150, 1, 1, 20, 0},
		{150, -1, 1, 0, -20},
		{150, 90, 1, 0, 0},
		{150, 181, 1, 0, 0},
		{150, 268, 1, 4, 0},
		{150, 6, 0.93, -10, 8},
		{300, 0.4, 1.01, -5, 3},
		{200, -0.8, 0.99, 5, 3},
	}
	for i, c := range cases {
		page := i%f.Pages() + 1
		t.Run(fmt.Sprintf("page %d, %v dpi, %v deg, x%v, %v,%v mm", page, c.dpi, c.deg, c.scale, c.dx, c.dy), func(t *testing.T) {
			truth, w, h := lay(c.dpi, c.deg, c.scale, c.dx, c.dy)
			p := scanOf(f.Page(page), truth, w, h, 230, c.dpi, uint64(i))
			r := f.Register(p, Hints{})
			require.True(t, r.OK, "%s residual %.2f coverage %.2f margin %.2f", r.Reason, r.ResidualMM, r.Coverage, r.Margin)
			assert.Equal(t, page, r.FormPage)
			// A fifth of a mm is a quarter of the thinnest box frame's neighbourhood.
			assert.Less(t, worstError(r.MMToPix, truth), 0.2)
			assert.InDelta(t, c.scale, r.Scale, 0.004)
		})
	}
}

func TestRegisterUnderHandwriting(t *testing.T) {
	f := testForm()
	for page := 2; page <= f.Pages(); page++ {
		truth, w, h := lay(150, 0.5, 1, 2, 2)
		p := scanOf(f.Page(page), truth, w, h, 255, 150, 5)
		scribble(p.Y, 350, uint64(page)) // a fifth of the sheet is ink
		r := f.Register(p, Hints{})
		require.True(t, r.OK, "page %d: %s", page, r.Reason)
		assert.Equal(t, page, r.FormPage)
		assert.Less(t, worstError(r.MMToPix, truth), 0.35)
	}
}

func TestRegisterWithMissingCornerAndBlackBorder(t *testing.T) {
	f := testForm()
	truth, w, h := lay(150, 1.5, 1, 6, 6)
	p := scanOf(f.Page(4), truth, w, h, 5, 150, 6)
	for y := range h / 4 { // a corner is gone, the backing is black
		for x := range w/3 - y {
			p.Y.Pix[y*w+x] = 8
		}
	}
	r := f.Register(p, Hints{})
	require.True(t, r.OK, r.Reason)
	assert.Equal(t, 4, r.FormPage)
	assert.Less(t, worstError(r.MMToPix, truth), 0.3)
}

func TestRegisterRefusesWhatIsNotTheForm(t *testing.T) {
	f := testForm()
	truth, w, h := lay(150, 0, 1, 0, 0)
	foreign := newSheet(formPx)
	other := printedPage(99, 25, 99)
	copy(foreign.Pix, other.Page.Y.Pix)
	foreign.bar(0, 0, testW, 25, 255) // no common header, no common frame
	foreign.bar(15, 15, 10, 275, 255)
	foreign.bar(180, 15, 10, 275, 255)
	foreign.bar(0, 270, testW, 27, 255)

	blank := newSheet(formPx).formPage()
	askew, _, _ := lay(150, 3, 0.97, 3, 4)
	cases := []struct {
		name    string
		reasons []string
		page    *raster.Page
	}{
		{"another exam", []string{ReasonNoMatch, ReasonFewPoints}, scanOf(foreign.formPage(), truth, w, h, 255, 150, 1)},
		{"a blank sheet askew on a dark backing", []string{ReasonBlank}, scanOf(blank, askew, w, h, 60, 150, 3)},
		{"a blank sheet", []string{ReasonBlank}, scanOf(blank, truth, w, h, 255, 150, 2)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := f.Register(c.page, Hints{})
			assert.False(t, r.OK)
			assert.Contains(t, c.reasons, r.Reason)
		})
	}
}

// TestRegisterCallsOnlyPaperBlank: nobody looks at a blank page, so that a scan gone wrong must
// not be called one.
func TestRegisterCallsOnlyPaperBlank(t *testing.T) {
	f := testForm()
	truth, w, h := lay(150, 0.4, 1, 1, 1)
	tone := func(change func(v int) int) *raster.Page {
		p := scanOf(f.Page(4), truth, w, h, 230, 150, 5)
		for i, v := range p.Y.Pix {
			p.Y.Pix[i] = uint8(min(max(change(int(v)), 0), 255))
		}
		return p
	}
	cases := map[string]*raster.Page{
		"black":     tone(func(int) int { return 3 }),
		"grey":      tone(func(int) int { return 120 }),
		"negative":  tone(func(v int) int { return 255 - v }),
		"dark":      tone(func(v int) int { return v / 6 }),
		"faint":     tone(func(v int) int { return 225 + v/9 }),
		"overblown": tone(func(v int) int { return 200 + v/5 }),
	}
	for name, p := range cases {
		r := f.Register(p, Hints{})
		assert.NotEqual(t, ReasonBlank, r.Reason, name)
		assert.True(t, !r.OK || r.FormPage == 4, name)
	}
}

func TestRegisterTwins(t *testing.T) {
	// Pages that differ by their number alone are told apart by it, and refused without it.
	f := NewForm([]raster.FormPage{printedPage(1, 20, 1), printedPage(2, 0, 2), printedPage(2, 0, 3)})
	for page := 2; page <= 3; page++ {
		truth, w, h := lay(300, 0.5, 1, 2, 2)
		p := scanOf(f.Page(page), truth, w, h, 255, 300, 7)
		r := f.Register(p, Hints{})
		require.True(t, r.OK, "page %d: %s", page, r.Reason)
		assert.Equal(t, page, r.FormPage)
		for y := 285 * 300 * 10 / 254; y < h; y++ {
			for x := range w {
				p.Y.Pix[y*w+x] = 230
			}
		}
		r = f.Register(p, Hints{})
		assert.False(t, r.OK)
		assert.Equal(t, ReasonAmbiguous, r.Reason)
	}
}

func TestRegisterSparsePages(t *testing.T) {
	f := NewForm([]raster.FormPage{printedPage(1, 20, 1), printedPage(2, 2, 2)})
	truth, w, h := lay(150, -2, 0.97, 8, -5)
	r := f.Register(scanOf(f.Page(2), truth, w, h, 255, 150, 8), Hints{})
	require.True(t, r.OK, r.Reason)
	assert.Equal(t, 2, r.FormPage)
	assert.Less(t, worstError(r.MMToPix, truth), 0.3)
}

func TestNobleRowsAgainstTheDefinition(t *testing.T) {
	const w, h = 19, 14
	p := raster.NewPlane(w, h)
	for i := range p.Pix {
		p.Pix[i] = uint8(i * i * 7 % 251)
	}
	gradient := func(x, y int) (gx, gy float64) {
		if x < 1 || y < 1 || x >= w-1 || y >= h-1 {
			return 0, 0
		}
		return float64(p.At(x+1, y)) - float64(p.At(x-1, y)), float64(p.At(x, y+1)) - float64(p.At(x, y-1))
	}
	rows := 0
	nobleRows(p, func(y int, row []float32) {
		assert.Equal(t, rows, y)
		rows++
		for x := range row {
			var a, b, c float64
			for dy := -2; dy <= 2; dy++ {
				for dx := -2; dx <= 2; dx++ {
					gx, gy := gradient(x+dx, y+dy)
					a, b, c = a+gx*gx, b+gx*gy, c+gy*gy
				}
			}
			assert.InEpsilon(t, 1+(a*c-b*b)/(a+c)/25, 1+float64(row[x]), 1e-4, "%d,%d", x, y)
		}
	})
	assert.Equal(t, h, rows)
}

func TestInkMapGrow(t *testing.T) {
	m := newInkMap(130, 3)
	m.set(63, 1)
	m.set(128, 0)
	g := m.grow()
	for _, p := range [][2]int{{62, 1}, {63, 1}, {64, 1}, {63, 0}, {63, 2}, {127, 0}, {129, 0}, {128, 1}} {
		assert.NotZero(t, g.bits[p[1]*g.words+p[0]>>6]&(1<<(p[0]&63)), "%v", p)
	}
	assert.Zero(t, g.bits[2*g.words+1]&1)
}

func BenchmarkRegister(b *testing.B) {
	f := testForm()
	truth, w, h := lay(300, 0.5, 1, 2, 2)
	p := scanOf(f.Page(3), truth, w, h, 255, 300, 5)
	for b.Loop() {
		if !f.Register(p, Hints{}).OK {
			b.Fatal("refused")
		}
	}
}
