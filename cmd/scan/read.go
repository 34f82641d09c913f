package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"

	"github.com/spf13/cobra"

	"scan/internal/mark"
	"scan/internal/raster"
	"scan/pipeline"
)

// testOnlyBeforePage is called before a page is decoded. Tests kill the process here.
var testOnlyBeforePage func(raster.Ref)

func readCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "read DIR", Short: readShort, Long: readLong, Args: exactly("the exam folder")}
	f := cmd.Flags()
	workers := f.Int("workers", 0, "pages read at once (default: one a CPU)")
	progress := f.String("progress", "auto", "auto, bar, json or none")
	strict := f.Bool("strict", false, "ask a person more often")
	lenient := f.Bool("lenient", false, "ask a person less often")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		policy, err := policyOf(*strict, *lenient)
		if err != nil {
			return err
		}
		if *workers < 0 {
			return usagef("--workers must be 1 or more, not %d", *workers)
		}
		report, err := newReporter(*progress, say)
		if err != nil {
			return err
		}
		out, err := readFolder(cmd, pipeline.Options{Dir: filepath.Clean(args[0]), Workers: *workers, Policy: policy, Progress: report})
		report.close()
		if err != nil {
			return err
		}
		report.finish(filepath.Clean(args[0]), out)
		if out.Summary.Waiting() {
			return errReview
		}
		return nil
	}
	return cmd
}

// policyOf turns the two flags into how many reviews an unnoticed misread is worth.
func policyOf(strict, lenient bool) (mark.Policy, error) {
	switch {
	case strict && lenient:
		return mark.Policy{}, usagef("--strict and --lenient exclude each other")
	case strict:
		return mark.Policy{CostRatio: 10 * mark.DefaultCostRatio}, nil
	case lenient:
		return mark.Policy{CostRatio: mark.DefaultCostRatio / 10}, nil
	}
	return mark.Policy{}, nil
}

// readFolder reads an exam folder and writes its results. It is what read and demo
// have in common.
func readFolder(cmd *cobra.Command, o pipeline.Options) (*pipeline.Outcome, error) {
	stop, err := startProfile(cmd)
	if err != nil {
		return nil, err
	}
	defer stop()
	o.Log = logger(cmd)
	o.BeforePage, o.Program = testOnlyBeforePage, version()
	out, err := pipeline.Read(cmd.Context(), o)
	if err != nil {
		return nil, err
	}
	return out, writeResults(filepath.Join(o.Dir, pipeline.ResultsDir), out)
}

// startProfile starts the CPU profile that --cpuprofile asks for.
func startProfile(cmd *cobra.Command) (stop func(), err error) {
	path, err := cmd.Flags().GetString("cpuprofile")
	if err != nil || path == "" {
		return func() {}, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("the profile cannot be written: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

// logger writes every step to standard error with --verbose, nothing without.
func logger(cmd *cobra.Command) *slog.Logger {
	to := io.Discard
	if on, err := cmd.Flags().GetBool("verbose"); err == nil && on {
		to = cmd.ErrOrStderr()
	}
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
