package raster

import (
	"bytes"
	"image/png"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scan/internal/geom"
)

// Kind is a kind of file.
type Kind string

// The kinds of file that pages are stored in.
const (
	KindPDF  Kind = "pdf"
	KindTIFF Kind = "tiff"
	KindJPEG Kind = "jpeg"
	KindPNG  Kind = "png"
)

// Stored tells how a page lies in its file, for who takes it over into another file as it is.
type Stored struct {
	Kind Kind
	// PDF is set for a page of a PDF that could be taken apart, Data for all other kinds: the whole
	// file, shared and not to be changed.
	PDF  *PDFPage
	Data []byte
	// Directory is where in Data the directory of a TIFF's page begins.
	Directory uint64
	// W and H are the size of the stored image; a decoded Page may be smaller. 0 for a PDF.
	W, H int
	// Mirrored and Turn tell how the stored image is to be shown: mirrored left to right, then turned
	// clockwise. A decoded Page is mirrored already. Not for a PDF.
	Mirrored bool
	Turn     int
	// PixToFile maps pix of the decoded Page to the file's own space: for a PDF the page's user space (y
	// up), for all others pixels of the stored image before any mirroring (y down).
	PixToFile geom.Homography
}

// PDFPage is a page of a PDF as the file describes it. Who reads the table must not let anybody else
// use the source meanwhile.
type PDFPage struct {
	Table     *model.XRefTable
	Dict      types.Dict
	Resources types.Dict // its own or what it inherits; may be nil
	Box       [4]float64 // what is shown, in its own units: left, bottom, right, top
	Rotate    int        // clockwise, as shown
}

// StoredPage tells how page n of a source lies in its file; w and h are the size of the page decoded.
func StoredPage(src Source, n, w, h int) (Stored, error) {
	s, ok := src.(interface {
		stored(n, w, h int) (Stored, error)
	})
	if !ok {
		return Stored{}, unsupported("a source that is no file")
	}
	return s.stored(n, w, h)
}

func (f *imageFile) stored(n, w, h int) (s Stored, err error) {
	if n != 1 {
		return s, noSuchPage(f.path, n, 1)
	}
	s = Stored{Kind: KindJPEG, Data: f.data}
	if sniff(f.data) == kindPNG {
		s.Kind = KindPNG
		cfg, err := png.DecodeConfig(bytes.NewReader(f.data))
		if err != nil {
			return s, locate(damaged("PNG: %v", err), f.path, 1)
		}
		s.W, s.H = cfg.Width, cfg.Height
	} else {
		m, err := readJPEGMeta(f.data)
		if err != nil {
			return s, locate(err, f.path, 1)
		}
		s.W, s.H = m.w, m.h
		s.Turn, s.Mirrored = exifTurn(m.orientation)
	}
	s.PixToFile = s.pixToImage(w, h)
	return s, nil
}

func (f *tiffFile) stored(n, w, h int) (s Stored, err error) {
	d, err := f.dir(n)
	if err != nil {
		return s, locate(err, f.path, n)
	}
	s = Stored{Kind: KindTIFF, Data: f.data, Directory: uint64(d.offset), W: int(d.w), H: int(d.h)}
	s.Turn, s.Mirrored = exifTurn(int(d.orientation))
	s.PixToFile = s.pixToImage(w, h)
	return s, nil
}

// pixToImage undoes mirroring and halving of a page decoded to w x h pixels.
func (s Stored) pixToImage(w, h int) geom.Homography {
	toImage := geom.ScaleBy(float64(s.W)/float64(max(w, 1)), float64(s.H)/float64(max(h, 1)))
	if s.Mirrored {
		return geom.Homography{-1, 0, float64(s.W), 0, 1, 0, 0, 0, 1}.Mul(toImage)
	}
	return toImage
}

func (f *pdfFile) stored(n, w, h int) (s Stored, err error) {
	s.Kind = KindPDF
	plan, err := f.plan(n)
	if err != nil {
		return s, locate(err, f.path, n)
	}
	if f.xref == nil {
		return s, nil
	}
	p := f.pages[n-1]
	s.PDF = &PDFPage{Table: f.xref, Dict: p.dict, Resources: p.resources, Box: p.box, Rotate: p.rotate}
	if plan.render != "" {
		s.PixToFile = shownToUser(p.box, p.rotate, w, h)
	} else {
		s.PixToFile = plan.pixToUser()
	}
	return s, nil
}

// shownToUser maps pixels of the page drawn as it is to be shown to its own units.
func shownToUser(b rect, rotate, w, h int) geom.Homography {
	bw, bh := b[2]-b[0], b[3]-b[1]
	unit := geom.ScaleBy(1/float64(max(w, 1)), 1/float64(max(h, 1)))
	switch rotate {
	case 90:
		return geom.Homography{0, bw, b[0], bh, 0, b[1], 0, 0, 1}.Mul(unit)
	case 180:
		return geom.Homography{-bw, 0, b[2], 0, bh, b[1], 0, 0, 1}.Mul(unit)
	case 270:
		return geom.Homography{0, -bw, b[2], -bh, 0, b[3], 0, 0, 1}.Mul(unit)
	}
	return geom.Homography{bw, 0, b[0], 0, -bh, b[3], 0, 0, 1}.Mul(unit)
}

// pixToUser follows an image that was taken out of its page back to where it is placed. It is exact but
// for an image that was cut at an odd pixel of its chroma, by one pixel.
func (p pdfPlan) pixToUser() geom.Homography {
	im := p.images[0]
	m, w, h := im.m, im.spec.W, im.spec.H
	clip := im.clip
	if len(p.images) > 1 {
		m, w, h = p.canvas()
		clip = everything
	} else if last := len(im.spec.Chain); last > 0 && im.spec.Chain[last-1].Name == "DCTDecode" && !p.native {
		if dx, dy := imageDPI(m, w, h, p.unit); tooFine(dx, dy) {
			w, h = (w+1)/2, (h+1)/2
		}
	}
	x0, y0, x1, y1 := cropOf(m, p.box.and(clip), w, h)
	if x1 <= x0 || y1 <= y0 {
		x0, x1, y0 = 0, w, 0
	}
	// Pixels of the piece that was kept, to the image's unit square (y up), to the page.
	toUser := geom.Homography{m[0], m[2], m[4], m[1], m[3], m[5], 0, 0, 1}.
		Mul(geom.Homography{1 / float64(w), 0, 0, 0, -1 / float64(h), 1, 0, 0, 1}).
		Mul(geom.Translate(geom.Point{X: float64(x0), Y: float64(y0)}))
	if _, mirrored := orientation(m); mirrored {
		toUser = toUser.Mul(geom.Homography{-1, 0, float64(x1 - x0), 0, 1, 0, 0, 0, 1})
	}
	return toUser
}
