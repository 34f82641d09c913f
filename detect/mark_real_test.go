package detect

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/internal/shareddata"
)

// The tests in this file run on real scans that are not part of the project. Nothing
// is trained or tuned on them.

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

// anyMark is the convention of check boxes and ballots.
var anyMark = exam.Conventions{Marks: exam.MarksAny, Correctors: []string{}}

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
	name := func(s string) string { return shareddata.Path(t, "real", "zesje", "checkboxes", fmt.Sprintf(s, dpi)) }
	ref := readPage(t, name("reference_%ddpi.jpg"), float64(dpi))
	ref.Cb, ref.Cr = nil, nil
	form := raster.FormPage{View: viewAt(ref), WidthMM: 210, HeightMM: 297}
	reg := Registered{View: viewAt(readPage(t, name("student_%ddpi.jpg"), float64(dpi))), OK: true, FormPage: 1}
	boxes, marked, unclear := zesjeTruth(t)
	for i, b := range boxes {
		q := exam.Question{Kind: exam.Choice, Options: []exam.Option{{ID: "a", Box: b}}}
		r := ReadChoice(reg, form, q, boxes, anyMark)[0]
		want := []State{Empty}
		if marked[i] {
			want = []State{Crossed, Filled, Remarked}
		}
		if unclear[i] {
			want = States[:]
		}
		v := n.add(r.State, asked(r), want)
		t.Logf("%2d marked=%v %-8s %.4f %-14s %s %s", i, marked[i], r.State, r.Confidence, r.Reason, v, brief(r))
	}
	return n
}

func brief(r BoxReading) string {
	f := r.Features
	return fmt.Sprintf("%s fit %.2f c%.2f h%.2f fill %.3f solid %.3f lvl %.2f hole %.2f diag %.2f/%.2f span %.2f %.2f ring %.2f %.2f %.2f %.2f hue %.2f %.2f corr %.2f p %.3f %.3f %.3f %.3f",
		r.Kind, r.FitMM, f["fit_contrast"], f["fit_hit"], f["fill"], f["solid"], f["level"], f["hole_mm"], f["diag"], f["diag_min"], f["span_x"], f["span_y"],
		f["ring_left"], f["ring_right"], f["ring_top"], f["ring_bottom"], f["hue_cb"], f["hue_cr"], f["hue_corrector"],
		r.P[0], r.P[1], r.P[2], 1-r.P[0]-r.P[1]-r.P[2]-r.P[3])
}

func zesjeTruth(t *testing.T) (boxes []geom.Box, marked, unclear []bool) {
	f, err := os.Open(shareddata.Path(t, "real", "zesje", "checkboxes", "truth.tsv"))
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

// TestNopsAnswers reads a real 1-bit scan of the same convention: crossed is selected,
// filled is undone. There is no blank form, so one is drawn from measures.
func TestNopsAnswers(t *testing.T) {
	page := readPage(t, shareddata.Path(t, "real", "nops", "nops_scan1.png"), 300)
	boxes, want := nopsTruth()
	form := drawnForm(boxes, 0.3, false)
	for _, b := range boxes[30:40] { // the digits printed beside the rows are no signs
		const k = raster.FormDPI / 25.4
		for y := int((b.Y + 0.7) * k); y < int((b.Y+b.H-0.7)*k); y++ {
			for x := int((b.X - 5.2) * k); x < int((b.X-2.2)*k); x++ {
				form.Page.Y.Pix[y*form.Page.Y.Stride+x] = 0
			}
		}
	}
	reg := Registered{View: viewAt(page), OK: true, FormPage: 1}
	var n tally
	for i, b := range boxes {
		q := exam.Question{Options: []exam.Option{{ID: "a", Box: b}}}
		r := ReadChoice(reg, form, q, boxes, exam.Conventions{})[0]
		if v := n.add(r.State, asked(r), []State{want[i]}); v != "right" {
			t.Logf("box %d want %s: %s %s %.4f %s", i, want[i], v, r.State, r.Confidence, brief(r))
		}
	}
	t.Log(n)
	assert.Equal(t, 100, n.boxes)
	assert.Zero(t, n.misread)
}

// nopsTruth lists the 30 answer boxes and the 70 of the registration number.
func nopsTruth() (boxes []geom.Box, want []State) {
	const k = 25.4 / 300
	add := func(x, y float64, s State) {
		boxes, want = append(boxes, geom.Box{X: x * k, Y: y * k, W: 53.5 * k, H: 53.5 * k}), append(want, s)
	}
	rows := []float64{1897, 1979.3, 2062, 2144.5, 2227, 2345}
	for r, marks := range []string{"00100", "11101", "00000", "00100", "00010", "01101"} {
		for c, m := range marks {
			s := Empty
			if m == '1' {
				s = Crossed
			}
			add(310+94.5*float64(c), rows[r], s)
		}
	}
	for c, digit := range "1501090" {
		for r := range 10 {
			s := Empty
			switch {
			case int(digit-'0') == r:
				s = Crossed
			case c == 0 && r == 0:
				s = Filled
			}
			add(1587+94.8*float64(c), 714+82.55*float64(r), s)
		}
	}
	return boxes, want
}

// drawnForm prints frames (or ovals) of the given stroke in mm on an empty A4 page.
func drawnForm(boxes []geom.Box, stroke float64, oval bool) raster.FormPage {
	const k = raster.FormDPI / 25.4
	p := raster.NewPlane(1701, 2339)
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	for _, b := range boxes {
		for y := int(b.Y*k) - 1; y <= int((b.Y+b.H)*k)+1; y++ {
			for x := int(b.X*k) - 1; x <= int((b.X+b.W)*k)+1; x++ {
				at := geom.Point{X: (float64(x) + 0.5) / k, Y: (float64(y) + 0.5) / k}
				if onOutline(at, b, stroke, oval) {
					p.Pix[y*p.W+x] = 0
				}
			}
		}
	}
	return raster.FormPage{View: raster.View{Page: &raster.Page{Y: p}, MMToPix: geom.ScaleBy(k, k)}, WidthMM: 216, HeightMM: 297}
}

func onOutline(p geom.Point, b geom.Box, stroke float64, oval bool) bool {
	if !oval {
		return b.Contains(p) && !b.Inset(stroke).Contains(p)
	}
	r := b.H / 2 // a pill: two half circles and two lines
	c := b.Center()
	dx := math.Max(0, math.Abs(p.X-c.X)-(b.W/2-r))
	d := math.Hypot(dx, p.Y-c.Y)
	return d <= r && d >= r-stroke
}

// TestBallots reads real hand-marked ballots. There is no blank form: ovals are drawn
// where the boxes are. Any state but empty is right for a marked box, and what a person
// was asked about must be asked here too or be read as the eye would.
func TestBallots(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(shareddata.Path(t, "real", "ballots", "SOURCE.md")), "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 11)
	var n tally
	unclear := map[string]int{}
	for _, f := range files {
		readBallot(t, f, &n, unclear)
	}
	t.Logf("%v; boxes for a person: %v", n, unclear)
	assert.Zero(t, n.misread)
}

func readBallot(t *testing.T, path string, n *tally, unclear map[string]int) {
	var truth struct {
		Boxes []struct {
			Box         [4]float64
			Truth, Kind string
		}
	}
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &truth))
	const k = 25.4 / 200
	var boxes []geom.Box
	for _, b := range truth.Boxes {
		boxes = append(boxes, geom.Box{X: b.Box[0] * k, Y: b.Box[1] * k, W: b.Box[2] * k, H: b.Box[3] * k})
	}
	form := drawnForm(boxes, 0.25, true)
	reg := Registered{View: viewAt(readPage(t, strings.TrimSuffix(path, ".json")+".jpg", 200)), OK: true, FormPage: 1}
	for i, b := range boxes {
		r := ReadChoice(reg, form, exam.Question{Options: []exam.Option{{ID: "a", Box: b}}}, boxes, anyMark)[0]
		want := []State{Crossed, Filled, Remarked}
		switch truth.Boxes[i].Truth {
		case "empty":
			want = []State{Empty}
		case "review":
			unclear[truth.Boxes[i].Kind+"/"+r.Kind+"/"+map[bool]string{true: string(r.State), false: "asked"}[unasked(r)]]++
			continue
		}
		if v := n.add(r.State, asked(r), want); v != "right" {
			t.Logf("%s box %d %s %s: %s %s %s %.4f %s", filepath.Base(path), i, truth.Boxes[i].Truth, truth.Boxes[i].Kind, v, r.State, r.Reason, r.Confidence, brief(r))
		}
	}
}
