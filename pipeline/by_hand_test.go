package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/mark"
	"scan/internal/store"
	"scan/ocr"
)

// page is decide for a page of the batch.
func (f *folder) page(s *Session, image, value string) *Outcome {
	f.t.Helper()
	return f.decide(s, "ann", image, mark.FieldPage, value)
}

func booklet(t *testing.T, out *Outcome, id string) mark.Booklet {
	t.Helper()
	i := slices.IndexFunc(out.Booklets, func(b mark.Booklet) bool { return b.ID == id })
	require.GreaterOrEqual(t, i, 0, id)
	return out.Booklets[i]
}

func TestAPageIsAssigned(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.0 1.3 1.4 2.1 2.2 2.3 2.4"})
	out := f.read()
	assert.Equal(t, "a.pdf:1=B001/1:ok:misses:2 a.pdf:2=B001/0:refused:coverage", pagesTold(out))
	assert.Equal(t, mark.Booklet{ID: "B001", Anchor: "1.1", Missing: []int{2}, Images: []string{"1.1", "1.3", "1.4"}}, booklet(t, out, "B001"))

	s := f.open()
	out = f.page(s, "1.0", "assign 1.1 2 90")
	assert.Equal(t, "a.pdf:2=B001/2:ok:by-hand", pagesTold(out))
	p := out.Pages[1]
	assert.False(t, p.Registered)
	assert.Equal(t, 90, p.Rotation)
	assert.Len(t, p.Decisions, 1)
	assert.Equal(t, mark.StatusReview, sheet(t, out, "B001").Status)
	assert.Equal(t, "- by-hand review", said(reading(t, out, "1.0", "1.1.a")), "of the page nothing is known")
	f.decide(s, "ann", "1.0", "1.1.a", "crossed")
	f.decide(s, "ann", "1.0", "1.1.b", "empty")
	out = f.decide(s, "ann", "1.3", "2.1", "1")
	assert.Equal(t, mark.StatusFinal, sheet(t, out, "B001").Status)
	assert.Equal(t, 3.0, *sheet(t, out, "B001").Total)
	sameBatch(t, f.read(), out)

	// Assigned elsewhere, what was decided of its fields waits for it to come back.
	out = f.page(s, "1.0", "assign 2.1 2 0")
	assert.Equal(t, "a.pdf:1=B001/1:ok:misses:2 a.pdf:2=B002/2:ok:by-hand a.pdf:6=B002/2:review:duplicates-differ", pagesTold(out))
	assert.Equal(t, "crossed decided", said(reading(t, out, "1.0", "1.1.a")))
	out = f.page(s, "1.0", "assign 1.1 2 0")
	assert.Equal(t, 3.0, *sheet(t, out, "B001").Total)
}

// A page that was read well keeps its readings where it is assigned as what it is.
func TestAGoodPageIsAssigned(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.3 1.4 2.1 1.2 2.2 2.3 2.4"})
	out := f.read()
	assert.Contains(t, pagesTold(out), "misses:2")
	s := f.open()
	out = f.page(s, "1.2", "assign 1.1 2 0")
	assert.Equal(t, "a.pdf:5=B001/2:ok:by-hand", pagesTold(out))
	assert.Equal(t, "crossed -", said(reading(t, out, "1.2", "1.1.a")))
	assert.True(t, out.Pages[4].Registered)
	out = f.page(s, "1.2", "assign 1.1 3 0")
	assert.NotContains(t, pagesTold(out), "1.2 crossed")
	assert.Equal(t, "- by-hand review", said(reading(t, out, "1.2", "2.1")), "as another page nothing of it holds")
	sameBatch(t, f.read(), out)
}

// Booklets keep their names, whatever is said of others.
func TestNewAndDroppedBooklets(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.3 1.4 2.1 2.2 2.3 2.4 3.0 3.1 3.2 3.3 3.4"})
	f.read()
	s := f.open()
	for _, n := range []int{1, 2, 3, 4} {
		f.page(s, fmt.Sprintf("1.%d", n), "drop not-ours")
	}
	out := f.page(s, "3.0", "assign new 1 180")
	assert.Equal(t, "a.pdf:1=/0:dropped:not-ours a.pdf:2=/0:dropped:not-ours a.pdf:3=/0:dropped:not-ours a.pdf:4=/0:dropped:not-ours a.pdf:9=B004/1:ok:misses:2-4", pagesTold(out))
	var names []string
	for _, b := range out.Booklets {
		names = append(names, b.ID)
	}
	assert.Equal(t, []string{"B002", "B003", "B004"}, names)
	assert.Equal(t, "3.0", booklet(t, out, "B004").Anchor)
	// Its pages follow it by its anchor, though it is itself assigned.
	out = f.page(s, "3.2", "assign 3.0 2 0")
	assert.Equal(t, []int{3, 4}, booklet(t, out, "B004").Missing)
	sameBatch(t, f.read(), out)
	// With the page that named the booklet gone, the other is asked about again.
	out = f.page(s, "3.0", "drop blank")
	assert.Contains(t, pagesTold(out), "a.pdf:11=/0:review:decision-outdated")
}

// coded gives the pages of a folder the codes of a copy.
func (f *folder) coded(copies map[string]string) {
	for image, r := range f.results {
		if name := copies[image[:1]]; name != "" && r.Status == StatusOK {
			r.Codes = []ocr.PageCode{{Exam: "X-1", Copy: name, Page: r.FormPage}}
			f.results[image] = r
		}
	}
	f.store()
}

func TestUseAndKeep(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 9.2 1.3 1.4"})
	r := f.results["9.2"]
	r.Choices[0].Boxes[0].State = "empty"
	f.results["9.2"] = r
	f.coded(map[string]string{"1": "E7", "9": "E7"})
	out := f.read()
	assert.Equal(t, "copy:E7", booklet(t, out, "E7").Anchor)
	assert.Equal(t, "a.pdf:3=E7/2:review:duplicates-differ", pagesTold(out))
	assert.Equal(t, "crossed scans-differ review", said(reading(t, out, "1.2", "1.1.a")))
	s := f.open()
	out = f.page(s, "9.2", "use")
	assert.Equal(t, "a.pdf:2=E7/2:duplicate:scanned-twice a.pdf:3=E7/2:ok:by-hand", pagesTold(out))
	assert.Equal(t, "empty -", said(reading(t, out, "9.2", "1.1.a")))
	out = f.page(s, "9.2", "drop second-scan")
	assert.Equal(t, "a.pdf:3=E7/0:dropped:second-scan", pagesTold(out))
	assert.Equal(t, "crossed -", said(reading(t, out, "1.2", "1.1.a")))
	out = f.page(s, "9.2", "keep")
	assert.Equal(t, "a.pdf:3=E7/2:duplicate:scanned-twice", pagesTold(out))
	assert.Equal(t, "crossed scans-differ review", said(reading(t, out, "1.2", "1.1.a")), "its fields are still to be decided")
	sameBatch(t, f.read(), out)
}

// A page whose code says otherwise is kept, and with it all that was read from it; or it goes to the
// booklet of a copy of which there was nothing.
func TestACodeIsOverruled(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.3 1.4"})
	f.coded(map[string]string{"1": "E7"})
	r := f.results["1.2"]
	r.Codes = append(r.Codes, ocr.PageCode{Exam: "X-1", Copy: "E8", Page: 2}, ocr.PageCode{Exam: "X-1", Copy: "E7", Page: 2})
	f.results["1.2"] = r
	f.store()
	out := f.read()
	assert.Equal(t, "a.pdf:2=E7/2:review:codes-disagree", pagesTold(out))
	assert.Equal(t, "crossed codes-disagree review", said(reading(t, out, "1.2", "1.1.a")))
	s := f.open()
	out = f.page(s, "1.2", "keep")
	assert.Equal(t, "a.pdf:2=E7/2:ok:by-hand", pagesTold(out))
	assert.Equal(t, "crossed -", said(reading(t, out, "1.2", "1.1.a")))
	out = f.page(s, "1.2", "assign copy:E8 2 0")
	assert.Equal(t, "a.pdf:1=E7/1:ok:misses:2 a.pdf:2=E8/2:ok:misses:1 3-4", pagesTold(out))
	assert.Equal(t, mark.Booklet{ID: "E8", Copy: "E8", Anchor: "copy:E8", Missing: []int{1, 3, 4}, Images: []string{"1.2"}}, booklet(t, out, "E8"))
	assert.Equal(t, "crossed -", said(reading(t, out, "1.2", "1.1.a")))
	sameBatch(t, f.read(), out)
}

// Reviewers may differ about a page as about a field.
func TestReviewersContradictAboutAPage(t *testing.T) {
	f := twoBooklets(t)
	f.read()
	s := f.open()
	f.decide(s, "ann", "1.2", "1.1.b", "empty")
	f.decide(s, "ann", "1.3", "2.1", "1")
	out, _, err := s.Decide(context.Background(), []store.Decision{
		{Page: "1.4", Field: mark.FieldPage, Value: "drop blank", Who: "ann"},
		{Page: "1.4", Field: mark.FieldPage, Value: "keep", Who: "bob"}})
	require.NoError(t, err)
	assert.Equal(t, "a.pdf:4=B001/4:review:reviewers-differ", pagesTold(out))
	assert.Len(t, out.Pages[3].Decisions, 2)
	assert.Equal(t, mark.StatusReview, sheet(t, out, "B001").Status)
	out = f.page(s, "1.4", "keep")
	assert.Empty(t, pagesTold(out))
	assert.Equal(t, mark.StatusFinal, sheet(t, out, "B001").Status)
}

func TestMissingPagesAreWaived(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.4 2.1 2.2 2.3 2.4"})
	out := f.read()
	assert.Equal(t, mark.StatusIncomplete, sheet(t, out, "B001").Status)
	s := f.open()
	f.decide(s, "ann", "1.2", "1.1.b", "empty")
	out = f.decide(s, "ann", "1.1", mark.FieldMissing, mark.MissingWaived)
	assert.True(t, booklet(t, out, "B001").Waived)
	assert.Equal(t, "lost decided", said(reading(t, out, "1.1", "2.1")))
	one := sheet(t, out, "B001")
	assert.Equal(t, mark.StatusFinal, one.Status)
	assert.Equal(t, 2.0, *one.Total, "the lost page earns nothing")
	sameBatch(t, f.read(), out)

	// What was waived is what was missing then.
	f.files["a.pdf"] = []string{"1.1", "1.2", "2.1", "2.2", "2.3", "2.4"}
	f.store()
	out = f.read()
	assert.Equal(t, mark.StatusIncomplete, sheet(t, out, "B001").Status, "page 4 was there then")
	f.files["a.pdf"] = []string{"1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4"}
	f.results["1.3"] = smallPage("1.3")
	f.store()
	out = f.read()
	assert.Equal(t, "- several-marked review", said(reading(t, out, "1.3", "2.1")), "it was found")
}

// A booklet without its cover is matched by hand.
func TestABookletWithoutCover(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.2 1.3 1.4 2.1 2.2 2.3 2.4"})
	f.read()
	s := f.open()
	f.decide(s, "ann", "1.2", "1.1.b", "empty")
	f.decide(s, "ann", "1.3", "2.1", "1")
	out := f.decide(s, "ann", "1.2", mark.FieldMissing, mark.MissingWaived)
	assert.Equal(t, "- no-cover review", said(reading(t, out, "1.2", "sticker")))
	assert.Equal(t, mark.StatusReview, sheet(t, out, "B001").Status)
	out = f.decide(s, "ann", "1.2", "sticker", "1003")
	one := sheet(t, out, "B001")
	assert.Equal(t, []string{"1003", "R3", mark.StatusFinal}, []string{one.Code, one.Registration, one.Status})
	sameBatch(t, f.read(), out)

	// The cover is found. What was decided holds, unless it surely says otherwise.
	f.files["a.pdf"] = append([]string{"1.1"}, f.files["a.pdf"]...)
	unread := smallPage("1.1")
	unread.Sticker.Value, unread.Sticker.Code, unread.Sticker.Printed, unread.Sticker.Reason = "", "", "", "no-sticker"
	f.results["1.1"] = unread
	f.store()
	assert.Equal(t, "1003 decided", said(reading(t, f.read(), "1.1", "sticker")))
	f.results["1.1"] = smallPage("1.1")
	f.store()
	assert.Equal(t, "1001 decision-outdated review", said(reading(t, f.read(), "1.1", "sticker")))
}

// What was seen on a page is not said of another page that is lost.
func TestWhatWasSeenStaysWithThePage(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.0 2.1 2.2 2.3 2.4"})
	f.read()
	s := f.open()
	f.page(s, "1.0", "assign 1.1 3 0")
	out := f.decide(s, "ann", "1.0", "2.1", "1")
	assert.Equal(t, "1 decided", said(reading(t, out, "1.0", "2.1")))
	f.page(s, "1.0", "assign 1.1 4 0")
	out = f.decide(s, "ann", "1.1", mark.FieldMissing, mark.MissingWaived)
	assert.Equal(t, "lost decided", said(reading(t, out, "1.1", "2.1")))
	sameBatch(t, f.read(), out)
}

func TestADoubtIsAccepted(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 2.1 2.2 2.3 2.4"})
	out := f.read()
	assert.Equal(t, "cover-misplaced", booklet(t, out, "B002").Doubt)
	assert.Empty(t, sheet(t, out, "B002").Registration)
	s := f.open()
	out = f.decide(s, "ann", booklet(t, out, "B002").Anchor, mark.FieldBooklet, mark.BookletOK)
	assert.Empty(t, booklet(t, out, "B002").Doubt)
	assert.Equal(t, "R2", sheet(t, out, "B002").Registration)
	assert.Equal(t, "cover-misplaced", booklet(t, out, "B001").Doubt)
	sameBatch(t, f.read(), out)

	f.files = map[string][]string{"a.pdf": {"1.1", "2.1", "2.2", "2.4"}}
	f.store()
	out = f.read()
	assert.Equal(t, "cover-misplaced", booklet(t, out, "B002").Doubt, "with other pages it is another question")
	assert.Empty(t, sheet(t, out, "B002").Registration)
}

// Nobody is named while reviewers contradict each other about a page of the booklet.
func TestNobodyIsNamedInAContradiction(t *testing.T) {
	f := twoBooklets(t)
	out := f.read()
	assert.Equal(t, "R1", sheet(t, out, "B001").Registration)
	one, two := f.open(), f.open()
	ctx := context.Background()
	drop := store.Decision{Page: "1.4", Field: mark.FieldPage, Source: "a.pdf", SourcePage: 4, Value: "drop not-ours", Who: "ann"}
	keep := drop
	keep.Value, keep.Who = "keep", "bob"
	_, _, err := one.Decide(ctx, []store.Decision{drop})
	require.NoError(t, err)
	_, _, err = two.Decide(ctx, []store.Decision{keep})
	require.NoError(t, err)
	out = f.read()
	assert.Equal(t, mark.StatusReview, sheet(t, out, "B001").Status)
	assert.Empty(t, sheet(t, out, "B001").Registration)
}

// Two students' pages that are equal to the last bit are decided apart, also under other names.
func TestEqualImages(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 9.3 1.4", "b.pdf": "2.1 2.2 9.3 2.4"})
	f.read()
	s := f.open()
	at := func(file, value string) *Outcome {
		out, _, err := s.Decide(context.Background(), []store.Decision{{Page: "9.3", Field: "2.1", Value: value, Who: "ann", Source: file, SourcePage: 3}})
		require.NoError(t, err)
		return out
	}
	values := func(out *Outcome) (v []string) {
		for _, r := range out.Readings {
			if r.Field == "2.1" {
				v = append(v, r.Booklet+" "+said(r))
			}
		}
		return v
	}
	assert.Equal(t, []string{"B001 - several-marked review", "B002 1 decided"}, values(at("b.pdf", "1")))
	assert.Equal(t, []string{"B001 0 decided", "B002 1 decided"}, values(at("a.pdf", "0")))
	f.rename("b.pdf", "c.pdf")
	f.rename("a.pdf", "d.pdf")
	assert.Equal(t, []string{"B001 1 decided", "B002 0 decided"}, values(f.read()))
}

// What was said of a booklet by a page of it holds when another scan of that page counts.
func TestTheAnchorIsASecondScanNow(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.4 2.1 2.2 2.3 2.4"})
	f.read()
	s := f.open()
	out := f.decide(s, "ann", "1.1", mark.FieldMissing, mark.MissingWaived)
	require.True(t, booklet(t, out, "B001").Waived)
	out = f.page(s, "2.1", "assign 1.1 1 0")
	assert.Equal(t, "a.pdf:1=B001/1:review:duplicates-differ", strings.Fields(pagesTold(out))[0])
	assert.Equal(t, "1.2", booklet(t, out, "B001").Anchor)
	assert.True(t, booklet(t, out, "B001").Waived)
	sameBatch(t, f.read(), out)
}

// A file that does not open is left out by hand.
func TestAFileIsDropped(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.3 1.4", "b.pdf": ""})
	out := f.read()
	assert.Equal(t, "b.pdf:1=/0:unreadable:unopenable", pagesTold(out))
	out = f.page(f.open(), out.Pages[4].Image, "drop unusable")
	assert.Equal(t, "b.pdf:1=/0:dropped:unusable", pagesTold(out))
	sameBatch(t, f.read(), out)
}

// A sticker that two booklets have is decided at the one that has it wrong.
func TestAStickerIsDecided(t *testing.T) {
	f := newFolder(t, map[string]string{"a.pdf": "1.1 1.2 1.3 1.4 7.1 2.2 2.3 2.4"})
	wrong := smallPage("7.1")
	wrong.Sticker.Value, wrong.Sticker.Code, wrong.Sticker.Printed = "1001", "1001", "1001"
	f.results["7.1"] = wrong
	f.store()
	out := f.read()
	assert.Equal(t, "1001 code-twice review", said(reading(t, out, "1.1", "sticker")))
	s := f.open()
	out = f.decide(s, "ann", "7.1", "sticker", "1002")
	assert.Equal(t, "1002 decided", said(reading(t, out, "7.1", "sticker")))
	assert.Equal(t, "1001 -", said(reading(t, out, "1.1", "sticker")))
	assert.Equal(t, []string{"R1", "R2"}, []string{sheet(t, out, "B001").Registration, sheet(t, out, "B002").Registration})
	assert.Equal(t, "code-twice", reading(t, out, "7.1", "sticker").Read.Reason)
	out = f.decide(s, "ann", "7.1", "sticker", "1001")
	assert.Equal(t, "1001 decided", said(reading(t, out, "7.1", "sticker")), "a person's word counts")
	assert.Equal(t, "1001 code-twice review", said(reading(t, out, "1.1", "sticker")), "and the other is asked about")
	for _, id := range []string{"B001", "B002"} {
		assert.Equal(t, mark.StatusReview, sheet(t, out, id).Status, "no score leaves with a code that two have")
		assert.Empty(t, sheet(t, out, id).Registration)
	}
	out = f.decide(s, "bob", "1.1", "sticker", "1001")
	assert.Equal(t, "1001 code-twice review", said(reading(t, out, "7.1", "sticker")), "not both can have it")
}

// Whatever is decided, in any order: no page is lost, none counts twice, running again gives the same,
// and a session, which remembers, says the same as a run, which does not.
func TestAnyDecisionsLoseNothing(t *testing.T) {
	f := newFolder(t, map[string]string{
		"a.pdf": "1.1 1.2 1.3 1.4 2.1 2.0 2.3 2.4 9.2", "b.pdf": "3.2 3.3 3.4 4.1 5.1 5.2 9.3 5.4", "c.pdf": "6.1 6.2 9.3 6.4 6.3"})
	f.files["d.pdf"] = f.files["a.pdf"]
	f.store()
	f.read()
	s := f.open()
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	for round := range 120 {
		out, err := s.Outcome(context.Background())
		require.NoError(t, err)
		d := anyDecision(rng, out)
		out, _, err = s.Decide(context.Background(), []store.Decision{d})
		require.NoError(t, err, "%+v", d)
		wholeBatch(t, out)
		if round%10 == 9 {
			again := f.read()
			sameBatch(t, again, out)
			require.Equal(t, again.Notes, out.Notes, "round %d", round)
		}
	}
}

// anyDecision is some decision that the batch allows.
func anyDecision(rng *rand.Rand, out *Outcome) store.Decision {
	d := store.Decision{Who: fmt.Sprint(rng.IntN(3))}
	var seen []string
	switch b, p := out.Booklets[rng.IntN(len(out.Booklets))], out.Pages[rng.IntN(len(out.Pages))]; rng.IntN(6) {
	case 0, 1:
		r := out.Readings[rng.IntN(len(out.Readings))]
		values := map[string][]string{mark.KindChoice: {"empty", "crossed"}, mark.KindCredit: {"0", "0.5"},
			mark.KindScore: {"0.5", "1", "none"}, mark.KindSticker: {"1001", "1002", "1003"}}[r.Kind]
		d.Page, d.Field, d.Value, d.Source, d.SourcePage = r.Image, r.Field, values[rng.IntN(len(values))], r.Source, r.SourcePage
		seen = r.Decisions
	case 2:
		d.Page, d.Field, d.Value = b.Anchor, mark.FieldMissing, mark.MissingWaived
	case 3:
		d.Page, d.Field, d.Value = b.Anchor, mark.FieldBooklet, mark.BookletOK
	default:
		values := []string{"drop blank", "drop not-ours", "assign new 1 0", fmt.Sprintf("assign %s %d 90", b.Anchor, 1+rng.IntN(4))}
		if inBooklet(p) {
			values = append(values, "use", "keep")
		}
		d.Page, d.Field, d.Value, d.Source, d.SourcePage = p.Image, mark.FieldPage, values[rng.IntN(len(values))], p.Source, p.SourcePage
		seen = p.Decisions
	}
	if rng.IntN(4) > 0 {
		d.Supersedes = seen
	}
	return d
}

// wholeBatch checks what holds of every batch.
func wholeBatch(t *testing.T, out *Outcome) {
	t.Helper()
	require.Len(t, out.Pages, 9+8+5+9)
	require.Len(t, out.Sheets, len(out.Booklets))
	status := map[string]mark.Sheet{}
	for i, b := range out.Booklets {
		require.Equal(t, b.ID, out.Sheets[i].Booklet)
		require.NotContains(t, status, b.ID, "a name is given once")
		status[b.ID] = out.Sheets[i]
	}
	fields := map[string]bool{}
	for _, r := range out.Readings {
		key := r.Booklet + " " + r.Field
		require.False(t, fields[key], "%s has two rows", key)
		fields[key] = true
		require.Contains(t, status, r.Booklet)
		if r.Review {
			require.NotEqual(t, mark.StatusFinal, status[r.Booklet].Status, key)
			require.NotEqual(t, mark.ReasonDecided, r.Reason)
		}
	}
	for _, b := range out.Booklets {
		if s := status[b.ID]; s.Status == mark.StatusFinal {
			for _, f := range mark.Fields(out.Exam) {
				require.True(t, fields[b.ID+" "+f], "%s is final without %s", b.ID, f)
			}
			require.Empty(t, b.Doubt)
			require.NotNil(t, s.Total)
		}
	}
	for _, p := range out.Pages {
		if p.Status == StatusOK {
			require.Contains(t, status, p.Booklet, "%s:%d counts", p.Source, p.SourcePage)
		}
	}
}
