package report

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/mark"
)

// Both languages say the same things, with the same things put in.
func TestLanguagesMatch(t *testing.T) {
	en, de := newWords("en").text, newWords("de").text
	require.Greater(t, len(en), 200)
	assert.Equal(t, slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(de)))
	for key, text := range en {
		assert.Equal(t, strings.Count(strings.ReplaceAll(text, "%%", ""), "%s"), strings.Count(strings.ReplaceAll(de[key], "%%", ""), "%s"), key)
		assert.Equal(t, text == "", de[key] == "", key)
	}
}

// Every reason and status of docs/formats.md has plain words.
func TestEveryReasonHasWords(t *testing.T) {
	b, err := os.ReadFile("../../docs/formats.md")
	require.NoError(t, err)
	_, after, found := strings.Cut(string(b), "### Reasons of readings")
	require.True(t, found)
	part, _, found := strings.Cut(after, "### How booklets are put together")
	require.True(t, found)
	readings, pages, found := strings.Cut(part, "## pages.csv")
	require.True(t, found)
	word := regexp.MustCompile("`([a-z-]+)[:`]")
	w := newWords("en")
	n := 0
	look := func(text, kind string) {
		for _, m := range word.FindAllStringSubmatch(text, -1) {
			assert.True(t, w.has(kind+m[1]), "%s%s has no words", kind, m[1])
			n++
		}
	}
	for _, l := range strings.Split(readings, "\n") {
		if cells := strings.Split(l, "|"); len(cells) > 3 {
			look(cells[1], "reason.")
		}
	}
	for _, l := range strings.Split(pages, "\n") {
		if cells := strings.Split(l, "|"); len(cells) > 4 {
			look(cells[1], "status.")
			look(cells[2], "reason.")
		}
	}
	assert.Greater(t, n, 60, "the tables were found")
	for _, word := range mark.DropWords {
		assert.True(t, w.has("reason."+word), word)
	}
}

func TestNumbers(t *testing.T) {
	en, de := newWords(""), newWords("DE")
	assert.Equal(t, "en", en.lang)
	assert.Equal(t, "1.50", en.number(1.5, 2))
	assert.Equal(t, "−1,5", de.number(-1.5, 1))
	assert.Equal(t, "0.00", en.number(-0.004, 2), "nothing is not less than nothing")
	assert.Equal(t, "+0.25", en.signed(0.25))
	assert.Equal(t, "0.00", en.signed(0))
	assert.Equal(t, "−0,25", de.signed(-0.25))
	assert.Equal(t, "12.5", en.credits(12.5))
	assert.Equal(t, "0", en.credits(-0.0001))
	assert.Equal(t, "100", en.credits(100))
	assert.Equal(t, "8,38", de.credits(8.375))
	assert.Equal(t, "99.9%", en.share(0.999, 1))
	assert.Equal(t, "99,9\u202f%", de.share(0.999, 1))
	assert.Equal(t, "1\u202f234\u202f567", en.count(1234567))
	assert.Equal(t, "123", en.count(123))
	assert.Equal(t, "a, b and c", en.list([]string{"a", "b", "c"}))
	assert.Equal(t, "a", en.list([]string{"a"}))
	assert.Equal(t, []string{"below 50%", "50%–90%", "90%–99%", "99%–99.9%", "99.9%–99.99%", "99.99% and more"},
		[]string{en.band(0), en.band(1), en.band(2), en.band(3), en.band(4), en.band(5)})
}

func TestAnUnknownWordIsShown(t *testing.T) {
	assert.Equal(t, "brand-new", newWords("de").reason("brand-new"))
	assert.Panics(t, func() { newWords("en").say("no such key") })
}
