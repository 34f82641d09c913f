//go:build unix

package main

import (
	"os"
	"syscall"
)

// ownStderr is standard error under a descriptor of its own. The OCR library points descriptor 2 to nowhere
// while it opens (0.1 to 0.2 s); what is said meanwhile would vanish.
func ownStderr() *os.File {
	fd, err := syscall.Dup(int(os.Stderr.Fd()))
	if err != nil {
		return os.Stderr
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), os.Stderr.Name())
}
