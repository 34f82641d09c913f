package ledger

import "scan/internal/store"

// State is what became of a decision.
type State string

// The states.
const (
	Stands       State = "stands"
	Contradicted State = "contradicted" // another that stands says something else
	Replaced     State = "replaced"
	Withdrawn    State = "withdrawn"
	Withdrawal   State = "withdrawal" // it takes others back
)

// States tells what became of every decision, by id.
func States(all []store.Decision) map[string]State {
	states := make(map[string]State, len(all))
	for _, d := range all {
		states[d.ID] = Replaced
	}
	for _, d := range all {
		if d.Action != store.ActionWithdraw {
			continue
		}
		states[d.ID] = Withdrawal
		for _, id := range d.Supersedes {
			states[id] = Withdrawn
		}
	}
	for _, v := range Resolve(all) {
		state := Stands
		if _, ok := v.Value(); !ok {
			state = Contradicted
		}
		for _, h := range v.Heads {
			states[h.ID] = state
		}
	}
	return states
}
