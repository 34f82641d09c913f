package exam

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/geom"
)

func TestWorth(t *testing.T) {
	e := mustParse(t, sound)
	assert.InDelta(t, 3, e.Worth("1"), 0)
	assert.InDelta(t, 0.5, e.Worth("2"), 0)
	assert.InDelta(t, 7, e.Worth("3"), 0, "a problem without questions is worth its score")
	assert.InDelta(t, 0, e.Worth("4"), 0)
	assert.InDelta(t, 10.5, e.Total(), 0)
}

func TestTotalOfTenthsIsExact(t *testing.T) {
	e := &Exam{Problems: []Problem{{ID: "1", Questions: make([]Question, 30)}}}
	for i := range e.Problems[0].Questions {
		e.Problems[0].Questions[i].Credits = 0.1
	}
	assert.Equal(t, 3.0, e.Total())
}

func TestKeyMissing(t *testing.T) {
	assert.Empty(t, mustParse(t, sound).KeyMissing())
	e := mustParse(t, strings.Replace(sound, "106.6, 4.27, 4.27], correct: false", "106.6, 4.27, 4.27]", 1))
	assert.Equal(t, []string{"1.1"}, e.KeyMissing())
}

func TestFields(t *testing.T) {
	assert.Equal(t, "1.1.a", OptionField("1.1", "a"))
	assert.Equal(t, "2.1", CreditField("2.1", 1))
	assert.Equal(t, "2.1/2", CreditField("2.1", 2))
}

func TestPageBoxes(t *testing.T) {
	e := mustParse(t, sound)
	assert.Equal(t, []geom.Box{{X: 10, Y: 30, W: 39, H: 21.5}, {X: 45, Y: 120, W: 18, H: 9},
		{X: 45, Y: 130, W: 18, H: 9}, {X: 65, Y: 120, W: 18, H: 9}}, e.PageBoxes(1))
	assert.Len(t, e.PageBoxes(2), 4)
	assert.Empty(t, e.PageBoxes(3))
	assert.Len(t, e.PageBoxes(4), 4)
}

func TestHashes(t *testing.T) {
	base := mustParse(t, sound)
	for _, tc := range []struct {
		name, old, new   string
		reading, scoring bool // does the hash change?
	}{
		{"title", "Introduction", "Outline", false, false},
		{"comment", "version: 1", "# note\nversion: 1", false, false},
		{"number written otherwise", "98.8,", "98.80,", false, false},
		{"key", "118.8, 4.27, 4.27], correct: true", "118.8, 4.27, 4.27], correct: false", false, true},
		{"key taken away", "118.8, 4.27, 4.27], correct: true", "118.8, 4.27, 4.27]", false, true},
		{"wrong", "wrong: -0.5", "wrong: -0.25", false, true},
		{"floor", "floor: -1", "floor: 0", false, true},
		{"select", "select: one", "select: any", false, true},
		{"box", "[28.45, 98.8", "[28.46, 98.8", true, true},
		{"page", "page: 4", "page: 3", true, true},
		{"sticker", "21.5]", "21.6]", true, true},
		{"codes", "page_offset: 2", "page_offset: 0", true, true},
		{"pages", "pages: 4", "pages: 5", true, true},
		{"step", "step: 1}", "step: 0.5}", true, true},
		{"option's name", "id: b, box: [28.45, 106", "id: c, box: [28.45, 106", true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := mustParse(t, strings.Replace(sound, tc.old, tc.new, 1))
			assert.Equal(t, tc.reading, e.ReadingHash() != base.ReadingHash(), "reading")
			assert.Equal(t, tc.scoring, e.ScoringHash() != base.ScoringHash(), "scoring")
		})
	}
}

func TestReadingHashIgnoresTheOrderOfLists(t *testing.T) {
	e := mustParse(t, sound)
	before := e.ReadingHash()
	e.Problems[0], e.Problems[1] = e.Problems[1], e.Problems[0]
	assert.Equal(t, before, e.ReadingHash())
}
