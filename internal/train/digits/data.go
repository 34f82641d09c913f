package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/jpeg" // the cheque amounts
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"scan/ocr"
)

// picture is a labelled image of one glyph.
type picture struct {
	ocr.InkImage
	class int
}

// sets is all data in memory, split once and for all: writers and files that are
// measured on are never trained on.
type sets struct {
	train, calib, test []writer  // pen strokes
	images             []picture // digits of other sets, for training
	chequeTest         []picture // every fifth cheque
	letters            []picture // plus, w, x, y, z: no digits
	slashes, dashes    []picture
}

// Writers 1 to 20 train the network, 21 to 25 what follows it, 26 to 30 measure.
const trainWriters, calibWriters = 20, 25

func loadSets(dir string) (*sets, error) {
	s := new(sets)
	writers, err := loadStrokes(filepath.Join(dir, "pendigits-strokes/pendigits-orig.train.unipen.gz"))
	if err != nil {
		return nil, err
	}
	s.train, s.calib, s.test = writers[:trainWriters], writers[trainWriters:calibWriters], writers[calibWriters:]
	for _, load := range []func(string) error{s.loadMNIST, s.loadSymbols, s.loadOptdigits, s.loadUSPS, s.loadCheques} {
		if err := load(dir); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func unzip(parts ...string) ([]byte, error) {
	f, err := os.Open(filepath.Join(parts...))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return b, nil
}

// loadIDX reads an IDX pair of 28x28 images and labels.
func loadIDX(images, labels string, invert bool) ([]picture, error) {
	im, err := unzip(images)
	if err != nil {
		return nil, err
	}
	lb, err := unzip(labels)
	if err != nil {
		return nil, err
	}
	const px = 28 * 28
	n := int(binary.BigEndian.Uint32(im[4:]))
	if len(im) != 16+n*px || len(lb) != 8+n {
		return nil, fmt.Errorf("%s: %d bytes and %d labels do not make %d images", images, len(im), len(lb), n)
	}
	out := make([]picture, n)
	for i := range out {
		p := newPicture(28, 28, int(lb[8+i]))
		for j, v := range im[16+i*px : 16+(i+1)*px] {
			if invert {
				v = 255 - v
			}
			p.A[j] = float32(v) / 255
		}
		out[i] = p
	}
	return out, nil
}

func newPicture(w, h, class int) picture {
	return picture{ocr.InkImage{W: w, H: h, A: make([]float32, w*h)}, class}
}

// mnistShare takes every third image: many Americans must not outvote few Europeans.
const mnistShare = 3

func (s *sets) loadMNIST(dir string) error {
	dir = filepath.Join(dir, "mnist")
	p, err := loadIDX(filepath.Join(dir, "train-images-idx3-ubyte.gz"), filepath.Join(dir, "train-labels-idx1-ubyte.gz"), false)
	for i := 0; i < len(p); i += mnistShare {
		s.images = append(s.images, p[i])
	}
	return err
}

// loadSymbols reads the handwritten symbols: digits, and what is none.
func (s *sets) loadSymbols(dir string) error {
	dir = filepath.Join(dir, "bhmsds")
	p, err := loadIDX(filepath.Join(dir, "symbols-images-idx3-ubyte.gz"), filepath.Join(dir, "symbols-labels-idx1-ubyte.gz"), true)
	const minus, slash, dot = 11, 12, 13
	for _, q := range p {
		switch c := q.class; {
		case c < 10:
			s.images = append(s.images, q)
		case c == minus:
			s.dashes = append(s.dashes, q)
		case c == slash:
			s.slashes = append(s.slashes, q)
		case c != dot:
			s.letters = append(s.letters, q)
		}
	}
	return err
}

func (s *sets) loadOptdigits(dir string) error {
	b, err := unzip(dir, "optdigits32/optdigits-orig.tra.gz")
	if err != nil {
		return err
	}
	p := newPicture(32, 32, 0)
	row := 0
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		if len(line) == 32 && strings.Trim(line, "01") == "" {
			for x := range 32 {
				p.A[row*32+x] = float32(line[x] - '0')
			}
			row++
		} else if row == 32 {
			if p.class, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
				return fmt.Errorf("optdigits32: label %q", line)
			}
			s.images = append(s.images, p)
			p, row = newPicture(32, 32, 0), 0
		}
	}
	return nil
}

func (s *sets) loadUSPS(dir string) error {
	b, err := unzip(dir, "usps/zip.train.gz")
	if err != nil {
		return err
	}
	sc := bufio.NewScanner(bytes.NewReader(b))
	for sc.Scan() {
		f := strings.Fields(sc.Text())
		if len(f) != 257 {
			return fmt.Errorf("usps: %d columns, want 257", len(f))
		}
		p := newPicture(16, 16, int(f[0][0]-'0'))
		for i, t := range f[1:] {
			v, err := strconv.ParseFloat(t, 32)
			if err != nil {
				return fmt.Errorf("usps: %w", err)
			}
			p.A[i] = float32(v+1) / 2
		}
		s.images = append(s.images, p)
	}
	return sc.Err()
}

// loadCheques cuts the digits of the cheque amounts; every fifth cheque is for
// measuring.
func (s *sets) loadCheques(dir string) error {
	dir = filepath.Join(dir, "orand-car-a")
	b, err := os.ReadFile(filepath.Join(dir, "train.tsv"))
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		f := strings.Split(line, "\t")
		if len(f) < 3 {
			return fmt.Errorf("orand-car-a: line %d: %q", i+1, line)
		}
		cut, err := cutCheque(filepath.Join(dir, "train", f[0]), f[1], strings.Split(f[2], ";"))
		if err != nil {
			return fmt.Errorf("orand-car-a: line %d: %w", i+1, err)
		}
		if i%5 == 4 {
			s.chequeTest = append(s.chequeTest, cut...)
		} else {
			s.images = append(s.images, cut...)
		}
	}
	return nil
}

func cutCheque(file, digits string, boxes []string) ([]picture, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	im, _, err := image.Decode(f)
	if err != nil {
		return nil, err
	}
	if len(digits) != len(boxes) {
		return nil, fmt.Errorf("%d digits, %d boxes", len(digits), len(boxes))
	}
	var out []picture
	for i, t := range boxes {
		var x, y, w, h int
		if _, err := fmt.Sscanf(t, "%d,%d,%d,%d", &x, &y, &w, &h); err != nil {
			return nil, fmt.Errorf("box %q: %w", t, err)
		}
		out = append(out, cutGrey(im, image.Rect(x, y, x+w, y+h).Intersect(im.Bounds()), int(digits[i]-'0')))
	}
	return out, nil
}

// cutGrey takes ink as what is darker than halfway between the darkest and the
// lightest tenth: cheque paper is patterned.
func cutGrey(im image.Image, r image.Rectangle, class int) picture {
	p := newPicture(r.Dx(), r.Dy(), class)
	var hist [256]int
	grey := make([]uint8, r.Dx()*r.Dy())
	for y := range r.Dy() {
		for x := range r.Dx() {
			cr, cg, cb, _ := im.At(r.Min.X+x, r.Min.Y+y).RGBA()
			v := uint8((299*cr + 587*cg + 114*cb) / 1000 >> 8)
			grey[y*r.Dx()+x] = v
			hist[v]++
		}
	}
	dark, light := quantile(hist, 0.05), quantile(hist, 0.85)
	for i, v := range grey {
		a := (0.6*float32(light) + 0.4*float32(dark) - float32(v)) / (0.4*float32(light-dark) + 1)
		p.A[i] = min(1, max(0, a+0.5))
	}
	return p
}

func quantile(hist [256]int, q float64) int {
	total := 0
	for _, n := range hist {
		total += n
	}
	left := int(q * float64(total))
	for v, n := range hist {
		if left -= n; left < 0 {
			return v
		}
	}
	return 255
}
