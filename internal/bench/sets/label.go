package sets

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	dmencoder "github.com/makiuchi-d/gozxing/datamatrix/encoder"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"scan/fixtures"
	"scan/internal/geom"
)

// The label: 48.5 x 25.4 mm, code left or above, number right or below. It is another
// product than the practice exam's.
const (
	labelW, labelH  = 48.5, 25.5
	labelPxPerMM    = 24
	labelTextHeight = 4.2 // mm, size of the type
)

var labelKinds = []string{"qr", "datamatrix", "code128"}

// sticker is a label on its way to the cover.
type sticker struct {
	rng     *rand.Rand
	label   *image.Gray
	at      geom.Point // middle, mm on the page
	deg     float64    // clockwise
	strokes int        // of a pen across it
}

// drawLabel prints a code and its digits.
func drawLabel(code, kind string) (*image.Gray, error) {
	g := image.NewGray(image.Rect(0, 0, int(labelW*labelPxPerMM), int(labelH*labelPxPerMM)))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	var m *gozxing.BitMatrix
	var err error
	box, text := geom.Box{X: 3, Y: 4.7, W: 16, H: 16}, geom.Point{X: 21.5, Y: 14.5}
	switch kind {
	case "qr":
		m, err = qrcode.NewQRCodeWriter().Encode(code, gozxing.BarcodeFormat_QR_CODE, 1, 1,
			map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 0})
	case "datamatrix":
		box = geom.Box{X: 5, Y: 6.7, W: 12, H: 12}
		m, err = datamatrix.NewDataMatrixWriter().Encode(code, gozxing.BarcodeFormat_DATA_MATRIX, 1, 1,
			map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_DATA_MATRIX_SHAPE: dmencoder.SymbolShapeHint_FORCE_SQUARE})
	case "code128":
		box, text = geom.Box{X: 7, Y: 3.5, W: 34.5, H: 11}, geom.Point{X: 14, Y: 20.5}
		m, err = oned.NewCode128Writer().Encode(code, gozxing.BarcodeFormat_CODE_128, 1, 1,
			map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 0})
	default:
		err = fmt.Errorf("no label of kind %q", kind)
	}
	if err != nil {
		return nil, err
	}
	for y := int(box.Y * labelPxPerMM); y < int((box.Y+box.H)*labelPxPerMM); y++ {
		for x := int(box.X * labelPxPerMM); x < int((box.X+box.W)*labelPxPerMM); x++ {
			u := int((float64(x)/labelPxPerMM - box.X) / box.W * float64(m.GetWidth()))
			v := int((float64(y)/labelPxPerMM - box.Y) / box.H * float64(m.GetHeight()))
			if u >= 0 && v >= 0 && u < m.GetWidth() && v < m.GetHeight() && m.Get(u, v) {
				g.Pix[y*g.Stride+x] = 0
			}
		}
	}
	return g, labelText(g, text, code)
}

var labelFont = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(goregular.TTF) })

func labelText(g *image.Gray, at geom.Point, s string) error {
	f, err := labelFont()
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: labelTextHeight * labelPxPerMM, DPI: 72})
	if err != nil {
		return err
	}
	d := font.Drawer{Dst: g, Src: image.Black, Face: face, Dot: fixed.P(int(at.X*labelPxPerMM), int(at.Y*labelPxPerMM))}
	d.DrawString(s)
	return nil
}

// smear draws the print out to the right over a length in mm, darkest where it was.
func (s *sticker) smear(length float64) {
	n := int(length * labelPxPerMM)
	g := s.label
	for y := range g.Rect.Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()]
		dark := 0.0
		for x, v := range row {
			dark = max(255-float64(v), dark-255/float64(n))
			row[x] = uint8(255 - max(255-float64(v), 0.8*dark))
		}
	}
}

// fade prints with ink parts of black at the left edge and of that times end at the right.
func (s *sticker) fade(ink, end float64) {
	g := s.label
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			k := ink * (1 + (end-1)*float64(x)/float64(g.Rect.Dx()))
			p := &g.Pix[y*g.Stride+x]
			*p = uint8(255 - k*(255-float64(*p)))
		}
	}
}

// keepOn moves the label onto the sheet, 4 mm from its edges and 14 from the sides, of which
// one may be cut.
func (s *sticker) keepOn(widthMM, heightMM float64) {
	b := s.bounds()
	s.at.X += max(0, 14-b.X) - max(0, b.X+b.W-widthMM+14)
	s.at.Y += max(0, 4-b.Y) - max(0, b.Y+b.H-heightMM+4)
}

// bounds is the upright box around the label, mm.
func (s *sticker) bounds() geom.Box {
	sin, cos := math.Sincos(s.deg * math.Pi / 180)
	w := labelW*math.Abs(cos) + labelH*math.Abs(sin)
	h := labelW*math.Abs(sin) + labelH*math.Abs(cos)
	return geom.Box{X: s.at.X - w/2, Y: s.at.Y - h/2, W: w, H: h}
}

// stick pastes the label and writes across it.
func (s *sticker) stick(page *fixtures.Canvas) {
	toPage := geom.Translate(s.at).Mul(geom.RotateDeg(s.deg)).Mul(geom.Translate(geom.Point{X: -labelW / 2, Y: -labelH / 2}))
	toLabel, _ := toPage.Inverse()
	r := math.Hypot(labelW, labelH) / 2
	k := page.PxPerMM
	for y := max(int((s.at.Y-r)*k), 0); y < min(int((s.at.Y+r)*k), page.H); y++ {
		for x := max(int((s.at.X-r)*k), 0); x < min(int((s.at.X+r)*k), page.W); x++ {
			sum, n := 0, 0
			for i := range 9 { // nine samples a pixel
				p := geom.Point{X: (float64(x) + (float64(i%3)+0.5)/3) / k, Y: (float64(y) + (float64(i/3)+0.5)/3) / k}
				q := toLabel.Apply(p).Scale(labelPxPerMM)
				if u, v := int(math.Floor(q.X)), int(math.Floor(q.Y)); image.Pt(u, v).In(s.label.Rect) {
					sum += int(s.label.Pix[v*s.label.Stride+u])
					n++
				}
			}
			for c := range 3 {
				px := &page.Pix[3*(y*page.W+x)+c]
				*px = uint8((sum + (9-n)*int(*px) + 4) / 9)
			}
		}
	}
	w := fixtures.NewStudent(s.rng)
	for range s.strokes {
		from := toPage.Apply(geom.Point{X: labelW * 0.2 * s.rng.Float64(), Y: labelH * s.rng.Float64()})
		to := toPage.Apply(geom.Point{X: labelW * (0.5 + 0.5*s.rng.Float64()), Y: labelH * s.rng.Float64()})
		w.Stray(page, from, to)
	}
}
