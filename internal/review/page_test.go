package review

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"io/fs"
	"math"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"scan/internal/bench"
	"scan/internal/e2e"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyThisPageIsAnswered(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	root := s.Link[:strings.LastIndex(strings.TrimSuffix(s.Link, "/"), "/")+1]
	port := strings.TrimSuffix(strings.TrimPrefix(root, "http://127.0.0.1:"), "/")
	for _, tc := range []struct {
		name, method, link string
		headers            []string
		want               int
	}{
		{"the page", "GET", s.Link, nil, 200},
		{"by name", "GET", s.Link, []string{"Host", "localhost:" + port}, 200},
		{"without the secret", "GET", root, nil, 404},
		{"with another secret", "GET", root + "AAAAAAAAAAAAAAAAAAAAAAAAAA/api/state", nil, 404},
		{"an asset without the secret", "GET", root + "assets/main.js", nil, 404},
		{"another host's name", "GET", s.Link, []string{"Host", "exams.example:" + port}, 421},
		{"another page posts", "POST", s.Link + "api/decide", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another port posts", "POST", s.Link + "api/undo", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser's other page posts", "POST", s.Link + "api/decide", []string{"Origin", "http://evil.example"}, 403},
		{"the page posts rubbish", "POST", s.Link + "api/decide", []string{"Sec-Fetch-Site", "same-origin"}, 400},
		{"deciding by reading", "GET", s.Link + "api/decide", nil, 405},
		{"no such item", "GET", s.Link + "api/item/none", nil, 404},
		{"no such picture", "GET", s.Link + "picture/none/close", nil, 404},
		{"no number of checks", "GET", s.Link + "api/spot?n=many", nil, 400},
		{"out of the assets", "GET", s.Link + "assets/..%2f..%2fserver.go", nil, 404},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, header, _ := e2e.Call(t, tc.method, tc.link, nil, tc.headers...)
			assert.Equal(t, tc.want, status)
			csp := header.Get("Content-Security-Policy")
			assert.Contains(t, csp, "default-src 'none'; script-src 'self'; style-src 'self'")
			assert.NotContains(t, csp, "unsafe")
			assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
			assert.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
			if tc.name != "out of the assets" { // refused before it is anybody's
				assert.Equal(t, "no-store", header.Get("Cache-Control"))
			}
		})
	}
	assert.Empty(t, d.made)
}

func TestLanguage(t *testing.T) {
	s := serve(t, everyKind(t))
	for _, tc := range []struct{ query, accept, want string }{
		{"", "", "en"}, {"", "de-AT,de;q=0.9,en;q=0.5", "de"}, {"", "fr", "en"}, {"?lang=de", "en", "de"}, {"?lang=en", "de", "en"}, {"?lang=xx", "de", "de"},
	} {
		_, _, b := e2e.Call(t, "GET", s.Link+tc.query, nil, "Accept-Language", tc.accept)
		assert.Contains(t, string(b), `<html lang="`+tc.want+`"`, "%+v", tc)
	}
}

// Nothing in the page needs what the policy forbids.
func TestPageHasNoInlineCode(t *testing.T) {
	b, err := assets.ReadFile("assets/page.html")
	require.NoError(t, err)
	assert.NotRegexp(t, `(?i)<style|style=|\son[a-z]+=|<script[^>]*>[^<]`, string(b))
	files, err := assets.ReadDir("assets")
	require.NoError(t, err)
	for _, f := range files {
		if !f.IsDir() {
			js, err := assets.ReadFile("assets/" + f.Name())
			require.NoError(t, err)
			assert.NotRegexp(t, `innerHTML|insertAdjacentHTML|eval\(`, string(js), f.Name())
		}
	}
}

// Pictures have the size that was announced; the boxes in question lie in them.
func TestPictures(t *testing.T) {
	s := serve(t, everyKind(t))
	for _, it := range waiting(t, s, "first") {
		for _, name := range shotNames {
			p := it.Pictures[name]
			require.NotNil(t, p, "%s of %s", name, it.Field)
			status, header, b := e2e.Call(t, "GET", s.Link+p.URL, nil)
			require.Equal(t, 200, status, "%s", b)
			assert.Equal(t, "image/jpeg", header.Get("Content-Type"))
			assert.Equal(t, "private, max-age=3600", header.Get("Cache-Control"))
			img, err := jpeg.Decode(bytes.NewReader(b))
			require.NoError(t, err)
			assert.Equal(t, p.Width, img.Bounds().Dx())
			assert.Equal(t, p.Height, img.Bounds().Dy())
			if it.Of == kindBox || it.Of == kindSticker || it.Of == kindScore {
				assert.Len(t, p.Focus, 1, "%s of %s", name, it.Field)
			}
			for _, f := range p.Focus {
				assert.True(t, f[0] >= 0 && f[1] >= 0 && f[2] > 0 && f[3] > 0 && f[0]+f[2] <= 1 && f[1]+f[3] <= 1, "%s of %s: %v", name, it.Field, f)
			}
		}
	}
}

// The box of 4.28 mm is in the middle of its picture, with 7.5 mm around it.
func TestFocusIsTheBox(t *testing.T) {
	s := serve(t, everyKind(t))
	f := named(t, waiting(t, s, "first"), "B001", "1.1.a").Pictures[shotClose].Focus[0]
	for i, want := range []float64{7.5, 7.5, 4.28, 4.28} {
		assert.InDelta(t, want/(4.28+15), f[i], 1e-9)
	}
}

// A refused page may be turned: its picture then lies across.
func TestPagesAreTurned(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	page := named(t, waiting(t, s, "first"), "B004", "page").Pictures[shotWhole]
	_, _, b := e2e.Call(t, "GET", s.Link+page.URL+"&turn=90", nil)
	img, err := jpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	assert.Equal(t, page.Width, img.Bounds().Dy())
	assert.Equal(t, page.Height, img.Bounds().Dx())
	status, _, _ := e2e.Call(t, "GET", s.Link+page.URL+"&turn=45", nil)
	assert.Equal(t, 404, status)
}

// The form's own pages are there to hold a page against that was not recognised.
func TestPagesOfTheForm(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	_, _, b := e2e.Call(t, "GET", s.Link+"picture/form/2", nil)
	img, err := jpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	assert.Equal(t, 2, img.Bounds().Dx())
	for _, page := range []string{"0", strconv.Itoa(d.exam.Pages + 1), "two"} {
		status, _, _ := e2e.Call(t, "GET", s.Link+"picture/form/"+page, nil)
		assert.Equal(t, 404, status, page)
	}
}

// What was taken is kept, and what comes next is taken before it is asked for.
func TestPicturesAreTakenOnceAndAhead(t *testing.T) {
	d := everyKind(t)
	s := serve(t, d)
	items := waiting(t, s, "first")
	taken := func() (n int, twice bool) {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, times := range d.taken {
			n, twice = n+1, twice || times > 1
		}
		return n, twice
	}
	require.Eventually(t, func() bool { n, _ := taken(); return n >= len(items) }, 10*time.Second, time.Millisecond)
	for range 3 {
		e2e.Call(t, "GET", s.Link+items[len(items)-1].Pictures[shotClose].URL, nil)
	}
	_, twice := taken()
	assert.False(t, twice)
}

// A sample is blind: nothing that the page gets tells what the reader said.
func TestSpotChecksAreBlind(t *testing.T) {
	d := newDesk(t, 5)
	d.doubt("B001", "1.1.a", "crossed", "other-mark", 0.5) // not sure: never in a sample
	s := serve(t, d)
	assert.Equal(t, 27, get[struct{ Spot spotState }](t, s, "api/spot?n=5000").Spot.Asked, "all that the reader was sure of")
	of := map[string]int{}
	for _, it := range get[queue](t, s, "api/queue?kind=spot").Items {
		of[it.Of]++
		assert.Empty(t, it.Guess, it.Field)
		assert.Nil(t, it.Confidence)
		assert.Empty(t, it.Candidates)
		assert.Nil(t, it.Sum)
		assert.Empty(t, it.Value)
		assert.Empty(t, it.Reason)
		assert.Empty(t, it.Others)
		assert.Empty(t, it.Group)
		for _, c := range it.Choices {
			assert.False(t, c.Guess)
		}
		if it.Of == kindSticker {
			assert.Empty(t, it.Choices, "not the code that was read")
		}
		assert.NotEqual(t, "B0011.1.a", it.Booklet+it.Field)
	}
	assert.Equal(t, map[string]int{kindBox: 9, kindCredit: 10, kindScore: 5, kindSticker: 3}, of)
}

func TestSpotChecks(t *testing.T) {
	d := newDesk(t, 5)
	s := serve(t, d)
	require.Nil(t, get[state](t, s, "api/state").Spot)
	type answer struct{ Spot spotState }
	assert.Equal(t, 8, get[answer](t, s, "api/spot?n=8").Spot.Asked)
	spots := get[queue](t, s, "api/queue?kind=spot").Items
	require.Len(t, spots, 8)
	assert.Empty(t, get[queue](t, serve(t, newDesk(t, 5)), "api/queue?kind=spot").Items, "another page was not asked")

	wrong := 0
	for i, it := range spots {
		sure := named(t, sureItems(t, d), it.Booklet, it.Field)
		value := sure.Value
		if value == "" {
			value = "none"
		}
		if it.Of == kindBox && wrong == 0 {
			value, wrong = "filled", 1
		}
		r := say(t, s, "first", it, value)
		require.NotNil(t, r.Done[0].Reader)
		assert.Equal(t, sure.Value, *r.Done[0].Reader)
		assert.Equal(t, value == "filled", r.Done[0].Differs)
		assert.Equal(t, "spot", d.made[i].Mode)
	}
	require.Equal(t, 1, wrong, "the sample holds a box")
	st := get[state](t, s, "api/state").Spot
	assert.Equal(t, 8, st.Done)
	assert.Equal(t, 1, st.Wrong)
	assert.InDelta(t, 0.125, st.Rate, 1e-12)
	assert.InDelta(t, bench.Upper(1, 8), st.Bound, 1e-12)
	assert.Equal(t, 8, sumOf(st.Strata))
	assert.Empty(t, get[queue](t, s, "api/queue?kind=spot").Items)

	// A restart knows what was looked at, and a larger sample goes on from there.
	s = serve(t, d)
	assert.Equal(t, 8, get[state](t, s, "api/state").Spot.Done)
	assert.Equal(t, 12, get[answer](t, s, "api/spot?n=12").Spot.Asked)
	assert.Len(t, get[queue](t, s, "api/queue?kind=spot").Items, 4)
}

// The report tells of the sample what the page does, also where somebody corrected one of its readings
// without being asked.
func TestSpotChecksInTheReport(t *testing.T) {
	d := newDesk(t, 5)
	report := func() [2]int {
		b, err := d.Batch(t.Context())
		require.NoError(t, err)
		looked, wrong, bound := SpotChecks(d.exam, d.roster, b, d.made)
		assert.InDelta(t, bench.Upper(wrong, looked), bound, 1e-12)
		return [2]int{looked, wrong}
	}
	assert.Equal(t, [2]int{0, 0}, report())
	box := named(t, sureItems(t, d), "B001", "1.1.b")
	say(t, serve(t, d), "first", box, "crossed") // before any sample
	s := serve(t, d)
	e2e.Call(t, "GET", s.Link+"api/spot?n=5000", nil)
	spots := get[queue](t, s, "api/queue?kind=spot&limit=200").Items
	for _, it := range spots {
		value := named(t, sureItems(t, d), it.Booklet, it.Field).Value
		if value == "" {
			value = "none"
		}
		say(t, s, "first", it, value)
	}
	require.Equal(t, len(spots)+1, get[state](t, s, "api/state").Spot.Done)
	again := get[state](t, serve(t, d), "api/state").Spot
	assert.Equal(t, [2]int{again.Done, again.Wrong}, report())
	assert.Equal(t, 1, again.Wrong)
}

// sureItems is what the reader said, as items.
func sureItems(t *testing.T, d *fakeDesk) []item {
	t.Helper()
	plain := &fakeDesk{exam: d.exam, roster: d.roster, read: d.read}
	v := newView(newPaper(d.exam, d.roster), nil, plain.settle(), nil, 0)
	var all []item
	for i := range v.all {
		all = append(all, v.item(&v.all[i]))
	}
	return all
}

func sumOf(strata []stratum) (n int) {
	for _, s := range strata {
		n += s.N
	}
	return n
}

// The bound against the definition: at the bound, seeing so few has a probability of 5 %.
func TestUpperBound(t *testing.T) {
	assert.InDelta(t, 1-math.Pow(0.05, 1.0/50), bench.Upper(0, 50), 1e-12)
	assert.InDelta(t, 1, bench.Upper(0, 0), 0)
	assert.InDelta(t, 1, bench.Upper(3, 3), 0)
	for _, k := range []int{1, 2, 5} {
		n, p := 40, bench.Upper(k, 40)
		few := 0.0
		for i := 0; i <= k; i++ {
			c := 1.0
			for j := range i {
				c *= float64(n-j) / float64(j+1)
			}
			few += c * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
		}
		assert.InDelta(t, 0.05, few, 1e-9, "%d of %d", k, n)
	}
}

func TestQueryOfANameIsEscaped(t *testing.T) {
	s := serve(t, everyKind(t))
	assert.Len(t, waiting(t, s, url.QueryEscape("Ä & Ö")), 13)
}

// What the page cannot be given is said, and nothing else is harmed.
func TestBrokenDesk(t *testing.T) {
	d := everyKind(t)
	d.scans = fmt.Errorf("scans/batch.pdf cannot be opened: %w", fs.ErrNotExist)
	s := serve(t, d)
	box := named(t, waiting(t, s, "first"), "B001", "1.1.a")
	status, _, b := e2e.Call(t, "GET", s.Link+box.Pictures[shotClose].URL, nil)
	assert.Equal(t, 404, status)
	assert.JSONEq(t, `{"error": "scans/batch.pdf cannot be opened: file does not exist"}`, string(b))
	say(t, s, "first", box, "empty")

	d.mu.Lock()
	d.broken = errors.New("the disk is full")
	d.mu.Unlock()
	status, b = post(t, s, "api/decide", "first", statement{Item: box.ID, Value: "crossed"})
	assert.Equal(t, 500, status)
	assert.JSONEq(t, `{"error": "the disk is full"}`, string(b))
}

// The album holds the latest pictures and no more than it may.
func TestAlbumForgets(t *testing.T) {
	a := newAlbum(newDesk(t, 1))
	big := make([]byte, albumBytes/4)
	for _, key := range []string{"a", "b", "c", "d"} {
		a.keep(key, big)
	}
	_, ok := a.find("a")
	require.True(t, ok)
	a.keep("e", big)
	_, ok = a.find("b")
	assert.False(t, ok, "nobody asked for it for longest")
	for _, key := range []string{"a", "c", "d", "e"} {
		_, ok = a.find(key)
		assert.True(t, ok, key)
	}
	assert.LessOrEqual(t, a.bytes, albumBytes)
}
