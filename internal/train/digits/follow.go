package main

import (
	"log"
	"math/rand/v2"

	"scan/internal/geom"
	"scan/internal/nn/learn"
	"scan/ocr"
)

// sepSamples labels the small atoms of a sheet.
func sepSamples(t ocr.ScoreTrace, sh *sheet) []learn.Sample {
	var out []learn.Sample
	for _, a := range t.Atoms {
		if !a.Small {
			continue
		}
		box := geom.Box{X: a.X, Y: a.Y, W: a.W, H: a.H}
		class, best := ocr.SepGlyph, 0.15
		for _, m := range sh.marks {
			if v := iou(box, m.Box); v > best && m.class >= ocr.NetClasses {
				best = v
				class = ocr.SepSeparator
				if m.class == markDirt {
					class = ocr.SepDirt
				}
			}
		}
		out = append(out, learn.Sample{Scalars: a.Sep[:], Class: class})
	}
	return out
}

const sepSheets = 3000

// trainSep trains the separator network on fields by the writers of the glyph
// network.
func trainSep(m *ocr.Model, s *sets) {
	sc := newScene(s.train, 3000)
	var data []learn.Sample
	for range sepSheets {
		if sh := sc.sheet(); len(sh.marks) > 0 {
			data = append(data, sepSamples(ocr.Pieces(sh.view, sh.form, sh.score), sh)...)
		}
	}
	t := learn.New(ocr.SepSpec, rand.New(rand.NewPCG(seed, 2000)))
	m.Sep = t.Net
	t.Fit(data, learn.Options{Epochs: 30, Rate: 5e-3, Seed: seed})
	log.Printf("separators: %.4f of %d small pieces right", rightShare(t.Net, data), len(data))
}

const calSheets = 4000

// calibrate fits the confidence on fields by writers whom the networks never saw.
func calibrate(m *ocr.Model, s *sets) {
	sc := newScene(s.calib, 4000)
	var data []learn.Sample
	right := 0
	for range calSheets {
		sh := sc.sheet()
		t := m.TraceScore(sh.view, sh.form, sh.score)
		if len(t.Values) == 0 {
			continue
		}
		class := 0
		if !sh.empty && !sh.odd && t.Values[0].Value == sh.value {
			class = 1
			right++
		}
		f := t.Features
		data = append(data, learn.Sample{Scalars: f[:], Class: class})
	}
	t := learn.New(ocr.CalSpec, rand.New(rand.NewPCG(seed, 4001)))
	m.Cal = t.Net
	t.Fit(data, learn.Options{Epochs: 60, Batch: 64, Rate: 5e-3, Decay: 1e-3, Seed: seed})
	log.Printf("calibration on %d fields, %d right", len(data), right)
}
