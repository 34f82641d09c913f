package review_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/e2e"
)

// The demo that is reviewed: 12 booklets of 8 pages by all five kinds of scanner, with a lost, a
// foreign and a doubled page and no page codes. With this seed the reader is wrong nowhere where
// it asks nobody, so that every total must be right in the end.
var demoOptions = fixtures.BatchOptions{Seed: 1, Booklets: 12, Level: "mix", Variant: 1, DPI: 150, Troubles: true}

// Exit codes of scan, see docs/formats.md.
const (
	exitDone    = 0
	exitWaiting = 3
)

// program builds scan: what is tested is what a user starts.
func program(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "scan")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "../../cmd/scan").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return bin
}

// scan runs a command to its end.
func scan(t *testing.T, bin string, exit int, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), bin, args...)
	out, _ := cmd.CombinedOutput() // the exit code tells
	require.Equal(t, exit, cmd.ProcessState.ExitCode(), "scan %s:\n%s", strings.Join(args, " "), out)
}

// desk is a running scan review.
type desk struct {
	cmd  *exec.Cmd
	link string
	said *strings.Builder // what it printed; whole once it has stopped
	done chan struct{}
}

var linkPattern = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S+`)

// review starts scan review and waits for its link.
func review(t *testing.T, bin, dir string) *desk {
	t.Helper()
	d := &desk{cmd: exec.CommandContext(t.Context(), bin, "review", dir, "--no-browser"), said: &strings.Builder{}, done: make(chan struct{})}
	read, write := io.Pipe()
	d.cmd.Stdout, d.cmd.Stderr = write, write
	require.NoError(t, d.cmd.Start())
	links := make(chan string, 1)
	go func() {
		defer close(d.done)
		lines := bufio.NewScanner(read)
		for lines.Scan() {
			d.said.WriteString(lines.Text() + "\n")
			if link := linkPattern.FindString(lines.Text()); link != "" && d.link == "" {
				d.link = link
				links <- link
			}
		}
	}()
	exited := make(chan error, 1)
	go func() {
		exited <- d.cmd.Wait()
		write.Close()
	}()
	t.Cleanup(func() { _ = d.cmd.Process.Kill() }) // stopped long ago unless the test failed
	select {
	case <-links:
	case err := <-exited:
		<-d.done
		require.FailNow(t, "scan review ended", "%v\n%s", err, d.said)
	case <-time.After(time.Minute):
		require.FailNow(t, "scan review prints no link")
	}
	return d
}

// stop ends scan review as Ctrl-C does.
func (d *desk) stop(t *testing.T, exit int) {
	t.Helper()
	require.NoError(t, d.cmd.Process.Signal(syscall.SIGINT))
	select {
	case <-d.done:
	case <-time.After(time.Minute):
		require.FailNow(t, "scan review does not end")
	}
	assert.Equal(t, exit, d.cmd.ProcessState.ExitCode(), "scan review said:\n%s", d.said)
}

// copyFolder copies an exam folder that nobody has open.
func copyFolder(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(dir))
	require.NoError(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// mistype changes a digit of a student's number in the roster, as a tired office does: the
// sticker is read well then, and matches nobody. It returns what the roster says.
func mistype(t *testing.T, dir, code string) string {
	t.Helper()
	file := filepath.Join(dir, "roster.csv")
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	digits := []byte(code)
	digits[3] = '0' + (digits[3]-'0'+1)%10
	text := strings.Replace(string(b), code, string(digits), 1)
	require.NotEqual(t, string(b), text, "%s is in the roster", code)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return string(digits)
}

// The demo's whole queue is reviewed with the keyboard alone, answering what the truth says, and
// the totals are right then. Beside it, on copies of the folder: three people who share the queue
// and contradict each other, and every screen there is.
func TestInBrowser(t *testing.T) {
	e2e.Need(t)
	bin := program(t)
	dir := filepath.Join(t.TempDir(), "demo")
	batch, err := fixtures.MakeBatch(dir, demoOptions)
	require.NoError(t, err)
	wrongNumber := batch.Truth.Booklets[6]
	typed := mistype(t, dir, wrongNumber.Code)
	scan(t, bin, exitWaiting, "read", dir)
	book := newAnswers(t, dir, batch.Truth)
	book.Codes[wrongNumber.Booklet] = typed

	pairDir, screensDir := copyFolder(t, dir), copyFolder(t, dir)
	queue, one, two, screens := review(t, bin, dir), review(t, bin, pairDir), review(t, bin, pairDir), review(t, bin, screensDir)
	e2e.Run(t, "e2e/run.mjs", map[string]any{"queue": queue.link, "pair": []string{one.link, two.link},
		"screens": screens.link, "answers": book}, 10*time.Minute)

	queue.stop(t, exitDone)
	one.stop(t, exitDone)
	two.stop(t, exitDone)
	screens.stop(t, exitWaiting)
	book.compare(t, dir)
	book.compare(t, pairDir)

	scan(t, bin, exitDone, "export", dir)
	book.compare(t, dir)
	booklets, err := filepath.Glob(filepath.Join(dir, "results", "booklets", "*.pdf"))
	require.NoError(t, err)
	assert.Len(t, booklets, demoOptions.Booklets)
	scan(t, bin, exitDone, "read", dir) // and it asks nobody again
	book.compare(t, dir)
}
