package pipeline

import (
	"context"
	"fmt"
	"time"

	"scan/internal/store"
)

// LastRun returns the last run of scan export, or else of scan read, and up to when decisions
// count in its scores: scan export takes them when it begins, scan read when it ends.
func (s *Session) LastRun(ctx context.Context) (Run, time.Time, error) {
	kept, r, ok, err := lastRun(ctx, s.store, store.RunExport)
	if err != nil || ok {
		return r, kept.Began, err
	}
	kept, r, ok, err = lastRun(ctx, s.store, store.RunRead)
	if err == nil && !ok {
		err = fmt.Errorf("%s %w", s.Dir, ErrNotRead)
	}
	return r, kept.Ended, err
}
