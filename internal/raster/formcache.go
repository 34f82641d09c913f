package raster

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
)

// formCacheVersion changes whenever the same file would be rendered differently.
const formCacheVersion = 2

var crcTable = crc32.MakeTable(crc32.Castagnoli)

func formCachePath(dir string, file []byte) string {
	if dir == "" {
		return ""
	}
	sum := sha256.Sum256(file)
	return filepath.Join(dir, fmt.Sprintf("form-%s-%d-v%d.bin", hex.EncodeToString(sum[:16]), FormDPI, formCacheVersion))
}

// saveFormCache writes pages as: checksum of the rest, number of pages, and per
// page width and height in pixels, in mm, dpi along x and y, and the packed grey
// pixels with their length. A failure is no error: the cache only saves time.
func saveFormCache(path string, pages []FormPage) {
	if path == "" {
		return
	}
	b := binary.LittleEndian.AppendUint32(make([]byte, 4), uint32(len(pages)))
	for _, p := range pages {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.Page.W()))
		b = binary.LittleEndian.AppendUint32(b, uint32(p.Page.H()))
		for _, v := range []float64{p.WidthMM, p.HeightMM, p.Page.DPIX, p.Page.DPIY} {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		at := len(b)
		b = packRuns(append(b, 0, 0, 0, 0), p.Page.Y)
		binary.LittleEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	}
	binary.LittleEndian.PutUint32(b, crc32.Checksum(b[4:], crcTable))
	writeAtomic(path, b)
}

func writeAtomic(path string, b []byte) {
	if os.MkdirAll(filepath.Dir(path), 0o777) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".form-*")
	if err != nil {
		return
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil && e == nil {
		_ = os.Rename(f.Name(), path) // see saveFormCache
	}
}

func loadFormCache(path string) ([]FormPage, bool) {
	if path == "" {
		return nil, false
	}
	b, err := os.ReadFile(path)
	if err != nil || len(b) < 8 || binary.LittleEndian.Uint32(b) != crc32.Checksum(b[4:], crcTable) {
		return nil, false
	}
	n := int(binary.LittleEndian.Uint32(b[4:]))
	b = b[8:]
	var pages []FormPage
	for range n {
		if len(b) < formHeader {
			return nil, false
		}
		w, h := int(binary.LittleEndian.Uint32(b)), int(binary.LittleEndian.Uint32(b[4:]))
		var v [4]float64
		for i := range v {
			v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8+8*i:]))
		}
		size := int(binary.LittleEndian.Uint32(b[formHeader-4:]))
		if b = b[formHeader:]; checkSize(w, h) != nil || size > len(b) {
			return nil, false
		}
		p := newGreyPage(w, h)
		if !unpackRuns(p.Y.Pix, b[:size]) {
			return nil, false
		}
		p.DPIX, p.DPIY = v[2], v[3]
		pages = append(pages, newFormPage(p, v[0], v[1]))
		b = b[size:]
	}
	return pages, true
}

// formHeader is the length of what precedes a page's pixels.
const formHeader = 4 + 4 + 4*8 + 4

// packRuns appends the pixels, row after row, as runs: a byte below 128 says that
// n+1 bytes follow as they are; otherwise the next byte stands n-126 times, and 255
// announces four bytes of count first. Paper is long runs of white.
func packRuns(b []byte, p *Plane) []byte {
	pix := p.Pix
	if p.Stride != p.W {
		pix = make([]byte, 0, p.W*p.H)
		for y := range p.H {
			pix = append(pix, p.Row(y)...)
		}
	}
	pix = pix[:p.W*p.H]
	for i := 0; i < len(pix); {
		n := runAt(pix[i:])
		switch {
		case n > 128:
			b = append(b, 255)
			b = binary.LittleEndian.AppendUint32(b, uint32(n))
			b = append(b, pix[i])
		case n > 2:
			b = append(b, byte(n+126), pix[i])
		default:
			n = 1
			for n < 128 && i+n < len(pix) && runAt(pix[i+n:min(i+n+3, len(pix))]) < 3 {
				n++
			}
			b = append(append(b, byte(n-1)), pix[i:i+n]...)
		}
		i += n
	}
	return b
}

func runAt(pix []byte) int {
	n := 1
	for n < len(pix) && pix[n] == pix[0] {
		n++
	}
	return n
}

// unpackRuns is the inverse of packRuns; false if the runs do not fill dst exactly.
func unpackRuns(dst, b []byte) bool {
	for len(b) > 1 {
		c := b[0]
		if c < 128 {
			n := int(c) + 1
			if n > len(dst) || n+1 > len(b) {
				return false
			}
			copy(dst, b[1:n+1])
			dst, b = dst[n:], b[n+1:]
			continue
		}
		n := int(c) - 126
		b = b[1:]
		if c == 255 {
			if len(b) < 5 {
				return false
			}
			n, b = int(binary.LittleEndian.Uint32(b)), b[4:]
		}
		if n > len(dst) {
			return false
		}
		fill(dst[:n], b[0])
		dst, b = dst[n:], b[1:]
	}
	return len(dst) == 0 && len(b) == 0
}

func fill(b []byte, v byte) {
	if len(b) == 0 {
		return
	}
	b[0] = v
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}
