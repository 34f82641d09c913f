package review

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/e2e"
)

func hits(t *testing.T, s *Server, q string) []hit {
	t.Helper()
	return get[struct{ Found []hit }](t, s, "api/find?q="+url.QueryEscape(q)).Found
}

// What the reader was sure of can be found and corrected: nobody else would ask about it.
func TestWhatNobodyAsksAboutIsFound(t *testing.T) {
	d := newDesk(t, 3)
	s := serve(t, d)
	require.Empty(t, waiting(t, s, "first"))

	for _, tc := range []struct {
		q      string
		fields []string // of the booklet B002
	}{
		{"B002 1.1", []string{"1.1.a", "1.1.b"}},
		{"b002 1.1.B", []string{"1.1.b"}},
		{"10000024 p1", []string{"P1"}},           // the code on its sticker
		{"03700002 sticker", []string{"sticker"}}, // the registration number
		{"batch.pdf:6", []string{"@page", "1.2", "1.2/2"}},
		{"B002 1.2", []string{"1.2", "1.2/2"}},
		{"B002 9", []string{}},
		{"Beispiel", []string{}},
		{"", []string{}},
	} {
		got := []string{}
		for _, h := range hits(t, s, tc.q) {
			assert.Equal(t, "B002", h.Booklet, tc.q)
			got = append(got, h.Field)
		}
		assert.Equal(t, tc.fields, got, tc.q)
	}

	box := hits(t, s, "B002 1.1.a")[0]
	assert.Equal(t, "crossed", box.Value)
	assert.Equal(t, "1.1", box.Question)
	say(t, s, "first", get[item](t, s, "api/item/"+box.Item), "empty")
	assert.Equal(t, "empty", hits(t, s, "B002 1.1.a")[0].Value)
}

// Whoever checks what the reader was sure of does not read its answer in a list.
func TestFindingKeepsSpotChecksBlind(t *testing.T) {
	s := serve(t, newDesk(t, 1))
	get[map[string]any](t, s, "api/spot?n=100")
	blind := 0
	for _, h := range hits(t, s, "B001") {
		if h.Kind == kindSpot {
			assert.Empty(t, h.Value, h.Field)
			blind++
		}
	}
	assert.Positive(t, blind)
}

func TestFindingBookletsAsAWhole(t *testing.T) {
	s := serve(t, everyKind(t))
	kinds := map[string]bool{}
	for _, h := range hits(t, s, "B004 @") {
		kinds[h.Kind] = true
	}
	assert.Equal(t, map[string]bool{kindPage: true, kindMissing: true}, kinds)
}

// With the keyboard: what was read for sure is looked up, answered otherwise, and taken back; and the key
// that finds it answers nothing.
func TestFindInBrowser(t *testing.T) {
	e2e.Need(t)
	d := everyKind(t)
	s := serve(t, d)
	e2e.Run(t, "e2e/find.mjs", map[string]any{"link": s.Link}, 2*time.Minute)
	require.Len(t, d.made, 2)
	assert.Equal(t, []string{"1.1.b", "crossed", "empty"}, []string{d.made[0].Field, d.made[0].Value, d.made[0].Old})
	assert.Equal(t, "withdraw", d.made[1].Action)
}
