package sets

import (
	"scan/internal/exam"
	"scan/internal/mark"
	"scan/pipeline"
)

// summed lets the readings of one sheet check each other, as pipeline does with a booklet's.
func summed(e *exam.Exam, read map[string]reading, r pipeline.PageResult) map[string]reading {
	candidates := map[string][]mark.ValueP{}
	for _, s := range r.Scores {
		for _, v := range s.Values {
			candidates[s.ID] = append(candidates[s.ID], mark.ValueP{Value: v.Value, P: v.P})
		}
	}
	var rows []mark.Reading
	for _, name := range mark.Fields(e) {
		got, ok := read[name]
		if !ok {
			continue
		}
		row := mark.Reading{Field: name, Value: got.value, Confidence: got.confidence, Reason: got.reason, Candidates: candidates[name]}
		if got.value == nothing {
			row.Value, row.Reason = "", mark.ReasonEmpty
		}
		rows = append(rows, row)
	}
	out := map[string]reading{}
	for _, row := range mark.Check(e, rows) {
		got := ofRow(row)
		got.seen = read[row.Field].seen
		out[row.Field] = got
	}
	return out
}
