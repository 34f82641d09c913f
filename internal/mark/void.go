package mark

import (
	"slices"

	"scan/internal/exam"
)

// ReasonVoid is the reason of a reading that would wait for a person, were its question or option
// not void.
const ReasonVoid = "void"

// spareVoid takes from review what cannot change a score.
func spareVoid(e *exam.Exam, readings []Reading) []Reading {
	void := map[string]bool{}
	for _, p := range e.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			for _, f := range questionFields(q) {
				if !q.Counts(f) {
					void[f] = true
				}
			}
		}
	}
	if len(void) == 0 {
		return readings
	}
	out := slices.Clone(readings)
	for i, r := range out {
		if r.Review && void[r.Field] {
			out[i].Review, out[i].Reason = false, ReasonVoid
		}
	}
	return out
}

// questionFields lists the fields of a question in readings.csv.
func questionFields(q *exam.Question) (fields []string) {
	for _, o := range q.Options {
		fields = append(fields, exam.OptionField(q.ID, o.ID))
	}
	return append(fields, creditFields(q)...)
}
