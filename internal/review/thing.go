package review

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"scan/internal/ledger"
	"scan/internal/mark"
)

// The kinds of item.
const (
	kindPage     = "page"     // a page that is refused, foreign, unreadable or doubtful
	kindMissing  = "missing"  // pages of a booklet that are not there
	kindBooklet  = "booklet"  // pages that may not be one student's
	kindSticker  = "sticker"  // whose booklet it is
	kindBox      = "box"      // a choice box
	kindCredit   = "credit"   // a corrector's column
	kindScore    = "score"    // a handwritten number
	kindConflict = "conflict" // reviewers contradict each other
	kindSum      = "sum"      // a handwritten number that is not the sum of its credits
	kindSpot     = "spot"     // the reader was sure; is it right?
)

// workOrder is the order in which kinds are asked: first what brings more fields with it, alike
// things after each other, and what rests on others after them.
var workOrder = []string{kindPage, kindMissing, kindBooklet, kindSticker, kindBox, kindCredit, kindScore, kindConflict, kindSum, kindSpot}

// reasonDiffer is the reason of what reviewers contradict each other in; docs/formats.md has it.
const reasonDiffer = "reviewers-differ"

// statusesWaiting are the statuses of pages that a person must look at.
var statusesWaiting = []string{"foreign", "refused", "unreadable", "review"}

// thing is what can be decided: a field, a page or a booklet; one of the three pointers is set.
type thing struct {
	id     string
	kind   string
	of     string // what a conflict or a spot check is in truth, else kind
	target ledger.Target
	open   bool // it waits for a person

	reading *mark.Reading
	page    *mark.Page
	booklet *mark.Booklet

	seen *mark.Page // the page that shows it
	home *mark.Booklet
	at   int // place among its like in the batch
}

// thingID names a target the same in every run: a part of its SHA-256.
func thingID(t ledger.Target) string {
	sum := sha256.Sum256([]byte(t.Page + "\x00" + t.Field))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// source tells where the thing lies, for the ledger.
func (t *thing) source() (path string, page int) {
	switch {
	case t.reading != nil:
		return t.reading.Source, t.reading.SourcePage
	case t.page != nil:
		return t.page.Source, t.page.SourcePage
	case t.seen != nil:
		return t.seen.Source, t.seen.SourcePage
	}
	return "", 0
}

// applied are the ids of the decisions that stand about the thing, as the batch has them.
func (t *thing) applied() []string {
	switch {
	case t.reading != nil:
		return t.reading.Decisions
	case t.page != nil:
		return t.page.Decisions
	}
	return nil
}

// state is what a reviewer has to be told of if it changes.
func (t *thing) state() string {
	parts := []string{t.kind}
	switch {
	case t.reading != nil:
		parts = append(parts, t.reading.Value, t.reading.Reason)
		parts = append(parts, t.reading.Decisions...)
	case t.page != nil:
		parts = append(parts, t.page.Status, t.page.Reason, t.page.Booklet)
		parts = append(parts, t.page.Decisions...)
	case t.booklet != nil:
		parts = append(parts, pageList(t.booklet.Missing), t.booklet.Doubt)
	}
	return strings.Join(parts, "\x00")
}

// fieldThing tells what waits about a reading.
func fieldThing(r *mark.Reading) thing {
	t := thing{reading: r, open: r.Review, target: ledger.Target{Page: r.Image, Field: r.Field}}
	switch r.Kind {
	case mark.KindChoice:
		t.of = kindBox
	case mark.KindCredit:
		t.of = kindCredit
	case mark.KindScore:
		t.of = kindScore
	default:
		t.of = kindSticker
	}
	t.kind = t.of
	switch {
	case r.Reason == reasonDiffer:
		t.kind = kindConflict
	case r.Reason == mark.ReasonSum && r.Review:
		t.kind = kindSum
	}
	return t
}

func pageThing(p *mark.Page) thing {
	return thing{page: p, seen: p, kind: kindPage, of: kindPage, open: slices.Contains(statusesWaiting, p.Status),
		target: ledger.Target{Page: p.Image, Field: mark.FieldPage}}
}

// bookletThings are the two questions about a booklet as a whole.
func bookletThings(b *mark.Booklet) []thing {
	return []thing{
		{booklet: b, kind: kindMissing, of: kindMissing, open: len(b.Missing) > 0 && !b.Waived,
			target: ledger.Target{Page: b.Anchor, Field: mark.FieldMissing}},
		{booklet: b, kind: kindBooklet, of: kindBooklet, open: b.Doubt != "",
			target: ledger.Target{Page: b.Anchor, Field: mark.FieldBooklet}},
	}
}

// pageList writes page numbers as pages.csv does: "7-8 12".
func pageList(pages []int) string {
	var words []string
	for i := 0; i < len(pages); {
		j := i
		for j+1 < len(pages) && pages[j+1] == pages[j]+1 {
			j++
		}
		word := strconv.Itoa(pages[i])
		if j > i {
			word += "-" + strconv.Itoa(pages[j])
		}
		words = append(words, word)
		i = j + 1
	}
	return strings.Join(words, " ")
}
