package review_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
)

// answers is what a person who sees everything rightly says to whatever may be asked about a
// demo. It is made of the truth and of where the program put the booklets, and knows nothing of
// what will be asked.
type answers struct {
	Fields map[string]string     `json:"fields"` // by "source page field": the value, "none" where nothing stands
	Pages  map[string]pageAnswer `json:"pages"`  // by "source page"
	Lost   map[string][]int      `json:"lost"`   // by booklet of the program: form pages that are really not there

	Codes map[int]string `json:"-"` // by booklet of the truth: what scores.csv must say

	truth    fixtures.Truth
	exam     *exam.Exam
	booklets map[int]string // of the truth -> of the program
}

// pageAnswer is what is done with a page that was not read.
type pageAnswer struct {
	Drop    string `json:"drop,omitempty"` // one of mark.DropWords; or else it is assigned:
	Booklet string `json:"booklet,omitempty"`
	Page    int    `json:"page,omitempty"`
	Turn    int    `json:"turn"` // clockwise degrees that bring the stored image upright
}

// Where a column holds no cross, or two, the corrector is asked, and says this.
const correctorSays = "0.5"

func newAnswers(t *testing.T, dir string, truth fixtures.Truth) *answers {
	t.Helper()
	e, err := exam.Load(filepath.Join(dir, "exam.yaml"))
	require.NoError(t, err)
	a := &answers{Fields: map[string]string{}, Pages: map[string]pageAnswer{}, Lost: map[string][]int{}, Codes: map[int]string{},
		truth: truth, exam: e}
	a.findBooklets(t, dir)
	for _, b := range truth.Booklets {
		a.Codes[b.Booklet] = b.Code
		a.Lost[a.booklets[b.Booklet]] = lostPages(truth, b.Booklet, e.Pages)
	}
	for _, p := range truth.Pages {
		a.Pages[pageKey(p.Source, p.SourcePage)] = a.page(p)
		for _, f := range truth.Pages[original(p)-1].Fields {
			a.Fields[fieldKey(p.Source, p.SourcePage, f.Field)] = a.field(p.Booklet, f)
		}
	}
	return a
}

// original is the source page that holds the fields: of a second scan the first one's.
func original(p fixtures.PageTruth) int {
	if p.DuplicateOf > 0 {
		return p.DuplicateOf
	}
	return p.SourcePage
}

func pageKey(source string, page int) string { return fmt.Sprintf("%s %d", source, page) }

func fieldKey(source string, page int, field string) string {
	return fmt.Sprintf("%s %d %s", source, page, field)
}

func lostPages(truth fixtures.Truth, booklet, pages int) (lost []int) {
	for n := 1; n <= pages; n++ {
		if !slices.ContainsFunc(truth.Pages, func(p fixtures.PageTruth) bool {
			return p.Is == fixtures.PageForm && p.Booklet == booklet && p.FormPage == n
		}) {
			lost = append(lost, n)
		}
	}
	return lost
}

// page is what to do with a page if it is asked about.
func (a *answers) page(p fixtures.PageTruth) pageAnswer {
	switch p.Is {
	case fixtures.PageForeign:
		return pageAnswer{Drop: "not-ours"}
	case fixtures.PageBlank:
		return pageAnswer{Drop: "blank"}
	case fixtures.PageDuplicate:
		return pageAnswer{Drop: "second-scan"}
	}
	return pageAnswer{Booklet: a.booklets[p.Booklet], Page: p.FormPage, Turn: p.Rotation}
}

// field is what stands in a field: of odd marks the first that may be read from it.
func (a *answers) field(booklet int, f fixtures.Field) string {
	switch {
	case f.Field == exam.StickerField: // found in the roster by the number that is written on no sticker
		i := slices.IndexFunc(a.truth.Booklets, func(b fixtures.BookletTruth) bool { return b.Booklet == booklet })
		return a.truth.Booklets[i].Registration
	case len(f.Accept) > 0:
		return f.Accept[0]
	case f.Value != "":
		return f.Value
	case f.Review && !f.Hidden: // a column of which only its corrector knows
		return correctorSays
	}
	return "none"
}

// findBooklets learns what the program calls each booklet: what most of its pages are called.
func (a *answers) findBooklets(t *testing.T, dir string) {
	t.Helper()
	votes := map[int]map[string]int{}
	rows := table(t, filepath.Join(dir, "results", "pages.csv"))
	require.Len(t, rows, len(a.truth.Pages))
	for i, row := range rows {
		p := a.truth.Pages[i]
		require.Equal(t, strconv.Itoa(p.SourcePage), row["source_page"])
		if votes[p.Booklet] == nil {
			votes[p.Booklet] = map[string]int{}
		}
		votes[p.Booklet][row["booklet"]]++
	}
	a.booklets = map[int]string{}
	for _, b := range a.truth.Booklets {
		for id, n := range votes[b.Booklet] {
			if id != "" && n > votes[b.Booklet][a.booklets[b.Booklet]] {
				a.booklets[b.Booklet] = id
			}
		}
	}
}

// table reads a CSV file by its header.
func table(t *testing.T, file string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// compare holds the results of a folder against the truth, with the same answers where a person
// was asked: nothing waits, every field has a value that may stand, and every total, computed
// here once more from the truth alone, is right.
func (a *answers) compare(t *testing.T, dir string) {
	t.Helper()
	read := map[string]map[string]string{}
	for _, row := range table(t, filepath.Join(dir, "results", "readings.csv")) {
		n, err := strconv.Atoi(row["source_page"])
		if row["value"] != "lost" {
			require.NoError(t, err)
		}
		assert.Equal(t, "0", row["review"], "%v waits", row)
		read[fieldKey(row["source"], n, row["field"])] = row
	}
	assert.Len(t, table(t, filepath.Join(dir, "results", "pages.csv")), len(a.truth.Pages))
	scores := map[string]map[string]string{}
	for _, row := range table(t, filepath.Join(dir, "results", "scores.csv")) {
		assert.Equal(t, "final", row["status"], "%v", row)
		scores[row["registration"]] = row
	}
	require.Len(t, scores, len(a.truth.Booklets), "every booklet is another student's")
	for _, b := range a.truth.Booklets {
		row := scores[b.Registration]
		require.NotNil(t, row, "%s has scores", b.Registration)
		assert.Equal(t, a.Codes[b.Booklet], row["code"])
		total, err := strconv.ParseFloat(row["total"], 64)
		require.NoError(t, err, "%v", row)
		assert.InDelta(t, a.worth(t, b.Booklet, read), total, 1e-9, "the total of %s", b.Registration)
		if len(b.Totals) > 0 {
			assert.Contains(t, b.Totals, total, "the total of %s", b.Registration)
		}
	}
}

// worth computes what a booklet is worth, by the rules as they are printed.
func (a *answers) worth(t *testing.T, booklet int, read map[string]map[string]string) float64 {
	t.Helper()
	values := map[string]string{}
	for _, p := range a.truth.Pages {
		if p.Is != fixtures.PageForm || p.Booklet != booklet {
			continue
		}
		for _, f := range p.Fields {
			values[f.Field] = a.stands(t, p, f, read)
		}
	}
	total := 0.0
	for _, problem := range a.exam.Problems {
		for _, q := range problem.Questions {
			if q.Kind == exam.Choice {
				total += choiceWorth(q, values)
			} else {
				total += creditWorth(q, values)
			}
		}
	}
	return total
}

// stands is the value of a field that must have come out: a person's answer, or what the reader
// was sure of where the truth lets it stand.
func (a *answers) stands(t *testing.T, p fixtures.PageTruth, f fixtures.Field, read map[string]map[string]string) string {
	t.Helper()
	want := a.Fields[fieldKey(p.Source, p.SourcePage, f.Field)]
	row := read[fieldKey(p.Source, p.SourcePage, f.Field)]
	for _, twin := range a.truth.Pages { // another scan of the page may be the one that counts
		if row == nil && twin.DuplicateOf == p.SourcePage {
			row = read[fieldKey(twin.Source, twin.SourcePage, f.Field)]
		}
	}
	if !assert.NotNil(t, row, "%s:%d %s has a row", p.Source, p.SourcePage, f.Field) {
		return want
	}
	got := row["value"]
	switch {
	case f.Field == exam.StickerField:
		return got // held against scores.csv
	case want == "none":
		assert.Contains(t, []string{"", "none"}, got, "%s:%d %s", p.Source, p.SourcePage, f.Field)
		return ""
	case row["reason"] != "decided" && slices.Contains(f.Accept, got):
		return got
	}
	assert.Equal(t, want, got, "%s:%d %s, %s with confidence %s", p.Source, p.SourcePage, f.Field, row["reason"], row["confidence"])
	return want
}

func choiceWorth(q exam.Question, values map[string]string) float64 {
	right := 0
	for _, o := range q.Options {
		value, there := values[exam.OptionField(q.ID, o.ID)]
		if !there {
			return 0 // lost with its page
		}
		if (value == "crossed" || value == "remarked") == *o.Correct {
			right++
		}
	}
	n := len(q.Options)
	if q.Rule != exam.PerOption {
		if right == n {
			return q.Credits
		}
		return 0
	}
	return max(float64(right)*q.Credits/float64(n)+float64(n-right)*q.Wrong, q.Floor)
}

// creditWorth is what the second corrector gave, or else the first.
func creditWorth(q exam.Question, values map[string]string) float64 {
	for _, corrector := range []int{2, 1} {
		if v, err := strconv.ParseFloat(values[exam.CreditField(q.ID, corrector)], 64); err == nil {
			return v
		}
	}
	return 0
}
