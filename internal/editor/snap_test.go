package editor

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// A click into any printed box of the practice forms finds its frame, and so does a box drawn
// carelessly around it.
func TestSnapFindsPrintedFrames(t *testing.T) {
	for _, dir := range []string{practiceFolder, "../../fixtures/blackbox/a-150dpi-default"} {
		e, err := exam.Load(filepath.Join(dir, "exam.yaml"))
		require.NoError(t, err)
		form, err := raster.LoadForm(filepath.Join(dir, "form.pdf"), testCache())
		require.NoError(t, err)
		worst, sum, n := 0.0, 0.0, 0
		for i, p := range form {
			for k, b := range e.PageBoxes(i + 1) {
				if e.Sticker != nil && e.Sticker.Box == b {
					continue // a hatched field
				}
				asked := geom.Box{X: b.Center().X + 0.3, Y: b.Center().Y + 0.4}
				if k%2 == 0 {
					asked = geom.Box{X: b.X - 0.7, Y: b.Y - 0.5, W: b.W + 0.9, H: b.H + 1.1}
				}
				got, ok := snap(p, asked)
				require.True(t, ok, "page %d: %v", i+1, b)
				off := math.Max(math.Max(math.Abs(got.X-b.X), math.Abs(got.Y-b.Y)), math.Max(math.Abs(got.X+got.W-b.X-b.W), math.Abs(got.Y+got.H-b.Y-b.H)))
				if isChoice(e, b) {
					assert.Less(t, off, 0.1, "page %d: %v, found %v", i+1, b, got)
				}
				worst, sum, n = math.Max(worst, off), sum+off, n+1
			}
		}
		t.Logf("%s: %d boxes, worst side off by %.3f mm, mean %.3f mm", filepath.Base(dir), n, worst, sum/float64(n))
		assert.Less(t, worst, 0.45, "score fields have fat frames, cells share theirs")
	}
}

func isChoice(e *exam.Exam, b geom.Box) bool {
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			if slices.ContainsFunc(q.Options, func(o exam.Option) bool { return o.Box == b }) {
				return true
			}
		}
	}
	return false
}

func TestSnapFindsNothingOnPaper(t *testing.T) {
	form, err := raster.LoadForm(filepath.Join(practiceFolder, "form.pdf"), testCache())
	require.NoError(t, err)
	for _, b := range []geom.Box{{X: 100, Y: 262}, {X: 100, Y: 240, W: 5, H: 5}, {X: -3, Y: 5}, {X: 500, Y: 500}} {
		_, ok := snap(form[1], b)
		assert.False(t, ok, "%v", b)
	}
}
