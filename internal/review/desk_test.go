package review

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"scan/internal/e2e"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// practiceExam has a choice question, a credit question that two people correct, and their sum written by
// hand; on three pages.
func practiceExam() *exam.Exam {
	yes, no := true, false
	at := func(x, y float64) geom.Box { return geom.Box{X: x, Y: y, W: 4.28, H: 4.28} }
	q1 := exam.Question{ID: "1.1", Kind: exam.Choice, Page: 2, Credits: 2, Rule: exam.AllOrNothing, Select: exam.SelectAny,
		Options: []exam.Option{{ID: "a", Box: at(20, 50), Correct: &yes}, {ID: "b", Box: at(20, 58), Correct: &no}}}
	q2 := exam.Question{ID: "1.2", Kind: exam.Credit, Page: 3, Credits: 1}
	for by := 1; by <= 2; by++ {
		for i, c := range []float64{0, 0.5, 1} {
			q2.Boxes = append(q2.Boxes, exam.CreditBox{Credits: c, Corrector: by, Box: at(float64(10*by), 30+3.57*float64(i))})
		}
	}
	return &exam.Exam{ID: "practice", Title: "Practice", Pages: 3,
		Sticker:  &exam.Sticker{Page: 1, Box: geom.Box{X: 20, Y: 30, W: 38, H: 21}},
		Problems: []exam.Problem{{ID: "1", Title: "Basics", Questions: []exam.Question{q1, q2}}},
		Scores:   []exam.Score{{ID: "P1", Problem: "1", Corrector: 1, Page: 1, Box: geom.Box{X: 50, Y: 100, W: 20, H: 10}, Max: 3, Step: 0.5}}}
}

func practiceRoster(t *testing.T) *exam.Roster {
	t.Helper()
	r, err := exam.ParseRoster("roster.csv", []byte("code,registration,last name,first name\n"+
		"10000017,03700001,Muster,Anna\n10000024,03700002,Beispiel,Ben\n10000031,03700003,Probe,Cleo\n"))
	require.NoError(t, err)
	return r
}

// fakeDesk is a batch in memory: what was read, the ledger, and what both come to.
type fakeDesk struct {
	exam   *exam.Exam
	roster *exam.Roster
	read   mark.Batch // without decisions

	mu     sync.Mutex
	made   []store.Decision
	now    time.Time
	batch  *mark.Batch
	taken  map[string]int // pictures, by source page and area
	broken error
	scans  error // of pictures
}

// newDesk makes booklets of three pages each, all of which were read for sure.
func newDesk(t *testing.T, booklets int) *fakeDesk {
	d := &fakeDesk{exam: practiceExam(), roster: practiceRoster(t), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), taken: map[string]int{}}
	for b := range booklets {
		id := fmt.Sprintf("B%03d", b+1)
		anchor := id + "-1"
		d.read.Booklets = append(d.read.Booklets, mark.Booklet{ID: id, Anchor: anchor})
		for n := 1; n <= 3; n++ {
			d.read.Pages = append(d.read.Pages, mark.Page{Source: "batch.pdf", SourcePage: 3*b + n, Booklet: id, Page: n, Status: "ok",
				Image: fmt.Sprintf("%s-%d", id, n), WidthMM: 210, HeightMM: 297, Registered: true})
		}
		code := "1000000" + strconv.Itoa(b)
		if b < len(d.roster.Students) {
			code = d.roster.Students[b].Code
		}
		for _, f := range []struct {
			page               int
			field, kind, value string
		}{{1, "sticker", mark.KindSticker, code}, {1, "P1", mark.KindScore, "3"}, {2, "1.1.a", mark.KindChoice, "crossed"},
			{2, "1.1.b", mark.KindChoice, "empty"}, {3, "1.2", mark.KindCredit, "1"}, {3, "1.2/2", mark.KindCredit, ""}} {
			r := mark.Reading{Booklet: id, Source: "batch.pdf", SourcePage: 3*b + f.page, Page: f.page, Field: f.field, Kind: f.kind,
				Value: f.value, Confidence: 0.999, Image: fmt.Sprintf("%s-%d", id, f.page)}
			if f.value == "" {
				r.Reason = mark.ReasonEmpty
			}
			d.read.Readings = append(d.read.Readings, r)
		}
	}
	return d
}

// doubt makes the reader unsure of a field.
func (d *fakeDesk) doubt(booklet, field, value, reason string, confidence float64) {
	for i := range d.read.Readings {
		if r := &d.read.Readings[i]; r.Booklet == booklet && r.Field == field {
			r.Value, r.Reason, r.Confidence = value, reason, confidence
		}
	}
}

// refuse takes a page out of its booklet.
func (d *fakeDesk) refuse(booklet string, page int) {
	for i := range d.read.Pages {
		if p := &d.read.Pages[i]; p.Booklet == booklet && p.Page == page {
			*p = mark.Page{Source: p.Source, SourcePage: p.SourcePage, Booklet: booklet, Status: "refused", Reason: "coverage", Image: p.Image, WidthMM: 200, HeightMM: 290, Guess: page}
		}
	}
	kept := d.read.Readings[:0]
	for _, r := range d.read.Readings {
		if r.Booklet != booklet || r.Page != page {
			kept = append(kept, r)
		}
	}
	d.read.Readings = kept
	for i := range d.read.Booklets {
		if b := &d.read.Booklets[i]; b.ID == booklet {
			b.Missing = append(b.Missing, page)
		}
	}
}

func (d *fakeDesk) Exam() *exam.Exam     { return d.exam }
func (d *fakeDesk) Roster() *exam.Roster { return d.roster }

func (d *fakeDesk) Batch(context.Context) (*mark.Batch, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.batch == nil {
		d.batch = d.settle()
	}
	return d.batch, d.broken
}

func (d *fakeDesk) Decide(_ context.Context, all []store.Decision) ([]store.Decision, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var added []store.Decision
	d.now = d.now.Add(time.Second)
	for _, row := range all {
		row.ID, row.At = fmt.Sprintf("D%04d", len(d.made)+1), d.now
		d.made, added = append(d.made, row), append(added, row)
	}
	d.batch = nil
	return added, d.broken
}

func (d *fakeDesk) Ledger(context.Context) ([]store.Decision, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]store.Decision{}, d.made...), nil
}

func (d *fakeDesk) Picture(_ context.Context, p mark.Page, area geom.Box, pxPerMM float64, turn int) (image.Image, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taken[fmt.Sprint(p.SourcePage, area, turn)]++
	if d.scans != nil {
		return nil, d.scans
	}
	return image.NewGray(image.Rect(0, 0, int(area.W*pxPerMM+0.5), int(area.H*pxPerMM+0.5))), nil
}

// settle applies the ledger in the plainest way.
// FormPicture is as wide as the page has a number.
func (d *fakeDesk) FormPicture(_ context.Context, page int) (image.Image, error) {
	return image.NewGray(image.Rect(0, 0, page, 3)), nil
}

func (d *fakeDesk) settle() *mark.Batch {
	b := &mark.Batch{Pages: append([]mark.Page{}, d.read.Pages...), Booklets: append([]mark.Booklet{}, d.read.Booklets...)}
	stand := ledger.Resolve(d.made)
	for i := range b.Pages {
		p := &b.Pages[i]
		v := stand[ledger.Target{Page: p.Image, Field: mark.FieldPage}]
		p.Decisions = v.IDs()
		if value, ok := v.Value(); ok {
			p.Status, p.Reason = "ok", "by-hand"
			if word, dropped := strings.CutPrefix(value, "drop "); dropped {
				p.Status, p.Reason = "dropped", word
			}
		}
	}
	for i := range b.Booklets {
		k := &b.Booklets[i]
		_, k.Waived = stand[ledger.Target{Page: k.Anchor, Field: mark.FieldMissing}].Value()
		if _, ok := stand[ledger.Target{Page: k.Anchor, Field: mark.FieldBooklet}].Value(); ok {
			k.Doubt = ""
		}
	}
	readings := append([]mark.Reading{}, d.read.Readings...)
	for i := range readings {
		r := &readings[i]
		v := stand[ledger.Target{Page: r.Image, Field: r.Field}]
		v.Heads = slices.DeleteFunc(slices.Clone(v.Heads), func(h store.Decision) bool { // another page with the same image
			return h.Source != "" && h.SourcePage != r.SourcePage
		})
		if len(v.Heads) == 0 {
			continue
		}
		graded := mark.Decide([]mark.Reading{*r}, mark.Policy{})[0]
		r.Read = &mark.ReaderValue{Value: graded.Value, Confidence: graded.Confidence, Reason: graded.Reason, Review: graded.Review}
		r.Decisions = v.IDs()
		if value, ok := v.Value(); ok {
			r.Value, r.Confidence, r.Reason = value, 1, mark.ReasonDecided
		} else {
			r.Reason = reasonDiffer
		}
	}
	readings = mark.CheckStickers(readings, d.roster)
	for _, k := range b.Booklets {
		var own []mark.Reading
		for _, r := range readings {
			if r.Booklet == k.ID {
				own = append(own, r)
			}
		}
		rows, sheet := mark.Grade(d.exam, own, mark.Policy{})
		b.Readings, b.Sheets = append(b.Readings, rows...), append(b.Sheets, sheet)
	}
	return b
}

// serve starts the page on a desk.
func serve(t *testing.T, d Desk) *Server {
	t.Helper()
	s, err := New(t.Context(), d, Options{Reviewer: "first"})
	require.NoError(t, err)
	ended := make(chan error)
	go func() { ended <- s.Serve(t.Context()) }()
	t.Cleanup(func() { require.NoError(t, <-ended) })
	return s
}

// get asks for something and decodes the answer.
func get[T any](t *testing.T, s *Server, path string) (to T) {
	t.Helper()
	status, _, b := e2e.Call(t, "GET", s.Link+path, nil)
	require.Equal(t, 200, status, "%s: %s", path, b)
	require.NoError(t, json.Unmarshal(b, &to))
	return to
}

// waiting is the queue of a reviewer.
func waiting(t *testing.T, s *Server, who string) []item {
	t.Helper()
	return get[queue](t, s, "api/queue?reviewer="+who).Items
}

// say sends one decision.
func say(t *testing.T, s *Server, who string, it item, value string) (r reply) {
	t.Helper()
	status, b := post(t, s, "api/decide", who, statement{Item: it.ID, Value: value, Seen: it.Seen})
	require.Equal(t, 200, status, "%s", b)
	require.NoError(t, json.Unmarshal(b, &r))
	return r
}

func post(t *testing.T, s *Server, path, who string, all ...statement) (status int, b []byte) {
	t.Helper()
	body := map[string]any{"reviewer": who}
	if len(all) > 0 {
		body["decisions"] = all
	}
	status, _, b = e2e.Call(t, "POST", s.Link+path, body)
	return status, b
}

// named finds the item of a field of a booklet, or of its page or missing pages by their kind.
func named(t *testing.T, items []item, booklet, field string) item {
	t.Helper()
	for _, it := range items {
		if it.Booklet == booklet && (it.Field == field || it.Kind == field) {
			return it
		}
	}
	require.FailNow(t, "no such item", "%s of %s", field, booklet)
	return item{}
}
