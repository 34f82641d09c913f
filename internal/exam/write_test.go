package exam

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestYAMLReadsBack: what is written is what was meant, for an exam with one of everything.
func TestYAMLReadsBack(t *testing.T) {
	want, err := Parse("exam.yaml", withConventions("conventions: {marks: any, corrector_inks: [red]}"))
	require.NoError(t, err)
	want.Title, want.Problems[0].Title = `Größe: "α" # 1`, "No"
	b := want.YAML("made by a test", "second line")
	got, err := Parse("exam.yaml", b)
	require.NoError(t, err, "%s", b)
	got.lines, want.lines = nil, nil
	assert.Equal(t, want, got)
	assert.Contains(t, string(b), "# made by a test\n# second line\nversion: 1\n")
}

func TestScalarsThatNeedQuotes(t *testing.T) {
	for in, want := range map[string]string{
		"Deep Learning": "Deep Learning", "Übung (2)": "Übung (2)",
		"1.1": `"1.1"`, "no": `"no"`, "a: b": `"a: b"`, "": `""`, "x #1": `"x #1"`, " a": `" a"`, "C++": `"C++"`,
	} {
		assert.Equal(t, want, scalar(in))
	}
}
