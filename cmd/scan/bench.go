package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"scan/internal/bench"
	"scan/internal/bench/report"
	"scan/internal/bench/sets"
	"scan/internal/mark"
)

// benchBoxes is how many simulated boxes are made where nobody says: about a minute on
// two cores. It shows that the measure works; a rate of 1e-5 takes 300,000.
const benchBoxes = 3000

// benchFlags are the options of scan bench.
type benchFlags struct {
	data, sets, out      string
	boxes, workers       int
	seed                 uint64
	strict, lenient      bool
	list, items, failing bool
}

func benchCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: benchShort, Long: benchLong, Args: exactly()}
	f := cmd.Flags()
	var o benchFlags
	f.StringVar(&o.data, "data", "", "folder of data sets that are no part of scan")
	f.StringVar(&o.sets, "sets", "", `only sets that fit, as "practice/*,dense/choice-*"`)
	f.IntVar(&o.boxes, "boxes", benchBoxes, "simulated boxes, about, of all sets together")
	f.Uint64Var(&o.seed, "seed", 1, "another seed, other handwriting and scanners")
	f.StringVar(&o.out, "out", "", "write report.html, report.md and pictures to this folder")
	f.BoolVar(&o.items, "items", false, "with --out, write every field to items.csv.gz too")
	f.BoolVar(&o.strict, "strict", false, "as scan read --strict: ask a person more often")
	f.BoolVar(&o.lenient, "lenient", false, "as scan read --lenient: ask a person less often")
	f.BoolVar(&o.list, "list", false, "list the sets and read none")
	f.IntVar(&o.workers, "workers", 0, "pages read at once (default: one a CPU)")
	f.BoolVar(&o.failing, "fail-on-misread", false, "exit with 1 if any field was misread")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		policy, err := o.policy()
		if err != nil {
			return err
		}
		sources, err := o.sources()
		if err != nil || o.list {
			say.benchSets(sources)
			return err
		}
		return runBench(cmd, say, o, sources, policy)
	}
	return cmd
}

// policy checks the flags.
func (o *benchFlags) policy() (mark.Policy, error) {
	switch {
	case o.boxes < 1:
		return mark.Policy{}, usagef("--boxes must be 1 or more, not %d", o.boxes)
	case o.workers < 0:
		return mark.Policy{}, usagef("--workers must be 1 or more, not %d", o.workers)
	case o.items && o.out == "":
		return mark.Policy{}, usagef("--items needs --out DIR")
	}
	if o.data != "" {
		if info, err := os.Stat(o.data); err != nil || !info.IsDir() {
			return mark.Policy{}, usagef("--data: there is no folder %s", o.data)
		}
	}
	return policyOf(o.strict, o.lenient)
}

func (o *benchFlags) sources() ([]bench.Source, error) {
	var patterns []string
	if o.sets != "" {
		patterns = strings.Split(o.sets, ",")
	}
	chosen := bench.Choose(sets.All(), patterns)
	if len(chosen) == 0 {
		return nil, usagef("no set fits --sets %s; scan bench --list names them", o.sets)
	}
	return chosen, nil
}

// errBenchMisread and errBenchFailed end a run that is complete otherwise.
var (
	errBenchMisread = errors.New("fields were misread, which --fail-on-misread makes a failure")
	errBenchFailed  = errors.New("sets failed, so the measure is not complete; the reasons are above")
)

// runBench reads the sets, tells and writes what came out.
func runBench(cmd *cobra.Command, say speech, o benchFlags, sources []bench.Source, policy mark.Policy) error {
	stop, err := startProfile(cmd)
	if err != nil {
		return err
	}
	defer stop()
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o755); err != nil { // before the long part
			return fmt.Errorf("the folder for the report cannot be made: %w", err)
		}
	}
	if o.workers == 0 {
		o.workers = runtime.NumCPU()
	}
	watch := &benchWatch{say: say, sets: len(sources), live: isTerminal(say.err)}
	results, err := bench.Run(cmd.Context(), sources,
		bench.Options{Data: o.data, Boxes: o.boxes, Seed: o.seed, Workers: o.workers},
		bench.Hooks{Begin: watch.begin, Step: watch.step, CPU: cpuSeconds})
	watch.end()
	if err != nil {
		return err
	}
	about := benchAbout(cmd, policy)
	if err := report.Summary(results, about, maxNotes).Text(say.out); err != nil {
		return err
	}
	if err := writeBench(o, results, about); err != nil {
		return err
	}
	say.benched(o.out, results, cpuSeconds())
	return benchError(results, about.Threshold, o.failing)
}

func writeBench(o benchFlags, results []bench.Result, about report.About) error {
	if o.out == "" {
		return nil
	}
	full, err := report.Full(results, about)
	if err != nil {
		return err
	}
	if err := full.Write(o.out); err != nil {
		return fmt.Errorf("the report cannot be written: %w", err)
	}
	if err := report.WriteSpeed(filepath.Join(o.out, "speed.txt"), results); err != nil {
		return err
	}
	if !o.items {
		return nil
	}
	return report.WriteItems(filepath.Join(o.out, "items.csv.gz"), bench.Items(results), about.Threshold)
}

// benchAbout says how the results came to be.
func benchAbout(cmd *cobra.Command, policy mark.Policy) report.About {
	line := []string{"scan", cmd.Name()}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case f.Name == "workers" || f.Name == "cpuprofile" || f.Name == "verbose":
		case f.Value.Type() == "bool":
			line = append(line, "--"+f.Name)
		default:
			line = append(line, "--"+f.Name, shellWord(f.Value.String()))
		}
	})
	about := report.About{Command: strings.Join(line, " "), Version: version(), Conventions: benchConventions, Threshold: policy.Threshold()}
	for _, p := range []struct {
		name            string
		strict, lenient bool
	}{{"--lenient", false, true}, {"by default", false, false}, {"--strict", true, false}} {
		policy, _ := policyOf(p.strict, p.lenient)
		about.Policies = append(about.Policies, report.Policy{Name: p.name, Threshold: policy.Threshold()})
	}
	return about
}

// benchError is nil for a complete measure: misreads are what is measured.
func benchError(results []bench.Result, threshold float64, failing bool) error {
	for _, r := range results {
		if r.Err != nil && !r.Absent() {
			return errBenchFailed
		}
	}
	if failing && bench.CountOf(bench.Items(results), threshold).Misread > 0 {
		return errBenchMisread
	}
	return nil
}

// benchWatch tells on a terminal how far a run has come.
type benchWatch struct {
	say      speech
	at, sets int
	live     bool
}

func (w *benchWatch) begin(string) { w.at++ }

func (w *benchWatch) step(name string, done, all int) {
	if w.live {
		w.say.benchStep(name, w.at, w.sets, done, all)
	}
}

func (w *benchWatch) end() {
	if w.live {
		w.say.benchStepsDone()
	}
}
