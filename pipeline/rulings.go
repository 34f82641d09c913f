package pipeline

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// Decisions find their pages
//
// A decision is about an image, wherever that lies now: files may be renamed and put in another order.
// Only where two pages of the batch have the same image, to the last bit, does it matter where the page
// lay when it was decided about.

// spot is where a page lies.
type spot struct {
	path string
	page int
	file string // hash of the file
}

func (p *Scanned) spot() spot { return spot{p.Path, p.Page, p.File} }

// apportion gives each of several pages with one image its own decisions: by path and page, or else by
// the file whatever its name. What lay nowhere that is known now goes to the first page about which
// nothing was said, if lenient: of equal images the same may be said.
func apportion(heads []store.Decision, pages []spot, lenient bool) [][]store.Decision {
	shares := make([][]store.Decision, len(pages))
	if len(pages) == 1 {
		shares[0] = heads
		return shares
	}
	var later []spot
	strays := map[spot][]store.Decision{}
	for _, d := range heads {
		at := spot{d.Source, d.SourcePage, d.SourceHash}
		if k := slices.IndexFunc(pages, func(p spot) bool { return p.path == at.path && p.page == at.page }); k >= 0 {
			shares[k] = append(shares[k], d)
			continue
		}
		if strays[at] == nil {
			later = append(later, at)
		}
		strays[at] = append(strays[at], d)
	}
	slices.SortStableFunc(later, func(x, y spot) int {
		return cmp.Or(naturalCompare(x.path, y.path), cmp.Compare(x.page, y.page), cmp.Compare(x.file, y.file))
	})
	free := func(same func(spot) bool) int {
		for k, p := range pages {
			if len(shares[k]) == 0 && same(p) {
				return k
			}
		}
		return -1
	}
	for _, at := range later {
		k := free(func(p spot) bool { return at.file != "" && p.file == at.file && p.page == at.page })
		if k < 0 && lenient {
			k = max(0, free(func(spot) bool { return true }))
		}
		if k >= 0 {
			shares[k] = append(shares[k], strays[at]...)
		}
	}
	return shares
}

// ids lists the ids of decisions.
func ids(heads []store.Decision) []string { return ledger.Verdict{Heads: heads}.IDs() }

// rule puts what people decided of a field into its row. reader is the row as it would be without
// them. e has the boxes where they are on this page.
func rule(row *mark.Reading, reader mark.Reading, heads []store.Decision, e *exam.Exam, roster *exam.Roster) {
	if len(heads) == 0 {
		return
	}
	row.Decisions = ids(heads)
	row.Read = &mark.ReaderValue{Value: reader.Value, Confidence: reader.Confidence, Reason: reader.Reason, Review: reader.Review}
	var says []string
	outdated := false // also where another still means something: a contradiction is not settled by a new exam.yaml
	for _, d := range heads {
		value, err := mark.Accept(e, roster, row.Field, d.Value)
		outdated = outdated || err != nil || !placeHolds(d.Place, row.Field, e)
		if !slices.Contains(says, value) {
			says = append(says, value)
		}
	}
	switch {
	case outdated:
		row.Reason = reasonOutdated
	case len(says) == 1:
		row.Value, row.Confidence, row.Reason = says[0], 1, mark.ReasonDecided
	default:
		row.Reason = reasonDiffer
	}
}

// placeSlackMM is how far a box may have moved on the form since somebody looked at it: less than
// a third of the distance to the next one.
const placeSlackMM = 1.0

// placeHolds reports whether a field is still where it was decided about (see exam.PlaceText).
func placeHolds(was, field string, e *exam.Exam) bool {
	if was == "" {
		return true
	}
	page, boxes, ok := e.Place(field)
	oldPage, old, parsed := parsePlace(was)
	if !ok || !parsed || page != oldPage || len(boxes) != len(old) {
		return false
	}
	for _, b := range boxes {
		if !slices.ContainsFunc(old, func(o geom.Box) bool { return near(b, o) }) {
			return false
		}
	}
	return true
}

func near(a, b geom.Box) bool {
	return math.Abs(a.X-b.X) <= placeSlackMM && math.Abs(a.Y-b.Y) <= placeSlackMM &&
		math.Abs(a.X+a.W-b.X-b.W) <= placeSlackMM && math.Abs(a.Y+a.H-b.Y-b.H) <= placeSlackMM
}

// parsePlace reads what exam.PlaceText wrote.
func parsePlace(text string) (page int, boxes []geom.Box, ok bool) {
	head, rest, found := strings.Cut(text, ":")
	page, err := strconv.Atoi(head)
	words := strings.Fields(rest)
	if !found || err != nil || len(words)%4 != 0 {
		return 0, nil, false
	}
	for i := 0; i < len(words); i += 4 {
		var x [4]float64
		for k := range x {
			if x[k], err = strconv.ParseFloat(words[i+k], 64); err != nil {
				return 0, nil, false
			}
		}
		boxes = append(boxes, geom.Box{X: x[0], Y: x[1], W: x[2], H: x[3]})
	}
	return page, boxes, true
}
