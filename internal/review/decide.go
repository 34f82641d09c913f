package review

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"scan/internal/store"
)

// statement is what a reviewer says of one item. Place and Seen are the item's as it was shown.
type statement struct {
	Item  string   `json:"item"`
	Value string   `json:"value"`
	Place string   `json:"place"`
	Note  string   `json:"note"`
	Seen  []string `json:"seen"`
	Mode  string   `json:"mode"`
}

// done tells what became of a statement. Of a spot check Reader is what the reader had said; where it Differs
// one of the two is wrong, and whoever looked does so again: a slip would count as the reader's error.
type done struct {
	Item     string  `json:"item"`
	Decision string  `json:"decision"`
	Value    string  `json:"value"`
	Reader   *string `json:"reader,omitempty"`
	Differs  bool    `json:"differs,omitempty"`
}

// reply tells what is otherwise since this reviewer was told last.
type reply struct {
	Done   []done   `json:"done,omitempty"`
	Item   *item    `json:"item,omitempty"` // of undo
	Items  []item   `json:"items"`          // open and new, or changed
	Closed []string `json:"closed"`         // open no longer
	Counts counts   `json:"counts"`
}

// problem is an error with the HTTP status to answer it with.
type problem struct {
	status int
	error
}

func problemf(status int, format string, args ...any) error {
	return problem{status, fmt.Errorf(format, args...)}
}

func (p problem) Unwrap() error { return p.error }

// maxText bounds names and notes, characters.
const maxText = 500

// reviewer checks the name a decision is kept under.
func reviewer(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > maxText || strings.ContainsFunc(name, unicode.IsControl) {
		return "", problemf(http.StatusBadRequest, "a reviewer must give a name")
	}
	return name, nil
}

// decide puts statements into the ledger, all or none.
func (s *Server) decide(ctx context.Context, who string, all []statement) (reply, error) {
	who, err := reviewer(who)
	if err != nil {
		return reply{}, err
	}
	s.deciding.Lock()
	defer s.deciding.Unlock()
	before, err := s.look(ctx)
	if err != nil {
		return reply{}, err
	}
	rows, err := before.decisions(who, all)
	if err != nil {
		return reply{}, err
	}
	s.know(who, before)
	added, err := s.desk.Decide(ctx, rows)
	if err != nil {
		return reply{}, err
	}
	s.claims.worked(who, all)
	r, err := s.news(ctx, who)
	for i, d := range added {
		one := done{Item: all[i].Item, Decision: d.ID, Value: d.Value}
		if t := before.thing(all[i].Item); d.Mode == store.ModeSpot && t.reading != nil {
			said := t.reading.AsRead().Value
			one.Reader = &said
			now := s.current().thing(all[i].Item)
			one.Differs = now != nil && now.reading != nil && !now.open && !agrees(now.reading)
		}
		r.Done = append(r.Done, one)
	}
	return r, err
}

// decisions turns statements into rows of the ledger.
func (v *view) decisions(who string, all []statement) (rows []store.Decision, err error) {
	if len(all) == 0 {
		return nil, problemf(http.StatusBadRequest, "nothing is decided: decisions is empty")
	}
	seen := map[string]bool{}
	for _, st := range all {
		t := v.thing(st.Item)
		switch {
		case t == nil:
			return nil, problemf(http.StatusNotFound, "the batch has no item %s any more", st.Item)
		case st.Place != "" && st.Place != v.placeText(t):
			return nil, problemf(http.StatusConflict, "what was shown of item %s now lies elsewhere on its page; look again", st.Item)
		case seen[st.Item]:
			return nil, problemf(http.StatusBadRequest, "item %s is decided twice in one request", st.Item)
		case len(st.Note) > maxText:
			return nil, problemf(http.StatusBadRequest, "a note has at most %d characters", maxText)
		}
		seen[st.Item] = true
		d, err := v.decision(who, t, st)
		if err != nil {
			return nil, err
		}
		rows = append(rows, d)
	}
	return rows, nil
}

func (v *view) decision(who string, t *thing, st statement) (store.Decision, error) {
	value, err := v.canonical(t, st.Value)
	if err != nil {
		return store.Decision{}, err
	}
	d := store.Decision{Page: t.target.Page, Field: t.target.Field, Who: who, Action: store.ActionDecide, Value: value,
		Note: strings.TrimSpace(st.Note), Mode: mode(t, st.Mode), Supersedes: v.replaces(who, t, st.Seen)}
	d.Source, d.SourcePage = t.source()
	switch {
	case t.reading != nil:
		d.Old, d.OldReason, d.Confidence = t.reading.Value, t.reading.Reason, t.reading.Confidence
		d.Place = v.placeText(t)
	case t.page != nil:
		d.Old, d.OldReason = t.page.Status, t.page.Reason
	default:
		d.OldReason = t.booklet.Doubt
		if t.of == kindMissing {
			d.OldReason = "misses:" + pageList(t.booklet.Missing)
		}
	}
	return d, nil
}

func mode(t *thing, asked string) string {
	switch {
	case t.kind == kindSpot:
		return store.ModeSpot
	case asked == store.ModeBatch:
		return asked
	}
	return store.ModeSingle
}

// replaces lists what a decision replaces: what its reviewer was shown, and what the same reviewer
// said before. Nobody contradicts herself.
func (v *view) replaces(who string, t *thing, seen []string) (ids []string) {
	for _, d := range v.past(t) {
		stands := slices.ContainsFunc(v.standing(t), func(h store.Decision) bool { return h.ID == d.ID })
		if d.Action == store.ActionDecide && (slices.Contains(seen, d.ID) || stands && d.Who == who) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// undo withdraws what a reviewer decided last, if it stands: one decision, or a whole batch.
func (s *Server) undo(ctx context.Context, who string) (reply, error) {
	who, err := reviewer(who)
	if err != nil {
		return reply{}, err
	}
	s.deciding.Lock()
	defer s.deciding.Unlock()
	before, err := s.look(ctx)
	if err != nil {
		return reply{}, err
	}
	last := before.last(who)
	if len(last) == 0 {
		return reply{}, problemf(http.StatusConflict, "nothing that %s decided still stands", who)
	}
	var rows []store.Decision
	for _, d := range last {
		rows = append(rows, store.Decision{Page: d.Page, Field: d.Field, Source: d.Source, SourcePage: d.SourcePage,
			Who: who, Action: store.ActionWithdraw, Mode: d.Mode, Old: d.Value, Supersedes: []string{d.ID}})
	}
	s.know(who, before)
	if _, err := s.desk.Decide(ctx, rows); err != nil {
		return reply{}, err
	}
	r, err := s.news(ctx, who)
	if err != nil {
		return reply{}, err
	}
	if t := s.current().about(last[0]); t != nil {
		it := s.current().item(t)
		r.Item = &it
	}
	return r, nil
}

// last returns what a reviewer decided last and still stands: one decision, or what is left of a batch,
// which has one time.
func (v *view) last(who string) []store.Decision {
	var own []store.Decision
	for target, verdict := range v.heads {
		for _, h := range verdict.Heads {
			if h.Who == who && len(v.places[target]) > 0 {
				own = append(own, h)
			}
		}
	}
	if len(own) == 0 {
		return nil
	}
	slices.SortFunc(own, func(a, b store.Decision) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	first := len(own) - 1
	for own[first].Mode == store.ModeBatch && first > 0 && own[first-1].Mode == store.ModeBatch &&
		own[first].At.Equal(own[first-1].At) {
		first--
	}
	return own[first:]
}

// statusOf is the HTTP status of an error.
func statusOf(err error) int {
	var p problem
	if errors.As(err, &p) {
		return p.status
	}
	return http.StatusInternalServerError
}

// states are the open things, and what is known of them.
func (v *view) states() map[string]string {
	all := make(map[string]string, len(v.open))
	for _, t := range v.open {
		all[t.id] = t.state()
	}
	return all
}

// mostNews bounds the items of a reply: who was away for long asks for the queue.
const mostNews = 100

// since lists what opened, changed and closed after known.
func (v *view) since(known map[string]string) (changed []*thing, closed []string) {
	closed = []string{}
	now := v.states()
	for _, t := range v.open {
		if was, ok := known[t.id]; (!ok || was != now[t.id]) && len(changed) < mostNews {
			changed = append(changed, t)
		}
	}
	for id := range known {
		if _, ok := now[id]; !ok {
			closed = append(closed, id)
		}
	}
	slices.Sort(closed)
	return changed, closed
}
