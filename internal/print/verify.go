package print

import (
	"fmt"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Verify compares the pages of a printed copy with the form: between the codes they must look
// alike. A font or picture that was lost on the way would otherwise be found in the exam room.
func Verify(form, printed []raster.FormPage, l Layout) error {
	if len(printed) < len(form) {
		return fmt.Errorf("the copy has %d pages, the form %d", len(printed), len(form))
	}
	for i := range form {
		added := append([]geom.Box{l.Pages[i].Text}, l.Pages[i].Codes...)
		for k := range added {
			added[k] = added[k].Inset(-textPad)
		}
		if n := differing(form[i], printed[i], added); n > mostDiffering {
			return fmt.Errorf("page %d does not come out as it is on the form: save the form anew with another program (\"print to PDF\") and try again", i+1)
		}
	}
	return nil
}

// mostDiffering is how many pixels (200 dpi) may differ by half of black on white. Forms of many
// makers differ in none; a lost letter is 30.
const mostDiffering = 10

// differing counts the pixels that differ outside some boxes.
func differing(a, b raster.FormPage, added []geom.Box) int {
	p, q := a.Page.Y, b.Page.Y
	if p.W != q.W || p.H != q.H {
		return p.W * p.H
	}
	sx, sy := float64(p.W)/a.WidthMM, float64(p.H)/a.HeightMM
	n := 0
	for y := range p.H {
		u, v := p.Row(y), q.Row(y)
		for x := range p.W {
			if d := int(u[x]) - int(v[x]); max(d, -d) > 128 && !inAny(added, float64(x)/sx, float64(y)/sy) {
				n++
			}
		}
	}
	return n
}

func inAny(boxes []geom.Box, x, y float64) bool {
	for _, b := range boxes {
		if b.Contains(geom.Point{X: x, Y: y}) {
			return true
		}
	}
	return false
}
