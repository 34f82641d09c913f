package exam

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withConventions puts a line before the problems of a sound file.
func withConventions(line string) []byte {
	return []byte(strings.Replace(sound, "problems:\n", line+"\nproblems:\n", 1))
}

func TestConventions(t *testing.T) {
	for _, tc := range []struct {
		line string
		any  bool
		inks []string
	}{
		{"", false, []string{"red", "green"}},
		{"conventions: {marks: cross}", false, []string{"red", "green"}},
		{"conventions: {marks: any}", true, []string{"red", "green"}},
		{"conventions: {corrector_inks: []}", false, []string{}},
		{"conventions: {marks: any, corrector_inks: [red]}", true, []string{"red"}},
	} {
		e, err := Parse("exam.yaml", withConventions(tc.line))
		require.NoError(t, err, tc.line)
		assert.Equal(t, tc.any, e.Conventions.AnyMark(), tc.line)
		assert.Equal(t, tc.inks, e.Conventions.CorrectorInks(), tc.line)
	}
}

func TestConventionsAreChecked(t *testing.T) {
	for line, want := range map[string]string{
		"conventions: {marks: ticks}":               `marks is "ticks"; write cross`,
		"conventions: {corrector_inks: [blue]}":     `corrector_inks names "blue"`,
		"conventions: {corrector_inks: [red, red]}": `corrector_inks names "red" twice`,
		"conventions: {corrector_inks: red}":        "a list is expected",
		"conventions: {mark: any}":                  "mark",
	} {
		_, err := Parse("exam.yaml", withConventions(line))
		assert.ErrorContains(t, err, want, line)
	}
}

func TestConventionsChangeTheReadingHash(t *testing.T) {
	hash := func(line string) string {
		e, err := Parse("exam.yaml", withConventions(line))
		require.NoError(t, err)
		return e.ReadingHash()
	}
	base := hash("")
	assert.Equal(t, base, hash("conventions: {marks: cross, corrector_inks: [red, green]}"), "the default in words")
	assert.NotEqual(t, base, hash("conventions: {marks: any}"))
	assert.NotEqual(t, base, hash("conventions: {corrector_inks: []}"))
}
