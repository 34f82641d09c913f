package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"
)

// Run is what a run of scan read or scan export came to. Doc is the caller's document.
type Run struct {
	ID           string // given by AddRun
	Kind         string // RunRead or RunExport
	Reading      string // the reading hash its page results have
	Began, Ended time.Time
	Doc          []byte
}

// The kinds of run.
const (
	RunRead   = "read"
	RunExport = "export"
)

// AddRun keeps a run. Runs are added and never changed. The one added last is the latest, whatever became
// of the clock: it ends a millisecond after the others at least.
func (s *Store) AddRun(ctx context.Context, r Run) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		var latest int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(ended_ms), 0) FROM runs`).Scan(&latest); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO runs (id, kind, reading_hash, began_ms, ended_ms, run)
			VALUES ($1, $2, $3, $4, $5, $6)`, rand.Text(), r.Kind, r.Reading, r.Began.UnixMilli(), max(latest+1, r.Ended.UnixMilli()), string(r.Doc))
		return err
	})
}

// LastRun returns the latest run of one of the kinds, if there is one.
func (s *Store) LastRun(ctx context.Context, kinds ...string) (r Run, ok bool, err error) {
	for _, kind := range kinds {
		one, found, err := s.lastRun(ctx, kind)
		if err != nil {
			return r, false, err
		}
		if found && (!ok || one.Ended.After(r.Ended)) {
			r, ok = one, true
		}
	}
	return r, ok, nil
}

// LastRunID returns the id of the latest run of a kind, "" if there is none. It costs next to nothing.
func (s *Store) LastRunID(ctx context.Context, kind string) (id string, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT id FROM runs WHERE kind = $1 ORDER BY ended_ms DESC, id DESC LIMIT 1`, kind).Scan(&id)
	return id, s.noRows(err)
}

func (s *Store) lastRun(ctx context.Context, kind string) (r Run, ok bool, err error) {
	var began, ended int64
	var doc string
	err = s.db.QueryRowContext(ctx, `SELECT id, kind, reading_hash, began_ms, ended_ms, run FROM runs
		WHERE kind = $1 ORDER BY ended_ms DESC, id DESC LIMIT 1`, kind).Scan(&r.ID, &r.Kind, &r.Reading, &began, &ended, &doc)
	if err != nil {
		return r, false, s.noRows(err)
	}
	r.Began, r.Ended, r.Doc = time.UnixMilli(began).UTC(), time.UnixMilli(ended).UTC(), []byte(doc)
	return r, true, nil
}
