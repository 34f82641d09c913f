package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecisionsComeBackWhole(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), FileName)
	s := open(t, path)
	whole := Decision{Page: "p", Field: "2.1", Source: "a b.pdf", SourceHash: "h", SourcePage: 7, Who: "ann", Action: ActionWithdraw,
		Mode: ModeSpot, Value: "4.5", Note: "unsure", Old: "4", OldReason: "uncertain", Confidence: 0.75, Supersedes: []string{"x", "y"},
		Place: "2: 1.0 2.0 3.0 4.0", Program: "v1"}
	added, err := s.Decide(ctx, whole, Decision{Page: "q", Field: "@page", Value: "keep"})
	require.NoError(t, err)
	require.Len(t, added, 2)
	assert.NotEmpty(t, added[0].ID)
	assert.NotEqual(t, added[0].ID, added[1].ID)
	assert.WithinDuration(t, time.Now(), added[0].At, time.Minute)
	assert.Equal(t, []string{ActionDecide, ModeSingle}, []string{added[1].Action, added[1].Mode})
	whole.ID, whole.At = added[0].ID, added[0].At
	assert.Equal(t, whole, added[0])
	require.NoError(t, s.Close())

	s = open(t, path)
	all, err := s.Decisions(ctx)
	require.NoError(t, err)
	assert.ElementsMatch(t, added, all)
	n, err := s.CountDecisions(ctx)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
}

// Decisions are on the disk when they are made, and results do not wait for the disk: the setting does
// not stick.
func TestDecisionsAreDurable(t *testing.T) {
	ctx, s := context.Background(), open(t, filepath.Join(t.TempDir(), FileName))
	synchronous := func() (level int) {
		require.NoError(t, s.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level))
		return level
	}
	const normal, full = 1, 2
	assert.Equal(t, normal, synchronous())
	during := 0
	s.now = func() time.Time { return time.UnixMilli(1) }
	_, err := s.Decide(ctx, Decision{Page: "p", Field: "f"})
	require.NoError(t, err)
	assert.Equal(t, normal, synchronous())
	err = s.durably(ctx, func(tx *sql.Tx) error { return tx.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&during) })
	require.NoError(t, err)
	assert.Equal(t, full, during)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = s.Decide(cancelled, Decision{Page: "p", Field: "f"})
	require.Error(t, err)
	assert.Equal(t, normal, synchronous())
	n, err := s.CountDecisions(ctx)
	require.NoError(t, err)
	assert.Equal(t, 1, n)
}

// All decisions of a call are kept, or none.
func TestDecisionsAreAllOrNone(t *testing.T) {
	ctx, s := context.Background(), open(t, filepath.Join(t.TempDir(), FileName))
	_, err := s.db.ExecContext(ctx, `CREATE TRIGGER no_bad BEFORE INSERT ON decisions WHEN NEW.value = 'bad' BEGIN SELECT RAISE(ABORT, 'bad'); END`)
	require.NoError(t, err)
	_, err = s.Decide(ctx, Decision{Page: "p", Field: "f", Value: "good"}, Decision{Page: "p", Field: "f", Value: "bad"})
	require.Error(t, err)
	n, err := s.CountDecisions(ctx)
	require.NoError(t, err)
	assert.Zero(t, n)
}

// The second decision is the later one even where the clock was set back, or stood still.
func TestDecisionsDoNotGoBack(t *testing.T) {
	ctx, s := context.Background(), open(t, filepath.Join(t.TempDir(), FileName))
	for _, ms := range []int64{5000, 5000, 1000} {
		s.now = func() time.Time { return time.UnixMilli(ms) }
		_, err := s.Decide(ctx, Decision{Page: "p", Field: "1.1.a", Value: strconv.FormatInt(ms, 10), Who: "w"}, Decision{Page: "q", Field: "1.1.a", Who: "w"})
		require.NoError(t, err)
	}
	all, err := s.Decisions(ctx)
	require.NoError(t, err)
	require.Len(t, all, 6)
	for i, ms := range []int64{5000, 5000, 5001, 5001, 5002, 5002} {
		assert.Equal(t, ms, all[i].At.UnixMilli())
	}
}

func TestLastRun(t *testing.T) {
	ctx, s := context.Background(), open(t, filepath.Join(t.TempDir(), FileName))
	_, ok, err := s.LastRun(ctx, RunRead, RunExport)
	require.NoError(t, err)
	assert.False(t, ok)
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	for _, r := range []Run{
		{Kind: RunRead, Reading: "one", Began: at(1), Ended: at(5), Doc: []byte(`{"n":1}`)},
		{Kind: RunExport, Reading: "two", Began: at(6), Ended: at(9), Doc: []byte(`{"n":2}`)},
		// The clock was set back meanwhile: the one added last is the latest all the same.
		{Kind: RunRead, Reading: "three", Began: at(7), Ended: at(8), Doc: []byte(`{"n":3}`)},
	} {
		require.NoError(t, s.AddRun(ctx, r))
	}
	for kinds, want := range map[[2]string]string{{RunRead, RunRead}: "three", {RunExport, RunExport}: "two", {RunRead, RunExport}: "three"} {
		r, ok, err := s.LastRun(ctx, kinds[0], kinds[1])
		require.NoError(t, err)
		assert.True(t, ok)
		assert.Equal(t, want, r.Reading)
	}
	r, _, err := s.LastRun(ctx, RunRead)
	require.NoError(t, err)
	assert.Equal(t, []any{at(7), at(10), `{"n":3}`}, []any{r.Began, r.Ended, string(r.Doc)})
}
