package sets

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"scan/internal/bench"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// codeFolders are the sets of code images with their texts, and how many images each has.
// The right answer to falsepositives is nothing.
var codeFolders = []struct {
	name, dir string
	images    int
}{
	{"codes/datamatrix-1", "data/zxing-cpp-samples/datamatrix-1", 30},
	{"codes/datamatrix-2", "data/zxing-cpp-samples/datamatrix-2", 13},
	{"codes/datamatrix-4", "data/zxing-cpp-samples/datamatrix-4", 21},
	{"codes/datamatrix-camera", "data/zxing-blackbox/datamatrix-2", 18},
	{"codes/datamatrix-zesje", "real/zesje/datamatrices", 3},
	{"codes/qrcode-1", "data/zxing-cpp-samples/qrcode-1", 8},
	{"codes/qrcode-3", "data/zxing-cpp-samples/qrcode-3", 18},
	{"codes/qrcode-5", "data/zxing-cpp-samples/qrcode-5", 16},
	{"codes/code128-1", "data/zxing-cpp-samples/code128-1", 6},
	{"codes/code128-3", "data/zxing-cpp-samples/code128-3", 2},
	{"codes/falsepositives", "data/zxing-cpp-samples/falsepositives-1", 21},
}

// turnedSuffix names the sets of turned images.
const turnedSuffix = "-turned"

func codeSets() (all []bench.Source) {
	for _, f := range codeFolders {
		all = append(all,
			set{f.name, bench.Real, fmt.Sprintf("%d images of %s as found, read as a sticker; numbers printed beside codes do not count", f.images, f.dir),
				func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
					return readCodes(ctx, o, f.dir, f.images, []int{0})
				}},
			set{f.name + turnedSuffix, bench.Real, fmt.Sprintf("the %d images turned by 90, 180 and 270 degrees", f.images),
				func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
					return readCodes(ctx, o, f.dir, f.images, []int{1, 2, 3})
				}})
	}
	return all
}

// readCodes reads every image of a folder in some quarter turns.
func readCodes(ctx context.Context, o bench.Options, dir string, images int, turns []int) ([]bench.Item, error) {
	dir, err := folder(o, strings.Split(dir, "/")...)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, ext := range []string{"*.png", "*.jpg", "*.webp"} {
		found, err := filepath.Glob(filepath.Join(dir, ext))
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	if len(files) != images {
		return nil, fmt.Errorf("%s: %d images, %d are known; the data is incomplete or changed", dir, len(files), images)
	}
	return each(ctx, o, len(files), func(i int) ([]bench.Item, error) {
		p, err := luminance(files[i])
		if err != nil {
			return nil, err
		}
		var items []bench.Item
		for _, t := range turns {
			it := readCode(ctx, files[i], turned(p, t))
			it.Name = fmt.Sprintf("%s turned %d", filepath.Base(files[i]), 90*t)
			items = append(items, it)
		}
		return items, nil
	})
}

// codeImageMM is the longer side that an image of a code is given: its code is then as large
// as one on a sticker or page, from 3.5 to 45 mm.
const codeImageMM = 50

func readCode(ctx context.Context, file string, p *raster.Plane) bench.Item {
	k := float64(max(p.W, p.H)) / codeImageMM
	v := raster.View{Page: &raster.Page{Y: p, SubX: 1, SubY: 1}, MMToPix: geom.ScaleBy(k, k)}
	box := geom.Box{W: float64(p.W) / k, H: float64(p.H) / k}
	reader := ocr.NewReader()
	defer reader.Close()
	r := reader.ReadSticker(v, raster.FormPage{}, box)
	it := bench.Item{Field: bench.Code, Group: filepath.Base(file), Kind: filepath.Base(filepath.Dir(file)),
		Truth: codeText(file), Value: strings.TrimSpace(r.Code), Confidence: r.Confidence, Seen: r.Symbology, X: -1, Y: -1}
	switch {
	case it.Value == "":
		it.Confidence = 1
	case strings.Contains(r.Reason, "number"):
		it.Confidence = 1 // of the code alone, as nothing is printed beside it that should agree
	default:
		it.Reason = r.Reason
	}
	show(ctx, it, v, box)
	return it
}

// codeText is what an image's code says: in the file beside it, or in its name.
func codeText(file string) string {
	base := strings.TrimSuffix(file, filepath.Ext(file))
	if b, err := os.ReadFile(base + ".txt"); err == nil {
		return strings.TrimSpace(string(b))
	}
	if name := filepath.Base(base); strings.Contains(name, "TOKEN") {
		return strings.ReplaceAll(name, "_", "/")
	}
	return ""
}

// turned returns a plane turned clockwise by quarter turns.
func turned(p *raster.Plane, quarters int) *raster.Plane {
	for range quarters {
		q := raster.NewPlane(p.H, p.W)
		for y := range p.H {
			for x := range p.W {
				q.Pix[x*q.Stride+p.H-1-y] = p.Pix[y*p.Stride+x]
			}
		}
		p = q
	}
	return p
}
