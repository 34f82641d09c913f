package ocr

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// The table that the simulated correctors write into: cells of the reference
// exam's size, drawn with its two line widths.
const (
	tableCols, tableRows = 8, 14
	cellW, cellH         = 20.0, 10.0
)

func tableCell(i int) geom.Box {
	return geom.Box{X: 22 + float64(i%tableCols)*cellW, Y: 40 + float64(i/tableCols)*(cellH+5), W: cellW, H: cellH}
}

// paintTable draws the frames of all cells.
func paintTable(c *fixtures.Canvas) {
	for i := range tableCols * tableRows {
		b, t := tableCell(i), []float64{0.35, 0.7}[i/tableCols%2]
		for y := range c.H {
			for x := range c.W {
				mx, my := (float64(x)+0.5)/c.PxPerMM, (float64(y)+0.5)/c.PxPerMM
				p := geom.Point{X: mx, Y: my}
				if b.Inset(-t/2).Contains(p) && !b.Inset(t/2).Contains(p) {
					o := 3 * (y*c.W + x)
					c.Pix[o], c.Pix[o+1], c.Pix[o+2] = 0, 0, 0
				}
			}
		}
	}
}

// writtenField is what a corrector wrote and what the reader made of it.
type writtenField struct {
	text  string
	value float64
	max   float64
	got   ScoreReading
}

// score draws a value and the text that a corrector writes for it; "" is empty.
func drawScore(r *rand.Rand) (value, most float64, text string) {
	most = float64(5 + r.IntN(26))
	k := r.IntN(int(2*most) + 1)
	value = float64(k) / 2
	whole := strconv.Itoa(k / 2)
	switch {
	case r.IntN(10) == 0:
		return 0, most, ""
	case k%2 == 0:
		return value, most, whole
	}
	return value, most, whole + []string{",5", ".5", ",5", " 1/2"}[r.IntN(4)]
}

// readTable has correctors fill a table, scans it and reads every cell.
func readTable(t *testing.T, level string, seed uint64) []writtenField {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 77))
	lv, err := fixtures.LevelByName(level)
	require.NoError(t, err)
	lv.UpsideDown, lv.Sideways = 0, 0
	paper := blankTable(300)
	inks := []fixtures.Colour{fixtures.Red, fixtures.Green, fixtures.Blue}
	fields := make([]writtenField, tableCols*tableRows)
	for i := range fields {
		f := &fields[i]
		f.value, f.max, f.text = drawScore(r)
		fixtures.NewCorrector(r, inks[r.IntN(len(inks))]).Number(paper, tableCell(i), f.text)
	}
	sc := fixtures.Scan(paper, lv, 1, r)
	blank := blankTable(raster.FormDPI)
	form := raster.FormPage{View: raster.View{Page: blank.Page(), MMToPix: geom.ScaleBy(blank.PxPerMM, blank.PxPerMM)}, WidthMM: 210, HeightMM: 297}
	for i := range fields {
		off := geom.Point{X: 0.6*r.Float64() - 0.3, Y: 0.6*r.Float64() - 0.3}
		v := raster.View{Page: sc.Page, MMToPix: sc.MMToPix.Mul(geom.Translate(off))}
		fields[i].got = ReadScore(v, form, exam.Score{ID: "P", Box: tableCell(i), Max: fields[i].max, Step: 0.5})
	}
	return fields
}

var tables = map[float64]*fixtures.Canvas{}

func blankTable(dpi float64) *fixtures.Canvas {
	if tables[dpi] == nil {
		tables[dpi] = fixtures.BlankCanvas(210, 297, dpi/25.4)
		paintTable(tables[dpi])
	}
	return tables[dpi].Clone()
}

// fieldCount sums up what became of fields, at the confidence from which nobody
// looks.
type fieldCount struct{ fields, right, misread, review, empty, emptyTold, first int }

func count(fields []writtenField, silent float64) (c fieldCount) {
	for _, f := range fields {
		quiet := f.got.Confidence >= silent && (f.got.Reason == "" || f.got.Reason == ReasonEmptyScore)
		if f.text == "" {
			c.empty++
			if f.got.Reason == ReasonEmptyScore {
				c.emptyTold++
			} else if quiet {
				c.misread++
			}
			continue
		}
		c.fields++
		if len(f.got.Values) > 0 && f.got.Values[0].Value == f.value {
			c.first++
		}
		switch {
		case !quiet:
			c.review++
		case f.got.Read && f.got.Value == f.value:
			c.right++
		default:
			c.misread++
		}
	}
	return c
}

// TestScoreFields reads tables written by simulated correctors whose digits come
// from another source than the training's. The floors are a little below what was
// measured when they were set; misreads count apart from reviews.
func TestScoreFields(t *testing.T) {
	var all []writtenField
	pages := 2
	if n, err := strconv.Atoi(os.Getenv("SCAN_SCORE_PAGES")); err == nil {
		pages = n
	}
	for seed := range uint64(pages) {
		all = append(all, readTable(t, []string{"default", "light"}[seed%2], seed)...)
	}
	for _, silent := range []float64{0.5, 0.9, 0.95, 0.98, 0.99} {
		t.Logf("silent from %.2f: %+v", silent, count(all, silent))
	}
	for _, f := range all {
		if f.text != "" && f.got.Confidence > 0.9 && f.got.Value != f.value || f.text == "" && f.got.Reason != ReasonEmptyScore {
			t.Logf("wrote %q of %v, read %+v", f.text, f.max, f.got)
		}
	}
	c := count(all, 0.98)
	assert.LessOrEqual(t, float64(c.misread), 0.01*float64(c.fields), "misread in silence")
	assert.GreaterOrEqual(t, float64(c.first), 0.80*float64(c.fields), "best guess right")
	assert.GreaterOrEqual(t, float64(c.emptyTold), 0.95*float64(c.empty), "empty fields told")
}
