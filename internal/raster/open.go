package raster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MaxFileBytes is the largest file opened; it is held in memory while open.
const MaxFileBytes = 2 << 30

type kind int

const (
	kindUnknown kind = iota
	kindPDF
	kindTIFF
	kindJPEG
	kindPNG
)

// Open opens a scan: PDF, TIFF of one or more pages, JPEG or PNG, told apart by
// their first bytes, never by the name. The file is read once and never written.
// The error is a FormatError for a damaged file, an UnsupportedError for a kind
// that is not read (a password, too large), or that of the file system.
func Open(path string) (Source, error) {
	b, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var src Source
	switch sniff(b) {
	case kindPDF:
		src, err = openPDF(path, b)
	case kindTIFF:
		src, err = openTIFF(path, b)
	case kindJPEG:
		src = &imageFile{path: path, data: b, decode: DecodeJPEG}
	case kindPNG:
		src = &imageFile{path: path, data: b, decode: decodePNG}
	default:
		err = &UnsupportedError{What: "neither PDF nor TIFF, JPEG or PNG", Do: "scan to one of these"}
	}
	if err != nil {
		return nil, locate(err, path, 0)
	}
	return src, nil
}

func readFile(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		return nil, &UnsupportedError{Path: path, What: "a folder", Do: "name a file in it"}
	}
	if st.Size() == 0 {
		return nil, &FormatError{Path: path, What: "the file is empty", Do: "copy it again, or scan it anew"}
	}
	if st.Size() > MaxFileBytes {
		return nil, &UnsupportedError{Path: path, What: "file of more than 2 GiB", Do: "split it"}
	}
	return os.ReadFile(path)
}

func sniff(b []byte) kind {
	switch {
	case bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")):
		return kindPDF
	case bytes.HasPrefix(b, []byte("II*\x00")), bytes.HasPrefix(b, []byte("MM\x00*")),
		bytes.HasPrefix(b, []byte("II+\x00")), bytes.HasPrefix(b, []byte("MM\x00+")):
		return kindTIFF
	case bytes.HasPrefix(b, []byte("\xFF\xD8\xFF")):
		return kindJPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return kindPNG
	}
	return kindUnknown
}

// imageFile is a file that holds one page.
type imageFile struct {
	path   string
	data   []byte
	decode func([]byte) (*Page, error)
}

func (f *imageFile) Pages() int { return 1 }

func (f *imageFile) Page(n int) (*Page, error) {
	if n != 1 {
		return nil, noSuchPage(f.path, n, 1)
	}
	p, err := f.decode(f.data)
	return p, locate(err, f.path, 1)
}

func (f *imageFile) Hash(n int) (string, error) {
	if n != 1 {
		return "", noSuchPage(f.path, n, 1)
	}
	return hashOf(f.data), nil
}

func (f *imageFile) Close() error { return nil }

func noSuchPage(path string, n, pages int) error {
	return locate(unsupported("there are only %d pages", pages), path, n)
}

func hashOf(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

var scanExtensions = []string{".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"}

// Walk returns the files below root that look like scans by their extension, and
// apart from them all others. Both are sorted paths relative to root with forward
// slashes. Hidden files and folders (a leading dot) are passed over; symbolic links
// to files are followed, to folders not.
func Walk(root string) (scans, ignored []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == root {
			return nil
		}
		if strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if isScan(path, d) {
			scans = append(scans, rel)
		} else {
			ignored = append(ignored, rel)
		}
		return nil
	})
	slices.Sort(scans)
	slices.Sort(ignored)
	return scans, ignored, err
}

func isScan(path string, d fs.DirEntry) bool {
	if !slices.Contains(scanExtensions, strings.ToLower(filepath.Ext(path))) {
		return false
	}
	if d.Type()&fs.ModeSymlink != 0 {
		st, err := os.Stat(path)
		return err == nil && st.Mode().IsRegular()
	}
	return d.Type().IsRegular()
}
