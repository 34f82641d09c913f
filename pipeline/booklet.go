package pipeline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/raster"
)

// The statuses of a page; docs/formats.md explains them with their reasons.
const (
	StatusOK         = "ok"
	StatusBlank      = "blank"      // nothing but paper
	StatusForeign    = "foreign"    // does not belong to this exam
	StatusRefused    = "refused"    // registration could not be verified
	StatusDuplicate  = "duplicate"  // already there; the first one counts
	StatusUnreadable = "unreadable" // could not be decoded
	StatusReview     = "review"     // a person must say where or what it is
)

// Scanned is a page of the batch in scan order: where it lies and what was read.
type Scanned struct {
	raster.Ref
	// SameFile is the path of an earlier source with the same bytes, or "".
	SameFile string
	// Alone tells that the source holds this page only.
	Alone bool
	// Image is the hash of the page's image, or of the file where it could not be opened; File that
	// of the file. Decisions about the page are kept under them.
	Image, File string
	PageResult
}

// Placed is what became of a scanned page.
type Placed struct {
	Booklet string // "" if it belongs to none
	Page    int    // form page, 0 if none
	Status  string
	Reason  string
	Counts  bool // its readings are its booklet's
	Doubt   string
	// Differ names the fields that another scan of the same page reads otherwise.
	Differ map[string]bool
	// ByHand tells that a person put it there, Turn with which clockwise turn in degrees; Blind that
	// nothing read from it holds there.
	ByHand, Blind bool
	Turn          int
}

// Booklet is one student's pages.
type Booklet struct {
	ID      string      // the copy where codes say it, else "B001", "B002", ... in scan order
	Anchor  string      // what decisions about it are kept under, see mark.Booklet
	Images  []string    // of all pages that lie in it, second scans too
	Copy    string      // what the page codes call it, or ""
	Pages   map[int]int // form page -> index of the scanned page that counts
	Missing []int       // form pages that are not there
	Reason  string      // how it was put together, if not in the plain way
	Doubt   string      // why its pages may not be one student's, or ""
}

// Assembly is the batch put together. Placed runs parallel to the scanned pages.
type Assembly struct {
	Booklets []*Booklet
	Placed   []Placed
}

// assemble puts pages together to booklets: where people said (orders, by index), else by their codes if the
// batch has any, else by the order of the scan. required are the form pages a whole booklet has. Booklets keep
// the names they have in plain, the assembly without anybody's word; nil makes that one.
func assemble(pages []Scanned, e *exam.Exam, required []int, orders map[int]order, plain *Assembly) Assembly {
	a := &assembler{exam: e, pages: pages, required: required, orders: orders, placed: make([]Placed, len(pages))}
	own := a.sift()
	if a.coded(own) {
		a.byCodes(own)
	} else {
		a.byOrder(own)
	}
	if len(orders) > 0 {
		a.byHand()
		a.booklets = slices.DeleteFunc(a.booklets, func(b *Booklet) bool { return len(b.Pages) == 0 })
		if plain != nil {
			a.keepNames(*plain)
		}
	}
	a.anchors()
	a.findMissing()
	return Assembly{a.booklets, a.placed}
}

type assembler struct {
	exam     *exam.Exam
	pages    []Scanned
	required []int
	orders   map[int]order // what people said, by index
	placed   []Placed
	booklets []*Booklet
}

// sift gives every page the status it has by itself and returns the indices of those
// that can become part of a booklet.
func (a *assembler) sift() (own []int) {
	again := a.filesAgain()
	for i, p := range a.pages {
		a.placed[i] = Placed{Page: p.FormPage, Status: p.Status, Reason: p.Reason}
		switch {
		case again[i] && p.Status != StatusBlank:
			a.placed[i].Status, a.placed[i].Reason = StatusDuplicate, reasonSameFile
			if p.Status != StatusOK {
				a.placed[i].Page = 0 // nobody needs to look at it twice
			}
		case p.Status != StatusOK:
			a.placed[i].Page = 0
		case a.taken(i):
		default:
			own = append(own, i)
		}
	}
	return own
}

// filesAgain tells which pages lie in a copy of an earlier file. Single empty pages of two
// students can be equal to the last bit; pages that name their owner or carry marks cannot,
// and what lies beside such a copy as it did beside the original is copied too.
func (a *assembler) filesAgain() []bool {
	at := map[string]int{} // where each file begins
	for i, p := range a.pages {
		if _, known := at[p.Path]; !known {
			at[p.Path] = i
		}
	}
	again := make([]bool, len(a.pages))
	beside := func(i, j int) bool {
		return j >= 0 && j < len(again) && again[j] && at[a.pages[i].SameFile]-i == at[a.pages[j].SameFile]-j
	}
	for i, p := range a.pages {
		again[i] = p.SameFile != "" && (!a.mayBeAnother(p) || beside(i, i-1))
	}
	for i := len(a.pages) - 1; i >= 0; i-- {
		again[i] = again[i] || a.pages[i].SameFile != "" && beside(i, i+1)
	}
	return again
}

// mayBeAnother tells whether a page whose file equals an earlier one says nothing that
// could not be another student's.
func (a *assembler) mayBeAnother(p Scanned) bool {
	if !p.Alone || len(p.Codes) > 0 || p.Sticker != nil && p.Sticker.Value != "" {
		return false
	}
	for _, v := range p.values(a.exam) {
		if v.says {
			return false
		}
	}
	return true
}

// join makes page i part of booklet b. A form page seen before is a second scan of
// it: the first counts, and where the two differ a person looks.
func (a *assembler) join(b *Booklet, i int, reason string) {
	p := &a.placed[i]
	p.Booklet, p.Reason = b.ID, reason
	first, twice := b.Pages[p.Page]
	if !twice {
		b.Pages[p.Page] = i
		p.Counts = true
		return
	}
	differ, _ := a.pages[first].differs(a.pages[i].PageResult, a.exam)
	// What was not read contradicts nothing, nor does it agree.
	if len(differ) == 0 && !a.pages[first].copyOpen() && !a.pages[i].copyOpen() {
		p.Status, p.Reason = StatusDuplicate, reasonTwice
		return
	}
	p.Status, p.Reason = StatusReview, reasonDuplicates
	if a.placed[first].Differ == nil {
		a.placed[first].Differ = map[string]bool{}
	}
	for _, field := range differ {
		a.placed[first].Differ[field] = true
	}
}

// review keeps page i and sends it to a person.
func (a *assembler) review(i int, reason string) {
	a.placed[i].Status, a.placed[i].Reason = StatusReview, reason
}

func (a *assembler) newBooklet(id, copyID string) *Booklet {
	b := &Booklet{ID: id, Copy: copyID, Pages: map[int]int{}}
	a.booklets = append(a.booklets, b)
	return b
}

// findMissing lists what each booklet lacks and says so on its first page.
func (a *assembler) findMissing() {
	for _, b := range a.booklets {
		for _, n := range a.required {
			if _, ok := b.Pages[n]; !ok {
				b.Missing = append(b.Missing, n)
			}
		}
		if len(b.Missing) == 0 || len(b.Pages) == 0 {
			continue
		}
		first := len(a.pages)
		for _, i := range b.Pages {
			first = min(first, i)
		}
		if p := &a.placed[first]; p.Status == StatusOK {
			p.Reason = reasonMisses + ":" + pageRanges(b.Missing)
		}
	}
}

// pageRanges writes ascending page numbers as "3 7-9".
func pageRanges(pages []int) string {
	var parts []string
	for i := 0; i < len(pages); {
		j := i
		for j+1 < len(pages) && pages[j+1] == pages[j]+1 {
			j++
		}
		if j == i {
			parts = append(parts, strconv.Itoa(pages[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", pages[i], pages[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, " ")
}

// RequiredPages returns the form pages that a whole booklet has: all that carry a
// field, and all others that are not blank in the form (a blank one cannot be
// recognised, so it cannot be missed).
func RequiredPages(e *exam.Exam, blankInForm []int) (pages []int) {
	fields := fieldPages(e)
	for n := 1; n <= e.Pages; n++ {
		if fields[n] || !slices.Contains(blankInForm, n) {
			pages = append(pages, n)
		}
	}
	return pages
}

func fieldPages(e *exam.Exam) map[int]bool {
	m := map[int]bool{}
	if e.Sticker != nil {
		m[e.Sticker.Page] = true
	}
	for _, s := range e.Scores {
		m[s.Page] = true
	}
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			m[q.Page] = true
		}
	}
	return m
}
