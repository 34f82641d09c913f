package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"scan/internal/mark"
)

// kinds of reading in the order of the page.
var kinds = []string{mark.KindChoice, mark.KindCredit, mark.KindScore, mark.KindSticker}

// bands are the lower bounds of the confidence histogram. They narrow towards 1, where nearly
// all readings lie and where each step is ten times fewer errors.
var bands = []float64{0, 0.5, 0.9, 0.99, 0.999, 0.9999}

// readerFigures is what the reader made of the whole batch, and what people made of that.
type readerFigures struct {
	pages    int
	statuses []pageCount
	kinds    []kindFigures
	reasons  []reasonFigures
	bands    []bandFigures // one for each of bands
	expected float64       // misreads that the confidences of readings nobody was asked about let expect
	unasked  int           // how many readings that are
}

// pageCount is how many pages have a status and reason.
type pageCount struct {
	status, reason string
	n              int
}

// outcome is what became of things the reader said.
type outcome struct {
	n         int
	asked     int // a person had, or has, to look
	open      int // and still has
	decided   int // by a person, asked or not
	confirmed int // of those, the reader had said the same
	changed   int // the reader had said another thing
	filled    int // the reader had said nothing
}

type kindFigures struct {
	kind string
	outcome
}

// reasonFigures is what became of readings that a person was asked about for a reason.
type reasonFigures struct {
	kind, reason string
	outcome
}

// bandFigures counts readings with a value by the reader's confidence.
type bandFigures struct{ asked, unasked int }

func newReaderFigures(b mark.Batch) readerFigures {
	f := readerFigures{pages: len(b.Pages), statuses: pageCounts(b.Pages), bands: make([]bandFigures, len(bands))}
	byKind, byReason := map[string]*outcome{}, map[[2]string]*outcome{}
	for _, r := range b.Readings {
		said, ok := saidOf(r)
		if !ok {
			continue
		}
		count(byKind, r.Kind).add(r, said)
		if said.Review {
			count(byReason, [2]string{r.Kind, said.Reason}).add(r, said)
		}
		f.confidence(said)
	}
	for _, kind := range kinds {
		if o := byKind[kind]; o != nil {
			f.kinds = append(f.kinds, kindFigures{kind, *o})
		}
	}
	for key, o := range byReason {
		f.reasons = append(f.reasons, reasonFigures{key[0], key[1], *o})
	}
	slices.SortFunc(f.reasons, func(a, b reasonFigures) int {
		return cmp.Or(b.n-a.n, cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(a.reason, b.reason))
	})
	return f
}

// saidOf returns what the reader said of a field; ok is false where it never saw it.
func saidOf(r mark.Reading) (said mark.ReaderValue, ok bool) {
	if r.Read == nil && r.Reason == mark.ReasonDecided { // nothing was read, a person said it alone
		return mark.ReaderValue{Reason: mark.ReasonUnread, Review: true}, r.Value != mark.ValueLost
	}
	return r.AsRead(), true
}

// add counts a reading.
func (o *outcome) add(r mark.Reading, said mark.ReaderValue) {
	o.n++
	if said.Review || r.Review {
		o.asked++
	}
	if r.Review {
		o.open++
	}
	if r.Reason != mark.ReasonDecided {
		return
	}
	o.decided++
	switch {
	case said.Value == r.Value, said.Value == "" && r.Value == mark.ValueNone:
		o.confirmed++
	case said.Value == "":
		o.filled++
	default:
		o.changed++
	}
}

func count[K comparable](in map[K]*outcome, key K) *outcome {
	if in[key] == nil {
		in[key] = &outcome{}
	}
	return in[key]
}

// confidence counts what the reader said in its band.
func (f *readerFigures) confidence(said mark.ReaderValue) {
	if said.Reason == mark.ReasonVoid { // whatever it is, it costs nobody anything
		return
	}
	if !said.Review {
		f.unasked++
		f.expected += 1 - min(max(said.Confidence, 0), 1)
	}
	if said.Value == "" {
		return
	}
	i := len(bands) - 1
	for i > 0 && !(said.Confidence >= bands[i]) {
		i--
	}
	if said.Review {
		f.bands[i].asked++
	} else {
		f.bands[i].unasked++
	}
}

// plainReason takes the detail off a reason: "misses:7-8 12" is "misses".
func plainReason(reason string) string {
	word, _, _ := strings.Cut(reason, ":")
	return word
}

// statusOrder lists page statuses from good to bad; unknown ones come last.
var statusOrder = []string{"ok", "blank", "duplicate", "dropped", "foreign", "refused", "unreadable", "review"}

// pageCounts counts pages by status and reason, without the detail a reason may carry.
func pageCounts(pages []mark.Page) []pageCount {
	n := map[[2]string]int{}
	for _, p := range pages {
		n[[2]string{p.Status, plainReason(p.Reason)}]++
	}
	rank := func(status string) int {
		if i := slices.Index(statusOrder, status); i >= 0 {
			return i
		}
		return len(statusOrder)
	}
	var all []pageCount
	for _, key := range slices.SortedFunc(maps.Keys(n), func(a, b [2]string) int {
		return cmp.Or(rank(a[0])-rank(b[0]), cmp.Compare(a[0], b[0]), n[b]-n[a], cmp.Compare(a[1], b[1]))
	}) {
		all = append(all, pageCount{key[0], key[1], n[key]})
	}
	return all
}
