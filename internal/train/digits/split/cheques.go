package split

import (
	"fmt"
	"image"
	_ "image/jpeg" // the cheque amounts
	"os"
	"path/filepath"
	"strings"
)

// cheques cuts the digits of the cheque amounts.
func cheques(dir string, p Part) ([]Picture, error) {
	b, err := os.ReadFile(filepath.Join(dir, "train.tsv"))
	if err != nil {
		return nil, err
	}
	var out []Picture
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if OfCheque(i) != p {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 3 {
			return nil, fmt.Errorf("line %d: %q", i+1, line)
		}
		cut, err := cutCheque(filepath.Join(dir, "train", f[0]), f[1], strings.Split(f[2], ";"))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		out = append(out, cut...)
	}
	return out, nil
}

func cutCheque(file, digits string, boxes []string) ([]Picture, error) {
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
	var out []Picture
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
func cutGrey(im image.Image, r image.Rectangle, class int) Picture {
	q := newPicture(r.Dx(), r.Dy(), class)
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
		// the conversions keep multiplication and addition apart on every machine
		level := float32(0.6*float32(light)) + float32(0.4*float32(dark))
		a := (level - float32(v)) / (float32(0.4*float32(light-dark)) + 1)
		q.A[i] = min(1, max(0, a+0.5))
	}
	return q
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
