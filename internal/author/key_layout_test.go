package author

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/exam"
	"scan/internal/raster"
)

// keyTally counts key entries: told rightly, left open, told wrongly.
type keyTally struct{ right, open, wrong int }

func (k keyTally) String() string { return fmt.Sprintf("%d/%d/%d", k.right, k.open, k.wrong) }

func tallyKey(want, got *exam.Exam) (k keyTally) {
	for i, q := range questionsOf(want) {
		for j, o := range q.Options {
			switch c := questionsOf(got)[i].Options[j].Correct; {
			case c == nil:
				k.open++
			case *c == *o.Correct:
				k.right++
			default:
				k.wrong++
			}
		}
	}
	return k
}

// crossed draws a form with the right options marked by hand.
func crossed(t *testing.T, path string, e *exam.Exam, w *fixtures.Writer) []*raster.Page {
	t.Helper()
	var sheets []*fixtures.Canvas
	for i, p := range pagesOf(t, path, e.Pages) {
		c := fixtures.NewCanvas(p, p.DPIX/25.4)
		for _, q := range questionsOf(e) {
			for _, o := range q.Options {
				if q.Page == i+1 && *o.Correct {
					w.Cross(c, o.Box)
				}
			}
		}
		sheets = append(sheets, c)
	}
	scans, _ := fixtures.ScanSheets(sheets, e, 7)
	return scans
}

// TestKeysOfLayouts: every entry of a key that is told is right; what could not be told is open.
// Solutions are printed, written by hand in blue or black, and in red; the latter two scanned.
func TestKeysOfLayouts(t *testing.T) {
	var rows []string
	for _, name := range fixtures.LayoutNames() {
		l, err := fixtures.NewLayout(name)
		require.NoError(t, err)
		path := store(t, name+".pdf", l.PDF, nil)
		for _, kind := range []string{"printed", "pen", "red"} {
			d, err := FromForm(path)
			require.NoError(t, err)
			_, err = d.TakeKey(path, solutionOf(t, l, path, kind))
			require.NoError(t, err)
			k := tallyKey(l.Exam, d.Exam)
			assert.Zero(t, k.wrong, "%s %s", name, kind)
			if k != (keyTally{}) {
				rows = append(rows, fmt.Sprintf("%s %s %d %d %d", name, kind, k.right, k.open, k.wrong))
			}
		}
	}
	sameRows(t, "testdata/keys.txt", "form solution right open wrong", rows)
}

// solutionOf makes a solution of a kind.
func solutionOf(t *testing.T, l *fixtures.Layout, path, kind string) string {
	t.Helper()
	if kind == "printed" {
		s, err := fixtures.NewSolution(l.Name)
		require.NoError(t, err)
		return store(t, "solution.pdf", s.PDF, nil)
	}
	w := fixtures.NewStudent(rand.New(rand.NewPCG(3, 5)))
	if kind == "red" {
		w = fixtures.NewCorrector(rand.New(rand.NewPCG(3, 6)), fixtures.Red)
	}
	b, err := fixtures.ImagePDF(crossed(t, path, l.Exam, w), 85)
	return store(t, "solution.pdf", b, err)
}
