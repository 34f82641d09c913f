package pipeline

import (
	"context"
	"fmt"
	"image"
	"path/filepath"

	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/raster"
)

// maxPicturePixels bounds a picture: a whole A4 page at 20 pixels a mm (500 dpi) has 25 million.
const maxPicturePixels = 32_000_000

// picture is Session.Picture.
func (s *Session) picture(ctx context.Context, p mark.Page, area geom.Box, pxPerMM float64, turn int) (image.Image, error) {
	r, err := s.Result(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.pictures.picture(ctx, s.scanFile(p), p, r, area, pxPerMM, turn)
}

// picture samples a piece of a page; see Session.Picture. A quarter turn swaps the sides of the frame
// that area is in. Registered pages are not turned: they stand upright.
func (g *gallery) picture(ctx context.Context, file string, p mark.Page, r PageResult, area geom.Box, pxPerMM float64, turn int) (image.Image, error) {
	if px := area.W * pxPerMM * area.H * pxPerMM; !(area.W > 0 && area.H > 0 && px >= 1 && px <= maxPicturePixels) {
		return nil, fmt.Errorf("a picture of %.1f x %.1f mm at %.1f pixels a mm cannot be made", area.W, area.H, pxPerMM)
	}
	if r.Width == 0 {
		return nil, fmt.Errorf("page %d of %s could not be decoded, so that there is no picture of it: %s", p.SourcePage, p.Source, r.Detail)
	}
	page, err := g.page(ctx, file, p.Source, p.SourcePage, p.Image)
	if err != nil {
		return nil, err
	}
	view := raster.View{Page: page, MMToPix: r.MMToPix}
	if !p.Registered {
		view.MMToPix = paperToPix(r, p.Rotation+turn)
	}
	return toImage(reduced(view, area, pxPerMM).Sample(area, pxPerMM)), nil
}

// minReduced is the part of the scan from which on a picture is taken of the reduced scan: a whole page
// takes 30 ms instead of 85. Below it reducing costs more than it saves.
const minReduced = 0.25

// reduced makes a scan smaller that is much finer than the picture, if the picture shows enough of it.
func reduced(v raster.View, area geom.Box, pxPerMM float64) raster.View {
	sx, sy := v.MMToPix.ScaleAt(area.Center())
	n := int(min(sx, sy)/pxPerMM + 0.1) // a little too coarse is not seen
	if n < 2 || area.Area()*sx*sy < minReduced*float64(v.Page.W()*v.Page.H()) {
		return v
	}
	return raster.View{Page: raster.ReduceTo(v.Page, n), MMToPix: geom.ScaleBy(1/float64(n), 1/float64(n)).Mul(v.MMToPix)}
}

// toImage makes a picture of a patch without copying it: grey, or in colour as JPEG stores it.
func toImage(p *raster.Patch) image.Image {
	bounds := image.Rect(0, 0, p.Y.W, p.Y.H)
	if p.Cb == nil {
		return &image.Gray{Pix: p.Y.Pix, Stride: p.Y.Stride, Rect: bounds}
	}
	return &image.YCbCr{Y: p.Y.Pix, Cb: p.Cb.Pix, Cr: p.Cr.Pix, YStride: p.Y.Stride, CStride: p.Cb.Stride,
		SubsampleRatio: image.YCbCrSubsampleRatio444, Rect: bounds}
}

// PageScan is where the image of a page is, and how the frame of its row lies in it.
type PageScan struct {
	File          string // path of the scan
	Width, Height int    // of the image as read, pixels; 0 where it could not be decoded
	MMToPix       geom.Homography
}

// Scan tells where the image of a page is. It opens nothing.
func (s *Session) Scan(ctx context.Context, p mark.Page) (PageScan, error) {
	r, err := s.Result(ctx, p)
	if err != nil {
		return PageScan{}, err
	}
	out := PageScan{File: s.scanFile(p), Width: r.Width, Height: r.Height, MMToPix: r.MMToPix}
	if !p.Registered {
		out.MMToPix = geom.Identity()
		if r.Width > 0 {
			out.MMToPix = paperToPix(r, p.Rotation)
		}
	}
	return out, nil
}

func (s *Session) scanFile(p mark.Page) string {
	return filepath.Join(s.Dir, ScansDir, filepath.FromSlash(p.Source))
}
