// Package ledger tells what people decided, out of the append-only list of decisions.
//
// Every decision names those it replaces: the ones its reviewer was shown. A decision that
// nothing replaces is a head. One head, or several that say the same, is a verdict; heads that
// say different things are a contradiction, and a person is asked again. Two reviewers who decide
// the same thing at the same moment thereby contradict or confirm each other, whichever came
// first; who decides knowing the other's word replaces it.
package ledger

import (
	"slices"

	"scan/internal/store"
)

// Target is what a decision is about.
type Target struct{ Page, Field string }

// Verdict is what stands about a target.
type Verdict struct {
	Heads []store.Decision // oldest first, withdrawals not among them
}

// Value returns what was decided; ok is false where the heads contradict each other.
func (v Verdict) Value() (value string, ok bool) {
	if len(v.Heads) == 0 {
		return "", false
	}
	for _, h := range v.Heads[1:] {
		if h.Value != v.Heads[0].Value {
			return "", false
		}
	}
	return v.Heads[0].Value, true
}

// IDs lists the ids of the heads: what the next decision replaces.
func (v Verdict) IDs() []string {
	ids := make([]string, len(v.Heads))
	for i, h := range v.Heads {
		ids[i] = h.ID
	}
	return ids
}

// Resolve returns what stands about every target of which anything stands. The decisions are
// taken oldest first, as store.Decisions lists them.
func Resolve(all []store.Decision) map[Target]Verdict {
	void := map[string]bool{} // withdrawn: as if never made, what they replaced stands again
	for _, d := range all {
		if d.Action == store.ActionWithdraw {
			for _, id := range d.Supersedes {
				void[id] = true
			}
		}
	}
	replaced := map[string]bool{}
	for _, d := range all {
		if d.Action == store.ActionWithdraw || void[d.ID] {
			continue
		}
		for _, id := range d.Supersedes {
			replaced[id] = true
		}
	}
	stand := map[Target]Verdict{}
	for _, d := range all {
		if d.Action == store.ActionWithdraw || void[d.ID] || replaced[d.ID] {
			continue
		}
		t := Target{d.Page, d.Field}
		stand[t] = Verdict{append(slices.Clip(stand[t].Heads), d)}
	}
	return stand
}
