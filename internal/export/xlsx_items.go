package export

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// items is readings.csv with what the reader had said where a person decided.
func (b *book) items() table {
	t := table{name: sheetItems, frozen: 1, widths: []float64{11, 22, 12, 7, 12, 9, 12, 11, 8, 20, 14, 16, 18, 18}}
	t.heads = slices.Concat(readingColumns, []string{"reader_value", "reader_confidence", "reader_reason", "decided_by"})
	by := map[string]string{}
	for _, d := range b.Decisions {
		by[d.ID] = d.Who
	}
	readings := slices.Clone(b.Batch.Readings)
	slices.SortStableFunc(readings, compareReadings)
	for _, r := range readings {
		row := []any{r.Booklet, r.Source, r.SourcePage, r.Page, r.Field, r.Kind, valueCell(r.Kind, r.Value),
			probability(r.Confidence), oneOr0(r.Review), r.Reason}
		if r.Read != nil {
			row = append(row, valueCell(r.Kind, r.Read.Value), probability(r.Read.Confidence), r.Read.Reason)
		} else {
			row = append(row, nil, nil, nil)
		}
		t.rows = append(t.rows, append(row, reviewers(r.Decisions, by)))
	}
	return t
}

// reviewers lists who made decisions, each once.
func reviewers(ids []string, by map[string]string) string {
	var names []string
	for _, id := range ids {
		if name := by[id]; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// probability is a confidence as readings.csv has it.
func probability(p float64) any { return numberOr(confidence(p)) }

func oneOr0(b bool) int {
	if b {
		return 1
	}
	return 0
}

// timeFormat is how times are written: UTC, to the second, in the order of text.
const timeFormat = "2006-01-02 15:04:05"

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeFormat)
}

// decisions is the whole ledger, oldest first.
func (b *book) decisions() table {
	t := table{name: sheetDecisions, frozen: 1, widths: []float64{20, 16, 11, 9, 13, 11, 12, 14, 14, 18, 12, 22, 12, 28, 28, 30, 24, 16, 28}}
	t.heads = []string{"time_utc", "who", "action", "mode", "state", "booklet", "field", "value", "old", "old_reason", "confidence",
		"source", "source_page", "note", "id", "replaces", "place", "program", "page"}
	states, booklet := ledger.States(b.Decisions), bookletsOf(&b.Batch)
	for _, d := range b.Decisions {
		var page any
		if d.SourcePage > 0 {
			page = d.SourcePage
		}
		t.rows = append(t.rows, []any{timeText(d.At), d.Who, d.Action, d.Mode, string(states[d.ID]), booklet(d), d.Field, d.Value, d.Old,
			d.OldReason, probability(d.Confidence), d.Source, page, d.Note, d.ID, strings.Join(d.Supersedes, " "), d.Place, d.Program, d.Page})
	}
	return t
}

// bookletsOf tells which booklet a decision is about, "" where its page is no longer there. Of two
// pages with one image, the one that lies where the decision says.
func bookletsOf(batch *mark.Batch) func(store.Decision) string {
	type scan struct {
		image, source string
		page          int
	}
	booklets, pages := map[string]string{}, map[scan]string{}
	for _, p := range batch.Pages {
		pages[scan{p.Image, p.Source, p.SourcePage}] = p.Booklet
		if booklets[p.Image] == "" {
			booklets[p.Image] = p.Booklet
		}
	}
	for _, k := range batch.Booklets {
		booklets[k.Anchor] = k.ID
	}
	return func(d store.Decision) string {
		return cmp.Or(pages[scan{d.Page, d.Source, d.SourcePage}], booklets[d.Page])
	}
}
