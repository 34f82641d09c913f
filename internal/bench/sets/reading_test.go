package sets

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/detect"
	"scan/fixtures"
	"scan/internal/bench"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/raster"
	"scan/ocr"
)

func TestReadingsOfColumns(t *testing.T) {
	for _, c := range []struct {
		name string
		in   detect.ColumnReading
		want reading
	}{
		{"a cross", detect.ColumnReading{Corrector: 1, Marked: 2, Credits: 1.5, Confidence: 0.9}, reading{"1.5", "", "cell", 0.9}},
		{"a reason", detect.ColumnReading{Corrector: 1, Marked: 0, Confidence: 0.5, Reason: "streak"}, reading{"0", "streak", "cell", 0.5}},
		{"none by the first", detect.ColumnReading{Corrector: 1, Marked: -1, Confidence: 0.99, Reason: "none-marked"}, reading{"", "none-marked", "none-marked", 0.99}},
		{"none by the second", detect.ColumnReading{Corrector: 2, Marked: -1, Confidence: 0.99, Reason: "none-marked"}, reading{nothing, "", nothing, 0.99}},
		{"several by the second", detect.ColumnReading{Corrector: 2, Marked: -1, Reason: "several-marked"}, reading{"", "several-marked", "several-marked", 0}},
	} {
		assert.Equal(t, c.want, ofColumn(c.in), c.name)
	}
}

func TestReadingsOfScores(t *testing.T) {
	assert.Equal(t, reading{"4.5", "", "4,5", 0.9}, ofScore(ocr.ScoreReading{Read: true, Value: 4.5, Confidence: 0.9, Text: "4,5"}))
	assert.Equal(t, reading{nothing, "", "empty", 0.9}, ofScore(ocr.ScoreReading{Reason: ocr.ReasonEmptyScore, Confidence: 0.9}))
	assert.Equal(t, reading{"", ocr.ReasonUnclearScore, "?", 0}, ofScore(ocr.ScoreReading{Reason: ocr.ReasonUnclearScore, Text: "?"}))
}

func TestRowsAfterDecisions(t *testing.T) {
	for reason, want := range map[string]reading{
		mark.ReasonEmpty:     {nothing, "", nothing, 0.9},
		mark.ReasonUncertain: {nothing, "", nothing, 0.9},
		mark.ReasonUnread:    {"", mark.ReasonUnread, "", 0.9},
		mark.ReasonSum:       {"", mark.ReasonSum, "", 0.9},
	} {
		assert.Equal(t, want, ofRow(mark.Reading{Reason: reason, Confidence: 0.9}), reason)
	}
	assert.Equal(t, reading{"3", "", "3", 0.9}, ofRow(mark.Reading{Value: "3", Reason: mark.ReasonUncertain, Confidence: 0.9}))
}

// What may be read without asking comes from the fixtures' truth.
func TestTruthOfFields(t *testing.T) {
	field := func(f fixtures.Field) bench.Item {
		it := item(f)
		it.X, it.Y = 0, 0
		return it
	}
	assert.Equal(t, bench.Item{Field: bench.Choice, Truth: "crossed", Kind: "cross"}, field(fixtures.Field{Kind: "choice", Value: "crossed"}))
	assert.Equal(t, bench.Item{Field: bench.Choice, Truth: "empty", Also: []string{"crossed"}, Kind: "ring", Odd: true},
		field(fixtures.Field{Kind: "choice", Value: "odd", Odd: "ring", Accept: []string{"empty", "crossed"}}))
	assert.Equal(t, bench.Item{Field: bench.Column, Truth: "2", Also: []string{}, Kind: "undone"},
		field(fixtures.Field{Kind: "credit", Value: "2", Odd: "undone", Accept: []string{"2"}}), "undoing is foreseen")
	assert.Equal(t, bench.Item{Field: bench.Column, Truth: anything, Kind: "several", Odd: true},
		field(fixtures.Field{Kind: "credit", Odd: "several", Review: true}))
	assert.Equal(t, bench.Item{Field: bench.Column, Truth: nothing, Kind: "none"}, field(fixtures.Field{Field: "1/2", Kind: "credit"}))
	assert.Equal(t, bench.Item{Field: bench.Column, Truth: nothing, Kind: "none", Odd: true},
		field(fixtures.Field{Field: "1/2", Kind: "credit", Odd: "none", Review: true}))
	assert.Equal(t, bench.Item{Field: bench.Choice, Truth: "filled", Kind: "hidden", Odd: true},
		field(fixtures.Field{Kind: "choice", Value: "filled", Review: true, Hidden: true}))
	for _, value := range []string{"", "1", nothing} {
		it := bench.Item{Truth: anything, Value: value, Confidence: 1}
		assert.NotEqual(t, bench.Right, it.Outcome(0.99), "nothing is right where only a person can tell")
	}
}

func TestEachKeepsTheOrder(t *testing.T) {
	do := func(i int) ([]bench.Item, error) { return make([]bench.Item, i), nil }
	steps := 0
	items, err := each(context.Background(), bench.Options{Workers: 3, Progress: func(int, int) { steps++ }}, 5, do)
	require.NoError(t, err)
	assert.Len(t, items, 0+1+2+3+4)
	assert.Equal(t, 5, steps)
	broken := errors.New("broken")
	_, err = each(context.Background(), bench.Options{Workers: 2}, 5, func(i int) ([]bench.Item, error) {
		if i == 3 {
			return nil, broken
		}
		return nil, nil
	})
	assert.ErrorIs(t, err, broken)
	_, err = exactly(items, 11)
	assert.ErrorContains(t, err, "10 items, 11 are known")
}

func TestTurnedPlanes(t *testing.T) {
	p := &raster.Plane{Pix: []uint8{1, 2, 3, 4, 5, 6}, Stride: 3, W: 3, H: 2}
	assert.Equal(t, []uint8{4, 1, 5, 2, 6, 3}, turned(p, 1).Pix)
	assert.Equal(t, []uint8{6, 5, 4, 3, 2, 1}, turned(p, 2).Pix)
	assert.Equal(t, p.Pix, turned(p, 4).Pix)
}

// A label stays on the sheet whatever happens to it.
func TestLabelsStayOnTheSheet(t *testing.T) {
	for _, s := range []sticker{{at: geom.Point{X: -5, Y: 300}, deg: 33}, {at: geom.Point{X: 220, Y: 2}, deg: 90}} {
		s.keepOn(210, 297)
		b := s.bounds()
		assert.GreaterOrEqual(t, b.X, 14-1e-9)
		assert.GreaterOrEqual(t, b.Y, 4-1e-9)
		assert.LessOrEqual(t, b.X+b.W, 210-14+1e-9)
		assert.LessOrEqual(t, b.Y+b.H, 297-4+1e-9)
	}
}
