package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

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

// named returns the booklet of an anchor, making the one that is asked for as new or as a copy's;
// nil if no booklet holds the page that the anchor is.
func (a *assembler) named(anchor string) *Booklet {
	if anchor == anchorNew {
		return a.newBooklet(a.freeName(), "")
	}
	if name, ok := strings.CutPrefix(anchor, anchorCopy); ok {
		if b := a.copyBooklet(name); b != nil {
			return b
		}
		return a.newBooklet(name, name)
	}
	return a.holder(anchor)
}

func (a *assembler) copyBooklet(name string) *Booklet {
	for _, b := range a.booklets {
		if b.Copy == name {
			return b
		}
	}
	return nil
}

// holder returns the booklet that holds the page of an anchor. Where several do, which is so with
// pages that are equal to the last bit, the anchor counts them: "hash#2".
func (a *assembler) holder(anchor string) *Booklet {
	image, nth := splitAnchor(anchor)
	var holders []*Booklet
	images := a.lieIn()
	for _, b := range a.booklets {
		if slices.Contains(images[b.ID], image) {
			holders = append(holders, b)
		}
	}
	if len(holders) == 0 {
		return nil
	}
	return holders[min(nth, len(holders))-1]
}

// lieIn lists the images of the pages that lie in each booklet, by its name, those that count first.
func (a *assembler) lieIn() map[string][]string {
	images := map[string][]string{}
	for _, b := range a.booklets {
		for _, n := range slices.Sorted(maps.Keys(b.Pages)) {
			images[b.ID] = append(images[b.ID], a.pages[b.Pages[n]].Image)
		}
	}
	for i, p := range a.placed {
		if p.Booklet != "" && !p.Counts && (p.Status == StatusDuplicate || p.Status == StatusReview) {
			images[p.Booklet] = append(images[p.Booklet], a.pages[i].Image)
		}
	}
	return images
}

func splitAnchor(anchor string) (image string, nth int) {
	image, count, _ := strings.Cut(anchor, "#")
	nth, err := strconv.Atoi(count)
	if err != nil || nth < 1 {
		nth = 1
	}
	return image, nth
}

// freeName is the name of one more booklet.
func (a *assembler) freeName() string {
	for n := len(a.booklets) + 1; ; n++ {
		name := fmt.Sprintf("B%03d", n)
		if !slices.ContainsFunc(a.booklets, func(b *Booklet) bool { return b.ID == name }) {
			return name
		}
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

// keepNames gives booklets the names they have without anybody's word: what a person says of one
// booklet must not change the number of another.
func (a *assembler) keepNames(plain Assembly) {
	was := map[int]string{} // by page that counts
	for _, b := range plain.Booklets {
		for _, i := range b.Pages {
			was[i] = b.ID
		}
	}
	names, used := make([]string, len(a.booklets)), map[string]bool{}
	for k, b := range a.booklets {
		if b.Copy != "" {
			names[k] = b.ID
		} else if name := was[a.firstOwn(b)]; name != "" && !used[name] {
			names[k] = name
		}
		used[names[k]] = true
	}
	next := len(plain.Booklets)
	for k := range names {
		for names[k] == "" {
			next++
			if name := fmt.Sprintf("B%03d", next); !used[name] {
				names[k], used[name] = name, true
			}
		}
	}
	renamed := map[string]string{}
	for k, b := range a.booklets {
		renamed[b.ID] = names[k]
		b.ID = names[k]
	}
	for i, p := range a.placed {
		a.placed[i].Booklet = cmp.Or(renamed[p.Booklet], p.Booklet)
	}
	slices.SortStableFunc(a.booklets, func(x, y *Booklet) int { return naturalCompare(x.ID, y.ID) })
}

// firstOwn is the index of the lowest form page that came into a booklet by itself, or else of the
// lowest one; -1 without pages.
func (a *assembler) firstOwn(b *Booklet) int {
	first := -1
	for _, n := range slices.Sorted(maps.Keys(b.Pages)) {
		i := b.Pages[n]
		if !a.placed[i].ByHand {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

// anchors names every booklet for decisions about it.
func (a *assembler) anchors() {
	seen := map[string]int{}
	images := a.lieIn()
	for _, b := range a.booklets {
		b.Images = images[b.ID]
		i := a.firstOwn(b)
		switch {
		case b.Copy != "":
			b.Anchor = anchorCopy + b.Copy
		case i >= 0:
			b.Anchor = a.pages[i].Image
			if seen[b.Anchor]++; seen[b.Anchor] > 1 {
				b.Anchor = fmt.Sprintf("%s#%d", b.Anchor, seen[a.pages[i].Image])
			}
		}
	}
}
