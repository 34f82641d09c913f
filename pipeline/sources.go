package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"scan/internal/exam"
	"scan/internal/raster"
	"scan/internal/store"
)

// maxAttempts is how often a page or a file is tried that killed the process. Once
// may be a power cut and twice the page beside it; a third time is its own fault.
const maxAttempts = 3

// source is a file below scans/.
type source struct {
	store.Source
	sameAs string // the path of an earlier source with the same bytes, or ""
}

// listSources finds what is in scans/, in natural order, and the hash of every page.
// Files are known by their content: renaming one costs nothing.
func (b *batch) listSources(ctx context.Context) (list []source, ignored []string, err error) {
	paths, ignored, err := raster.Walk(filepath.Join(b.Dir, ScansDir))
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(paths, naturalCompare)
	first := map[string]string{}
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		s, err := b.source(ctx, path)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, source{Source: s, sameAs: first[s.Hash]})
		if first[s.Hash] == "" {
			first[s.Hash] = path
		}
	}
	return list, ignored, nil
}

// source returns what is known of a file, opening it if it is new.
func (b *batch) source(ctx context.Context, path string) (store.Source, error) {
	file := filepath.Join(b.Dir, ScansDir, filepath.FromSlash(path))
	hash, err := hashFile(file)
	if err != nil {
		return store.Source{}, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	known, ok, err := b.store.Source(ctx, hash, b.reading)
	if err != nil || ok {
		known.Path = path
		return known, err
	}
	s := store.Source{Hash: hash, Path: path}
	opening := store.OpeningKey(hash, b.reading)
	tries, err := b.store.Attempts(ctx, opening)
	if err != nil {
		return s, err
	}
	if tries >= maxAttempts {
		s.Problem = "opening the file ended the program repeatedly"
		return s, b.store.SetSource(ctx, s, b.reading)
	}
	if _, err := b.store.Begin(ctx, opening); err != nil {
		return s, err
	}
	if s.Pages, err = pageHashes(file); err != nil {
		var notFile *fs.PathError
		if errors.As(err, &notFile) {
			return s, err // the disk's trouble, not the scan's
		}
		s.Problem = err.Error()
	}
	return s, b.store.SetSource(ctx, s, b.reading)
}

// pageHashes opens a scan and returns the hash of each of its pages.
func pageHashes(file string) (hashes []string, err error) {
	defer func() {
		if v := recover(); v != nil {
			hashes, err = nil, fmt.Errorf("%s: opening the file failed: %v", filepath.Base(file), v)
		}
	}()
	src, err := raster.Open(file)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if src.Pages() == 0 {
		return nil, fmt.Errorf("%s: the file holds no page; scan it again", filepath.Base(file))
	}
	for n := 1; n <= src.Pages(); n++ {
		h, err := src.Hash(n)
		if err != nil {
			// The page is damaged where it is described; decoding it will tell.
			h = brokenPage(file, n)
		}
		hashes = append(hashes, h)
	}
	return hashes, nil
}

// brokenPage stands for the hash of a page that has none.
func brokenPage(file string, n int) string {
	whole, err := hashFile(file)
	if err != nil {
		whole = file
	}
	return fmt.Sprintf("%s#%d", whole, n)
}

// readingHash names all that the reading of a page depends on beside its own bytes.
func readingHash(e *exam.Exam, formHash string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", e.ReadingHash(), formHash, ReadingVersion))
	return hex.EncodeToString(sum[:])
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func ignoredNotes(paths []string) (notes []Note) {
	for _, p := range paths {
		notes = append(notes, Note{Word: reasonNotAScan, About: p})
	}
	return notes
}
