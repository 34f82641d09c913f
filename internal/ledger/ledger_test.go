package ledger

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/store"
)

// told writes a ledger down: "1:ann=crossed" is decision 1 of ann, "2:bob=empty>1" replaces it,
// "3-2" withdraws 2. All are about one field.
func told(script string) (all []store.Decision) {
	for _, word := range strings.Fields(script) {
		d := store.Decision{Page: "p", Field: "f", Action: store.ActionDecide}
		if id, withdrawn, ok := strings.Cut(word, "-"); ok {
			d.ID, d.Action, d.Supersedes = id, store.ActionWithdraw, strings.Split(withdrawn, ",")
		} else {
			word, replaced, replaces := strings.Cut(word, ">")
			id, says, _ := strings.Cut(word, ":")
			d.ID = id
			d.Who, d.Value, _ = strings.Cut(says, "=")
			if replaces {
				d.Supersedes = strings.Split(replaced, ",")
			}
		}
		all = append(all, d)
	}
	return all
}

func TestResolve(t *testing.T) {
	cases := []struct{ name, ledger, heads, value string }{
		{"nothing", "", "", ""},
		{"one", "1:ann=crossed", "1", "crossed"},
		{"replaced", "1:ann=crossed 2:bob=empty>1", "2", "empty"},
		{"both at once", "1:ann=crossed 2:bob=empty", "1 2", ""},
		{"both at once, the same", "1:ann=crossed 2:bob=crossed", "1 2", "crossed"},
		{"a third resolves", "1:ann=crossed 2:bob=empty 3:cleo=empty>1,2", "3", "empty"},
		{"withdrawn", "1:ann=crossed 2-1", "", ""},
		{"what it replaced stands again", "1:ann=crossed 2:ann=empty>1 3-2", "1", "crossed"},
		{"a contradiction stands again", "1:ann=crossed 2:bob=empty 3:cleo=empty>1,2 4-3", "1 2", ""},
		{"of two that replaced one is withdrawn", "1:ann=crossed 2:bob=empty>1 3:cleo=filled>1 4-3", "2", "empty"},
		{"a withdrawn one that was replaced", "1:ann=crossed 2:bob=empty>1 3-1", "2", "empty"},
		{"several withdrawn", "1:ann=crossed 2:ann=empty>1 3-1,2", "", ""},
		{"replaces what is not there", "1:ann=crossed>9", "1", "crossed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := Resolve(told(c.ledger))[Target{"p", "f"}]
			assert.Equal(t, c.heads, strings.Join(v.IDs(), " "))
			value, _ := v.Value()
			assert.Equal(t, c.value, value)
		})
	}
}

func TestTargetsAreApart(t *testing.T) {
	all := told("1:ann=crossed 2:bob=empty 3:cleo=filled")
	all[1].Page, all[2].Field = "q", "g"
	stand := Resolve(all)
	assert.Len(t, stand, 3)
	for target, id := range map[Target]string{{"p", "f"}: "1", {"q", "f"}: "2", {"p", "g"}: "3"} {
		assert.Equal(t, []string{id}, stand[target].IDs())
	}
}

// slowHeads is the definition: a decision stands unless it was withdrawn, or one that was not
// withdrawn replaces it.
func slowHeads(all []store.Decision) (heads []string) {
	named := func(id, action string, but func(store.Decision) bool) bool {
		return slices.ContainsFunc(all, func(d store.Decision) bool {
			return d.Action == action && slices.Contains(d.Supersedes, id) && !but(d)
		})
	}
	never := func(store.Decision) bool { return false }
	withdrawn := func(d store.Decision) bool { return named(d.ID, store.ActionWithdraw, never) }
	for _, d := range all {
		if d.Action == store.ActionDecide && !withdrawn(d) && !named(d.ID, store.ActionDecide, withdrawn) {
			heads = append(heads, d.ID)
		}
	}
	return heads
}

// What stands agrees with the definition; something stands as long as not everything was withdrawn.
func TestResolveAgainstTheDefinition(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var all []store.Decision
		for n := range 1 + rng.IntN(12) {
			d := store.Decision{ID: fmt.Sprint(n), Page: "p", Field: "f", Action: store.ActionDecide, Value: fmt.Sprint(rng.IntN(2))}
			if n > 0 && rng.IntN(4) == 0 {
				d.Action = store.ActionWithdraw
			}
			for _, o := range all {
				if o.Action == store.ActionDecide && rng.IntN(3) == 0 {
					d.Supersedes = append(d.Supersedes, o.ID)
				}
			}
			all = append(all, d)
		}
		stand := Resolve(all)
		want := slowHeads(all)
		assert.ElementsMatch(t, append([]string{}, want...), stand[Target{"p", "f"}].IDs(), "seed %d", seed)
		if len(want) == 0 {
			assert.Empty(t, slices.Collect(maps.Keys(stand)), "seed %d", seed)
		}
	}
}
