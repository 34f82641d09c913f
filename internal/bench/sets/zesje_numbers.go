package sets

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// The pages with a grid for a number of seven digits, and the number. The first is the page
// of check boxes: its digits are marked in seven ways.
var zesjeGrids = []struct{ file, number string }{
	{"checkboxes/student_300dpi.jpg", "1234567"},
	{"studentnumbers/1234323.jpg", "1234323"},
	{"studentnumbers/4300947.jpg", "4300947"},
	{"studentnumbers/4357116.jpg", "4357116"},
}

// zesjeGrid lists the boxes of the grid, digit by digit, as printed on the blank page.
func zesjeGrid() (boxes []geom.Box) {
	const k = mmPerInch / 300
	for column := range 7 {
		for digit := range 10 {
			boxes = append(boxes, geom.Box{X: (273 + 66.6*float64(column)) * k, Y: (306.5 + 66.7*float64(digit)) * k, W: 41 * k, H: 41 * k})
		}
	}
	return boxes
}

// zesjeNumbers reads the grids. The first page goes through the whole chain; the others
// are of an exam whose blank page we lack, with the grid at the same place: there the
// boxes are given.
func zesjeNumbers(ctx context.Context, o bench.Options) ([]bench.Item, error) {
	dir, err := folder(o, zesjeDir...)
	if err != nil {
		return nil, err
	}
	blank := filepath.Join(dir, "checkboxes", "reference_300dpi.jpg")
	pages, err := raster.LoadForm(blank, "")
	if err != nil {
		return nil, err
	}
	items, err := each(ctx, o, len(zesjeGrids), func(i int) ([]bench.Item, error) {
		return zesjeNumber(ctx, pages, dir, i)
	})
	if err != nil {
		return nil, err
	}
	return exactly(items, 70*len(zesjeGrids))
}

func zesjeNumber(ctx context.Context, form []raster.FormPage, dir string, n int) ([]bench.Item, error) {
	g := zesjeGrids[n]
	page, err := openPage(filepath.Join(dir, filepath.FromSlash(g.file)), 1)
	if err != nil {
		return nil, err
	}
	boxes := zesjeGrid()
	view := upright(page, 300)
	var read []reading
	if n == 0 {
		q := exam.Question{ID: "1", Kind: exam.Choice, Page: 1, Rule: exam.PerOption}
		for i, b := range boxes {
			q.Options = append(q.Options, exam.Option{ID: strconv.Itoa(i), Box: b})
		}
		c, err := readChainOf(form, page, q, others)
		if err != nil {
			return nil, err
		}
		for i := range boxes {
			read = append(read, c.reading(i))
		}
		view = c.view
	} else {
		read = readGiven(view, form[0], boxes, others)
	}
	items := make([]bench.Item, len(boxes))
	for i, b := range boxes {
		column, digit := i/10, i%10
		it := &items[i]
		*it = bench.Item{Field: bench.Choice, Kind: "none", Group: g.file, Name: fmt.Sprintf("%s column %d is %d", filepath.Base(g.file), column+1, digit)}
		isEmpty(it)
		if int(g.number[column]-'0') == digit {
			isMarked(it)
			it.Kind = "mark"
		}
		take(it, read[i])
		place(it, b, form[0].WidthMM, form[0].HeightMM)
		show(ctx, *it, view, b)
	}
	return items, nil
}
