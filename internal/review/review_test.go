package review

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
)

func kindsOf(items []item) (kinds []string) {
	for _, it := range items {
		kinds = append(kinds, it.Kind)
	}
	return kinds
}

// everyKind is a batch in which something of each kind waits.
func everyKind(t *testing.T) *fakeDesk {
	d := newDesk(t, 6)
	d.doubt("B001", "1.1.a", "crossed", "other-mark", 0.7)
	d.doubt("B001", "1.2", "", "several-marked", 0)
	d.doubt("B002", "sticker", "99999999", "", 0.99)
	d.doubt("B002", "P1", "", "unclear-score", 0)
	d.doubt("B003", "P1", "2.5", "", 0.9999) // the sum is 3
	d.refuse("B004", 2)
	d.read.Booklets[4].Doubt = "cover-misplaced"
	d.doubt("B006", "sticker", "10000055", "not-in-roster", 0.99)
	d.doubt("B005", "sticker", "10000031", "", 0.99) // as B003
	d.read.Pages = append(d.read.Pages, mark.Page{Source: "batch.pdf", SourcePage: 19, Booklet: "B006", Page: 2, Status: "review",
		Reason: "duplicates-differ", Image: "B006-2b", WidthMM: 210, HeightMM: 297, Registered: true})
	return d
}

func TestQueueHasEveryKindInWorkingOrder(t *testing.T) {
	s := serve(t, everyKind(t))
	items := waiting(t, s, "first")
	assert.Equal(t, []string{"page", "page", "missing", "booklet", "sticker", "sticker", "sticker", "sticker", "sticker", "box", "credit", "score", "sum"}, kindsOf(items))
	st := get[state](t, s, "api/state")
	assert.Equal(t, counts{Open: 13, Total: 13, Kinds: map[string]int{"page": 2, "missing": 1, "booklet": 1, "sticker": 5, "box": 1, "credit": 1, "score": 1, "sum": 1}}, st.Counts)
	assert.Equal(t, "first", st.Reviewer)
	assert.Equal(t, conventions{"cross", []string{"red", "green"}}, st.Conventions)

	box := named(t, items, "B001", "1.1.a")
	assert.Equal(t, "Basics", box.Title)
	assert.Equal(t, "1.1", box.Question)
	assert.Equal(t, "crossed", box.Guess)
	assert.InDelta(t, 0.7, *box.Confidence, 1e-9)
	assert.Equal(t, []choice{{"crossed", "1", true}, {"empty", "2", false}, {"filled", "3", false}, {"remarked", "4", false}}, box.Choices)
	assert.Equal(t, []other{{"1.1.b", "empty", "", box.Others[0].Item}}, box.Others)

	credit := named(t, items, "B001", "1.2")
	assert.Equal(t, []choice{{"0", "0", false}, {"0.5", "KeyQ", false}, {"1", "1", false}}, credit.Choices)
	assert.Equal(t, &span{0, 1, 0.5}, credit.Number)

	differs := named(t, items, "B003", "sum")
	require.NotNil(t, differs.Sum)
	assert.Equal(t, "2.5", differs.Sum.Written)
	assert.InDelta(t, 3, *differs.Sum.Total, 1e-9)
	assert.Equal(t, []string{"1.1", "1.2"}, []string{differs.Sum.Parts[0].Field, differs.Sum.Parts[1].Field})
	assert.Equal(t, []string{"2", "1"}, []string{differs.Sum.Parts[0].Value, differs.Sum.Parts[1].Value})

	page := named(t, items, "B004", "page")
	assert.Equal(t, "assign B004-1 2 0", page.Guess, "it lies beside B004, which lacks page 2")
	assert.Equal(t, "B004", page.Pages.Booklets[0].ID)
	assert.Equal(t, []int{2}, page.Pages.Missing)
}

// Enter places nothing that may not belong: a page of another exam, one that resembles no page of the form, and
// one that resembles a page the booklet has.
func TestNoPlaceIsProposed(t *testing.T) {
	for name, change := range map[string]func(p *mark.Page){
		"as it is":                  func(*mark.Page) {},
		"foreign":                   func(p *mark.Page) { p.Status = "foreign" },
		"no likeness":               func(p *mark.Page) { p.Guess = 0 },
		"like a page that is there": func(p *mark.Page) { p.Guess = 1 },
	} {
		d := everyKind(t)
		for i := range d.read.Pages {
			if d.read.Pages[i].Status == "refused" {
				change(&d.read.Pages[i])
			}
		}
		page := named(t, waiting(t, serve(t, d), "first"), "B004", "page")
		assert.Equal(t, name == "as it is", page.Guess != "", name)
	}
}

// Every kind has values that are taken and close the item, and values that are not.
func TestEveryKindIsDecided(t *testing.T) {
	s := serve(t, everyKind(t))
	items := waiting(t, s, "first")
	for _, tc := range []struct{ booklet, field, bad, good, kept string }{
		{"B004", "page", "drop because", "drop not-ours", ""},
		{"B004", "page", "assign B004 9 0", "assign B004 2 180", "assign B004-1 2 180"},
		{"B004", "page", "assign B099 2 0", "assign copy:E0101 2 0", ""},
		{"B004", "page", "assign B004 2 45", "assign new 2 90", ""},
		{"B004", "page", "keep", "drop blank", ""},
		{"B004", "page", "use", "drop unusable", ""},
		{"B006", "page", "nothing", "keep", ""},
		{"B006", "page", "assign copy: 2 0", "use", ""},
		{"B004", "missing", "ok", "waived", ""},
		{"B005", "booklet", "waived", "ok", ""},
		{"B002", "sticker", "12345", "10000024", ""},
		{"B001", "1.1.a", "ticked", "remarked", ""},
		{"B001", "1.1.a", "", " empty ", "empty"},
		{"B001", "1.2", "0.25", "0,5", "0.5"},
		{"B001", "1.2", "none", "1.0", "1"},
		{"B002", "P1", "3.5", "2,5", "2.5"},
		{"B002", "P1", "0.3", "0", ""},
		{"B002", "P1", "-1", "none", ""},
		{"B003", "P1", "NaN", "2.50", "2.5"},
	} {
		it := named(t, items, tc.booklet, tc.field)
		status, b := post(t, s, "api/decide", "first", statement{Item: it.ID, Value: tc.bad})
		assert.Equal(t, http.StatusUnprocessableEntity, status, "%s %q: %s", tc.field, tc.bad, b)
		r := say(t, s, "first", it, tc.good)
		want := tc.kept
		if want == "" {
			want = tc.good
		}
		assert.Equal(t, want, r.Done[0].Value, "%s %q", tc.field, tc.good)
		assert.False(t, get[item](t, s, "api/item/"+it.ID).Open, "%s %q", tc.field, tc.good)
		status, b = post(t, s, "api/undo", "first")
		require.Equal(t, 200, status, "%s", b)
		assert.True(t, get[item](t, s, "api/item/"+it.ID).Open, "%s again", tc.field)
	}
}

func TestLedgerHasWhatWasShown(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	it := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	say(t, s, " first ", it, "empty")
	require.Len(t, d.made, 1)
	got := d.made[0]
	assert.Equal(t, store.Decision{ID: got.ID, At: got.At, Page: "B001-2", Field: "1.1.a", Source: "batch.pdf", SourcePage: 2, Who: "first",
		Action: store.ActionDecide, Mode: store.ModeSingle, Value: "empty", Old: "crossed", OldReason: "other-mark", Confidence: 0.7,
		Place: "2: 20.0 50.0 4.3 4.3"}, got)
}

// A decision changes what rests on it: the answer says what opened and what closed.
func TestAnswerSaysWhatElseChanged(t *testing.T) {
	d := newDesk(t, 2)
	d.doubt("B001", "1.2", "0", "other-mark", 0.6) // with 0 credits the sum would differ
	s := serve(t, d)
	items := waiting(t, s, "first")
	assert.Equal(t, []string{"credit", "sum"}, kindsOf(items))
	r := say(t, s, "first", items[0], "1")
	assert.Equal(t, []string{items[0].ID, items[1].ID}, sorted(r.Closed, items[0].ID, items[1].ID))
	assert.Empty(t, r.Items)
	assert.Equal(t, counts{Open: 0, Decided: 1, Total: 1, Kinds: map[string]int{}}, r.Counts)

	status, b := post(t, s, "api/undo", "first")
	require.Equal(t, 200, status)
	require.NoError(t, json.Unmarshal(b, &r))
	assert.Equal(t, items[0].ID, r.Item.ID)
	assert.Equal(t, []string{"credit", "sum"}, kindsOf(r.Items))
}

// sorted returns closed in the order of ids if it has just these.
func sorted(closed []string, ids ...string) []string {
	has := map[string]bool{}
	for _, id := range closed {
		has[id] = true
	}
	var got []string
	for _, id := range ids {
		if has[id] {
			got = append(got, id)
		}
	}
	if len(got) != len(closed) {
		return closed
	}
	return got
}

func TestReviewersWhoContradictEachOtherAreAskedAgain(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	mine := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	theirs := get[item](t, s, "api/item/"+mine.ID+"?reviewer=second")
	r := say(t, s, "first", mine, "crossed")
	assert.Contains(t, r.Closed, mine.ID)
	r = say(t, s, "second", theirs, "empty") // she did not see the first answer
	back := named(t, r.Items, "B001", "1.1.a")
	assert.Equal(t, "conflict", back.Kind)
	assert.Equal(t, "box", back.Of)
	assert.Equal(t, mine.ID, back.ID)
	assert.Len(t, back.Seen, 2)
	assert.Len(t, back.History, 2)
	assert.Len(t, back.Choices, 4)

	// The first one hears of it with the next answer.
	other := named(t, waiting(t, s, "first"), "B001", "1.2")
	r = say(t, s, "first", other, "1")
	assert.Equal(t, "conflict", named(t, r.Items, "B001", "1.1.a").Kind)

	r = say(t, s, "third", back, "filled")
	assert.Contains(t, r.Closed, back.ID)
	now := get[item](t, s, "api/item/"+back.ID)
	assert.Equal(t, "filled", now.Value)
	assert.Equal(t, "crossed", now.Guess, "the reader's word stays")
	assert.Equal(t, []bool{false, false, true}, []bool{now.History[0].Stands, now.History[1].Stands, now.History[2].Stands})
}

func TestReviewersWhoAgreeAreNotAsked(t *testing.T) {
	s := serve(t, everyKind(t))
	it := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	say(t, s, "first", it, "empty")
	r := say(t, s, "second", it, "empty")
	assert.Empty(t, r.Items)
	assert.False(t, get[item](t, s, "api/item/"+it.ID).Open)
}

// Who answers again before the first answer came back means the second one.
func TestNobodyContradictsHerself(t *testing.T) {
	s := serve(t, everyKind(t))
	it := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	say(t, s, "first", it, "crossed")
	say(t, s, "first", it, "empty")
	now := get[item](t, s, "api/item/"+it.ID)
	assert.Equal(t, "empty", now.Value)
	assert.Len(t, now.Seen, 1)
}

// A request cannot replace what was decided of other things.
// A page that is put into another copy shows other options at its boxes: what was said of the one is
// not taken for the other, nor is the old picture shown again.
func TestWhatIsAnsweredIsWhatWasShown(t *testing.T) {
	d := everyKind(t)
	q := d.exam.Problems[0].Questions[0]
	d.exam.CopiesFile = "copies.yaml"
	d.exam.Copies = []exam.Copy{{ID: "E2", Pages: []int{2}, Questions: []exam.CopyQuestion{{ID: q.ID, Options: []exam.Option{
		{ID: "a", Box: q.Options[1].Box}, {ID: "b", Box: q.Options[0].Box}}}}}}
	s := serve(t, d)
	it := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	d.mu.Lock()
	for i := range d.read.Readings {
		if r := &d.read.Readings[i]; r.Booklet == "B001" && r.Page == 2 {
			r.Copy = "E2"
		}
	}
	d.batch = nil
	d.mu.Unlock()
	status, b := post(t, s, "api/decide", "first", statement{Item: it.ID, Value: "crossed", Place: it.Place})
	assert.Equal(t, http.StatusConflict, status, "%s", b)
	now := get[item](t, s, "api/item/"+it.ID)
	assert.NotEqual(t, it.Pictures[shotClose].URL, now.Pictures[shotClose].URL)
	status, b = post(t, s, "api/decide", "first", statement{Item: it.ID, Value: "crossed", Place: now.Place})
	assert.Equal(t, http.StatusOK, status, "%s", b)
}

func TestSeenIsOfTheItem(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	items := waiting(t, s, "first")
	box := named(t, items, "B001", "1.1.a")
	r := say(t, s, "first", box, "crossed")
	other := named(t, items, "B001", "1.2")
	other.Seen = []string{r.Done[0].Decision}
	say(t, s, "second", other, "1")
	assert.Empty(t, d.made[1].Supersedes)
	assert.False(t, get[item](t, s, "api/item/"+box.ID).Open)
}

func TestUndo(t *testing.T) {
	d := newDesk(t, 6)
	for _, b := range []string{"B001", "B002", "B003"} {
		d.doubt(b, "1.1.a", "crossed", "other-mark", 0.95)
	}
	s := serve(t, d)
	items := waiting(t, s, "first")
	status, b := post(t, s, "api/undo", "first")
	assert.Equal(t, http.StatusConflict, status)
	assert.Contains(t, string(b), "nothing that first decided still stands")

	one := named(t, items, "B001", "1.1.a")
	say(t, s, "first", one, "empty")
	var group []statement
	for _, it := range items {
		if it.Booklet != "B001" && it.Kind == "box" {
			group = append(group, statement{Item: it.ID, Value: "crossed", Seen: it.Seen, Mode: store.ModeBatch})
		}
	}
	require.Len(t, group, 2)
	status, b = post(t, s, "api/decide", "first", group...)
	require.Equal(t, 200, status, "%s", b)
	assert.Equal(t, store.ModeBatch, d.made[2].Mode)

	status, _ = post(t, s, "api/undo", "second")
	assert.Equal(t, http.StatusConflict, status, "others' decisions stay")
	status, b = post(t, s, "api/undo", "first")
	require.Equal(t, 200, status, "%s", b)
	var r reply
	require.NoError(t, json.Unmarshal(b, &r))
	assert.Len(t, r.Items, 2, "the whole batch")
	assert.False(t, get[item](t, s, "api/item/"+one.ID).Open, "and no more")
	status, _ = post(t, s, "api/undo", "first")
	require.Equal(t, 200, status)
	assert.True(t, get[item](t, s, "api/item/"+one.ID).Open)
	status, _ = post(t, s, "api/undo", "first")
	assert.Equal(t, http.StatusConflict, status)
}

// Undo brings back what the withdrawn decision replaced.
func TestUndoOfASecondThought(t *testing.T) {
	s := serve(t, everyKind(t))
	it := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	say(t, s, "first", it, "crossed")
	again := get[item](t, s, "api/item/"+it.ID)
	say(t, s, "first", again, "empty")
	post(t, s, "api/undo", "first")
	assert.Equal(t, "crossed", get[item](t, s, "api/item/"+it.ID).Value)
}

func TestOneBadDecisionSpoilsTheRequest(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	items := waiting(t, s, "first")
	box, credit := named(t, items, "B001", "1.1.a"), named(t, items, "B001", "1.2")
	for _, tc := range []struct {
		name string
		who  string
		want int
		all  []statement
	}{
		{"a value that is not possible", "first", 422, []statement{{Item: box.ID, Value: "empty"}, {Item: credit.ID, Value: "7"}}},
		{"an item that is not there", "first", 404, []statement{{Item: box.ID, Value: "empty"}, {Item: "gone", Value: "1"}}},
		{"one item twice", "first", 400, []statement{{Item: box.ID, Value: "empty"}, {Item: box.ID, Value: "crossed"}}},
		{"nobody", " ", 400, []statement{{Item: box.ID, Value: "empty"}}},
		{"nothing", "first", 400, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, b := post(t, s, "api/decide", tc.who, tc.all...)
			assert.Equal(t, tc.want, status, "%s", b)
			assert.Empty(t, d.made)
		})
	}
}

// Two reviewers get different items; a claim ends after 90 seconds, and nobody is shown an empty
// queue that is not.
func TestClaims(t *testing.T) {
	d := newDesk(t, 6)
	for _, b := range d.read.Booklets {
		d.doubt(b.ID, "1.1.a", "crossed", "other-mark", 0.5)
	}
	s := serve(t, d)
	now := time.Now()
	s.claims.now = func() time.Time { return now }
	boxes := func(who string) (booklets []string) {
		for _, it := range get[queue](t, s, "api/queue?kind=box&limit=3&reviewer="+who).Items {
			booklets = append(booklets, it.Booklet)
		}
		return booklets
	}
	assert.Equal(t, []string{"B001", "B002", "B003"}, boxes("first"))
	assert.Equal(t, []string{"B004", "B005", "B006"}, boxes("second"))
	assert.Equal(t, []string{"B001", "B002", "B003"}, boxes("first"), "one's own")
	assert.Equal(t, []string{"B006", "B005", "B004"}, boxes("third"), "from the end, as all are taken")
	now = now.Add(91 * time.Second)
	assert.Equal(t, []string{"B001", "B002", "B003"}, boxes("third"))
	from := get[queue](t, s, "api/queue?kind=box&limit=3").Items
	assert.Equal(t, "B004", from[0].Booklet)
	from = get[queue](t, s, "api/queue?kind=box&reviewer=fourth&from="+from[1].ID).Items
	assert.Equal(t, []string{"B005", "B006", "B004"}, []string{from[0].Booklet, from[1].Booklet, from[2].Booklet})
}

// Claims last while their reviewer works; what is decided is nobody's any more.
func TestClaimsLastWhileOneWorks(t *testing.T) {
	d := newDesk(t, 4)
	for _, b := range d.read.Booklets {
		d.doubt(b.ID, "1.1.a", "crossed", "other-mark", 0.5)
	}
	s := serve(t, d)
	now := time.Now()
	s.claims.now = func() time.Time { return now }
	boxes := func(who string) []item { return get[queue](t, s, "api/queue?kind=box&limit=3&reviewer="+who).Items }
	first := boxes("first")
	now = now.Add(80 * time.Second)
	status, b := post(t, s, "api/decide", "first", statement{Item: first[0].ID, Value: "empty"})
	require.Equal(t, 200, status, "%s", b)
	now = now.Add(80 * time.Second)
	second := boxes("second")
	require.Len(t, second, 1)
	assert.Equal(t, "B004", second[0].Booklet)
	status, b = post(t, s, "api/undo", "first")
	require.Equal(t, 200, status, "%s", b)
	assert.Equal(t, "B001", boxes("second")[0].Booklet, "asked again, of anybody")
	now = now.Add(11 * time.Second)
	assert.Equal(t, "B002", boxes("third")[0].Booklet, "90 seconds after the last decision")
}

func TestGroupsAreAlike(t *testing.T) {
	d := newDesk(t, 6)
	for i, b := range d.read.Booklets {
		d.doubt(b.ID, "1.1.a", []string{"crossed", "filled"}[i%2], "other-mark", 0.95)
	}
	d.doubt("B001", "1.1.b", "crossed", "other-mark", 0.3) // less sure
	d.doubt("B002", "1.1.b", "", "unread", 0)              // no guess
	s := serve(t, d)
	items := waiting(t, s, "first")
	one := named(t, items, "B001", "1.1.a")
	assert.Equal(t, "box:crossed:other-mark:sure", one.Group)
	assert.Empty(t, named(t, items, "B002", "1.1.b").Group)
	var got []string
	for _, it := range get[queue](t, s, "api/group?reviewer=first&key="+one.Group).Items {
		got = append(got, it.Booklet+it.Field)
	}
	assert.Equal(t, []string{"B0011.1.a", "B0031.1.a", "B0051.1.a"}, got)
	assert.Empty(t, get[queue](t, s, "api/group?key=").Items)
}

func TestStudents(t *testing.T) {
	s := serve(t, newDesk(t, 1))
	type answer struct{ Students []student }
	find := func(q string) []student { return get[answer](t, s, "api/students?"+q).Students }
	assert.Equal(t, []student{{"10000024", "03700002", "", ""}, {"10000031", "03700003", "", ""}, {"10000017", "03700001", "", "B001"}}, find("q="), "the taken one last")
	assert.Equal(t, []student{{"10000031", "03700003", "", ""}}, find("q=03700003"))
	assert.Equal(t, []student{{"10000024", "03700002", "", ""}}, find("q=beispiel"), "names are searched and not shown")
	assert.Equal(t, []student{{"10000024", "03700002", "Ben Beispiel", ""}}, find("q=beispiel+ben&names=1"))
	assert.Empty(t, find("q=nobody"))
	d := newDesk(t, 1)
	d.roster = nil
	assert.Empty(t, get[answer](t, serve(t, d), "api/students?q=").Students)
}

// An id is that of the image and field: it stays where files get other names, and two pages with
// the same image have two.
func TestItemsKeepTheirIDs(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	before := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	e := everyKind(t)
	for i := range e.read.Pages {
		e.read.Pages[i].Source = "renamed.pdf"
	}
	for i := range e.read.Readings {
		e.read.Readings[i].Source = "renamed.pdf"
	}
	twin := e.read.Readings[2]
	require.Equal(t, "1.1.a", twin.Field)
	for i := range e.read.Readings {
		if r := &e.read.Readings[i]; r.Booklet == "B002" && r.Page == 2 {
			r.Image = twin.Image
		}
	}
	e.doubt("B002", "1.1.a", "empty", "other-mark", 0.6)
	s = serve(t, e)
	items := waiting(t, s, "first")
	one, two := named(t, items, "B001", "1.1.a"), named(t, items, "B002", "1.1.a")
	assert.Equal(t, before.ID, one.ID)
	assert.NotEqual(t, one.ID, two.ID)
	say(t, s, "first", two, "empty")
	assert.Equal(t, 5, e.made[0].SourcePage)
	assert.Empty(t, get[item](t, s, "api/item/"+one.ID).History)
	assert.Len(t, get[item](t, s, "api/item/"+two.ID).History, 1)
}

func TestOutsideDecisionsAreSeen(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	items := waiting(t, s, "first")
	version := get[state](t, s, "api/state").Version
	_, err := d.Decide(t.Context(), []store.Decision{{Page: "B001-2", Field: "1.1.a", Who: "elsewhere", Action: store.ActionDecide, Value: "empty"}})
	require.NoError(t, err)
	assert.Greater(t, get[state](t, s, "api/state").Version, version)
	r := say(t, s, "first", named(t, items, "B001", "1.2"), "1")
	assert.Contains(t, r.Closed, named(t, items, "B001", "1.1.a").ID)
}

// Where every mark selects, nothing undoes.
func TestOtherConventions(t *testing.T) {
	d := everyKind(t)
	d.exam.Conventions = exam.Conventions{Marks: exam.MarksAny, Correctors: []string{}}
	s := serve(t, d)
	it := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	assert.Len(t, it.Choices, 2)
	assert.Equal(t, conventions{"any", []string{}}, get[state](t, s, "api/state").Conventions)
}

func TestLostFieldsAreNotAsked(t *testing.T) {
	d := everyKind(t)
	d.read.Readings = append(d.read.Readings, mark.Reading{Booklet: "B004", Page: 2, Field: "1.1.a", Kind: mark.KindChoice,
		Value: mark.ValueLost, Confidence: 1, Reason: mark.ReasonDecided, Image: "B004-1"})
	s := serve(t, d)
	for _, it := range waiting(t, s, "first") {
		assert.NotEqual(t, "B0041.1.a", it.Booklet+it.Field)
	}
}
