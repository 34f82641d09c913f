package detect

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// The tests in this file run on real scans that are not part of the project. Nothing
// is trained or tuned on them.

// sharedFile returns a file of the shared data or skips the test.
func sharedFile(t *testing.T, parts ...string) string {
	root := os.Getenv("SCAN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	p := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("no shared data: %s", filepath.Join(parts...))
	}
	return p
}

// readPage decodes an image into a page of the given resolution.
func readPage(t *testing.T, path string, dpi float64) *raster.Page {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	img, _, err := image.Decode(f)
	require.NoError(t, err)
	b := img.Bounds()
	p := &raster.Page{Y: raster.NewPlane(b.Dx(), b.Dy()), DPIX: dpi, DPIY: dpi, SubX: 1, SubY: 1}
	if yc, ok := img.(*image.YCbCr); ok {
		p.Cb, p.Cr = raster.NewPlane(b.Dx(), b.Dy()), raster.NewPlane(b.Dx(), b.Dy())
		for y := range b.Dy() {
			for x := range b.Dx() {
				i := y*p.Y.Stride + x
				c := yc.YCbCrAt(x, y)
				p.Y.Pix[i], p.Cb.Pix[i], p.Cr.Pix[i] = c.Y, c.Cb, c.Cr
			}
		}
		return p
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(x, y).RGBA()
			p.Y.Pix[y*p.Y.Stride+x] = uint8((299*r + 587*g + 114*bl) / 1000 >> 8)
		}
	}
	return p
}

// viewAt maps mm to the pixels of an unrotated page.
func viewAt(p *raster.Page) raster.View {
	return raster.View{Page: p, MMToPix: geom.ScaleBy(p.DPIX/25.4, p.DPIY/25.4)}
}

// tally counts outcomes of boxes whose truth is known.
type tally struct{ right, misread, review, boxes int }

func (n *tally) add(state State, reason string, want []State) (verdict string) {
	n.boxes++
	if reason != "" {
		n.review++
		return "review"
	}
	for _, w := range want {
		if w == state {
			n.right++
			return "right"
		}
	}
	n.misread++
	return "MISREAD"
}

func (n tally) String() string {
	return fmt.Sprintf("%d boxes: %d right, %d misread, %d review", n.boxes, n.right, n.misread, n.review)
}

// TestZesjeBoxes reads a real page of boxes in many pens. Marked boxes hold crosses,
// ticks, fills and scribbles: any state but empty is right; an unmarked one must be
// empty. The page also holds marks a person would ask about, which go to review.
func TestZesjeBoxes(t *testing.T) {
	for _, dpi := range []int{300, 100} {
		t.Run(fmt.Sprint(dpi), func(t *testing.T) {
			n := readZesje(t, dpi)
			t.Log(n)
			assert.Equal(t, 84, n.boxes)
			assert.Zero(t, n.misread)
		})
	}
}

func readZesje(t *testing.T, dpi int) (n tally) {
	name := func(s string) string { return sharedFile(t, "real", "zesje", "checkboxes", fmt.Sprintf(s, dpi)) }
	ref := readPage(t, name("reference_%ddpi.jpg"), float64(dpi))
	ref.Cb, ref.Cr = nil, nil
	form := raster.FormPage{View: viewAt(ref), WidthMM: 210, HeightMM: 297}
	reg := Registered{View: viewAt(readPage(t, name("student_%ddpi.jpg"), float64(dpi))), OK: true, FormPage: 1}
	boxes, marked, unclear := zesjeTruth(t)
	for i, b := range boxes {
		q := exam.Question{Kind: exam.Choice, Options: []exam.Option{{ID: "a", Box: b}}}
		r := ReadChoice(reg, form, q, boxes)[0]
		want := []State{Empty}
		if marked[i] {
			want = []State{Crossed, Filled, Remarked}
		}
		if unclear[i] {
			want = States[:]
		}
		v := n.add(r.State, r.Reason, want)
		t.Logf("%2d marked=%v %-8s %.4f %-14s %s %s", i, marked[i], r.State, r.Confidence, r.Reason, v, brief(r))
	}
	return n
}

func brief(r BoxReading) string {
	f := r.Features
	return fmt.Sprintf("fit %.2f c%.2f h%.2f fill %.3f solid %.3f lvl %.2f hole %.2f diag %.2f/%.2f span %.2f %.2f ring %.2f %.2f %.2f %.2f hue %.2f %.2f corr %.2f p %.3f %.3f %.3f %.3f",
		r.FitMM, f["fit_contrast"], f["fit_hit"], f["fill"], f["solid"], f["level"], f["hole_mm"], f["diag"], f["diag_min"], f["span_x"], f["span_y"],
		f["ring_left"], f["ring_right"], f["ring_top"], f["ring_bottom"], f["hue_cb"], f["hue_cr"], f["hue_corrector"],
		f["p_empty"], f["p_crossed"], f["p_filled"], f["p_other"])
}

func zesjeTruth(t *testing.T) (boxes []geom.Box, marked, unclear []bool) {
	f, err := os.Open(sharedFile(t, "real", "zesje", "checkboxes", "truth.tsv"))
	require.NoError(t, err)
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Scan()
	for s.Scan() {
		var row, group, box, x, y, m, u int
		_, err := fmt.Sscan(strings.ReplaceAll(s.Text(), "\t", " "), &row, &group, &box, &x, &y, &m, &u)
		require.NoError(t, err)
		const k = 25.4 / 300
		boxes = append(boxes, geom.Box{X: float64(x-3) * k, Y: float64(y-3) * k, W: 42 * k, H: 42 * k})
		marked, unclear = append(marked, m == 1), append(unclear, u == 1)
	}
	return boxes, marked, unclear
}

// ballotFile is the truth of a ballot image.
type ballotFile struct {
	Boxes []struct {
		Box         [4]float64
		Truth, Kind string
	}
}

var _ = json.Unmarshal
