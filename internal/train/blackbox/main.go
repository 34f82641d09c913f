// Command blackbox makes the committed black-box sets below fixtures/blackbox: small
// exam folders with scans and their truth. They are made once and kept, so that a change
// of the generator cannot hide a change of the reader; make them anew only to widen them,
// and say so in fixtures/blackbox/README.md.
//
//	go run ./internal/train/blackbox -o fixtures/blackbox
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"scan/fixtures"
)

// sets are named by what they try. 150 dpi keeps them small; it is also the least
// resolution promised.
var sets = []struct {
	name string
	opt  fixtures.BatchOptions
}{
	{"a-150dpi-default", fixtures.BatchOptions{Seed: 101, Booklets: 1, Level: "default", DPI: 150, Students: 12}},
	{"b-150dpi-codes-light", fixtures.BatchOptions{Seed: 102, Booklets: 1, Level: "light", Variant: 1, Codes: true, DPI: 150, Students: 12}},
	{"b-150dpi-troubles-heavy", fixtures.BatchOptions{Seed: 103, Booklets: 2, Level: "heavy", Variant: 1, Troubles: true, DPI: 150, Students: 12}},
}

func main() {
	out := flag.String("o", "fixtures/blackbox", "folder of the sets")
	flag.Parse()
	for _, s := range sets {
		dir := filepath.Join(*out, s.name)
		err := os.RemoveAll(dir)
		if err == nil {
			_, err = fixtures.MakeBatch(dir, s.opt)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "blackbox: %s: %v\n", s.name, err)
			os.Exit(1)
		}
	}
}
