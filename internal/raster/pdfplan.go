package raster

import (
	"fmt"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// renderDPI is the resolution of pages that must be drawn when nothing on them
// says a better one: what the readers are measured at.
const renderDPI = 300

// maxRender bounds the pixels of a rendered page: A3 at 400 dpi has 31 million.
const maxRender = 32_000_000

// pdfPlan says how a page is read: by taking its images out, or by rendering.
type pdfPlan struct {
	images    []pdfImage
	box       rect
	rotate    int
	unit      float64 // points a user-space unit
	native    bool    // the one image is decoded by PDFium, at its own size
	render    string  // why the page must be rendered; "" if it need not
	renderDPI float64
}

// pdfImage is an image with where it goes and how it is stored.
type pdfImage struct {
	m    matrix
	clip rect
	spec imageSpec
	raw  []byte
}

// minCover is the part of the page that images must cover to stand for the page.
// Scans of a narrower sheet on A4 cover 0.9; a page with a logo covers little and
// is rendered. TestPDFRendered's small image would object to less.
const minCover = 0.6

func (f *pdfFile) planImages(page pdfPage, c *contentReader) pdfPlan {
	p := pdfPlan{box: page.box, rotate: page.rotate, unit: 1, renderDPI: renderDPI}
	if v, ok := f.float(page.dict["UserUnit"]); ok && v > 0 {
		p.unit = v
	}
	for _, im := range c.images {
		w, h := f.int(im.stream.Dict["Width"]), f.int(im.stream.Dict["Height"])
		if im.m.bounds(rect{0, 0, 1, 1}).area() < p.box.area()/5 {
			continue // a logo does not set the resolution of the page
		}
		if dx, dy := imageDPI(im.m, w, h, p.unit); dx > 0 && dy > 0 {
			p.renderDPI = math.Max(p.renderDPI, math.Min(math.Max(dx, dy), 400))
		}
	}
	// Vector pages of any size stay within what a sheet of A3 takes.
	inches := math.Sqrt(p.box.area()) * p.unit / 72
	p.renderDPI = math.Min(p.renderDPI, math.Sqrt(maxRender)/inches)
	p.render = c.reason
	if len(c.images) == 0 && p.render == "" {
		p.render = "no image"
	}
	if p.render == "" && f.annotated(page.dict) {
		p.render = "annotations"
	}
	if p.render == "" {
		p.render = f.takeImages(&p, c)
	}
	return p
}

// takeImages fills in the images, or says why they cannot stand for the page.
func (f *pdfFile) takeImages(p *pdfPlan, c *contentReader) string {
	covered := 0.0
	for _, im := range c.images {
		spec, reason := f.imageSpec(im)
		if spec.foreign && len(c.images) == 1 && reason == "" {
			p.native = true
		} else if reason != "" || spec.foreign {
			return orElse(reason, "a filter read by PDFium alone")
		}
		if !upright(im.m) {
			return "a tilted image"
		}
		p.images = append(p.images, pdfImage{im.m, im.clip, spec, im.stream.Raw})
		covered += im.m.bounds(rect{0, 0, 1, 1}).and(im.clip).and(p.box).area()
	}
	part := covered / p.box.area()
	opaque := !p.images[0].spec.Mask
	switch {
	case !(part >= minCover):
		return fmt.Sprintf("images cover %.2f of the page", part)
	case c.under && (!opaque || part < 0.98):
		return "drawing beside the image"
	case len(p.images) > 1:
		return checkTiles(p.images)
	}
	return ""
}

// annotated reports whether the page carries annotations that can be seen.
func (f *pdfFile) annotated(d types.Dict) bool {
	const hidden, noView = 1 << 1, 1 << 5
	for _, o := range f.array(d["Annots"]) {
		a, err := f.dict(o)
		if err != nil || a == nil {
			continue
		}
		sub, _ := f.name(a["Subtype"])
		r, _ := f.floats(a["Rect"], 4)
		empty := r == nil || normal(r).area() == 0 // an invisible signature
		if sub != "Link" && sub != "Popup" && !empty && f.int(a["F"])&(hidden|noView) == 0 {
			return true
		}
	}
	return false
}

// imageDPI returns the resolution along the image's x and y axes, 0 if it has no
// size.
func imageDPI(m matrix, w, h int, unit float64) (x, y float64) {
	sx, sy := math.Hypot(m[0], m[1])*unit/72, math.Hypot(m[2], m[3])*unit/72
	if sx <= 0 || sy <= 0 {
		return 0, 0
	}
	return float64(w) / sx, float64(h) / sy
}

// upright reports whether an image is placed within a few degrees of a quarter
// turn: scanners that straighten write such, and registration finds the rest.
func upright(m matrix) bool {
	const maxTilt = 0.12 // radians, 7 degrees; more is a picture, not a page
	a := math.Atan2(m[1], m[0])
	tilt := math.Abs(a - math.Round(a/(math.Pi/2))*math.Pi/2)
	sx, sy := math.Hypot(m[0], m[1]), math.Hypot(m[2], m[3])
	shear := math.Abs(m[0]*m[2] + m[1]*m[3])
	return sx > 0 && sy > 0 && tilt < maxTilt && shear < 0.02*sx*sy
}

// orientation returns how an image placed by m is to be shown: mirrored left to
// right first, then turned clockwise.
func orientation(m matrix) (turn int, mirrored bool) {
	mirrored = m[0]*m[3]-m[1]*m[2] < 0
	x, y := m[0], m[1]
	if mirrored {
		x, y = -x, -y
	}
	quarter := math.Round(math.Atan2(-y, x) / (math.Pi / 2))
	return (int(quarter)*90 + 360) % 360, mirrored
}

// assemble decodes the images of a plan into the page.
func (f *pdfFile) assemble(n int, plan pdfPlan) (*Page, error) {
	if len(plan.images) > 1 {
		return f.assembleTiles(plan)
	}
	im := plan.images[0]
	dx, dy := imageDPI(im.m, im.spec.W, im.spec.H, plan.unit)
	var p *Page
	var err error
	if plan.native {
		p, err = bitmapOfImage(f.bytes, n)
		if err == nil {
			p.Bilevel = im.spec.Bits == 1 && !p.HasColour()
		}
	} else {
		p, err = im.decode(tooFine(dx, dy))
	}
	if err != nil {
		return nil, err
	}
	return p.place(im, plan), nil
}

// place sets resolution and turn, cuts off what the page does not show, and
// un-mirrors.
func (p *Page) place(im pdfImage, plan pdfPlan) *Page {
	p.setDPI(imageDPI(im.m, p.W(), p.H(), plan.unit))
	p.cropTo(im.m, plan.box.and(im.clip))
	turn, mirrored := orientation(im.m)
	p.orient(turn+plan.rotate, mirrored)
	return p
}

// cropMargin is how much of an image, as part of its length, may lie off the page
// before it is cut: less is a printer's margin, more is another page of a sheet.
const cropMargin = 0.03

// cropTo keeps the part of the image that the visible rectangle shows.
func (p *Page) cropTo(m matrix, visible rect) {
	a, c, b, d := cropOf(m, visible, p.W(), p.H())
	if b > a && d > c && (b-a < p.W() || d-c < p.H()) {
		p.crop(a, c, b, d)
	}
}

// cropOf returns the pixels x0 <= x < x1, y0 <= y < y1 of an image of w x h pixels, placed by m, that
// the visible rectangle shows.
func cropOf(m matrix, visible rect, w, h int) (x0, y0, x1, y1 int) {
	det := m[0]*m[3] - m[1]*m[2]
	inv := matrix{m[3] / det, -m[1] / det, -m[2] / det, m[0] / det,
		(m[2]*m[5] - m[3]*m[4]) / det, (m[1]*m[4] - m[0]*m[5]) / det}
	r := inv.bounds(visible.and(m.bounds(rect{0, 0, 1, 1}))) // unit square, y up
	keep := func(lo, hi float64, n int) (int, int) {
		if lo < cropMargin {
			lo = 0
		}
		if hi > 1-cropMargin {
			hi = 1
		}
		return int(math.Floor(lo * float64(n))), int(math.Ceil(hi * float64(n)))
	}
	x0, x1 = keep(r[0], r[2], w)
	y0, y1 = keep(1-r[3], 1-r[1], h)
	return x0, y0, x1, y1
}
