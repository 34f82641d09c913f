package exam

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// errUnfaithful is an edit that would not read back as what was meant.
var errUnfaithful = errors.New("the changed file would not say what was meant")

// Examine decodes an exam file that may be unfinished: what does not agree comes back as
// issues beside the exam. An error means that a value could not be taken at all, so that
// writing the exam back would lose it.
func Examine(name string, b []byte) (*Exam, []Issue, error) {
	doc := &document{name: name, lines: lineIndex{}}
	root, ok := parseYAML(doc, bytes.TrimPrefix(b, []byte("\ufeff")))
	if !ok {
		return nil, nil, checkError(doc.issues)
	}
	doc.lines[""] = lineOf(root.node)
	e, ok := root.exam()
	if !ok || len(doc.broken) > 0 && !onlyMissing(doc) {
		return nil, nil, checkError(doc.issues)
	}
	c := checker{exam: e, file: name, broken: doc.broken}
	c.run()
	issues := slices.Concat(doc.issues, c.issues)
	slices.SortStableFunc(issues, func(a, b Issue) int { return a.Line - b.Line })
	return e, issues, nil
}

// onlyMissing reports whether nothing worse is wrong than keys that are not there: they can
// be added.
func onlyMissing(d *document) bool {
	for _, path := range d.broken {
		if _, there := d.lines[path]; there {
			return false
		}
	}
	return true
}

// Edit changes an exam file so that it says what want says, and leaves the rest as it is:
// comments, the order of keys, and every byte of a line on which nothing changes. It changes
// title, credits, sticker, problems and scores; was tells which item of the file each item of
// want is. The result reads back as want, or there is an error; what does not agree in it
// comes back as issues with the lines of the new file.
func Edit(name string, file []byte, want *Exam, was Origin) ([]byte, []Issue, error) {
	old, _, err := Examine(name, file)
	if err != nil {
		return nil, nil, err
	}
	root, err := place(file)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if root.shape != mapShape {
		return nil, nil, fmt.Errorf("%s: %w", name, unplacedError{1})
	}
	p := newPatcher(file, root)
	p.fields(root, editable(old, OriginOf(old)), editable(want, was))
	changed := p.apply()
	got, issues, err := Examine(name, changed)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errUnfaithful, err)
	}
	if diff := firstDifference(got, want); diff != "" {
		return nil, nil, fmt.Errorf("%w: %s would differ", errUnfaithful, diff)
	}
	return changed, issues, nil
}

// firstDifference names the first thing in which two exams differ, "" if they are equal.
func firstDifference(a, b *Exam) string {
	switch {
	case a.Version != b.Version || a.ID != b.ID || a.Form != b.Form || a.CopiesFile != b.CopiesFile || a.Pages != b.Pages ||
		!reflect.DeepEqual(a.Codes, b.Codes) || !reflect.DeepEqual(a.Conventions, b.Conventions) || !reflect.DeepEqual(a.Grades, b.Grades):
		return "what scan edit does not change"
	case a.Title != b.Title:
		return "the title"
	case !reflect.DeepEqual(a.Credits, b.Credits):
		return "the credits"
	case !reflect.DeepEqual(a.Sticker, b.Sticker):
		return "the sticker"
	case len(a.Problems) != len(b.Problems):
		return "the number of problems"
	case !slices.Equal(a.Scores, b.Scores):
		return "a score"
	}
	return differingProblem(a.Problems, b.Problems)
}

func differingProblem(a, b []Problem) string {
	for i := range a {
		p, q := &a[i], &b[i]
		if p.ID != q.ID || p.Title != q.Title || !reflect.DeepEqual(p.Credits, q.Credits) || len(p.Questions) != len(q.Questions) {
			return "problem " + q.ID
		}
		for j := range p.Questions {
			if !sameQuestion(p.Questions[j], q.Questions[j]) {
				return "question " + q.Questions[j].ID
			}
		}
	}
	return ""
}

func sameQuestion(a, b Question) bool {
	sameOptions := slices.EqualFunc(a.Options, b.Options, func(x, y Option) bool { return reflect.DeepEqual(x, y) })
	sameBoxes := slices.Equal(a.Boxes, b.Boxes)
	a.Options, b.Options, a.Boxes, b.Boxes = nil, nil, nil, nil
	return sameOptions && sameBoxes && reflect.DeepEqual(a, b)
}

// Line is the line in the file of a path, e.g. "problems[0].questions[1].credits", or of the
// nearest thing around it; 0 for an exam that was not read from a file.
func (e *Exam) Line(path string) int { return e.lines.of(path) }

// Stated reports whether the file itself says what stands at a path.
func (e *Exam) Stated(path string) bool {
	_, ok := e.lines[path]
	return ok
}

// PathOf finds the thing an issue is about: "problems[0].questions[1].options[2]", "scores[0]",
// "sticker", or "" for the exam as a whole. Of several of one name it takes the one on the
// issue's line.
func (e *Exam) PathOf(i Issue) string {
	found := ""
	for _, p := range e.places() {
		if p.where == i.Where && (found == "" || e.Line(p.path) == i.Line) {
			found = p.path
		}
	}
	return found
}

// places lists everything that has a name of its own.
func (e *Exam) places() []placed {
	var all []placed
	for i := range e.Problems {
		path := fmt.Sprintf("problems[%d]", i)
		all = append(all, placed{where: name("problem", path, e.Problems[i].ID), path: path})
		for j := range e.Problems[i].Questions {
			at := fmt.Sprintf("%s.questions[%d]", path, j)
			all = append(all, placed{where: name("question", at, e.Problems[i].Questions[j].ID), path: at})
		}
	}
	for _, b := range e.placedBoxes() {
		all = append(all, placed{where: b.where, path: strings.TrimSuffix(b.path, ".box")})
	}
	return all
}
