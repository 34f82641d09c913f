package author

import (
	"math"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// pictures compares options by their pixels where their words do not tell them apart: formulas
// and drawings. A page is rendered when first needed.
type pictures struct {
	ref, own string
	pages    map[string]raster.View
	err      error
}

const (
	pictureDPI     = 400
	picturePxPerMM = 10.0
	// The same print at another place, drawn to other pixels, correlates by 0.96; long formulas that
	// differ by an index alone by 0.945 to 0.957, short ones and drawings by less than 0.9. Where
	// a second picture comes near, nothing is certain.
	samePicture  = 0.955
	otherPicture = 0.93
)

// complete fills in the options that at does not know; why says what keeps it from being certain.
func (p *pictures) complete(m *matcher, q, other *exam.Question, at []int) (why string) {
	taken := map[int]bool{}
	for _, place := range at {
		taken[place] = true
	}
	for i := range at {
		if at[i] >= 0 {
			continue
		}
		best, second, place := -1.0, -1.0, -1
		for j := range other.Options {
			if taken[j] {
				continue
			}
			l := p.alike(m, q, i, other, j)
			if l > best {
				best, second, place = l, best, j
			} else {
				second = max(second, l)
			}
		}
		if best < samePicture || second > otherPicture {
			return "option " + q.Options[i].ID + " could not be told by its text nor by its picture"
		}
		at[i] = place
		taken[place] = true
	}
	return ""
}

// alike compares option i of the reference with the box at place j of the copy.
func (p *pictures) alike(m *matcher, q *exam.Question, i int, other *exam.Question, j int) float64 {
	a, b := p.page(p.ref, q.Page), p.page(p.own, q.Page)
	if p.err != nil {
		return 0
	}
	from := math.Max(m.ref.pictureFrom(q), m.own.pictureFrom(other))
	at, to := m.ref.picture(q, i, from), m.own.picture(other, j, from)
	at.W, at.H = math.Max(at.W, to.W), math.Max(at.H, to.H)
	return detect.Likeness(a, at, b, to, picturePxPerMM)
}

// picture is where the first line of an option is printed: around its words, or from so many mm
// right of its box. It hangs on the box, since fonts say little about where formulas begin.
func (c *printedCopy) picture(q *exam.Question, i int, from float64) geom.Box {
	box := q.Options[i].Box
	x := box.X + box.W + from
	end := math.Min(x+60, c.width(q.Page)-8)
	for _, o := range q.Options {
		if o.Box.X > x && o.Box.Y < box.Y+box.H && o.Box.Y+o.Box.H > box.Y {
			end = math.Min(end, o.Box.X-1)
		}
	}
	if _, at, ok := c.optionText(q.Page, box, optionBoxes(q)); ok {
		x = math.Max(x, at.X-0.5)
		end = math.Min(end, at.X+at.W+1)
	}
	return geom.Box{X: x, Y: box.Y - 1, W: math.Max(end-x, 3), H: box.H + 2}
}

// pictureFrom is how far right of a box drawings begin: behind the widest letter that counts
// options, since letters belong to the places.
func (c *printedCopy) pictureFrom(q *exam.Question) float64 {
	from := 0.8
	for _, o := range q.Options {
		if _, at, ok := c.optionText(q.Page, o.Box, optionBoxes(q)); !ok {
			from = math.Max(from, at.X-o.Box.X-o.Box.W)
		}
	}
	return from
}

func (c *printedCopy) width(page int) float64 {
	if c.sheets != nil {
		return c.sheets[page-1].WidthMM
	}
	return 210
}

func (p *pictures) page(path string, n int) raster.View {
	key := path + "#" + string(rune(n))
	if v, ok := p.pages[key]; ok {
		return v
	}
	page, err := raster.RenderPDF(path, n, pictureDPI)
	if err != nil {
		p.err = err
		return raster.View{}
	}
	if p.pages == nil {
		p.pages = map[string]raster.View{}
	}
	v := raster.View{Page: page, MMToPix: geom.ScaleBy(page.DPIX/25.4, page.DPIY/25.4)}
	p.pages[key] = v
	return v
}
