package main

import (
	"context"
	"fmt"
	"image"
	"path/filepath"

	"github.com/spf13/cobra"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/review"
	"scan/internal/store"
	"scan/pipeline"
)

func reviewCommand(say speech) *cobra.Command {
	cmd := &cobra.Command{Use: "review DIR", Short: reviewShort, Long: reviewLong, Args: exactly("the exam folder")}
	f := cmd.Flags()
	port := f.Int("port", 0, "port of the page (default: any that is free)")
	quiet := f.Bool("no-browser", false, "print the link and open no browser")
	reviewer := f.String("reviewer", "", "the name that the page proposes for who decides")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *port < 0 || *port > 65535 {
			return usagef("--port must be 0 to 65535, not %d", *port)
		}
		return runReview(cmd, say, filepath.Clean(args[0]), review.Options{Port: *port, Reviewer: *reviewer}, *quiet)
	}
	return cmd
}

// runReview serves the page until Ctrl-C, and then writes the results anew.
func runReview(cmd *cobra.Command, say speech, dir string, o review.Options, quiet bool) error {
	batch := pipeline.Options{Dir: dir, Log: logger(cmd), Program: version()}
	session, err := pipeline.OpenSession(cmd.Context(), batch)
	if err != nil {
		return err
	}
	defer session.Close()
	out, err := session.Outcome(cmd.Context())
	if err != nil {
		return err
	}
	page, err := review.New(cmd.Context(), desk{session}, o)
	if err != nil {
		return err
	}
	say.reviewing(dir, page.Link, out.Summary)
	if !quiet && !openBrowser(cmd, page.Link) {
		say.noBrowser()
	}
	if err := page.Serve(cmd.Context()); err != nil {
		return err
	}
	// Ctrl-C ended the page, not the writing of what was decided on it.
	out, err = settled(context.WithoutCancel(cmd.Context()), batch)
	if err != nil {
		return fmt.Errorf("what was decided is kept, but %s/%s could not be written anew: %w", dir, pipeline.ResultsDir, err)
	}
	say.reviewed(dir, out.Summary)
	if out.Summary.Waiting() {
		return errReview
	}
	return nil
}

// settled writes the results of a folder as it is now: while the page was open more may have been
// read, and exam.yaml and the roster may have been corrected.
func settled(ctx context.Context, o pipeline.Options) (*pipeline.Outcome, error) {
	session, err := pipeline.OpenSession(ctx, o)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	out, err := session.Outcome(ctx)
	if err != nil {
		return nil, err
	}
	return out, writeResults(filepath.Join(o.Dir, pipeline.ResultsDir), out)
}

// desk is a session as the page sees it.
type desk struct{ session *pipeline.Session }

func (d desk) Exam() *exam.Exam     { return d.session.Exam }
func (d desk) Roster() *exam.Roster { return d.session.Roster }

// Batch follows: scan read may run while the page is open.
func (d desk) Batch(ctx context.Context) (*mark.Batch, error) {
	if err := d.session.Follow(ctx); err != nil {
		return nil, err
	}
	out, err := d.session.Outcome(ctx)
	if err != nil {
		return nil, err
	}
	return &out.Batch, nil
}

func (d desk) Decide(ctx context.Context, all []store.Decision) ([]store.Decision, error) {
	_, added, err := d.session.Decide(ctx, all)
	return added, err
}

func (d desk) Ledger(ctx context.Context) ([]store.Decision, error) { return d.session.Ledger(ctx) }

func (d desk) Picture(ctx context.Context, p mark.Page, area geom.Box, pxPerMM float64, turn int) (image.Image, error) {
	return d.session.Picture(ctx, p, area, pxPerMM, turn)
}

func (d desk) FormPicture(ctx context.Context, page int) (image.Image, error) {
	return d.session.FormPicture(ctx, page)
}
