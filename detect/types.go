// Package detect turns pixels into geometry and ink: it registers a scanned page
// to the printed form and reads the boxes on it.
package detect

import (
	"scan/internal/geom"
	"scan/internal/raster"
)

// Registered is what is known of a page after registration. Where OK is false the
// page is refused: FormPage and the view must not be used for reading, and Reason
// says why (see docs/formats.md for the words).
type Registered struct {
	raster.View
	OK       bool
	Reason   string
	FormPage int // counted from 1; the best guess where OK is false, 0 if none

	// Rotation is the quarter turn in degrees, clockwise, that brings the stored
	// pixels upright (0, 90, 180, 270); SkewDeg is what remains, in (-45, 45].
	Rotation int
	SkewDeg  float64
	// Scale is pixels per mm relative to what the file's DPI claims (1 = as claimed);
	// PxPerMM is absolute.
	Scale, PxPerMM float64

	ResidualMM float64 // RMS distance of verified anchors to the fitted transform
	Coverage   float64 // share of the page's printed area that verified anchors span, [0,1]
	Margin     float64 // match score minus that of the second-best form page, [0,1]

	paper *lazyPaper // nil: looked at anew for every question
	score float64    // share of anchors found times share of print found, [0,1]
}

// State is what a box holds.
type State string

// The states of a choice box.
const (
	Empty    State = "empty"
	Crossed  State = "crossed"
	Filled   State = "filled"   // undone
	Remarked State = "remarked" // a sign beside a filled box: selected again
)

// States lists the states in the order of BoxReading.P.
var States = [4]State{Empty, Crossed, Filled, Remarked}

// BoxReading is what was seen in one box. P are calibrated probabilities of the
// States (sum <= 1: the rest is "something else"), State the most probable.
// Kind is the finest name of what was seen, one of MarkKindNames. Confidence is the
// probability that State is right; when it asks for a review is not decided here. Reason is
// a word from docs/formats.md that forces one, or "".
type BoxReading struct {
	State      State
	Kind       string
	Confidence float64
	P          [4]float64
	Reason     string
	Box        geom.Box           // mm, after the local fit to its own frame
	FitMM      float64            // how far the local fit moved it
	Features   map[string]float64 // everything the decision rests on, by name
}

// ColumnReading is what was seen in one credit column. Marked is the index of the
// crossed cell into the column's boxes, -1 if there is none or more than one.
type ColumnReading struct {
	Corrector  int
	Marked     int
	Credits    float64
	Confidence float64
	Reason     string // "none-marked", "several-marked", ... or ""
	Cells      []BoxReading
}
