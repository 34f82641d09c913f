// Package store keeps what has been read, so that a second run costs nothing and a
// killed one resumes. One JSON document a page; this package does not look inside.
//
// A page result is addressed by a Key: the page's bytes and everything its reading
// depends on. Nothing is ever invalidated; a changed exam or program simply asks for
// other keys.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// FileName is the database in an exam folder.
const FileName = "scan.db"

// ErrDamaged is wrapped by errors about a file that is not a sound database.
var ErrDamaged = errors.New("is damaged")

// ErrNewer is wrapped where a later version of the program made the database.
var ErrNewer = errors.New("was made by a newer version of scan")

// Key addresses a page result. Page is the hash of the page's source and its number
// in it; Reading the hash of all that its reading depends on.
type Key struct{ Page, Reading string }

// Store is an open database. It is safe for concurrent use.
type Store struct {
	db   *sql.DB
	path string
	now  func() time.Time
}

// Open opens or makes the database at path and brings its schema up to date. Its
// errors name the file and what to do about it.
func Open(ctx context.Context, path string) (*Store, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; move it away, its name is taken by the database", path)
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	// One connection: SQLite has one writer anyway, and waiting in Go is cheaper
	// than waiting for its lock.
	db.SetMaxOpenConns(1)
	s := &Store{db: db, path: path, now: time.Now}
	if err := s.prepare(ctx); err != nil {
		_ = db.Close() // what failed before counts
		return nil, s.explain(err)
	}
	return s, nil
}

// dsn asks for write-ahead logging. synchronous=normal survives a killed process;
// a power cut may lose the last results, which are then read again.
func dsn(path string) string {
	// Transactions take the write lock when they begin: one that has read before it writes could not wait for it.
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"journal_mode(wal)", "synchronous(normal)", "busy_timeout(10000)"}}
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(filepath.ToSlash(path)), RawQuery: q.Encode()}).String()
}

// prepare checks the file and migrates the schema.
func (s *Store) prepare(ctx context.Context) error {
	var verdict string
	if err := s.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.db, files)
	if err != nil {
		return err
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > newest {
		return ErrNewer
	}
	if current < newest {
		_, err = p.Up(ctx)
	}
	return err
}

// explain turns a driver's error into one that says what to do.
func (s *Store) explain(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			err = fmt.Errorf("%w: %w", ErrDamaged, err)
		case sqlite3.SQLITE_FULL:
			return fmt.Errorf("%s: the disk is full; make room and run again: %w", s.path, err)
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
			return fmt.Errorf("%s cannot be written; the exam folder must be writable: %w", s.path, err)
		case sqlite3.SQLITE_BUSY:
			return fmt.Errorf("%s is in use by another program; wait for it or end it: %w", s.path, err)
		}
	}
	switch {
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("%s %w; move it away and run again: all pages are read anew, decisions made on the review page are lost unless a backup of the file is put back", s.path, err)
	case errors.Is(err, ErrNewer):
		return fmt.Errorf("%s %w; use that version, or move the file away to start afresh", s.path, err)
	}
	return fmt.Errorf("%s: %w", s.path, err)
}

// Close frees the database.
func (s *Store) Close() error { return s.db.Close() }

// tx runs fn in a transaction.
func (s *Store) tx(ctx context.Context, fn func(*sql.Tx) error) error {
	return s.txOn(ctx, s.db, fn)
}

// durably runs fn in a transaction that is on the disk when it returns.
func (s *Store) durably(ctx context.Context, fn func(*sql.Tx) error) (err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return s.explain(err)
	}
	defer conn.Close() // gives it back
	if _, err := conn.ExecContext(ctx, "PRAGMA synchronous=full"); err != nil {
		return s.explain(err)
	}
	// Whatever became of fn and its context, the connection goes back as it was.
	defer func() {
		_, e := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous=normal")
		if err == nil && e != nil {
			err = s.explain(e)
		}
	}()
	return s.txOn(ctx, conn, fn)
}

type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

func (s *Store) txOn(ctx context.Context, on beginner, fn func(*sql.Tx) error) error {
	tx, err := on.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(err)
	}
	defer tx.Rollback() // does nothing after Commit
	if err := fn(tx); err != nil {
		return s.explain(err)
	}
	if err := tx.Commit(); err != nil {
		return s.explain(err)
	}
	return nil
}
