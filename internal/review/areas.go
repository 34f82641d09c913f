package review

import (
	"crypto/sha256"
	"encoding/hex"
	"math"

	"scan/internal/geom"
	"scan/internal/mark"
)

// picture is a piece of a scan as the page gets it: where to fetch it, its size in pixels, and the
// boxes in question as fractions of it: x, y, width, height.
type picture struct {
	URL    string       `json:"url"`
	Width  int          `json:"width"`
	Height int          `json:"height"`
	Focus  [][4]float64 `json:"focus"`
}

// The pictures of an item.
const (
	shotClose  = "close"  // the thing itself, large
	shotAround = "around" // the question it belongs to
	shotWhole  = "whole"  // its page
)

var shotNames = []string{shotClose, shotAround, shotWhole}

// shot is a picture to be taken: area in mm of the page's frame, as turned by turn degrees.
type shot struct {
	page    *mark.Page
	area    geom.Box
	pxPerMM float64
	turn    int
	focus   []geom.Box
}

// How much of the page is shown, and how finely. Scans have 6 to 12 pixels a mm; what is looked at
// closely is shown at that, the whole page so that print can be read.
const (
	boxMarginMM    = 7.5 // a sign beside a box belongs to it
	fieldMarginMM  = 5.0
	aroundMarginMM = 13.0
	stripMM        = 45.0 // the foot of a page, where its number stands
	roughlyMM      = 18.0 // what a page that is only upright may lie off, and be askew
	closePxPerMM   = 14.0
	fieldPxPerMM   = 10.0
	aroundPxPerMM  = 6.0
	wholePxPerMM   = 5.5
)

// A4 stands in for a frame that is not known.
const a4WidthMM, a4HeightMM = 210, 297

// frame is the size of a page's pictures, turned.
func frame(p *mark.Page, turn int) geom.Box {
	w, h := p.WidthMM, p.HeightMM
	if w <= 0 || h <= 0 {
		w, h = a4WidthMM, a4HeightMM
	}
	if turn%180 != 0 {
		w, h = h, w
	}
	return geom.Box{W: w, H: h}
}

// shot returns what one of a thing's pictures shows; ok is false where there is none.
func (v *view) shot(t *thing, name string, turn int) (s shot, ok bool) {
	if t.seen == nil || t.seen.Image == "" {
		return shot{}, false
	}
	if t.seen.Registered {
		turn = 0
	}
	s = shot{page: t.seen, turn: turn}
	all := frame(t.seen, turn)
	page, boxes := v.place(t)
	switch {
	case name == shotWhole:
		s.area, s.pxPerMM = all, wholePxPerMM
	case t.reading == nil || page != t.seen.Page:
		s.area, s.pxPerMM = all, wholePxPerMM
		if name == shotAround {
			s.area = geom.Box{Y: max(0, all.H-stripMM), W: all.W, H: min(all.H, stripMM)}
			s.pxPerMM = aroundPxPerMM
		}
	case name == shotAround:
		s.area, s.pxPerMM = v.around(t, boxes, all), aroundPxPerMM
	default:
		s.area, s.pxPerMM = closeUp(t, boxes, all)
	}
	if !t.seen.Registered && name != shotWhole && t.reading != nil && page == t.seen.Page {
		s.area, s.pxPerMM = s.area.Inset(-roughlyMM).Intersect(all), aroundPxPerMM
	}
	if t.seen.Registered && page == t.seen.Page {
		s.focus = boxes
	}
	return s, s.area.W > 0 && s.area.H > 0
}

func closeUp(t *thing, boxes []geom.Box, all geom.Box) (area geom.Box, pxPerMM float64) {
	if t.of == kindBox {
		return hull(boxes).Inset(-boxMarginMM).Intersect(all), closePxPerMM
	}
	return hull(boxes).Inset(-fieldMarginMM).Intersect(all), fieldPxPerMM
}

// around is the question of a field over the whole width of the page: its text stands beside it.
// Of a score it is all scores of the page, of a sticker its surroundings.
func (v *view) around(t *thing, boxes []geom.Box, all geom.Box) geom.Box {
	e := v.layout(t.reading.Copy)
	area := hull(boxes)
	fields := v.siblings(t.reading.Field)
	if t.of == kindScore {
		fields = fields[:0]
		for _, s := range e.Scores {
			fields = append(fields, s.ID)
		}
	}
	for _, f := range fields {
		if page, boxes, ok := e.Place(f); ok && page == t.reading.Page {
			area = area.Union(hull(boxes))
		}
	}
	area = area.Inset(-aroundMarginMM)
	area.X, area.W = 0, all.W
	return area.Intersect(all)
}

func hull(boxes []geom.Box) geom.Box {
	if len(boxes) == 0 {
		return geom.Box{}
	}
	h := boxes[0]
	for _, b := range boxes[1:] {
		h = h.Union(b)
	}
	return h
}

// pictures describes the pictures of a thing; those that there are not are null.
func (v *view) pictures(t *thing) map[string]*picture {
	all := map[string]*picture{}
	for _, name := range shotNames {
		all[name] = nil
		if s, ok := v.shot(t, name, 0); ok {
			all[name] = s.describe("picture/" + t.id + "/" + name + "?of=" + s.version())
		}
	}
	return all
}

// version is another one for another picture: browsers keep pictures by their address.
func (s shot) version() string {
	sum := sha256.Sum256([]byte(s.key()))
	return hex.EncodeToString(sum[:4])
}

func (s shot) describe(url string) *picture {
	p := &picture{URL: url, Focus: [][4]float64{},
		Width: int(math.Round(s.area.W * s.pxPerMM)), Height: int(math.Round(s.area.H * s.pxPerMM))}
	for _, b := range s.focus {
		in := b.Intersect(s.area)
		if in.Area() == 0 {
			continue
		}
		p.Focus = append(p.Focus, [4]float64{(in.X - s.area.X) / s.area.W, (in.Y - s.area.Y) / s.area.H, in.W / s.area.W, in.H / s.area.H})
	}
	return p
}
