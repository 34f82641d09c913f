package main

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"

	"scan/detect"
	"scan/internal/nn/learn"
)

var names = [detect.ZoneClasses]string{"nothing", "sign", "unclear"}

// verdict is what the reader makes of a box: filled or remarked, how sure, and whether a
// person is asked in any case.
type verdict struct {
	p      [detect.ZoneClasses]float64
	sign   bool
	sure   float64
	asked  bool
	silent bool // wrong, and not asked for a reason
}

func judge(net *detect.ZoneNet, b boxed) (v verdict) {
	v.p = net.Judge(b.in)
	p := v.p[detect.ZoneSign] + v.p[detect.ZoneUnclear]/2
	v.sign, v.sure = p >= 0.5, max(p, 1-p)
	v.asked = v.p[detect.ZoneUnclear] >= 0.5
	v.silent = !v.asked && (b.class == detect.ZoneUnclear || v.sign != (b.class == detect.ZoneSign))
	return v
}

// report writes confusion, silent errors against reviews, and calibration. What is unclear
// and not asked about counts as an error, though half of it is read right.
func report(w io.Writer, net *detect.ZoneNet, data []boxed) {
	var confusion [detect.ZoneClasses][detect.ZoneClasses]int
	vs := make([]verdict, len(data))
	answers := make([]learn.Answer, len(data))
	for i, b := range data {
		vs[i] = judge(net, b)
		best := 0
		for k, p := range vs[i].p {
			if p > vs[i].p[best] {
				best = k
			}
		}
		confusion[b.class][best]++
		answers[i] = learn.Answer{Confidence: vs[i].p[best], Right: best == b.class}
	}
	fmt.Fprintf(w, "%d boxes; truth \\ read %v\n", len(data), names)
	for k, row := range confusion {
		fmt.Fprintf(w, "%-8s %6d\n", names[k], row)
	}
	fmt.Fprintf(w, "ECE %.4f\n", learn.ECE(answers, 15))
	for _, below := range []float64{0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999} {
		curve(w, data, vs, below)
	}
	byScene(w, data, vs, 0.99)
}

// curve writes one point: what is reviewed where a person is asked below a confidence.
func curve(w io.Writer, data []boxed, vs []verdict, below float64) {
	var n, review, swapped, missed int
	for i, b := range data {
		if b.class != detect.ZoneUnclear {
			n++
		}
		switch ask := vs[i].asked || vs[i].sure < below; {
		case ask && b.class != detect.ZoneUnclear:
			review++
		case !ask && b.class == detect.ZoneUnclear:
			missed++
		case !ask && vs[i].silent:
			swapped++
		}
	}
	fmt.Fprintf(w, "asked below %.3f: clear boxes reviewed %d of %d (%.2f %%), silently swapped %d; unclear boxes not asked about %d of %d\n",
		below, review, n, 100*float64(review)/float64(max(n, 1)), swapped, missed, len(data)-n)
}

// byScene writes reviews and silent errors by what was drawn.
func byScene(w io.Writer, data []boxed, vs []verdict, below float64) {
	type tally struct{ n, review, silent int }
	all := map[string]*tally{}
	for i, b := range data {
		k := names[b.class] + " " + b.what
		if all[k] == nil {
			all[k] = &tally{}
		}
		all[k].n++
		if vs[i].asked || vs[i].sure < below {
			all[k].review++
		} else if vs[i].silent {
			all[k].silent++
		}
	}
	var keys []string
	for k := range all {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Fprintf(w, "%-28s %6d boxes, reviewed %5d, silent %3d\n", k, all[k].n, all[k].review, all[k].silent)
	}
}

// show draws what went wrong, and what was asked about though it is clear, worst first.
func show(dir string, net *detect.ZoneNet, data []boxed) error {
	type shot struct {
		b boxed
		v verdict
	}
	groups := map[string][]shot{}
	for _, b := range data {
		v := judge(net, b)
		switch {
		case v.silent && v.sure >= 0.9:
			groups["silent"] = append(groups["silent"], shot{b, v})
		case b.class != detect.ZoneUnclear && (v.asked || v.sure < 0.99):
			groups["review-"+names[b.class]] = append(groups["review-"+names[b.class]], shot{b, v})
		}
	}
	for name, g := range groups {
		slices.SortStableFunc(g, func(a, b shot) int { return cmp.Compare(b.v.sure, a.v.sure) })
		g = g[:min(len(g), 96)]
		const cols, zw, zh = 12, detect.ZoneW*2 + 4, detect.ZoneH*2 + 4
		img := image.NewRGBA(image.Rect(0, 0, cols*zw, (len(g)+cols-1)/cols*zh))
		for i, s := range g {
			x0, y0 := i%cols*zw, i/cols*zh
			fmt.Fprintf(os.Stderr, "%s %d.%d: %s %s, p %.4f\n", name, i/cols+1, i%cols+1, names[s.b.class], s.b.what, s.v.p)
			for y := range detect.ZoneH * 2 {
				for x := range detect.ZoneW * 2 {
					at := (y/2*detect.ZoneW + x/2) * detect.ZonePlanes
					v := s.b.in.Image[at : at+3]
					ink, hid := min(v[0], 1), min(v[1], 1)
					g := 255 * (1 - ink)
					img.SetRGBA(x0+x, y0+y, color.RGBA{uint8(g * (1 - 0.3*hid)), uint8(g * (1 - 0.5*hid)), uint8(g * (1 - 0.2*min(v[2], 1)) * (1 - 0.3*hid)), 255})
				}
			}
		}
		f, err := os.Create(filepath.Join(dir, name+".png"))
		if err != nil {
			return err
		}
		if err := png.Encode(f, img); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}
