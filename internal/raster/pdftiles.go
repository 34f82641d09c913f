package raster

import "math"

// checkTiles says why several images do not make one: strips and tiles share one
// scale, lie upright in one orientation, and neither overlap nor leave gaps.
func checkTiles(images []pdfImage) string {
	first := images[0]
	var all rect
	sum := 0.0
	for i, im := range images {
		if !im.m.upright() {
			return "tilted strips"
		}
		t0, m0 := orientation(first.m)
		t, m := orientation(im.m)
		sx, sy := pixelSize(im)
		fx, fy := pixelSize(first)
		if t != t0 || m != m0 || math.Abs(sx/fx-1) > 0.02 || math.Abs(sy/fy-1) > 0.02 {
			return "images of different scale"
		}
		if im.spec.Mask != first.spec.Mask {
			return "a stencil over an image"
		}
		b := im.m.bounds(rect{0, 0, 1, 1})
		if im.clip.and(b).area() < 0.97*b.area() {
			return "strips that are cut"
		}
		sum += b.area()
		if i == 0 {
			all = b
		}
		all = rect{math.Min(all[0], b[0]), math.Min(all[1], b[1]), math.Max(all[2], b[2]), math.Max(all[3], b[3])}
	}
	// A pixel row of overlap or gap a strip is rounding; 1 % allows for it in strips
	// of 100 rows, and lies far below a picture laid over a page.
	if math.Abs(sum/all.area()-1) > 0.01 {
		return "images over each other"
	}
	return ""
}

// pixelSize returns the size of a stored pixel along the image's own axes (points).
func pixelSize(im pdfImage) (x, y float64) {
	return math.Hypot(im.m[0], im.m[1]) / float64(max(im.spec.W, 1)), math.Hypot(im.m[2], im.m[3]) / float64(max(im.spec.H, 1))
}

// assembleTiles decodes every tile and copies it to its place on one canvas, in the
// orientation that the tiles are stored in.
func (f *pdfFile) assembleTiles(plan pdfPlan) (*Page, error) {
	whole, w, h := plan.canvas()
	if err := checkSize(w, h); err != nil {
		return nil, err
	}
	canvas := newColourPage(w, h)
	fill(canvas.Y.Pix, 255)
	fill(canvas.Cb.Pix, 128)
	fill(canvas.Cr.Pix, 128)
	canvas.Bilevel = true
	for _, im := range plan.images {
		p, err := im.decode(false)
		if err != nil {
			return nil, err
		}
		u, v := unitIn(whole, im.m)
		canvas.paste(p, int(math.Round(u*float64(w))), int(math.Round(v*float64(h))))
		canvas.Bilevel = canvas.Bilevel && p.Bilevel
	}
	canvas.dropGreyChroma()
	return canvas.place(pdfImage{m: whole, clip: everything, spec: plan.images[0].spec}, plan), nil
}

// canvas returns where the tiles together lie, and how many pixels they have.
func (p pdfPlan) canvas() (whole matrix, w, h int) {
	first := p.images[0]
	var all rect
	for i, im := range p.images {
		b := im.m.bounds(rect{0, 0, 1, 1})
		if i == 0 {
			all = b
		}
		all = rect{math.Min(all[0], b[0]), math.Min(all[1], b[1]), math.Max(all[2], b[2]), math.Max(all[3], b[3])}
	}
	whole = canvasMatrix(first.m, all)
	px, py := pixelSize(first)
	return whole, int(math.Round(math.Hypot(whole[0], whole[1]) / px)), int(math.Round(math.Hypot(whole[2], whole[3]) / py))
}

// canvasMatrix returns the placement of an image that fills the box with the
// orientation of m.
func canvasMatrix(m matrix, box rect) matrix {
	b := m.bounds(rect{0, 0, 1, 1})
	sx, sy := (box[2]-box[0])/(b[2]-b[0]), (box[3]-box[1])/(b[3]-b[1])
	return m.then(matrix{1, 0, 0, 1, -b[0], -b[1]}).then(matrix{sx, 0, 0, sy, box[0], box[1]})
}

// unitIn returns where the top-left corner of the image placed by m lies in the
// canvas, as parts of its width and height from its own top-left corner.
func unitIn(canvas, m matrix) (u, v float64) {
	x, y := m.apply(0, 1)
	ox, oy := canvas.apply(0, 1)
	dx, dy := x-ox, y-oy
	ux, uy := canvas[0], canvas[1]
	vx, vy := -canvas[2], -canvas[3]
	return (dx*ux + dy*uy) / (ux*ux + uy*uy), (dx*vx + dy*vy) / (vx*vx + vy*vy)
}

// paste copies q to (x0, y0) of p, which has chroma at full size.
func (p *Page) paste(q *Page, x0, y0 int) {
	for y := max(0, -y0); y < q.H() && y+y0 < p.H(); y++ {
		for x := max(0, -x0); x < q.W() && x+x0 < p.W(); x++ {
			at := (y+y0)*p.Y.Stride + x + x0
			p.Y.Pix[at] = q.Y.Pix[y*q.Y.Stride+x]
			if q.HasColour() {
				p.Cb.Pix[at] = q.Cb.At(x/q.SubX, y/q.SubY)
				p.Cr.Pix[at] = q.Cr.At(x/q.SubX, y/q.SubY)
			}
		}
	}
}
