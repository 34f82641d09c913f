package detect

import (
	"runtime"
	"slices"
	"sync"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Form is the printed form, prepared for registration. It is safe for concurrent use.
type Form struct {
	pages []formIndex
	diffs sync.Map // [2]int -> []geom.Point, made when two pages are hard to tell apart
}

// formIndex is what registration knows of one form page.
type formIndex struct {
	raster.FormPage
	points  []geom.Point // mm, strongest first within blocks
	desc    []descriptor
	anchors []anchor
	print   inkMap // what is printed
	maybe   inkMap // print grown by the tolerance: ink here says nothing against the page
}

// NewForm prepares the pages of a form (see raster.LoadForm).
func NewForm(pages []raster.FormPage) *Form {
	f := &Form{pages: make([]formIndex, len(pages))}
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range pages {
		wg.Go(func() {
			slots <- struct{}{}
			f.pages[i] = indexForm(pages[i])
			<-slots
		})
	}
	wg.Wait()
	return f
}

// Pages returns the number of form pages.
func (f *Form) Pages() int { return len(f.pages) }

// Page returns form page n, counted from 1.
func (f *Form) Page(n int) raster.FormPage { return f.pages[n-1].FormPage }

func indexForm(p raster.FormPage) formIndex {
	idx := formIndex{FormPage: p}
	pxPerMM, _ := p.MMToPix.ScaleAt(geom.Point{})
	n := coarseFactor(pxPerMM)
	plane := stretch(p.Page.Y.Reduce(n), minSpan)
	scale := pxPerMM / float64(n)
	kps := findKeypoints(plane, scale, formKeypointBlock)
	idx.desc = describe(smooth3(plane), kps, scale, 0)
	idx.points = make([]geom.Point, len(kps))
	for i, k := range kps {
		idx.points[i] = k.pos().Scale(1 / scale)
	}
	order := make([]int, len(kps))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return byStrength(kps[a], kps[b]) })
	repeated := findRepeated(idx.points, idx.desc)
	strongest, twin := make([]geom.Point, len(kps)), make([]bool, len(kps))
	for i, k := range order {
		strongest[i], twin[i] = idx.points[k], repeated[k]
	}
	idx.anchors = pickAnchors(p.View, strongest, twin, p.WidthMM, p.HeightMM)
	idx.keepUnique(repeated)
	idx.print, idx.maybe = formInk(p)
	return idx
}

// enoughUnique is how many keypoints without a look-alike nearby a page needs to be
// recognised by them alone; squared paper would otherwise match itself one square aside.
const enoughUnique = 45

// keepUnique drops repeated keypoints where enough others are left.
func (idx *formIndex) keepUnique(repeated []bool) {
	var points []geom.Point
	var desc []descriptor
	for i, r := range repeated {
		if !r {
			points, desc = append(points, idx.points[i]), append(desc, idx.desc[i])
		}
	}
	if len(points) >= enoughUnique {
		idx.points, idx.desc = points, desc
	}
}

// minSpan is the least contrast (grey levels) that is stretched: below it the noise of an
// empty sheet would be blown up into keypoints.
const minSpan = 140

// faintSpan is the same when a sheet looks blank: a scan of very little contrast is looked
// at once more before it is called so.
const faintSpan = 20

// stretch returns the plane with its paper level mapped to 240 and its darkest ink to 0, so
// that pale and dark scans give the same descriptors; a contrast below minSpan is stretched as
// if it were that. Black borders do not count as paper.
func stretch(p *raster.Plane, minSpan int) *raster.Plane {
	hist := histogram(p)
	paper, dark := paperLevel(&hist), darkLevel(&hist)
	span := max(paper-dark, minSpan)
	var lut [256]uint8
	for v := range lut {
		lut[v] = uint8(min(max((v-paper)*240/span+240, 0), 255))
	}
	out := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		o := out.Pix[y*out.Stride:][:p.W]
		for x, v := range p.Pix[y*p.Stride:][:p.W] {
			o[x] = lut[v]
		}
	}
	return out
}

// histogram counts the grey levels.
func histogram(p *raster.Plane) (hist [256]int) {
	for y := range p.H {
		for _, v := range p.Pix[y*p.Stride:][:p.W] {
			hist[v]++
		}
	}
	return hist
}

// paperLevel returns the most frequent grey level (smoothed) among the brighter half.
func paperLevel(hist *[256]int) int {
	best, level := -1, 255
	for v := 96; v < 256; v++ {
		n := 0
		for d := -2; d <= 2; d++ {
			if v+d < 256 {
				n += hist[v+d]
			}
		}
		if n > best {
			best, level = n, v
		}
	}
	return level
}

// darkLevel returns the level below which 0.5 % of the pixels lie.
func darkLevel(hist *[256]int) int {
	total := 0
	for _, n := range hist {
		total += n
	}
	sum := 0
	for v, n := range hist {
		if sum += n; sum*200 >= total {
			return v
		}
	}
	return 0
}
