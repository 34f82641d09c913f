package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes: what a script may rely on. They are decided in exitCode alone; 2 is
// left to Go's own panics.
const (
	exitOK     = 0  // everything is decided
	exitFailed = 1  // the run failed; earlier results are as they were
	exitReview = 3  // finished, and something waits for a person
	exitUsage  = 64 // the command line is wrong
)

// errReview is returned by a command that finished and left something for a person.
var errReview = errors.New("something waits for review")

// usageError is a wrong command line.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is the whole program: it returns the exit code and touches nothing global.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	say := speech{out: stdout, err: stderr}
	root := rootCommand(say)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	say.failure(err)
	return exitCode(err)
}

func exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errReview):
		return exitReview
	case errors.As(err, &usage):
		return exitUsage
	}
	return exitFailed
}

func rootCommand(say speech) *cobra.Command {
	root := &cobra.Command{
		Use: "scan", Short: rootShort, Long: rootLong,
		SilenceUsage: true, SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("there is no command %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().BoolP("verbose", "v", false, "tell every step on standard error")
	root.PersistentFlags().String("cpuprofile", "", "write a CPU profile to this file")
	root.PersistentFlags().Lookup("cpuprofile").Hidden = true
	root.AddCommand(newCommand(say), checkCommand(say), editCommand(say), printCommand(say), readCommand(say), reviewCommand(say), exportCommand(say), explainCommand(say), demoCommand(say), benchCommand(say), versionCommand(say))
	return root
}

// exactly checks the number of arguments and names them in the message.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usagef("scan %s needs %s", cmd.Name(), names[len(args)])
		case len(args) > len(names):
			return usagef("scan %s does not know what to do with %q", cmd.Name(), args[len(names)])
		}
		return nil
	}
}
