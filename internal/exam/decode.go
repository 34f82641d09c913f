package exam

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"scan/internal/geom"
)

// formatVersion is the version of exam.yaml this program reads.
const formatVersion = 1

// maxFileBytes bounds exam.yaml and the roster. A large exam has some 60 kB: beyond
// this it is the wrong file.
const maxFileBytes = 16 << 20

// Load reads and checks an exam file. Everything wrong with it comes back as one
// *CheckError.
func Load(path string) (*Exam, error) {
	b, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	e, err := Parse(path, b)
	if err != nil || !e.HasCopies() {
		return e, err
	}
	return e, e.loadCopies(path)
}

// Parse decodes and checks the bytes of an exam file; name is what messages call it.
func Parse(name string, b []byte) (*Exam, error) {
	doc := &document{name: name, lines: lineIndex{}}
	root, ok := parseYAML(doc, bytes.TrimPrefix(b, []byte("\ufeff")))
	if !ok {
		return nil, checkError(doc.issues)
	}
	doc.lines[""] = lineOf(root.node)
	e, ok := root.exam()
	if ok {
		c := checker{exam: e, file: name, broken: doc.broken}
		c.run()
		doc.issues = append(doc.issues, c.issues...)
	}
	if len(doc.issues) > 0 {
		return nil, checkError(doc.issues)
	}
	return e, nil
}

func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFileBytes {
		return nil, checkError([]Issue{{File: path, Kind: ErrUnsupported,
			Text: fmt.Sprintf("%d MB is too large for such a file (limit %d MB); is it the right one?", info.Size()>>20, maxFileBytes>>20)}})
	}
	return os.ReadFile(path)
}

// exam decodes the whole file; false if it is not worth checking further.
func (v value) exam() (*Exam, bool) {
	o, ok := v.object("version", "id", "title", "form", "pages", "sticker", "codes", "credits", "conventions", "copies", "grades", "problems", "scores")
	if !ok {
		return nil, false
	}
	e := &Exam{Form: "form.pdf", lines: v.doc.lines}
	if f, ok := o.need("version", "1"); ok {
		if e.Version = f.integer(); e.Version != formatVersion {
			f.fail(ErrUnsupported, "version %d is not known; this program reads version %d", e.Version, formatVersion)
			return e, false
		}
	}
	if f, ok := o.need("id", "dl-endterm"); ok {
		e.ID = f.text()
	}
	if f, ok := o.need("pages", "16"); ok {
		e.Pages = f.integer()
	}
	o.optText("title", &e.Title)
	o.optText("form", &e.Form)
	o.optStated("credits", &e.Credits)
	e.Sticker = o.sticker()
	e.Codes = o.codes()
	e.Conventions = o.conventions()
	o.optText("copies", &e.CopiesFile)
	e.Grades = o.grades()
	for _, p := range o.list("problems") {
		e.Problems = append(e.Problems, p.problem())
	}
	for _, s := range o.list("scores") {
		e.Scores = append(e.Scores, s.score(e))
	}
	return e, true
}

func (o object) optText(key string, to *string) {
	if f, ok := o.get(key); ok {
		*to = f.text()
	}
}

func (o object) optNumber(key string, to *float64) {
	if f, ok := o.get(key); ok {
		*to = f.number()
	}
}

// optStated keeps apart a number that is absent and one that is 0.
func (o object) optStated(key string, to **float64) {
	if f, ok := o.get(key); ok {
		x := f.number()
		*to = &x
	}
}

func (o object) needBox() (b geom.Box) {
	if f, ok := o.need("box", "[28.45, 98.8, 4.27, 4.27]"); ok {
		b = f.box()
	}
	return b
}

func (o object) needNumber(key, example string) (x float64) {
	if f, ok := o.need(key, example); ok {
		x = f.number()
	}
	return x
}

func (o object) needPage() (page int) {
	if f, ok := o.need("page", "1"); ok {
		page = f.integer()
	}
	return page
}

// named reads the id and lets messages below call the thing by it.
func (o *object) named(thing string) string {
	parent := o.where
	o.where = within(parent, thing+" "+o.position())
	f, ok := o.need("id", `"1"`)
	if !ok {
		return ""
	}
	id := strings.TrimSpace(f.text())
	if id != "" {
		o.where = within(parent, thing+" "+id)
	}
	return id
}

// position is the place in the list, counted from 1: "#3" of problems[2].
func (o object) position() string {
	var i int
	_, _ = fmt.Sscanf(o.path[strings.LastIndex(o.path, "[")+1:], "%d]", &i)
	return fmt.Sprintf("#%d", i+1)
}

func within(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + ": " + name
}

func (o object) sticker() *Sticker {
	f, ok := o.get("sticker")
	if !ok {
		return nil
	}
	f.where = "sticker"
	s, ok := f.object("page", "box")
	if !ok {
		return nil
	}
	return &Sticker{Page: s.needPage(), Box: s.needBox()}
}

func (o object) codes() *Codes {
	f, ok := o.get("codes")
	if !ok {
		return nil
	}
	f.where = "codes"
	c, ok := f.object("exam", "page_offset")
	if !ok {
		return nil
	}
	codes := &Codes{}
	c.optText("exam", &codes.Exam)
	if f, ok := c.get("page_offset"); ok {
		codes.PageOffset = f.integer()
	}
	return codes
}

func (v value) problem() (p Problem) {
	o, ok := v.object("id", "title", "credits", "questions")
	if !ok {
		return p
	}
	p.ID = o.named("problem")
	o.optText("title", &p.Title)
	o.optStated("credits", &p.Credits)
	for _, q := range o.list("questions") {
		q.where = ""
		p.Questions = append(p.Questions, q.question())
	}
	return p
}
