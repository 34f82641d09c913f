package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"strings"
	"time"
)

// Decision is one row of the ledger: what a person said of one thing at one time. Rows are added
// and never changed. What counts is not the last row but the heads: see internal/ledger.
type Decision struct {
	ID string    // given by Decide
	At time.Time // given by Decide, to the millisecond

	// Page is the hash of the page's image, or the anchor of a booklet; Field a field of
	// readings.csv, or one of mark.FieldPage, FieldMissing, FieldBooklet. Together they are the
	// target. Source and SourcePage tell where the page lay, SourceHash which file that was: they
	// decide only where two pages of the batch have the same image.
	Page, Field string
	Source      string
	SourceHash  string
	SourcePage  int

	Who    string // reviewer
	Action string // ActionDecide or ActionWithdraw
	Mode   string // ModeSingle, ModeBatch or ModeSpot
	Value  string
	Note   string

	// What the reviewer was shown: the value before, the reader's confidence in it, why a person
	// was asked, and the decisions this one replaces.
	Old, OldReason string
	Confidence     float64
	Supersedes     []string

	Place   string // where the field was on the form, see exam.Exam.Place
	Program string // version of the program
}

// What a decision does.
const (
	ActionDecide   = "decide"
	ActionWithdraw = "withdraw" // takes back what it supersedes
)

// How a decision came about.
const (
	ModeSingle = "single" // by itself
	ModeBatch  = "batch"  // one of many alike, at a glance
	ModeSpot   = "spot"   // a spot check: the reader had been sure
)

// Decide adds decisions, all or none, and returns them with ids and one time for all, which is later than that
// of any before, whatever became of the clock. Unlike results, which can
// be read again, they are on the disk when it returns: a power cut loses none.
func (s *Store) Decide(ctx context.Context, all ...Decision) ([]Decision, error) {
	added := make([]Decision, len(all))
	err := s.durably(ctx, func(tx *sql.Tx) error {
		var latest int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(decided_ms), 0) FROM decisions`).Scan(&latest); err != nil {
			return err
		}
		now := time.UnixMilli(max(latest+1, s.now().UnixMilli())).UTC()
		for i, d := range all {
			d.ID, d.At = rand.Text(), now
			if d.Action == "" {
				d.Action = ActionDecide
			}
			if d.Mode == "" {
				d.Mode = ModeSingle
			}
			added[i] = d
			if _, err := tx.ExecContext(ctx, `INSERT INTO decisions (id, page_hash, field, value, who, decided_ms,
				action, mode, old, old_reason, confidence, place, source, source_page, note, supersedes, program, source_hash)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
				d.ID, d.Page, d.Field, d.Value, d.Who, d.At.UnixMilli(), d.Action, d.Mode, d.Old, d.OldReason,
				d.Confidence, d.Place, d.Source, d.SourcePage, d.Note, strings.Join(d.Supersedes, " "), d.Program, d.SourceHash); err != nil {
				return err
			}
		}
		return nil
	})
	return added, err
}

// Decisions returns all decisions, oldest first.
func (s *Store) Decisions(ctx context.Context) ([]Decision, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, page_hash, field, value, who, decided_ms, action, mode, old, old_reason,
		confidence, place, source, source_page, note, supersedes, program, source_hash FROM decisions ORDER BY decided_ms, id`)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var all []Decision
	for rows.Next() {
		var d Decision
		var at int64
		var supersedes string
		if err := rows.Scan(&d.ID, &d.Page, &d.Field, &d.Value, &d.Who, &at, &d.Action, &d.Mode, &d.Old, &d.OldReason,
			&d.Confidence, &d.Place, &d.Source, &d.SourcePage, &d.Note, &supersedes, &d.Program, &d.SourceHash); err != nil {
			return nil, s.explain(err)
		}
		d.At = time.UnixMilli(at).UTC()
		if supersedes != "" {
			d.Supersedes = strings.Fields(supersedes)
		}
		all = append(all, d)
	}
	return all, s.noRows(rows.Err())
}

// CountDecisions tells whether there are new decisions: rows are added and never changed.
func (s *Store) CountDecisions(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM decisions`).Scan(&n)
	return n, s.noRows(err)
}
