package sets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"scan/detect"
	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/pipeline"
)

// zesjeDir is where the scans of the zesje project lie.
var zesjeDir = []string{"real", "zesje"}

const zesjeBoxes = 84

// others is the convention of other houses: any mark selects, and everybody may write in
// any colour.
var others = exam.Conventions{Marks: exam.MarksAny, Correctors: []string{}}

func realBoxSets() []bench.Source {
	var all []bench.Source
	for _, dpi := range []int{300, 100} {
		all = append(all,
			set{fmt.Sprintf("zesje/boxes-%d", dpi), bench.Real,
				fmt.Sprintf("84 check boxes in many pens, %d dpi, whole chain, by their own convention: any mark selects, any ink", dpi),
				func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
					return zesjeChain(ctx, o, dpi, others, anyMarkTruth)
				}},
			set{fmt.Sprintf("zesje/boxes-%d-cross", dpi), bench.Real,
				fmt.Sprintf("the same page at %d dpi by our convention: only crosses, fills and empty boxes in student's ink have a value, all else is for a person", dpi),
				func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
					return zesjeChain(ctx, o, dpi, exam.Conventions{}, crossTruth)
				}})
	}
	return append(all,
		set{"zesje/numbers", bench.Real, "280 boxes of the student-number grids of 4 pages, whole chain; any mark selects", zesjeNumbers},
		set{"nops/answers", bench.Real, "100 boxes of a 1-bit answer sheet of our own convention; no blank form, so frames are drawn and the box reader runs alone", nopsAnswers},
		set{"ballots/ovals", bench.Real, "328 ovals of 11 hand-marked ballots; boxes are given, ovals are drawn, the box reader runs alone; any mark selects", ballotOvals},
	)
}

// zesjeBox is a line of the truth.
type zesjeBox struct {
	box             geom.Box
	id, kind        string
	marked, unclear bool
}

// zesjeKinds says what the eye sees in the boxes, in the order of the truth's lines: a row
// of the page a line here. It is ours; the truth that came with the scan knows only marked
// and not. "starred" is a cross with a third stroke, "greyed" a pale complete fill,
// "partial" half a fill, "overfilled" a cross with a small fill on it.
const zesjeKinds = `
	none cross  cross none dot  scribble none scribble none  none scribble none ringed none
	scribble speck  none starred none  fill cross none speck  scribble scribble none loop none
	partial speck  greyed none greyed  tick partial dot none  spiral speck partial none erased
	tick starred  none overfilled none  loop speck cross speck  none overfilled none loop ringed
	scribble-red cross-red  loop-red none speck  tick-red none none slash-red  none scribble-red none loop-red none
	scribble none  slash tick none  tick speck tick none  tick loop slash none erased`

// zesjeTruth reads the boxes in mm. Positions are good to some pixels; 42 pixels at 300 dpi
// is the frame's outer side.
func zesjeTruth(dir string) ([]zesjeBox, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "checkboxes", "truth.tsv"))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")[1:]
	kinds := strings.Fields(zesjeKinds)
	out := make([]zesjeBox, len(lines))
	if len(kinds) != len(lines) {
		return nil, fmt.Errorf("truth.tsv has %d boxes, %d are known; the data is incomplete or changed", len(lines), len(kinds))
	}
	for i, line := range lines {
		var row, group, box, x, y, m, u int
		if _, err := fmt.Sscan(strings.ReplaceAll(line, "\t", " "), &row, &group, &box, &x, &y, &m, &u); err != nil {
			return nil, fmt.Errorf("truth.tsv line %d: %w", i+2, err)
		}
		const k = mmPerInch / 300
		out[i] = zesjeBox{geom.Box{X: float64(x-3) * k, Y: float64(y-3) * k, W: 42 * k, H: 42 * k},
			fmt.Sprintf("%d.%d.%d", row, group, box), kinds[i], m == 1, u == 1}
	}
	return out, nil
}

// marks are the states of a box that somebody marked, where any mark selects.
var marks = []string{string(detect.Crossed), string(detect.Filled), string(detect.Remarked)}

func isEmpty(it *bench.Item)  { it.Truth = string(detect.Empty) }
func isMarked(it *bench.Item) { it.Truth, it.Also = marks[0], marks[1:] }

// isEither takes a box about which people differ: either is right, and so is asking.
func isEither(it *bench.Item) { it.Truth, it.Also, it.Odd = string(detect.Empty), marks, true }

func anyMarkTruth(it *bench.Item, b zesjeBox) {
	switch {
	case b.unclear:
		isEither(it)
	case b.marked:
		isMarked(it)
	default:
		isEmpty(it)
	}
}

// crossTruth judges by our convention. A mark that is neither cross nor fill is for a
// person; so is anything in red, which is the correctors' ink here.
func crossTruth(it *bench.Item, b zesjeBox) {
	kind, red := strings.CutSuffix(b.kind, "-red")
	switch kind {
	case "none":
		isEmpty(it)
	case "cross":
		it.Truth, it.Odd = string(detect.Crossed), red
	case "fill":
		it.Truth, it.Odd = string(detect.Filled), red
	case "starred", "ringed":
		it.Truth, it.Odd = string(detect.Crossed), true
	case "greyed":
		it.Truth, it.Odd = string(detect.Filled), true
	case "dot", "speck", "erased":
		it.Truth, it.Odd = string(detect.Empty), true
	default:
		it.Truth, it.Odd = anything, true
	}
}

// zesjeChain reads the page with its blank as the form.
func zesjeChain(ctx context.Context, o bench.Options, dpi int, conv exam.Conventions, truth func(*bench.Item, zesjeBox)) ([]bench.Item, error) {
	dir, err := folder(o, zesjeDir...)
	if err != nil {
		return nil, err
	}
	boxes, err := zesjeTruth(dir)
	if err != nil {
		return nil, err
	}
	q := exam.Question{ID: "1", Kind: exam.Choice, Page: 1, Rule: exam.PerOption}
	for _, b := range boxes {
		q.Options = append(q.Options, exam.Option{ID: b.id, Box: b.box})
	}
	page := filepath.Join(dir, "checkboxes", fmt.Sprintf("student_%ddpi.jpg", dpi))
	form := filepath.Join(dir, "checkboxes", fmt.Sprintf("reference_%ddpi.jpg", dpi))
	read, err := readChain(form, page, q, conv)
	if err != nil {
		return nil, err
	}
	items := make([]bench.Item, len(boxes))
	for i, b := range boxes {
		it := &items[i]
		it.Field, it.Kind, it.Name, it.Group = bench.Choice, b.kind, filepath.Base(page)+" "+b.id, "page"
		take(it, read.reading(i))
		place(it, b.box, read.form.WidthMM, read.form.HeightMM)
		truth(it, b)
		show(ctx, *it, read.view, b.box)
	}
	return exactly(items, zesjeBoxes)
}

// chain is a page read through the whole chain, and one question of it.
type chain struct {
	pipeline.PageResult
	form raster.FormPage
	view raster.View
}

// readChain makes an exam of one question on one page and reads a scan of it.
func readChain(formFile, pageFile string, q exam.Question, conv exam.Conventions) (*chain, error) {
	pages, err := raster.LoadForm(formFile, "")
	if err != nil {
		return nil, err
	}
	page, err := openPage(pageFile, 1)
	if err != nil {
		return nil, err
	}
	return readChainOf(pages, page, q, conv)
}

func readChainOf(pages []raster.FormPage, page *raster.Page, q exam.Question, conv exam.Conventions) (*chain, error) {
	e := &exam.Exam{Version: 1, ID: "bench", Pages: 1, Conventions: conv,
		Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{q}}}}
	form, err := pipeline.NewForm(pages, e)
	if err != nil {
		return nil, err
	}
	defer form.Close()
	r := pipeline.ReadPage(page, e, form, pipeline.Hints{})
	return &chain{r, pages[0], raster.View{Page: page, MMToPix: r.MMToPix}}, nil
}

// reading is what was read of option i.
func (c *chain) reading(i int) reading {
	if c.Status != pipeline.StatusOK {
		return reading{reason: "page-" + c.Status}
	}
	return ofBox(c.Choices[0].Boxes[i])
}
