package raster

/*
#cgo LDFLAGS: -ljpeg
#include <stdlib.h>
#include "jpeg_shim.h"
*/
import "C"

import (
	"math"
	"unsafe"
)

// halveAbove is the resolution (dpi) above which a JPEG is decoded at half size.
// It trades fine strokes for time: 600 dpi becomes 300, which is what the readers
// are measured at, while 400 dpi stays whole.
const halveAbove = 450

func tooFine(dpiX, dpiY float64) bool {
	d := math.Max(dpiX, dpiY)
	return d > halveAbove && d <= maxDPI
}

// DecodeJPEG decodes a whole JPEG to planes at their native subsampling. DPI and
// Turn come from its JFIF and EXIF headers. An image of more than 450 dpi is
// decoded at half size, its DPI with it. The error is a FormatError when data is
// missing or broken, an UnsupportedError for kinds of JPEG not read.
func DecodeJPEG(b []byte) (*Page, error) {
	m, err := readJPEGMeta(b)
	if err != nil {
		return nil, err
	}
	half := tooFine(m.dpiX, m.dpiY)
	p, err := decodeJPEG(b, m, half)
	if err != nil {
		return nil, err
	}
	scale := 1.0
	if half {
		scale = 0.5
	}
	p.setDPI(m.dpiX*scale, m.dpiY*scale)
	turn, mirrored := exifTurn(m.orientation)
	p.orient(turn, mirrored)
	return p, nil
}

// decodeJPEG decodes the pixels alone; DPI and Turn are left zero.
func decodeJPEG(b []byte, m jpegMeta, half bool) (*Page, error) {
	if err := checkSize(m.w, m.h); err != nil {
		return nil, err
	}
	var info C.jinfo
	ptr, n := (*C.uchar)(unsafe.Pointer(unsafe.SliceData(b))), C.size_t(len(b))
	if rc := C.scan_jpeg_info(ptr, n, cbool(half), &info); rc == -2 {
		return nil, unsupported("JPEG: %s", C.GoString(&info.msg[0]))
	} else if rc != 0 {
		return nil, jpegError(&info)
	}
	if err := checkSize(int(info.w), int(info.h)); err != nil {
		return nil, err
	}
	if info.kind < 0 {
		return nil, unsupported("JPEG with %d unknown channels", int(info.comps))
	}
	if info.raw == 0 {
		return decodeInterleaved(b, half, &info)
	}
	p := &Page{Y: paddedPlane(&info, 0), SubX: int(info.subx), SubY: int(info.suby)}
	var cb, cr *C.uchar
	if info.kind == 1 {
		p.Cb, p.Cr = paddedPlane(&info, 1), paddedPlane(&info, 2)
		cb, cr = bytePtr(p.Cb.Pix), bytePtr(p.Cr.Pix)
	}
	if C.scan_jpeg_planes(ptr, n, cbool(half), &info, bytePtr(p.Y.Pix), cb, cr) != 0 {
		return nil, jpegError(&info)
	}
	if info.otherWarn > 0 {
		return nil, jpegError(&info)
	}
	return p, nil
}

// decodeInterleaved is the path of the rare kinds: RGB, CMYK, odd subsampling.
func decodeInterleaved(b []byte, half bool, info *C.jinfo) (*Page, error) {
	ch := int(info.comps)
	buf := make([]byte, int(info.w)*int(info.h)*ch)
	if C.scan_jpeg_rows(bytePtr(b), C.size_t(len(b)), cbool(half), info, bytePtr(buf)) != 0 || info.otherWarn > 0 {
		return nil, jpegError(info)
	}
	w, h := int(info.w), int(info.h)
	p := newColourPage(w, h)
	switch info.kind {
	case 1:
		splitYCbCr(p, buf)
	case 2:
		p.fromRGB(buf, 3*w, 3)
	default:
		cmykToRGB(buf, info.kind == 4)
		p.fromRGB(buf, 4*w, 4)
	}
	return p, nil
}

func splitYCbCr(p *Page, buf []byte) {
	for i := range p.Y.Pix {
		p.Y.Pix[i], p.Cb.Pix[i], p.Cr.Pix[i] = buf[3*i], buf[3*i+1], buf[3*i+2]
	}
}

// cmykToRGB turns samples into R, G, B, unused in place. Adobe writes inverted
// values: 255 is no ink.
func cmykToRGB(buf []byte, inverted bool) {
	var flip byte = 255
	if inverted {
		flip = 0
	}
	for i := 0; i+3 < len(buf); i += 4 {
		k := int(buf[i+3] ^ flip)
		for j := range 3 {
			buf[i+j] = byte((int(buf[i+j]^flip)*k + 127) / 255)
		}
	}
}

// EncodeJPEG writes the page as stored: its planes at their own subsampling, JFIF
// density from DPIX and DPIY. Quality is 1..100. Turn is not written.
func EncodeJPEG(p *Page, quality int) ([]byte, error) {
	if err := checkSize(p.W(), p.H()); err != nil {
		return nil, err
	}
	e := C.jenc{w: C.int(p.W()), h: C.int(p.H()), subx: 1, suby: 1, quality: C.int(min(max(quality, 1), 100)),
		xdpi: C.int(math.Round(p.DPIX)), ydpi: C.int(math.Round(p.DPIY)), ystride: C.int(p.Y.Stride)}
	var cb, cr *C.uchar
	if p.HasColour() {
		if p.SubX < 1 || p.SubX > 4 || p.SubY < 1 || p.SubY > 4 || p.SubX*p.SubY > 8 || p.Cb.Stride != p.Cr.Stride ||
			p.Cb.W != (p.W()+p.SubX-1)/p.SubX || p.Cb.H != (p.H()+p.SubY-1)/p.SubY || p.Cr.W != p.Cb.W || p.Cr.H != p.Cb.H {
			return nil, unsupported("JPEG with chroma of %d x %d pixels for %d x %d", p.Cb.W, p.Cb.H, p.W(), p.H())
		}
		e.subx, e.suby = C.int(p.SubX), C.int(p.SubY)
		e.cw, e.ch, e.cstride = C.int(p.Cb.W), C.int(p.Cb.H), C.int(p.Cb.Stride)
		cb, cr = bytePtr(p.Cb.Pix), bytePtr(p.Cr.Pix)
	}
	if C.scan_jpeg_encode(&e, bytePtr(p.Y.Pix), cb, cr) != 0 { //nolint:gocritic // what cgo makes of the call compares a thing with itself
		return nil, unsupported("JPEG encoder: %s", C.GoString(&e.msg[0]))
	}
	defer C.free(unsafe.Pointer(e.out))
	return C.GoBytes(unsafe.Pointer(e.out), C.int(e.outLen)), nil
}

func paddedPlane(info *C.jinfo, i int) *Plane {
	stride := int(info.stride[i])
	return &Plane{Pix: make([]byte, stride*int(info.rows[i])), Stride: stride, W: int(info.pw[i]), H: int(info.ph[i])}
}

func jpegError(info *C.jinfo) error {
	msg := C.GoString(&info.msg[0])
	if msg == "" {
		msg = "the data ends early"
	}
	return damaged("JPEG: %s", msg)
}

func bytePtr(b []byte) *C.uchar { return (*C.uchar)(unsafe.Pointer(unsafe.SliceData(b))) }

func cbool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// decodeAsRGB is what BenchmarkDecodeJPEG measures the planes against; it stands
// here because test files cannot call C.
func decodeAsRGB(b []byte) []byte {
	var info C.jinfo
	if C.scan_jpeg_info(bytePtr(b), C.size_t(len(b)), 0, &info) != 0 {
		return nil
	}
	out := make([]byte, 3*int(info.w)*int(info.h))
	C.scan_jpeg_rgb(bytePtr(b), C.size_t(len(b)), 0, &info, bytePtr(out))
	return out
}
