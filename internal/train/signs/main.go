// Command signs remakes the weights of the zone network, which judges what stands beside
// a box, byte for byte:
//
//	go run ./internal/train/signs -o detect/weights/signs.bin
//
// It draws made-up forms, lets made-up hands fill and cross their boxes and put all kinds
// of things beside them, scans them, measures every box as the reader does, trains on some
// hands, calibrates on others and reports on a third group. No clock, no files: the seed
// decides everything, and the number of goroutines nothing.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"

	"scan/detect"
	"scan/internal/nn"
	"scan/internal/nn/learn"
)

// options of a training.
type options struct {
	seed                       uint64
	sheets, held, test, epochs int
	out, in, show              string
	again                      bool
}

func main() {
	var o options
	flag.Uint64Var(&o.seed, "seed", 1, "seed of everything drawn")
	flag.IntVar(&o.sheets, "sheets", 600, "training sheets, one hand each")
	flag.IntVar(&o.held, "held", 120, "sheets for calibration")
	flag.IntVar(&o.test, "test", 60, "sheets for the report")
	flag.IntVar(&o.epochs, "epochs", 14, "passes over the training boxes")
	flag.StringVar(&o.out, "o", "", "file to write the weights to")
	flag.StringVar(&o.in, "report", "", "weights to report on instead of training")
	flag.BoolVar(&o.again, "calibrate", false, "calibrate the weights of -report again, as a training ends")
	flag.StringVar(&o.show, "show", "", "folder for pictures of what was misread or reviewed")
	flag.Parse()
	if err := run(os.Stderr, o); err != nil {
		fmt.Fprintln(os.Stderr, "signs:", err)
		os.Exit(1)
	}
}

func run(log io.Writer, o options) error {
	net := detect.NewZoneNet()
	if o.in != "" {
		b, err := os.ReadFile(o.in)
		if err != nil {
			return err
		}
		if err := net.Unpack(b); err != nil {
			return err
		}
		if o.again {
			calibrate(o, net)
		}
	} else {
		train(log, o, net)
	}
	test := collect(o.seed, 3, o.test, realMix)
	report(log, net, test)
	if o.show != "" {
		if err := show(o.show, net, test); err != nil {
			return err
		}
	}
	b := net.Pack()
	fmt.Fprintf(log, "sha256 %x\n", sha256.Sum256(b))
	if o.out == "" {
		return nil
	}
	return os.WriteFile(o.out, b, 0o644)
}

func train(log io.Writer, o options, net *detect.ZoneNet) {
	data := samples(collect(o.seed, 1, o.sheets, trainMix))
	fmt.Fprintf(log, "%d boxes to train on\n", len(data))
	t := learn.New(detect.ZoneSpec, rand.New(rand.NewPCG(o.seed, 100)))
	t.Fit(data, learn.Options{Epochs: o.epochs, Batch: 16, Rate: 0.002, Decay: 1e-4 * 5, LabelSmoothing: 0.002, Seed: o.seed,
		Workers: runtime.GOMAXPROCS(0), Augment: mirror,
		Log: func(e int, loss, right float64) {
			fmt.Fprintf(log, "epoch %d: loss %.4f, right %.4f\n", e, loss, right)
		}})
	net.Net = nn.Net{Spec: detect.ZoneSpec, W: t.Net.W}
	calibrate(o, net)
}

// calibrate fits scales and biases on hands of their own.
func calibrate(o options, net *detect.ZoneNet) {
	data := collect(o.seed, 2, o.held, realMix)
	held := make([]learn.Scored, len(data))
	for i, s := range samples(data) {
		z := net.Logits(data[i].in)
		held[i] = learn.Scored{Logits: z[:], Class: s.Class}
	}
	net.Calibration = learn.ScaleBias(held)
}

// mirror turns every other picture upside down: no sign changes its meaning by it.
func mirror(rng *rand.Rand, s *learn.Sample) {
	if rng.IntN(2) == 0 {
		detect.MirrorZone(s.Image)
	}
}

// halfSigns are marks on the left that are signs to most people, though none that the
// forms name: worth a question, and yet no reason to doubt a cross that looks a little
// like them. In training they are signs by halfShare, else unclear: a reader is then never
// sure of one, and still tells a plus from a dash by no more than it must.
var halfSigns = []string{"dash", "slash", "word", "number"}

const halfShare = 0.85

// boxed is one box as the network sees it, with what is beside it.
type boxed struct {
	in    *detect.ZoneInput
	class int
	what  string
}

func samples(all []boxed) []learn.Sample {
	out := make([]learn.Sample, len(all))
	for i, b := range all {
		out[i] = learn.Sample{Image: b.in.Image[:], Scalars: b.in.Scalars[:], Class: b.class}
		if b.class == detect.ZoneUnclear && slices.Contains(halfSigns, b.what) {
			out[i].Soft = []float32{0, halfShare, 1 - halfShare}
			if float64(i%20) < 20*halfShare { // where classes are hard, as in calibration
				out[i].Class = detect.ZoneSign
			}
		}
	}
	return out
}

// collect draws sheets and measures their boxes. Groups of hands are disjoint: each sheet
// draws its own from its own source.
func collect(seed, group uint64, sheets int, m mix) (all []boxed) {
	per := make([][]boxed, sheets)
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				per[i] = measure(rand.New(rand.NewPCG(seed<<8|group, uint64(i))), m)
			}
		})
	}
	for i := range sheets {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, p := range per {
		all = append(all, p...)
	}
	return all
}

// measure draws one sheet and returns its boxes.
func measure(rng *rand.Rand, m mix) (all []boxed) {
	s := newSheet(rng)
	s.markAll(rng, m)
	v := scan(rng, s.ink)
	paper := detect.LookAtPaper(v, s.form)
	for i, b := range s.boxes {
		if s.class[i] < 0 {
			continue
		}
		in, why := detect.SeeZone(v, s.form, b, s.boxes, paper)
		if why != "" || s.class[i] == detect.ZoneSign && lost(in) {
			continue
		}
		all = append(all, boxed{in, s.class[i], s.what[i]})
	}
	return all
}

// lost reports that a scan shows next to nothing left of the box, as of a pale sign in
// 1-bit: nobody can tell any more.
func lost(in *detect.ZoneInput) bool {
	sum := float32(0)
	for y := range detect.ZoneH {
		for x := range 40 {
			sum += in.Image[(y*detect.ZoneW+x)*detect.ZonePlanes]
		}
	}
	return sum < 8
}
