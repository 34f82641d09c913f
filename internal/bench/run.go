package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Result is what came out of one set.
type Result struct {
	Name, Class, About string
	Items              []Item
	Err                error   // wraps ErrAbsent where the data is not there
	CPU                float64 // seconds spent on it, all threads; 0 where nobody measures
}

// Absent reports whether the data of the set is not there.
func (r Result) Absent() bool { return errors.Is(r.Err, ErrAbsent) }

// Hooks are told how a run gets on; both may be nil.
type Hooks struct {
	Begin func(name string)                // a set is begun
	Step  func(name string, done, all int) // within a set
	CPU   func() float64                   // CPU seconds used so far
}

// Run reads the sets one after the other. A set that fails is reported in its result and
// stops no other; only the end of ctx does.
func Run(ctx context.Context, sources []Source, o Options, h Hooks) ([]Result, error) {
	cpu := func() float64 {
		if h.CPU == nil {
			return 0
		}
		return h.CPU()
	}
	var results []Result
	for _, s := range sources {
		if h.Begin != nil {
			h.Begin(s.Name())
		}
		own := o
		if h.Step != nil {
			own.Progress = func(done, all int) { h.Step(s.Name(), done, all) }
		}
		before := cpu()
		r := Result{Name: s.Name(), Class: s.Class(), About: s.About()}
		r.Items, r.Err = s.Items(ctx, own)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r.Err == nil {
			r.Err = check(r)
		}
		r.CPU = cpu() - before
		results = append(results, r)
	}
	return results, nil
}

// check finds items that would be counted wrongly.
func check(r Result) error {
	for i := range r.Items {
		switch it := &r.Items[i]; {
		case it.Set != r.Name || it.Class != r.Class:
			return fmt.Errorf("%s: item %q calls itself %s of %s", r.Name, it.Name, it.Class, it.Set)
		case it.Field == "":
			return fmt.Errorf("%s: item %q has no kind of field", r.Name, it.Name)
		case math.IsNaN(it.Confidence) || it.Confidence < 0 || it.Confidence > 1:
			return fmt.Errorf("%s: item %q has confidence %v", r.Name, it.Name, it.Confidence)
		}
	}
	return nil
}

// Items returns the items of all sets that were read, class by class: simulated ones first,
// real ones last.
func Items(results []Result) []Item {
	n := 0
	for _, r := range results {
		n += len(r.Items)
	}
	all := make([]Item, 0, n)
	for _, class := range Classes {
		for _, r := range results {
			if r.Class == class && r.Err == nil {
				all = append(all, r.Items...)
			}
		}
	}
	return all
}

// Classes in the order in which they are reported.
var Classes = []string{Simulated, Composited, Real}

// Choose keeps the sources whose name fits a pattern, all for none.
func Choose(sources []Source, patterns []string) []Source {
	if len(patterns) == 0 {
		return sources
	}
	return slices.DeleteFunc(slices.Clone(sources), func(s Source) bool { return !Match(patterns, s.Name()) })
}
