package bench

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// many makes n right boxes of a set, the first k of them misread and the next r reviewed.
func many(class, set, field string, n, k, r int) []Item {
	items := make([]Item, n)
	for i := range items {
		it := Item{Class: class, Set: set, Field: field, Name: fmt.Sprint(i), Group: fmt.Sprint(i / 10), Truth: "x", Value: "x", Confidence: 1}
		switch {
		case i < k:
			it.Value = "y"
		case i < k+r:
			it.Confidence = 0.5
		}
		items[i] = it
	}
	return items
}

func TestTargets(t *testing.T) {
	for _, tc := range []struct {
		name           string
		items          []Item
		silent, review Verdict
		row            string
	}{
		{"300,000 without an error show 1e-5", many(Simulated, "practice/default", Choice, 300_000, 0, 100), Met, Met, "choice, default"},
		{"10,000 do not", many(Simulated, "practice/default", Choice, 10_000, 0, 10), TooFew, Met, "choice, default"},
		{"an error in 10,000 misses", many(Simulated, "practice/default", Choice, 10_000, 1, 100), Missed, Missed, "choice, default"},
		{"hard sets have their own", many(Simulated, "practice/hard", Choice, 30_000, 0, 100), Met, Met, "choice, hard"},
		{"real scans: none seen", many(Real, "real/a", Choice, 100, 0, 2), Met, TooFew, "choice"},
		{"digits count without reject", many(Composited, "digits", Digit, 10_000, 30, 0), Met, NotSet, "digit, nobody asked"},
		{"so low confidence helps them nothing", many(Composited, "digits", Digit, 10_000, 51, 0), Missed, NotSet, "digit, nobody asked"},
		{"a misread sticker", many(Real, "real/a", Sticker, 10_000, 1, 0), Missed, Met, "sticker"},
		{"sums", many(Simulated, "practice/default", Summed, 100, 0, 9), TooFew, TooFew, "score with sum"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows := Judge(tc.items, 0.99)
			require.Len(t, rows, 1)
			assert.Equal(t, tc.row, rows[0].Name)
			assert.Equal(t, [2]Verdict{tc.silent, tc.review}, [2]Verdict{rows[0].Silent, rows[0].Review})
		})
	}
}

func TestClassesAreNotPooled(t *testing.T) {
	items := append(many(Simulated, "a", Sticker, 10, 0, 0), many(Real, "b", Sticker, 10, 1, 0)...)
	items = append(items, many(Simulated, "c", Sticker, 5, 0, 0)...)
	rows := Judge(items, 0.99)
	require.Len(t, rows, 2)
	assert.Equal(t, []string{"a", "c"}, rows[0].Sets)
	assert.Equal(t, 15, rows[0].Count.Fields)
	assert.Equal(t, 2, rows[0].Count.Groups, "sheets of one name in two sets are two")
	assert.Equal(t, Met, rows[0].Silent)
	assert.Equal(t, Missed, rows[1].Silent)
	for _, k := range []Key{{Simulated, "a", Code}, {Simulated, "practice/brutal", Choice}, {Composited, "a", Page}} {
		assert.Empty(t, Judge(many(k.Class, k.Set, k.Field, 10, 0, 0), 0.99), "no target")
	}
}

func TestRealSetsStandAlone(t *testing.T) {
	items := append(many(Real, "a", Choice, 10, 0, 0), many(Real, "b", Choice, 10, 1, 0)...)
	rows := Judge(items, 0.99)
	require.Len(t, rows, 2)
	assert.Equal(t, [2]Verdict{Met, Missed}, [2]Verdict{rows[0].Silent, rows[1].Silent})
}

// stand is a set with given items.
type stand struct {
	name  string
	items []Item
	err   error
}

func (s stand) Name() string  { return s.name }
func (s stand) Class() string { return Real }
func (s stand) About() string { return "made for a test" }
func (s stand) Items(_ context.Context, o Options) ([]Item, error) {
	o.Step(1, 1)
	return s.items, s.err
}

func TestRun(t *testing.T) {
	good := many(Real, "good", Choice, 3, 0, 0)
	foreign := many(Real, "other", Choice, 1, 0, 0)
	strange := many(Real, "strange", Choice, 1, 0, 0)
	strange[0].Confidence = 1.5
	steps, clock := 0, 0.0
	results, err := Run(t.Context(), []Source{
		stand{"gone", nil, fmt.Errorf("no folder: %w", ErrAbsent)}, stand{"bad", nil, errors.New("broken")},
		stand{"good", good, nil}, stand{"foreign", foreign, nil}, stand{"strange", strange, nil},
	}, Options{}, Hooks{Step: func(string, int, int) { steps++ }, CPU: func() float64 { clock++; return clock }})
	require.NoError(t, err)
	require.Len(t, results, 5)
	assert.True(t, results[0].Absent())
	assert.False(t, results[1].Absent())
	assert.NoError(t, results[2].Err)
	assert.ErrorContains(t, results[3].Err, "calls itself real of other")
	assert.ErrorContains(t, results[4].Err, "confidence 1.5")
	assert.Equal(t, 5, steps)
	assert.Equal(t, 1.0, results[2].CPU)
	assert.Equal(t, good, Items(results), "what failed is not counted")
}

func TestRunStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := Run(ctx, []Source{stand{"a", nil, nil}}, Options{}, Hooks{})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestChoose(t *testing.T) {
	all := []Source{stand{name: "a/x"}, stand{name: "b/x"}}
	assert.Len(t, Choose(all, nil), 2)
	assert.Equal(t, all[1:], Choose(all, []string{"b*"}))
	assert.Len(t, all, 2)
}
