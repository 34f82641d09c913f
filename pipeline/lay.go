package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// laid is a batch put together: pages in booklets, and the rows of each.
type laid struct {
	orders   map[int]order
	pages    []Scanned // hinted
	assembly Assembly
	rows     []mark.Page
	books    []*bookRows
	holders  map[string][]int // the books that hold an image
	codes    []mark.Reading   // the stickers of all books, as they stand without decisions
}

// rowAt is a row of a booklet: laid.books[book].base[row].
type rowAt struct{ book, row int }

// lay puts the batch together, or returns what it did last where nothing was said of pages since.
func (s *settler) lay(ctx context.Context, orders map[int]order) (*laid, error) {
	for _, l := range []*laid{s.last, s.plain} {
		if l != nil && maps.Equal(l.orders, orders) {
			s.last = l
			return l, nil
		}
	}
	if s.plain == nil && len(orders) > 0 {
		if _, err := s.lay(ctx, nil); err != nil {
			return nil, err
		}
	}
	l := &laid{orders: orders, pages: s.pages}
	var plain *Assembly
	if s.plain != nil {
		plain = &s.plain.assembly
	}
	l.assembly = assemble(l.pages, s.exam, s.required, orders, plain)
	if err := s.hinted(ctx, l, plain); err != nil {
		return nil, err
	}
	l.build(s)
	if len(orders) == 0 {
		s.plain = l
	}
	s.last = l
	return l, nil
}

// hinted puts the results of pages that were read again as a copy's in the place of the first ones.
func (s *settler) hinted(ctx context.Context, l *laid, plain *Assembly) error {
	if s.hint == nil {
		return nil
	}
	for range copyPasses {
		copies := openCopies(l.pages, l.assembly, s.exam)
		if len(copies) == 0 {
			return nil
		}
		again, err := s.hint(ctx, l.pages, copies)
		if err != nil || len(again) == 0 {
			return err
		}
		l.pages = slices.Clone(l.pages)
		for i, r := range again {
			l.pages[i].PageResult = r
		}
		l.assembly = assemble(l.pages, s.exam, s.required, l.orders, plain)
	}
	return nil
}

// build makes the rows of a batch that was put together. Booklets that lie as they did before are
// taken over.
func (l *laid) build(s *settler) {
	l.rows = pageRows(l.pages, l.assembly.Placed, s.sizes)
	l.holders = map[string][]int{}
	was := map[string]*bookRows{}
	for _, old := range []*laid{s.plain, s.last} {
		if old != nil {
			for _, b := range old.books {
				was[b.key] = b
			}
		}
	}
	var codes []mark.Reading
	for k, bk := range l.assembly.Booklets {
		key := l.key(bk)
		b := was[key]
		if b == nil {
			b = newBookRows(bk, l, s)
			b.key = key
		}
		for _, image := range b.bk.Images {
			if at := l.holders[image]; len(at) == 0 || at[len(at)-1] != k {
				l.holders[image] = append(at, k)
			}
		}
		l.books = append(l.books, b)
		if r := stickerRow(b.base); r != nil {
			codes = append(codes, *r)
		}
	}
	l.codes = mark.CheckStickers(codes, s.roster)
}

// key names everything about a booklet that its rows are made of.
func (l *laid) key(bk *Booklet) string {
	var key strings.Builder
	fmt.Fprint(&key, bk.ID, " ", bk.Anchor, " ", bk.Copy, " ", bk.Missing, " ", bk.Reason, " ", bk.Doubt, bk.Images)
	for _, n := range slices.Sorted(maps.Keys(bk.Pages)) {
		i := bk.Pages[n]
		p := &l.assembly.Placed[i]
		fmt.Fprint(&key, " ", n, "=", i, p.Blind, p.Doubt, l.pages[i].Copy)
		if len(p.Differ) > 0 {
			fmt.Fprint(&key, slices.Sorted(maps.Keys(p.Differ)))
		}
	}
	return key.String()
}

// find returns the rows of a target.
func (l *laid) find(t ledger.Target) (rows []rowAt) {
	for _, k := range l.holders[t.Page] {
		for i := range l.books[k].base {
			if r := &l.books[k].base[i]; r.Image == t.Page && r.Field == t.Field {
				rows = append(rows, rowAt{k, i})
			}
		}
	}
	return rows
}

func (l *laid) bookOf(id string) int {
	return slices.IndexFunc(l.books, func(b *bookRows) bool { return b.bk.ID == id })
}

// rule hands every decision to the booklet it is about.
func (l *laid) rule(stand map[ledger.Target]ledger.Verdict, said pagesSaid) {
	codes := l.codes
	for _, b := range l.books {
		if stickerRow(b.base) != nil {
			b.setReadCode(codes[0])
			codes = codes[1:]
		}
		b.said = bookSaid{stand: stand, fields: map[int][]store.Decision{}}
	}
	for t, v := range stand {
		switch t.Field {
		case mark.FieldPage:
		case mark.FieldMissing, mark.FieldBooklet:
			if b := l.holder(t.Page); b != nil {
				b.said.ofBook(t.Field, v.Heads)
			}
		default:
			l.ruleField(l.find(t), v.Heads)
		}
	}
	for i := range l.pages {
		p := l.assembly.Placed[i]
		if (said.differ[i] || said.stale[i] || p.Reason == reasonOutdated) && p.Booklet != "" {
			if k := l.bookOf(p.Booklet); k >= 0 {
				l.books[k].said.waits = true
			}
		}
	}
}

func (l *laid) ruleField(rows []rowAt, heads []store.Decision) {
	if len(rows) == 0 {
		return
	}
	spots := make([]spot, len(rows))
	for k, at := range rows {
		r := &l.books[at.book].base[at.row]
		spots[k] = spot{r.Source, r.SourcePage, l.books[at.book].files[r.Page]}
	}
	for k, mine := range apportion(heads, spots, true) {
		if len(mine) > 0 {
			l.books[rows[k].book].said.fields[rows[k].row] = mine
		}
	}
}

// holder returns the booklet of an anchor, nil if there is none.
func (l *laid) holder(anchor string) *bookRows {
	if name, ok := strings.CutPrefix(anchor, anchorCopy); ok {
		for _, b := range l.books {
			if b.bk.Copy == name {
				return b
			}
		}
		return nil
	}
	image, nth := splitAnchor(anchor)
	at := l.holders[image]
	if len(at) == 0 {
		return nil
	}
	return l.books[at[min(nth, len(at))-1]]
}

// decide grades every booklet, its decisions applied. Stickers are looked at together: no two booklets
// may have the same.
func (l *laid) decide(s *settler) {
	var codes []mark.Reading
	var of []*bookRows
	for _, b := range l.books {
		b.apply(s)
		if r := stickerRow(b.mine); r != nil {
			codes, of = append(codes, *r), append(of, b)
		}
	}
	bearers := map[string]int{}
	for i, r := range mark.CheckStickers(codes, s.roster) {
		of[i].code = r
		bearers[r.Value]++
	}
	for _, b := range of {
		b.shared = b.code.Value != "" && bearers[b.code.Value] > 1
	}
	for _, b := range l.books {
		b.grade(s)
	}
}
