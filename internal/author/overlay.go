package author

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
)

// rgb is the colour of one kind of field on the overlay.
type rgb [3]int

var (
	choiceColour = rgb{0, 90, 200}
	creditColour = rgb{200, 30, 30}
	scoreColour  = rgb{0, 130, 60}
	otherColour  = rgb{190, 120, 0}
	spareColour  = rgb{130, 130, 130}
)

// overlayQuality is the JPEG quality of the page below the boxes: it is looked at, not read.
const overlayQuality = 70

// zeroTime keeps the clock out of the file: the same form gives the same bytes.
var zeroTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// WriteOverlay draws the printed form with everything an exam says lies on it: boxes with their
// names, keys in green, what was found and not taken in grey. spare may be nil.
func WriteOverlay(w io.Writer, form []raster.FormPage, e *exam.Exam, spare [][]Square) error {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm"})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCreationDate(zeroTime)
	pdf.SetModificationDate(zeroTime)
	for i, p := range form {
		jpeg, err := raster.EncodeJPEG(p.Page, overlayQuality)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("page-%d", i+1)
		pdf.AddPageFormat("P", fpdf.SizeType{Wd: p.WidthMM, Ht: p.HeightMM})
		pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(jpeg))
		pdf.ImageOptions(name, 0, 0, p.WidthMM, p.HeightMM, false, fpdf.ImageOptions{}, 0, "")
		o := overlay{pdf: pdf, latin: pdf.UnicodeTranslatorFromDescriptor("")}
		o.page(e, i+1)
		if i < len(spare) {
			for _, q := range spare[i] {
				o.box(q.Box, spareColour, "")
			}
		}
	}
	return pdf.Output(w)
}

type overlay struct {
	pdf   *fpdf.Fpdf
	latin func(string) string
}

func (o overlay) page(e *exam.Exam, page int) {
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			if q.Page == page {
				o.question(q)
			}
		}
	}
	for _, s := range e.Scores {
		if s.Page == page {
			o.box(s.Box, scoreColour, fmt.Sprintf("%s (max %g)", s.ID, s.Max))
		}
	}
	if s := e.Sticker; s != nil && s.Page == page {
		o.box(s.Box, otherColour, "sticker")
	}
}

func (o overlay) question(q exam.Question) {
	for i, opt := range q.Options {
		o.box(opt.Box, choiceColour, "")
		o.text(opt.Box, choiceColour, opt.ID)
		if opt.Correct != nil && *opt.Correct {
			o.box(opt.Box.Inset(-0.8), scoreColour, "")
		}
		if i == 0 {
			o.above(opt.Box, choiceColour, fmt.Sprintf("%s, %g cr.", q.ID, q.Credits))
		}
	}
	for i, b := range q.Boxes {
		o.box(b.Box, creditColour, "")
		o.text(b.Box, creditColour, strings.TrimPrefix(fmt.Sprintf("%g", b.Credits), "0."))
		if i == 0 {
			o.above(b.Box, creditColour, fmt.Sprintf("%s, %g cr.", q.ID, q.Credits))
		}
	}
}

// box outlines a field and writes its name above it.
func (o overlay) box(b geom.Box, c rgb, name string) {
	o.pdf.SetDrawColor(c[0], c[1], c[2])
	o.pdf.SetLineWidth(0.25)
	o.pdf.Rect(b.X, b.Y, b.W, b.H, "D")
	if name != "" {
		o.above(b, c, name)
	}
}

// text writes into a box.
func (o overlay) text(b geom.Box, c rgb, s string) {
	o.pdf.SetFont("Helvetica", "", 6)
	o.pdf.SetTextColor(c[0], c[1], c[2])
	s = o.latin(s)
	o.pdf.Text(b.Center().X-o.pdf.GetStringWidth(s)/2, b.Center().Y+0.8, s)
}

// above writes a label over a white ground above a box.
func (o overlay) above(b geom.Box, c rgb, s string) {
	o.pdf.SetFont("Helvetica", "B", 6.5)
	s = o.latin(s)
	w := o.pdf.GetStringWidth(s)
	o.pdf.SetFillColor(255, 255, 255)
	o.pdf.Rect(b.X-0.3, b.Y-3, w+0.6, 2.6, "F")
	o.pdf.SetTextColor(c[0], c[1], c[2])
	o.pdf.Text(b.X, b.Y-0.9, s)
}
