package main

import (
	"math"
	"math/rand/v2"
	"strings"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// The table that a page of simulated score fields shows.
const (
	tableCols, tableRows = 8, 14
	cellW, cellH         = 20.0, 10.0
)

func tableCell(i int) geom.Box {
	return geom.Box{X: 22 + float64(i%tableCols)*cellW, Y: 40 + float64(i/tableCols)*(cellH+5), W: cellW, H: cellH}
}

// table is a page of framed cells at a resolution.
func table(dpi float64) *fixtures.Canvas {
	c := fixtures.BlankCanvas(210, 297, dpi/25.4)
	for i := range tableCols * tableRows {
		b, t := tableCell(i), []float64{0.35, 0.7}[i/tableCols%2]
		k := c.PxPerMM
		for y := int((b.Y - 1) * k); y < int((b.Y+b.H+1)*k); y++ {
			for x := int((b.X - 1) * k); x < int((b.X+b.W+1)*k); x++ {
				p := geom.Point{X: (float64(x) + 0.5) / k, Y: (float64(y) + 0.5) / k}
				if b.Inset(-t/2).Contains(p) && !b.Inset(t/2).Contains(p) {
					o := 3 * (y*c.W + x)
					c.Pix[o], c.Pix[o+1], c.Pix[o+2] = 0, 0, 0
				}
			}
		}
	}
	return c
}

// practiceField is a field that a simulated corrector filled, and its reading.
type practiceField struct {
	text  string
	value float64
	empty bool
	score exam.Score
	view  raster.View
	form  raster.FormPage
	got   ocr.ScoreReading
}

// practicePage fills a table and puts it through one of the simulated scanners. The
// correctors are writers of the pen strokes of a part; without one, those of the fixtures.
func practicePage(p *part, level string, seed uint64) ([]practiceField, error) {
	lv, err := fixtures.LevelByName(strings.TrimSuffix(level, "-150"))
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(level, "-150") {
		lv.DPI = 150
	}
	lv.UpsideDown, lv.Sideways = 0, 0
	r := rand.New(rand.NewPCG(seed, 77))
	sc := scene{maker{r, p}}
	paper, blank := table(300), table(raster.FormDPI)
	fields := make([]practiceField, tableCols*tableRows)
	inks := []fixtures.Colour{fixtures.Red, fixtures.Green, fixtures.Blue, fixtures.Red, fixtures.Black}
	for i := range fields {
		f := &fields[i]
		f.score = exam.Score{ID: "P", Box: tableCell(i), Max: float64(5 + r.IntN(26)), Step: 0.5}
		ink := inks[r.IntN(len(inks))]
		f.empty = r.IntN(10) == 0
		if f.empty {
			continue
		}
		f.value, f.text = sc.text(f.score.Max)
		if p == nil {
			fixtures.NewCorrector(r, ink).Number(paper, tableCell(i), strings.ReplaceAll(f.text, "h", " 1/2"))
			continue
		}
		hd := sc.hand()
		hd.set = ""
		lines, _ := sc.write(hd, f.text, tableCell(i))
		inkCanvas(paper, flatten(lines), hd.pen, ink, r)
	}
	scan := fixtures.Scan(paper, lv, 1, r)
	form := raster.FormPage{View: raster.View{Page: blank.Page(), MMToPix: geom.ScaleBy(blank.PxPerMM, blank.PxPerMM)}, WidthMM: 210, HeightMM: 297}
	for i := range fields {
		off := geom.Point{X: 0.6*r.Float64() - 0.3, Y: 0.6*r.Float64() - 0.3}
		fields[i].view = raster.View{Page: scan.Page, MMToPix: scan.MMToPix.Mul(geom.Translate(off))}
		fields[i].form = form
	}
	return fields, nil
}

// inkRGB are lines of the inks on white paper.
var inkRGB = map[fixtures.Colour][3]float64{
	fixtures.Blue: {38, 44, 158}, fixtures.Black: {38, 37, 42}, fixtures.Pencil: {84, 85, 89},
	fixtures.Red: {206, 34, 62}, fixtures.Green: {24, 128, 70},
}

// inkCanvas draws strokes in mm with a pen of some flow.
func inkCanvas(c *fixtures.Canvas, s strokes, pen float64, ink fixtures.Colour, r *rand.Rand) {
	x0, y0, x1, y1 := s.bounds()
	k := c.PxPerMM
	ox, oy := int((x0-1)*k), int((y0-1)*k)
	im := ocr.InkImage{W: int((x1+1)*k) - ox, H: int((y1+1)*k) - oy}
	im.A = make([]float32, im.W*im.H)
	s.scale(k, k).shift(-float64(ox), -float64(oy)).draw(im, max(pen*k/2, 0.8))
	flow := 0.5 + 0.5*r.Float64()
	for y := range im.H {
		for x := range im.W {
			a := float64(im.A[y*im.W+x]) * flow * (1 - 0.2*r.Float64())
			u, v := x+ox, y+oy
			if a <= 0 || u < 0 || v < 0 || u >= c.W || v >= c.H {
				continue
			}
			for ch, full := range inkRGB[ink] {
				p := &c.Pix[3*(v*c.W+u)+ch]
				*p = uint8(float64(*p) * math.Pow(full/255, a))
			}
		}
	}
}
