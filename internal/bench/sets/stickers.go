package sets

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"scan/fixtures"
	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/pipeline"
)

// stickerTrouble is what may happen to a sticker. Numbers are drawn anew for each one.
type stickerTrouble struct {
	name, about string
	apply       func(s *sticker)
}

var stickerTroubles = []stickerTrouble{
	{"plain", "within 2 mm and 3 degrees of where they belong", func(*sticker) {}},
	{"crooked", "turned by 8 to 45 degrees, a quarter of them by a quarter turn or more on top", func(s *sticker) {
		s.deg = (8 + 37*s.rng.Float64()) * float64(1-2*s.rng.IntN(2))
		if s.rng.IntN(4) == 0 {
			s.deg += 90 * float64(1+s.rng.IntN(3))
		}
	}},
	{"outside", "a third to two thirds beyond the field, but on the sheet", func(s *sticker) {
		if s.rng.IntN(2) == 0 {
			s.at.X += (0.33 + 0.33*s.rng.Float64()) * labelW * float64(1-2*s.rng.IntN(2))
		} else {
			s.at.Y += (0.33 + 0.33*s.rng.Float64()) * labelH * float64(1-2*s.rng.IntN(2))
		}
	}},
	{"smudged", "wiped over while wet: the print drawn out by 0.3 to 0.8 mm", func(s *sticker) { s.smear(0.3 + 0.5*s.rng.Float64()) }},
	{"written", "one to three pen strokes across", func(s *sticker) { s.strokes = 1 + s.rng.IntN(3) }},
	{"weak", "printed at a fifth to a half of black, fading along the label", func(s *sticker) { s.fade(0.2+0.3*s.rng.Float64(), 0.3+0.7*s.rng.Float64()) }},
}

// stickerShare of the boxes asked for is how many stickers each trouble gets.
const stickerShare = 0.0004

func stickerSets() (all []bench.Source) {
	for i, t := range stickerTroubles {
		all = append(all, set{"stickers/" + t.name, bench.Simulated,
			"stickers of three symbologies on covers of both forms, read as a batch with its roster: " + t.about,
			func(ctx context.Context, o bench.Options) ([]bench.Item, error) {
				return t.read(ctx, o, o.Seed+seedBase+uint64(i)*10_000)
			}})
	}
	return all
}

func (t stickerTrouble) read(ctx context.Context, o bench.Options, seed uint64) (all []bench.Item, err error) {
	n := max(2, int(math.Ceil(stickerShare*float64(o.Boxes)/fixtures.Variants)))
	for v := range fixtures.Variants {
		items, err := t.batch(ctx, o, v, n, seed+uint64(v))
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		o.Step(v+1, fixtures.Variants)
	}
	return all, nil
}

// batch makes an exam folder whose scans are covers alone, and reads it.
func (t stickerTrouble) batch(ctx context.Context, o bench.Options, variant, n int, seed uint64) ([]bench.Item, error) {
	dir, err := os.MkdirTemp("", "scan-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	opt := fixtures.Options{Variant: variant, Students: max(n, 12), Seed: seed}
	if err := fixtures.WriteExam(dir, opt); err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(dir, pipeline.ScansDir), 0o755); err != nil {
		return nil, err
	}
	students := fixtures.Roster(opt)[:n]
	covers := make([]cover, n)
	_, err = each(ctx, bench.Options{Workers: o.Workers}, n, func(i int) ([]bench.Item, error) {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		sc, hidden, err := t.cover(variant, students[i], i, rng)
		if err != nil {
			return nil, err
		}
		covers[i] = cover{students[i].Code, sc.MMToPix, hidden}
		b, err := raster.EncodeJPEG(sc.Page, sc.Quality)
		if err != nil {
			return nil, err
		}
		return nil, os.WriteFile(filepath.Join(dir, pipeline.ScansDir, coverFile(i)), b, 0o644)
	})
	if err != nil {
		return nil, err
	}
	return readCovers(ctx, o, dir, variant, covers)
}

// cover is the truth of one scan.
type cover struct {
	code   string
	toPix  geom.Homography
	hidden bool // part of the label is not on the scan
}

func coverFile(i int) string { return fmt.Sprintf("cover%04d.jpg", i+1) }

// cover fills and scans a cover, with the sticker in trouble instead of the one of the
// practice exam.
func (t stickerTrouble) cover(variant int, st fixtures.Student, i int, rng *rand.Rand) (sc fixtures.Scanned, hidden bool, err error) {
	pr, err := fixtures.SharedPrint(variant)
	if err != nil {
		return sc, false, err
	}
	bare, form, e := *pr, *pr.Form, *pr.Exam
	e.Sticker, form.Exam = nil, &e
	bare.Form = &form
	page, err := bare.Fill(fixtures.PlanBooklet(&form, st, i+1, "", rng.Uint64()), 1, false)
	if err != nil {
		return sc, false, err
	}
	field := pr.Exam.Sticker.Box
	s := &sticker{rng: rng, deg: 1.2 * rng.NormFloat64(),
		at: field.Center().Add(geom.Point{X: 4*rng.Float64() - 2, Y: 3*rng.Float64() - 1.5})}
	if s.label, err = drawLabel(st.Code, labelKinds[i%len(labelKinds)]); err != nil {
		return sc, false, err
	}
	t.apply(s)
	s.keepOn(form.WidthMM, form.HeightMM)
	s.stick(page)
	level, err := fixtures.LevelByName("default")
	if err != nil {
		return sc, false, err
	}
	sc = fixtures.Scan(page, level, 1, rng)
	return sc, !sc.Shows(s.bounds()), nil
}

// readCovers reads the batch and finds what each cover's sticker was taken for.
func readCovers(ctx context.Context, o bench.Options, dir string, variant int, covers []cover) ([]bench.Item, error) {
	out, err := pipeline.Read(ctx, pipeline.Options{Dir: dir, Workers: o.Workers})
	if err != nil {
		return nil, err
	}
	form, err := fixtures.NewForm(variant)
	if err != nil {
		return nil, err
	}
	box := form.Exam.Sticker.Box
	items := make([]bench.Item, len(covers))
	for i, c := range covers {
		it := &items[i]
		*it = bench.Item{Field: bench.Sticker, Truth: c.code, Odd: c.hidden, Kind: labelKinds[i%len(labelKinds)], Reason: "no-row",
			Name: fmt.Sprintf("form %d %s", variant, coverFile(i)), Group: fmt.Sprintf("form %d %s", variant, coverFile(i))}
		for _, r := range out.Readings {
			if r.Source == coverFile(i) && r.Field == exam.StickerField {
				take(it, reading{r.Value, hardReason(r.Reason), r.Reason, r.Confidence})
			}
		}
		place(it, box, form.WidthMM, form.HeightMM)
		if showing(ctx) {
			page, err := openPage(filepath.Join(dir, pipeline.ScansDir, coverFile(i)), 1)
			if err != nil {
				return nil, err
			}
			show(ctx, *it, raster.View{Page: page, MMToPix: c.toPix}, box)
		}
	}
	return items, nil
}
