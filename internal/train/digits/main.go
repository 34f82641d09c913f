// Command digits trains what ocr.ReadScore rests on and writes ocr/weights/digits.bin.
//
//	go run ./internal/train/digits -data ../shared/data -o ocr/weights/digits.bin
//
// The same data give the same bytes, whatever the number of processors. That holds per
// architecture; the record in ocr/weights/README.md is of amd64.
//
// With -report it trains nothing and measures the weights at -o on writers that
// neither training nor calibration saw; -fields 0 leaves out the whole fields.
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
	epochs := flag.Int("epochs", 11, "epochs of the glyph network")
	report := flag.Bool("report", false, "measure the weights at -o instead of training")
	fields := flag.Int("fields", 6000, "fields of the report")
	keep := flag.String("keep-net", "", "weights file whose glyph network is kept: only what follows is trained")
	flag.Parse()
	if err := run(*data, *out, *epochs, *report, *fields, *keep); err != nil {
		log.Fatal(err)
	}
}

func run(data, out string, epochs int, report bool, fields int, keep string) error {
	sets, err := loadSets(data)
	if err != nil {
		return err
	}
	if report {
		m, err := load(out)
		if err != nil {
			return err
		}
		return reportAll(m, sets, fields)
	}
	m := ocr.NewModel()
	if keep != "" {
		if m, err = load(keep); err != nil {
			return err
		}
	} else {
		trainNet(m, sets, epochs)
	}
	trainSep(m, sets)
	calibrate(m, sets)
	b := m.Marshal()
	fmt.Printf("%s: %d bytes, sha256 %x\n", out, len(b), sha256.Sum256(b))
	return os.WriteFile(out, b, 0o644)
}

func load(file string) (*ocr.Model, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return ocr.ParseModel(b)
}
