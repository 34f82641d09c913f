package raster

import (
	"math"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"scan/internal/geom"
)

// Layout is what a page of a PDF says of itself: its paths, its words, its form fields.
// Lengths are mm from the top-left corner of the page as shown (cut to the CropBox, turned
// by /Rotate).
type Layout struct {
	WidthMM, HeightMM float64
	Shapes            []Shape
	Words             []Word
	Signs             []Word // single characters that are a box, a circle, or unknown to Unicode
	Fields            []FormField
	Images            float64 // share of the page that bitmaps cover, [0,1]
}

// Shape is one subpath of a path object. Box is what is painted, half of the stroke's
// width beyond the path on every side.
type Shape struct {
	Box    geom.Box
	Stroke float64 // width of the line in mm, 0 where only filled
	Dark   float64 // of the stroke: 0 white, 1 black
	Filled bool
	Fill   float64 // darkness of the fill
	Rect   bool    // four straight sides along the axes
	Round  bool    // an ellipse, or a rectangle with round corners
}

// Word is a run of text without a space. SizePt is the height of its font in points.
type Word struct {
	Text   string
	Box    geom.Box
	SizePt float64
}

// FormField is a widget: a field of a form on the page. Kind is "Btn", "Tx" or "Ch".
type FormField struct {
	Name, Kind string
	Box        geom.Box
	On         bool // of a check box: it is set
}

// maxSegments bounds the corners looked at in one path: what has more is a drawing.
const maxSegments = 64

// ReadLayout reads the layout of every page of a PDF. Paths of a drawing with more than 64
// corners are left out.
func ReadLayout(path string) ([]Layout, error) {
	b, err := readFile(path)
	if err != nil {
		return nil, err
	}
	pdf, err := openPDF(path, b)
	if err != nil {
		return nil, locate(err, path, 0)
	}
	defer func() { _ = pdf.Close() }() // only ever read from
	pages := make([]Layout, pdf.Pages())
	for i := range pages {
		err := withPDF(pdf.bytes, func(inst pdfium.Pdfium, doc references.FPDF_DOCUMENT) error {
			l, err := newLayoutReader(inst, doc, i)
			if err != nil {
				return err
			}
			pages[i], err = l.read()
			if err == nil {
				pages[i].Fields = pdf.fields(i, l.toMM)
			}
			return err
		})
		if err != nil {
			return nil, locate(err, path, i+1)
		}
	}
	return pages, nil
}

// layoutReader walks the objects of one page.
type layoutReader struct {
	inst   pdfium.Pdfium
	doc    references.FPDF_DOCUMENT
	page   requests.Page
	toMM   affine // page space in points -> mm as shown
	out    Layout
	images float64 // mm2
}

// affine maps (x, y) to (a x + c y + e, b x + d y + f), as in PDF.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(x, y float64) geom.Point {
	return geom.Point{X: m.a*x + m.c*y + m.e, Y: m.b*x + m.d*y + m.f}
}

// after returns the map that applies n first, then m.
func (m affine) after(n affine) affine {
	return affine{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f}
}

// scale is the mean factor of lengths.
func (m affine) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

func newLayoutReader(inst pdfium.Pdfium, doc references.FPDF_DOCUMENT, index int) (*layoutReader, error) {
	l := &layoutReader{inst: inst, doc: doc, page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}}
	size, err := inst.GetPageSize(&requests.GetPageSize{Page: l.page})
	if err != nil {
		return nil, damaged("page cannot be read (%v)", err)
	}
	const mmPerPt = 25.4 / 72
	l.out.WidthMM, l.out.HeightMM = size.Width*mmPerPt, size.Height*mmPerPt
	if l.toMM, err = l.measureAxes(); err != nil {
		return nil, damaged("page cannot be read (%v)", err)
	}
	return l, nil
}

// measureAxes asks PDFium where three corners come to lie on a display of a micrometre a
// pixel: the CropBox and /Rotate are then accounted for.
func (l *layoutReader) measureAxes() (affine, error) {
	const um = 1000.0
	at := func(x, y float64) (p geom.Point, err error) {
		r, err := l.inst.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: l.page, PageX: x, PageY: y,
			SizeX: int(l.out.WidthMM*um + 0.5), SizeY: int(l.out.HeightMM*um + 0.5)})
		if err != nil {
			return p, err
		}
		return geom.Point{X: float64(r.DeviceX) / um, Y: float64(r.DeviceY) / um}, nil
	}
	const far = 500.0 // points: rounding to a micrometre is then 1 in 176,000
	o, err := at(0, 0)
	if err != nil {
		return affine{}, err
	}
	x, err := at(far, 0)
	if err != nil {
		return affine{}, err
	}
	y, err := at(0, far)
	if err != nil {
		return affine{}, err
	}
	return affine{(x.X - o.X) / far, (x.Y - o.Y) / far, (y.X - o.X) / far, (y.Y - o.Y) / far, o.X, o.Y}, nil
}

func (l *layoutReader) read() (Layout, error) {
	n, err := l.inst.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: l.page})
	if err != nil {
		return l.out, damaged("page cannot be read (%v)", err)
	}
	for i := range n.Count {
		o, err := l.inst.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: l.page, Index: i})
		if err != nil {
			return l.out, damaged("page cannot be read (%v)", err)
		}
		l.object(o.PageObject, l.toMM, 0)
	}
	l.out.Images = math.Min(1, l.images/(l.out.WidthMM*l.out.HeightMM))
	return l.out, l.words()
}

// object adds one page object. What PDFium cannot tell of an object is as if it were not
// there: the pixels of the page are looked at as well by whoever needs to be sure.
func (l *layoutReader) object(o references.FPDF_PAGEOBJECT, toMM affine, depth int) {
	t, err := l.inst.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil || depth > maxFormDepth {
		return
	}
	switch t.Type {
	case enums.FPDF_PAGEOBJ_PATH:
		l.path(o, toMM.after(l.matrix(o)))
	case enums.FPDF_PAGEOBJ_IMAGE:
		m := toMM.after(l.matrix(o))
		l.images += math.Abs(m.a*m.d - m.b*m.c)
	case enums.FPDF_PAGEOBJ_FORM:
		inner := toMM.after(l.matrix(o))
		c, err := l.inst.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
		if err != nil {
			return
		}
		for i := range c.Count {
			if s, err := l.inst.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)}); err == nil {
				l.object(s.PageObject, inner, depth+1)
			}
		}
	default: // words come by another way, shadings are no boxes
	}
}

func (l *layoutReader) matrix(o references.FPDF_PAGEOBJECT) affine {
	r, err := l.inst.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil {
		return affine{a: 1, d: 1}
	}
	m := r.Matrix
	return affine{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)}
}
