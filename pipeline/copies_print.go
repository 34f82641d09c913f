package pipeline

import (
	"math"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

const (
	textGapMM   = 1.2  // from a box to the text of its option
	textWidthMM = 45.0 // what is looked at of it
	textPxPerMM = 3.0
	// sameText is from when two options are too alike to tell them apart: formulas that differ
	// by an index give 0.95, different sentences 0.1 to 0.5.
	sameText = 0.85
	// clearly is by how much two texts must fit better, summed over both. At 150 dpi the right
	// order wins by 0.2 and more in every question at the worst level, a wrong one loses by 0.2
	// to 0.7; lower would let handwriting across the text decide, higher would miss more
	// (TestWrongCopyIsSeen).
	clearly = 0.12
)

// printAgrees tells whether the options on a page stand in the order of this copy: no two texts
// of a question may fit clearly better the other way round. One such pair condemns the page,
// since its code or the copy's form is wrong. Where the copy was concluded from the booklet,
// half of all pairs must fit clearly better as they are besides.
func (c *copyForm) printAgrees(reg detect.Registered, e *exam.Exam, guess bool) bool {
	better, pairs := 0, 0
	own, _ := e.Copy(c.id)
	for _, p := range c.exam.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			if q.Kind != exam.Choice || q.Page != reg.FormPage || !e.CopyDependent(q.ID) || own.Open(q.ID) {
				continue
			}
			worst, b, n := textGains(reg.View, c.printed.Page(reg.FormPage), q)
			if worst > clearly {
				return false
			}
			better, pairs = better+b, pairs+n
		}
	}
	return !guess || 2*better >= pairs
}

// textGains compares the texts of all options two by two, where they differ: worst is by how much
// a pair fits better when exchanged, better counts the pairs that clearly fit as they are.
func textGains(v raster.View, form raster.FormPage, q *exam.Question) (worst float64, better, pairs int) {
	n := len(q.Options)
	at := make([]geom.Box, n)
	for i := range at {
		at[i] = optionText(q, i, form)
	}
	like := make([][]float64, n) // of the text printed at i with what the scan shows at j
	for i := range like {
		like[i] = make([]float64, n)
		for j := range like[i] {
			like[i][j] = detect.Likeness(form.View, common(at[i], at[j]), v, common(at[j], at[i]), textPxPerMM)
		}
	}
	worst = math.Inf(-1)
	for i := range at {
		for j := range i {
			if detect.Likeness(form.View, common(at[i], at[j]), form.View, common(at[j], at[i]), textPxPerMM) > sameText {
				continue
			}
			gain := like[i][j] + like[j][i] - like[i][i] - like[j][j]
			if pairs++; gain < -clearly {
				better++
			}
			worst = max(worst, gain)
		}
	}
	return worst, better, pairs
}

// common cuts a to the width of b.
func common(a, b geom.Box) geom.Box {
	a.W = min(a.W, b.W)
	return a
}

// optionText is where the text of an option begins: right of its box, up to the next box.
func optionText(q *exam.Question, i int, form raster.FormPage) geom.Box {
	b := q.Options[i].Box
	x := b.X + b.W + textGapMM
	end := min(x+textWidthMM, form.WidthMM-8)
	for _, o := range q.Options {
		if o.Box.X > x && o.Box.Y < b.Y+b.H && o.Box.Y+o.Box.H > b.Y {
			end = min(end, o.Box.X-1)
		}
	}
	return geom.Box{X: x, Y: b.Y - 0.3, W: max(end-x, 5), H: b.H + 0.6}
}
