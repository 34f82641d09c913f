package ocr

import (
	"math"
	"slices"

	"scan/internal/geom"
	"scan/internal/raster"
)

// How a field is sampled. 10 pixels per mm show a 0.3 mm pen three pixels wide and
// keep a whole field below 3 ms; the margin lets a digit cross the frame.
const (
	cellPxPerMM  = 10.0
	cellMarginMM = 1.5
	cellFitMM    = 0.8 // registration is good to 0.4 mm: look twice as far
)

// field is what is seen in a score field once the form is subtracted.
type field struct {
	inkMap
	mask    []bool    // ink, strokes across the frame restored
	dark    []float32 // of the darkest channel
	luma    []float32 // of the luminance; the same slice on a grey scan
	print   []bool    // where the form has print, widened
	far     []bool    // the same, widened twice: outside it nothing dark is print
	vivid   []bool    // pixels of the pen's colour; nil if it has none
	inner   rect      // the field's box after the local fit
	noise   float32   // darkness below which all may be the grain of the paper
	floor   float32   // the same, faintest at least: above it is ink
	tone    float64   // darkness of this pen, 0 paper to 1 black
	outside float64   // share of the field that the scan does not show
}

// openField samples a field and separates ink from paper and print.
func openField(v raster.View, form raster.FormPage, box geom.Box) *field {
	area := box.Inset(-cellMarginMM)
	scan, blank := v.Sample(area, cellPxPerMM), form.Sample(area, cellPxPerMM)
	w, h := scan.Y.W, scan.Y.H
	f := &field{inkMap: inkMap{w: w, h: h, ink: make([]float32, w*h), label: make([]int32, w*h)}}
	f.outside = float64(scan.Outside) / float64(w*h)
	printed := printOf(blank)
	dx, dy := fitPrint(scan, printed)
	const widen = 2 // 0.2 mm: blur of a scan at 150 dpi and what the fit leaves
	f.print = dilate(shifted(printed, w, h, dx, dy), w, h, widen)
	f.far = dilate(f.print, w, h, widen)
	f.luma = darkness(scan, f.print)
	f.dark = colourDarkness(scan, f.luma, f.print, f.far)
	f.dropStreaks(v, area)
	f.findInk(scan)
	const m = int(cellMarginMM * cellPxPerMM)
	f.inner = rect{m + dx, m + dy, w - m + dx, h - m + dy}
	return f
}

// printOf returns where the blank form is darker than a light grey.
func printOf(p *raster.Patch) []bool {
	const printFloor = 200 // hatching and hairlines blur to about 170
	out := make([]bool, len(p.Y.Pix))
	for i, v := range p.Y.Pix {
		out[i] = v < printFloor
	}
	return out
}

// fitPrint finds the shift in pixels that lays the form's print over the darkest
// pixels of the scan. Among equals the smallest shift wins.
func fitPrint(scan *raster.Patch, printed []bool) (dx, dy int) {
	w := scan.Y.W
	var pts []int
	for i, on := range printed {
		if on {
			pts = append(pts, i)
		}
	}
	if len(pts) == 0 {
		return 0, 0
	}
	if skip := len(pts)/1500 + 1; skip > 1 {
		pts = slices.DeleteFunc(pts, func(i int) bool { return (i%w+i/w)%skip != 0 })
	}
	score := func(dx, dy int) int {
		sum := -abs(dx) - abs(dy)
		for _, i := range pts {
			sum += 255 - int(scan.Y.At(i%w+dx, i/w+dy))
		}
		return sum
	}
	const reach = int(cellFitMM * cellPxPerMM)
	best := score(0, 0)
	try := func(x, y int) {
		if s := score(x, y); s > best {
			best, dx, dy = s, x, y
		}
	}
	for y := -reach; y <= reach; y += 2 {
		for x := -reach; x <= reach; x += 2 {
			try(x, y)
		}
	}
	cx, cy := dx, dy
	for y := cy - 1; y <= cy+1; y++ {
		for x := cx - 1; x <= cx+1; x++ {
			try(x, y)
		}
	}
	return dx, dy
}

// shifted moves a mask by (dx, dy).
func shifted(mask []bool, w, h, dx, dy int) []bool {
	out := make([]bool, w*h)
	for y := max(0, dy); y < min(h, h+dy); y++ {
		for x := max(0, dx); x < min(w, w+dx); x++ {
			out[y*w+x] = mask[(y-dy)*w+x-dx]
		}
	}
	return out
}

// dilate widens a mask by r pixels to every side, rows first, then columns.
func dilate(mask []bool, w, h, r int) []bool {
	rows, out := make([]bool, w*h), make([]bool, w*h)
	for i, on := range mask {
		if !on {
			continue
		}
		x := i % w
		for k := max(-r, -x); k <= min(r, w-1-x); k++ {
			rows[i+k] = true
		}
	}
	for i, on := range rows {
		if !on {
			continue
		}
		y := i / w
		for k := max(-r, -y); k <= min(r, h-1-y); k++ {
			out[i+k*w] = true
		}
	}
	return out
}

// Darkness levels. Below faintest nothing is ink: paper grain and what shines
// through from the back lie there, and a pale pencil at 0.15 lies above.
// inkShare is how dark a pixel must be compared with the pen's own tone; lower
// joins strokes that only come near, higher breaks pencil lines.
const (
	faintest = 0.08
	inkShare = 0.42
	toneOf   = 0.75 // the quantile of darkness taken as the pen's tone
)

// findInk measures the pen's tone, thresholds, and restores what lies under print.
// The tone is taken well away from the print: what a bad fit leaves of a black
// frame must not make a pale pen vanish.
func (f *field) findInk(scan *raster.Patch) {
	f.noise = 5 * noise(f.dark, f.print)
	f.floor = max(faintest, f.noise)
	var hist [256]int
	n := 0
	for i, d := range f.dark {
		if !f.far[i] && d > f.floor {
			hist[int(d*255)]++
			n++
		}
	}
	left := int(toneOf * float64(n))
	level := 0
	for left -= hist[0]; left >= 0 && level < 255; left -= hist[level] {
		level++
	}
	f.tone = max(float64(level)/255, float64(f.floor))
	for i, d := range f.dark {
		f.ink[i] = min(1, d/float32(f.tone))
	}
	cut := max(f.floor, float32(inkShare*f.tone))
	f.findColour(scan, cut)
	f.threshold(f.dark, cut)
}

// threshold takes what is darker than cut for ink.
func (f *field) threshold(dark []float32, cut float32) {
	f.mask = make([]bool, len(dark))
	for i, d := range dark {
		f.mask[i] = d > cut && (!f.print[i] || f.vivid != nil && f.vivid[i])
	}
	f.bridge(dark, cut)
}

// emptyBelow is the darkness of what may still be ink in a field called empty. It
// trades a look at paper that the back shines through for a trace of a pen that
// hardly wrote; TestReadScorePaleIsNotEmpty objects to more.
const emptyBelow = 0.045

// faint looks again, at emptyBelow, at a field without ink and returns the pieces
// that are no specks. So pale, chroma is mostly noise.
func (f *field) faint() []atom {
	clear(f.label)
	f.threshold(f.luma, max(emptyBelow, f.noise))
	for i, near := range f.far {
		if near { // the blurred edge of the frame is as pale
			f.mask[i] = false
		}
	}
	atoms, _ := f.segment(f.mask, f.keep)
	return slices.DeleteFunc(atoms, func(a atom) bool { return max(a.w(), a.h()) <= dotSize })
}

// noise returns the standard deviation of bare paper. Darkness counts from the
// paper's 75th percentile, so its median lies 0.674 deviations above 0; ink covers
// too little to move a median. The pixels must be all: on paper that a scanner
// clipped to white, what is not 0 is the ink itself.
func noise(dark []float32, printed []bool) float32 {
	var hist [512]int
	n := 0
	for i, d := range dark {
		if !printed[i] {
			hist[int(d*511)]++
			n++
		}
	}
	left := n / 2
	for b, k := range hist {
		if left -= k; left < 0 {
			return float32(b) / 511 / 0.674
		}
	}
	return 0
}

// bridgeSteps are directions across a line, in pixels.
var bridgeSteps = [6][2]float64{{0, 1}, {1, 0}, {0.5, 1}, {-0.5, 1}, {1, 1}, {-1, 1}}

// bridge restores strokes under the print: a dark pixel there is ink where ink
// lies on both sides of the print in one direction.
func (f *field) bridge(dark []float32, cut float32) {
	var add []int
	for i, p := range f.print {
		if !p || dark[i] <= cut {
			continue
		}
		for _, s := range bridgeSteps {
			if f.inkBeyond(i, s[0], s[1]) && f.inkBeyond(i, -s[0], -s[1]) {
				add = append(add, i)
				break
			}
		}
	}
	for _, i := range add {
		f.mask[i] = true
		f.ink[i] = min(f.ink[i], 1)
	}
}

// inkBeyond walks from pixel i to the end of the print, 1.2 mm at most, and
// reports whether ink begins there.
func (f *field) inkBeyond(i int, dx, dy float64) bool {
	const far = 12
	x, y := float64(i%f.w), float64(i/f.w)
	for range far {
		x, y = x+dx, y+dy
		px, py := int(math.Round(x)), int(math.Round(y))
		if px < 0 || py < 0 || px >= f.w || py >= f.h {
			return false
		}
		if q := py*f.w + px; !f.print[q] {
			return f.mask[q]
		}
	}
	return false
}

// keep tells ink that belongs to the field from dirt, remains of its frame and what
// a neighbouring field's writer left in the margin.
func (f *field) keep(a atom) bool {
	const speck = 5 // pixels: 0.05 mm2, half a pen's dot
	if a.area < speck {
		return false
	}
	inside, nearPrint := 0, 0
	f.each(a, func(i int) {
		x, y := i%f.w, i/f.w
		if x >= f.inner.x0 && x < f.inner.x1 && y >= f.inner.y0 && y < f.inner.y1 {
			inside++
		}
		if f.printNear(x, y) {
			nearPrint++
		}
	})
	if 2*inside < a.area {
		return false
	}
	thin := min(a.w(), a.h()) <= 3
	return !thin || 10*nearPrint <= 7*a.area
}

// printNear reports print within 0.2 mm.
func (f *field) printNear(x, y int) bool {
	const r = 2
	for _, d := range [4][2]int{{r, 0}, {-r, 0}, {0, r}, {0, -r}} {
		u, v := x+d[0], y+d[1]
		if u >= 0 && v >= 0 && u < f.w && v < f.h && f.print[v*f.w+u] {
			return true
		}
	}
	return false
}
