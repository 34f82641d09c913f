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
	Sets    []string // patterns of sets it is meant for, nil: all
	Silent  float64  // share of all fields silently wrong, at most
	Review  float64  // share of the plain fields sent to a person, at most; NaN: not asked for
	Forced  bool     // Silent is meant of the values as read, were nobody ever asked
	Each    bool     // every set is judged by itself: they are of different origin
}

// Conditions of the targets, as patterns of sets. Sets at other levels (clean, light,
// heavy, brutal) have no target: pooled with these, easy ones would hide misreads and
// brutal ones would blame what nobody promised.
var (
	hard     = []string{"*hard*", "*150dpi*", "*1bit*", "*fat*", "*pale*"}
	ordinary = []string{"*default*"}
)

// Targets of this reader. A set belongs to the first that it fits.
var Targets = []Target{
	{Name: "choice, hard", Field: Choice, Classes: []string{Simulated}, Sets: hard, Silent: 1e-4, Review: 0.02},
	{Name: "choice, default", Field: Choice, Classes: []string{Simulated, Composited}, Sets: ordinary, Silent: 1e-5, Review: 0.005},
	{Name: "choice", Field: Choice, Classes: []string{Real}, Silent: 0, Review: 0.05, Each: true},
	{Name: "column, hard", Field: Column, Classes: []string{Simulated}, Sets: hard, Silent: 1e-5, Review: 0.01},
	{Name: "column, default", Field: Column, Classes: []string{Simulated, Composited}, Sets: ordinary, Silent: 1e-5, Review: 0.01},
	{Name: "column", Field: Column, Classes: []string{Real}, Silent: 0, Review: 0.05, Each: true},
	{Name: "page", Field: Page, Classes: []string{Real}, Silent: 0, Review: 0.05, Each: true},
	{Name: "score with sum", Field: Summed, Silent: 1e-4, Review: 0.10},
	{Name: "digit, nobody asked", Field: Digit, Silent: 0.005, Review: math.NaN(), Forced: true, Each: true},
	{Name: "sticker", Field: Sticker, Silent: 0, Review: 0.005},
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

// Judge holds items against the targets, in the order of the targets: one row for each
// target and class, or for each set where the target says so. Classes are never pooled.
func Judge(items []Item, threshold float64) []TargetRow {
	order, parts := Split(items)
	var rows []TargetRow
	for i, t := range Targets {
		for _, class := range Classes {
			var sets []string
			var pool []Item
			for _, k := range order {
				switch {
				case k.Class != class || targetOf(k) != i:
				case t.Each:
					rows = append(rows, judge(t, class, []string{k.Set}, CountOf(parts[k], threshold)))
				default:
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
	return slices.IndexFunc(Targets, func(t Target) bool {
		return t.Field == k.Field && (t.Classes == nil || slices.Contains(t.Classes, k.Class)) &&
			(t.Sets == nil || Match(t.Sets, k.Set))
	})
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
