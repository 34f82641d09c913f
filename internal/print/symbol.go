package print

import (
	"fmt"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	dmencoder "github.com/makiuchi-d/gozxing/datamatrix/encoder"
	"github.com/makiuchi-d/gozxing/qrcode"
	qrdecoder "github.com/makiuchi-d/gozxing/qrcode/decoder"

	"scan/internal/geom"
)

// Kind is a symbology of page codes.
type Kind string

// The page codes that can be printed.
const (
	DataMatrix Kind = "datamatrix" // rectangular, 16 x 36 modules
	QR         Kind = "qr"
)

// Kinds lists them, the one that is read better first; docs/adr/0006-page-codes.md has the measure.
var Kinds = []Kind{QR, DataMatrix}

// Sizes of page codes. Both have modules of 0.4 mm, 4.8 pix at 300 dpi: the quiet zone of a
// Data Matrix is one module by its standard, and more helps to find it beside text.
const (
	dataMatrixW, dataMatrixH, dataMatrixQuiet = 15.0, 6.67, 1.5
	qrModule, qrQuietModules                  = 0.4, 4
)

// Symbol is a code on paper: its modules, and the size (mm) they are printed at. Quiet is the
// width of the empty strip that it needs on all sides.
type Symbol struct {
	Cols, Rows int
	W, H       float64
	Quiet      float64
	dark       []bool
}

// Dark tells whether a module is printed.
func (s Symbol) Dark(x, y int) bool { return s.dark[y*s.Cols+x] }

// PageSymbol encodes the text of a page code.
func PageSymbol(kind Kind, text string) (Symbol, error) {
	if kind == QR {
		return pageQR(text)
	}
	m, err := encodeDataMatrix(text, 36, 16)
	if err != nil {
		return Symbol{}, fmt.Errorf("the page code %s is too long for a code of 16 x 36 modules: write a shorter exam: below codes: in exam.yaml, or use --code qr", text)
	}
	s := newSymbol(m, 36, 16)
	s.W, s.H, s.Quiet = dataMatrixW, dataMatrixH, dataMatrixQuiet
	return s, nil
}

// pageQR takes the smallest code that holds the text at error correction Q or M (a quarter or a
// seventh of its words may be lost): smaller modules or less correction read worse, and a higher
// one reads no better (docs/adr/0006-page-codes.md).
func pageQR(text string) (Symbol, error) {
	for _, version := range []int{2, 3, 4} {
		for _, level := range []qrdecoder.ErrorCorrectionLevel{qrdecoder.ErrorCorrectionLevel_Q, qrdecoder.ErrorCorrectionLevel_M} {
			m, err := encodeQR(text, level, version)
			if err != nil {
				continue
			}
			s := newSymbol(m, m.GetWidth(), m.GetHeight())
			s.W, s.H, s.Quiet = float64(s.Cols)*qrModule, float64(s.Rows)*qrModule, qrQuietModules*qrModule
			return s, nil
		}
	}
	return Symbol{}, fmt.Errorf("the page code %s is too long for a QR code of 13 mm: write a shorter exam: below codes: in exam.yaml", text)
}

// encodeQR encodes without a quiet zone. version 0 takes the smallest that fits.
func encodeQR(text string, level qrdecoder.ErrorCorrectionLevel, version int) (*gozxing.BitMatrix, error) {
	hints := map[gozxing.EncodeHintType]any{
		gozxing.EncodeHintType_ERROR_CORRECTION: level,
		gozxing.EncodeHintType_MARGIN:           0,
	}
	if version > 0 {
		hints[gozxing.EncodeHintType_QR_VERSION] = version
	}
	return qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 0, 0, hints)
}

func encodeDataMatrix(text string, cols, rows int) (*gozxing.BitMatrix, error) {
	size, err := gozxing.NewDimension(cols, rows)
	if err != nil {
		return nil, err
	}
	return datamatrix.NewDataMatrixWriter().Encode(text, gozxing.BarcodeFormat_DATA_MATRIX, 0, 0,
		map[gozxing.EncodeHintType]any{
			gozxing.EncodeHintType_DATA_MATRIX_SHAPE: dmencoder.SymbolShapeHint_FORCE_RECTANGLE,
			gozxing.EncodeHintType_MIN_SIZE:          size,
			gozxing.EncodeHintType_MAX_SIZE:          size,
		})
}

func newSymbol(m *gozxing.BitMatrix, cols, rows int) Symbol {
	s := Symbol{Cols: cols, Rows: rows, dark: make([]bool, cols*rows)}
	for i := range s.dark {
		s.dark[i] = m.Get(i%cols, i/cols)
	}
	return s
}

// runs lists the dark modules as boxes one module high, in modules.
func (s Symbol) runs() []geom.Box {
	var all []geom.Box
	for y := range s.Rows {
		for x := 0; x < s.Cols; {
			n := 0
			for x+n < s.Cols && s.Dark(x+n, y) {
				n++
			}
			if n > 0 {
				all = append(all, geom.Box{X: float64(x), Y: float64(y), W: float64(n), H: 1})
			}
			x += max(n, 1)
		}
	}
	return all
}
