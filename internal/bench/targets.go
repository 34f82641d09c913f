package bench

import (
	"math"
	"slices"
	"strings"
)

// Target is what reading is meant to reach at the default threshold.
type Target struct {
	Name    string
	Field   string
	Classes []string // of sets it is meant for, nil: all
	Sets    []string // patterns of sets it is meant for, nil: all not taken by an earlier target
	Silent  float64  // share of all fields silently wrong, at most
	Review  float64  // share of the plain fields sent to a person, at most; NaN: not asked for
	Forced  bool     // Silent is meant of the values as read, were nobody ever asked
}

// Hard are the patterns of sets with hard conditions: 150 dpi, 1-bit, fat and pale pens.
var Hard = []string{"*hard*", "*150dpi*", "*1bit*", "*1-bit*", "*fat*", "*pale*", "*heavy*", "*brutal*"}

// Targets of this reader. A set belongs to the first that it fits.
var Targets = []Target{
	{"choice box, simulated, hard", Choice, []string{Simulated}, Hard, 1e-4, 0.02, false},
	{"choice box, simulated, default", Choice, []string{Simulated}, nil, 1e-5, 0.005, false},
	{"choice box, composited", Choice, []string{Composited}, nil, 1e-5, 0.005, false},
	{"choice box, real scans", Choice, []string{Real}, nil, 0, 0.05, false},
	{"credit column, real scans", Column, []string{Real}, nil, 0, 0.05, false},
	{"credit column, hard", Column, nil, Hard, 1e-5, 0.01, false},
	{"credit column", Column, nil, nil, 1e-5, 0.01, false},
	{"handwritten score with sum check", Summed, nil, nil, 1e-4, 0.10, false},
	{"single digit, without reject", Digit, nil, nil, 0.005, math.NaN(), true},
	{"sticker", Sticker, nil, nil, 0, 0.005, false},
}

// Verdict says whether a target is reached.
type Verdict string

// A rate may also be below its target while its upper bound is not: then there were too
// few fields to tell.
const (
	Met    Verdict = "met"
	Missed Verdict = "missed"
	TooFew Verdict = "too few"
	NotSet Verdict = ""
)

// TargetRow holds the sets of one class that a target is meant for against it.
type TargetRow struct {
	Target
	Class  string
	Sets   []string
	Count  Count // over these sets
	Rate   float64
	Bound  float64
	Silent Verdict
	Review Verdict
}

// Judge holds items against the targets: one row for each target and class that has fields,
// in the order of the targets. Classes are never pooled.
func Judge(items []Item, threshold float64) []TargetRow {
	order, parts := Split(items)
	var rows []TargetRow
	for i, t := range Targets {
		for _, class := range Classes {
			var sets []string
			var pool []Item
			for _, k := range order {
				if k.Class == class && targetOf(k) == i {
					sets, pool = append(sets, k.Set), append(pool, parts[k]...)
				}
			}
			if len(pool) > 0 {
				rows = append(rows, judge(t, class, sets, CountOf(pool, threshold)))
			}
		}
	}
	return rows
}

// targetOf returns the index of the first target that a set fits, -1 if none.
func targetOf(k Key) int {
	for i, t := range Targets {
		if t.Field == k.Field && (t.Classes == nil || slices.Contains(t.Classes, k.Class)) &&
			(t.Sets == nil || Match(t.Sets, k.Set)) {
			return i
		}
	}
	return -1
}

func judge(t Target, class string, sets []string, c Count) TargetRow {
	r := TargetRow{Target: t, Class: class, Sets: sets, Count: c}
	wrong := c.Misread
	if t.Forced {
		wrong = c.Wrong
	}
	r.Rate, r.Bound = share(wrong, c.Fields), Upper(wrong, c.Fields)
	r.Silent = verdict(r.Rate, r.Bound, t.Silent)
	if !math.IsNaN(t.Review) {
		r.Review = verdict(c.ReviewRate(), c.ReviewBound(), t.Review)
	}
	return r
}

// verdict compares a rate and its upper bound with a target. No number of fields shows
// a rate to be 0; there, none seen is enough, and the bound is printed beside it.
func verdict(rate, bound, target float64) Verdict {
	switch {
	case rate > target:
		return Missed
	case target == 0 || bound <= target:
		return Met
	}
	return TooFew
}

// Match reports whether a name fits one of the patterns, in which * stands for any text,
// slashes included.
func Match(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matchOne(p, name) })
}

func matchOne(pattern, name string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == name
	}
	if !strings.HasPrefix(name, head) {
		return false
	}
	for i := len(head); i <= len(name); i++ {
		if matchOne(rest, name[i:]) {
			return true
		}
	}
	return false
}
