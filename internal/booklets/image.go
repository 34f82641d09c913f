package booklets

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scan/internal/geom"
	"scan/internal/raster"
)

// How images are stored in files and in a PDF
//
//	JPEG             DCTDecode           the file's bytes
//	PNG              FlateDecode with PNG's own predictors: the file's IDAT bytes
//	TIFF             CCITTFaxDecode, LZWDecode, RunLengthDecode, FlateDecode, DCTDecode: a strip's bytes
//
// What a PDF has no word for (interlaced or transparent PNG, tiled TIFF, ...) is decoded and packed anew
// without loss; only where the file itself was lossy in a way that a PDF cannot hold it is a JPEG again.

// band is an image of full width; top is its first row in the whole image.
type band struct {
	dict  types.Dict
	bytes []byte
	top   int
	rows  int
}

// picture is an image as bands from top to bottom.
type picture struct {
	w, h  int
	bands []band
	// toImage maps pix of the page as decoded to pixels of the picture, mirrored where the picture must be.
	toImage  geom.Homography
	mirrored bool
}

// repackQuality is that of a JPEG made anew: above it files grow much and nothing more is seen.
const repackQuality = 90

// imageSheet makes a sheet as large as the paper, its scan in it.
func imageSheet(doc *document, src raster.Source, stored raster.Stored, page *Page) (*sheet, error) {
	pic, ok := storedPicture(stored)
	if !ok {
		p, err := src.Page(page.Scan.Page)
		if err != nil {
			return nil, err
		}
		if pic, err = repacked(p, stored); err != nil {
			return nil, err
		}
	}
	x, y := pic.points(page)
	w, h := float64(pic.w)*x, float64(pic.h)*y
	s := &sheet{box: [4]float64{0, 0, w, h}, unit: 1, objects: map[string]object{}}
	var draw bytes.Buffer
	if pic.mirrored {
		fmt.Fprintf(&draw, "-1 0 0 1 %.4f 0 cm\n", w)
	}
	for i, b := range pic.bands {
		ref, err := doc.stream(b.dict, b.bytes)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("%s%d", scanName, i)
		s.objects[name] = ref
		fmt.Fprintf(&draw, "q %.4f 0 0 %.4f 0 %.4f cm /%s Do Q\n", w, float64(b.rows)*y, float64(pic.h-b.top-b.rows)*y, name)
	}
	s.content = append(append([]byte("q\n"), draw.Bytes()...), "Q\n"...)
	toUser := geom.Homography{x, 0, 0, 0, -y, h, 0, 0, 1}
	if pic.mirrored {
		toUser = geom.Homography{-x, 0, w, 0, -y, h, 0, 0, 1}
	}
	s.aim(toUser.Mul(pic.toImage).Mul(page.Scan.MMToPix), page)
	return s, nil
}

// points is how large a pixel of the picture is on paper along its own axes, in points.
func (pic *picture) points(page *Page) (x, y float64) {
	toMM, ok := pic.toImage.Mul(page.Scan.MMToPix).Inverse()
	if ok {
		x, y = toMM.ScaleAt(geom.Point{X: float64(pic.w) / 2, Y: float64(pic.h) / 2})
	}
	const inch = 25.4
	if !(x > 0.001 && x < 1 && y > 0.001 && y < 1) { // 25 to 25,400 dpi
		x = 210 / float64(max(pic.w, 1))
		y = x
	}
	return x * 72 / inch, y * 72 / inch
}

// storedPicture is the image as its file holds it; false where a PDF cannot.
func storedPicture(s raster.Stored) (picture, bool) {
	pic := picture{w: s.W, h: s.H, toImage: s.PixToFile, mirrored: s.Mirrored}
	ok := false
	switch s.Kind {
	case raster.KindJPEG:
		pic.bands, ok = jpegBands(s.Data, s.W, s.H)
	case raster.KindPNG:
		pic.bands, ok = pngBands(s.Data)
	case raster.KindTIFF:
		pic.bands, ok = tiffBands(s)
	case raster.KindPDF: // one that could not be taken apart
	}
	return pic, ok
}

// repacked packs a decoded page, without loss unless its file was lossy.
func repacked(p *raster.Page, s raster.Stored) (picture, error) {
	pic := picture{w: p.W(), h: p.H(), toImage: geom.Identity()}
	if p.Bilevel || s.Kind == raster.KindPNG || s.Kind == raster.KindTIFF && !lossyTIFF(s) {
		var b bytes.Buffer
		if err := png.Encode(&b, pixels(p)); err != nil {
			return pic, err
		}
		pic.bands, _ = pngBands(b.Bytes()) // as we write it
		return pic, nil
	}
	b, err := raster.EncodeJPEG(p, repackQuality)
	if err != nil {
		return pic, err
	}
	pic.bands, _ = jpegBands(b, p.W(), p.H())
	return pic, nil
}

// pixels is the page as stored, in the plainest kind of image that holds it.
func pixels(p *raster.Page) image.Image {
	bounds := image.Rect(0, 0, p.W(), p.H())
	if p.HasColour() {
		m := image.NewRGBA(bounds)
		for y := range p.H() {
			for x := range p.W() {
				r, g, b := color.YCbCrToRGB(p.Y.At(x, y), p.Cb.At(x/p.SubX, y/p.SubY), p.Cr.At(x/p.SubX, y/p.SubY))
				m.SetRGBA(x, y, color.RGBA{r, g, b, 255})
			}
		}
		return m
	}
	if !p.Bilevel {
		return &image.Gray{Pix: p.Y.Pix, Stride: p.Y.Stride, Rect: bounds}
	}
	m := image.NewPaletted(bounds, color.Palette{color.Gray{}, color.Gray{Y: 255}})
	for y := range p.H() {
		for x, v := range p.Y.Row(y) {
			m.Pix[y*m.Stride+x] = v >> 7
		}
	}
	return m
}

// imageDict describes an image; colours are its samples a pixel.
func imageDict(w, h, bits, colours int, filter string) types.Dict {
	space := map[int]string{1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[colours]
	d := types.Dict{"Type": types.Name("XObject"), "Subtype": types.Name("Image"), "Width": types.Integer(w), "Height": types.Integer(h),
		"BitsPerComponent": types.Integer(bits), "ColorSpace": types.Name(space)}
	if filter != "" {
		d["Filter"] = types.Name(filter)
	}
	return d
}

func jpegBands(b []byte, w, h int) ([]band, bool) {
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil || cfg.Width != w || cfg.Height != h {
		return nil, false
	}
	var d types.Dict
	switch cfg.ColorModel {
	case color.GrayModel:
		d = imageDict(w, h, 8, 1, "DCTDecode")
	case color.CMYKModel:
		d = imageDict(w, h, 8, 4, "DCTDecode")
		if bytes.Contains(b[:min(len(b), 4096)], []byte("Adobe\x00")) { // which writes 255 for no ink
			d["Decode"] = types.NewNumberArray(1, 0, 1, 0, 1, 0, 1, 0)
		}
	default:
		d = imageDict(w, h, 8, 3, "DCTDecode")
	}
	return []band{{dict: d, bytes: b, rows: h}}, true
}

// pngBands takes the packed samples out of a PNG that is neither interlaced nor transparent: a PDF packs
// samples in the same way.
func pngBands(b []byte) ([]band, bool) {
	var idat, palette []byte
	var w, h, bits, kind int
	for at := 8; at+12 <= len(b); {
		n, name := int(binary.BigEndian.Uint32(b[at:])), string(b[at+4:at+8])
		if n < 0 || at+12+n > len(b) {
			return nil, false
		}
		data := b[at+8 : at+8+n]
		switch name {
		case "IHDR":
			if n != 13 || data[10] != 0 || data[11] != 0 || data[12] != 0 {
				return nil, false
			}
			w, h, bits, kind = int(binary.BigEndian.Uint32(data)), int(binary.BigEndian.Uint32(data[4:])), int(data[8]), int(data[9])
		case "PLTE":
			palette = data
		case "tRNS":
			return nil, false
		case "IDAT":
			idat = append(idat, data...)
		}
		at += 12 + n
	}
	colours := map[int]int{0: 1, 2: 3, 3: 1}[kind]
	if w == 0 || h == 0 || colours == 0 || len(idat) == 0 || kind == 3 && len(palette) < 3 {
		return nil, false
	}
	d := imageDict(w, h, bits, colours, "FlateDecode")
	d["DecodeParms"] = types.Dict{"Predictor": types.Integer(15), "Colors": types.Integer(colours),
		"BitsPerComponent": types.Integer(bits), "Columns": types.Integer(w)}
	if kind == 3 {
		d["ColorSpace"] = indexedSpace(palette)
	}
	return []band{{dict: d, bytes: idat, rows: h}}, true
}

// indexedSpace is a table of colours, given as r, g, b triples.
func indexedSpace(rgb []byte) types.Array {
	return types.Array{types.Name("Indexed"), types.Name("DeviceRGB"), types.Integer(len(rgb)/3 - 1), types.HexLiteral(hex.EncodeToString(rgb))}
}
