//go:build !unix

package store

// Lock does nothing where folders cannot be locked.
func Lock(string) (release func(), err error) { return func() {}, nil }
