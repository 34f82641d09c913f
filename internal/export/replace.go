package export

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// File is a file to be written.
type File struct {
	Name  string // in its folder
	Write func(io.Writer) error
}

// Replace writes files beside those that are there and then puts them in their place, in the
// order given: after an error while writing, every earlier file is as it was.
func Replace(dir string, files []File) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the folder for results cannot be made: %w", err)
	}
	staging, err := os.MkdirTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("results cannot be written: %w", err)
	}
	defer os.RemoveAll(staging)
	for _, f := range files {
		if err := writeFile(filepath.Join(staging, f.Name), f.Write); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := os.Rename(filepath.Join(staging, f.Name), filepath.Join(dir, f.Name)); err != nil {
			return fmt.Errorf("results cannot be put in place (is one open in another program?): %w", err)
		}
	}
	return nil
}
