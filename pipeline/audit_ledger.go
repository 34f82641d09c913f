package pipeline

import (
	"slices"

	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// auditLedger is the ledger as audits tell it.
type auditLedger struct {
	all    []AuditDecision  // oldest first
	at     map[string]int   // by id
	target map[string][]int // by image or anchor
	shared map[string]bool  // images that several pages of the batch have
}

func newAuditLedger(all []store.Decision, out *Outcome) auditLedger {
	l := auditLedger{at: map[string]int{}, target: map[string][]int{}, shared: map[string]bool{}}
	states := ledger.States(all)
	for i, d := range all {
		l.at[d.ID] = i
		l.target[d.Page] = append(l.target[d.Page], i)
		l.all = append(l.all, auditDecision(d, states[d.ID]))
	}
	seen := map[string]bool{}
	for _, p := range out.Pages {
		l.shared[p.Image] = seen[p.Image]
		seen[p.Image] = true
	}
	return l
}

func auditDecision(d store.Decision, state ledger.State) AuditDecision {
	return AuditDecision{ID: d.ID, At: d.At, Who: d.Who, Action: d.Action, Mode: d.Mode, About: d.Page, Field: d.Field,
		Value: d.Value, Note: d.Note, State: string(state), Old: d.Old, OldReason: d.OldReason, Confidence: d.Confidence,
		Supersedes: d.Supersedes, Place: d.Place, Source: d.Source, SourcePage: d.SourcePage, Program: d.Program}
}

// about returns every decision ever made about a booklet, its pages and its fields, oldest first.
// Of pages that have an image in common only those count that lay where its page lies, and those
// that what stands there goes back to.
func (l *auditLedger) about(b mark.Booklet, pages []mark.Page, readings []mark.Reading) []AuditDecision {
	found := map[int]bool{}
	for _, i := range l.target[b.Anchor] {
		found[i] = found[i] || l.isOfBooklet(i)
	}
	for _, p := range pages {
		for _, i := range l.target[p.Image] {
			d := &l.all[i]
			found[i] = found[i] || !l.isOfBooklet(i) && (!l.shared[p.Image] || d.Source == p.Source && d.SourcePage == p.SourcePage)
		}
		l.trace(p.Decisions, found)
	}
	for _, r := range readings {
		l.trace(r.Decisions, found)
	}
	var out []AuditDecision
	for i := range l.all {
		if found[i] {
			out = append(out, l.all[i])
		}
	}
	return out
}

// isOfBooklet reports whether a decision is about a booklet as a whole.
func (l *auditLedger) isOfBooklet(i int) bool {
	return slices.Contains([]string{mark.FieldMissing, mark.FieldBooklet}, l.all[i].Field)
}

// trace adds decisions and all they go back to.
func (l *auditLedger) trace(ids []string, found map[int]bool) {
	for _, id := range ids {
		if i, ok := l.at[id]; ok && !found[i] {
			found[i] = true
			l.trace(l.all[i].Supersedes, found)
		}
	}
}
