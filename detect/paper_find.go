package detect

import (
	"math"
	"math/bits"

	"scan/internal/geom"
	"scan/internal/raster"
)

// findLines finds the lines over a page, along its columns and along its rows.
func findLines(v raster.View, form raster.FormPage, tone uint8) (lines []paperLine) {
	sx, sy := v.MMToPix.ScaleAt(geom.Point{X: form.WidthMM / 2, Y: form.HeightMM / 2})
	px := math.Sqrt(sx * sy)
	toForm, ok := v.MMToPix.Inverse()
	if !ok || min(v.Page.W(), v.Page.H()) < int(20*px) {
		return nil
	}
	o := onForm{form, form.MMToPix.Mul(toForm)}
	tilt := v.MMToPix.Apply(geom.Point{X: form.WidthMM, Y: form.HeightMM / 2}).
		Sub(v.MMToPix.Apply(geom.Point{Y: form.HeightMM / 2}))
	for _, column := range []bool{true, false} {
		b := newBandProfile(v.Page.Y, column, px)
		f := lineFinder{b: b, h: b.hollows(tone, px), form: o, px: px, page: v.Page}
		f.length = float64(v.Page.H()) / lineBands
		if !column {
			f.length = float64(v.Page.W()) / lineBands
		}
		found := f.streaks()
		lines = append(lines, f.folds(skewOf(tilt, column), found)...)
	}
	return lines
}

// skewOf is how far a form's line nearest to columns (or rows) moves sideways for each
// pixel along it; tilt is where the form's rows go.
func skewOf(tilt geom.Point, column bool) float64 {
	if math.Abs(tilt.X) > math.Abs(tilt.Y) == column {
		tilt = geom.Point{X: -tilt.Y, Y: tilt.X}
	}
	if column {
		return tilt.X / tilt.Y
	}
	return tilt.Y / tilt.X
}

// onForm tells what the form prints at places of the scan.
type onForm struct {
	form  raster.FormPage
	toPix geom.Homography // stored pixels of the scan to pixels of the form's image
}

// printed reports print within r form pixels along x and y.
func (o onForm) printed(p geom.Point, r int) bool {
	q := o.toPix.Apply(p)
	x, y := int(q.X), int(q.Y)
	for d := -r; d <= r; d++ {
		if o.form.Page.Y.At(x+d, y) < 235 || o.form.Page.Y.At(x, y+d) < 235 {
			return true
		}
	}
	return false
}

// lineFinder finds lines of one direction.
type lineFinder struct {
	b      *bandProfile
	h      hollow
	form   onForm
	px     float64 // stored pixels a mm
	length float64 // of a band along the line, stored pixels
	page   *raster.Page
}

const (
	// A streak goes on for so many bands, a third of the page, and for so many mm unless
	// it is as long as a page. A hand keeps no line within half a pixel for that long.
	streakRun, streakMinMM = 11, 70.0
	// streakMaxMM is the widest line: beyond, a dark band may be anything.
	streakMaxMM = 2.6
)

// streaks finds dark lines exactly along the columns (rows) of the sensor.
func (f *lineFinder) streaks() (lines []paperLine) {
	n := len(f.h.dark)
	for i := 0; i < n; i++ {
		if bits.OnesCount32(f.h.dark[i]) < streakRun {
			continue
		}
		j, best := i, i
		for j < n && bits.OnesCount32(f.h.dark[j]) >= streakRun/2 {
			if bits.OnesCount32(f.h.dark[j]) > bits.OnesCount32(f.h.dark[best]) {
				best = j
			}
			j++
		}
		k := i
		for k > 0 && bits.OnesCount32(f.h.dark[k-1]) >= streakRun/2 {
			k--
		}
		step := float64(f.b.step)
		if l, ok := f.streak(best); ok && float64(j-k)*step <= streakMaxMM*f.px {
			l.at, l.half = (float64(k+j)/2)*step, (float64(j-k)/2+0.7)*step
			lines = append(lines, l)
		}
		i = j
	}
	return lines
}

// streak judges the line at position i by its longest run of dark bands.
func (f *lineFinder) streak(i int) (l paperLine, ok bool) {
	from, to := longestRun(f.h.dark[i], f.h.known[i])
	if !reachesEdge(from, to, f.h.known[i]) {
		return l, false // a printed rule the form does not show
	}
	if n := to - from; n < streakRun || n < lineBands-3 && float64(n)*f.length < streakMinMM*f.px {
		return l, false
	}
	at, printed, n := (float64(i)+0.5)*float64(f.b.step), 0, 0
	for k := from; k < to; k++ {
		if f.h.dark[i]>>k&1 == 0 {
			continue
		}
		n++
		if f.onPrint(at, k) {
			printed++
		}
	}
	if n-printed < streakRun*2/3 || printed*2 > n {
		return l, false
	}
	// The bands at both ends may hold a part of it.
	l = paperLine{n: geom.Point{X: 1}, from: float64(from-1) * f.length, to: float64(to+1) * f.length}
	if !f.b.column {
		l.n = geom.Point{Y: 1}
	}
	return l, true
}

// onPrint reports that in the middle of band k the form prints at the place across.
func (f *lineFinder) onPrint(at float64, k int) bool {
	const r = 3 // pixels of the form: 0.4 mm
	hits := 0
	for s := 0.05; s < 1; s += 0.1 {
		p := geom.Point{X: at, Y: (float64(k) + s) * f.length}
		if !f.b.column {
			p.X, p.Y = p.Y, p.X
		}
		if f.form.printed(p, r) {
			hits++
		}
	}
	return hits >= 6
}

// reachesEdge reports whether a run leaves no band of paper to one end of the scan: dirt
// draws up to the border, print does not.
func reachesEdge(from, to int, known uint32) bool {
	return known&(1<<from-1) == 0 || uint64(known)>>to == 0
}

// longestRun returns the longest run of dark bands [from, to). Bands that tell nothing
// do not end it, nor does a single one that is not dark after four that are.
func longestRun(dark, known uint32) (from, to int) {
	start, last, run, missed := 0, -1, 0, true
	for k := range lineBands {
		switch bit := uint32(1) << k; {
		case dark&bit != 0:
			if last < 0 {
				start = k
			}
			last = k
			run++
			if run >= 4 {
				missed = false
			}
			if last+1-start > to-from {
				from, to = start, last+1
			}
		case known&bit != 0 && missed:
			last, run = -1, 0
		case known&bit != 0:
			missed, run = true, 0
		}
	}
	return from, to
}

const (
	foldTilts = 7    // to either side of the sheet's own direction
	foldTilt  = 0.05 // the largest tilt of a fold to the sheet
)

// folds finds pale lines over the whole sheet that are nearly parallel to its edges, by
// votes: each dark place of each band votes for the lines through it. They are added to
// the lines found before.
func (f *lineFinder) folds(skew float64, lines []paperLine) []paperLine {
	const bin = 4 // positions: a third of a mm
	n := len(f.h.dark)
	if f.darkShare() > 0.1 {
		return lines // no paper to speak of
	}
	perBand := f.length / float64(f.b.step)
	wide := n/bin + 2
	votes := make([]uint32, (2*foldTilts+1)*wide)
	shift := func(j, k int) float64 {
		t := skew + foldTilt*float64(j)/foldTilts
		return t * perBand * (float64(k) + 0.5 - lineBands/2)
	}
	for i, d := range f.h.dark {
		for ; d != 0; d &= d - 1 {
			k := bits.TrailingZeros32(d)
			for j := -foldTilts; j <= foldTilts; j++ {
				if at := int(float64(i)-shift(j, k)+bin/2) / bin; at >= 0 && at < wide {
					votes[(j+foldTilts)*wide+at] |= 1 << k
				}
			}
		}
	}
	for at := range wide {
		for j := range 2*foldTilts + 1 {
			if bits.OnesCount32(votes[j*wide+at]) < foldBands {
				continue
			}
			if l, ok := f.fold(skew+foldTilt*float64(j-foldTilts)/foldTilts, float64(at*bin), perBand); ok && !known(lines, l, f.px) {
				lines = append(lines, l)
			}
		}
	}
	return lines
}

// foldBands is how many of the 32 bands must show a fold: it runs over the whole sheet,
// but wears off in places and is not told from print in others.
const foldBands = 20

// darkShare is the share of dark places.
func (f *lineFinder) darkShare() float64 {
	n := 0
	for _, d := range f.h.dark {
		n += bits.OnesCount32(d)
	}
	return float64(n) / float64(lineBands*len(f.h.dark))
}

// foldPale is the largest darkness of a fold, levels: ruled pen lines are darker.
const foldPale = 90

// fold fits a line to the dark places near a voted one and judges it.
func (f *lineFinder) fold(slope, at, perBand float64) (l paperLine, ok bool) {
	for range 3 {
		var s, sk, sx, skk, skx float64
		var found, printed int
		first, last := lineBands, 0
		var depth, width float64
		for k := range lineBands {
			c := float64(k) + 0.5 - lineBands/2
			best, bestAt, wide := uint8(0), 0.0, 0
			for i := int(at+slope*perBand*c) - 4; i <= int(at+slope*perBand*c)+5; i++ {
				if i < 0 || i >= len(f.h.dark) || f.h.dark[i]>>k&1 == 0 {
					continue
				}
				wide++
				if v := 255 - f.b.tone[k][i]; v >= best {
					best, bestAt = v, float64(i)
				}
			}
			if wide == 0 {
				continue
			}
			found++
			first, last = min(first, k), max(last, k)
			if f.onPrint((bestAt+0.5)*float64(f.b.step), k) {
				printed++
				continue
			}
			i := int(bestAt)
			depth += float64(f.h.depth[i]) / math.Max(1, float64(bits.OnesCount32(f.h.dark[i])))
			width += float64(wide)
			s, sk, sx, skk, skx = s+1, sk+c, sx+bestAt, skk+c*c, skx+c*bestAt
		}
		d := s*skk - sk*sk
		if found < foldBands || s < foldBands*2/3 || d < 1e-9 || depth/s > foldPale ||
			first > 2 && last < lineBands-3 {
			return l, false
		}
		m := (s*skx - sk*sx) / d
		slope, at = m/perBand, (sx-m*sk)/s
		l.half = (width/s/2 + 1.5) * float64(f.b.step)
	}
	step := float64(f.b.step)
	mid := f.length * lineBands / 2
	norm := math.Hypot(1, slope)
	l.n = geom.Point{X: 1 / norm, Y: -slope / norm}
	l.at = ((at+0.5)*step - slope*mid) / norm
	if !f.b.column {
		l.n.X, l.n.Y = l.n.Y, l.n.X
	}
	l.from, l.to = 0, f.length*lineBands
	return l, true
}

// known reports a line that is already listed.
func known(lines []paperLine, l paperLine, px float64) bool {
	for _, o := range lines {
		if math.Abs(o.n.X-l.n.X) < 0.02 && math.Abs(o.n.Y-l.n.Y) < 0.02 && math.Abs(o.at-l.at) < 1.5*px {
			return true
		}
	}
	return false
}
