package review

import (
	"context"
	"image"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/store"
)

// Desk is the batch under review. It is safe for concurrent use.
type Desk interface {
	Exam() *exam.Exam
	Roster() *exam.Roster // nil without one

	// Batch returns the batch with all decisions applied, the same pointer until there are new
	// ones, of whomever.
	Batch(ctx context.Context) (*mark.Batch, error)
	// Decide adds decisions to the ledger, all or none, and returns them with id and time.
	Decide(ctx context.Context, all []store.Decision) ([]store.Decision, error)
	// Ledger returns all decisions ever made, oldest first.
	Ledger(ctx context.Context) ([]store.Decision, error)
	// Picture samples area, mm of the frame that the page's row gives, with pxPerMM pixels a mm;
	// turn is a further clockwise turn, of pages that are not registered.
	Picture(ctx context.Context, p mark.Page, area geom.Box, pxPerMM float64, turn int) (image.Image, error)
	// FormPicture shows a page of the printed form, counted from 1.
	FormPicture(ctx context.Context, page int) (image.Image, error)
}

// Options says how the page is to be found and by whom.
type Options struct {
	Port     int    // 0: any that is free
	Reviewer string // the name that the page proposes, "" none
}
