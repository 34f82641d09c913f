package exam

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What things are worth may change without a page being looked at; where they are may not.
func TestLayoutHash(t *testing.T) {
	base := mustParse(t, sound)
	for _, tc := range []struct {
		name                     string
		change                   func(e *Exam)
		layout, reading, scoring bool // does the hash change?
	}{
		{"title", func(e *Exam) { e.Title = "x" }, false, false, false},
		{"key", func(e *Exam) { e.Question("1.1").Options[0].Correct = nil }, false, false, true},
		{"credits of a question", func(e *Exam) { e.Question("1.1").Credits = 3 }, false, false, true},
		{"credits of a cell", func(e *Exam) { e.Question("2.1").Boxes[1].Credits = 0.25 }, false, false, true},
		{"cells exchanged", func(e *Exam) {
			b := e.Question("2.1").Boxes
			b[0].Credits, b[1].Credits = b[1].Credits, b[0].Credits
		}, false, false, true},
		{"most of a score", func(e *Exam) { e.Scores[2].Max = 8 }, false, true, true},
		{"step of a score", func(e *Exam) { e.Scores[2].Step = 0.5 }, false, true, true},
		{"problem of a score", func(e *Exam) { e.Scores[2].Problem = "2" }, false, false, true},
		{"box of a score", func(e *Exam) { e.Scores[2].Box.X++ }, true, true, true},
		{"box of a cell", func(e *Exam) { e.Question("2.1").Boxes[1].Box.Y += 0.01 }, true, true, true},
		{"corrector of a cell", func(e *Exam) { e.Question("2.1").Boxes[1].Corrector = 2 }, true, true, true},
		{"box of an option", func(e *Exam) { e.Question("1.1").Options[0].Box.X++ }, true, true, true},
		{"name of an option", func(e *Exam) { e.Question("1.1").Options[0].ID = "z" }, true, true, true},
		{"page", func(e *Exam) { e.Question("2.1").Page = 3 }, true, true, true},
		{"sticker", func(e *Exam) { e.Sticker = nil }, true, true, true},
		{"codes", func(e *Exam) { e.Codes.PageOffset = 0 }, true, true, true},
		{"conventions", func(e *Exam) { e.Conventions.Marks = MarksAny }, true, true, true},
		{"pages", func(e *Exam) { e.Pages = 5 }, true, true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := mustParse(t, sound)
			tc.change(e)
			assert.Equal(t, tc.layout, e.LayoutHash() != base.LayoutHash(), "layout")
			assert.Equal(t, tc.reading, e.ReadingHash() != base.ReadingHash(), "reading")
			assert.Equal(t, tc.scoring, e.ScoringHash() != base.ScoringHash(), "scoring")
		})
	}
}
