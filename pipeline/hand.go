package pipeline

import (
	"maps"
	"slices"

	"scan/internal/exam"
	"scan/internal/mark"
)

// Pages placed by hand
//
// What people said of pages comes before the batch puts itself together: a page that is assigned or
// left out is not looked at by byCodes and byOrder. It is then put where the person said. Nobody's word
// makes another page vanish: one that has to leave its place for an assigned page waits for a person.

// StatusDropped is the status of a page that a person left out; the reason is one of mark.DropWords.
const StatusDropped = "dropped"

// taken reports whether a page is kept from putting itself into a booklet.
func (a *assembler) taken(i int) bool {
	verb := a.orders[i].verb
	return verb == mark.PageAssign || verb == mark.PageDrop
}

// byHand does what people said of pages, in scan order: drop, assign, then what rests on places.
func (a *assembler) byHand() {
	indices := slices.Sorted(maps.Keys(a.orders))
	for _, i := range indices {
		if o := a.orders[i]; o.verb == mark.PageDrop {
			a.placed[i] = Placed{Booklet: a.placed[i].Booklet, Status: StatusDropped, Reason: o.word}
		}
	}
	a.assignAll(indices)
	for _, i := range indices {
		switch a.orders[i].verb {
		case mark.PageUse:
			a.use(i)
		case mark.PageKeep:
			a.keep(i)
		}
	}
}

// assignAll puts pages where people said. A booklet may be named by a page that is itself assigned:
// then that one goes first. What names no booklet of this batch is asked about again.
func (a *assembler) assignAll(indices []int) {
	var open []int
	for _, i := range indices {
		if a.orders[i].verb == mark.PageAssign {
			open = append(open, i)
		}
	}
	for {
		rest := open[:0:0]
		for _, i := range open {
			if b := a.named(a.orders[i].anchor); b != nil {
				a.put(b, i)
			} else {
				rest = append(rest, i)
			}
		}
		if len(rest) == len(open) {
			break
		}
		open = rest
	}
	for _, i := range open {
		a.placed[i] = Placed{Status: StatusReview, Reason: reasonOutdated}
	}
}

// put places page i where its order says. Of two pages assigned to one place the first counts.
func (a *assembler) put(b *Booklet, i int) {
	o := a.orders[i]
	a.placed[i] = Placed{Booklet: b.ID, Page: o.page, Status: StatusOK, Reason: reasonByHand, Counts: true,
		ByHand: true, Turn: o.turn, Blind: !a.pages[i].readAs(o.page, b.Copy, a.exam)}
	j, occupied := b.Pages[o.page]
	switch {
	case !occupied:
		b.Pages[o.page] = i
	case a.placed[j].ByHand:
		a.placed[i].Counts = false
		a.second(i, j)
	default:
		b.Pages[o.page] = i
		a.placed[j].Counts, a.placed[j].Doubt, a.placed[j].Differ = false, "", nil
		a.second(j, i)
	}
}

// second says of page i that page j counts in its place: it agrees, or a person has to look.
func (a *assembler) second(i, j int) {
	p := &a.placed[i]
	p.Status, p.Reason = StatusReview, reasonDuplicates
	if a.placed[i].Blind || a.placed[j].Blind || a.pages[i].copyOpen() || a.pages[j].copyOpen() {
		return
	}
	if differ, _ := a.pages[j].differs(a.pages[i].PageResult, a.exam); len(differ) == 0 {
		p.Status, p.Reason = StatusDuplicate, reasonTwice
	}
}

// use lets a second scan count; the one that did becomes the second.
func (a *assembler) use(i int) {
	p := &a.placed[i]
	b := a.bookletNamed(p.Booklet)
	if b == nil || p.Counts || p.Page == 0 {
		return
	}
	j, occupied := b.Pages[p.Page]
	if !occupied {
		return
	}
	if a.orders[j].verb == mark.PageUse { // both are to count
		p.Status, p.Reason = StatusReview, reasonDuplicates
		return
	}
	b.Pages[p.Page] = i
	a.placed[j].Counts, a.placed[j].Differ, a.placed[j].Doubt = false, nil, ""
	a.placed[j].Status, a.placed[j].Reason = StatusDuplicate, reasonTwice
	p.Counts, p.Doubt, p.Status, p.Reason = true, "", StatusOK, reasonByHand
}

func (a *assembler) bookletNamed(id string) *Booklet {
	for _, b := range a.booklets {
		if b.ID == id {
			return b
		}
	}
	return nil
}

// keep takes the doubt from a page that is where it belongs. A second scan stays one.
func (a *assembler) keep(i int) {
	p := &a.placed[i]
	if p.Status != StatusReview || p.Booklet == "" {
		return
	}
	p.Doubt = ""
	if p.Counts {
		p.Status, p.Reason = StatusOK, reasonByHand
		return
	}
	p.Status, p.Reason = StatusDuplicate, reasonTwice
}

// readAs reports whether what was read from a page is what stands on this form page of a copy.
func (r PageResult) readAs(page int, copyID string, e *exam.Exam) bool {
	return r.Status == StatusOK && r.FormPage == page && (!e.HasCopies() || r.Copy == "" || r.Copy == copyID)
}
