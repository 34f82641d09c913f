package print

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

const sampleText = "XX-COURSE-1-20261123-E0134-07"

// drawnPage is an A4 page that prints some boxes.
func drawnPage(dark ...geom.Box) raster.FormPage {
	const perMM = 200 / 25.4
	p := raster.NewPlane(1654, 2339)
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	for _, b := range dark {
		for y := int(b.Y * perMM); y <= int((b.Y+b.H)*perMM) && y < p.H; y++ {
			for x := int(b.X * perMM); x <= int((b.X+b.W)*perMM) && x < p.W; x++ {
				p.Row(y)[x] = 0
			}
		}
	}
	return raster.FormPage{View: raster.View{Page: &raster.Page{Y: p}, MMToPix: geom.ScaleBy(perMM, perMM)}, WidthMM: 210, HeightMM: 297}
}

// frame is the outline of a box as four lines.
func frame(b geom.Box) []geom.Box {
	const line = 0.2
	return []geom.Box{{X: b.X, Y: b.Y, W: b.W, H: line}, {X: b.X, Y: b.Y + b.H - line, W: b.W, H: line},
		{X: b.X, Y: b.Y, W: line, H: b.H}, {X: b.X + b.W - line, Y: b.Y, W: line, H: b.H}}
}

func placeOn(t *testing.T, kind Kind, e *exam.Exam, pages ...raster.FormPage) (Layout, error) {
	t.Helper()
	s, err := PageSymbol(kind, sampleText)
	require.NoError(t, err)
	return Place(pages, e, s, sampleText)
}

func TestPlaceLikeIssuedExams(t *testing.T) {
	l, err := placeOn(t, DataMatrix, &exam.Exam{}, drawnPage(), drawnPage())
	require.NoError(t, err)
	odd, even := l.Pages[0].Codes, l.Pages[1].Codes
	for i, want := range []geom.Point{{X: 190, Y: 5}, {X: 20, Y: 285.33}, {X: 190, Y: 285.33}} {
		assert.InDelta(t, want.X, odd[i].X, 0.5)
		assert.InDelta(t, want.Y, odd[i].Y, 0.5)
	}
	for i, want := range []geom.Point{{X: 5, Y: 5}, {X: 5, Y: 285.33}, {X: 175, Y: 285.33}} {
		assert.InDelta(t, want.X, even[i].X, 0.5)
		assert.InDelta(t, want.Y, even[i].Y, 0.5)
	}
}

// everything a page must keep, whatever it prints.
func checkPlacement(t *testing.T, p Placement, s Symbol, odd bool, print []geom.Box, fields []geom.Box) {
	t.Helper()
	require.Len(t, p.Codes, 3)
	assert.Less(t, p.Codes[0].Y, stripMM, "one at the top")
	assert.Greater(t, p.Codes[1].Y, 297-stripMM-0.01, "two at the bottom: a half turn shows")
	assert.Greater(t, p.Codes[2].Y, 297-stripMM-0.01)
	things := []geom.Box{p.Text}
	for _, c := range p.Codes {
		things = append(things, c.Inset(-s.Quiet))
		left, right := 5.0, 205.0
		if odd {
			left = 10.5 + s.Quiet
		} else {
			right = 199.5 - s.Quiet
		}
		assert.GreaterOrEqual(t, c.X, left-1e-6)
		assert.LessOrEqual(t, c.X+c.W, right+1e-6)
		assert.GreaterOrEqual(t, c.Y, 5-1e-6)
		assert.LessOrEqual(t, c.Y+c.H, 292+1e-6)
	}
	for i, a := range things {
		for _, b := range things[i+1:] {
			assert.False(t, overlap(a, b), "%v on %v", a, b)
		}
		for _, b := range print {
			assert.False(t, overlap(a, b), "%v on print %v", a, b)
		}
		for _, b := range fields {
			assert.False(t, overlap(a, b.Inset(-fieldMM+0.3)), "%v near field %v", a, b)
		}
	}
}

func TestPlaceAvoidsPrintAndFields(t *testing.T) {
	print := append(frame(geom.Box{X: 12, Y: 14, W: 186, H: 255}), // an answer area
		geom.Box{X: 188, Y: 4, W: 18, H: 5},  // a logo in the corner
		geom.Box{X: 15, Y: 286, W: 40, H: 2}, // a footer
		geom.Box{X: 95, Y: 284, W: 20, H: 3}, // a page number
		geom.Box{X: 0, Y: 0, W: 7, H: 297})   // a spine strip
	field := geom.Box{X: 150, Y: 280, W: 4.27, H: 4.27}
	e := &exam.Exam{Problems: []exam.Problem{{Questions: []exam.Question{{Kind: exam.Choice, Page: 1, Options: []exam.Option{{Box: field}}}}}}}
	for _, kind := range Kinds {
		l, err := placeOn(t, kind, e, drawnPage(print...))
		if kind == QR {
			var room *NoRoomError
			require.ErrorAs(t, err, &room, "9 mm above the frame are too few for a square code")
			continue
		}
		require.NoError(t, err)
		s, _ := PageSymbol(kind, sampleText)
		checkPlacement(t, l.Pages[0], s, true, print, []geom.Box{field})
	}
}

func TestNoRoom(t *testing.T) {
	for name, print := range map[string][]geom.Box{
		"the code at the top":          {{X: 5, Y: 3, W: 200, H: 20}},
		"the code at the bottom left":  {{X: 5, Y: 273, W: 97, H: 20}},
		"the code at the bottom right": {{X: 107, Y: 273, W: 97, H: 20}},
	} {
		_, err := placeOn(t, DataMatrix, &exam.Exam{}, drawnPage(), drawnPage(print...))
		var room *NoRoomError
		require.ErrorAs(t, err, &room, name)
		assert.Equal(t, NoRoomError{Page: 2, What: name}, *room)
	}
}

// White paper inside a frame is where somebody writes.
func TestFrameIsNoMargin(t *testing.T) {
	_, err := placeOn(t, DataMatrix, &exam.Exam{}, drawnPage(frame(geom.Box{X: 4, Y: 4, W: 202, H: 289})...))
	assert.Error(t, err)
}

func TestTintCountsAsPrint(t *testing.T) {
	p := drawnPage()
	for y := range 300 {
		for x := 1400; x < 1654; x++ {
			p.Page.Y.Row(y)[x] = 240 // 6 % grey in the top right corner
		}
	}
	l, err := placeOn(t, DataMatrix, &exam.Exam{}, p)
	require.NoError(t, err)
	assert.Less(t, l.Pages[0].Codes[0].X+15, 1400/200.0*25.4)
}

func TestTextLines(t *testing.T) {
	assert.Equal(t, []string{sampleText}, textLines(sampleText, 1))
	assert.Equal(t, []string{"XX-COURSE-1-20261123", "E0134-07"}, textLines(sampleText, 2))
}

func TestUserMatrix(t *testing.T) {
	box := []float64{10, 20, 110, 220} // 100 x 200 units
	for turn, want := range map[int][2]geom.Point{
		0:   {{X: 10, Y: 220}, {X: 110, Y: 20}}, // the shown page's top left and bottom right
		90:  {{X: 10, Y: 20}, {X: 110, Y: 220}},
		180: {{X: 110, Y: 20}, {X: 10, Y: 220}},
		270: {{X: 110, Y: 220}, {X: 10, Y: 20}},
	} {
		w, h := 50.0, 100.0 // mm as shown
		if turn%180 != 0 {
			w, h = h, w
		}
		m := userMatrix(box, turn, w, h)
		at := func(x, y float64) geom.Point { return geom.Point{X: m[0]*x + m[2]*y + m[4], Y: m[1]*x + m[3]*y + m[5]} }
		assert.Equal(t, want[0], at(0, 0), turn)
		assert.Equal(t, want[1], at(w, h), turn)
	}
}

func TestPageSymbols(t *testing.T) {
	for kind, size := range map[Kind]geom.Box{DataMatrix: {W: 15, H: 6.67}, QR: {W: 10, H: 10}} {
		s, err := PageSymbol(kind, sampleText)
		require.NoError(t, err)
		assert.InDelta(t, size.W, s.W, 1e-9)
		assert.InDelta(t, size.H, s.H, 1e-9)
		_, err = PageSymbol(kind, string(bytes.Repeat([]byte("X9-"), 40)))
		assert.ErrorContains(t, err, "too long", kind)
	}
}
