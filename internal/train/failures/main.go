// Command failures reads sets of the bench and draws what was misread, asked about or read
// with the least confidence: the field on its scan, what is there, what was seen.
//
//	go run ./internal/train/failures -data ../shared -o /tmp/failures zesje/ ballots/
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"scan/internal/bench"
	"scan/internal/bench/sets"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/raster"
)

func main() {
	var o bench.Options
	out := flag.String("o", "/tmp/failures", "folder of the pictures")
	flag.StringVar(&o.Data, "data", "../shared", "folder of the data sets")
	flag.IntVar(&o.Boxes, "boxes", 0, "simulated boxes")
	flag.Uint64Var(&o.Seed, "seed", 1, "of what is made")
	flag.IntVar(&o.Workers, "workers", runtime.GOMAXPROCS(0), "pages read at once")
	most := flag.Int("n", 120, "pictures a set")
	every := flag.Bool("all", false, "draw every field, not failures alone")
	flag.Parse()
	fmt.Printf("%-36s %-8s %7s %7s %7s %7s %7s %7s %6s\n", "set", "field", "fields", "right", "review", "asked", "misread", "wrong", "wall s")
	for _, s := range sets.All() {
		if !wanted(s.Name(), flag.Args()) {
			continue
		}
		if err := one(s, o, *out, *most, *every); err != nil && !errors.Is(err, bench.ErrAbsent) {
			fmt.Fprintf(os.Stderr, "failures: %v\n", err)
			os.Exit(1)
		}
	}
}

func wanted(name string, args []string) bool {
	return len(args) == 0 || slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(name, a) })
}

// tile is a field with its picture.
type tile struct {
	bench.Item
	img image.Image
}

// badness orders tiles: misreads by their confidence, then reviews, then the rest.
func (t tile) badness() float64 {
	switch t.Outcome(mark.Policy{}.Threshold()) {
	case bench.Misread:
		return 2 + t.Confidence
	case bench.Review:
		if t.Odd {
			return 0.5 - t.Confidence/2
		}
		return 1 + 0.9*(1-t.Confidence)
	default:
		return 0
	}
}

// one reads a set, prints its counts and draws its worst fields.
func one(s bench.Source, o bench.Options, dir string, most int, every bool) error {
	var tiles []tile
	ctx := sets.WithShow(context.Background(), func(it bench.Item, v raster.View, b geom.Box) {
		t := tile{Item: it}
		if t.badness() >= 1 || every {
			t.img = crop(v, b)
			tiles = append(tiles, t)
		}
		if len(tiles) > 4*most && !every {
			tiles = worst(tiles, most)
		}
	})
	start := time.Now()
	items, err := s.Items(ctx, o)
	if err != nil {
		return err
	}
	order, parts := bench.Split(items)
	for _, k := range order {
		c := bench.CountOf(parts[k], mark.Policy{}.Threshold())
		fmt.Printf("%-36s %-8s %7d %7d %7d %7d %7d %7d %6.1f\n", k.Set, k.Field, c.Fields, c.Right, c.Review, c.Asked, c.Misread, c.Wrong, time.Since(start).Seconds())
	}
	if !every {
		tiles = worst(tiles, most)
	}
	if len(tiles) == 0 {
		return nil
	}
	return save(filepath.Join(dir, strings.ReplaceAll(s.Name(), "/", "-")+".png"), tiles)
}

func worst(tiles []tile, n int) []tile {
	slices.SortStableFunc(tiles, func(a, b tile) int {
		return cmp.Or(cmp.Compare(b.badness(), a.badness()), cmp.Compare(a.Name, b.Name))
	})
	return tiles[:min(n, len(tiles))]
}

const side, textHigh, columns = 180, 56, 8

// crop cuts the field with 4 mm around it.
func crop(v raster.View, b geom.Box) image.Image {
	const m = 4.0
	around := b.Inset(-m)
	k := float64(side) / max(around.W, around.H)
	p := v.Sample(around, k)
	im := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(im, im.Bounds(), image.White, image.Point{}, draw.Src)
	for y := range min(p.Y.H, side) {
		for x := range min(p.Y.W, side) {
			c := color.RGBA{p.Y.At(x, y), p.Y.At(x, y), p.Y.At(x, y), 255}
			if p.Cb != nil {
				c.R, c.G, c.B = color.YCbCrToRGB(p.Y.At(x, y), p.Cb.At(x, y), p.Cr.At(x, y))
			}
			im.SetRGBA(x, y, c)
		}
	}
	frame := image.Rect(int(m*k), int(m*k), int((m+b.W)*k), int((m+b.H)*k))
	for x := frame.Min.X; x < frame.Max.X; x += 4 {
		im.Set(x, frame.Min.Y-3, color.RGBA{0, 160, 0, 255})
		im.Set(x, frame.Max.Y+3, color.RGBA{0, 160, 0, 255})
	}
	return im
}

func save(path string, tiles []tile) error {
	rows := (len(tiles) + columns - 1) / columns
	im := image.NewRGBA(image.Rect(0, 0, columns*(side+4), rows*(side+textHigh)))
	draw.Draw(im, im.Bounds(), image.White, image.Point{}, draw.Src)
	for i, t := range tiles {
		x, y := i%columns*(side+4), i/columns*(side+textHigh)
		draw.Draw(im, image.Rect(x, y, x+side, y+side), t.img, image.Point{}, draw.Src)
		ink := color.RGBA{0, 0, 160, 255}
		if t.badness() >= 2 {
			ink = color.RGBA{220, 0, 0, 255}
		}
		short := t.Name
		if len(short) > 25 {
			short = short[len(short)-25:]
		}
		for j, line := range []string{short, fmt.Sprintf("is %s (%s)", t.Truth, t.Kind), fmt.Sprintf("%s %.4f", t.Value, t.Confidence), t.Reason} {
			d := font.Drawer{Dst: im, Src: image.NewUniform(ink), Face: basicfont.Face7x13, Dot: fixed.P(x+2, y+side+12+j*13)}
			d.DrawString(line)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return png.Encode(f, im)
}
