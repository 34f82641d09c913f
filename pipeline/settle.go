package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"scan/internal/exam"
	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// Settling
//
// What was read and what was decided, together, are the batch as it stands. Nothing here knows an
// image. The work is done in two layers, so that one decision costs milliseconds in a batch of
// thousands of pages: how pages lie together changes only with what is said of pages; then each booklet
// is graded again only if something was said of it.

// settler makes the batch out of page results and decisions. It is not for concurrent use.
type settler struct {
	exam     *exam.Exam
	roster   *exam.Roster
	policy   mark.Policy
	required []int // form pages of a whole booklet
	sizes    pageSizes
	pages    []Scanned // as read without hints, in scan order
	// hint returns the results of pages that were read again as a copy's, by index; nil where all
	// copies are printed alike.
	hint func(ctx context.Context, pages []Scanned, copies map[int]string) (map[int]PageResult, error)

	plain  *laid // without decisions
	last   *laid
	copies map[string]*exam.Exam // see examOf
}

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

// settle returns the batch with decisions applied; they are taken oldest first.
func (s *settler) settle(ctx context.Context, all []store.Decision) (*Outcome, error) {
	stand := ledger.Resolve(all)
	said := s.pageOrders(stand)
	l, err := s.lay(ctx, said.orders)
	if err != nil {
		return nil, err
	}
	l.rule(s, stand, said)
	out := &Outcome{Exam: s.exam}
	out.Pages = l.pageRows(said)
	l.decide(s)
	n := 0
	for _, b := range l.books {
		n += len(b.rows)
	}
	out.Readings = make([]mark.Reading, 0, n)
	for _, b := range l.books {
		out.Readings = append(out.Readings, b.rows...)
		out.Sheets = append(out.Sheets, b.sheet)
		out.Booklets = append(out.Booklets, b.booklet())
		out.Notes = append(out.Notes, b.notes()...)
	}
	out.Notes = append(out.Notes, s.unused(l, stand)...)
	out.Summary = summarize(out)
	out.Summary.Decisions = standing(stand)
	return out, nil
}

// standing counts the decisions that nothing replaced.
func standing(stand map[ledger.Target]ledger.Verdict) (n int) {
	for _, v := range stand {
		n += len(v.Heads)
	}
	return n
}

// pagesSaid is what was said of pages, by index.
type pagesSaid struct {
	orders map[int]order
	ids    map[int][]string
	differ map[int]bool // reviewers contradict each other
	stale  map[int]bool // what was said means nothing any more
}

// pageOrders finds the pages that people said something of.
func (s *settler) pageOrders(stand map[ledger.Target]ledger.Verdict) pagesSaid {
	said := pagesSaid{map[int]order{}, map[int][]string{}, map[int]bool{}, map[int]bool{}}
	var images map[string][]int
	for t, v := range stand {
		if t.Field != mark.FieldPage {
			continue
		}
		if images == nil {
			images = s.byImage()
		}
		at := images[t.Page]
		if len(at) == 0 {
			continue
		}
		lays := make([]lay, len(at))
		for k, i := range at {
			lays[k] = s.pages[i].lay()
		}
		for k, heads := range apportion(v.Heads, lays, false) {
			if len(heads) > 0 {
				said.add(at[k], heads, s.exam.Pages)
			}
		}
	}
	return said
}

func (p pagesSaid) add(i int, heads []store.Decision, formPages int) {
	p.ids[i] = ids(heads)
	if _, agree := (ledger.Verdict{Heads: heads}).Value(); !agree {
		p.differ[i] = true
		return
	}
	o, err := parseOrder(heads[0].Value, formPages)
	if err != nil {
		p.stale[i] = true
		return
	}
	p.orders[i] = o
}

// byImage lists the pages of every image, copies of whole files not among them.
func (s *settler) byImage() map[string][]int {
	copied := (&assembler{exam: s.exam, pages: s.pages}).filesAgain()
	m := map[string][]int{}
	for i := range s.pages {
		if !copied[i] {
			m[s.pages[i].Image] = append(m[s.pages[i].Image], i)
		}
	}
	return m
}

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
func (l *laid) rule(s *settler, stand map[ledger.Target]ledger.Verdict, said pagesSaid) {
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
	lays := make([]lay, len(rows))
	for k, at := range rows {
		r := &l.books[at.book].base[at.row]
		lays[k] = lay{r.Source, r.SourcePage, l.books[at.book].files[r.Page]}
	}
	for k, mine := range apportion(heads, lays, true) {
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
	for i, r := range mark.CheckStickers(codes, s.roster) {
		of[i].code = r
	}
	for _, b := range l.books {
		b.grade(s)
	}
}

// pageRows lists every page of the batch with what was said of it.
func (l *laid) pageRows(said pagesSaid) []mark.Page {
	rows := slices.Clone(l.rows)
	for i, ids := range said.ids {
		rows[i].Decisions = ids
		switch {
		case said.differ[i]:
			rows[i].Status, rows[i].Reason = StatusReview, reasonDiffer
		case said.stale[i] && !needsPerson(rows[i].Status):
			rows[i].Status, rows[i].Reason = StatusReview, reasonOutdated
		}
	}
	return rows
}

// unused notes the decisions whose field or page is gone. They come back with it.
func (s *settler) unused(l *laid, stand map[ledger.Target]ledger.Verdict) (notes []Note) {
	var images map[string]bool
	gone := map[string][]string{}
	for t, v := range stand {
		if images == nil {
			images = map[string]bool{}
			for i := range s.pages {
				images[s.pages[i].Image] = true
			}
		}
		image, _ := splitAnchor(t.Page)
		_, _, has := s.exam.Place(t.Field)
		has = has || strings.HasPrefix(t.Field, "@")
		if has && (images[image] || strings.HasPrefix(t.Page, anchorCopy)) {
			continue
		}
		about := v.Heads[0].Source
		gone[about] = append(gone[about], t.Field)
	}
	for _, about := range slices.SortedFunc(maps.Keys(gone), naturalCompare) {
		slices.Sort(gone[about])
		notes = append(notes, Note{Word: reasonUnused, About: about,
			Text: fmt.Sprintf("%d (%s)", len(gone[about]), strings.Join(gone[about][:min(3, len(gone[about]))], ", "))})
	}
	return notes
}
