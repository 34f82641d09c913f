package pipeline

import (
	"math"

	"scan/internal/geom"
	"scan/internal/mark"
)

// Frames of pictures
//
// A registered page is shown in mm of its form page, straightened. Of any other page only the paper is
// known: its frame is the stored image turned upright in quarters, the top-left corner of what is then
// shown being (0, 0), in mm as far as the file says how large a pixel is.

// paperWidthMM is how wide a sheet is taken to be across its short side where the file claims no
// resolution: A4.
const paperWidthMM = 210

// pageSizes gives the size in mm of form pages, which count from 1; false where it is not known.
type pageSizes func(formPage int) (w, h float64, ok bool)

// frame fills in the frame that pictures of a page are asked for in. registered tells that the page
// counts as the form page its result says; turn is the clockwise turn that brings the stored image
// upright where it is not, and becomes the row's Rotation.
func frame(row *mark.Page, r PageResult, registered bool, turn int, sizes pageSizes) {
	if r.Width == 0 {
		return // nothing to be shown
	}
	if registered {
		row.Registered = true
		row.WidthMM, row.HeightMM = formFrame(r, sizes)
		return
	}
	row.Registered, row.Guess, row.Rotation = false, r.guess(), turn
	row.WidthMM, row.HeightMM = paperMM(r)
	if turn%180 != 0 {
		row.WidthMM, row.HeightMM = row.HeightMM, row.WidthMM
	}
}

// minGuessCoverage is the coverage from which on the form page that a refused page resembles is worth
// telling, and its way up. On refused pages of simulated batches all 12 of the exam with 0.30 and more
// were of the page and the way up they resembled, and none of 6 pages below it; one page of 7 that
// were not of the exam reached it, with 0.46.
const minGuessCoverage = 0.3

// guess is the form page that a page resembles, 0 if none clearly.
func (r PageResult) guess() int {
	if r.Coverage < minGuessCoverage {
		return 0
	}
	return r.FormPage
}

// uprightTurn is the clockwise turn in degrees that most probably brings the stored image upright: that
// of the form page it resembles, or else what its file asks for.
func (r PageResult) uprightTurn() int {
	if r.guess() > 0 {
		return r.Rotation
	}
	return r.Turn
}

// formFrame is the size of the form page, or as much as the scan shows of it.
func formFrame(r PageResult, sizes pageSizes) (w, h float64) {
	if sizes != nil {
		if w, h, ok := sizes(r.FormPage); ok {
			return w, h
		}
	}
	inv, ok := r.MMToPix.Inverse()
	if !ok {
		return paperMM(r)
	}
	for _, c := range (geom.Box{W: float64(r.Width), H: float64(r.Height)}).Corners() {
		p := inv.Apply(c)
		w, h = math.Max(w, p.X), math.Max(h, p.Y)
	}
	return tenth(w), tenth(h)
}

// paperMM is the size of the paper along the stored axes.
func paperMM(r PageResult) (w, h float64) {
	x, y := r.paperPxPerMM()
	return tenth(float64(r.Width) / x), tenth(float64(r.Height) / y)
}

// paperPxPerMM is the resolution along the stored axes.
func (r PageResult) paperPxPerMM() (x, y float64) {
	if r.DPIX > 0 && r.DPIY > 0 {
		return r.DPIX / 25.4, r.DPIY / 25.4
	}
	x = float64(min(r.Width, r.Height)) / paperWidthMM
	return x, x
}

// tenth rounds a length in mm up, so that no pixel lies beyond it.
func tenth(x float64) float64 { return math.Ceil(x*10-1e-6) / 10 }

// paperToPix maps mm of the paper as shown, turned clockwise by turn, to pix of the stored image.
func paperToPix(r PageResult, turn int) geom.Homography {
	x, y := r.paperPxPerMM()
	w, h := float64(r.Width)/x, float64(r.Height)/y
	toPix := geom.ScaleBy(x, y)
	switch (turn%360 + 360) % 360 {
	case 90:
		return toPix.Mul(geom.Homography{0, 1, 0, -1, 0, h, 0, 0, 1})
	case 180:
		return toPix.Mul(geom.Homography{-1, 0, w, 0, -1, h, 0, 0, 1})
	case 270:
		return toPix.Mul(geom.Homography{0, -1, w, 1, 0, 0, 0, 0, 1})
	}
	return toPix
}
