package mark

import (
	"slices"
	"strconv"

	"scan/internal/exam"
)

// CheckStickers looks at the stickers of all booklets at once: a code must be in the
// roster (if there is one) and on one booklet only. The readings of other fields pass
// unchanged.
func CheckStickers(readings []Reading, roster *exam.Roster) []Reading {
	out := slices.Clone(readings)
	booklets := map[string][]string{}
	for _, r := range out {
		if r.isCode() && !slices.Contains(booklets[r.Value], r.Booklet) {
			booklets[r.Value] = append(booklets[r.Value], r.Booklet)
		}
	}
	for i := range out {
		r := &out[i]
		if !r.isCode() {
			continue
		}
		_, known := roster.ByCode(r.Value)
		switch {
		case len(booklets[r.Value]) > 1:
			r.Reason = ReasonCodeTwice
		case roster != nil && !known && r.Reason == "":
			r.Reason = ReasonNotInRoster
		}
	}
	return out
}

func (r *Reading) isCode() bool { return r.Field == exam.StickerField && r.Value != "" }

// Register fills the registration number of a sheet from the roster.
func (s *Sheet) Register(roster *exam.Roster) {
	if student, ok := roster.ByCode(s.Code); ok && s.Code != "" {
		s.Registration = student.Registration
	}
}

// formatCredits writes credits as readings.csv does: shortest, with a point.
func formatCredits(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
