package pipeline

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"scan/internal/exam"
	"scan/internal/store"
)

// Keys that held before
//
// A handwritten sum was added up by the key of its day. Where a key is corrected afterwards, sums would
// contradict the score in just those booklets whose score changes. A run therefore hands on how the
// exam counted in the runs before it.

// mostBefore bounds how many earlier exams are handed on: each one more is a number that a wrong
// sum may happen to be.
const mostBefore = 4

// countedBefore lists how the exam counted in a run and in those before it, where that is not how it
// counts now and the paper is the same; the latest last. now is exam.yaml. The texts are what the next
// run hands on.
func countedBefore(now []byte, r Run) (texts []string, exams []*exam.Exam) {
	e, err := exam.Parse(ExamFile, now)
	if err != nil {
		return nil, nil // who loads it says what is wrong
	}
	seen := []string{e.ScoringHash()}
	for _, text := range append(slices.Clip(r.Before), r.Exam) {
		old, err := exam.Parse(ExamFile, []byte(text))
		if err != nil || old.LayoutHash() != e.LayoutHash() || slices.Contains(seen, old.ScoringHash()) {
			continue
		}
		seen = append(seen, old.ScoringHash())
		texts, exams = append(texts, text), append(exams, old)
	}
	from := max(0, len(texts)-mostBefore)
	return texts[from:], exams[from:]
}

// recall takes up how the exam counted before. A record that cannot be read is no reason not to
// read: this run writes a new one.
func (b *batch) recall(ctx context.Context) error {
	_, r, ok, err := lastRun(ctx, b.store, store.RunRead)
	if err != nil {
		b.Log.Warn("nothing is known of earlier runs", "error", err)
	}
	if err != nil || !ok {
		return nil //nolint:nilerr // see above
	}
	text, err := os.ReadFile(filepath.Join(b.Dir, ExamFile))
	if err != nil {
		return err
	}
	b.before, b.exam.Before = countedBefore(text, r)
	return nil
}
