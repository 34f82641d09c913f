package main

import (
	"math"
	"math/rand/v2"

	"scan/fixtures"
	"scan/internal/geom"
	"scan/internal/raster"
)

// A sheet is a made-up piece of a form: lists of choice boxes in one of many print styles,
// most of them filled by one hand, with all kinds of things beside them.
type sheet struct {
	form  raster.FormPage
	ink   *fixtures.Canvas
	boxes []geom.Box
	class []int // of each box, as detect counts them; -1 not used
	what  []string
	room  float64 // mm free to the left of the boxes
	pitch float64 // mm from one box to the next below
}

const (
	sheetW, sheetH = 120.0, 84.0 // mm
	inkPx          = 11.81       // canvas pixels per mm
	formPx         = raster.FormDPI / 25.4
)

// newSheet prints a form.
func newSheet(rng *rand.Rand) *sheet {
	s := &sheet{}
	printed := s.lay(rng)
	form := fixtures.BlankCanvas(sheetW, sheetH, formPx)
	s.ink = fixtures.BlankCanvas(sheetW, sheetH, inkPx)
	for _, r := range printed {
		paint(form, r)
		paint(s.ink, r)
	}
	s.form = raster.FormPage{View: raster.View{Page: form.Page(), MMToPix: geom.ScaleBy(formPx, formPx)}, WidthMM: sheetW, HeightMM: sheetH}
	s.class, s.what = make([]int, len(s.boxes)), make([]string, len(s.boxes))
	return s
}

// lay sets columns of boxes with text to their right. What is free to their left varies
// from too little for a sign to more than the zone.
func (s *sheet) lay(rng *rand.Rand) (printed []rect) {
	size := pick(rng, 4.28, 4.28, between(rng, 3, 6), between(rng, 3, 8))
	stroke := math.Min(pick(rng, 0.71, 0.71, 0.35, between(rng, 0.1, 0.7)), 0.17*size)
	dark := pick(rng, 1, 1, 1, between(rng, 0.5, 1))
	s.pitch = size + pick(rng, 3.2, 3.5, between(rng, 2, 5))
	s.room = pick(rng, 6, 6.5, between(rng, 4.5, 9))
	letters := rng.Float64() < 0.12 // an option's letter stands left of its box
	h := between(rng, 1.6, 2.6)
	for x := s.room + 1 + 3*rng.Float64(); x+size+3 < sheetW; {
		text := between(rng, 2, 11)
		for y := 3 + 2*rng.Float64(); y+size+3 < sheetH; y += s.pitch {
			b := geom.Box{X: x, Y: y, W: size, H: size}
			printed = append(printed, frame(b, stroke, dark)...)
			s.boxes = append(s.boxes, b)
			printed = append(printed, glyphs(rng, x+size+between(rng, 1, 2), y+size/2, h, x+size+1+text)...)
			if letters {
				printed = append(printed, glyphs(rng, x-0.9*h-between(rng, 0.8, 1.5), y+size/2, h, x-0.6)...)
			}
		}
		x += size + 1 + text + s.room
	}
	return printed
}

func pick(rng *rand.Rand, v ...float64) float64 { return v[rng.IntN(len(v))] }

func clip(v, m float64) float64 { return math.Max(-m, math.Min(m, v)) }
