package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"scan/internal/mark"
	"scan/internal/store"
)

// Run is what a run of scan read or scan export leaves in the database: enough to go on without
// the scans, and to tell later what was known then.
type Run struct {
	Program string            // version
	Reader  int               // ReadingVersion
	Weights map[string]string // hashes of the networks that read, by file
	Exam    string            // exam.yaml as it was
	Before  []string          `json:",omitempty"` // and in earlier runs, where it counted otherwise
	Layout  string            // exam.LayoutHash: whether its boxes are still where they were
	Scoring string            // exam.ScoringHash
	Form    string            // hash of the form
	Copies  string            `json:",omitempty"` // hash of the copies' forms, "" where all are printed alike
	Roster  string            // hash of the roster, "" without one
	Policy  mark.Policy       // how sure readings had to be
	Sources []RunSource       // in scan order
	Blank   []int             // form pages without print
	Sizes   [][2]float64      // of form pages: width and height in mm
	Summary Summary
	Sheets  []mark.Sheet // the scores as they were

	Began, Ended time.Time `json:"-"` // the store keeps them
}

// RunSource is a file of the batch.
type RunSource struct {
	Path, Hash string
	SameAs     string   `json:",omitempty"`
	Pages      []string // the hash of each page's image
	Problem    string   `json:",omitempty"`
}

// keepRun records the run, so that review and export can go on from it.
func (b *batch) keepRun(ctx context.Context, began time.Time, sources []source, out *Outcome) error {
	facts, err := b.formFacts(ctx)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(b.Dir, ExamFile))
	if err != nil {
		return err
	}
	r := Run{Program: b.Program, Reader: ReadingVersion, Weights: weightHashes(), Exam: string(text), Before: b.before, Layout: b.exam.LayoutHash(), Scoring: b.exam.ScoringHash(),
		Form: b.formHash, Copies: b.copies, Policy: b.Policy, Blank: facts.Blank, Sizes: facts.Sizes,
		Summary: out.Summary, Sheets: out.Sheets}
	if b.roster != nil {
		if r.Roster, err = hashFile(filepath.Join(b.Dir, RosterFile)); err != nil {
			return err
		}
	}
	for _, s := range sources {
		r.Sources = append(r.Sources, RunSource{Path: s.Path, Hash: s.Hash, SameAs: s.sameAs, Pages: s.Pages, Problem: s.Problem})
	}
	return addRun(ctx, b.store, store.RunRead, b.reading, began, r)
}

func addRun(ctx context.Context, st *store.Store, kind, reading string, began time.Time, r Run) error {
	doc, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("internal error: the record of the run: %w", err)
	}
	return st.AddRun(ctx, store.Run{Kind: kind, Reading: reading, Began: began, Ended: time.Now(), Doc: doc})
}

// lastRun returns the latest run of one of the kinds.
func lastRun(ctx context.Context, st *store.Store, kinds ...string) (kept store.Run, r Run, ok bool, err error) {
	kept, ok, err = st.LastRun(ctx, kinds...)
	if err != nil || !ok {
		return kept, r, false, err
	}
	if err := json.Unmarshal(kept.Doc, &r); err != nil {
		return kept, r, false, fmt.Errorf("the record of the last run in %s cannot be read: %w; run scan read again", store.FileName, err)
	}
	r.Began, r.Ended = kept.Began, kept.Ended
	return kept, r, true, nil
}

// list returns the files of the batch as the run found them.
func (r Run) list() (list []source) {
	for _, s := range r.Sources {
		list = append(list, source{Source: store.Source{Hash: s.Hash, Path: s.Path, Pages: s.Pages, Problem: s.Problem}, sameAs: s.SameAs})
	}
	return list
}

func (r Run) facts() formFacts { return formFacts{Blank: r.Blank, Sizes: r.Sizes} }
