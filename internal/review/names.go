package review

import (
	"fmt"

	"scan/internal/ledger"
)

// names find the things of a batch, by index. They are most of the work of a view, and stay the same
// while decisions change values and nothing else.
type names struct {
	ids    []string
	index  map[string]int          // by id
	places map[ledger.Target][]int // by target; several where pages have the same image
	fields map[bookletField]int
}

type bookletField struct{ booklet, field string }

// newNames gives every thing its id. Where two pages have the same image, the second one's things
// have the id with a number.
func newNames(all []thing) *names {
	n := &names{ids: make([]string, len(all)), index: make(map[string]int, len(all)),
		places: make(map[ledger.Target][]int, len(all)), fields: make(map[bookletField]int, len(all))}
	for i := range all {
		t := &all[i]
		n.ids[i] = thingID(t.target)
		if before := len(n.places[t.target]); before > 0 {
			n.ids[i] = fmt.Sprintf("%s-%d", n.ids[i], before+1)
		}
		n.places[t.target] = append(n.places[t.target], i)
		n.index[n.ids[i]] = i
		if t.reading != nil {
			n.fields[bookletField{t.reading.Booklet, t.reading.Field}] = i
		}
	}
	return n
}

// sameThings reports whether two lists have the same things in the same places.
func sameThings(a, b []thing) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].target != b[i].target || (a[i].reading == nil) != (b[i].reading == nil) ||
			a[i].reading != nil && a[i].reading.Booklet != b[i].reading.Booklet {
			return false
		}
	}
	return true
}

// thing returns a thing by its id, nil if there is none.
func (v *view) thing(id string) *thing {
	if i, ok := v.index[id]; ok {
		return &v.all[i]
	}
	return nil
}

// field returns a field of a booklet, nil if it was not read.
func (v *view) field(booklet, field string) *thing {
	if i, ok := v.fields[bookletField{booklet, field}]; ok {
		return &v.all[i]
	}
	return nil
}
