package store

import (
	"context"
	"crypto/rand"
	"database/sql"
)

// Decision is what a person decided about a field of a page. The last one counts.
type Decision struct {
	Page, Field, Value, Who string
}

// Decide adds a decision. Earlier ones stay as the audit trail.
func (s *Store) Decide(ctx context.Context, d Decision) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO decisions (id, page_hash, field, value, who, decided_ms)
			VALUES ($1, $2, $3, $4, $5, $6)`, rand.Text(), d.Page, d.Field, d.Value, d.Who, s.now().UnixMilli())
		return err
	})
}

// Decisions returns all decisions, oldest first.
func (s *Store) Decisions(ctx context.Context) ([]Decision, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT page_hash, field, value, who FROM decisions ORDER BY decided_ms, id`)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var all []Decision
	for rows.Next() {
		var d Decision
		if err := rows.Scan(&d.Page, &d.Field, &d.Value, &d.Who); err != nil {
			return nil, s.explain(err)
		}
		all = append(all, d)
	}
	return all, s.noRows(rows.Err())
}
