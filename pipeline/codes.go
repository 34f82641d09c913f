package pipeline

import (
	"cmp"
	"maps"
	"slices"

	"scan/ocr"
)

// pageCode is what the codes of a page say together.
type pageCode struct {
	exam, copy string
	page       int  // as counted by the code
	disagree   bool // the codes of the page say different things; this is the most frequent one
}

// agreeOn returns what most of a page's codes say; false if there are none.
func agreeOn(codes []ocr.PageCode) (pageCode, bool) {
	count := map[pageCode]int{}
	for _, c := range codes {
		count[pageCode{exam: c.Exam, copy: c.Copy, page: c.Page}]++
	}
	if len(count) == 0 {
		return pageCode{}, false
	}
	best := mostFrequent(count, func(a, b pageCode) int {
		return cmp.Or(cmp.Compare(a.exam, b.exam), cmp.Compare(a.copy, b.copy), cmp.Compare(a.page, b.page))
	})
	best.disagree = len(count) > 1
	return best, true
}

// mostFrequent returns the key counted most often; of equals the least.
func mostFrequent[K comparable](count map[K]int, order func(a, b K) int) (best K) {
	keys := slices.SortedFunc(maps.Keys(count), order)
	for i, k := range keys {
		if i == 0 || count[k] > count[best] {
			best = k
		}
	}
	return best
}

// batchCodes is what the codes of the whole batch have in common.
type batchCodes struct {
	of     map[int]pageCode // by index of the scanned page
	exam   string
	offset int // page in a code minus form page
}

// coded tells whether the batch has page codes.
func (a *assembler) coded(own []int) bool {
	return slices.ContainsFunc(own, func(i int) bool { return len(a.pages[i].Codes) > 0 })
}

// gatherCodes collects the codes. Which exam they belong to and how many pages they
// count before the form begins (an envelope) is taken from exam.yaml, or else is what
// most pages say.
func (a *assembler) gatherCodes() batchCodes {
	b := batchCodes{of: map[int]pageCode{}}
	exams, offsets := map[string]int{}, map[int]int{}
	for i, p := range a.pages {
		c, ok := agreeOn(p.Codes)
		if !ok || a.placed[i].Status == StatusDuplicate {
			continue
		}
		b.of[i] = c
		exams[c.exam]++
		if p.Status == StatusOK && !c.disagree {
			offsets[c.page-p.FormPage]++
		}
	}
	b.exam, b.offset = mostFrequent(exams, cmp.Compare[string]), mostFrequent(offsets, cmp.Compare[int])
	if c := a.exam.Codes; c != nil {
		b.exam, b.offset = cmp.Or(c.Exam, b.exam), c.PageOffset
	}
	return b
}

// byCodes puts pages together to booklets by the copy in their codes. Sound pages
// come first, so that a doubtful one never takes their place.
func (a *assembler) byCodes(own []int) {
	codes := a.gatherCodes()
	var doubtful, without []int
	byCopy := map[string]*Booklet{}
	booklet := func(copyID string) *Booklet {
		if byCopy[copyID] == nil {
			byCopy[copyID] = a.newBooklet(copyID, copyID)
		}
		return byCopy[copyID]
	}
	for _, i := range own {
		c, ok := codes.of[i]
		switch {
		case !ok:
			without = append(without, i)
		case c.exam != codes.exam:
			a.placed[i] = Placed{Status: StatusForeign, Reason: reasonOtherExam}
		case c.disagree || c.page-codes.offset != a.pages[i].FormPage:
			doubtful = append(doubtful, i)
		default:
			a.join(booklet(c.copy), i, "")
		}
	}
	for _, i := range doubtful {
		c := codes.of[i]
		a.joinDoubtful(booklet(c.copy), i, c)
	}
	a.placeUncoded(without)
	a.nameUnregistered(codes)
	a.adoptBetween()
	slices.SortStableFunc(a.booklets, func(x, y *Booklet) int { return naturalCompare(x.ID, y.ID) })
}

// joinDoubtful puts a page where its codes say, for a person to confirm.
func (a *assembler) joinDoubtful(b *Booklet, i int, c pageCode) {
	reason := reasonCodeContent
	if c.disagree {
		reason = reasonDisagree
	}
	a.join(b, i, "")
	a.review(i, reason)
	a.placed[i].Doubt = reason
}

// placeUncoded gives a page whose code could not be read to the booklet beside it, if
// only one of the two neighbours lacks exactly this page. Pages between them must be
// that booklet's too: where a whole booklet has no codes, none of it is a neighbour's.
func (a *assembler) placeUncoded(without []int) {
	home := make(map[int]*Booklet, len(without))
	for _, i := range without {
		n := a.pages[i].FormPage
		before, behind := a.neighbour(i, -1), a.neighbour(i, +1)
		home[i] = lacking(n, before, behind)
		if b := home[i]; b != nil && a.pages[i].refutes(b.Copy) {
			home[i] = nil
		}
	}
	for _, i := range without {
		if b := home[i]; b != nil && (a.reaches(i, -1, b, home) || a.reaches(i, +1, b, home)) {
			a.join(b, i, reasonCodeUnread)
		} else {
			a.review(i, reasonNoCode)
		}
	}
}

// reaches reports whether the pages from i on in a direction are b's, or will be, up to
// one that is by its code. Pages that are nothing by themselves do not count.
func (a *assembler) reaches(i, step int, b *Booklet, home map[int]*Booklet) bool {
	for j := i + step; j >= 0 && j < len(a.placed); j += step {
		if h, uncoded := home[j]; uncoded {
			if h != b {
				return false
			}
		} else if id := a.placed[j].Booklet; id != "" {
			return id == b.ID
		}
	}
	return false
}

// neighbour returns the booklet of the nearest page in a direction that has one.
func (a *assembler) neighbour(i, step int) *Booklet {
	for j := i + step; j >= 0 && j < len(a.placed); j += step {
		if id := a.placed[j].Booklet; id != "" {
			k := slices.IndexFunc(a.booklets, func(b *Booklet) bool { return b.ID == id })
			return a.booklets[k]
		}
	}
	return nil
}

// lacking returns the only one of two booklets without form page n; nil if both or
// none lack it.
func lacking(n int, x, y *Booklet) (one *Booklet) {
	for _, b := range []*Booklet{x, y} {
		if b == nil || b == one {
			continue
		}
		if _, has := b.Pages[n]; has {
			continue
		}
		if one != nil {
			return nil
		}
		one = b
	}
	return one
}

// nameUnregistered says of pages that could not be registered which booklet and page
// they are by their code. They stay refused. A code beyond the form is an envelope.
func (a *assembler) nameUnregistered(codes batchCodes) {
	for i, c := range codes.of {
		p := &a.placed[i]
		if p.Status != StatusRefused && p.Status != StatusForeign || p.Reason == reasonOtherExam {
			continue
		}
		n := c.page - codes.offset
		switch {
		case c.exam != codes.exam:
			p.Status, p.Reason = StatusForeign, reasonOtherExam
		case n < 1 || n > a.exam.Pages:
			p.Status, p.Reason, p.Booklet = StatusForeign, reasonEnvelope, c.copy
		default:
			p.Status, p.Booklet, p.Page = StatusRefused, c.copy, n
		}
	}
}
