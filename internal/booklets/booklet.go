// Package booklets writes annotated booklets: a student's pages as they were scanned, with what was
// read beside each box, the credits of every question and, on the cover, the sum.
//
// Nothing that was scanned is recompressed. A page of a PDF is taken over with its images as they are;
// JPEG, PNG and most TIFF images are put into the PDF byte for byte (see image.go). What is written on
// top is text and lines, so that it can be searched and told from ink.
package booklets

import (
	"errors"

	"scan/internal/geom"
)

// Booklet is what one PDF is made of.
type Booklet struct {
	ID        string // what the batch calls it
	Code      string // the student's code, or ""
	Exam      string // its title
	Rows      []Row  // one a problem
	Total     *float64
	Worth     float64 // the most that can be earned
	Grade     string  // "" without a grading key
	Notes     []string
	Watermark bool // the code across every page
	Pages     []Page
}

// Row is a line of the table on the cover. Credits is nil where they are not known.
type Row struct {
	ID, Title string
	Credits   *float64
	Worth     float64
}

// Page is one scanned page. Lengths are mm in the frame that Scan.MMToPix maps from.
type Page struct {
	FormPage          int
	WidthMM, HeightMM float64
	Scan              Scan
	Marks             []Mark
	Notes             []string // written at the top: what is known of a page that is not registered
}

// Scan is where a page's image is.
type Scan struct {
	File   string // path of the scan
	Name   string // what it is called to the user, e.g. "batch1.pdf"
	Page   int    // in the file, from 1
	Image  string // hash of the image that was read
	Width  int    // of the image as read, pixels
	Height int
	// MMToPix maps the page's frame to pix of the image as read; it also says which way is up.
	MMToPix geom.Homography
}

// Look is how a mark is drawn.
type Look int

// The looks of marks.
const (
	Plain  Look = iota // read, neither right nor wrong: a number, a code
	Right              // with a tick
	Wrong              // with a cross
	Void               // does not count
	Open               // not known: it waits for a person
	Result             // credits of a whole question
)

// Side is where a mark's text stands.
type Side int

// The sides of a box.
const (
	LeftOf Side = iota
	Above
	Within // along the bottom edge
	Below
)

// Mark is what is written beside one box, or beside the boxes of a question.
type Mark struct {
	Box     geom.Box
	Text    string
	Side    Side
	Look    Look
	Frame   bool    // the box gets an outline
	Gap     float64 // mm between box and text that stay free, for signs beside the box
	Decided bool    // a person said so
}

// ErrScan is wrapped by all errors about a scan that is not there any more, or not as it was read.
var ErrScan = errors.New("the booklets need the scans as they were read")
