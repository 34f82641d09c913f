package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"scan/internal/editor"
	"scan/pipeline"
)

func editCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "edit DIR", Short: editShort, Long: editLong, Args: exactly("the exam folder")}
	f := cmd.Flags()
	port := f.Int("port", 0, "port of the page (default: any that is free)")
	quiet := f.Bool("no-browser", false, "print the link and open no browser")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *port < 0 || *port > 65535 {
			return usagef("--port must be 0 to 65535, not %d", *port)
		}
		dir := filepath.Clean(args[0])
		s, err := editor.New(cmd.Context(), editor.Options{Dir: dir, ExamFile: pipeline.ExamFile,
			CacheDir: filepath.Join(dir, pipeline.ResultsDir, ".cache"), Port: *port})
		if err != nil {
			return err
		}
		say.editing(dir, s.Link)
		if !*quiet && !openBrowser(cmd, s.Link) {
			say.noBrowser()
		}
		return s.Serve(cmd.Context())
	}
	return cmd
}

// openBrowser shows a link to the person at this machine, if there is one with a screen.
func openBrowser(cmd *cobra.Command, link string) bool {
	opener := "xdg-open"
	switch {
	case runtime.GOOS == "darwin":
		opener = "open"
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return false
	}
	c := exec.CommandContext(context.WithoutCancel(cmd.Context()), opener, link) //nolint:gosec // the link is our own
	if c.Start() != nil {
		return false
	}
	go func() { _ = c.Wait() }() // how it ends is the browser's affair
	return true
}
