// Package mark turns readings into decisions and decisions into scores. It knows no
// images: everything here is a pure function of the exam and of readings.
//
// The order for one booklet is Check (the sheet's own redundancy), Decide (what goes to
// a person), Score (credits); Grade does all three. CheckStickers comes before, as it
// looks at all booklets.
package mark

// Reading is one row of readings.csv: one thing read from one page. Value is as in
// docs/formats.md, "" where unread.
type Reading struct {
	Booklet    string
	Source     string
	SourcePage int
	Page       int // form page
	Field      string
	Kind       string // "choice", "credit", "score" or "sticker"
	Value      string
	Confidence float64
	Review     bool
	Reason     string

	// Candidates are the most probable values of a handwritten score, best first; their
	// probabilities sum to at most 1. Not exported.
	Candidates []ValueP `json:",omitempty"`

	// Within is the probability of a choice box's value among those that score alike: a cross and
	// a re-marked fill both select, and no sum can tell them apart. 0 is not known, taken for 1.
	Within float64 `json:",omitempty"`

	// Printed is the number beside a sticker's code, Doubt the decadic logarithm of the chance
	// that nonsense passes as such a code (0: nothing is known). Not exported.
	Printed string  `json:",omitempty"`
	Doubt   float64 `json:",omitempty"`
}

// ValueP is a value that a score may have and its probability.
type ValueP struct{ Value, P float64 }

// Page is one row of pages.csv: a page of a source file and what became of it.
type Page struct {
	Source     string
	SourcePage int
	Booklet    string
	Page       int // form page, 0 if none
	Status     string
	Reason     string
	Rotation   int
	Scale      float64
	ResidualMM float64
}

// Sheet is one row of scores.csv.
type Sheet struct {
	Booklet, Code, Registration string
	Status                      string // "final", "review" or "incomplete"
	Total                       *float64
	Problems, Questions         map[string]*float64 // nil: not known
}
