package sets

import (
	"slices"
	"strings"

	"scan/detect"
	"scan/fixtures"
	"scan/internal/bench"
	"scan/internal/exam"
	"scan/internal/mark"
	"scan/ocr"
	"scan/pipeline"
)

// reading is what came out for a field, in the words of readings.csv.
type reading struct {
	value, reason, seen string
	confidence          float64
}

// nothing is the value of a number cell or a second corrector's column in which rightly
// nothing stands: nobody is asked, so that to say it of a written one is a misread.
const nothing = "empty"

// ofRow takes a row of readings.csv after the decisions.
func ofRow(r mark.Reading) reading {
	if r.Value == "" && (r.Reason == mark.ReasonEmpty || r.Reason == mark.ReasonUncertain) {
		r.Value = nothing
	}
	return reading{r.Value, hardReason(r.Reason), r.Value, r.Confidence}
}

// soft are reasons that only say "not sure enough": what they depend on is the threshold,
// which is not the sets' to choose.
var soft = []string{mark.ReasonUncertain, mark.ReasonEmpty}

func hardReason(reason string) string {
	if slices.Contains(soft, reason) {
		return ""
	}
	return reason
}

func ofBox(r detect.BoxReading) reading {
	return reading{string(r.State), hardReason(r.Reason), string(r.State), r.Confidence}
}

// ofColumn reads a column as pipeline does; a second corrector's may be empty.
func ofColumn(r detect.ColumnReading) reading {
	if r.Marked >= 0 {
		return reading{exam.FormatNumber(r.Credits), hardReason(r.Reason), "cell", r.Confidence}
	}
	if r.Corrector == 2 && r.Reason == "none-marked" {
		return reading{nothing, "", nothing, r.Confidence}
	}
	return reading{"", r.Reason, r.Reason, r.Confidence}
}

func ofScore(r ocr.ScoreReading) reading {
	switch {
	case r.Read:
		return reading{exam.FormatNumber(r.Value), hardReason(r.Reason), r.Text, r.Confidence}
	case r.Reason == ocr.ReasonEmptyScore:
		return reading{nothing, "", nothing, r.Confidence}
	}
	return reading{"", r.Reason, r.Text, r.Confidence}
}

func ofSticker(r ocr.StickerReading) reading {
	return reading{r.Value, hardReason(r.Reason), r.Symbology, r.Confidence}
}

// ofPage maps the fields of a page that was read to their readings.
func ofPage(r pipeline.PageResult, e *exam.Exam) map[string]reading {
	out := map[string]reading{}
	if r.Sticker != nil {
		out[exam.StickerField] = ofSticker(*r.Sticker)
	}
	for _, c := range r.Choices {
		q := e.Question(c.Question)
		for i, b := range c.Boxes {
			out[exam.OptionField(q.ID, q.Options[i].ID)] = ofBox(b)
		}
	}
	for _, c := range r.Credits {
		for _, col := range c.Columns {
			out[exam.CreditField(c.Question, col.Corrector)] = ofColumn(col)
		}
	}
	for _, s := range r.Scores {
		out[s.ID] = ofScore(s.ScoreReading)
	}
	return out
}

// anything is a truth that no reading meets: only a person with the paper can tell.
const anything = "?"

// item writes the truth of a simulated field.
func item(f fixtures.Field) bench.Item {
	it := bench.Item{Truth: f.Value, Kind: kindOf(f), X: -1, Y: -1, Odd: f.Odd != "" && f.Odd != "undone" || f.Review}
	it.Field = map[string]string{"choice": bench.Choice, "credit": bench.Column, "score": bench.Score, "sticker": bench.Sticker}[f.Kind]
	switch {
	case f.Hidden:
	case f.Odd == "none" && strings.HasSuffix(f.Field, "/2"):
		it.Truth = nothing // a second corrector who forgot looks like one who had nothing to do
	case f.Review:
		it.Truth = anything
	case len(f.Accept) > 0:
		it.Truth, it.Also = f.Accept[0], f.Accept[1:]
	case f.Value == "":
		it.Truth = nothing
	}
	return it
}

// kindOf names what was put into a field.
func kindOf(f fixtures.Field) string {
	switch {
	case f.Hidden:
		return "hidden"
	case f.Odd != "":
		return f.Odd
	case f.Kind == "choice":
		return map[string]string{"crossed": "cross", "filled": "fill", "remarked": "remark", "empty": "none"}[f.Value]
	case f.Value == "":
		return "none"
	}
	return f.Kind
}

// take writes what was read into an item.
func take(it *bench.Item, r reading) {
	it.Value, it.Confidence, it.Reason, it.Seen = r.value, r.confidence, r.reason, r.seen
}
