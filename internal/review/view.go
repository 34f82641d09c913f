package review

import (
	"cmp"
	"slices"

	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// view is a batch as the queue shows it. It is never changed.
type view struct {
	*paper
	batch *mark.Batch
	all   []thing
	open  []*thing // what waits, in working order
	*names

	history  map[ledger.Target][]store.Decision
	made     map[string]store.Decision // by id
	heads    map[ledger.Target]ledger.Verdict
	booklets map[string]*mark.Booklet
	sheets   map[string]*mark.Sheet
	pages    map[place]*mark.Page
	covers   map[string]*mark.Page // the first page of each booklet
	spot     *sample
}

// place is where a page lies.
type place struct {
	source string
	page   int
}

// newView builds the view of a batch. before is the last one, nil at first; asked is the number of spot
// checks asked for.
func newView(p *paper, before *view, b *mark.Batch, made []store.Decision, asked int) *view {
	v := &view{paper: p, batch: b, heads: ledger.Resolve(made), history: map[ledger.Target][]store.Decision{},
		made: make(map[string]store.Decision, len(made)), booklets: map[string]*mark.Booklet{}, sheets: map[string]*mark.Sheet{},
		pages: map[place]*mark.Page{}, covers: map[string]*mark.Page{}}
	for _, d := range made {
		t := ledger.Target{Page: d.Page, Field: d.Field}
		v.history[t], v.made[d.ID] = append(v.history[t], d), d
	}
	v.collect()
	if before != nil && sameThings(before.all, v.all) {
		v.names = before.names
	} else {
		v.names = newNames(v.all)
	}
	for i := range v.all {
		v.all[i].id = v.ids[i]
	}
	v.spot = v.draw(asked)
	for i := range v.all {
		if v.all[i].open {
			v.open = append(v.open, &v.all[i])
		}
	}
	slices.SortStableFunc(v.open, byWork)
	return v
}

// collect lists everything that can be decided.
func (v *view) collect() {
	b := v.batch
	v.all = make([]thing, 0, len(b.Pages)+len(b.Readings)+2*len(b.Booklets))
	for i := range b.Booklets {
		v.booklets[b.Booklets[i].ID] = &b.Booklets[i]
	}
	for i := range b.Sheets {
		v.sheets[b.Sheets[i].Booklet] = &b.Sheets[i]
	}
	for i := range b.Pages {
		p := &b.Pages[i]
		v.pages[place{p.Source, p.SourcePage}] = p
		if first := v.covers[p.Booklet]; p.Page > 0 && p.Status == "ok" && (first == nil || p.Page < first.Page) {
			v.covers[p.Booklet] = p
		}
		v.add(pageThing(p), p.Booklet)
	}
	for i := range b.Booklets {
		for _, t := range bookletThings(&b.Booklets[i]) {
			t.seen = v.covers[b.Booklets[i].ID]
			v.add(t, b.Booklets[i].ID)
		}
	}
	for i := range b.Readings {
		r := &b.Readings[i]
		t := fieldThing(r)
		if t.seen = v.pages[place{r.Source, r.SourcePage}]; t.seen == nil {
			t.seen = v.covers[r.Booklet]
		}
		if t.target.Page == "" && v.booklets[r.Booklet] != nil {
			t.target.Page = v.booklets[r.Booklet].Anchor // it has no page: a lost cover's sticker
		}
		v.add(t, r.Booklet)
	}
}

func (v *view) add(t thing, booklet string) {
	t.at, t.home = len(v.all), v.booklets[booklet]
	v.all = append(v.all, t)
}

// byWork compares two things by working order.
func byWork(a, b *thing) int {
	return cmp.Or(slices.Index(workOrder, a.kind)-slices.Index(workOrder, b.kind), a.at-b.at)
}

// past returns what was ever decided about a thing, oldest first.
func (v *view) past(t *thing) []store.Decision { return v.with(t, v.only(t, v.history[t.target])) }

// standing returns the heads about a thing, oldest first.
func (v *view) standing(t *thing) []store.Decision {
	return v.with(t, v.only(t, v.heads[t.target].Heads))
}

// with adds what the batch applied to a thing though it was said of another page: the same image
// elsewhere, or a sticker before its cover was found.
func (v *view) with(t *thing, all []store.Decision) []store.Decision {
	all = slices.Clip(all)
	for _, id := range t.applied() {
		d, ok := v.made[id]
		known := slices.ContainsFunc(all, func(k store.Decision) bool { return k.ID == id })
		if ok && !known && d.Field == t.target.Field {
			all = append(all, d)
		}
	}
	return all
}

// only leaves out decisions about another page with the same image.
func (v *view) only(t *thing, all []store.Decision) []store.Decision {
	if len(v.places[t.target]) < 2 {
		return all
	}
	path, page := t.source()
	var own []store.Decision
	for _, d := range all {
		if d.Source == path && d.SourcePage == page {
			own = append(own, d)
		}
	}
	return own
}

// about returns the thing that a decision is about, nil if it is not in the batch.
func (v *view) about(d store.Decision) *thing {
	all := v.places[ledger.Target{Page: d.Page, Field: d.Field}]
	for _, i := range all {
		if path, page := v.all[i].source(); path == d.Source && page == d.SourcePage {
			return &v.all[i]
		}
	}
	if len(all) == 1 {
		return &v.all[all[0]]
	}
	return nil
}

// counts is how much is done.
type counts struct {
	Open    int            `json:"open"`
	Decided int            `json:"decided"`
	Total   int            `json:"total"`
	Kinds   map[string]int `json:"kinds"` // of those that are open
}

func (v *view) counts() counts {
	c := counts{Open: len(v.open), Kinds: map[string]int{}}
	for _, t := range v.open {
		c.Kinds[t.kind]++
	}
	for target := range v.heads {
		for _, i := range v.places[target] {
			if t := &v.all[i]; !t.open && len(v.standing(t)) > 0 {
				c.Decided++
			}
		}
	}
	c.Total = c.Open + c.Decided
	return c
}
