package print

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Folder is a new print run, put in its place whole or not at all.
type Folder struct{ tmp, dir string }

// NewFolder begins a folder that will be dir.
func NewFolder(dir string) (*Folder, error) {
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-*")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return nil, err
	}
	return &Folder{tmp: tmp, dir: dir}, nil
}

// Write writes a file of the folder, below a folder of its own if the name says so.
func (f *Folder) Write(name string, write func(io.Writer) error) (err error) {
	path := filepath.Join(f.tmp, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := file.Close(); err == nil {
			err = e
		}
		if err != nil {
			err = fmt.Errorf("%s cannot be written: %w", filepath.Join(f.dir, name), err)
		}
	}()
	out := bufio.NewWriter(file)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Sync()
}

// Discard drops a folder that is not in its place; it does nothing after Commit.
func (f *Folder) Discard() { _ = os.RemoveAll(f.tmp) }

// Commit puts the folder in its place. What was there is gone then.
func (f *Folder) Commit() error {
	old := f.tmp + ".old"
	err := os.Rename(f.dir, old)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(f.tmp, f.dir); err != nil {
		_ = os.Rename(old, f.dir)
		return err
	}
	return os.RemoveAll(old)
}
