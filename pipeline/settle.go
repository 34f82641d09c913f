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

	wider map[string]bool // see widerScores

	plain  *laid // without decisions
	last   *laid
	copies map[string]*exam.Exam // see examOf
}

// settle returns the batch with decisions applied; they are taken oldest first.
func (s *settler) settle(ctx context.Context, all []store.Decision) (*Outcome, error) {
	stand := ledger.Resolve(all)
	said := s.pageOrders(stand)
	l, err := s.lay(ctx, said.orders)
	if err != nil {
		return nil, err
	}
	l.rule(stand, said)
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
	out.Notes = append(out.Notes, s.unused(stand)...)
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
		spots := make([]spot, len(at))
		for k, i := range at {
			spots[k] = s.pages[i].spot()
		}
		for k, heads := range apportion(v.Heads, spots, false) {
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
func (s *settler) unused(stand map[ledger.Target]ledger.Verdict) (notes []Note) {
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
