package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"scan/fixtures"
	"scan/internal/store"
	"scan/pipeline"
)

// demoMarker is the file that makes a folder a demo. It holds the options, so that the
// same demo is not made twice and no other folder is ever overwritten.
const demoMarker = "demo.json"

func demoCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "demo [DIR]", Short: demoShort, Long: demoLong,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("scan demo does not know what to do with %q", args[1])
			}
			return nil
		}}
	f := cmd.Flags()
	o := fixtures.BatchOptions{}
	f.IntVar(&o.Booklets, "booklets", 12, "how many booklets")
	f.Uint64Var(&o.Seed, "seed", 1, "another seed, other students")
	f.StringVar(&o.Level, "level", "mix", "how badly scanned: mix, clean, light, default, heavy or brutal")
	f.IntVar(&o.Variant, "form", 0, "0: A4, 16 pages; 1: Letter, 8 pages, two correctors")
	f.BoolVar(&o.Codes, "codes", false, "page codes on every page")
	f.StringVar(&o.Format, "format", "pdf", "of the scans: pdf, or a folder of jpeg, png or tiff pages")
	f.BoolVar(&o.Troubles, "troubles", false, "lost, turned, doubled and foreign pages")
	keep := f.Bool("keep", false, "keep what an earlier run has read (default: read all pages again)")
	workers := f.Int("workers", 0, "pages read at once (default: one a CPU)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir := "demo"
		if len(args) == 1 {
			dir = filepath.Clean(args[0])
		}
		if o.Booklets < 1 {
			return usagef("--booklets must be 1 or more, not %d", o.Booklets)
		}
		return runDemo(cmd, say, dir, o, *keep, *workers)
	}
	return cmd
}

// runDemo makes, reads, compares.
func runDemo(cmd *cobra.Command, say speech, dir string, o fixtures.BatchOptions, keep bool, workers int) error {
	if err := makeDemo(say, dir, o); err != nil {
		return err
	}
	if !keep {
		if err := forgetReadings(dir); err != nil {
			return err
		}
	}
	report, err := newReporter("auto", say)
	if err != nil {
		return err
	}
	before := cpuSeconds()
	out, err := readFolder(cmd, pipeline.Options{Dir: dir, Workers: workers, Progress: report})
	report.close()
	if err != nil {
		return err
	}
	compared, err := fixtures.Compare(filepath.Join(dir, "truth"), filepath.Join(dir, pipeline.ResultsDir))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, demoTable), []byte(compared.Table()), 0o644); err != nil {
		return err
	}
	say.demo(dir, out, compared, cpuSeconds()-before)
	if compared.Misreads() > 0 {
		return errDemoMisread
	}
	return nil
}

// demoTable is the whole comparison, in the demo's folder.
const demoTable = "compare.txt"

// errDemoMisread ends a demo in which something was read wrongly without anybody being
// asked. What waits for review is no failure of a demo.
var errDemoMisread = errors.New("the demo has misreads: wrong readings that nobody would have noticed")

// makeDemo makes the exam folder unless it is there already.
func makeDemo(say speech, dir string, o fixtures.BatchOptions) error {
	want, err := json.Marshal(map[string]any{"booklets": o.Booklets, "seed": o.Seed, "level": o.Level,
		"form": o.Variant, "codes": o.Codes, "troubles": o.Troubles, "format": o.Format, "version": version()})
	if err != nil {
		return err
	}
	marker := filepath.Join(dir, demoMarker)
	have, err := os.ReadFile(marker)
	switch {
	case err == nil && string(have) == string(want):
		return nil
	case err == nil:
		if err := clearDemo(dir); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case !emptyOrAbsent(dir):
		return fmt.Errorf("%s is there and is no demo; name another folder, it is not overwritten", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	// An interrupted making leaves a marker that matches no options.
	if err := os.WriteFile(marker, []byte("unfinished"), 0o644); err != nil {
		return err
	}
	say.making(dir, o)
	if _, err := fixtures.MakeBatch(dir, o); err != nil {
		return err
	}
	return os.WriteFile(marker, want, 0o644)
}

func emptyOrAbsent(dir string) bool {
	entries, err := os.ReadDir(dir)
	return errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0
}

// clearDemo removes what a demo consists of, and nothing else.
func clearDemo(dir string) error {
	for _, name := range []string{"scans", "truth", pipeline.ResultsDir} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return forgetReadings(dir)
}

// forgetReadings makes the next run read every page again.
func forgetReadings(dir string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Remove(filepath.Join(dir, store.FileName+suffix))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
