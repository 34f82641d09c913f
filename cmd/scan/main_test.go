package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"scan/fixtures"
	"scan/internal/raster"
)

// The scripts in testdata run the program as it is, in a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"scan": func() { os.Exit(runHooked()) },
		// exitcode runs scan and prints the exit code, which testscript does not tell.
		"exitcode": func() { code := runHooked(); fmt.Fprintln(os.Stderr, "exit", code) },
	})
}

func runHooked() int {
	testOnlyBeforePage = killAt(os.Getenv("TEST_KILL_AT"))
	return run(os.Args[1:], os.Stdin, os.Stdout, ownStderr())
}

// killAt stands in for a page that kills the process: "3" is the third page begun,
// "page=3" is page 3 of any source, "panic=3" panics there.
func killAt(when string) func(raster.Ref) {
	if when == "" {
		return nil
	}
	kind, at, named := strings.Cut(when, "=")
	if !named {
		kind, at = "nth", when
	}
	n, err := strconv.Atoi(at)
	if err != nil {
		panic(err)
	}
	var begun atomic.Int32
	return func(r raster.Ref) {
		switch {
		case kind == "nth" && begun.Add(1) == int32(n), kind == "page" && r.Page == n:
			time.Sleep(500 * time.Millisecond) // results are committed within 200
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		case kind == "panic" && r.Page == n:
			panic("stand-in for a bug")
		}
	}
}

// practice is a tiny exam with one scanned booklet, made once.
var practice = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "scan-practice-*")
	if err != nil {
		return "", err
	}
	_, err = fixtures.MakeBatch(dir, fixtures.BatchOptions{Variant: 1, Booklets: 1, Level: "clean", Seed: 7})
	return dir, err
})

func TestScripts(t *testing.T) {
	t.Cleanup(func() {
		if dir, err := practice(); err == nil {
			os.RemoveAll(dir)
		}
	})
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"practice": copyPractice,
			"copies":   shuffledCopies,
			"layout":   printLayout,
			"locked":   printLocked,
			"truncate": truncate,
			"flip":     flip,
			"decide":   decideAll,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// copyPractice puts the practice exam into a folder: practice DIR.
func copyPractice(ts *testscript.TestScript, _ bool, args []string) {
	from, err := practice()
	ts.Check(err)
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(from)))
}

// shuffledCopies prints three copies with shuffled options, and another exam: copies DIR.
func shuffledCopies(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	_, _, err := fixtures.WriteCopies(dir, 1, 3, 5, true)
	ts.Check(err)
	other, err := fixtures.NewForm(0)
	ts.Check(err)
	ts.Check(os.WriteFile(filepath.Join(dir, "other.pdf"), other.PDF, 0o644))
}

// truncate cuts a file to half its size: truncate FILE.
func truncate(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	info, err := os.Stat(path)
	ts.Check(err)
	ts.Check(os.Truncate(path, info.Size()/2))
}

// flip replaces a text in a file: flip FILE OLD NEW.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	changed := strings.Replace(string(b), args[1], args[2], 1)
	if changed == string(b) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, []byte(changed), 0o644))
}

// What is said while descriptor 2 points elsewhere, as it does while the OCR library opens, is heard.
func TestStderrStays(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	kept, err := syscall.Dup(2)
	require.NoError(t, err)
	defer syscall.Close(kept)
	require.NoError(t, unix.Dup2(int(w.Fd()), 2))
	said := ownStderr()
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	require.NoError(t, unix.Dup2(int(nowhere.Fd()), 2))
	fmt.Fprint(said, "heard")
	require.NoError(t, unix.Dup2(kept, 2))
	require.NoError(t, said.Close())
	require.NoError(t, nowhere.Close())
	require.NoError(t, w.Close())
	b, err := io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, "heard", string(b))
}

func TestExitCodes(t *testing.T) {
	assert.Equal(t, 0, exitCode(nil))
	assert.Equal(t, 3, exitCode(fmt.Errorf("read: %w", errReview)))
	assert.Equal(t, 64, exitCode(usagef("what?")))
	assert.Equal(t, 1, exitCode(os.ErrPermission))
	for _, code := range []int{exitOK, exitReview, exitFailed, exitUsage} {
		assert.Contains(t, rootLong, fmt.Sprintf("\n%4d  ", code), "the help has the table")
	}
}

func TestParsePage(t *testing.T) {
	path, page, err := parsePage("scans/a:b.pdf:7")
	require.NoError(t, err)
	assert.Equal(t, "scans/a:b.pdf", path)
	assert.Equal(t, 7, page)
	path, page, err = parsePage("page-1.png")
	require.NoError(t, err)
	assert.Equal(t, "page-1.png", path)
	assert.Equal(t, 1, page)
	_, _, err = parsePage("a.pdf:0")
	assert.Equal(t, exitUsage, exitCode(err))
}
