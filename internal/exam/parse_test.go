package exam

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
)

// sound is an exam with one of everything. Tests break one line of it at a time.
const sound = `version: 1
id: dl-endterm
title: Introduction to Deep Learning
form: form.pdf
pages: 4
credits: 10.5
sticker: {page: 1, box: [10.0, 30.0, 39.0, 21.5]}
codes: {exam: XX-DL-1-20200811, page_offset: 2}
problems:
  - id: "1"
    title: Multiple Choice
    credits: 3
    questions:
      - id: "1.1"
        kind: choice
        page: 2
        credits: 2
        options:
          - {id: a, box: [28.45, 98.8, 4.27, 4.27], correct: true}
          - {id: b, box: [28.45, 106.6, 4.27, 4.27], correct: false}
      - id: 1.10
        kind: choice
        page: 2
        credits: 1
        rule: per-option
        wrong: -0.5
        floor: -1
        select: one
        options:
          - {id: a, box: [28.45, 118.8, 4.27, 4.27], correct: true}
          - {id: b, box: [28.45, 126.6, 4.27, 4.27], correct: false}
  - id: "2"
    questions:
      - id: "2.1"
        kind: credit
        page: 4
        credits: 0.5
        boxes:
          - {credits: 0, box: [15.53, 58.0, 4.27, 4.27]}
          - {credits: 0.5, box: [15.53, 61.57, 4.27, 4.27]}
          - {credits: 0, box: [19.46, 58.0, 4.27, 4.27], corrector: 2}
          - {credits: 0.5, box: [19.46, 61.57, 4.27, 4.27], corrector: 2}
  - id: "3"
scores:
  - {id: P1.I, problem: "1", corrector: 1, page: 1, box: [45.0, 120.0, 18.0, 9.0], max: 3, step: 0.5}
  - {id: P1.II, problem: "1", corrector: 2, page: 1, box: [45.0, 130.0, 18.0, 9.0]}
  - {id: P3.I, problem: "3", page: 1, box: [65.0, 120.0, 18.0, 9.0], max: 7, step: 1}
`

func mustParse(t *testing.T, text string) *Exam {
	t.Helper()
	e, err := Parse("exam.yaml", []byte(text))
	require.NoError(t, err)
	return e
}

func TestParse(t *testing.T) {
	e := mustParse(t, sound)

	assert.Equal(t, "dl-endterm", e.ID)
	assert.Equal(t, 4, e.Pages)
	assert.Equal(t, &Sticker{1, geom.Box{X: 10, Y: 30, W: 39, H: 21.5}}, e.Sticker)
	assert.Equal(t, &Codes{"XX-DL-1-20200811", 2}, e.Codes)
	require.Len(t, e.Problems, 3)

	q := e.Question("1.1")
	require.NotNil(t, q)
	assert.Equal(t, AllOrNothing, q.Rule, "the default rule")
	assert.Equal(t, SelectAny, q.Select, "the default select")
	assert.True(t, *q.Options[0].Correct)
	assert.False(t, *q.Options[1].Correct)

	q = e.Question("1.10")
	require.NotNil(t, q, "an unquoted id keeps its last zero")
	assert.Equal(t, PerOption, q.Rule)
	assert.Equal(t, SelectOne, q.Select)
	assert.Equal(t, []float64{-0.5, -1}, []float64{q.Wrong, q.Floor})

	q = e.Question("2.1")
	assert.Equal(t, []int{1, 2}, q.Correctors())
	assert.Equal(t, CreditBox{0.5, geom.Box{X: 19.46, Y: 61.57, W: 4.27, H: 4.27}, 2}, q.Column(2)[1])

	assert.Equal(t, Score{"P1.II", "1", 2, 1, geom.Box{X: 45, Y: 130, W: 18, H: 9}, 3, 0.5}, e.Scores[1],
		"max and step by default")
	assert.Nil(t, e.Question("9"))
	assert.Nil(t, e.Problem("9"))
}

func TestParseTakesWindowsText(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(sound, "\n", "\r\n")
	e := mustParse(t, text)
	assert.Equal(t, mustParse(t, sound).ScoringHash(), e.ScoringHash())

	_, err := Parse("exam.yaml", []byte(strings.Replace(text, "page: 4", "page: 5", 1)))
	assert.EqualError(t, err, "exam.yaml:36: question 2.1: page 5 is not in the booklet; pages run from 1 to 4")
}

func TestFormIsFormPDFByDefault(t *testing.T) {
	assert.Equal(t, "form.pdf", mustParse(t, strings.Replace(sound, "form: form.pdf\n", "", 1)).Form)
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "exam.yaml")
	_, err := Load(path)
	require.ErrorIs(t, err, os.ErrNotExist)

	require.NoError(t, os.WriteFile(path, []byte(sound), 0o600))
	e, err := Load(path)
	require.NoError(t, err)
	assert.Equal(t, mustParse(t, sound).ScoringHash(), e.ScoringHash())

	require.NoError(t, os.Truncate(path, maxFileBytes+1))
	_, err = Load(path)
	require.ErrorIs(t, err, ErrUnsupported)
	assert.ErrorContains(t, err, "too large")
}

// Each case changes one place of the sound exam and expects exactly these messages.
func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		name, old, new string
		want           []string
	}{
		{"unknown key", "    title: Multiple", "    titel: Multiple",
			[]string{`11: unknown key "titel"; the keys here are id, title, credits, questions`}},
		{"unknown key in a box", "4.27], correct: true}\n          - {id: b, box: [28.45, 106", "4.27], corect: true}\n          - {id: b, box: [28.45, 106",
			[]string{`19: question 1.1: unknown key "corect"; the keys here are id, box, correct, void`}},
		{"key twice", "pages: 4", "pages: 4\npages: 5", []string{`6: key "pages" stands twice; remove one`}},
		{"no pages", "pages: 4\n", "", []string{"1: pages is missing; add for example pages: 16"}},
		{"zero pages", "pages: 4", "pages: 0", []string{"5: pages is 0; write how many pages a booklet has"}},
		{"half a page", "pages: 4", "pages: 4.5", []string{"5: 4.5 is not a whole number; write one"}},
		{"empty id", "id: dl-endterm", `id: ""`, []string{"2: id is empty; give the exam a short name, for example dl-endterm"}},
		{"form elsewhere", "form: form.pdf", "form: ../form.pdf",
			[]string{`4: form: "../form.pdf" is not a file in the exam folder; write its name, for example form.pdf`}},
		{"version", "version: 1", "version: 2", []string{"1: version 2 is not known; this program reads version 1"}},
		{"page out of range", "page: 4", "page: 5",
			[]string{"36: question 2.1: page 5 is not in the booklet; pages run from 1 to 4"}},
		{"sticker page", "sticker: {page: 1", "sticker: {page: 0",
			[]string{"7: sticker: page 0 is not in the booklet; pages run from 1 to 4"}},
		{"page offset", "page_offset: 2", "page_offset: -2",
			[]string{"8: codes: page_offset is -2; write how many pages the codes count before form page 1 (0 to 99)"}},
		{"word for a number", "        credits: 2\n", "        credits: two\n",
			[]string{`17: question 1.1: "two" stands where a number is expected; write it plainly, with a point: 4.5`}},
		{"decimal comma", "        credits: 2\n", "        credits: 2,0\n",
			[]string{`17: question 1.1: "2,0" stands where a number is expected; write it plainly, with a point: 4.5`}},
		{"infinite", "        credits: 2\n", "        credits: .inf\n",
			[]string{`17: question 1.1: ".inf" stands where a number is expected; write it plainly, with a point: 4.5`}},
		{"not true or false", "106.6, 4.27, 4.27], correct: false", "106.6, 4.27, 4.27], correct: no",
			[]string{`20: question 1.1: option b: "no" stands where true or false is expected; write one of them`}},
		{"box of three", "[28.45, 98.8, 4.27, 4.27]", "[28.45, 98.8, 4.27]",
			[]string{"19: question 1.1: option a: box is not four numbers; write [x, y, width, height] in mm from the page's top-left corner"}},
		{"box of words", "[28.45, 98.8, 4.27, 4.27]", "[28.45, top, 4.27, 4.27]",
			[]string{`19: question 1.1: option a: "top" stands where a number is expected; write it plainly, with a point: 4.5`}},
		{"box without width", "[28.45, 98.8, 4.27, 4.27]", "[28.45, 98.8, 0, 4.27]",
			[]string{"19: question 1.1: option a: box is 0 x 4.27 mm; width and height must be more than 0: correct [x, y, width, height]"}},
		{"box in inches", "[28.45, 98.8, 4.27, 4.27]", "[1.12, 3.89, 0.17, 0.17]",
			[]string{"19: question 1.1: option a: box is 0.17 x 0.17 mm, too small to hold a mark; lengths are in mm: correct [x, y, width, height]"}},
		{"box in points", "[28.45, 98.8, 4.27, 4.27]", "[480.6, 280, 12.1, 12.1]",
			[]string{"19: question 1.1: option a: box is off the page; lengths are in mm from the page's top-left corner: correct [x, y, width, height]"}},
		{"box left of the page", "[28.45, 98.8, 4.27, 4.27]", "[-0.1, 98.8, 4.27, 4.27]",
			[]string{"19: question 1.1: option a: box is off the page; lengths are in mm from the page's top-left corner: correct [x, y, width, height]"}},
		{"overlap in a question", "106.6, 4.27, 4.27], correct", "101.77, 4.27, 4.27], correct",
			[]string{"20: question 1.1: option b: box overlaps option a by 1.3 mm; boxes may share a frame (up to 1 mm): correct [x, y, width, height]"}},
		{"overlap between questions", "118.8, 4.27", "108.0, 4.27",
			[]string{"30: question 1.10: option a: box overlaps question 1.1: option b by 2.9 mm; boxes may share a frame (up to 1 mm): correct [x, y, width, height]"}},
		{"overlap of columns", "[19.46, 61.57", "[18.7, 61.57",
			[]string{"42: question 2.1: box 0.5 of corrector 2: box overlaps box 0.5 by 1.1 mm; boxes may share a frame (up to 1 mm): correct [x, y, width, height]"}},
		{"score on the sticker", "[45.0, 120.0", "[45.0, 40.0",
			[]string{"45: score P1.I: box overlaps sticker by 4.0 mm; boxes may share a frame (up to 1 mm): correct [x, y, width, height]"}},
		{"no box", "{id: a, box: [28.45, 98.8, 4.27, 4.27], ", "{id: a, ",
			[]string{"19: question 1.1: option a: box is missing; add for example box: [28.45, 98.8, 4.27, 4.27]"}},
		{"same option twice", "id: b, box: [28.45, 106", "id: a, box: [28.45, 106",
			[]string{"20: question 1.1: option a: the question has two options a; give each its own id"}},
		{"same question twice", `id: "2.1"`, `id: "1.1"`,
			[]string{"34: question 1.1: another question has this id; give each its own"}},
		{"same problem twice", `  - id: "2"`, `  - id: "1"`,
			[]string{"32: problem 1: another problem has this id; give each its own"}},
		{"same score twice", "id: P3.I", "id: P1.I",
			[]string{"47: score P1.I: another score has this id; give each its own"}},
		{"score called like a box", "id: P3.I", "id: 1.1.b",
			[]string{`47: score 1.1.b: it would be called "1.1.b" in readings.csv, as question 1.1: option b is; change an id`}},
		{"score called like a column", "id: P3.I", "id: 2.1",
			[]string{`47: score 2.1: it would be called "2.1" in readings.csv, as question 2.1 is; change an id`}},
		{"score called like the sticker", "id: P3.I", "id: sticker",
			[]string{`47: score sticker: it would be called "sticker" in readings.csv, as the sticker is; change an id`}},
		{"slash in an id", "id: P3.I", "id: P3/2",
			[]string{`47: score P3/2: id "P3/2" holds a slash or a line break; use letters, digits, points and dashes`}},
		{"no id", `      - id: "2.1"`, "      - id:",
			[]string{`34: question #1: id is missing; add for example id: "1"`}},
		{"kind", "kind: credit", "kind: credits",
			[]string{`35: question 2.1: kind: "credits" is not known; write choice or credit`}},
		{"no kind", "        kind: credit\n", "",
			[]string{`34: question 2.1: kind is missing; add for example kind: choice`}},
		{"rule", "rule: per-option", "rule: per-box",
			[]string{`25: question 1.10: rule: "per-box" is not known; write all-or-nothing or per-option`}},
		{"select", "select: one", "select: two",
			[]string{`28: question 1.10: select: "two" is not known; write any or one`}},
		{"select one, two correct", "126.6, 4.27, 4.27], correct: false", "126.6, 4.27, 4.27], correct: true",
			[]string{"28: question 1.10: select: one, but 2 options are correct; write select: any or correct the key"}},
		{"floor too high", "floor: -1", "floor: 1.5",
			[]string{"27: question 1.10: floor 1.5 is more than the question's 1 credits; lower it"}},
		{"reward for wrong", "wrong: -0.5", "wrong: 0.5",
			[]string{"26: question 1.10: wrong is 0.5, so a wrong option would earn credits; write 0 or less"}},
		{"wrong without its rule", "        rule: per-option\n", "",
			[]string{"25: question 1.10: wrong does not belong here: only rule: per-option has it; remove it",
				"26: question 1.10: floor does not belong here: only rule: per-option has it; remove it"}},
		{"rule of a credit question", "kind: credit\n", "kind: credit\n        rule: per-option\n",
			[]string{"36: question 2.1: rule does not belong here: only kind: choice has it; remove it"}},
		{"boxes of a choice question", "        page: 2\n        credits: 2\n        options:", "        page: 2\n        credits: 2\n        boxes: []\n        options:",
			[]string{"18: question 1.1: boxes does not belong here: a choice question has options; remove it"}},
		{"negative credits", "        credits: 0.5\n        boxes", "        credits: -1\n        boxes", []string{
			"6: credits is 10.5, but the problems sum to 9; correct one of them",
			"37: question 2.1: credits is -1; write 0 or more",
			"37: question 2.1: credits is -1, but corrector 1 has no box for it; add the box or correct credits",
			"37: question 2.1: credits is -1, but corrector 2 has no box for it; add the box or correct credits",
			"39: question 2.1: box 0: credits is not within 0 to the question's -1; correct one of them",
			"40: question 2.1: box 0.5: credits is not within 0 to the question's -1; correct one of them",
			"41: question 2.1: box 0: credits is not within 0 to the question's -1; correct one of them",
			"42: question 2.1: box 0.5: credits is not within 0 to the question's -1; correct one of them"}},
		{"box above the credits", "{credits: 0, box: [15.53, 58", "{credits: 1, box: [15.53, 58",
			[]string{"39: question 2.1: box 1: credits is not within 0 to the question's 0.5; correct one of them"}},
		{"no box for all credits", "{credits: 0.5, box: [15", "{credits: 0.4, box: [15",
			[]string{"37: question 2.1: credits is 0.5, but corrector 1 has no box for it; add the box or correct credits"}},
		{"two boxes alike", "{credits: 0, box: [15", "{credits: 0.5, box: [15",
			[]string{"40: question 2.1: box 0.5: corrector 1 has two boxes of 0.5 credits; correct one"}},
		{"third corrector", "61.57, 4.27, 4.27], corrector: 2", "61.57, 4.27, 4.27], corrector: 3", []string{
			"37: question 2.1: credits is 0.5, but corrector 2 has no box for it; add the box or correct credits",
			"42: question 2.1: box 0.5: corrector is 3; write 1 or 2"}},
		{"no options", "        options:\n          - {id: a, box: [28.45, 98.8, 4.27, 4.27], correct: true}\n          - {id: b, box: [28.45, 106.6, 4.27, 4.27], correct: false}\n", "        options: []\n",
			[]string{"18: question 1.1: it has no options; list them with id and box"}},
		{"problem sum", "    credits: 3\n", "    credits: 4\n",
			[]string{"12: problem 1: credits is 4, but its questions sum to 3; correct one of them"}},
		{"total", "credits: 10.5", "credits: 91",
			[]string{"6: credits is 91, but the problems sum to 10.5; correct one of them"}},
		{"empty problem", `  - id: "3"`, "  - id: \"3\"\n  - id: \"4\"",
			[]string{"44: problem 4: it has neither questions nor a score; list what earns its credits"}},
		{"score of no problem", `problem: "1", corrector: 1`, `problem: "9", corrector: 1`,
			[]string{`45: score P1.I: there is no problem "9"; write the id of one`}},
		{"score max", "max: 3", "max: 4",
			[]string{"45: score P1.I: max is 4, but problem 1 is worth 3; correct one of them"}},
		{"score step", "max: 7, step: 1", "max: 7, step: 2",
			[]string{"47: score P3.I: step 2 does not divide max 7; write for example step: 0.5"}},
		{"score step of zero", "max: 7, step: 1", "max: 7, step: 0",
			[]string{"47: score P3.I: step 0 does not divide max 7; write for example step: 0.5"}},
		{"score without max", ", max: 7", "", []string{
			"47: score P3.I: max is missing; add for example max: 18"}},
		{"score of corrector 3", "corrector: 1, page: 1", "corrector: 3, page: 1",
			[]string{"45: score P1.I: corrector is 3; write 1 or 2"}},
		{"two scores of one corrector", `corrector: 2, page: 1`, `corrector: 1, page: 1`,
			[]string{"46: score P1.II: score P1.I is already problem 1 by corrector 1; correct problem or corrector"}},
		{"alias", "page: 4", "page: *four", []string{
			"36: question 2.1: a YAML anchor or alias (not supported) stands where a number is expected; write it plainly, with a point: 4.5"}},
		{"list for an object", "sticker: {page: 1, box: [10.0, 30.0, 39.0, 21.5]}", "sticker: [1]",
			[]string{"7: sticker: a list stands where keys and values are expected; write page, box"}},
		{"object for a list", "scores:\n", "scores: {}\nscore:\n",
			[]string{"44: a set of keys stands where a list is expected; write one item a line, each after a dash",
				`45: unknown key "score"; the keys here are version, id, title, form, pages, sticker, codes, credits, conventions, copies, grades, problems, scores`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.Equal(t, 1, min(1, strings.Count(sound, tc.old)), "the case changes something")
			_, err := Parse("exam.yaml", []byte(strings.Replace(sound, tc.old, tc.new, 1)))
			var check *CheckError
			require.ErrorAs(t, err, &check)
			assert.Equal(t, "exam.yaml:"+strings.Join(tc.want, "\nexam.yaml:"), err.Error())
		})
	}
}

func TestCheckTellsKindsApart(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		kind       error
		message    string
	}{
		{"bracket", "version: 1\npages: [1\n", ErrMalformed, "exam.yaml:2: not valid YAML: "},
		{"indentation", "version: 1\n  pages: 3\n", ErrMalformed, "exam.yaml:1: not valid YAML: "},
		{"empty", "", ErrMalformed, "exam.yaml:1: the file is empty"},
		{"only a comment", "# nothing\n", ErrMalformed, "exam.yaml:1: the file is empty"},
		{"two documents", sound + "---\nversion: 1\n", ErrUnsupported, "exam.yaml:49: a second document"},
		{"newer version", "version: 2\n", ErrUnsupported, "exam.yaml:1: version 2"},
		{"a list", "- 1\n", ErrInconsistent, "exam.yaml:1: a list stands where keys"},
		{"a sum", strings.Replace(sound, "10.5", "11", 1), ErrInconsistent, "exam.yaml:6: credits is 11"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse("exam.yaml", []byte(tc.text))
			require.ErrorIs(t, err, tc.kind)
			require.ErrorContains(t, err, tc.message)
			for _, other := range []error{ErrMalformed, ErrInconsistent, ErrUnsupported} {
				assert.Equal(t, errors.Is(tc.kind, other), errors.Is(err, other), other)
			}
		})
	}
}

func TestCheckListsAllIssuesByLine(t *testing.T) {
	text := strings.NewReplacer("page: 4", "page: 9", "pages: 4", "pages: 4\ncolour: red", `problem: "3"`, `problem: "7"`,
		"credits: 10.5\n", "").Replace(sound)
	_, err := Parse("e/exam.yaml", []byte(text))
	var check *CheckError
	require.ErrorAs(t, err, &check)
	var lines []int
	for _, i := range check.Issues {
		assert.Equal(t, "e/exam.yaml", i.File)
		lines = append(lines, i.Line)
	}
	assert.Equal(t, []int{6, 36, 43, 47}, lines)
}

func TestLongListsAreCut(t *testing.T) {
	issues := make([]Issue, maxShown+3)
	for i := range issues {
		issues[i] = Issue{File: "f", Text: "t"}
	}
	message := (&CheckError{issues}).Error()
	assert.Equal(t, maxShown+1, strings.Count(message, "\n")+1)
	assert.True(t, strings.HasSuffix(message, "\n... and 3 more"))
}

func TestCheckOfAnExamMadeInGo(t *testing.T) {
	e := &Exam{Version: 1, ID: "x", Form: "form.pdf", Pages: 1, Problems: []Problem{{ID: "1", Questions: []Question{{
		ID: "1.1", Kind: Choice, Page: 1, Credits: 1, Rule: AllOrNothing, Select: SelectAny,
		Options: []Option{{ID: "a", Box: geom.Box{X: 10, Y: 10, W: 4, H: 4}}}}}}}}
	require.NoError(t, e.Check())
	e.Problems[0].Questions[0].Page = 2
	assert.EqualError(t, e.Check(), "exam.yaml: question 1.1: page 2 is not in the booklet; pages run from 1 to 1")
}

func TestCheckForm(t *testing.T) {
	e := mustParse(t, sound)
	a4 := geom.Box{W: 209.97, H: 297.01}
	require.NoError(t, e.CheckForm("exam.yaml", []geom.Box{a4, a4, a4, a4}))

	require.EqualError(t, e.CheckForm("exam.yaml", []geom.Box{a4, a4, a4}),
		"exam.yaml:5: pages is 4, but form.pdf has 3; correct pages, or put the form of this exam there")

	a6 := geom.Box{W: 105, H: 130}
	assert.EqualError(t, e.CheckForm("exam.yaml", []geom.Box{a4, a6, a4, a4}),
		"exam.yaml:31: question 1.10: option b: box is off page 2 of form.pdf, which is 105.0 x 130.0 mm: correct [x, y, width, height] or page")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte("version: 1\nproblems: [{questions: [{kind: credit, boxes: [{}]}]}]\nscores: [{}]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Parse("exam.yaml", b)
		if err != nil {
			var check *CheckError
			require.ErrorAs(t, err, &check)
			require.NotEmpty(t, check.Issues)
			return
		}
		require.NoError(t, e.Check(), "what was taken is sound")
	})
}
