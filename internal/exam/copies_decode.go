package exam

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// loadCopies reads the copies' file beside the exam file at path.
func (e *Exam) loadCopies(path string) error {
	file := filepath.Join(filepath.Dir(path), e.CopiesFile)
	b, err := readBounded(file)
	if err != nil {
		return fmt.Errorf("the copies that %s names cannot be read: %w; put the file there or take copies: out", filepath.Base(path), err)
	}
	return e.ParseCopies(file, b)
}

// ParseCopies decodes and checks the copies of an exam, and makes them part of it. name is what
// messages call the file. Everything wrong with it comes back as one *CheckError.
func (e *Exam) ParseCopies(name string, b []byte) error {
	doc := &document{name: name, lines: lineIndex{}}
	root, ok := parseYAML(doc, bytes.TrimPrefix(b, []byte("\ufeff")))
	if !ok {
		return checkError(doc.issues)
	}
	doc.lines[""] = lineOf(root.node)
	d := copiesDecoder{exam: e, questions: map[string]*Question{}}
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			q := &e.Problems[i].Questions[j]
			d.questions[q.ID] = q
			d.ids = append(d.ids, q.ID)
		}
	}
	copies := d.file(root)
	e.Copies, e.copyLines = copies, doc.lines
	doc.issues = append(doc.issues, e.checkCopies(name, doc)...)
	return checkError(doc.issues)
}

// copiesDecoder decodes the copies of an exam.
type copiesDecoder struct {
	exam      *Exam
	questions map[string]*Question
	ids       []string // of the questions, in the order of the exam
}

func (d *copiesDecoder) file(v value) (copies []Copy) {
	o, ok := v.object("version", "copies")
	if !ok {
		return nil
	}
	if f, ok := o.need("version", "1"); ok {
		if n := f.integer(); n != formatVersion {
			f.fail(ErrUnsupported, "version %d is not known; this program reads version %d", n, formatVersion)
			return nil
		}
	}
	for _, item := range o.list("copies") {
		copies = append(copies, d.copy(item))
	}
	return copies
}

func (d *copiesDecoder) copy(v value) (c Copy) {
	v.where = "copy " + object{value: v}.position()
	o, ok := v.object("copy", "form", "pages", "questions")
	if !ok {
		return c
	}
	if f, ok := o.need("copy", "E0134"); ok {
		c.ID = strings.TrimSpace(f.text())
		o.where = "copy " + c.ID
	}
	if f, ok := o.need("form", "booklets/E0134.pdf"); ok {
		c.Form = f.text()
	}
	for _, p := range o.list("pages") {
		c.Pages = append(c.Pages, p.integer())
	}
	slices.Sort(c.Pages)
	if f, ok := o.get("questions"); ok {
		c.Questions = d.moved(f)
	}
	return c
}

// moved decodes the questions of a copy, in the order of the file.
func (d *copiesDecoder) moved(v value) (list []CopyQuestion) {
	o, ok := v.object(d.ids...)
	if !ok {
		return nil
	}
	m, ok := v.node.(*ast.MappingNode)
	if !ok {
		return nil
	}
	done := map[string]bool{}
	for _, kv := range m.Values {
		id := kv.Key.GetToken().Value
		f, known := o.get(id)
		if !known || done[id] {
			continue
		}
		done[id] = true
		f.where = within(v.where, "question "+id)
		list = append(list, d.question(f, d.questions[id]))
	}
	return list
}

// question decodes where the boxes of a question stand, and checks that each box of the exam
// is there once, or none.
func (d *copiesDecoder) question(v value, q *Question) CopyQuestion {
	out := CopyQuestion{ID: q.ID}
	seen := map[string]bool{}
	want := q.boxNames()
	for _, item := range v.items() {
		var name string
		if q.Kind == Choice {
			o := item.placedOption()
			name = "option " + o.ID
			out.Options = append(out.Options, o)
		} else {
			b := item.creditBox()
			name = cellName(b)
			out.Boxes = append(out.Boxes, b)
		}
		switch {
		case !slices.Contains(want, name):
			item.fail(ErrInconsistent, "the question has no %s in the exam; it has %s", name, strings.Join(want, ", "))
		case seen[name]:
			item.fail(ErrInconsistent, "%s stands twice; each stands in a copy once", name)
		}
		seen[name] = true
	}
	for _, name := range want {
		if len(seen) > 0 && !seen[name] {
			v.fail(ErrInconsistent, "%s is missing; list every box of the question, or leave the question out where it is as in the exam", name)
		}
	}
	return out
}

// placedOption decodes an option of a copy. It has no key: that of the exam holds.
func (v value) placedOption() (p Option) {
	o, ok := v.object("id", "box")
	if !ok {
		return p
	}
	p.ID = o.named("option")
	p.Box = o.needBox()
	return p
}

// boxNames lists what the boxes of a question are called in messages.
func (q *Question) boxNames() (names []string) {
	for _, o := range q.Options {
		names = append(names, "option "+o.ID)
	}
	for _, b := range q.Boxes {
		names = append(names, cellName(b))
	}
	return names
}

func cellName(b CreditBox) string {
	if b.Corrector == 2 {
		return "box " + FormatNumber(b.Credits) + " of corrector 2"
	}
	return "box " + FormatNumber(b.Credits)
}
