package exam

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
)

// commented is an exam as a person keeps it: comments everywhere, several styles.
const commented = `# The exam of the winter term.
version: 1
id: dl-endterm   # short name
title: "Deep: Learning" # as on the cover
pages: 4
sticker:
  page: 1
  box: [10.0, 30.00, 39.0, 21.5]   # measured
problems:
  # crosses
  - id: "1"
    title: Multiple Choice
    credits: 3          # stated on the form
    questions:
      - id: "1.1"
        kind: choice
        page: 2
        credits: 2
        rule: all-or-nothing   # or per-option
        options:
          # left column
          - {id: a, box: [28.45, 98.80, 4.27, 4.27], correct: true}    # right: see lecture 3
          - {id: b, box: [28.45, 106.6, 4.27, 4.27], correct: false}
          # a comment after the last one

      - credits: 1
        id: 1.10
        page: 2
        kind: choice
        rule: per-option
        wrong: -0.5 # harsh
        floor: -1
        select: one
        options: [{id: a, box: [28.45, 118.8, 4.27, 4.27], correct: true}, {id: 'b', box: [28.45, 126.6, 4.27, 4.27]}]

  - id: "2"
    questions:
    - id: "2.1"
      kind: credit
      page: 4
      credits: 0.5
      boxes:
      - credits: 0
        box: [15.53, 58.0, 4.27, 4.27]
      - credits: 0.5
        box:
          - 15.53
          - 61.57
          - 4.27
          - 4.27
scores:
  - {id: s1, problem: "1", page: 1, box: [60, 60, 20, 10]}   # max is the problem's
  - id: s2
    problem: "2"
    page: 1
    box: [60, 75, 20, 10]
    max: 0.5
`

// edit applies a change to a file and returns it with the lines that are no longer or newly there.
func edit(t *testing.T, file string, change func(e *Exam, o *Origin)) (gone, added []string) {
	t.Helper()
	e, _, err := Examine("exam.yaml", []byte(file))
	require.NoError(t, err)
	o := OriginOf(e)
	change(e, &o)
	b, _, err := Edit("exam.yaml", []byte(file), e, o)
	require.NoError(t, err)
	return diffLines(strings.SplitAfter(file, "\n"), strings.SplitAfter(string(b), "\n"))
}

// diffLines is a longest common subsequence by lines.
func diffLines(a, b []string) (gone, added []string) {
	n := make([][]int, len(a)+1)
	for i := range n {
		n[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if n[i][j] = max(n[i+1][j], n[i][j+1]); a[i] == b[j] {
				n[i][j] = n[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && n[i+1][j] >= n[i][j+1]:
			gone, i = append(gone, a[i]), i+1
		default:
			added, j = append(added, b[j]), j+1
		}
	}
	return gone, added
}

func ptr[T any](x T) *T { return &x }

func TestEditKeepsTheRest(t *testing.T) {
	for _, tc := range []struct {
		name        string
		change      func(e *Exam, o *Origin)
		gone, added []string
	}{
		{"nothing", func(*Exam, *Origin) {}, nil, nil},
		{"move a box", func(e *Exam, _ *Origin) { e.Problems[0].Questions[0].Options[0].Box.X = 29 },
			[]string{"          - {id: a, box: [28.45, 98.80, 4.27, 4.27], correct: true}    # right: see lecture 3\n"},
			[]string{"          - {id: a, box: [29, 98.80, 4.27, 4.27], correct: true}    # right: see lecture 3\n"}},
		{"key unknown", func(e *Exam, _ *Origin) { e.Problems[0].Questions[0].Options[1].Correct = nil },
			[]string{"          - {id: b, box: [28.45, 106.6, 4.27, 4.27], correct: false}\n"},
			[]string{"          - {id: b, box: [28.45, 106.6, 4.27, 4.27]}\n"}},
		{"key in a flow list", func(e *Exam, _ *Origin) { e.Problems[0].Questions[1].Options[1].Correct = ptr(false) },
			[]string{"        options: [{id: a, box: [28.45, 118.8, 4.27, 4.27], correct: true}, {id: 'b', box: [28.45, 126.6, 4.27, 4.27]}]\n"},
			[]string{"        options: [{id: a, box: [28.45, 118.8, 4.27, 4.27], correct: true}, {id: 'b', box: [28.45, 126.6, 4.27, 4.27], correct: false}]\n"}},
		{"add an option", func(e *Exam, _ *Origin) {
			q := &e.Problems[0].Questions[0]
			q.Options = append(q.Options, Option{ID: "c", Box: geom.Box{X: 28.45, Y: 114.4, W: 4.27, H: 4.27}})
		}, nil, []string{"          - {id: c, box: [28.45, 114.4, 4.27, 4.27]}\n"}},
		{"add an option in front", func(e *Exam, o *Origin) {
			q := &e.Problems[0].Questions[0]
			q.Options = slices.Insert(q.Options, 0, Option{ID: "no", Box: geom.Box{X: 28.45, Y: 90, W: 4.27, H: 4.27}})
			o.Problems[0].Parts[0].Parts = []Was{{}, {At: 1}, {At: 2}}
		}, nil, []string{"          - {id: \"no\", box: [28.45, 90, 4.27, 4.27]}\n"}},
		{"delete an option", func(e *Exam, o *Origin) {
			q := &e.Problems[0].Questions[0]
			q.Options = q.Options[1:]
			o.Problems[0].Parts[0].Parts = []Was{{At: 2}}
		}, []string{"          - {id: a, box: [28.45, 98.80, 4.27, 4.27], correct: true}    # right: see lecture 3\n"}, nil},
		{"rename", func(e *Exam, _ *Origin) {
			e.Problems[0].Questions[0].ID, e.Problems[0].Title, e.Title = "1.A", "Kreuze", `a "b"`
		}, []string{"title: \"Deep: Learning\" # as on the cover\n", "    title: Multiple Choice\n", "      - id: \"1.1\"\n"},
			[]string{"title: \"a \\\"b\\\"\" # as on the cover\n", "    title: Kreuze\n", "      - id: \"1.A\"\n"}},
		{"rule", func(e *Exam, _ *Origin) {
			q := &e.Problems[0].Questions[1]
			q.Rule, q.Wrong, q.Floor, q.Select = AllOrNothing, 0, 0, SelectAny
		}, []string{"        rule: per-option\n", "        wrong: -0.5 # harsh\n", "        floor: -1\n", "        select: one\n"},
			[]string{"        rule: all-or-nothing\n", "        select: any\n"}},
		{"rule with its keys", func(e *Exam, _ *Origin) {
			q := &e.Problems[0].Questions[0]
			q.Rule, q.Wrong = PerOption, -1
		}, []string{"        rule: all-or-nothing   # or per-option\n"}, []string{"        rule: per-option   # or per-option\n", "        wrong: -1\n"}},
		{"add a cell in block style", func(e *Exam, _ *Origin) {
			q := &e.Problems[1].Questions[0]
			q.Boxes = append(q.Boxes, CreditBox{Credits: 1, Box: geom.Box{X: 15.53, Y: 65.14, W: 4.27, H: 4.27}, Corrector: 1})
		}, nil, []string{"      - credits: 1\n", "        box: [15.53, 65.14, 4.27, 4.27]\n"}},
		{"move in a block list of numbers", func(e *Exam, _ *Origin) { e.Problems[1].Questions[0].Boxes[1].Box.Y = 61.6 },
			[]string{"          - 61.57\n"}, []string{"          - 61.6\n"}},
		{"score with its own max", func(e *Exam, _ *Origin) { e.Scores[0].Max = 4 },
			[]string{"  - {id: s1, problem: \"1\", page: 1, box: [60, 60, 20, 10]}   # max is the problem's\n"},
			[]string{"  - {id: s1, problem: \"1\", page: 1, box: [60, 60, 20, 10], max: 4}   # max is the problem's\n"}},
		{"no sticker", func(e *Exam, _ *Origin) { e.Sticker = nil },
			[]string{"sticker:\n", "  page: 1\n", "  box: [10.0, 30.00, 39.0, 21.5]   # measured\n"}, nil},
		{"the last item", func(e *Exam, _ *Origin) { e.Scores = e.Scores[:1] },
			[]string{"  - id: s2\n", "    problem: \"2\"\n", "    page: 1\n", "    box: [60, 75, 20, 10]\n", "    max: 0.5\n"}, nil},
		{"all scores", func(e *Exam, _ *Origin) { e.Scores = nil },
			[]string{"scores:\n", "  - {id: s1, problem: \"1\", page: 1, box: [60, 60, 20, 10]}   # max is the problem's\n",
				"  - id: s2\n", "    problem: \"2\"\n", "    page: 1\n", "    box: [60, 75, 20, 10]\n", "    max: 0.5\n"}, nil},
		{"a problem with a question", func(e *Exam, _ *Origin) {
			e.Problems = append(e.Problems, Problem{ID: "3", Questions: []Question{{ID: "3.1", Kind: Choice, Page: 3, Credits: 1,
				Rule: AllOrNothing, Select: SelectAny, Options: []Option{{ID: "a", Box: geom.Box{X: 10, Y: 10, W: 4, H: 4}}}}}})
		}, nil, []string{"\n", "  - id: \"3\"\n", "    questions:\n", "      - id: \"3.1\"\n", "        kind: choice\n", "        page: 3\n", "        credits: 1\n",
			"        rule: all-or-nothing\n", "        options:\n", "          - {id: a, box: [10, 10, 4, 4]}\n"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, eol := range []string{"\n", "\r\n"} {
				gone, added := edit(t, strings.ReplaceAll(commented, "\n", eol), tc.change)
				for _, lines := range [][]string{gone, added} {
					for i := range lines {
						lines[i] = strings.TrimSuffix(lines[i], eol) + "\n"
					}
				}
				slices.Sort(gone)
				slices.Sort(added)
				slices.Sort(tc.gone)
				slices.Sort(tc.added)
				assert.Equal(t, tc.gone, gone, "gone")
				assert.Equal(t, tc.added, added, "added")
			}
		})
	}
}

// A file may be unfinished, and its issues say where.
func TestExamineUnfinished(t *testing.T) {
	file := strings.Replace(commented, "credits: 3 ", "credits: 4 ", 1)
	e, issues, err := Examine("exam.yaml", []byte(file))
	require.NoError(t, err)
	require.Len(t, issues, 1)
	assert.Equal(t, "problems[0]", e.PathOf(issues[0]))
	assert.Equal(t, 13, issues[0].Line)
	assert.False(t, e.Stated("scores[0].max"))
	assert.True(t, e.Stated("scores[1].max"))

	_, _, err = Examine("exam.yaml", []byte(strings.Replace(commented, "pages: 4", "pages: four", 1)))
	assert.ErrorContains(t, err, `"four" stands where a number is expected`)
}

func TestEditRefuses(t *testing.T) {
	e, _, err := Examine("exam.yaml", []byte(commented))
	require.NoError(t, err)
	e.Pages = 5
	_, _, err = Edit("exam.yaml", []byte(commented), e, OriginOf(e))
	assert.ErrorIs(t, err, errUnfaithful, "pages are not for Edit")
	_, err = place([]byte("a: {x: 1}\n  b: 2\n"))
	assert.ErrorContains(t, err, "line 2 is written in a way")
}

// Any edits of the practice exam, with comments strewn in: the result reads back, and every line
// on which nothing was changed is there, byte for byte, in its order.
func TestEditAtRandom(t *testing.T) {
	b, err := os.ReadFile("../../fixtures/blackbox/b-150dpi-troubles-heavy/exam.yaml")
	require.NoError(t, err)
	for seed := range uint64(25) {
		rng := rand.New(rand.NewPCG(seed, 4))
		file := strew(rng, string(b))
		e, _, err := Examine("exam.yaml", []byte(file))
		require.NoError(t, err)
		for step := range 4 {
			o := OriginOf(e)
			touched := change(rng, e, &o, step)
			got, _, err := Edit("exam.yaml", []byte(file), e, o)
			require.NoError(t, err, "seed %d: %s", seed, touched)
			gone, _ := diffLines(strings.SplitAfter(file, "\n"), strings.SplitAfter(string(got), "\n"))
			for _, line := range gone {
				assert.Contains(t, line, touched, "seed %d", seed)
			}
			file = string(got)
			e, _, err = Examine("exam.yaml", got)
			require.NoError(t, err)
		}
	}
}

// strew puts comments between and behind lines.
func strew(rng *rand.Rand, file string) string {
	var out []string
	for i, line := range strings.Split(strings.TrimSuffix(file, "\n"), "\n") {
		if rng.IntN(4) == 0 {
			out = append(out, strings.Repeat(" ", rng.IntN(9))+fmt.Sprintf("# note %d: [x], {y}", i))
		}
		if rng.IntN(4) == 0 {
			line += fmt.Sprintf("  # behind %d", i)
		}
		out = append(out, line)
		if rng.IntN(12) == 0 {
			out = append(out, "")
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// change makes one change and returns what every line that it may touch holds.
func change(rng *rand.Rand, e *Exam, o *Origin, step int) (touched string) {
	pi := rng.IntN(len(e.Problems))
	for len(e.Problems[pi].Questions) == 0 {
		pi = rng.IntN(len(e.Problems))
	}
	p := &e.Problems[pi]
	qi := rng.IntN(len(p.Questions))
	q := &p.Questions[qi]
	box := geom.Box{X: float64(rng.IntN(900)) / 100, Y: float64(step), W: 3, H: 3}
	if len(q.Options) == 0 {
		q.Boxes[0].Box = box
		return "box: ["
	}
	k := rng.IntN(len(q.Options))
	parts := &o.Problems[pi].Parts[qi].Parts
	switch rng.IntN(6) {
	case 0:
		q.Options[k].Box.X += 0.1
		return fmt.Sprintf("{id: %s, box: [", q.Options[k].ID)
	case 1:
		q.Options[k].Correct = ptr(rng.IntN(2) == 0)
		return fmt.Sprintf("{id: %s, box: [", q.Options[k].ID)
	case 2:
		was := q.Options[k].ID
		q.Options[k].ID = "neu: " + was
		return was
	case 3:
		q.Options = slices.Insert(q.Options, k, Option{ID: fmt.Sprintf("n%d", step), Box: box})
		*parts = slices.Insert(*parts, k, Was{})
		return "nothing goes"
	case 4:
		was := q.Options[k].ID
		q.Options = slices.Delete(q.Options, k, k+1)
		*parts = slices.Delete(*parts, k, k+1)
		if len(q.Options) == 0 {
			return "" // its key goes with it
		}
		return was
	default:
		was := FormatNumber(q.Credits)
		q.Credits += 0.5
		return "credits: " + was
	}
}

// New keys of the exam stand where scan new writes them.
func TestEditAddsKeysInOrder(t *testing.T) {
	file := "version: 1\nid: x\npages: 2   # both\ncodes: {exam: X}\n"
	e, _, err := Examine("exam.yaml", []byte(file))
	require.NoError(t, err)
	e.Title, e.Credits, e.Sticker = "No", ptr(7.0), &Sticker{Page: 1, Box: geom.Box{X: 1, Y: 2, W: 30, H: 20}}
	e.Problems = []Problem{{ID: "1"}}
	e.Scores = []Score{{ID: "s1", Problem: "1", Corrector: 1, Page: 1, Box: geom.Box{X: 1, Y: 40, W: 20, H: 10}, Max: 7, Step: 0.5}}
	got, _, err := Edit("exam.yaml", []byte(file), e, Origin{})
	require.NoError(t, err)
	assert.Equal(t, `version: 1
id: x
title: "No"
pages: 2   # both
credits: 7
sticker: {page: 1, box: [1, 2, 30, 20]}
codes: {exam: X}
problems:
  - id: "1"
scores:
  - {id: s1, problem: "1", corrector: 1, page: 1, box: [1, 40, 20, 10], max: 7}
`, string(got))
}
