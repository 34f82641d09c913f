package review

import (
	"math"
	"slices"
	"strconv"

	"scan/internal/mark"
)

// choice is a value with the key that decides it: a character, or the place of a key on the
// keyboard as KeyboardEvent.code names it, "" if there is none.
type choice struct {
	Value string `json:"value"`
	Key   string `json:"key"`
	Guess bool   `json:"guess"`
}

// span is what numbers are possible.
type span struct {
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	Step float64 `json:"step"`
}

// halfKeys are the keys of half credits: 0.5, 1.5, ... on the row below the digits.
var halfKeys = []string{"KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY", "KeyU", "KeyI", "KeyO", "KeyP"}

// mostCells is the number of cells up to which each one of a column has a button.
const mostCells = 21

// choices lists what a thing may be, where that is a short list.
func (v *view) choices(t *thing) []choice {
	list := []choice{}
	switch t.of {
	case kindBox:
		for i, value := range boxValues(v.exam) {
			list = append(list, choice{Value: value, Key: strconv.Itoa(i + 1)})
		}
	case kindCredit:
		list = v.cells(t.reading.Field)
	case kindPage:
		for i, word := range mark.DropWords {
			list = append(list, choice{Value: mark.PageDrop + " " + word, Key: strconv.Itoa(i + 1)})
		}
		if mayKeep(t.page) {
			list = append(list, choice{Value: mark.PageKeep, Key: "k"})
		}
		if mayUse(t.page) {
			list = append(list, choice{Value: mark.PageUse, Key: "c"})
		}
	case kindMissing:
		list = append(list, choice{Value: mark.MissingWaived, Key: "y"})
	case kindBooklet:
		list = append(list, choice{Value: mark.BookletOK, Key: "y"})
	case kindSticker:
		list = v.stickerChoices(t)
	}
	if (t.of == kindCredit || t.of == kindScore) && v.mayBeEmpty(t.reading.Field) {
		list = append(list, choice{Value: mark.ValueNone, Key: "-"})
	}
	return list
}

// cells are the cells of a column, with keys if they are few.
func (v *view) cells(field string) []choice {
	p, list := v.parts[field], []choice{}
	if p.question == nil {
		return list
	}
	column := p.question.Column(p.corrector)
	if len(column) > mostCells {
		return list
	}
	for _, c := range column {
		list = append(list, choice{Value: credits(c.Credits), Key: creditKey(c.Credits)})
	}
	return list
}

func creditKey(x float64) string {
	whole := int(math.Floor(x))
	switch {
	case whole < 0 || whole > 9:
	case x == float64(whole):
		return strconv.Itoa(whole)
	case x == float64(whole)+0.5:
		return halfKeys[whole]
	}
	return ""
}

// stickerChoices are the code and the printed number, as far as they were read and may be said: a
// roster that does not know them has to be searched. There are none in a spot check, which keeps the
// reader's word back.
func (v *view) stickerChoices(t *thing) []choice {
	list := []choice{}
	if t.kind == kindSpot {
		return list
	}
	for _, value := range []string{t.reading.AsRead().Value, t.reading.Printed} {
		known := slices.ContainsFunc(list, func(c choice) bool { return c.Value == value })
		if _, err := v.canonical(t, value); err == nil && !known {
			list = append(list, choice{Value: value})
		}
	}
	return list
}

// span returns the numbers that a column or score allows, nil for all else.
func (v *view) span(t *thing) *span {
	if t.of != kindScore && t.of != kindCredit {
		return nil
	}
	switch p := v.parts[t.reading.Field]; {
	case p.score != nil:
		return &span{0, p.score.Max, p.score.Step}
	case p.question != nil:
		s, before := span{Min: math.Inf(1), Step: math.Inf(1)}, math.Inf(-1)
		values := []float64{}
		for _, c := range p.question.Column(p.corrector) {
			values = append(values, c.Credits)
		}
		slices.Sort(values)
		for _, x := range values {
			s.Min, s.Max, s.Step = min(s.Min, x), max(s.Max, x), min(s.Step, x-before)
			before = x
		}
		if len(values) < 2 {
			s.Step = 1
		}
		return &s
	}
	return nil
}
