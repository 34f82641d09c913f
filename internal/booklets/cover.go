package booklets

import (
	"math"
	"strconv"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Sizes of the table on the cover, in mm.
const (
	tableWidth = 68.0
	tableText  = 2.9
	tableRow   = 4.3
	legendText = 2.1
	legendRow  = 3.0
	tablePad   = 2.0
	pageEdge   = 6.0 // that the table keeps free along the page's edge
)

// legend explains the signs of marks.
var legend = []struct {
	look    Look
	decided bool
	runs    []run
}{
	{Right, false, []run{{fontSigns, signRight}, {fontText, " as the key says"}}},
	{Wrong, false, []run{{fontSigns, signWrong}, {fontText, " not as the key says"}}},
	{Plain, true, []run{{fontSigns, signDecided}, {fontText, " decided by a person"}}},
}

// cover draws the table of problems. blank finds a place for it; nil puts it at the bottom right.
func (p *pen) cover(b *Booklet, blank func(seen geom.Box, w, h float64) geom.Point) {
	h := 2*tablePad + tableRow*float64(len(b.Rows)+2) + legendRow*float64(len(b.Notes)) + 2*legendRow
	if b.Grade != "" {
		h += tableRow
	}
	at := geom.Point{X: p.seen.X + p.seen.W - pageEdge - tableWidth, Y: p.seen.Y + p.seen.H - 3*pageEdge - h}
	if blank != nil {
		at = blank(p.seen, tableWidth, h)
	}
	box := geom.Box{X: at.X, Y: at.Y, W: tableWidth, H: h}
	p.fill(box, white, veil)
	p.frame(box, thin, looks[Result])
	y := at.Y + tablePad
	row := func(font, left, right string) {
		y += tableRow
		r := run{font, right}
		p.write(geom.Point{X: at.X + tableWidth - tablePad - width(tableText, r), Y: y - 1.1}, tableText, black, r)
		room := tableWidth - 2*tablePad - width(tableText, r) - 2
		p.write(geom.Point{X: at.X + tablePad, Y: y - 1.1}, tableText, black, fit(tableText, room, run{font, left}))
	}
	row(fontBold, b.title(), "credits")
	p.line(geom.Point{X: at.X + tablePad, Y: y}, geom.Point{X: at.X + tableWidth - tablePad, Y: y}, 0.15, black)
	for _, r := range b.Rows {
		left := "Problem " + r.ID
		if r.Title != "" {
			left += "  " + r.Title
		}
		row(fontText, left, share(r.Credits, r.Worth))
	}
	p.line(geom.Point{X: at.X + tablePad, Y: y}, geom.Point{X: at.X + tableWidth - tablePad, Y: y}, 0.15, black)
	row(fontBold, "Total", share(b.Total, b.Worth))
	if b.Grade != "" {
		row(fontBold, "Grade", b.Grade)
	}
	for _, n := range b.Notes {
		y += legendRow
		p.write(geom.Point{X: at.X + tablePad, Y: y - 0.6}, legendText, looks[Open], fit(legendText, tableWidth-2*tablePad, run{fontBold, n}))
	}
	p.legend(at.X+tablePad, y+legendRow)
}

func (p *pen) legend(x, y float64) {
	for _, l := range legend {
		c := looks[l.look]
		if l.decided {
			c = byHand
		}
		p.write(geom.Point{X: x, Y: y + 0.8}, legendText, c, l.runs...)
		x += width(legendText, l.runs...) + 2.5
	}
}

// share writes credits out of what they are worth: "2.5 / 3".
func share(credits *float64, worth float64) string {
	if credits == nil {
		return "? / " + number(worth)
	}
	return number(*credits) + " / " + number(worth)
}

// number writes credits with at most four digits behind the point: of thirds nobody wants to see more.
func number(x float64) string { return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64) }

// blankest finds where in what is seen a box of w x h mm covers least of a page's print and ink, and no
// mark: of equal places the uppermost, and of those the one furthest right. It is the corner where there is
// none.
func blankest(src raster.Source, page *Page, seen geom.Box, w, h float64) geom.Point {
	const step, around = 2.0, 3.0 // mm
	corner := geom.Point{X: seen.X + seen.W - pageEdge - w, Y: seen.Y + pageEdge}
	scan, err := src.Page(page.Scan.Page)
	if err != nil || corner.X < seen.X+pageEdge {
		return corner
	}
	dark := darkness(raster.View{Page: scan, MMToPix: page.Scan.MMToPix}.Sample(geom.Box{W: page.WidthMM, H: page.HeightMM}, 1).Y)
	best, least := corner, math.MaxInt
	for y := corner.Y; y+h <= seen.Y+seen.H-pageEdge; y += step {
		for x := corner.X; x >= seen.X+pageEdge; x -= step {
			x0, y0 := int(x-around), int(y-around)
			x1, y1 := min(int(math.Ceil(x+w+around)), dark.w), min(int(math.Ceil(y+h+around)), dark.h)
			if n := dark.sum(x0, y0, x1, y1); n < least && !marked(page.Marks, geom.Box{X: x, Y: y, W: w, H: h}) {
				best, least = geom.Point{X: x, Y: y}, n
			}
		}
	}
	return best
}

// marked reports whether a box is where marks are, or their words.
func marked(marks []Mark, b geom.Box) bool {
	const around = 4.5 // mm: the words below or above a box
	for _, m := range marks {
		if m.Box.Inset(-around).Intersect(b).Area() > 0 {
			return true
		}
	}
	return false
}

// integral holds sums of a plane from its corner, so that any rectangle is summed in four steps.
type integral struct {
	w, h int
	sums []int
}

// darkness sums how much darker than paper a plane is.
func darkness(p *raster.Plane) integral {
	t := integral{p.W, p.H, make([]int, (p.W+1)*(p.H+1))}
	for y := range p.H {
		row := 0
		for x, v := range p.Row(y) {
			const paper = 225 // grain and shadows are no print
			row += max(0, paper-int(v))
			t.sums[(y+1)*(p.W+1)+x+1] = t.sums[y*(p.W+1)+x+1] + row
		}
	}
	return t
}

func (t integral) sum(x0, y0, x1, y1 int) int {
	at := func(x, y int) int { return t.sums[y*(t.w+1)+x] }
	return at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)
}
