package detect

import "math"

// The kinds of ink a box is sorted into. A sign beside the box is judged apart.
const (
	kindEmpty = iota
	kindCrossed
	kindFilled
	kindStroke // a tick or a slash: no cross, yet seldom anything but a choice
	kindOther  // scribble, half a fill, letter, bar, an erased mark
	kinds
)

// kindP are calibrated probabilities of the kinds; they sum to 1.
type kindP [kinds]float64

// blankP is what a box without ink holds: of 60,000 drawn boxes measured as blank, 1 in
// 2,000 held something so faint that a person might still see it.
var blankP = kindP{kindEmpty: 0.9995, kindOther: 0.0005}

// classify gives the probabilities of what is in the box.
func (c *boxCase) classify() kindP {
	if c.blank() {
		return blankP
	}
	return c.feat.doubtful(markNet().Probabilities(c.input(), NewMarkActs()))
}

// strokeMeans is the chance that what looks like a tick or a slash was meant as a choice.
// It trades reviews of off-centre crosses, of which the frame hides so much that they look
// like a tick, for ticks that meant something else; a clear tick is reviewed in any case.
const strokeMeans = 0.95

// selected is the probability that the mark in the box chooses it.
func (k kindP) selected() float64 { return k[kindCrossed] + strokeMeans*k[kindStroke] }

// doubtful halves the belief in a kind that plain measures contradict. The network was
// trained on drawings; where a picture is unlike all of them this keeps it from being
// sure. Each limit lies beyond what any drawn mark of the kind showed but for 1 in 1,000.
func (f *inkFeatures) doubtful(p kindP) kindP {
	unlike := [kinds]bool{
		kindEmpty:   f.Solid > 0.12 && f.Level > 0.3,
		kindCrossed: math.Min(f.SpanX, f.SpanY) < 0.3 || f.Solid < 0.02,
		kindFilled:  f.Solid < 0.5,
	}
	for k, no := range unlike {
		if no {
			p[kindOther] += p[k] / 2
			p[k] /= 2
		}
	}
	return p
}

// blank reports that there is practically no ink on the inside: less than a speck of
// 0.03 square mm, or of 0.1 where it is as pale as what JPEG leaves beside print, and on
// the whole no darker than the paper's noise. A cross too pale for the ink threshold
// still darkens the inside by 0.02.
func (c *boxCase) blank() bool {
	f := &c.feat
	return f.Free > 0.25 && (f.Fill < 0.004 || f.Fill < 0.015 && f.Level < 0.2) && f.Mean < 0.017
}

func softmax(z kindP) (p kindP) {
	m, sum := z[0], 0.0
	for _, v := range z {
		m = math.Max(m, v)
	}
	for i, v := range z {
		p[i] = math.Exp(v - m)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// needsLook reports a fill that reaches beyond the box on one side so far that it may
// hide a sign.
func (c *boxCase) needsLook() bool {
	r := c.feat.Ring
	return math.Max(math.Max(r[0], r[1]), math.Max(r[2], r[3])) > 0.45
}

// strayBeside reports separate ink in the ring of a crossed box.
func (c *boxCase) strayBeside() bool {
	for _, b := range c.ink.blobs(c.near) {
		if !b.neigh && b.gap > 0.6 && b.extent() > 1.5 {
			return true
		}
	}
	return false
}

// named returns everything the decision rests on.
func (c *boxCase) named(k kindP, s signs) map[string]float64 {
	f := &c.feat
	return map[string]float64{
		"fit_contrast": c.fit.Contrast, "fit_hit": c.fit.Hit, "fit_worst_side": c.fit.WorstHit,
		"paper": c.tone.Paper, "print": c.tone.Print, "noise": c.tone.Noise,
		"fill": f.Fill, "solid": f.Solid, "mean": f.Mean, "level": f.Level, "hole_mm": f.Hole,
		"thick_mm": f.Thick, "diag": f.Diag, "diag_min": f.DiagMin, "span_x": f.SpanX, "span_y": f.SpanY,
		"ring_left": f.Ring[0], "ring_right": f.Ring[1], "ring_top": f.Ring[2], "ring_bottom": f.Ring[3],
		"p_empty": k[kindEmpty], "p_crossed": k[kindCrossed], "p_filled": k[kindFilled], "p_stroke": k[kindStroke], "p_other": k[kindOther],
		"sign_left_mm": s.Left, "sign_other_mm": s.Other, "sign_touch_mm": s.Touch,
		"hue_cb": c.hue.Cb, "hue_cr": c.hue.Cr, "hue_corrector": c.hue.Corrector,
		"hue_red": c.hue.Red, "hue_green": c.hue.Green, "hue_blue": c.hue.Blue, "hue_dark": c.hue.Dark,
	}
}
