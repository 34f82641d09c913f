// Command marks remakes the weights of the mark network, byte for byte:
//
//	go run ./internal/train/marks -seed 1 -o detect/weights/marks.bin
//
// It draws made-up forms, lets made-up writers mark them, scans them with a plain
// scanner of its own, measures every box as the reader does, trains on some writers,
// calibrates on others and reports on a third group. One goroutine, no clock, no
// files: the seed decides everything.
package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"scan/detect"
)

func main() {
	seed := flag.Uint64("seed", 1, "seed of everything drawn")
	out := flag.String("o", "", "file to write the weights to")
	sheets := flag.Int("sheets", 800, "training sheets, one writer each")
	epochs := flag.Int("epochs", 10, "passes over the training boxes")
	flag.Parse()
	if err := run(os.Stderr, *seed, *out, *sheets, *epochs); err != nil {
		fmt.Fprintln(os.Stderr, "marks:", err)
		os.Exit(1)
	}
}

func run(log io.Writer, seed uint64, out string, sheets, epochs int) error {
	// Groups of writers are disjoint: each sheet draws its own from its own source.
	train, _ := collect(seed, 1, sheets, trainMix)
	fmt.Fprintf(log, "%d boxes to train on\n", len(train))
	t := newTrainer(rand.New(rand.NewPCG(seed, 100)))
	t.fit(rand.New(rand.NewPCG(seed, 101)), train, epochs, func(e int, loss float64) {
		fmt.Fprintf(log, "epoch %d: loss %.4f\n", e, loss)
	})
	held, _ := collect(seed, 2, sheets/6, realMix)
	calibrate(t.net, held)
	test, skipped := collect(seed, 3, sheets/6, realMix)
	report(log, t.net, test, 0.995)
	fmt.Fprintf(log, "not asked: %v\n", skipped)
	var buf bytes.Buffer
	if err := t.net.Write(&buf); err != nil {
		return err
	}
	fmt.Fprintf(log, "sha256 %x\n", sha256.Sum256(buf.Bytes()))
	if out == "" {
		return nil
	}
	return os.WriteFile(out, buf.Bytes(), 0o644)
}

// fillScalar is the place of the fill ratio among the network's scalars.
const fillScalar = 1

// collect draws sheets and measures their boxes. skipped counts, by truth, the boxes
// that the reader does not ask the network about.
func collect(seed, group uint64, sheets int, m mix) (data []sample, skipped map[string]int) {
	skipped = map[string]int{}
	for i := range sheets {
		rng := rand.New(rand.NewPCG(seed<<8|group, uint64(i)))
		s := newSheet(rng, m)
		v := scan(rng, s.ink)
		for j, b := range s.boxes {
			if s.kind[j] < 0 {
				continue
			}
			in, ask, why := detect.SeeMark(v, s.form, b, s.boxes)
			if !ask {
				skipped[names[s.kind[j]]+" "+why]++
				continue
			}
			if v.Page.Bilevel && s.kind[j] != empty && in.Scalars[fillScalar] < 0.07 {
				skipped[names[s.kind[j]]+" lost in 1-bit"]++ // the scan holds no such mark any more
				continue
			}
			data = append(data, sample{in, s.kind[j], s.what[j]})
		}
	}
	return data, skipped
}
