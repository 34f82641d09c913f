package detect

import "math"

// The kinds of marks a box is sorted into. A sign beside the box is judged apart.
const (
	kindEmpty    = iota
	kindCrossed  //
	kindFilled   // complete
	kindTick     //
	kindLine     // a slash, a bar
	kindScribble // deliberate, but what it means is unclear: part of a fill, a curl, a letter
	kindDot      // the pen rested
	kindErased   // a mark rubbed out
	kindForeign  // ink not meant for the box: words, a long line, a ring around it, a cross that missed
	kinds
)

// MarkKindNames are the words of BoxReading.Kind, in the order of the network's classes.
var MarkKindNames = [kinds]string{"empty", "cross", "fill", "tick", "line", "scribble", "dot", "erased", "foreign"}

// kindP are calibrated probabilities of the kinds; they sum to 1.
type kindP [kinds]float64

// blankP is what a box without ink holds. TestBlankBoxesHoldNoMarks in internal/train/marks
// counts the marks that look like it.
var blankP = kindP{kindEmpty: 0.99995, kindForeign: 0.00005}

// classify gives the probabilities of what is in the box.
func (c *boxCase) classify() kindP {
	if c.blank() {
		return blankP
	}
	in := c.input()
	net := markNet()
	var p kindP
	net.Probabilities(net.Logits(in, net.NewActs()), p[:])
	return p
}

// best is the likeliest kind.
func (k kindP) best() int {
	best := 0
	for i, p := range k {
		if p > k[best] {
			best = i
		}
	}
	return best
}

// strokeMeans is the chance that a tick or a line was meant as a choice where a cross is
// asked for. It trades reviews of off-centre crosses, of which the frame hides so much that
// they look like a tick, for ticks that meant something else; a clear tick is reviewed in
// any case.
const strokeMeans = 0.95

// dotMeansNothing is the chance that a resting pen left a box as it was where a cross is
// asked for, and dotMarks that it was meant as a mark where any mark counts.
const (
	dotMeansNothing = 0.995
	dotMarks        = 0.3
)

// states are the probabilities of empty, selected and undone under the paper's conventions;
// the rest is something else.
func (k kindP) states(anyMark bool) (empty, selected, undone float64) {
	if anyMark {
		plain := k[kindCrossed] + k[kindFilled] + k[kindTick] + k[kindLine] + k[kindScribble]
		return k[kindEmpty] + (1-dotMarks)*k[kindDot] + 0.5*k[kindErased] + 0.5*k[kindForeign],
			plain + dotMarks*k[kindDot] + 0.3*k[kindErased] + 0.4*k[kindForeign], 0
	}
	return k[kindEmpty] + dotMeansNothing*k[kindDot], k[kindCrossed] + strokeMeans*(k[kindTick]+k[kindLine]), k[kindFilled]
}

// odd reports a mark that the convention of crosses and fills does not foresee.
func (k kindP) odd() bool {
	stroke := k[kindTick] + k[kindLine]
	return stroke+k[kindScribble]+k[kindErased]+k[kindForeign] >= 0.5 || stroke > k[kindCrossed] && stroke > 0.1
}

// blank reports that there is practically no ink on the inside and little around it: less
// than a speck of 0.03 square mm, or of 0.1 where it is as pale as what JPEG leaves beside
// print, and on the whole no darker than the paper's noise. A cross too pale for the ink
// threshold still darkens the inside by 0.02.
func (c *boxCase) blank() bool {
	f := &c.feat
	around := math.Max(math.Max(f.Ring[0], f.Ring[1]), math.Max(f.Ring[2], f.Ring[3]))
	return f.Free > 0.25 && (f.Fill < 0.004 || f.Fill < 0.015 && f.Level < 0.2) && f.Mean < 0.014 && around < 0.05
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
	m := map[string]float64{
		"fit_contrast": c.fit.Contrast, "fit_hit": c.fit.Hit, "fit_worst_side": c.fit.WorstHit,
		"paper": c.tone.Paper, "print": c.tone.Print, "noise": c.tone.Noise,
		"fill": f.Fill, "solid": f.Solid, "mean": f.Mean, "level": f.Level, "hole_mm": f.Hole,
		"thick_mm": f.Thick, "diag": f.Diag, "diag_min": f.DiagMin, "span_x": f.SpanX, "span_y": f.SpanY,
		"ring_left": f.Ring[0], "ring_right": f.Ring[1], "ring_top": f.Ring[2], "ring_bottom": f.Ring[3],
		"sign_left_mm": s.Left, "sign_other_mm": s.Other, "sign_touch_mm": s.Touch,
		"hue_cb": c.hue.Cb, "hue_cr": c.hue.Cr, "hue_corrector": c.hue.Corrector,
		"hue_red": c.hue.Red, "hue_green": c.hue.Green, "hue_blue": c.hue.Blue, "hue_dark": c.hue.Dark,
	}
	for i, p := range k {
		m["p_"+MarkKindNames[i]] = p
	}
	return m
}
