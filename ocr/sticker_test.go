package ocr

import (
	"fmt"
	"math"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/raster"
)

var stickerKinds = []struct {
	name string
	simSticker
}{
	{"qr", simSticker{symbology: symQR}},
	{"dm", simSticker{symbology: symDataMatrix}},
	{"dmrect", simSticker{symbology: symDataMatrix, rectangular: true}},
	{"128", simSticker{symbology: symCode128}},
}

// stickerTally counts what became of the stickers of one condition.
type stickerTally struct{ agree, alone, unread, differ, wrong int }

func (n *stickerTally) count(got StickerReading, code string) {
	switch {
	case got.Value != "" && got.Value != code:
		n.wrong++
	case got.Reason == reasonDiffer:
		n.differ++
	case got.Reason != "":
		n.unread++
	case got.Printed == code:
		n.agree++
	default:
		n.alone++
	}
}

// stickerCondition is what happens to a sticker and its page.
type stickerCondition struct {
	name   string
	scan   simScan
	harm   func(c canvas, i int) // done to the i-th sticker, 46 x 21 mm
	off    float64               // mm by which the sticker lies beside the middle of its field
	damage bool                  // may go to review
}

// penAcross draws a stroke across code and number.
func penAcross(width float64) func(c canvas, i int) {
	return func(c canvas, i int) {
		c.stroke(geom.Point{X: 1, Y: float64(2 + i)}, geom.Point{X: 30, Y: 14 - float64(i)}, width, 60)
	}
}

// penNumber strikes the number out.
func penNumber(c canvas, i int) {
	y := 10 + 0.2*float64(i)
	c.stroke(geom.Point{X: 18, Y: y - 1}, geom.Point{X: 44, Y: y + 1}, 0.6, 50)
	c.stroke(geom.Point{X: 12, Y: y + 6}, geom.Point{X: 36, Y: y + 5}, 0.6, 50)
}

// smudge darkens the paper and the light modules in a band, as a wet thumb does.
func smudge(c canvas, i int) {
	mid := 3 + 2.2*float64(i)
	for y := range c.Bounds().Dy() {
		for x := range c.Bounds().Dx() {
			d := math.Abs(float64(x)/simPxPerMM + 0.4*float64(y)/simPxPerMM - mid)
			if d < 4 {
				o := c.PixOffset(x, y)
				c.Pix[o] = uint8(float64(c.Pix[o]) * (0.45 + 0.55*d/4))
			}
		}
	}
}

// worn leaves out lines, as a thermal head with dead dots does, and fades the print.
func worn(c canvas, i int) {
	for y := range c.Bounds().Dy() {
		for x := range c.Bounds().Dx() {
			o := c.PixOffset(x, y)
			fade := 0.35 + 0.25*math.Sin(float64(x+37*i)/90)*math.Sin(float64(y+11*i)/60)
			c.Pix[o] = uint8(255 - (255-float64(c.Pix[o]))*(1-fade))
			if (y+5*i)%73 < 3 {
				c.Pix[o] = 255
			}
		}
	}
}

func stickerConditions() []stickerCondition {
	at := func(dpi float64) simScan { return simScan{dpi: dpi, contrast: 1, noise: 5, blur: 0.04} }
	bilevel := func(dpi float64) simScan { return simScan{dpi: dpi, contrast: 1, noise: 20, bilevel: true} }
	weak := simScan{dpi: 300, contrast: 0.25, noise: 5}
	return []stickerCondition{
		{name: "150 dpi", scan: at(150)}, {name: "200 dpi", scan: at(200)}, {name: "300 dpi", scan: at(300)}, {name: "600 dpi", scan: at(600)},
		{name: "300 blurred", scan: simScan{dpi: 300, contrast: 1, noise: 5, blur: 0.17}},
		{name: "300 noisy", scan: simScan{dpi: 300, contrast: 1, noise: 30}},
		{name: "300 weak", scan: weak}, {name: "150 weak", scan: simScan{dpi: 150, contrast: 0.3, noise: 5, blur: 0.08}},
		{name: "300 1-bit", scan: bilevel(300)}, {name: "200 1-bit", scan: bilevel(200)}, {name: "150 1-bit", scan: bilevel(150), damage: true},
		{name: "200 far off", scan: at(200), off: 18, damage: true},
		{name: "200 smudged", scan: at(200), harm: smudge, damage: true},
		{name: "200 worn", scan: at(200), harm: worn, damage: true},
		{name: "150 1-bit worn", scan: bilevel(150), harm: worn, damage: true},
		{name: "300 number out", scan: at(300), harm: penNumber, damage: true},
		{name: "150 number out", scan: bilevel(150), harm: penNumber, damage: true},
		{name: "300 pen 0.5", scan: at(300), harm: penAcross(0.5), damage: true},
		{name: "150 pen 0.5", scan: at(150), harm: penAcross(0.5), damage: true},
		{name: "300 pen 1.2", scan: at(300), harm: penAcross(1.2), damage: true},
	}
}

// TestStickerConditions reads clean stickers of every kind in every kind of scan:
// code and number must both be read. Damaged ones may go to review, and no sticker
// may be misread. SCAN_STICKERS=all tries ten places and angles instead of one and
// prints a table.
func TestStickerConditions(t *testing.T) {
	angles := []float64{0, 2, -9, 17, 45, 90, 133, 180, 251, 300}
	blank := simForm(t)
	form := simFormPage(blank)
	r := NewReader()
	defer r.Close()
	all := os.Getenv("SCAN_STICKERS") == "all"
	for ci, c := range stickerConditions() {
		t.Run(c.name, func(t *testing.T) {
			for ki, k := range stickerKinds {
				var n stickerTally
				var cpu time.Duration
				for i, deg := range angles {
					if !all && i != (3*ci+7*ki)%len(angles) {
						continue
					}
					s := k.simSticker
					s.code = fmt.Sprintf("%08d", 200811+i*7919)
					s.printed = s.code
					page := c.page(t, blank, s, i, deg)
					c.scan.seed, c.scan.skewDeg = uint64(i), float64(i%3)-1
					v := c.scan.of(page)
					start := cpuTime()
					got := r.ReadSticker(v, form, simField)
					cpu += cpuTime() - start
					n.count(got, s.code)
					if !all && !c.damage {
						assert.Equal(t, StickerReading{Value: s.code, Code: s.code, Symbology: s.symbology, Printed: s.code,
							Confidence: confidenceBoth}, undoubted(got), "%s %s %v", k.name, c.name, deg)
					}
				}
				assert.Zero(t, n.wrong, "%s %s", k.name, c.name)
				t.Logf("%-7s %-14s %+v %v", k.name, c.name, n, cpu/time.Duration(n.agree+n.alone+n.unread+n.differ+n.wrong))
			}
		})
	}
}

// page puts the i-th sticker of a condition on a blank cover.
func (c stickerCondition) page(t testing.TB, blank canvas, s simSticker, i int, deg float64) canvas {
	drawn := s.draw(t)
	if c.harm != nil {
		c.harm(drawn, i)
	}
	page := blank.clone()
	aside := geom.RotateDeg(float64(37 * i)).Apply(geom.Point{X: c.off})
	page.place(drawn, simField.Center().Add(geom.Point{X: float64(i%5)*3 - 6, Y: float64(i%3)*4 - 4}).Add(aside), deg)
	return page
}

// undoubted leaves out what no test here is about.
func undoubted(s StickerReading) StickerReading {
	s.Doubt = 0
	return s
}

// onCover scans a cover with stickers put on by f at 300 dpi and reads it.
func onCover(t *testing.T, f func(page canvas)) StickerReading {
	blank := simForm(t)
	page := blank.clone()
	f(page)
	r := NewReader()
	defer r.Close()
	return r.ReadSticker(simScan{dpi: 300, contrast: 1, noise: 6, skewDeg: 1, blur: 0.04}.of(page), simFormPage(blank), simField)
}

func TestStickerReasons(t *testing.T) {
	mid := simField.Center()
	for _, c := range []struct {
		name string
		draw func(page canvas)
		want StickerReading
	}{
		{"no sticker", func(canvas) {}, StickerReading{Reason: reasonNoSticker}},
		{"no sticker, dust", func(page canvas) {
			page.stroke(geom.Point{X: 40, Y: 30}, geom.Point{X: 40.5, Y: 30.5}, 0.4, 90)
		}, StickerReading{Reason: reasonNoSticker}},
		{"blank sticker", func(page canvas) { page.place(newCanvas(38, 21), mid, 1) }, StickerReading{Reason: reasonCode}},
		{"code painted over", func(page canvas) {
			s := simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t)
			s.fill(geom.Box{X: 3, Y: 3, W: 13, H: 9}, 30)
			page.place(s, mid, 0)
		}, StickerReading{Printed: "00123456", Reason: reasonCode}},
		{"another number", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123466"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symQR, Printed: "00123466", Confidence: confidenceDiffer, Reason: reasonDiffer}},
		{"a zero less", func(page canvas) {
			page.place(simSticker{symbology: symDataMatrix, code: "00123456", printed: "0123456"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symDataMatrix, Printed: "0123456", Confidence: confidenceDiffer, Reason: reasonDiffer}},
		{"no number, QR", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symQR, Confidence: confidenceRS}},
		{"no number, Code 128", func(page canvas) {
			page.place(simSticker{symbology: symCode128, code: "00123456"}.draw(t), mid, 3)
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symCode128, Confidence: confidenceWeak, Reason: reasonNoNumber}},
		{"letters", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "TX-40718", printed: "TX-40718"}.draw(t), mid, -4)
		}, StickerReading{Value: "TX-40718", Code: "TX-40718", Symbology: symQR, Printed: "TX-40718", Confidence: confidenceBoth}},
		{"a page code near by", func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t), mid, 0)
			page.matrix(geom.Box{X: 5, Y: 50, W: 10, H: 10}, encoded(t, symDataMatrix, simCode, false))
		}, StickerReading{Value: "00123456", Code: "00123456", Symbology: symQR, Printed: "00123456", Confidence: confidenceBoth}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, undoubted(onCover(t, c.draw))) })
	}
}

func TestStickerTwoCodes(t *testing.T) {
	for _, second := range []string{symQR, symDataMatrix, symCode128} {
		got := onCover(t, func(page canvas) {
			page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t), simField.Center().Add(geom.Point{X: -4, Y: -9}), 2)
			page.place(simSticker{symbology: second, code: "00777777", printed: "00777777"}.draw(t), simField.Center().Add(geom.Point{X: 4, Y: 14}), -3)
		})
		assert.Equal(t, reasonTwoCodes, got.Reason, second)
		assert.Empty(t, got.Value)
		assert.Zero(t, got.Confidence)
		assert.Contains(t, got.Code, "00123456")
		assert.Contains(t, got.Code, "00777777")
	}
}

// TestStickerCodeOfTheForm ignores a code that the blank cover itself carries.
func TestStickerCodeOfTheForm(t *testing.T) {
	blank := simForm(t)
	blank.fill(geom.Box{X: 68, Y: 22, W: 16, H: 16}, 255)
	blank.matrix(geom.Box{X: 70, Y: 24, W: 12, H: 12}, encoded(t, symQR, "https://example.org", false))
	r := NewReader()
	defer r.Close()
	got := r.ReadSticker(simScan{dpi: 200, contrast: 1, noise: 6}.of(blank), simFormPage(blank), simField)
	assert.Equal(t, StickerReading{Reason: reasonNoSticker}, got)
}

func TestReaderWithoutForm(t *testing.T) {
	page := simForm(t)
	page.place(simSticker{symbology: symQR, code: "00123456", printed: "00123456"}.draw(t), simField.Center(), 0)
	r := NewReader()
	got := r.ReadSticker(simScan{dpi: 300, contrast: 1, noise: 6}.of(page), raster.FormPage{}, simField)
	assert.Equal(t, "00123456", got.Value)
	require.NoError(t, r.Err())
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
}

// TestStickerUnderColouredPen: on a colour scan a blue or red pen across code and
// number hides neither.
func TestStickerUnderColouredPen(t *testing.T) {
	blank := simForm(t)
	r := NewReader()
	defer r.Close()
	for _, ink := range [][3]float64{{40, 60, 190}, {200, 40, 50}} {
		for _, k := range stickerKinds {
			s := k.simSticker
			s.code, s.printed = "20081119", "20081119"
			black, pen := blank.clone(), newCanvas(90, 70)
			black.place(s.draw(t), simField.Center(), 4)
			for i := range 3 {
				y := simField.Y + 3 + 5*float64(i)
				pen.stroke(geom.Point{X: 20, Y: y}, geom.Point{X: 70, Y: y + 4}, 1, 0)
			}
			scan := simScan{dpi: 200, contrast: 1, noise: 4, blur: 0.04}
			got := r.ReadSticker(coloured(scan.of(black), scan.of(pen), ink), simFormPage(blank), simField)
			assert.Equal(t, StickerReading{Value: s.code, Code: s.code, Symbology: s.symbology, Printed: s.code,
				Confidence: confidenceBoth}, undoubted(got), "%s %v", k.name, ink)
		}
	}
}

// coloured lays a pen of a colour (red, green, blue) over a black scan, with chroma at
// half resolution.
func coloured(black, pen raster.View, ink [3]float64) raster.View {
	y := black.Page.Y
	p := &raster.Page{Y: raster.NewPlane(y.W, y.H), Cb: raster.NewPlane((y.W+1)/2, (y.H+1)/2), Cr: raster.NewPlane((y.W+1)/2, (y.H+1)/2), SubX: 2, SubY: 2}
	for i, g := range y.Pix {
		a := float64(pen.Page.Y.Pix[i]) / 250
		var c [3]float64
		for k := range c {
			c[k] = math.Min(float64(g)*(a+(1-a)*ink[k]/255), 255)
		}
		l := 0.299*c[0] + 0.587*c[1] + 0.114*c[2]
		p.Y.Pix[i] = uint8(l)
		o := i/y.W/2*p.Cb.W + i%y.W/2
		p.Cb.Pix[o], p.Cr.Pix[o] = uint8(128+(c[2]-l)/1.772), uint8(128+(c[0]-l)/1.402)
	}
	return raster.View{Page: p, MMToPix: black.MMToPix}
}
