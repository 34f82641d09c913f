package bench

import (
	"maps"
	"slices"
)

// KindRow tells what marks of one kind were taken for.
type KindRow struct {
	Kind                                  string
	Fields, Right, Review, Asked, Misread int
	Seen                                  map[string]int
}

// Confusion is a table of what was put there against what it was taken for.
type Confusion struct {
	Seen []string // the columns, by name
	Rows []KindRow
}

// unnamed stands for a kind that a set or a reader does not tell.
const unnamed = "?"

// ConfusionOf counts items by kind and by what they were taken for; it has no rows where
// no kind is told.
func ConfusionOf(items []Item, threshold float64) Confusion {
	rows, seen, named := map[string]*KindRow{}, map[string]bool{}, false
	for i := range items {
		it := &items[i]
		named = named || it.Kind != ""
		kind, as := orUnnamed(it.Kind), orUnnamed(it.Seen)
		r := rows[kind]
		if r == nil {
			r = &KindRow{Kind: kind, Seen: map[string]int{}}
			rows[kind] = r
		}
		r.Fields++
		r.Seen[as]++
		seen[as] = true
		r.count(it, it.Outcome(threshold))
	}
	if !named {
		return Confusion{}
	}
	c := Confusion{Seen: slices.Sorted(maps.Keys(seen))}
	for _, kind := range slices.Sorted(maps.Keys(rows)) {
		c.Rows = append(c.Rows, *rows[kind])
	}
	return c
}

func (r *KindRow) count(it *Item, outcome Outcome) {
	switch {
	case outcome == Right:
		r.Right++
	case outcome == Misread:
		r.Misread++
	case it.Odd:
		r.Asked++
	default:
		r.Review++
	}
}

func orUnnamed(s string) string {
	if s == "" {
		return unnamed
	}
	return s
}
