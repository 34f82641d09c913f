package pipeline

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// Pages that will not come
//
// What stood on a missing page is lost once a person says so. Whose booklet it is can still be told, and
// what was told is not forgotten should the cover be found.

// lostRows lists what stands on a page that will not come. Whose booklet it is must still be said.
func lostRows(bk *Booklet, page int, e *exam.Exam) []mark.Reading {
	rows := unreadReadings(e, page, mark.ReasonDecided)
	for i := range rows {
		r := &rows[i]
		r.Booklet, r.Image, r.Copy = bk.ID, bk.Anchor, listedCopy(e, bk.Copy)
		if r.Kind == mark.KindSticker {
			r.Reason = reasonNoCover
		} else {
			r.Value, r.Confidence = mark.ValueLost, 1
		}
	}
	return rows
}

// waived reports whether a person said that all pages that are missing now will not come.
func (b *bookRows) waived() bool {
	return len(b.bk.Missing) > 0 && slices.ContainsFunc(b.said.missing, func(d store.Decision) bool {
		return d.Value == mark.MissingWaived && coversMissing(d.Place, b.bk.Missing)
	})
}

// What astray calls the sticker of the cover that is there; other keys are indices into lost.
const onCover = -1

// astray finds what was said of fields of this booklet under a page that does not hold them: of missing
// pages, and of the sticker before its cover was found.
func (b *bookRows) astray() map[int][]store.Decision {
	found := map[int][]store.Decision{}
	if b.waived() {
		for k, r := range b.lost {
			if heads := b.saidAnywhere(r.Field, ""); len(heads) > 0 {
				found[k] = heads
			}
		}
	}
	i := slices.IndexFunc(b.base, func(r mark.Reading) bool { return r.Kind == mark.KindSticker })
	if i >= 0 && len(b.said.fields[i]) == 0 {
		if heads := b.saidAnywhere(exam.StickerField, b.base[i].Image); len(heads) > 0 {
			found[onCover] = heads
		}
	}
	return found
}

// saidAnywhere returns what was said of a field under any page of the booklet but one, while no page
// held it: what was seen on a page stays with that page.
func (b *bookRows) saidAnywhere(field, but string) (heads []store.Decision) {
	under := append(slices.Clip(b.bk.Images), b.bk.Anchor)
	slices.Sort(under)
	for _, image := range slices.Compact(under) {
		for _, d := range b.said.stand[ledger.Target{Page: image, Field: field}].Heads {
			if image != but && d.Source == "" {
				heads = append(heads, d)
			}
		}
	}
	return heads
}

// applyAstray adds the rows of missing pages, and what was said of them.
func (b *bookRows) applyAstray(astray map[int][]store.Decision, s *settler) {
	if heads := astray[onCover]; len(heads) > 0 {
		row := stickerRow(b.mine)
		i := slices.IndexFunc(b.base, func(r mark.Reading) bool { return r.Kind == mark.KindSticker })
		rule(row, b.reader[i], heads, s.exam, s.roster)
		if r := b.reader[i]; !r.Review && r.Value != row.Value {
			row.Value, row.Confidence, row.Reason = r.Value, r.Confidence, reasonOutdated
		}
	}
	if !b.waived() {
		return
	}
	for k, r := range b.lost {
		was := r
		was.Review = r.Kind == mark.KindSticker
		if r.Kind != mark.KindSticker {
			r.Decisions = ids(b.said.missing)
		}
		rule(&r, was, astray[k], s.examOf(r.Copy), s.roster)
		b.mine = append(b.mine, r)
	}
}

// placeOfMissing is what a decision about missing pages says it is about.
func placeOfMissing(missing []int) string { return pageRanges(missing) }

// placeOfDoubt is what a decision about a doubt says it is about: what was doubted, of which pages. With
// another page in the booklet it is another question.
func placeOfDoubt(doubt string, images []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(images)), " ")))
	return fmt.Sprintf("%s %x", doubt, sum[:8])
}

// coversMissing reports whether all that is missing now was missing when it was decided about.
func coversMissing(place string, missing []int) bool {
	if place == "" {
		return true
	}
	known := map[int]bool{}
	for _, word := range strings.Fields(place) {
		from, to, ranged := strings.Cut(word, "-")
		if !ranged {
			to = from
		}
		a, errA := strconv.Atoi(from)
		z, errZ := strconv.Atoi(to)
		if errA != nil || errZ != nil || z > 1e4 {
			return false
		}
		for n := a; n <= z; n++ {
			known[n] = true
		}
	}
	return !slices.ContainsFunc(missing, func(n int) bool { return !known[n] })
}
