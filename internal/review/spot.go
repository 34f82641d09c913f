package review

import (
	"slices"
	"strings"

	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
)

// sample is a simple random sample of what the reader was sure of. Things are taken in the order
// of their ids, which are hashes: anybody can draw the same sample again, and a larger one begins
// with the smaller.
type sample struct {
	things []*thing
}

// draw returns a sample of n, or of as many as there are spot checks, and marks as open what nobody
// looked at yet. After scans were added it may hold others than those that were checked: the checks of
// some readings say nothing of others.
func (v *view) draw(n int) *sample {
	n = max(n, v.spotted())
	if n == 0 {
		return nil
	}
	var sure []*thing
	for i := range v.all {
		if t := &v.all[i]; t.reading != nil && wasSure(t.reading) {
			sure = append(sure, t)
		}
	}
	slices.SortFunc(sure, func(a, b *thing) int { return strings.Compare(a.id, b.id) })
	s := &sample{sure[:min(n, len(sure))]}
	for _, t := range s.things {
		if !t.open && len(v.standing(t)) == 0 {
			t.open, t.kind = true, kindSpot
		}
	}
	return s
}

// spotted counts the fields with a spot check that stands.
func (v *view) spotted() (n int) {
	for target, verdict := range v.heads {
		if len(v.places[target]) > 0 && slices.ContainsFunc(verdict.Heads, isSpot) {
			n++
		}
	}
	return n
}

func isSpot(d store.Decision) bool { return d.Mode == store.ModeSpot }

// wasSure reports whether nobody would have been asked.
func wasSure(r *mark.Reading) bool {
	said := r.AsRead()
	asked := r.Reason == mark.ReasonDecided && r.Read == nil
	return r.Image != "" && !said.Review && !asked && r.Value != mark.ValueLost && (said.Value != "" || said.Reason == mark.ReasonEmpty)
}

// spotState is how a sample stands. Rate is the share of wrong readings among those looked at,
// Bound its upper bound at 95 %, one-sided.
type spotState struct {
	Asked  int       `json:"asked"`
	Done   int       `json:"done"`
	Wrong  int       `json:"wrong"`
	Rate   float64   `json:"rate"`
	Bound  float64   `json:"bound"`
	Strata []stratum `json:"strata"`
}

// stratum is a kind of reading in the sample.
type stratum struct {
	Name  string  `json:"name"`
	N     int     `json:"n"` // looked at
	Wrong int     `json:"wrong"`
	Bound float64 `json:"bound"`
}

// strataNames are the kinds of reading that fail in different ways.
var strataNames = []string{"marked", "empty", "credit", "score", "sticker"}

func stratumOf(r *mark.Reading) string {
	switch {
	case r.Kind != mark.KindChoice:
		return r.Kind
	case r.AsRead().Value == "empty":
		return "empty"
	}
	return "marked"
}

// SpotChecks tells how the spot checks of a batch stand, as the page shows it: how many sure readings
// were looked at, how many of them were wrong, and the upper bound of their share.
func SpotChecks(e *exam.Exam, roster *exam.Roster, b *mark.Batch, made []store.Decision) (looked, wrong int, bound float64) {
	s := newView(newPaper(e, roster), nil, b, made, 0).spotState()
	if s == nil {
		return 0, 0, 1
	}
	return s.Done, s.Wrong, s.Bound
}

// spotState tells how the sample stands, nil if there is none.
func (v *view) spotState() *spotState {
	if v.spot == nil {
		return nil
	}
	s := &spotState{Asked: len(v.spot.things), Strata: make([]stratum, len(strataNames))}
	for i, name := range strataNames {
		s.Strata[i].Name = name
	}
	for _, t := range v.spot.things {
		if t.open {
			continue // also where reviewers contradict each other
		}
		in := &s.Strata[slices.Index(strataNames, stratumOf(t.reading))]
		s.Done++
		in.N++
		if !agrees(t.reading) {
			s.Wrong++
			in.Wrong++
		}
	}
	for i := range s.Strata {
		s.Strata[i].Bound = bench.Upper(s.Strata[i].Wrong, s.Strata[i].N)
	}
	if s.Done > 0 {
		s.Rate = float64(s.Wrong) / float64(s.Done)
	}
	s.Bound = bench.Upper(s.Wrong, s.Done)
	return s
}

// agrees reports whether what stands is what the reader said. That nothing is written is one word
// of the reader and another of a person.
func agrees(r *mark.Reading) bool {
	said := r.AsRead()
	if said.Value == "" {
		return r.Value == "" || r.Value == mark.ValueNone
	}
	return r.Value == said.Value
}
