package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/review"
	"scan/pipeline"
)

// reviewItem is what the test needs of an item; the page gets more.
type reviewItem struct {
	ID, Kind, Of, Field, Booklet, Reason, Guess string
	Source                                      string
	SourcePage                                  int `json:"source_page"`
	Open                                        bool
	Seen                                        []string
	Choices                                     []struct{ Value string }
	Number                                      *struct{ Min float64 }
	Pictures                                    map[string]*struct{ URL string }
}

type reviewReply struct {
	Items  []reviewItem
	Closed []string
	Counts struct{ Open, Decided int }
}

// reviewer is a person at the page.
type reviewer struct {
	t          *testing.T
	link, name string
}

func (p reviewer) get(path string, to any) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.link+path, nil)
	require.NoError(p.t, err)
	p.do(r, to)
}

func (p reviewer) do(r *http.Request, to any) {
	p.t.Helper()
	w, err := http.DefaultClient.Do(r)
	require.NoError(p.t, err)
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	require.NoError(p.t, err)
	require.Equal(p.t, http.StatusOK, w.StatusCode, "%s: %s", r.URL.Path, b)
	if to != nil {
		require.NoError(p.t, json.Unmarshal(b, to))
	}
}

// say decides an item.
func (p reviewer) say(it reviewItem, value string) (reply reviewReply) {
	p.t.Helper()
	p.post("api/decide", map[string]any{"reviewer": p.name, "decisions": []map[string]any{
		{"item": it.ID, "value": value, "seen": it.Seen, "mode": "single", "note": ""}}}, &reply)
	return reply
}

func (p reviewer) post(path string, body, to any) {
	p.t.Helper()
	b, err := json.Marshal(body)
	require.NoError(p.t, err)
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.link+path, bytes.NewReader(b))
	require.NoError(p.t, err)
	p.do(r, to)
}

func (p reviewer) queue() (all []reviewItem) {
	p.t.Helper()
	var q reviewReply
	p.get("api/queue?limit=200&reviewer="+p.name, &q)
	return q.Items
}

// answerTo is an answer that a person might give: the guess, or the first thing possible.
func (p reviewer) answerTo(it reviewItem) string {
	p.t.Helper()
	switch {
	case it.Of == "sticker":
		var found struct {
			Students []struct{ Code, Taken string }
		}
		p.get("api/students?q=", &found)
		require.Empty(p.t, found.Students[0].Taken, "those without a booklet come first")
		return found.Students[0].Code
	case it.Guess != "":
		return it.Guess
	case len(it.Choices) > 0 && it.Kind != "page":
		return it.Choices[0].Value
	case it.Number != nil:
		return "0"
	}
	return "drop not-ours"
}

// troubled is a batch in which pages are lost, refused and foreign, and the roster has a number
// that is on no sticker.
func troubled(t *testing.T, codes bool) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	batch, err := fixtures.MakeBatch(dir, fixtures.BatchOptions{Seed: 3, Booklets: 4, Level: "mix", Variant: 1, DPI: 150, Troubles: true, Codes: codes})
	require.NoError(t, err)
	file := filepath.Join(dir, pipeline.RosterFile)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	code := batch.Truth.Booklets[1].Code
	require.Contains(t, string(b), code)
	require.NoError(t, os.WriteFile(file, bytes.Replace(b, []byte(code), []byte("00000000"), 1), 0o600))
	return dir
}

// Whatever waits in a real batch can be decided: every answer closes its item, until nothing waits;
// and reading again asks nobody.
func TestReviewToTheEnd(t *testing.T) {
	t.Run("without codes", func(t *testing.T) { reviewToTheEnd(t, troubled(t, false)) })
	t.Run("page codes", func(t *testing.T) { reviewToTheEnd(t, troubled(t, true)) })
}

func reviewToTheEnd(t *testing.T, dir string) {
	t.Helper()
	o := pipeline.Options{Dir: dir}
	out, err := pipeline.Read(t.Context(), o)
	require.NoError(t, err)
	require.True(t, out.Summary.Waiting())
	session, err := pipeline.OpenSession(t.Context(), o)
	require.NoError(t, err)
	defer session.Close()
	page, err := review.New(t.Context(), desk{session}, review.Options{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- page.Serve(ctx) }()

	first, second := reviewer{t, page.Link, "first"}, reviewer{t, page.Link, "second"}
	contradict(t, first, second)
	kinds := map[string]int{}
	for all := first.queue(); len(all) > 0; all = first.queue() {
		it := all[0]
		kinds[it.Kind]++
		for name, p := range it.Pictures {
			if p != nil && name != "whole" {
				first.get(p.URL, nil)
			}
		}
		value := first.answerTo(it)
		if kinds[it.Kind] == 1 { // of each kind once: say it, and take it back
			first.say(it, value)
			first.post("api/undo", map[string]any{"reviewer": first.name}, nil)
			var back reviewItem
			first.get("api/item/"+it.ID, &back)
			require.True(t, back.Open, "%s again", it.Kind)
			require.Equal(t, it.Reason, back.Reason)
		}
		reply := first.say(it, value)
		require.Contains(t, reply.Closed, it.ID, "%s %s of %s said %q: %s", it.Kind, it.Field, it.Booklet, value, it.Reason)
		require.Less(t, reply.Counts.Decided, 1000, "it comes to an end")
	}
	t.Log(kinds)
	for _, kind := range []string{"page", "missing", "sticker", "box", "credit", "score", "conflict"} {
		assert.Positive(t, kinds[kind], kind)
	}

	stop()
	require.NoError(t, <-ended)
	out, err = session.Outcome(t.Context())
	require.NoError(t, err)
	assert.False(t, out.Summary.Waiting(), "%+v", out.Summary)
	again, err := pipeline.Read(t.Context(), o)
	require.NoError(t, err)
	assert.Zero(t, again.Summary.Read)
	assert.False(t, again.Summary.Waiting(), "%+v", again.Summary)
	assert.Equal(t, out.Sheets, again.Sheets)
}

// contradict lets two people say different things of a box, neither knowing of the other.
func contradict(t *testing.T, first, second reviewer) {
	t.Helper()
	var box reviewItem
	for _, it := range first.queue() {
		if it.Kind == "box" {
			box = it
		}
	}
	require.NotEmpty(t, box.ID, "a box waits")
	first.say(box, "crossed")
	var same reviewItem
	first.get("api/item/"+box.ID, &same)
	require.False(t, same.Open)
	reply := second.say(box, "empty")
	i := 0
	for i < len(reply.Items) && reply.Items[i].ID != box.ID {
		i++
	}
	require.Less(t, i, len(reply.Items), "the box comes back")
	assert.Equal(t, "conflict", reply.Items[i].Kind)
	assert.Equal(t, "box", reply.Items[i].Of)
	assert.Equal(t, "reviewers-differ", reply.Items[i].Reason)
	assert.Len(t, reply.Items[i].Seen, 2)
}
