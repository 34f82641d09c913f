package ocr

import (
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"scan/internal/geom"
	"scan/internal/raster"
)

var qrHints = map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true}

// binarizer is one of gozxing's ways to tell dark from light.
type binarizer func(gozxing.LuminanceSource) gozxing.Binarizer

// readQR reads one QR code of a plane with one binarisation of gozxing's.
func readQR(p *raster.Plane, bin binarizer) (hit codeHit, ok bool) {
	if p.W < 21 || p.H < 21 {
		return codeHit{}, false
	}
	defer func() {
		// gozxing indexes past its matrix on some inputs; that input holds no code.
		if recover() != nil {
			hit, ok = codeHit{}, false
		}
	}()
	bmp, err := gozxing.NewBinaryBitmap(bin(luminance(p)))
	if err != nil {
		return codeHit{}, false
	}
	res, err := qrcode.NewQRCodeReader().Decode(bmp, qrHints)
	if err != nil || !printable(res.GetText()) || len(res.GetResultPoints()) < 3 {
		return codeHit{}, false
	}
	return codeHit{text: res.GetText(), symbology: symQR, quad: qrQuad(res.GetResultPoints())}, true
}

// qrQuad extends the centres of the three finder patterns (bottom-left, top-left,
// top-right) to the corners of the symbol. The centres are 7 modules less than the
// side apart: 14 of 21 modules in the smallest symbol, whose ratio covers the quiet
// zone of larger ones.
func qrQuad(pts []gozxing.ResultPoint) [4]geom.Point {
	at := func(i int) geom.Point { return geom.Point{X: pts[i].GetX(), Y: pts[i].GetY()} }
	bl, tl, tr := at(0), at(1), at(2)
	c := bl.Add(tr).Scale(0.5)
	x, y := tr.Sub(tl).Scale(1.5/2), bl.Sub(tl).Scale(1.5/2)
	return [4]geom.Point{c.Sub(x).Sub(y), c.Add(x).Sub(y), c.Add(x).Add(y), c.Sub(x).Add(y)}
}

// qrHybrid and qrGlobal are gozxing's local and global thresholds.
func qrHybrid(s gozxing.LuminanceSource) gozxing.Binarizer { return gozxing.NewHybridBinarizer(s) }
func qrGlobal(s gozxing.LuminanceSource) gozxing.Binarizer {
	return gozxing.NewGlobalHistgramBinarizer(s)
}
