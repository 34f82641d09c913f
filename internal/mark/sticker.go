package mark

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"scan/internal/exam"
)

// What the sticker's reader says of the number printed beside the code.
const (
	numberDiffers    = "code-number-differ" // it says something else
	numberUnreadable = "number-unreadable"  // nothing, or less than a number
)

// provenDoubt is the chance (decadic logarithm) that a wrong code passes by accident at which
// the code is believed without the printed number: one in a hundred million, below what any
// exam office's stickers can show. A code with error correction to spare has -8 and less by
// itself; Code 128 has -2, and gains what the roster excludes.
const provenDoubt = -8

// CheckStickers looks at the stickers of all booklets at once: a code must be in the
// roster (if there is one) and on one booklet only. What a person decided is taken: the other
// booklet is asked about, unless a person gave both the same. The readings of other fields pass unchanged.
func CheckStickers(readings []Reading, roster *exam.Roster) []Reading {
	out := slices.Clone(readings)
	booklets, decided := map[string][]string{}, map[string][]string{}
	count := func(in map[string][]string, r Reading) {
		if !slices.Contains(in[r.Value], r.Booklet) {
			in[r.Value] = append(in[r.Value], r.Booklet)
		}
	}
	for _, r := range out {
		if r.isCode() {
			count(booklets, r)
			if r.Reason == ReasonDecided {
				count(decided, r)
			}
		}
	}
	for i := range out {
		r := &out[i]
		if !r.isCode() {
			continue
		}
		_, known := roster.ByCode(r.Value)
		switch {
		case r.Reason == ReasonDecided && len(decided[r.Value]) == 1:
		case len(booklets[r.Value]) > 1:
			r.Reason = ReasonCodeTwice
		case roster != nil && !known && r.Reason == "":
			r.Reason = ReasonNotInRoster
		case known && r.codeStandsAlone(roster):
			r.Reason, r.Confidence = "", math.Max(r.Confidence, 1-math.Pow(10, provenDoubt))
		case roster == nil && r.Reason == "" && strings.ContainsFunc(r.Value, unicode.IsControl):
			r.Reason = ReasonOddCode
		}
	}
	return out
}

// codeStandsAlone reports whether a code in the roster needs no printed number to confirm it: by
// its own error correction, or because a wrong one would hardly be in the roster. A printed number
// that is another student's is never passed over.
func (r *Reading) codeStandsAlone(roster *exam.Roster) bool {
	doubt := r.Doubt
	switch r.Reason {
	case numberDiffers:
		if _, other := roster.ByCode(r.Printed); other {
			return false
		}
	case numberUnreadable:
		doubt += rosterDoubt(r.Value, len(roster.Students))
	default:
		return false
	}
	return doubt <= provenDoubt
}

// rosterDoubt is the decadic logarithm of the chance that a random number of this length is in
// the roster; 0 for codes that are no numbers.
func rosterDoubt(code string, students int) float64 {
	if students == 0 || strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0
	}
	return math.Min(0, math.Log10(float64(students))-float64(len(code)))
}

func (r *Reading) isCode() bool { return r.Field == exam.StickerField && r.Value != "" }

// Register fills the registration number of a sheet from the roster.
func (s *Sheet) Register(roster *exam.Roster) {
	if student, ok := roster.ByCode(s.Code); ok && s.Code != "" {
		s.Registration = student.Registration
	}
}
