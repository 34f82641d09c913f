// Package bench measures how well fields are read whose truth is known: how many are
// right, how many a person is asked about, how many are silently wrong, and whether
// the confidences mean what they say. It counts; reading is done by the sets.
package bench

import (
	"context"
	"errors"
)

// The classes of sets, never pooled.
const (
	Simulated  = "simulated"  // form, writing and scanner are all made
	Composited = "composited" // real writing or real codes on made paper
	Real       = "real"       // scans of real paper, truth typed by people
)

// The kinds of field that have a target.
const (
	Choice  = "choice"  // one box
	Column  = "column"  // a credit column
	Score   = "score"   // a handwritten number on its own
	Summed  = "summed"  // a handwritten number checked against the sum on its sheet
	Digit   = "digit"   // a single handwritten digit
	Sticker = "sticker" // the sticker of a booklet
	Code    = "code"    // any other printed code
	Page    = "page"    // which form page a scan shows
)

// Item is one field that was read and whose truth is known.
//
// A Truth of "" says that nothing is there to be read, a Value of "" that nothing was
// read; a box without a mark has a value of its own in both (as "empty"). An item goes to
// review when it has a Reason, when its Confidence is below the threshold, or when nothing was
// read where something is.
type Item struct {
	Set        string // name of the set, e.g. "practice/default"
	Class      string // Simulated, Composited or Real: never pooled
	Field      string // one of the kinds of field above
	Name       string // where to find it: file, page, field
	Group      string // the sheet or writer it belongs to: counted apart from fields
	Truth      string
	Also       []string // other values that are right as well
	Value      string   // what was read, "" if nothing
	Confidence float64  // probability in [0,1] that Value is right
	Reason     string   // structural reason that forces a review at any threshold, ""
	Kind       string   // what was really put there: cross, fill, tick, none, ...
	Seen       string   // what the reader took it for
	Odd        bool     // a person must look: a review is the right answer
	X, Y       float64  // place on the page as shares [0,1]; negative: unknown
}

// Options says what a set is asked for.
type Options struct {
	Data     string // folder of data sets outside the project, "" if there is none
	Boxes    int    // simulated boxes wanted, about, of all sets together; each makes its share
	Seed     uint64 // of everything made
	Workers  int    // goroutines that may read at once, >= 1
	Progress func(done, all int)
}

// Step reports progress if anybody wants to know.
func (o Options) Step(done, all int) {
	if o.Progress != nil {
		o.Progress(done, all)
	}
}

// Source is a set of fields with their truth. Items reads them and is deterministic: the same
// options give the same items in the same order, whatever the number of workers.
type Source interface {
	Name() string  // e.g. "practice/default"; slashes group sets
	Class() string // Simulated, Composited or Real
	About() string // one line: where the set comes from and how much is in it
	Items(ctx context.Context, o Options) ([]Item, error)
}

// ErrAbsent says that the data of a set is not there. The set is listed as absent, never
// passed over in silence.
var ErrAbsent = errors.New("the data of this set is not there")
