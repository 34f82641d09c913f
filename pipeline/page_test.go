package pipeline

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/raster"
	"scan/ocr"
)

// scripted are eyes that see what the test says and note what they were asked.
type scripted struct {
	reg    detect.Registered
	seen   []ocr.PageCode
	asked  []string
	nearby int
}

func (s *scripted) register(*raster.Page, Hints) detect.Registered { return s.reg }
func (s *scripted) codes(detect.Registered) []ocr.PageCode {
	s.asked = append(s.asked, "codes")
	return s.seen
}
func (s *scripted) sticker(detect.Registered, geom.Box) ocr.StickerReading {
	s.asked = append(s.asked, "sticker")
	return ocr.StickerReading{Value: "42", Code: "42", Confidence: 1}
}
func (s *scripted) choice(_ detect.Registered, q exam.Question, near []geom.Box) []detect.BoxReading {
	s.asked, s.nearby = append(s.asked, q.ID), len(near)
	return []detect.BoxReading{{State: detect.Crossed, Confidence: 0.99, Features: map[string]float64{"fill": 0.3, "bad": math.NaN()}}}
}
func (s *scripted) credit(_ detect.Registered, q exam.Question, _ []geom.Box) []detect.ColumnReading {
	s.asked = append(s.asked, q.ID)
	return []detect.ColumnReading{{Corrector: 1, Marked: -1, Confidence: 0.7, Reason: "none-marked"}, {Corrector: 2, Marked: 1, Credits: 2.5, Confidence: 1}}
}
func (s *scripted) score(_ detect.Registered, sc exam.Score) ocr.ScoreReading {
	s.asked = append(s.asked, sc.ID)
	if sc.ID == "P1.II" {
		return ocr.ScoreReading{Reason: ocr.ReasonEmptyScore, Confidence: 0.9}
	}
	return ocr.ScoreReading{Read: true, Value: 4.5, Confidence: 0.8, Values: []ocr.ValueP{{Value: 4.5, P: 0.8}}}
}

var onePage = &exam.Exam{Pages: 2, Sticker: &exam.Sticker{Page: 1, Box: geom.Box{W: 1, H: 1}},
	Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{
		{ID: "1.1", Kind: exam.Choice, Page: 1, Options: []exam.Option{{ID: "a"}}},
		{ID: "1.2", Kind: exam.Credit, Page: 1, Boxes: []exam.CreditBox{{Corrector: 1}, {Corrector: 2, Credits: 2.5}}},
		{ID: "1.3", Kind: exam.Credit, Page: 2},
	}}},
	Scores: []exam.Score{{ID: "P1.I", Problem: "1", Page: 1, Max: 10, Step: 0.5}, {ID: "P1.II", Problem: "1", Page: 1, Max: 10, Step: 0.5}}}

func blankSheet() *raster.Page { return &raster.Page{Y: raster.NewPlane(4, 6), SubX: 1, SubY: 1} }

func TestReadPageReadsWhatIsOnThePage(t *testing.T) {
	s := &scripted{reg: detect.Registered{OK: true, FormPage: 1, ResidualMM: 0.05, Scale: math.Inf(1)}}
	r := readPage(blankSheet(), onePage, s, Hints{})
	assert.Equal(t, StatusOK, r.Status)
	assert.Equal(t, []string{"codes", "sticker", "1.1", "1.2", "P1.I", "P1.II"}, s.asked)
	assert.Equal(t, 6, s.nearby, "all boxes of the page are neighbours")
	assert.Equal(t, []int{4, 6}, []int{r.Width, r.Height})

	doc, err := r.document()
	require.NoError(t, err, "numbers JSON does not know are dropped")
	var back PageResult
	require.NoError(t, json.Unmarshal(doc, &back))
	assert.Equal(t, map[string]float64{"fill": 0.3}, back.Choices[0].Boxes[0].Features)
	again, err := back.document()
	require.NoError(t, err)
	assert.Equal(t, string(doc), string(again))
}

// A page that is not verified is never read (rule 1 of the reader).
func TestRefusedPagesAreNotRead(t *testing.T) {
	cases := map[string]struct {
		status string
		asked  []string
	}{
		detect.ReasonBlank:     {StatusBlank, nil},
		detect.ReasonNoMatch:   {StatusForeign, []string{"codes"}},
		detect.ReasonResidual:  {StatusRefused, []string{"codes"}},
		detect.ReasonAmbiguous: {StatusRefused, []string{"codes"}},
	}
	for reason, want := range cases {
		s := &scripted{reg: detect.Registered{FormPage: 1, Reason: reason}}
		r := readPage(blankSheet(), onePage, s, Hints{})
		assert.Equal(t, want.status, r.Status, reason)
		assert.Equal(t, reason, r.Reason)
		assert.Equal(t, want.asked, s.asked, reason)
		assert.Nil(t, r.Sticker)
	}
}

func TestPageReadings(t *testing.T) {
	s := &scripted{reg: detect.Registered{OK: true, FormPage: 1}}
	rows := pageReadings(readPage(blankSheet(), onePage, s, Hints{}), onePage)
	assert.Equal(t, []mark.Reading{
		{Field: "sticker", Kind: "sticker", Value: "42", Confidence: 1},
		{Field: "1.1.a", Kind: "choice", Value: "crossed", Confidence: 0.99},
		{Field: "1.2", Kind: "credit", Confidence: 0.7, Reason: "none-marked"},
		{Field: "1.2/2", Kind: "credit", Value: "2.5", Confidence: 1},
		{Field: "P1.I", Kind: "score", Value: "4.5", Confidence: 0.8, Candidates: []mark.ValueP{{Value: 4.5, P: 0.8}}},
		{Field: "P1.II", Kind: "score", Confidence: 0.9, Reason: "empty"},
	}, rows)
}

func TestRosterJudgesStickers(t *testing.T) {
	roster, err := exam.ParseRoster("roster.csv", []byte("code,registration\n0042,r1\n17,r2\n"))
	require.NoError(t, err)
	cases := []struct {
		name  string
		row   mark.Reading
		seen  ocr.StickerReading
		value string
		why   string
	}{
		{"zeros lost", mark.Reading{Value: "42"}, ocr.StickerReading{Code: "42"}, "0042", ""},
		{"number misread", mark.Reading{Value: "17", Reason: "code-number-differ"}, ocr.StickerReading{Code: "17", Printed: "77"}, "17", ""},
		{"both known", mark.Reading{Value: "17", Reason: "code-number-differ"}, ocr.StickerReading{Code: "17", Printed: "42"}, "17", "code-number-differ"},
		{"number alone", mark.Reading{Reason: "code-unreadable"}, ocr.StickerReading{Printed: "17"}, "17", "code-unreadable"},
		{"unknown number alone", mark.Reading{Reason: "code-unreadable"}, ocr.StickerReading{Printed: "18"}, "", "code-unreadable"},
		{"nothing", mark.Reading{Reason: "no-sticker"}, ocr.StickerReading{}, "", "no-sticker"},
	}
	for _, c := range cases {
		weighNumber(&c.row, &c.seen, roster)
		assert.Equal(t, c.value, c.row.Value, c.name)
		assert.Equal(t, c.why, c.row.Reason, c.name)
	}
}

func TestAccountForAll(t *testing.T) {
	src := source{}
	src.Path, src.Pages = "a.pdf", []string{"h1", "h2"}
	rows := []mark.Page{{Source: "a.pdf", SourcePage: 1}, {Source: "a.pdf", SourcePage: 2}}
	assert.NoError(t, accountForAll([]source{src}, rows))
	assert.ErrorContains(t, accountForAll([]source{src}, rows[:1]), "page 2 of a.pdf is listed 0 times")
	assert.ErrorContains(t, accountForAll([]source{src}, append(rows, rows[0])), "page 1 of a.pdf is listed 2 times")
	assert.ErrorContains(t, accountForAll(nil, rows[:1]), "page 1 of a.pdf")
}

// A page that crashed one build of the program is tried again by the next.
func TestCrashesAreOfOneProgram(t *testing.T) {
	mine := crashed("here")
	doc, err := mine.document()
	require.NoError(t, err)
	assert.False(t, crashedElsewhere(doc))
	mine.Program = "another"
	doc, err = mine.document()
	require.NoError(t, err)
	assert.True(t, crashedElsewhere(doc))
	doc, err = unreadable("undecodable", `"reason":"crashed"`).document()
	require.NoError(t, err)
	assert.False(t, crashedElsewhere(doc))
}

// A thumbnail is no page, and no blank sheet either: those wait for nobody.
func TestTooSmallIsUnreadable(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3000, 2}, {199, 280}} {
		p := &raster.Page{Y: raster.NewPlane(size[0], size[1]), SubX: 1, SubY: 1}
		r := ReadPage(p, onePage, nil, Hints{})
		assert.Equal(t, [2]string{StatusUnreadable, "undecodable"}, [2]string{r.Status, r.Reason})
		assert.Contains(t, r.Detail, fmt.Sprintf("%d x %d pixels", size[0], size[1]))
	}
}
