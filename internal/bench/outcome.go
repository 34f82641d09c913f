package bench

import "slices"

// Outcome is what becomes of a field.
type Outcome int

// A field is read rightly, sent to a person, or silently misread.
const (
	Right Outcome = iota
	Review
	Misread
)

// Accepts reports whether a value is right for the field.
func (it *Item) Accepts(value string) bool {
	return value == it.Truth || slices.Contains(it.Also, value)
}

// Forced reports whether a person is asked at any threshold: there is a structural
// reason, or nothing was read where something is.
func (it *Item) Forced() bool {
	return it.Reason != "" || it.Value == "" && !it.Accepts("")
}

// Outcome tells what becomes of the field when confidences below threshold go to a
// person. A confidence that is no number is below any.
func (it *Item) Outcome(threshold float64) Outcome {
	switch {
	case it.Forced() || !(it.Confidence >= threshold):
		return Review
	case it.Accepts(it.Value):
		return Right
	}
	return Misread
}
