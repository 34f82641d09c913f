package pipeline

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/store"
)

// Session is a batch that was read, open for review and export. It decodes no page but for
// pictures, and holds no lock: scan read may run beside it. It is safe for concurrent use.
type Session struct {
	Exam   *exam.Exam
	Roster *exam.Roster // nil without one
	Run    Run          // the last run of scan read
	Dir    string

	pictures gallery
	form     formPictures
	audits   audits

	store   *store.Store
	program string
	text    []byte // exam.yaml as it was opened
	roster  string // hash of the roster as it was opened, "" without one

	reading atomic.Pointer[string] // the reading hash of the run
	mu      sync.Mutex             // guards Run and what follows
	runID   string
	settler *settler
	ledger  []store.Decision // all that out was made of, oldest first
	out     *Outcome
}

// ErrNotRead is wrapped where scan read has not been run on a folder.
var ErrNotRead = errors.New("has not been read")

// OpenSession opens what the last scan read of a folder left. Nothing below scans/ is looked at.
func OpenSession(ctx context.Context, o Options) (_ *Session, err error) {
	s := &Session{Dir: o.Dir, program: o.Program}
	if err := checkExamFolder(o.Dir); err != nil {
		return nil, err
	}
	if s.Exam, err = exam.Load(filepath.Join(o.Dir, ExamFile)); err != nil {
		return nil, err
	}
	if s.text, err = os.ReadFile(filepath.Join(o.Dir, ExamFile)); err != nil {
		return nil, err
	}
	if err := s.loadRoster(); err != nil {
		return nil, err
	}
	file := filepath.Join(o.Dir, store.FileName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s %w; run scan read on it first", o.Dir, ErrNotRead)
	}
	if s.store, err = store.Open(ctx, file); err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		_ = s.store.Close() // what failed before counts
		return nil, err
	}
	return s, nil
}

func (s *Session) loadRoster() (err error) {
	file := filepath.Join(s.Dir, RosterFile)
	s.Roster, err = exam.LoadRoster(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	s.roster, err = hashFile(file)
	return err
}

// load takes up the last run.
func (s *Session) load(ctx context.Context) error {
	kept, r, ok, err := lastRun(ctx, s.store, store.RunRead)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%s %w; run scan read on it first", s.Dir, ErrNotRead)
	}
	s.Run = r
	if err := s.checkLayout(); err != nil {
		return err
	}
	return s.take(ctx, kept, r)
}

// take makes a run the one that the session works on.
func (s *Session) take(ctx context.Context, kept store.Run, r Run) error {
	pages, err := loadPages(ctx, s.store, kept.Reading, r.list())
	if err != nil {
		return err
	}
	_, s.Exam.Before = countedBefore(s.text, r)
	s.Run, s.runID, s.out, s.ledger = r, kept.ID, nil, nil
	s.reading.Store(&kept.Reading)
	s.settler = &settler{exam: s.Exam, roster: s.Roster, policy: r.Policy, pages: pages,
		required: RequiredPages(s.Exam, r.Blank), sizes: r.facts().size, wider: widerScores(r.Exam, s.Exam)}
	if s.Exam.HasCopies() {
		s.settler.hint = func(ctx context.Context, pages []Scanned, copies map[int]string) (map[int]PageResult, error) {
			return storedByCopy(ctx, s.store, kept.Reading, pages, copies)
		}
	}
	return nil
}

// ErrOtherExam is wrapped where scan read has run since the session was opened, and by another exam.yaml or roster.
var ErrOtherExam = errors.New("was changed and read anew")

// Follow takes up a newer run of scan read, if there is one: scans may come while people review. A
// session that is not told to follow stays with its run.
func (s *Session) Follow(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, err := s.store.LastRunID(ctx, store.RunRead)
	if err != nil || id == s.runID {
		return err
	}
	kept, r, _, err := lastRun(ctx, s.store, store.RunRead)
	if err != nil {
		return err
	}
	switch {
	case r.Exam != string(s.text):
		return fmt.Errorf("%s %w; end this program and start it again, no decision is lost", ExamFile, ErrOtherExam)
	case r.Roster != s.roster:
		return fmt.Errorf("%s %w; end this program and start it again, no decision is lost", RosterFile, ErrOtherExam)
	case r.Form != s.Run.Form || r.Copies != s.Run.Copies:
		return fmt.Errorf("the form %w; end this program and start it again, no decision is lost", ErrOtherExam)
	}
	return s.take(ctx, kept, r)
}

// checkLayout refuses an exam whose boxes are not those that were read. Keys, credits and rules may
// have changed.
func (s *Session) checkLayout() error {
	form, err := hashFile(filepath.Join(s.Dir, s.Exam.Form))
	if err != nil {
		return fmt.Errorf("the form that %s names cannot be read: %w; put the blank form there", ExamFile, err)
	}
	copies, err := hashCopies(s.Dir, s.Exam)
	if err != nil {
		return err
	}
	var what string
	switch {
	case s.Exam.LayoutHash() != s.Run.Layout:
		what = s.whatMoved()
	case form != s.Run.Form:
		what = "the form " + s.Exam.Form + " is another one"
	case copies != s.Run.Copies:
		what = "the forms of the copies are others"
	default:
		return nil
	}
	return fmt.Errorf("since %s was read, %s: run scan read first; decisions stay", s.Dir, what)
}

// whatMoved names the first field that is elsewhere than when the batch was read.
func (s *Session) whatMoved() string {
	was, err := exam.Parse(ExamFile, []byte(s.Run.Exam))
	if err == nil {
		for _, e := range [][2]*exam.Exam{{was, s.Exam}, {s.Exam, was}} {
			for _, f := range mark.Fields(e[0]) {
				page, boxes, _ := e[0].Place(f)
				nowPage, now, ok := e[1].Place(f)
				if !ok {
					return fmt.Sprintf("fields were added to or taken out of %s (%s)", ExamFile, f)
				}
				if exam.PlaceText(page, boxes) != exam.PlaceText(nowPage, now) {
					return fmt.Sprintf("boxes have moved in %s (%s)", ExamFile, f)
				}
			}
		}
	}
	return "pages, codes, conventions or boxes have changed in " + ExamFile
}

// Close frees the database.
func (s *Session) Close() error {
	s.pictures.close()
	return s.store.Close()
}

// Outcome returns the batch with all decisions in the database applied, also those that others
// made since; it is computed anew only if there are new ones. The Outcome is not to be changed.
func (s *Session) Outcome(ctx context.Context) (*Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outcome(ctx)
}

func (s *Session) outcome(ctx context.Context) (*Outcome, error) {
	n, err := s.store.CountDecisions(ctx)
	if err != nil {
		return nil, err
	}
	if s.out != nil && n == len(s.ledger) {
		return s.out, nil
	}
	all, err := s.store.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	return s.settle(ctx, all)
}

func (s *Session) settle(ctx context.Context, all []store.Decision) (*Outcome, error) {
	out, err := s.settler.settle(ctx, all)
	if err != nil {
		return nil, err
	}
	out.Summary.Sources, out.Summary.Cached = len(s.Run.Sources), len(out.Pages)
	s.out, s.ledger = out, all
	return out, nil
}

// Decide adds decisions to the ledger, all or none, and returns the batch as it then stands. What a
// decision does not say of its field (where it was, what it said before) is filled in. One that means
// nothing in this exam is an error.
func (s *Session) Decide(ctx context.Context, all []store.Decision) (*Outcome, []store.Decision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out, err := s.outcome(ctx)
	if err != nil {
		return nil, nil, err
	}
	full := make([]store.Decision, len(all))
	for i, d := range all {
		if full[i], err = s.complete(out, d); err != nil {
			return nil, nil, err
		}
	}
	added, err := s.store.Decide(ctx, full...)
	if err != nil {
		return nil, nil, err
	}
	n, err := s.store.CountDecisions(ctx)
	if err != nil {
		return nil, nil, err
	}
	if n != len(s.ledger)+len(added) { // somebody else decided too
		out, err = s.outcome(ctx)
		return out, added, err
	}
	ledger := append(slices.Clip(s.ledger), added...)
	slices.SortStableFunc(ledger, inOrder)
	out, err = s.settle(ctx, ledger)
	return out, added, err
}

// inOrder is the order of the ledger: see store.Decisions.
func inOrder(a, b store.Decision) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	switch {
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
}

// Ledger returns all decisions ever made, oldest first.
func (s *Session) Ledger(ctx context.Context) ([]store.Decision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.outcome(ctx); err != nil {
		return nil, err
	}
	return slices.Clone(s.ledger), nil
}

// Result returns everything that was read from a page, features included.
func (s *Session) Result(ctx context.Context, p mark.Page) (PageResult, error) {
	r, ok, err := stored(ctx, s.store, store.Key{Page: p.Image, Reading: *s.reading.Load()})
	if err != nil {
		return r, err
	}
	if p.Copy != "" && r.Copy != p.Copy { // its booklet told the copy
		again, hinted, err := stored(ctx, s.store, store.Key{Page: p.Image, Reading: hintedReading(*s.reading.Load(), p.Copy)})
		if err != nil || hinted {
			return again, err
		}
	}
	if !ok {
		return unreadable(reasonUnopenable, p.Detail), nil
	}
	return r, nil
}

// Picture samples a piece of a page: area in mm of the frame that the page's row gives (see
// mark.Page), pxPerMM the resolution, turn a further clockwise turn (0, 90, 180, 270) of pages
// that are not registered; a quarter turn swaps the sides of the frame.
func (s *Session) Picture(ctx context.Context, p mark.Page, area geom.Box, pxPerMM float64, turn int) (image.Image, error) {
	return s.picture(ctx, p, area, pxPerMM, turn)
}

// KeepExport records a run of scan export.
func (s *Session) KeepExport(ctx context.Context, began time.Time, sheets []mark.Sheet) error {
	r := s.Run
	r.Program, r.Exam, r.Scoring, r.Sheets = s.program, string(s.text), s.Exam.ScoringHash(), sheets
	r.Sources = nil // the run of scan read has them
	return addRun(ctx, s.store, store.RunExport, *s.reading.Load(), began, r)
}
