package raster

import (
	"bytes"
	"encoding/binary"
	"math"
)

// jpegMeta is what the headers of a JPEG say before any pixel is decoded.
type jpegMeta struct {
	w, h, comps int
	dpiX, dpiY  float64 // 0 if not said
	orientation int     // EXIF, 1..8; 0 if not said
}

// readJPEGMeta walks the marker segments up to the frame header and the first scan.
func readJPEGMeta(b []byte) (m jpegMeta, err error) {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return m, damaged("JPEG without its start marker")
	}
	for i := 2; ; {
		for i < len(b) && b[i] != 0xFF {
			i++ // stray bytes between segments
		}
		for i < len(b) && b[i] == 0xFF {
			i++
		}
		if i+3 > len(b) {
			return m, damaged("JPEG header ends early")
		}
		marker := b[i]
		i++
		if marker == 0x01 || marker >= 0xD0 && marker <= 0xD8 || marker == 0 {
			continue
		}
		n := int(binary.BigEndian.Uint16(b[i:]))
		if marker == 0xD9 || n < 2 || i+n > len(b) {
			return m, damaged("JPEG header ends early")
		}
		if marker == 0xDA {
			if m.w == 0 {
				return m, damaged("JPEG without a frame header")
			}
			return m, nil
		}
		m.segment(marker, b[i+2:i+n])
		i += n
	}
}

func (m *jpegMeta) segment(marker byte, s []byte) {
	switch {
	case marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
		if len(s) >= 6 && m.w == 0 {
			m.h, m.w = int(binary.BigEndian.Uint16(s[1:])), int(binary.BigEndian.Uint16(s[3:]))
			m.comps = int(s[5])
		}
	case marker == 0xE0 && bytes.HasPrefix(s, []byte("JFIF\x00")) && len(s) >= 12:
		unit := [3]float64{0, 1, 2.54}[min(s[7], 2)]
		if m.dpiX == 0 {
			m.dpiX = unit * float64(binary.BigEndian.Uint16(s[8:]))
			m.dpiY = unit * float64(binary.BigEndian.Uint16(s[10:]))
		}
	case marker == 0xE1 && bytes.HasPrefix(s, []byte("Exif\x00\x00")):
		m.exif(s[6:])
	}
}

// exif reads orientation and resolution from the first directory of a TIFF block.
// Anything odd in it is passed over: it only describes the image.
func (m *jpegMeta) exif(t []byte) {
	if len(t) < 8 {
		return
	}
	var o binary.ByteOrder = binary.LittleEndian
	if t[0] == 'M' {
		o = binary.BigEndian
	}
	at := int(o.Uint32(t[4:]))
	if at < 8 || at+2 > len(t) {
		return
	}
	unit, x, y := 1.0, 0.0, 0.0
	for i := range int(o.Uint16(t[at:])) {
		e := at + 2 + 12*i
		if e+12 > len(t) {
			return
		}
		switch o.Uint16(t[e:]) {
		case 0x112:
			m.orientation = int(o.Uint16(t[e+8:]))
		case 0x11A:
			x = rational(t, o, int(o.Uint32(t[e+8:])))
		case 0x11B:
			y = rational(t, o, int(o.Uint32(t[e+8:])))
		case 0x128:
			if o.Uint16(t[e+8:]) == 3 {
				unit = 2.54
			}
		}
	}
	// Cameras write 72 dpi for "unknown"; a JFIF density is older and wins.
	if m.dpiX == 0 && x > 0 && y > 0 && x != 72 {
		m.dpiX, m.dpiY = x*unit, y*unit
	}
}

func rational(t []byte, o binary.ByteOrder, at int) float64 {
	if at < 0 || at+8 > len(t) || o.Uint32(t[at+4:]) == 0 {
		return 0
	}
	v := float64(o.Uint32(t[at:])) / float64(o.Uint32(t[at+4:]))
	if math.IsInf(v, 0) {
		return 0
	}
	return v
}

// exifTurn splits one of the eight orientations of EXIF and TIFF into "mirror left
// to right, then turn clockwise by so many degrees" to see the image upright.
func exifTurn(orientation int) (turn int, mirrored bool) {
	switch orientation {
	case 2:
		return 0, true
	case 3:
		return 180, false
	case 4:
		return 180, true
	case 5:
		return 270, true
	case 6:
		return 90, false
	case 7:
		return 90, true
	case 8:
		return 270, false
	}
	return 0, false
}
