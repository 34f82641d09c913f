package exam

import (
	"fmt"
	"strings"

	"scan/internal/geom"
)

// Place returns where a field of readings.csv is on the form: its page and its boxes in mm, for a
// credit column all its cells in the order of the file, for all others one. ok is false where the
// exam has no such field.
func (e *Exam) Place(field string) (page int, boxes []geom.Box, ok bool) {
	if e.Sticker != nil && field == StickerField {
		return e.Sticker.Page, []geom.Box{e.Sticker.Box}, true
	}
	for _, s := range e.Scores {
		if s.ID == field {
			return s.Page, []geom.Box{s.Box}, true
		}
	}
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			q := &e.Problems[i].Questions[j]
			if boxes := q.place(field); len(boxes) > 0 {
				return q.Page, boxes, true
			}
		}
	}
	return 0, nil, false
}

func (q *Question) place(field string) (boxes []geom.Box) {
	for _, o := range q.Options {
		if OptionField(q.ID, o.ID) == field {
			return []geom.Box{o.Box}
		}
	}
	for _, b := range q.Boxes {
		if CreditField(q.ID, b.Corrector) == field {
			boxes = append(boxes, b.Box)
		}
	}
	return boxes
}

// PlaceText writes a place for the ledger, to a tenth of a mm: "2: 28.4 98.8 4.3 4.3".
func PlaceText(page int, boxes []geom.Box) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:", page)
	for _, x := range boxes {
		fmt.Fprintf(&b, " %.1f %.1f %.1f %.1f", x.X, x.Y, x.W, x.H)
	}
	return b.String()
}
