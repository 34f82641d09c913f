package pipeline

import "scan/internal/raster"

// Progress hears what a run does, from one goroutine.
type Progress interface {
	// Start comes once the batch is known: how many pages there are and how many of
	// them are to be read.
	Start(pages, toRead int)
	// Page comes after each page that was read.
	Page(PageEvent)
	// Done comes at the end of a run that did not fail.
	Done(Summary)
}

// PageEvent is a page that was read.
type PageEvent struct {
	raster.Ref
	Status, Reason string
	FormPage       int
	Seconds        float64 // decoding and reading, on one worker
}

// Silent is the Progress that says nothing.
type Silent struct{}

// Start does nothing.
func (Silent) Start(int, int) {}

// Page does nothing.
func (Silent) Page(PageEvent) {}

// Done does nothing.
func (Silent) Done(Summary) {}
