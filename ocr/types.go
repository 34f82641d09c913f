// Package ocr turns pixels into text: sticker and page codes, printed numbers and
// handwritten scores.
package ocr

import "scan/internal/geom"

// Code is a machine-readable code found on a page.
type Code struct {
	Text      string
	Symbology string     // "qr", "datamatrix" or "code128"
	Center    geom.Point // mm on the form page
}

// PageCode is a page code that follows school-course-exam-date-copy-page. Exam is
// everything before the copy.
type PageCode struct {
	Code
	Exam, Copy string
	Page       int
}

// StickerReading is what was read from the sticker field. Code is what the
// machine-readable code says, Printed the number read beside it; either may be "".
// Value is the code where both agree or only the code could be read. Reason is a
// word from docs/formats.md, "" if nothing needs a person.
//
// Doubt is the decadic logarithm of the chance that nonsense would have passed as such
// a code: below -8 the code's own error correction excludes a misread, Code 128 has -2.
// 0 is no code.
type StickerReading struct {
	Value, Code, Symbology, Printed string
	Confidence                      float64
	Doubt                           float64 `json:",omitempty"`
	Reason                          string
}

// ValueP is one allowed value of a score field and its probability.
type ValueP struct {
	Value float64
	P     float64
}

// ScoreReading is what was read from a field for a handwritten number. Read is
// false if the field is empty ("empty-score") or unreadable. Values holds the most
// probable allowed values, best first.
type ScoreReading struct {
	Read       bool
	Value      float64
	Confidence float64
	Values     []ValueP
	Text       string // the glyphs as seen, e.g. "4,5"
	Reason     string
}
