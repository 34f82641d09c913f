package split

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Picture is a labelled image of one sign: 0 paper to 1 full ink, row by row.
type Picture struct {
	W, H  int
	A     []float32
	Class int // the digit, or the line in classes.txt for symbols
}

// Lines of bhmsds/classes.txt that are no digits.
const (
	SymbolPlus  = 10
	SymbolMinus = 11
	SymbolSlash = 12
	SymbolDot   = 13 // cropped and enlarged: says nothing of a dot's size
)

// Pictures returns one part of a set of single signs: "mnist", "bhmsds",
// "optdigits32", "usps" or "orand-car-a". dir is the folder that holds the sets.
func Pictures(dir, set string, p Part) ([]Picture, error) {
	load := map[string]func(string, Part) ([]Picture, error){
		"mnist": mnist, "bhmsds": symbols, "optdigits32": optdigits, "usps": usps, "orand-car-a": cheques,
	}[set]
	if load == nil {
		return nil, fmt.Errorf("split: no set %q", set)
	}
	out, err := load(filepath.Join(dir, set), p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", set, err)
	}
	return out, nil
}

// pick keeps the items of one part of a file.
func pick(all []Picture, p Part) (out []Picture) {
	for i, q := range all {
		if OfItem(i, len(all)) == p {
			out = append(out, q)
		}
	}
	return out
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

// idx reads an IDX pair of 28x28 images and labels.
func idx(images, labels string, invert bool) ([]Picture, error) {
	im, err := unzip(images)
	if err != nil {
		return nil, err
	}
	lb, err := unzip(labels)
	if err != nil {
		return nil, err
	}
	const side, px = 28, 28 * 28
	n := int(binary.BigEndian.Uint32(im[4:]))
	if len(im) != 16+n*px || len(lb) != 8+n {
		return nil, fmt.Errorf("%s: %d bytes and %d labels do not make %d images", images, len(im), len(lb), n)
	}
	out := make([]Picture, n)
	for i := range out {
		q := newPicture(side, side, int(lb[8+i]))
		for j, v := range im[16+i*px : 16+(i+1)*px] {
			if invert {
				v = 255 - v
			}
			q.A[j] = float32(v) / 255
		}
		out[i] = q
	}
	return out, nil
}

func newPicture(w, h, class int) Picture {
	return Picture{W: w, H: h, A: make([]float32, w*h), Class: class}
}

func mnist(dir string, p Part) ([]Picture, error) {
	all, err := idx(filepath.Join(dir, "train-images-idx3-ubyte.gz"), filepath.Join(dir, "train-labels-idx1-ubyte.gz"), false)
	return pick(all, p), err
}

// symbols are split within each class.
func symbols(dir string, p Part) ([]Picture, error) {
	all, err := idx(filepath.Join(dir, "symbols-images-idx3-ubyte.gz"), filepath.Join(dir, "symbols-labels-idx1-ubyte.gz"), true)
	if err != nil {
		return nil, err
	}
	byClass := map[int][]Picture{}
	most := 0
	for _, q := range all {
		byClass[q.Class] = append(byClass[q.Class], q)
		most = max(most, q.Class)
	}
	var out []Picture
	for c := range most + 1 {
		out = append(out, pick(byClass[c], p)...)
	}
	return out, nil
}

func optdigits(dir string, p Part) ([]Picture, error) {
	b, err := unzip(dir, "optdigits-orig.tra.gz")
	if err != nil {
		return nil, err
	}
	const side = 32
	var all []Picture
	q := newPicture(side, side, 0)
	row := 0
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		if len(line) == side && strings.Trim(line, "01") == "" {
			for x := range side {
				q.A[row*side+x] = float32(line[x] - '0')
			}
			row++
		} else if row == side {
			if q.Class, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
				return nil, fmt.Errorf("label %q", line)
			}
			all = append(all, q)
			q, row = newPicture(side, side, 0), 0
		}
	}
	return pick(all, p), nil
}

func usps(dir string, p Part) ([]Picture, error) {
	b, err := unzip(dir, "zip.train.gz")
	if err != nil {
		return nil, err
	}
	const side = 16
	var all []Picture
	sc := bufio.NewScanner(bytes.NewReader(b))
	for sc.Scan() {
		f := strings.Fields(sc.Text())
		if len(f) != 1+side*side {
			return nil, fmt.Errorf("%d columns, want %d", len(f), 1+side*side)
		}
		q := newPicture(side, side, int(f[0][0]-'0'))
		for i, t := range f[1:] {
			v, err := strconv.ParseFloat(t, 32)
			if err != nil {
				return nil, err
			}
			q.A[i] = float32(v+1) / 2
		}
		all = append(all, q)
	}
	return pick(all, p), sc.Err()
}
