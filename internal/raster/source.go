package raster

// Ref names a page of a source file: its path below scans/ with forward slashes,
// and its page counted from 1.
type Ref struct {
	Path string
	Page int
}

// Source is an open scan file of one or more pages.
type Source interface {
	// Pages returns the number of pages.
	Pages() int
	// Page decodes page n, counted from 1. An error is about that page alone: the
	// others may still be good. Safe for concurrent use.
	Page(n int) (*Page, error)
	// Hash returns the SHA-256, in hexadecimal, of what is stored for page n and of
	// how it is placed: equal for the same page in two files. It decodes nothing.
	Hash(n int) (string, error)
	// Close frees the file.
	Close() error
}
