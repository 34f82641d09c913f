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

	// Image is the hash of the page's image, which decisions are kept under, Copy the copy whose
	// layout the page has ("" the form's), Read what the reader said before a person decided, and
	// Decisions the ids of the decisions that stand (more than one: they contradict each other).
	// Not exported.
	Image     string       `json:",omitempty"`
	Copy      string       `json:",omitempty"`
	Read      *ReaderValue `json:",omitempty"`
	Decisions []string     `json:",omitempty"`
}

// AsRead returns what the reader said of the field, whoever decided it later.
func (r *Reading) AsRead() ReaderValue {
	if r.Read != nil {
		return *r.Read
	}
	return ReaderValue{Value: r.Value, Confidence: r.Confidence, Reason: r.Reason, Review: r.Review}
}

// ReaderValue is what the reader said of a field that a person decided.
type ReaderValue struct {
	Value      string
	Confidence float64
	Reason     string
	Review     bool // it would have asked
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

	// Not exported: see Reading.
	Image     string
	Decisions []string
	Copy      string
	// WidthMM and HeightMM are the size of the frame that pictures of this page are asked for in:
	// the form page's, or the upright paper's where the page is not registered.
	WidthMM, HeightMM float64
	Registered        bool
	Guess             int    // the form page it resembles most, where it is not registered; 0: none
	Detail            string // for a person, e.g. the decoder's message
}

// Sheet is one row of scores.csv.
type Sheet struct {
	Booklet, Code, Registration string
	Status                      string // "final", "review" or "incomplete"
	Total                       *float64
	Problems, Questions         map[string]*float64 // nil: not known
}
