package pipeline

import (
	"context"
	"errors"
	"image"
	"time"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/store"
)

// Run is what a run of scan read or scan export leaves in the database: enough to go on without
// the scans, and to tell later what was known then.
type Run struct {
	Program string      // version
	Exam    string      // exam.yaml as it was
	Layout  string      // exam.LayoutHash: whether its boxes are still where they were
	Scoring string      // exam.ScoringHash
	Form    string      // hash of the form
	Roster  string      // hash of the roster, "" without one
	Policy  mark.Policy // how sure readings had to be
	Sources []RunSource // in scan order
	Blank   []int       // form pages without print
	Summary Summary
	Sheets  []mark.Sheet // the scores as they were
}

// RunSource is a file of the batch.
type RunSource struct {
	Path, Hash string
	SameAs     string   `json:",omitempty"`
	Pages      []string // the hash of each page's image
	Problem    string   `json:",omitempty"`
}

// Session is a batch that was read, open for review and export. It decodes no page but for
// pictures, and holds no lock: scan read may run beside it. It is safe for concurrent use.
type Session struct {
	Exam   *exam.Exam
	Roster *exam.Roster // nil without one
	Run    Run          // the last run of scan read
	Dir    string

	pictures gallery
}

// ErrNotRead is wrapped where scan read has not been run on a folder.
var ErrNotRead = errors.New("has not been read")

// OpenSession opens what the last scan read of a folder left.
func OpenSession(ctx context.Context, o Options) (*Session, error) { return nil, ErrNotRead }

// Close frees the database.
func (s *Session) Close() error { return nil }

// Outcome returns the batch with all decisions in the database applied, also those that others
// made since; it is computed anew only if there are new ones. The Outcome is not to be changed.
func (s *Session) Outcome(ctx context.Context) (*Outcome, error) { return nil, ErrNotRead }

// Decide adds decisions to the ledger and returns the batch as it then stands.
func (s *Session) Decide(ctx context.Context, all []store.Decision) (*Outcome, []store.Decision, error) {
	return nil, nil, ErrNotRead
}

// Ledger returns all decisions ever made, oldest first.
func (s *Session) Ledger(ctx context.Context) ([]store.Decision, error) { return nil, ErrNotRead }

// Result returns everything that was read from a page, features included.
func (s *Session) Result(ctx context.Context, p mark.Page) (PageResult, error) {
	return PageResult{}, ErrNotRead
}

// Picture samples a piece of a page: area in mm of the frame that the page's row gives (see
// mark.Page), pxPerMM the resolution, turn a further clockwise turn (0, 90, 180, 270) of pages
// that are not registered; a quarter turn swaps the sides of the frame.
func (s *Session) Picture(ctx context.Context, p mark.Page, area geom.Box, pxPerMM float64, turn int) (image.Image, error) {
	return s.picture(ctx, p, area, pxPerMM, turn)
}

// LastScores returns the scores of the last run of scan export, or else of scan read, and when
// that was.
func (s *Session) LastScores(ctx context.Context) ([]mark.Sheet, time.Time, error) {
	return nil, time.Time{}, ErrNotRead
}

// KeepExport records a run of scan export.
func (s *Session) KeepExport(ctx context.Context, began time.Time, sheets []mark.Sheet) error {
	return ErrNotRead
}
