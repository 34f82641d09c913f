//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Lock keeps a second run out of an exam folder until release is called. The lock
// is on the folder itself, so that no file is left behind and a killed run frees it.
// Where the file system cannot lock a folder, nothing is locked.
func Lock(dir string) (release func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		f.Close()
		return nil, fmt.Errorf("another scan is at work in %s; wait for it or end it", dir)
	}
	return func() { f.Close() }, nil
}
