package report

import (
	"slices"

	"scan/internal/exam"
	"scan/internal/mark"
)

// optionFigures is how often an option was selected.
type optionFigures struct {
	id           string
	correct      *bool // nil: no key
	void         bool  // counts as right whatever was done
	n            int   // booklets in which its box was read
	selected     figure
	right        figure // share who did with it what the key says
	upper, lower figure // share of those who selected it in the upper and lower third by total
	biserial     figure // correlation of selecting it with the total without its question
}

// answers is what was read in the booklets that count: by booklet, then by field.
type answers map[string]map[string]string

// answersOf keeps the first reading of a field, which is the one that counts.
func answersOf(sheets []mark.Sheet, readings []mark.Reading) answers {
	all := answers{}
	for _, s := range sheets {
		all[s.Booklet] = map[string]string{}
	}
	for _, r := range readings {
		if fields, counts := all[r.Booklet]; counts {
			if _, twice := fields[r.Field]; !twice {
				fields[r.Field] = r.Value
			}
		}
	}
	return all
}

// options computes the distractor table of a choice question.
func (t *table) options(it item, read answers) []optionFigures {
	low, high, split := thirds(t.totals)
	var all []optionFigures
	for _, o := range it.question.Options {
		f := optionFigures{id: o.ID, correct: o.Correct, void: o.Void}
		var picked, rest, upper, lower []float64
		for i, s := range t.sheets {
			x, known := selects(read[s.Booklet][exam.OptionField(it.id, o.ID)])
			if !known {
				continue
			}
			picked, rest = append(picked, x), append(rest, exact(t.totals[i]-it.earned[i]))
			if split && t.totals[i] >= high {
				upper = append(upper, x)
			}
			if split && t.totals[i] <= low {
				lower = append(lower, x)
			}
		}
		f.n, f.selected, f.upper, f.lower = len(picked), mean(picked), mean(upper), mean(lower)
		f.biserial = correlation(picked, rest)
		f.right = rightShare(f.selected, o.Correct)
		all = append(all, f)
	}
	return all
}

// rightShare turns the share that selected an option into the share that was right about it.
func rightShare(selected figure, correct *bool) figure {
	switch {
	case correct == nil || !selected.ok:
		return figure{}
	case *correct:
		return selected
	}
	return known(1 - selected.x)
}

// misleads reports whether the better students were surely drawn the wrong way: from a correct option or to a
// wrong one. The key may be wrong, or the wording.
func (o optionFigures) misleads() bool {
	if o.correct == nil || o.void {
		return false
	}
	r := o.biserial
	if !*o.correct {
		r.x = -r.x
	}
	return surelyNegative(r, o.n)
}

// selects tells whether a choice box's value selects its option, 1 or 0.
func selects(value string) (x float64, known bool) {
	selected, known := mark.Selects(value)
	if selected {
		x = 1
	}
	return x, known
}

// thirds returns the totals that bound the lower and the upper third. Who has the same total is in the
// same group, so that the order of booklets does not matter; groups may thereby be larger. ok is
// false where they would meet.
func thirds(totals []float64) (low, high float64, ok bool) {
	if len(totals) < fewest {
		return 0, 0, false
	}
	sorted := slices.Sorted(slices.Values(totals))
	k := len(sorted) / 3
	low, high = sorted[k-1], sorted[len(sorted)-k]
	return low, high, low < high
}
