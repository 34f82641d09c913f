package engine

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// upTo yields 0..n-1.
func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func TestEveryJobIsCollectedOnce(t *testing.T) {
	var got []int
	p := Pool[int, int]{
		Workers: 4,
		Do:      func(_ context.Context, j int) int { return j * j },
		Collect: func(_, r int) error { got = append(got, r); return nil },
	}
	require.NoError(t, p.Run(context.Background(), upTo(100)))
	slices.Sort(got)
	want := make([]int, 100)
	for i := range want {
		want[i] = i * i
	}
	assert.Equal(t, want, got)
}

func TestWorkersBoundWhatRunsAtOnce(t *testing.T) {
	var now, most atomic.Int32
	p := Pool[int, int]{
		Workers: 3,
		Do: func(context.Context, int) int {
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(2 * time.Millisecond)
			now.Add(-1)
			return 0
		},
		Collect: func(int, int) error { return nil },
	}
	require.NoError(t, p.Run(context.Background(), upTo(30)))
	assert.Equal(t, int32(3), most.Load())
}

func TestPanicIsTheResultOfItsJobAlone(t *testing.T) {
	got := map[int]string{}
	p := Pool[int, string]{
		Workers: 2,
		Do: func(_ context.Context, j int) string {
			if j == 3 {
				panic("page 3")
			}
			return "ok"
		},
		Panicked: func(_ int, p PanicError) string {
			assert.Contains(t, string(p.Stack), "engine_test.go")
			return p.Error()
		},
		Collect: func(j int, r string) error { got[j] = r; return nil },
	}
	require.NoError(t, p.Run(context.Background(), upTo(5)))
	assert.Equal(t, map[int]string{0: "ok", 1: "ok", 2: "ok", 3: "page 3", 4: "ok"}, got)
}

func TestCancelKeepsWhatWasStarted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var started atomic.Int32
	collected := 0
	p := Pool[int, int]{
		Workers: 2,
		Do: func(ctx context.Context, j int) int {
			if started.Add(1) == 4 {
				cancel()
			}
			assert.NoError(t, ctx.Err(), "a started job is not interrupted")
			return j
		},
		Collect: func(int, int) error { collected++; return nil },
	}
	require.ErrorIs(t, p.Run(ctx, upTo(1000)), context.Canceled)
	assert.Equal(t, int(started.Load()), collected)
	assert.Less(t, collected, 10)
}

func TestCollectErrorStops(t *testing.T) {
	full := errors.New("disk full")
	var started atomic.Int32
	p := Pool[int, int]{
		Workers: 2,
		Do:      func(_ context.Context, j int) int { started.Add(1); return j },
		Collect: func(int, int) error { return full },
	}
	require.ErrorIs(t, p.Run(context.Background(), upTo(1000)), full)
	assert.Less(t, int(started.Load()), 10)
}
