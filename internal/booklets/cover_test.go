package booklets

import (
	"math"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

func TestBlankestFindsTheOnlyGap(t *testing.T) {
	gap := geom.Box{X: 50, Y: 150, W: 90, H: 60}
	p, toPix := sheetPage(180, 2)
	fromPix, _ := toPix.Inverse()
	for y := range p.H() {
		for x := range p.W() {
			p.Y.Pix[y*p.W()+x] = 245
			if at := fromPix.Apply(geom.Point{X: float64(x), Y: float64(y)}); !gap.Contains(at) && (x/8+y/8)%2 == 0 {
				p.Y.Pix[y*p.W()+x] = 0
			}
		}
	}
	s := shelve(t, "a.jpg", asJPEG(t, p), 1, toPix)
	src, err := raster.Open(s.File)
	require.NoError(t, err)
	page, seen := &Page{WidthMM: 210, HeightMM: 297, Scan: s}, geom.Box{W: 210, H: 297}
	at := blankest(src, page, seen, 68, 40)
	assert.True(t, gap.Contains(at) && gap.Contains(at.Add(geom.Point{X: 68, Y: 40})), "%v", at)

	// Beside a mark in the gap there is room only below it.
	page.Marks = []Mark{{Box: geom.Box{X: 55, Y: 152, W: 10, H: 5}}}
	below := blankest(src, page, seen, 68, 40)
	assert.Greater(t, below.Y, 157.0)
	assert.True(t, gap.Contains(below), "%v", below)

	seen.W = 60 // there is no room at all: the corner, whatever is there
	assert.Equal(t, geom.Point{X: -14, Y: 6}, blankest(src, page, seen, 68, 40))
}

// A scan that cuts a part of the page off leaves no text in it.
func TestTextStaysWhereItIsSeen(t *testing.T) {
	// The frame's first 20 mm are not on the sheet, which lies askew by 2 degrees.
	toPDF := geom.RotateDeg(2).Mul(geom.Translate(geom.Point{X: -20}))
	p := newPen(toPDF, 210, 297, [4]float64{0, 0, 210, 310})
	assert.InDelta(t, 20, p.seen.X, 11)
	assert.GreaterOrEqual(t, p.seen.X, 20.0)
	p.result(Mark{Box: geom.Box{X: 45, Y: 100, W: 4, H: 30}, Look: Result, Text: "2 / 2", Gap: 18}, black)
	left := newPen(toPDF, 210, 297, [4]float64{0, 0, 210, 310})
	left.result(Mark{Box: geom.Box{X: 65, Y: 100, W: 4, H: 30}, Look: Result, Text: "2 / 2", Gap: 18}, black)
	assert.Less(t, textX(t, left), 50.0)
	assert.Greater(t, textX(t, p), 150.0, "in the right margin")
	// The sheet begins at x where x cos 2 - y sin 2 = 20 (degrees, mm): further right the further down.
	left100, _ := p.bounds(100)
	left200, right200 := p.bounds(200)
	assert.InDelta(t, 23.5+1, left100, 1)
	assert.InDelta(t, 27+1, left200, 1)
	assert.Equal(t, geom.Point{X: left200, Y: 200}, p.clamp(geom.Point{X: -10, Y: 200}, 20))
	assert.Equal(t, geom.Point{X: right200 - 20, Y: 200}, p.clamp(geom.Point{X: 500, Y: 200}, 20))
	blind := newPen(geom.Homography{}, 210, 297, [4]float64{})
	assert.Equal(t, geom.Box{W: 210, H: 297}, blind.seen, "nobody knows")
	left0, right0 := blind.bounds(5)
	assert.Equal(t, [2]float64{1, 209}, [2]float64{left0, right0})
}

// textX is where the last text of a pen begins, in units of the page.
func textX(t *testing.T, p *pen) float64 {
	t.Helper()
	m := regexp.MustCompile(`([-\d.]+) [-\d.]+ Tm`).FindAllStringSubmatch(p.drawn.String(), -1)
	require.NotEmpty(t, m)
	x, err := strconv.ParseFloat(m[len(m)-1][1], 64)
	require.NoError(t, err)
	return x
}

func TestTextFits(t *testing.T) {
	r := run{fontText, "Electricity and Magnetism"}
	assert.Equal(t, r, fit(3, 60, r))
	short := fit(3, 20, r)
	assert.LessOrEqual(t, width(3, short), 20.0)
	assert.Regexp(t, `^Electricity.*\.\.\.$`, short.text)
	assert.InDelta(t, 2*width(3, r), width(6, r), 1e-9)
	// Helvetica's digits are 0.556 of its size wide.
	assert.InDelta(t, 3*5.56, width(10, run{fontText, "123"}), 1e-6)
}

func TestLettersOfStandardFonts(t *testing.T) {
	assert.Equal(t, "Gr\xf6\xdfen \x80", winAnsi("Größen €"))
	assert.Equal(t, "??", winAnsi("Ωж"))
	assert.Equal(t, `a \(b\) \\ c`, escape("a (b) \\\nc"))
}

func TestShare(t *testing.T) {
	x := 2.5
	assert.Equal(t, "2.5 / 3", share(&x, 3))
	assert.Equal(t, "? / 10.5", share(nil, 10.5))
}

func TestSheetsStandUpright(t *testing.T) {
	for deg, want := range map[float64]int{0: 0, 3: 0, -2: 0, 90: 90, 178: 180, -90: 270, 272: 270} {
		s := &sheet{}
		// A frame whose x axis points deg upwards (counter-clockwise) in the PDF, where y goes up.
		sin, cos := math.Sincos(deg * math.Pi / 180)
		s.aim(geom.Homography{cos, sin, 0, sin, -cos, 0, 0, 0, 1}, &Page{WidthMM: 210, HeightMM: 297})
		assert.Equal(t, want, s.rotate, "%v", deg)
	}
}
