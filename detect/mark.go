package detect

import (
	"slices"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// ReadChoice reads every option of a choice question on a registered page, in the
// order of q.Options. form is the printed page reg.FormPage, neighbours all printed
// boxes (mm) of that page: ink that belongs to a neighbour's mark is not counted. conv
// tells which marks select and whose ink is reserved.
func ReadChoice(reg Registered, form raster.FormPage, q exam.Question, neighbours []geom.Box, conv exam.Conventions) []BoxReading {
	paper := reg.lookAtPaper(form)
	cases := make([]*boxCase, len(q.Options))
	for i, o := range q.Options {
		cases[i] = newCase(reg.View, form, o.Box, without(neighbours, o.Box), paper)
	}
	fitTogether(cases)
	out := make([]BoxReading, len(cases))
	for i, c := range cases {
		out[i] = c.readChoice(conv)
	}
	return out
}

// without returns the boxes near b that do not lie on it.
func without(boxes []geom.Box, b geom.Box) (near []geom.Box) {
	around := b.Inset(-2 * zoneLeftMM)
	for _, o := range boxes {
		if a := o.Intersect(b).Area(); o.Intersect(around).Area() > 0 && a <= 0.5*b.Area() {
			near = append(near, o)
		}
	}
	return near
}

// reasonOther is a mark that is neither a cross nor a complete fill where only these count.
const reasonOther = "other-mark"

// missedBoxInk is the share of ink along one side of an empty box from which a person looks:
// a cross may have missed its box and touch no more than the frame. Neighbours' strokes and
// specks give less (TestCrossBesideItsBoxIsAskedAbout).
const missedBoxInk = 0.15

// missedBoxDoubt is the belief in an empty box above which ink around it is a neighbour's or
// the words beside: the network was shown crosses that missed.
const missedBoxDoubt = 0.995

// readChoice turns the measures of a choice box into a reading.
func (c *boxCase) readChoice(conv exam.Conventions) BoxReading {
	c.reserve(conv.CorrectorInks())
	k := c.classify()
	r := BoxReading{Kind: MarkKindNames[k.best()], Box: c.fitted(), FitMM: c.fit.Shift.Norm(), Reason: c.why}
	empty, selected, undone := k.states(conv.AnyMark())
	split, besideReason := 0.0, ""
	var s signs
	if undone > 0.02 && c.why == "" {
		s = c.lookBeside()
		split, besideReason = s.remarked()
	}
	r.P = [4]float64{empty, selected, undone * (1 - split), undone * split}
	r.settle()
	if r.Reason == "" && (r.State == Filled || r.State == Remarked) {
		r.Reason = besideReason
	}
	if r.Reason == "" && !conv.AnyMark() {
		r.Reason = c.unforeseen(k, r.State)
	}
	if r.Reason == "" && r.State != Empty {
		r.Reason = c.inkReason(conv.CorrectorInks())
	}
	r.Features = c.named(k, s)
	return r
}

// unforeseen names what the convention of crosses and fills has no answer to, or "".
func (c *boxCase) unforeseen(k kindP, s State) string {
	switch {
	case k.odd():
		return reasonOther
	case s == Crossed && c.strayBeside() && c.lookBeside().stray() != "", s == Empty && k[kindEmpty] < missedBoxDoubt && slices.Max(c.feat.Ring[:]) >= missedBoxInk:
		return reasonBeside
	}
	return ""
}

// settle sets State and Confidence from P.
func (r *BoxReading) settle() {
	best := 0
	for i, p := range r.P {
		if p > r.P[best] {
			best = i
		}
	}
	r.State, r.Confidence = States[best], r.P[best]
	if r.Reason != "" {
		r.Confidence = min(r.Confidence, 0.5) // measured where nothing can be trusted
	}
}
