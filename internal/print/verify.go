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

// differing counts the dark pixels outside some boxes that have nothing like them on the other page.
func differing(a, b raster.FormPage, added []geom.Box) int {
	p, q := a.Page.Y, b.Page.Y
	if max(p.W-q.W, q.W-p.W, p.H-q.H, q.H-p.H) > 2 { // another page; images are rounded to whole pixels
		return p.W * p.H
	}
	sx, sy := float64(p.W)/a.WidthMM, float64(p.H)/a.HeightMM
	n := 0
	for y := range p.H {
		qy := y * q.H / p.H
		u, v := p.Row(y), q.Row(qy)
		for x := range p.W {
			qx := x * q.W / p.W
			if (lost(u[x], v[qx], q, qx, qy) || lost(v[qx], u[x], p, x, y)) && !inAny(added, float64(x)/sx, float64(y)/sy) {
				n++
			}
		}
	}
	return n
}

// apart tells black from white.
func apart(a, b uint8) bool { return max(a, b)-min(a, b) > 128 }

// lost tells whether a dark pixel is light on the other page p, where it has the value there,
// and around it: a picture drawn half a pixel beside its place is not lost.
func lost(dark, there uint8, p *raster.Plane, x, y int) bool {
	if dark > there || !apart(dark, there) {
		return false
	}
	for j := max(y-1, 0); j <= min(y+1, p.H-1); j++ {
		for _, v := range p.Row(j)[max(x-1, 0):min(x+2, p.W)] {
			if !apart(dark, v) {
				return false
			}
		}
	}
	return true
}

func inAny(boxes []geom.Box, x, y float64) bool {
	for _, b := range boxes {
		if b.Contains(geom.Point{X: x, Y: y}) {
			return true
		}
	}
	return false
}
