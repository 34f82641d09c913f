package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/store"
)

func TestPlaceHolds(t *testing.T) {
	e := largeExam()
	page, boxes, ok := e.Place("2.1")
	assert.True(t, ok)
	was := exam.PlaceText(page, boxes)
	assert.True(t, placeHolds(was, "2.1", e))
	assert.True(t, placeHolds("", "2.1", e), "nobody said where it was")
	assert.False(t, placeHolds(was, "2.2", e))
	assert.False(t, placeHolds(was, "gone", e))
	for _, broken := range []string{"x", "3", "3: 1 2 3", "3: a b c d"} {
		assert.False(t, placeHolds(broken, "2.1", e), broken)
	}
	q := e.Question("2.1")
	for i := range q.Boxes {
		q.Boxes[i].Box.Y += 0.9
	}
	assert.True(t, placeHolds(was, "2.1", e))
	q.Boxes[0], q.Boxes[6] = q.Boxes[6], q.Boxes[0]
	assert.True(t, placeHolds(was, "2.1", e), "the order in the file means nothing")
	q.Boxes[3].Box.Y += 0.3
	assert.False(t, placeHolds(was, "2.1", e))
	q.Boxes[3].Box.Y -= 0.3
	q.Page = 4
	assert.False(t, placeHolds(was, "2.1", e))
}

func TestApportion(t *testing.T) {
	a1, b1, c2 := spot{"a.pdf", 1, "A"}, spot{"b.pdf", 1, "B"}, spot{"c.pdf", 2, "C"}
	of := func(id, path string, page int, file string) store.Decision {
		return store.Decision{ID: id, Source: path, SourcePage: page, SourceHash: file}
	}
	cases := []struct {
		name    string
		heads   []store.Decision
		pages   []spot
		lenient bool
		want    string
	}{
		{"alone", []store.Decision{of("1", "x.pdf", 9, "X")}, []spot{a1}, false, "[[1]]"},
		{"by path", []store.Decision{of("1", "b.pdf", 1, ""), of("2", "a.pdf", 1, "")}, []spot{a1, b1}, false, "[[2] [1]]"},
		{"by file", []store.Decision{of("1", "x.pdf", 1, "B")}, []spot{a1, b1}, false, "[[] [1]]"},
		{"by file, another page", []store.Decision{of("1", "x.pdf", 2, "B")}, []spot{a1, b1}, false, "[[] []]"},
		{"path before file", []store.Decision{of("1", "a.pdf", 1, "B")}, []spot{a1, b1}, false, "[[1] []]"},
		{"gone", []store.Decision{of("1", "x.pdf", 1, "X")}, []spot{a1, b1}, false, "[[] []]"},
		{"gone, but the same may be said", []store.Decision{of("1", "x.pdf", 1, "X")}, []spot{a1, b1}, true, "[[1] []]"},
		{"gone, and the first has its own", []store.Decision{of("1", "x.pdf", 1, "X"), of("2", "a.pdf", 1, "A")}, []spot{a1, b1}, true, "[[2] [1]]"},
		{"gone, and all have their own", []store.Decision{of("1", "x.pdf", 1, "X"), of("2", "a.pdf", 1, "A"), of("3", "b.pdf", 1, "B")}, []spot{a1, b1}, true, "[[2 1] [3]]"},
		{"several of one page stay together", []store.Decision{of("1", "x.pdf", 2, "C"), of("2", "x.pdf", 2, "C")}, []spot{a1, c2}, false, "[[] [1 2]]"},
		{"equal files renamed", []store.Decision{of("1", "y.pdf", 1, "E"), of("2", "x.pdf", 1, "E")}, []spot{{"m.pdf", 1, "E"}, {"n.pdf", 1, "E"}}, false, "[[2] [1]]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got [][]string
			for _, mine := range apportion(c.heads, c.pages, c.lenient) {
				got = append(got, ids(mine))
			}
			assert.Equal(t, c.want, fmt.Sprint(got))
		})
	}
}

// A crossed cell keeps its place and gets the credits that the exam gives it now, whatever the order of
// the file.
func TestCreditsAreTheExams(t *testing.T) {
	q := largeExam().Question("2.1")
	col := detect.ColumnReading{Corrector: 1, Marked: 2, Credits: 1}
	for _, b := range q.Boxes {
		col.Cells = append(col.Cells, detect.BoxReading{Box: b.Box.Shift(geom.Point{X: 0.4, Y: -1.2})})
	}
	assert.Equal(t, "1", creditValue(col, q))
	q.Boxes[2].Credits = 1.25
	assert.Equal(t, "1.25", creditValue(col, q))
	q.Boxes[2], q.Boxes[5] = q.Boxes[5], q.Boxes[2]
	assert.Equal(t, "1.25", creditValue(col, q))
	col.Marked = -1
	assert.Empty(t, creditValue(col, q))
}

func TestBoxOrder(t *testing.T) {
	boxes := []geom.Box{{X: 0, W: 4, H: 4}, {X: 8, W: 4, H: 4}, {X: 16, W: 4, H: 4}}
	read := func(xs ...float64) (r []detect.BoxReading) {
		for _, x := range xs {
			r = append(r, detect.BoxReading{Box: geom.Box{X: x, W: 4, H: 4}})
		}
		return r
	}
	assert.Equal(t, []int{0, 1, 2}, boxOrder(read(0.5, 8.5, 16.5), boxes))
	assert.Equal(t, []int{2, 0, 1}, boxOrder(read(15, -1, 7), boxes))
	assert.Equal(t, []int{0, 1, 2}, boxOrder(read(0, 0, 0), boxes), "where nothing was measured the order counts")
}

func TestParseOrder(t *testing.T) {
	for value, want := range map[string]order{
		"use":                  {verb: "use"},
		"keep":                 {verb: "keep"},
		"drop not-ours":        {verb: "drop", word: "not-ours"},
		"assign new 1 0":       {verb: "assign", anchor: "new", page: 1},
		"assign copy:E1 4 270": {verb: "assign", anchor: "copy:E1", page: 4, turn: 270},
	} {
		got, err := parseOrder(value, 4)
		assert.NoError(t, err, value)
		assert.Equal(t, want, got, value)
	}
	for _, value := range []string{"", "drop", "drop it", "use it", "assign", "assign new 0 0", "assign new 5 0", "assign new x 0",
		"assign new 1 1", "assign copy: 1 0", "assign new 1", "burn"} {
		_, err := parseOrder(value, 4)
		assert.Error(t, err, value)
	}
}

func TestCoversMissing(t *testing.T) {
	assert.True(t, coversMissing("", []int{7}))
	assert.True(t, coversMissing(placeOfMissing([]int{3, 7, 8, 9}), []int{3, 8}))
	assert.False(t, coversMissing(placeOfMissing([]int{3, 7, 8, 9}), []int{3, 4}))
	assert.False(t, coversMissing("7-x", []int{7}))
}

// Of two who contradicted each other, one is not right because the other's number is gone from exam.yaml.
func TestAContradictionOutlivesItsNumbers(t *testing.T) {
	f := twoBooklets(t)
	f.read()
	one, two := f.open(), f.open()
	for who, s := range map[string]*Session{"0.5": one, "1": two} {
		_, _, err := s.Decide(t.Context(), []store.Decision{{Page: "1.3", Field: "2.1", Source: "a.pdf", SourcePage: 3, Value: who, Who: who}})
		require.NoError(t, err)
	}
	assert.Equal(t, "- reviewers-differ review", said(reading(t, f.read(), "1.3", "2.1")))
	f.write(ExamFile, strings.NewReplacer("credits: 1\n", "credits: 2\n", "credits: 1,", "credits: 2,", "max: 1,", "max: 2,").Replace(smallExam))
	assert.Equal(t, "- decision-outdated review", said(reading(t, f.openOutcome(), "1.3", "2.1")))
}
