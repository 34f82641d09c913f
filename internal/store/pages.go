package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// Source is what is known of a source file, whatever its name.
type Source struct {
	Hash    string   // of the whole file
	Path    string   // where it was last seen
	Pages   []string // the hash of each page; none if the file could not be opened
	Problem string   // why not, or ""
}

// Source returns what a run under this reading hash learned of a file.
func (s *Store) Source(ctx context.Context, hash, reading string) (src Source, ok bool, err error) {
	src.Hash = hash
	var pages string
	err = s.db.QueryRowContext(ctx, `SELECT path, page_hashes, problem FROM sources
		WHERE source_hash = $1 AND reading_hash = $2`, hash, reading).Scan(&src.Path, &pages, &src.Problem)
	if err != nil {
		return src, false, s.noRows(err)
	}
	if err := json.Unmarshal([]byte(pages), &src.Pages); err != nil {
		return src, false, s.explain(fmt.Errorf("%w: page hashes of %s: %w", ErrDamaged, src.Path, err))
	}
	return src, true, nil
}

// OpeningKey is the key under which the opening of a source is tried (see Begin): a
// file may kill the process before it has pages.
func OpeningKey(sourceHash, reading string) Key { return Key{"source:" + sourceHash, reading} }

// SetSource records a file, and that it needs no further try at being opened.
func (s *Store) SetSource(ctx context.Context, src Source, reading string) error {
	pages, err := json.Marshal(src.Pages)
	if err != nil {
		return err
	}
	opening := OpeningKey(src.Hash, reading)
	return s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM attempts WHERE page_hash = $1 AND reading_hash = $2`,
			opening.Page, opening.Reading); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO sources (source_hash, reading_hash, path, page_hashes, problem, seen_ms)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (source_hash, reading_hash) DO UPDATE
			SET path = excluded.path, page_hashes = excluded.page_hashes, problem = excluded.problem, seen_ms = excluded.seen_ms`,
			src.Hash, reading, src.Path, string(pages), src.Problem, s.now().UnixMilli())
		return err
	})
}

// Result returns the document of a page, if there is one.
func (s *Store) Result(ctx context.Context, k Key) (doc []byte, ok bool, err error) {
	var text string
	err = s.db.QueryRowContext(ctx, `SELECT result FROM page_results
		WHERE page_hash = $1 AND reading_hash = $2`, k.Page, k.Reading).Scan(&text)
	return []byte(text), err == nil, s.noRows(err)
}

// Attempts returns how often the reading of a page was begun without a result.
func (s *Store) Attempts(ctx context.Context, k Key) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT attempts FROM attempts
		WHERE page_hash = $1 AND reading_hash = $2`, k.Page, k.Reading).Scan(&n)
	return n, s.noRows(err)
}

// Begin commits that the reading of a page is about to be tried and returns how many
// tries that makes. It comes before the first byte is decoded: should the page kill
// the process, the next run knows.
func (s *Store) Begin(ctx context.Context, k Key) (n int, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO attempts (page_hash, reading_hash, attempts, started_ms)
			VALUES ($1, $2, 1, $3)
			ON CONFLICT (page_hash, reading_hash) DO UPDATE
			SET attempts = attempts.attempts + 1, started_ms = excluded.started_ms
			RETURNING attempts`, k.Page, k.Reading, s.now().UnixMilli()).Scan(&n)
	})
	return n, err
}

// FormFacts returns the document kept for a form, if there is one.
func (s *Store) FormFacts(ctx context.Context, hash string) (doc []byte, ok bool, err error) {
	var text string
	err = s.db.QueryRowContext(ctx, `SELECT facts FROM forms WHERE form_hash = $1`, hash).Scan(&text)
	return []byte(text), err == nil, s.noRows(err)
}

// SetFormFacts keeps a document for a form.
func (s *Store) SetFormFacts(ctx context.Context, hash string, doc []byte) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO forms (form_hash, facts) VALUES ($1, $2)
			ON CONFLICT (form_hash) DO UPDATE SET facts = excluded.facts`, hash, string(doc))
		return err
	})
}

// noRows explains an error and drops the one that only says "not there".
func (s *Store) noRows(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return s.explain(err)
}
