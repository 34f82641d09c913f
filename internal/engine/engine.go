// Package engine runs page jobs: in this process now, on more machines later. It
// knows neither pages nor readings, only jobs that yield results.
package engine

import (
	"context"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
)

// Pool says how jobs of type J become results of type R.
type Pool[J, R any] struct {
	// Workers is how many jobs run at once; at least 1.
	Workers int
	// Do runs one job. Safe for concurrent use. It is not interrupted when the run
	// is cancelled: a page takes well under a second, and its result is worth keeping.
	Do func(context.Context, J) R
	// Panicked makes the result of a job that panicked.
	Panicked func(J, PanicError) R
	// Collect takes the results, one at a time, on the goroutine that called Run, in
	// the order they are finished. An error stops the run.
	Collect func(J, R) error
}

// PanicError is what a job died of.
type PanicError struct {
	Value any
	Stack []byte
}

func (p PanicError) Error() string { return fmt.Sprint(p.Value) }

type done[J, R any] struct {
	job    J
	result R
}

// Run runs all jobs. When ctx is cancelled it starts no further job, waits for those
// running, delivers them and returns the context's cause. jobs is pulled on a goroutine of its own.
func (p Pool[J, R]) Run(ctx context.Context, jobs iter.Seq[J]) error {
	feedCtx, stop := context.WithCancel(ctx)
	defer stop()
	queue, results := make(chan J), make(chan done[J, R])
	var workers sync.WaitGroup
	workers.Go(func() { feed(feedCtx, jobs, queue) })
	for range max(1, p.Workers) {
		workers.Go(func() {
			for j := range queue {
				results <- done[J, R]{j, p.do(context.WithoutCancel(ctx), j)}
			}
		})
	}
	go func() { workers.Wait(); close(results) }()

	var failed error
	for d := range results {
		if failed != nil {
			continue // drain, so that no worker hangs
		}
		if failed = p.Collect(d.job, d.result); failed != nil {
			stop()
		}
	}
	if failed != nil {
		return failed
	}
	return context.Cause(ctx)
}

// feed hands out jobs until there are none or the run is stopped.
func feed[J any](ctx context.Context, jobs iter.Seq[J], queue chan<- J) {
	defer close(queue)
	for j := range jobs {
		if ctx.Err() != nil {
			return
		}
		select {
		case queue <- j:
		case <-ctx.Done():
			return
		}
	}
}

// do runs one job and turns a panic into its result.
func (p Pool[J, R]) do(ctx context.Context, j J) (r R) {
	defer func() {
		if v := recover(); v != nil {
			r = p.Panicked(j, PanicError{v, debug.Stack()})
		}
	}()
	return p.Do(ctx, j)
}
