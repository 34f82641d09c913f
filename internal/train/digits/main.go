// Command digits trains what ocr.ReadScore rests on and writes ocr/weights/digits.bin.
//
//	go run ./internal/train/digits -data ../shared/data -o ocr/weights/digits.bin
//
// The same data give the same bytes: seeds are fixed, a batch is split into a fixed
// number of shards whose gradients are summed in order, and nothing rests on the
// order of goroutines. That holds per architecture; the record in
// ocr/weights/README.md is of amd64.
//
// With -report it trains nothing and measures the weights at -o on writers that
// neither training nor calibration saw.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"log"
	"os"

	"scan/ocr"
)

func main() {
	log.SetFlags(log.Ltime)
	data := flag.String("data", "../shared/data", "folder of the training sets")
	out := flag.String("o", "ocr/weights/digits.bin", "weights file")
	steps := flag.Int("steps", 9000, "training steps of one batch each")
	report := flag.Bool("report", false, "measure the weights at -o instead of training")
	net := flag.Bool("keep-net", false, "train only what follows the glyph network")
	flag.Parse()
	if err := run(*data, *out, *steps, *report, *net); err != nil {
		log.Fatal(err)
	}
}

func run(data, out string, steps int, report, keepNet bool) error {
	sets, err := loadSets(data)
	if err != nil {
		return err
	}
	m := new(ocr.Model)
	if report || keepNet {
		b, err := os.ReadFile(out)
		if err != nil {
			return err
		}
		if m, err = ocr.ParseModel(b); err != nil {
			return err
		}
	}
	if report {
		return reportAll(m, sets)
	}
	if !keepNet {
		trainNet(&m.Net, sets, steps)
	}
	trainSep(m, sets)
	calibrate(m, sets)
	b := m.Marshal()
	fmt.Printf("%s: %d bytes, sha256 %x\n", out, len(b), sha256.Sum256(b))
	return os.WriteFile(out, b, 0o644)
}
