package print

import (
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
	qrdecoder "github.com/makiuchi-d/gozxing/qrcode/decoder"

	"scan/internal/geom"
)

// The sheet: A4, 65 labels of 38.1 x 21.2 mm, as Avery L7651 and its many equals.
const (
	labelCols, labelRows = 5, 13
	labelW, labelH       = 38.1, 21.2
	labelPitchX          = 40.64
	labelLeft, labelTop  = 4.67, 10.7
	paperW, paperH       = 210.0, 297.0
)

// LabelsPerSheet is the number of labels on a sheet.
const LabelsPerSheet = labelCols * labelRows

// The code on a label: 15 mm without its quiet zone, which fits above, below and beside it.
const (
	stickerQR    = 15.0
	stickerQuiet = 4 // modules
	numberPt     = 10.0
	smallPt      = 4.5 // capitals of 1.1 mm, too small to be taken for the number
	// Lines of writing. The middle is left free: there sticker fields say what they are for, and
	// what a form prints is no part of the number to a reader.
	smallLine, numberLine = 5.5, 16.8
)

// MaxNumber is the length of the longest number that a label has room for.
const MaxNumber = 9

// Label returns where the i-th label lies on its sheet, and the sheet; both from 0. offset
// corrects a printer that shifts the paper.
func Label(i int, offset geom.Point) (sheet int, box geom.Box) {
	sheet, i = i/LabelsPerSheet, i%LabelsPerSheet
	return sheet, geom.Box{X: labelLeft + float64(i%labelCols)*labelPitchX + offset.X,
		Y: labelTop + float64(i/labelCols)*labelH + offset.Y, W: labelW, H: labelH}
}

// Stickers writes sheets of labels with numbers, row by row, and the exam in small print. No
// name is on them.
func Stickers(w io.Writer, exam string, numbers []string, offset geom.Point) error {
	pdf := newDocument()
	addFonts(pdf)
	for i, number := range numbers {
		if i%LabelsPerSheet == 0 {
			addPage(pdf, paperW, paperH)
		}
		_, box := Label(i, offset)
		if err := drawLabel(pdf, box, exam, number); err != nil {
			return err
		}
	}
	return pdf.Output(w)
}

func drawLabel(pdf *fpdf.Fpdf, box geom.Box, exam, number string) error {
	m, err := encodeQR(number, qrdecoder.ErrorCorrectionLevel_H, 0)
	if err != nil {
		return fmt.Errorf("number %s cannot be put into a code: %w", number, err)
	}
	s := newSymbol(m, m.GetWidth(), m.GetHeight())
	module := stickerQR / float64(s.Cols)
	margin := (labelH - stickerQR) / 2
	drawSymbol(pdf, s, geom.Box{X: box.X + margin, Y: box.Y + margin, W: stickerQR, H: stickerQR})

	left := box.X + margin + stickerQR + stickerQuiet*module
	room := box.X + box.W - 1 - left
	pdf.SetFont(sans, "B", numberPt)
	size := numberPt
	if w := pdf.GetStringWidth(number); w > room {
		size *= room / w
		pdf.SetFontSize(size)
	}
	pdf.Text(left+(room-pdf.GetStringWidth(number))/2, box.Y+numberLine, number)
	pdf.SetFont(sans, "", smallPt)
	text := fit(pdf, exam, room)
	pdf.Text(left+(room-pdf.GetStringWidth(text))/2, box.Y+smallLine, text)
	return pdf.Error()
}

// drawSymbol draws a code as one path: neighbours leave no seam.
func drawSymbol(pdf *fpdf.Fpdf, s Symbol, b geom.Box) {
	sx, sy := b.W/float64(s.Cols), b.H/float64(s.Rows)
	pdf.SetFillColor(0, 0, 0)
	for _, r := range s.runs() {
		x0, y0 := b.X+r.X*sx, b.Y+r.Y*sy
		x1, y1 := x0+r.W*sx, y0+r.H*sy
		pdf.MoveTo(x0, y0)
		pdf.LineTo(x1, y0)
		pdf.LineTo(x1, y1)
		pdf.LineTo(x0, y1)
		pdf.ClosePath()
	}
	pdf.DrawPath("F")
}
