package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/bench"
)

// A measure fails where sets do, and where misreads are said to be failures.
func TestBenchError(t *testing.T) {
	good := bench.Result{Class: bench.Real, Items: []bench.Item{{Class: bench.Real, Truth: "x", Value: "x", Confidence: 1}}}
	bad := bench.Result{Class: bench.Real, Items: []bench.Item{{Class: bench.Real, Truth: "x", Value: "y", Confidence: 1}}}
	absent := bench.Result{Err: fmt.Errorf("set a: %w", bench.ErrAbsent)}
	broken := bench.Result{Err: errors.New("broken")}
	assert.NoError(t, benchError([]bench.Result{good, bad, absent}, 0.99, false))
	assert.NoError(t, benchError([]bench.Result{good, absent}, 0.99, true))
	assert.ErrorIs(t, benchError([]bench.Result{good, bad}, 0.99, true), errBenchMisread)
	assert.ErrorIs(t, benchError([]bench.Result{broken, bad}, 0.99, true), errBenchFailed)
	assert.Equal(t, exitFailed, exitCode(errBenchMisread))
}
