package exam

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The kinds of what can be wrong with an input file; test with errors.Is.
var (
	ErrMalformed    = errors.New("malformed")    // it cannot be read as YAML or CSV
	ErrInconsistent = errors.New("inconsistent") // it can be read, but cannot be true
	ErrUnsupported  = errors.New("unsupported")  // it may be fine, but not for this program
)

// maxShown bounds how many issues one message lists: a box list in the wrong unit
// yields hundreds, of which the first screen tells it all.
const maxShown = 40

// Issue is one thing wrong with a file. Line counts from 1 and is 0 where the exam was
// not read from a file. Text says what is wrong, then what to do.
type Issue struct {
	File  string
	Line  int
	Where string // e.g. "question 1.1: option b", "" for the file as a whole
	Text  string
	Kind  error // ErrMalformed, ErrInconsistent or ErrUnsupported
}

// String is the issue as one line: file:line: where: text.
func (i Issue) String() string {
	var b strings.Builder
	b.WriteString(i.File)
	if i.Line > 0 {
		fmt.Fprintf(&b, ":%d", i.Line)
	}
	b.WriteString(": ")
	if i.Where != "" {
		b.WriteString(i.Where + ": ")
	}
	b.WriteString(i.Text)
	return b.String()
}

// CheckError lists everything wrong with a file, sorted by line.
type CheckError struct{ Issues []Issue }

// Error lists the issues, one a line.
func (e *CheckError) Error() string {
	shown := e.Issues[:min(len(e.Issues), maxShown)]
	lines := make([]string, 0, len(shown)+1)
	for _, i := range shown {
		lines = append(lines, i.String())
	}
	if rest := len(e.Issues) - len(shown); rest > 0 {
		lines = append(lines, fmt.Sprintf("... and %d more", rest))
	}
	return strings.Join(lines, "\n")
}

// Is reports whether any issue is of the kind asked for.
func (e *CheckError) Is(target error) bool {
	return slices.ContainsFunc(e.Issues, func(i Issue) bool { return i.Kind == target })
}

// checkError returns the issues as one error, nil if there are none.
func checkError(issues []Issue) error {
	if len(issues) == 0 {
		return nil
	}
	slices.SortStableFunc(issues, func(a, b Issue) int { return a.Line - b.Line })
	return &CheckError{Issues: issues}
}
