package ocr

// What a small piece of ink may be.
const (
	SepGlyph     = 0 // a glyph or part of one
	SepSeparator = 1 // decimal comma or point
	SepDirt      = 2
	sepClasses   = 3
)

// SepFeatures place a small piece of ink in its row; see row.features. A picture of a
// dot says nothing: its size and place do.
type SepFeatures [10]float32

// row is the line of writing of a field, in pixels.
type row struct {
	atoms       []atom
	height      float64 // of a digit
	top, bottom float64 // of the tall pieces
}

// tall is the height, in digit heights, from which a piece shows where the line is.
const tall = 0.6

func measureRow(atoms []atom, height int) row {
	r := row{atoms: atoms, height: float64(height)}
	n := 0.0
	for _, a := range atoms {
		if float64(a.h()) >= tall*r.height {
			r.top += float64(a.y0)
			r.bottom += float64(a.y1)
			n++
		}
	}
	if n > 0 {
		r.top, r.bottom = r.top/n, r.bottom/n
	} else if len(atoms) > 0 {
		r.top, r.bottom = float64(atoms[0].y0), float64(atoms[0].y0)+r.height
	}
	return r
}

// small reports a piece that may be a separator.
func (r row) small(a atom) bool {
	return float64(a.h()) < tall*r.height && float64(a.w()) < 0.8*r.height
}

// features of a small piece, lengths in digit heights: height, width, centre below
// the top of the line, bottom below its bottom, ink, filling of its box, distance
// and overlap to the left and right neighbours' boxes.
func (r row) features(a atom) SepFeatures {
	h := float32(r.height)
	left, right, over := float32(2), float32(2), float32(0)
	for _, b := range r.atoms {
		if b.id == a.id {
			continue
		}
		if b.x0 < a.x1 && a.x0 < b.x1 {
			over = max(over, float32(min(a.x1, b.x1)-max(a.x0, b.x0))/float32(a.w()))
		}
		if c := b.x0 + b.x1 - a.x0 - a.x1; c < 0 {
			left = min(left, float32(a.x0-b.x1)/h)
		} else {
			right = min(right, float32(b.x0-a.x1)/h)
		}
	}
	return SepFeatures{
		float32(a.h()) / h, float32(a.w()) / h,
		(float32(a.y0+a.y1)/2 - float32(r.top)) / h,
		(float32(a.y1) - float32(r.bottom)) / h,
		10 * float32(a.area) / (h * h),
		float32(a.area) / float32(a.w()*a.h()),
		max(left, -1), max(right, -1), over, h / 50,
	}
}

// mayJoin reports whether atoms may be one glyph: not wider than a written fraction
// nor far apart, or one connected piece of any size.
func (r row) mayJoin(run []atom) bool {
	const widest, apart = 1.8, 0.4
	box, oneBody := run[0].rect, true
	for _, a := range run[1:] {
		if float64(a.x0-box.x1) > apart*r.height {
			return false
		}
		box = box.union(a.rect)
		oneBody = oneBody && a.body == run[0].body
	}
	return oneBody || float64(box.w()) <= widest*r.height
}

func (r row) trace(a atom, x, y float64) AtomTrace {
	t := AtomTrace{
		X: x + float64(a.x0)/cellPxPerMM, Y: y + float64(a.y0)/cellPxPerMM,
		W: float64(a.w()) / cellPxPerMM, H: float64(a.h()) / cellPxPerMM,
		Small: r.small(a),
	}
	if t.Small {
		t.Sep = r.features(a)
	}
	return t
}
