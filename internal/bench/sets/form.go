package sets

import (
	"fmt"
	"image"
	_ "image/jpeg" // the formats of the data sets
	_ "image/png"  // and these
	"math"
	"os"

	_ "golang.org/x/image/webp" // and these

	"scan/internal/geom"
	"scan/internal/raster"
)

const mmPerInch = 25.4

// openPage opens a scan of one page as pipeline does.
func openPage(path string, n int) (*raster.Page, error) {
	src, err := raster.Open(path)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return src.Page(n)
}

// upright maps mm to the pixels of an unturned page of a known resolution.
func upright(p *raster.Page, dpi float64) raster.View {
	return raster.View{Page: p, MMToPix: geom.ScaleBy(dpi/mmPerInch, dpi/mmPerInch)}
}

// drawnForm prints frames, or ovals, of the given stroke (mm) on an empty sheet: the form
// of a scan that came without one.
func drawnForm(boxes []geom.Box, widthMM, heightMM, stroke float64, oval bool) raster.FormPage {
	const k = raster.FormDPI / mmPerInch
	p := raster.NewPlane(int(math.Ceil(widthMM*k)), int(math.Ceil(heightMM*k)))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	for _, b := range boxes {
		for y := max(int(b.Y*k)-1, 0); y <= min(int((b.Y+b.H)*k)+1, p.H-1); y++ {
			for x := max(int(b.X*k)-1, 0); x <= min(int((b.X+b.W)*k)+1, p.W-1); x++ {
				at := geom.Point{X: (float64(x) + 0.5) / k, Y: (float64(y) + 0.5) / k}
				if onOutline(at, b, stroke, oval) {
					p.Pix[y*p.Stride+x] = 0
				}
			}
		}
	}
	page := &raster.Page{Y: p, SubX: 1, SubY: 1, DPIX: raster.FormDPI, DPIY: raster.FormDPI}
	return raster.FormPage{View: raster.View{Page: page, MMToPix: geom.ScaleBy(k, k)}, WidthMM: widthMM, HeightMM: heightMM}
}

// blacken prints a black rectangle: where the scan has print that is not measured out.
func blacken(f raster.FormPage, b geom.Box) {
	const k = raster.FormDPI / mmPerInch
	for y := int(b.Y * k); y < int((b.Y+b.H)*k); y++ {
		for x := int(b.X * k); x < int((b.X+b.W)*k); x++ {
			f.Page.Y.Pix[y*f.Page.Y.Stride+x] = 0
		}
	}
}

// onOutline reports whether a point is on the frame; an oval is two half circles and two
// lines.
func onOutline(p geom.Point, b geom.Box, stroke float64, oval bool) bool {
	if !oval {
		return b.Contains(p) && !b.Inset(stroke).Contains(p)
	}
	r := b.H / 2
	c := b.Center()
	dx := math.Max(0, math.Abs(p.X-c.X)-(b.W/2-r))
	d := math.Hypot(dx, p.Y-c.Y)
	return d <= r && d >= r-stroke
}

// luminance loads any image as grey, on white where it is transparent.
func luminance(path string) (*raster.Plane, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	b := img.Bounds()
	p := raster.NewPlane(b.Dx(), b.Dy())
	for y := range p.H {
		for x := range p.W {
			r, g, bl, a := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			l := (299*r+587*g+114*bl)/1000 + (0xffff - a)
			p.Pix[y*p.Stride+x] = uint8(min(l, 0xffff) >> 8)
		}
	}
	return p, nil
}
