package sets

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"scan/detect"
	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

const (
	nopsBoxes       = 100
	nopsAnswerBoxes = 30
)

// nopsAnswers reads a sheet whose convention is ours: crossed is selected, filled undone.
func nopsAnswers(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, "real", "nops")
	if err != nil {
		return nil, err
	}
	page, err := openPage(filepath.Join(dir, "nops_scan1.png"), 1)
	if err != nil {
		return nil, err
	}
	items, boxes := nopsTruth()
	form := drawnForm(boxes, 210, 297, 0.3, false)
	for _, b := range boxes[nopsAnswerBoxes : nopsAnswerBoxes+10] {
		blacken(form, geom.Box{X: b.X - 5.2, Y: b.Y + 0.7, W: 3, H: b.H - 1.4}) // the digit printed beside the row
	}
	read := readGiven(upright(page, 300), form, boxes, exam.Conventions{})
	for i := range items {
		items[i].Name, items[i].Group = "nops_scan1.png "+items[i].Name, "page"
		take(&items[i], read[i])
		place(&items[i], boxes[i], 210, 297)
		show(ctx, items[i], upright(page, 300), boxes[i])
	}
	return exactly(items, nopsBoxes)
}

// nopsTruth lists the 30 answer boxes and the 70 of the registration number, in mm.
func nopsTruth() (items []bench.Item, boxes []geom.Box) {
	const k = mmPerInch / 300
	add := func(name string, x, y float64, s detect.State) {
		kind := map[detect.State]string{detect.Empty: "none", detect.Crossed: "cross", detect.Filled: "fill"}[s]
		items = append(items, bench.Item{Field: bench.Choice, Name: name, Truth: string(s), Kind: kind})
		boxes = append(boxes, geom.Box{X: x * k, Y: y * k, W: 53.5 * k, H: 53.5 * k})
	}
	rows := []float64{1897, 1979.3, 2062, 2144.5, 2227, 2345}
	for r, marks := range []string{"00100", "11101", "00000", "00100", "00010", "01101"} {
		for c, m := range marks {
			s := detect.Empty
			if m == '1' {
				s = detect.Crossed
			}
			add(fmt.Sprintf("answer %d%c", r+1, 'a'+c), 310+94.5*float64(c), rows[r], s)
		}
	}
	for c, digit := range "1501090" {
		for r := range 10 {
			s := detect.Empty
			switch {
			case int(digit-'0') == r:
				s = detect.Crossed
			case c == 0 && r == 0:
				s = detect.Filled
			}
			add(fmt.Sprintf("number %d is %d", c+1, r), 1587+94.8*float64(c), 714+82.55*float64(r), s)
		}
	}
	return items, boxes
}

// readGiven reads boxes whose place on a scan is given: the box reader alone.
func readGiven(v raster.View, form raster.FormPage, boxes []geom.Box, conv exam.Conventions) []reading {
	q := exam.Question{ID: "1", Kind: exam.Choice, Page: 1}
	for i, b := range boxes {
		q.Options = append(q.Options, exam.Option{ID: strconv.Itoa(i), Box: b})
	}
	reg := detect.Registered{View: v, OK: true, FormPage: 1}
	var out []reading
	for _, r := range detect.ReadChoice(reg, form, q, boxes, conv) {
		out = append(out, ofBox(r))
	}
	return out
}
