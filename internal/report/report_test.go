package report

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/e2e"
	"scan/internal/exam"
	"scan/internal/mark"
)

func written(t *testing.T, d Data) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Write(&b, d))
	return b.String()
}

// pages are reports of batches of every size, the odd ones included.
func pages() map[string]Data {
	noKey := sample(40, 40)
	noKey.Exam.Problems[0].Questions[0].Options[0].Correct = nil
	alike := sample(20, 20)
	for i := range alike.Batch.Sheets {
		s := alike.Batch.Sheets[0]
		s.Booklet, s.Status = alike.Batch.Sheets[i].Booklet, mark.StatusFinal
		alike.Batch.Sheets[i] = s
	}
	plain := sample(3, 3)
	plain.Exam = &exam.Exam{ID: "x", Problems: []exam.Problem{{ID: "1"}}, Scores: []exam.Score{{ID: "S", Problem: "1", Corrector: 1}}}
	plain.Batch = mark.Batch{Sheets: sheets(0)}
	return map[string]Data{"many": sample(240, 230), "few": sample(12, 6), "one": sample(1, 1), "two": sample(2, 2),
		"none final": sample(12, 0), "nothing": {Exam: sampleExam()}, "no key": noKey, "alike": alike, "worth nothing": plain}
}

// Every page is well-formed, says nothing that is no number, and names each part once.
func TestPagesAreSound(t *testing.T) {
	ids := regexp.MustCompile(` id="([^"]*)"`)
	for name, d := range pages() {
		for _, lang := range []string{"en", "de"} {
			d.Lang = lang
			html := written(t, d)
			assert.NotRegexp(t, `NaN|Inf|%!|ZgotmplZ|<no value>`, html, "%s %s", name, lang)
			assert.Contains(t, html, `<html lang="`+lang+`">`)
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(html, -1) {
				assert.False(t, seen[m[1]], "%s: id %s twice", name, m[1])
				seen[m[1]] = true
			}
			for _, m := range regexp.MustCompile(`href="#([^"]*)"|aria-labelledby="([^"]*)"`).FindAllStringSubmatch(html, -1) {
				for _, to := range strings.Fields(m[1] + " " + m[2]) {
					assert.True(t, seen[to], "%s: nothing has the id %s", name, to)
				}
			}
			nested(t, name, html)
		}
	}
}

// nested reports tags that are not closed in order.
func nested(t *testing.T, name, html string) {
	x := xml.NewDecoder(strings.NewReader(html))
	x.Strict, x.AutoClose, x.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := x.Token(); err != nil {
			assert.ErrorIs(t, err, io.EOF, name)
			return
		}
	}
}

// Nobody is named: neither by name, number or code nor by where the booklet or page lay.
func TestNobodyIsNamed(t *testing.T) {
	d := sample(60, 50)
	html := written(t, d)
	for _, s := range d.Batch.Sheets {
		for _, own := range []string{s.Booklet, s.Code, s.Registration} {
			require.NotEmpty(t, own)
			require.NotContains(t, html, own)
		}
	}
	assert.NotContains(t, html, "secret")
}

// The page stands alone: nothing in it is fetched, and it says so to the browser.
func TestNoNetwork(t *testing.T) {
	html := written(t, sample(60, 60))
	assert.NotRegexp(t, `https?:|//[a-z]|url\(|@import|<script|<link rel="stylesheet`, html)
	assert.Contains(t, html, `content="default-src 'none';`)
}

func TestSameDataSameBytes(t *testing.T) {
	first, second := written(t, sample(60, 50)), written(t, sample(60, 50))
	assert.Equal(t, first, second)
}

func TestTitlesAreText(t *testing.T) {
	d := sample(20, 20)
	d.Exam.Title, d.Exam.Problems[0].Title = "<b>R&D</b>", "<script>alert(1)</script>"
	html := written(t, d)
	assert.NotContains(t, html, "<script>")
	assert.Contains(t, html, "&lt;b&gt;R&amp;D&lt;/b&gt;")
}

func TestNotices(t *testing.T) {
	all := pages()
	for name, want := range map[string]string{
		"many":       "232 of 240 booklets are final, and only they count in the figures of the exam. Of the others, 8 wait for a person and 0 lack a page.",
		"none final": "2 of 12 booklets are final",
		"one":        "All is decided: 1 booklet, each final, each counted.",
		"nothing":    "Nothing has been read yet: there are no booklets.",
		"no key":     "Without a key: 1.1. A booklet is not final before every question has one.",
		"few":        "are rough: with fewer than 30",
	} {
		assert.Contains(t, written(t, all[name]), want, name)
	}
	none := all["few"]
	for i := range none.Batch.Sheets {
		none.Batch.Sheets[i].Status = mark.StatusIncomplete
	}
	html := written(t, none)
	assert.Contains(t, html, "None of the 12 booklets is final yet (0 wait for a person, 12 lack a page).")
	assert.NotContains(t, html, `id="totals"`, "no figures of the exam")
	assert.Contains(t, html, `id="reading"`, "those of the reading are there")
}

func TestWhatWasNotEnoughIsSaid(t *testing.T) {
	html := written(t, sample(2, 2))
	assert.Contains(t, html, `<dd class="figure faint">not enough</dd>`, "alpha of two booklets")
}

func TestTimes(t *testing.T) {
	en, de := newWords("en"), newWords("de-AT")
	began := time.Date(2026, 9, 14, 9, 1, 0, 0, time.UTC)
	assert.Equal(t, "The last run (2026-09-14 09:01) read 900 of 1\u202f000 pages in 1 min 30 s: 10.0 pages a second.", en.took(Run{Began: began, Seconds: 90, Read: 900}, 1000))
	assert.Equal(t, "Der letzte Lauf (14.09.2026 09:01) kannte alle 5 Seiten von einem früheren und dauerte 2,5 s.", de.took(Run{Began: began, Seconds: 2.5}, 5))
	assert.Contains(t, en.took(Run{}, 5), "is not known")
	assert.Equal(t, "2 h 5 min", en.duration(2*3600+5*60+12))
}

func TestDecisionsAreTold(t *testing.T) {
	w := newWords("en")
	assert.Equal(t, "Nobody has decided anything yet.", w.decisions(Ledger{}))
	assert.Equal(t, "1 decision of 1 person stand: 1 one by one, 0 among many alike, 0 as spot checks. 0 were taken back. On 2 things people contradict each other.",
		w.decisions(Ledger{ByMode: map[string]int{"single": 1}, Reviewers: 1, Contested: 2}))
	assert.Equal(t, "Spot checks: 50 readings that the reader was sure of, 1 of them wrong (2.0%). With 95% confidence no more than 9.1% of all such readings are.",
		w.spot(Spot{N: 50, Wrong: 1, Bound: 0.0914}))
}

// failing writes nothing.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAFullDiskIsAnError(t *testing.T) {
	assert.EqualError(t, Write(failing{}, sample(3, 3)), "disk full")
}

// The page in Chromium: axe-core finds nothing in light, dark or on paper, nothing is fetched, nothing
// is wider than a narrow window, and it prints.
func TestInBrowser(t *testing.T) {
	e2e.Need(t)
	type page struct {
		Name string `json:"name"`
		HTML string `json:"html"`
	}
	var config []page
	for _, one := range []struct{ name, lang string }{{"many", "en"}, {"many", "de"}, {"two", "en"}, {"nothing", "de"}} {
		d := pages()[one.name]
		d.Lang = one.lang
		config = append(config, page{"report-" + one.name + "-" + one.lang, written(t, d)})
	}
	e2e.Run(t, "e2e/run.mjs", config, 3*time.Minute)
}
