package review

import (
	"encoding/json"
	"io/fs"
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

// wordsOf reads the page's words in a language.
func wordsOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := assets.ReadFile("assets/lang/" + lang + ".json")
	require.NoError(t, err)
	words := map[string]string{}
	require.NoError(t, json.Unmarshal(b, &words))
	return words
}

func TestLanguagesHaveTheSameWords(t *testing.T) {
	english, german := wordsOf(t, "en"), wordsOf(t, "de")
	assert.Equal(t, slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(german)))
	gaps := regexp.MustCompile(`\{\w+\}`)
	for key, text := range english {
		assert.NotEmpty(t, text, key)
		want, got := gaps.FindAllString(text, -1), gaps.FindAllString(german[key], -1)
		slices.Sort(want)
		slices.Sort(got)
		assert.Equal(t, want, got, "%s has the same places for values in both", key)
	}
}

// said finds the keys that are written out in the page's code.
var said = regexp.MustCompile(`\bt\("([\w.@-]+)"|data-t(?:-label)?="([\w.@-]+)"`)

func TestEveryWordOfThePageIsThere(t *testing.T) {
	words := wordsOf(t, "en")
	files, err := fs.Glob(assets, "assets/*.*")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		b, err := assets.ReadFile(file)
		require.NoError(t, err)
		for _, m := range said.FindAllStringSubmatch(string(b), -1) {
			key := m[1] + m[2]
			_, plain := words[key]
			_, counted := words[key+".other"]
			assert.True(t, plain || counted, "%s says %q", file, key)
			found++
		}
	}
	assert.Greater(t, found, 100)
}

// tableRow is a row of a table of docs/formats.md that begins with words in code.
var tableRow = regexp.MustCompile("(?m)^\\|(?: `[a-z-]+`)? *\\| `([a-z-]+)[:`]|^\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\| (?:all|choice|credit|score|sticker)")

// Whatever puts a thing before a person is explained in plain words.
func TestEveryReasonHasWords(t *testing.T) {
	b, err := os.ReadFile("../../docs/formats.md")
	require.NoError(t, err)
	_, text, ok := strings.Cut(string(b), "### Reasons of readings")
	require.True(t, ok)
	text, _, ok = strings.Cut(text, "### How booklets are put together")
	require.True(t, ok)
	words := wordsOf(t, "en")
	has := func(key string) { _, ok := words[key]; assert.True(t, ok, "no words for %s", key) }
	found := 0
	for _, m := range tableRow.FindAllStringSubmatch(text, -1) {
		for _, reason := range strings.FieldsFunc(m[1]+m[2], func(r rune) bool { return strings.ContainsRune("`, ", r) }) {
			has("reason." + reason)
			found++
		}
	}
	assert.Greater(t, found, 50)
	for _, word := range mark.DropWords {
		has("drop." + word)
	}
	for _, name := range strataNames {
		has("stratum." + name)
	}
}
