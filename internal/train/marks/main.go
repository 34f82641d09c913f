// Command marks remakes the weights of the mark network, byte for byte:
//
//	go run ./internal/train/marks -seed 1 -o detect/weights/marks.bin
//
// It draws made-up forms, lets made-up writers mark them, scans them with a plain
// scanner of its own, measures every box as the reader does, trains on some writers,
// calibrates on others and reports on a third group. No clock, no files: the seed
// decides everything, whatever the number of goroutines.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"scan/detect"
	"scan/internal/nn/learn"
)

func main() {
	o := options{}
	flag.Uint64Var(&o.seed, "seed", 1, "seed of everything drawn")
	flag.StringVar(&o.out, "o", "", "file to write the weights to")
	flag.IntVar(&o.sheets, "sheets", 2600, "training sheets, one writer each")
	flag.IntVar(&o.held, "held", 500, "sheets to calibrate on")
	flag.IntVar(&o.test, "test", 100, "sheets to report on")
	flag.IntVar(&o.epochs, "epochs", 15, "passes over the training boxes")
	flag.StringVar(&o.weights, "report", "", "only report, on weights of this file")
	flag.Parse()
	if err := run(os.Stderr, o); err != nil {
		fmt.Fprintln(os.Stderr, "marks:", err)
		os.Exit(1)
	}
}

type options struct {
	seed                       uint64
	out, weights               string
	sheets, held, test, epochs int
}

// Groups of writers are disjoint: each sheet draws its own from its own source.
const (
	toTrain = iota + 1
	toCalibrate
	toReport
)

func run(log io.Writer, o options) error {
	if o.weights != "" {
		data, err := os.ReadFile(o.weights)
		if err != nil {
			return err
		}
		net, err := detect.ReadMarkNet(data)
		if err != nil {
			return err
		}
		if o.out != "" {
			return calibrate(log, net, o)
		}
		report(log, net, o)
		return nil
	}
	train := collect(o.seed, toTrain, o.sheets, trainMix)
	fmt.Fprintf(log, "%d boxes to train on: %v; not asked about: %v\n", len(train.boxes), train.count(), train.skipped)
	t := learn.New(detect.MarkSpec, rand.New(rand.NewPCG(o.seed, 100)))
	t.Fit(train.samples(), learn.Options{Epochs: o.epochs, Rate: 0.003, Decay: 0.01, Batch: 32, Seed: o.seed, Augment: turn,
		Log: func(e int, loss, right float64) {
			fmt.Fprintf(log, "epoch %d: loss %.4f, right %.4f\n", e, loss, right)
		}})
	net := detect.NewMarkNet()
	copy(net.W, t.Net.W)
	return calibrate(log, net, o)
}

// calibrate fits the confidences on writers that were not trained on, and writes the file. With
// -report and -o it does so for the weights of another file.
func calibrate(log io.Writer, net *detect.MarkNet, o options) error {
	held := collect(o.seed, toCalibrate, o.held, examMix)
	net.Calibration = learn.ScaleBias(scored(net, held.samples()))
	report(log, net, o)
	data := net.Pack()
	fmt.Fprintf(log, "sha256 %x\n", sha256.Sum256(data))
	if o.out == "" {
		return nil
	}
	return os.WriteFile(o.out, data, 0o644)
}

// scored asks the network about samples as the reader does.
func scored(net *detect.MarkNet, samples []learn.Sample) []learn.Scored {
	all := make([]learn.Scored, len(samples))
	a := net.NewActs()
	for i, s := range samples {
		in := detect.MarkInput{Image: s.Image, Scalars: s.Scalars}
		all[i] = learn.Scored{Logits: net.Logits(&in, a), Class: s.Class}
	}
	return all
}

// turn mirrors a sample in one of eight ways.
func turn(rng *rand.Rand, s *learn.Sample) {
	if how := rng.IntN(8); how > 0 {
		in := detect.MarkInput{Image: s.Image, Scalars: s.Scalars}
		detect.TurnMark(&in, how, make([]float32, len(s.Image)))
	}
}
