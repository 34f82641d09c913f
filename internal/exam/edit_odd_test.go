package exam

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
)

// Files as other people and programs write them: all of them can be changed in place.
var odd = map[string]string{
	"as scan new writes it": "", // filled in below
	"no line break at the end": `version: 1
id: x
pages: 2
problems:
- id: 1
  questions:
  - {id: 1.1, kind: choice, page: 1, credits: 1, options: [{id: a, box: [1, 1, 4, 4]}]}
- id: 2
  questions:
  - id: 2.1
    kind: credit
    page: 2
    credits: 1
    boxes:
    - {credits: 1, box: [1, 1, 4, 4]}`,
	"JSON": `{"version": 1, "id": "x", "pages": 2,
  "problems": [
    {"id": "1", "questions": [
      {"id":"1.1","kind":"choice","page":1,"credits":1,"options":[
        {"id":"a","box":[1,1,4,4],"correct":true},
        {"id":"b","box":[1,9,4,4],"correct":false}
      ]},
      {"id": "2.1", "kind": "credit", "page": 2, "credits": 1, "boxes": [{"credits": 1, "box": [1, 1, 4, 4]}]}
    ]}
  ]
}
`,
	"texts and markers": "\ufeff" + `--- # an exam
# with all kinds of words
version: 1
"id": 'it''s'
title: >-
  A title over
  two lines # this is text

pages: 2   # both
problems:
  -   id: "1"   # wide
      title: |
        # no comment
        second: line
      questions:

        # before the first

        - id: a long
            name   # odd, but a word
          kind: choice
          page: 1
          credits: 1
          options: [   # in brackets
            {id: a, box: [1, 1, 4, 4]},   # first
            # between
            {id: "b, {c}", box: [1,
               9, 4, 4], correct: true}   # last
          ]
        -
          id: "2"
          kind: credit
          page: 2
          credits: 1
          boxes:

            - credits: 1   # whole
              box: [1, 1, 4, 4]

            - credits: 0   # none
              box: [1, 5, 4, 4]
...
`,
}

func oddFiles(t *testing.T) map[string]string {
	e, _, err := Examine("exam.yaml", []byte(commented))
	require.NoError(t, err)
	odd["as scan new writes it"] = string(e.YAML("made", "by a test"))
	return odd
}

// Whatever is done to the exam, the file says it afterwards (Edit checks that) and every line that
// was in the file and did not have to go is there byte for byte.
func TestEditOddFilesAtRandom(t *testing.T) {
	for name, first := range oddFiles(t) {
		for seed := range uint64(20) {
			rng := rand.New(rand.NewPCG(seed, 7))
			file := first
			for range 5 {
				e, _, err := Examine("exam.yaml", []byte(file))
				require.NoError(t, err, "%s, seed %d:\n%s", name, seed, file)
				o := OriginOf(e)
				what := reshape(rng, e, &o)
				got, _, err := Edit("exam.yaml", []byte(file), e, o)
				require.NoError(t, err, "%s, seed %d: %s in\n%s", name, seed, what, file)
				comments := strings.Count(string(got), "#")
				assert.True(t, what != "add" || comments == strings.Count(file, "#"), "%s, seed %d: comments stay", name, seed)
				file = string(got)
			}
		}
	}
}

func TestNothingChangedIsTheSameFile(t *testing.T) {
	for name, file := range oddFiles(t) {
		e, _, err := Examine("exam.yaml", []byte(file))
		require.NoError(t, err, name)
		got, _, err := Edit("exam.yaml", []byte(file), e, OriginOf(e))
		require.NoError(t, err, name)
		assert.Equal(t, file, string(got), name)
	}
}

// reshape adds, deletes or changes something of any kind.
func reshape(rng *rand.Rand, e *Exam, o *Origin) (what string) {
	box := geom.Box{X: float64(rng.IntN(9000)) / 100, Y: 2, W: 3, H: 3}
	id := fmt.Sprintf("n%d: x", rng.IntN(1e6))
	i := rng.IntN(len(e.Problems) + 1)
	switch rng.IntN(9) {
	case 0:
		e.Problems = slices.Insert(e.Problems, i, Problem{ID: id, Title: "- no", Credits: ptr(2.5)})
		o.Problems = slices.Insert(o.Problems, i, Was{})
		return "add"
	case 1:
		if i < len(e.Problems) {
			e.Problems, o.Problems = slices.Delete(e.Problems, i, i+1), slices.Delete(o.Problems, i, i+1)
		}
		return "delete a problem"
	case 2:
		e.Sticker = &Sticker{Page: 1, Box: box}
		return "sticker"
	case 3:
		e.Sticker, e.Title, e.Credits = nil, id, ptr(float64(rng.IntN(9)))
		return "head"
	case 4:
		k := rng.IntN(len(e.Scores) + 1)
		e.Scores = slices.Insert(e.Scores, k, Score{ID: id, Problem: "1", Corrector: 2, Page: 1, Box: box, Max: 7, Step: 0.25})
		o.Scores = slices.Insert(o.Scores, k, Was{})
		return "add"
	case 5:
		if len(e.Scores) > 0 {
			e.Scores, o.Scores = e.Scores[1:], o.Scores[1:]
		}
		return "delete a score"
	}
	if i == len(e.Problems) {
		return "nothing"
	}
	return reshapeQuestions(rng, &e.Problems[i], &o.Problems[i], box, id)
}

func reshapeQuestions(rng *rand.Rand, p *Problem, w *Was, box geom.Box, id string) string {
	k := rng.IntN(len(p.Questions) + 1)
	if k == len(p.Questions) || rng.IntN(4) == 0 {
		q := Question{ID: id, Kind: Credit, Page: 2, Credits: 1, Boxes: []CreditBox{{1, box, 1}, {0, box, 2}}}
		if rng.IntN(2) == 0 {
			q = Question{ID: id, Kind: Choice, Page: 1, Credits: 1, Rule: PerOption, Wrong: -1, Select: SelectOne, Options: []Option{{ID: "yes", Box: box, Correct: ptr(true), Void: true}}}
		}
		p.Questions = slices.Insert(p.Questions, k, q)
		w.Parts = slices.Insert(w.Parts, k, Was{})
		return "add"
	}
	q, parts := &p.Questions[k], &w.Parts[k].Parts
	switch n := len(q.Options) + len(q.Boxes); {
	case rng.IntN(6) == 0:
		p.Questions, w.Parts = slices.Delete(p.Questions, k, k+1), slices.Delete(w.Parts, k, k+1)
		return "delete a question"
	case n > 0 && rng.IntN(3) == 0:
		at := rng.IntN(n)
		*parts = slices.Delete(*parts, at, at+1)
		if q.Kind == Choice {
			q.Options = slices.Delete(q.Options, at, at+1)
		} else {
			q.Boxes = slices.Delete(q.Boxes, at, at+1)
		}
		return "delete a box"
	case q.Kind == Choice:
		at := rng.IntN(n + 1)
		q.Options = slices.Insert(q.Options, at, Option{ID: id, Box: box, Void: rng.IntN(2) == 0})
		*parts = slices.Insert(*parts, at, Was{})
		if n > 0 && rng.IntN(2) == 0 {
			q.Options[(at+1)%(n+1)].Box = box
			q.Options[(at+1)%(n+1)].ID = "o" + id
		}
		q.Rule, q.Wrong, q.Floor = AllOrNothing, 0, 0
		return "change options"
	}
	q.Boxes = append(q.Boxes, CreditBox{0.5, box, 2})
	*parts = append(*parts, Was{})
	return "add"
}
