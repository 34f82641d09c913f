package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
	"scan/ocr"
)

// smallExam has 4 pages: sticker and score on the cover, a choice question on page 2, a credit question
// with two correctors on page 3, and a page without fields.
const smallExam = `version: 1
id: small
title: A small exam
form: form.pdf
pages: 4
sticker: {page: 1, box: [10, 30, 39, 21.5]}
problems:
  - id: "1"
    questions:
      - id: "1.1"
        kind: choice
        page: 2
        credits: 2
        options:
          - {id: a, box: [28, 98, 4, 4], correct: true}
          - {id: b, box: [28, 106, 4, 4], correct: false}
  - id: "2"
    questions:
      - id: "2.1"
        kind: credit
        page: 3
        credits: 1
        boxes:
          - {credits: 0, box: [15, 58, 4, 4]}
          - {credits: 0.5, box: [15, 61.6, 4, 4]}
          - {credits: 1, box: [15, 65.2, 4, 4]}
          - {credits: 0, box: [21, 58, 4, 4], corrector: 2}
          - {credits: 0.5, box: [21, 61.6, 4, 4], corrector: 2}
          - {credits: 1, box: [21, 65.2, 4, 4], corrector: 2}
scores:
  - {id: s2, problem: "2", corrector: 1, page: 1, box: [45, 120, 18, 9], max: 1, step: 0.5}
`

const smallRoster = "code,registration\n1001,R1\n1002,R2\n1003,R3\n"

// folder is an exam folder in which every page has been read already, so that nothing is decoded.
type folder struct {
	t   *testing.T
	dir string
	// files are the scans: names, and the images on their pages.
	files map[string][]string
	// results are what is read from an image.
	results map[string]PageResult
	policy  mark.Policy
}

// newFolder makes the folder of a batch of which every word of a file's script is a page: the booklet's
// number or "x" and the form page, such as "1.2", and "1.0" for a page that is refused.
func newFolder(t *testing.T, files map[string]string) *folder {
	f := &folder{t: t, dir: t.TempDir(), files: map[string][]string{}, results: map[string]PageResult{}}
	f.write(ExamFile, smallExam)
	f.write("form.pdf", "a form")
	f.write(RosterFile, smallRoster)
	for name, script := range files {
		f.files[name] = strings.Fields(script)
		for _, image := range f.files[name] {
			f.results[image] = smallPage(image)
		}
	}
	f.store()
	return f
}

func (f *folder) write(name, text string) {
	path := filepath.Join(f.dir, name)
	require.NoError(f.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(f.t, os.WriteFile(path, []byte(text), 0o644))
}

// smallPage is what is read from a page: everything surely, but for the second option and the first
// corrector's credits.
func smallPage(image string) PageResult {
	var booklet, page int
	if n, _ := fmt.Sscanf(image, "%d.%d", &booklet, &page); n != 2 || page == 0 {
		return PageResult{Status: StatusRefused, Reason: "coverage", Width: 800, Height: 1100, FormPage: 2}
	}
	r := PageResult{Status: StatusOK, FormPage: page, Width: 800, Height: 1100, DPIX: 96, DPIY: 96}
	switch page {
	case 1:
		code := fmt.Sprint(1000 + booklet)
		r.Sticker = &ocr.StickerReading{Value: code, Code: code, Printed: code, Confidence: 1}
		r.Scores = []ScoreResult{{"s2", ocr.ScoreReading{Reason: ocr.ReasonEmptyScore, Confidence: 1}}}
	case 2:
		r.Choices = []ChoiceResult{{Question: "1.1", Boxes: []detect.BoxReading{
			{State: detect.Crossed, Confidence: 1}, {State: detect.Empty, Confidence: 0.6, Reason: "other-mark"}}}}
	case 3:
		r.Credits = []CreditResult{{Question: "2.1", Columns: []detect.ColumnReading{
			{Corrector: 1, Marked: -1, Confidence: 0.5, Reason: "several-marked"},
			{Corrector: 2, Marked: -1, Confidence: 1, Reason: "none-marked"}}}}
	}
	return r
}

// store writes the scans and what is known of them.
func (f *folder) store() {
	ctx := context.Background()
	st, err := store.Open(ctx, filepath.Join(f.dir, store.FileName))
	require.NoError(f.t, err)
	defer st.Close()
	form, err := hashFile(filepath.Join(f.dir, "form.pdf"))
	require.NoError(f.t, err)
	e, err := exam.Load(filepath.Join(f.dir, ExamFile))
	require.NoError(f.t, err)
	reading := readingHash(e, form)
	require.NoError(f.t, st.SetFormFacts(ctx, form, []byte(`{"blank":[],"sizes":[[210,297],[210,297],[210,297],[210,297]]}`)))
	w := st.NewWriter()
	for image, r := range f.results {
		doc, err := r.document()
		require.NoError(f.t, err)
		require.NoError(f.t, w.Put(store.Key{Page: image, Reading: reading}, doc))
	}
	require.NoError(f.t, w.Close())
	require.NoError(f.t, os.RemoveAll(filepath.Join(f.dir, ScansDir)))
	require.NoError(f.t, os.MkdirAll(filepath.Join(f.dir, ScansDir), 0o755))
	for name, images := range f.files {
		path := filepath.Join(f.dir, ScansDir, name)
		require.NoError(f.t, os.WriteFile(path, []byte(strings.Join(images, " ")), 0o644))
		hash, err := hashFile(path)
		require.NoError(f.t, err)
		require.NoError(f.t, st.SetSource(ctx, store.Source{Hash: hash, Path: name, Pages: images}, reading))
	}
}

// rename renames a scan.
func (f *folder) rename(from, to string) {
	f.files[to] = f.files[from]
	delete(f.files, from)
	require.NoError(f.t, os.Rename(filepath.Join(f.dir, ScansDir, from), filepath.Join(f.dir, ScansDir, to)))
}

// read is scan read.
func (f *folder) read() *Outcome {
	f.t.Helper()
	out, err := Read(context.Background(), Options{Dir: f.dir, Policy: f.policy, Program: "test"})
	require.NoError(f.t, err)
	require.Zero(f.t, out.Summary.Read)
	return out
}

// open opens a session, which agrees with what scan read last said.
func (f *folder) open() *Session {
	f.t.Helper()
	s, err := OpenSession(context.Background(), Options{Dir: f.dir, Program: "test"})
	require.NoError(f.t, err)
	f.t.Cleanup(func() { s.Close() })
	return s
}

// decide is what one reviewer says of one thing, knowing what stands now: of a field of the image, or
// of a page.
func (f *folder) decide(s *Session, who, image, field, value string) *Outcome {
	f.t.Helper()
	out, err := s.Outcome(context.Background())
	require.NoError(f.t, err)
	d := store.Decision{Page: image, Field: field, Value: value, Who: who}
	for _, r := range out.Readings {
		if r.Image == image && r.Field == field {
			d.Supersedes, d.Source, d.SourcePage = r.Decisions, r.Source, r.SourcePage
		}
	}
	for _, p := range out.Pages {
		if p.Image == image && field == mark.FieldPage {
			d.Supersedes, d.Source, d.SourcePage = p.Decisions, p.Source, p.SourcePage
		}
	}
	out, _, err = s.Decide(context.Background(), []store.Decision{d})
	require.NoError(f.t, err)
	return out
}

func reading(t *testing.T, out *Outcome, image, field string) mark.Reading {
	t.Helper()
	i := slices.IndexFunc(out.Readings, func(r mark.Reading) bool { return r.Image == image && r.Field == field })
	require.GreaterOrEqual(t, i, 0, "%s of %s", field, image)
	return out.Readings[i]
}

func sheet(t *testing.T, out *Outcome, booklet string) mark.Sheet {
	t.Helper()
	i := slices.IndexFunc(out.Sheets, func(s mark.Sheet) bool { return s.Booklet == booklet })
	require.GreaterOrEqual(t, i, 0, booklet)
	return out.Sheets[i]
}

// said renders a row: value, reason, whether it waits.
func said(r mark.Reading) string {
	s := cmp.Or(r.Value, "-") + " " + cmp.Or(r.Reason, "-")
	if r.Review {
		s += " review"
	}
	return s
}

// pagesTold renders the pages that are not simply ok, and where those lie that were placed by hand.
func pagesTold(out *Outcome) string {
	var parts []string
	for _, p := range out.Pages {
		if p.Status != StatusOK || p.Reason != "" {
			parts = append(parts, fmt.Sprintf("%s:%d=%s/%d:%s:%s", p.Source, p.SourcePage, p.Booklet, p.Page, p.Status, p.Reason))
		}
	}
	return strings.Join(parts, " ")
}

// sameBatch compares two batches row by row, so that a difference can be read.
func sameBatch(t *testing.T, want, got *Outcome) {
	t.Helper()
	same(t, want.Pages, got.Pages)
	same(t, want.Readings, got.Readings)
	same(t, want.Sheets, got.Sheets)
	same(t, want.Booklets, got.Booklets)
}

func same[T any](t *testing.T, want, got []T) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i], got[i], "row %d", i)
	}
}
