package author

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// Copies that differ
//
// A folder holds the PDF of every copy as it is printed. The first one is the reference: its
// draft is the exam, and its options get their ids in printed order. In every other copy the
// options are found again by their texts. What is not certain is noted and left open.

// printedCopy is one copy as it was found.
type printedCopy struct {
	name   string
	path   string
	code   ocr.PageCode // of one of its pages; zero if none could be read
	page   int          // that page
	draft  Draft
	sheets []Sheet // per page; none for a copy of pictures
	lines  [][]line
}

// FromForms makes a draft of an exam whose copies differ, out of the folder that holds one PDF a
// copy. forms lists the files, the reference first; Exam.Copies stand in the same order.
func FromForms(folder string) (d Draft, forms []string, err error) {
	if forms, err = copyFiles(folder); err != nil {
		return d, nil, err
	}
	ref, err := readCopy(forms[0])
	if err != nil {
		return d, nil, err
	}
	d = ref.draft
	d.texts = ref.allTexts()
	d.Exam.CopiesFile = CopiesFile
	d.Exam.Copies = []exam.Copy{{ID: ref.name, Form: CopiesDir + "/" + filepath.Base(forms[0])}}
	if ref.code.Exam != "" {
		d.Exam.Codes = &exam.Codes{Exam: ref.code.Exam, PageOffset: ref.code.Page - ref.page}
	}
	names := map[string]string{ref.name: forms[0]}
	for _, path := range forms[1:] {
		c, err := readCopy(path)
		if err != nil {
			return d, nil, err
		}
		if other, twice := names[c.name]; twice {
			return d, nil, fmt.Errorf("%s and %s are both copy %s; every copy is there once", other, path, c.name)
		}
		names[c.name] = path
		m := matcher{ref: ref, own: c, draft: &d}
		found, err := m.match()
		if err != nil {
			return d, nil, fmt.Errorf("%s cannot be a copy of the exam in %s: %w", path, forms[0], err)
		}
		if c.code.Exam != ref.code.Exam {
			return d, nil, fmt.Errorf("%s: its page codes name the exam %q, those of %s %q; keep the copies of one exam in the folder", path, c.code.Exam, forms[0], ref.code.Exam)
		}
		found.Form = CopiesDir + "/" + filepath.Base(path)
		d.Exam.Copies = append(d.Exam.Copies, found)
	}
	return d, forms, nil
}

// What the copies' file and the folder of their PDFs are called in an exam folder.
const (
	CopiesFile = "copies.yaml"
	CopiesDir  = "booklets"
)

// copyFiles lists the PDFs of a folder by name.
func copyFiles(folder string) (paths []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() && strings.EqualFold(filepath.Ext(e.Name()), ".pdf") && !strings.HasPrefix(e.Name(), ".") {
			paths = append(paths, filepath.Join(folder, e.Name()))
		}
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s holds no PDF; put one PDF a copy there", folder)
	}
	return paths, nil
}

// readCopy drafts one copy and finds out its name.
func readCopy(path string) (*printedCopy, error) {
	c := &printedCopy{path: path, name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))}
	layouts, err := raster.ReadLayout(path)
	if err != nil {
		return nil, err
	}
	words, fields := c.take(layouts)
	if words < leastWords*len(layouts) {
		c.sheets, c.lines = nil, nil
		c.draft, err = FromForm(path)
	} else if c.draft = draft(c.sheets); fields > 0 {
		c.draft.From = "form fields"
	} else {
		c.draft.From = "vector paths"
	}
	if err != nil {
		return nil, err
	}
	if len(c.draft.Exam.Problems) == 0 {
		return nil, fmt.Errorf("%s: no boxes were found on its %d pages", path, c.draft.Exam.Pages)
	}
	return c, c.readName()
}

// take turns the layouts of a PDF into sheets and lines; it counts words and form fields.
func (c *printedCopy) take(layouts []raster.Layout) (words, fields int) {
	for _, l := range layouts {
		s := fromLayout(l)
		c.sheets, c.lines = append(c.sheets, s), append(c.lines, lines(s.Words, barriers(s.Squares, s.Rules)))
		words, fields = words+len(l.Words), fields+len(l.Fields)
	}
	return words, fields
}

// readWords reads the words alone: a solution has marks where the exam has boxes.
func (c *printedCopy) readWords() error {
	layouts, err := raster.ReadLayout(c.path)
	if err != nil {
		return err
	}
	c.draft.Exam.Pages = len(layouts)
	if words, _ := c.take(layouts); words < leastWords*len(layouts) {
		c.sheets, c.lines = nil, nil
	}
	return nil
}

// allTexts lists the texts of all options by their fields in readings.csv.
func (c *printedCopy) allTexts() map[string]string {
	all := map[string]string{}
	for _, p := range c.draft.Exam.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			for k, text := range c.texts(q) {
				if q.Kind == exam.Choice {
					all[exam.OptionField(q.ID, q.Options[k].ID)] = text
				}
			}
		}
	}
	return all
}

const (
	codeDPI   = 200 // a module of 0.42 mm has 3.3 pixels
	codePages = 3   // a copy has codes on every page or on none
)

// readName takes the copy's name from its page codes. Without any the file's name stays.
func (c *printedCopy) readName() error {
	r := ocr.NewReader()
	defer r.Close()
	for n := 1; n <= min(codePages, c.draft.Exam.Pages); n++ {
		p, err := raster.RenderPDF(c.path, n, codeDPI)
		if err != nil {
			return err
		}
		codes := r.FindPageCodesRaw(p, codeDPI/25.4)
		for _, code := range codes {
			if code.Text != codes[0].Text {
				return fmt.Errorf("%s, page %d: its codes say %s and %s; the copy must be printed right before it can be read", c.path, n, codes[0].Text, code.Text)
			}
		}
		if len(codes) > 0 {
			c.code, c.page, c.name = codes[0], n, codes[0].Copy
			return nil
		}
	}
	return nil
}

// optionText is what is printed right of a box: its words without the letter that counts
// options, and where the first line begins and ends. Lines that follow in the same paragraph
// count for the words alone. Where there are no words, at is where a drawing may begin.
func (c *printedCopy) optionText(page int, box geom.Box, others []geom.Box) (text string, at geom.Box, ok bool) {
	if c.lines == nil {
		return "", at, false
	}
	ls := c.lines[page-1]
	k := -1
	for i, l := range ls {
		if besideLeft(box, l.Box) && (k < 0 || l.X < ls[k].X) {
			k = i
		}
	}
	if k < 0 {
		return "", at, false
	}
	words := ls[k].words
	if printedLetter.MatchString(words[0].Text) {
		if len(words) == 1 {
			after := geom.Box{X: words[0].X + words[0].W + 0.5, Y: ls[k].Y, H: ls[k].H}
			return "", after, false
		}
		words = words[1:]
	}
	at = words[0].Box
	for _, w := range words {
		at, text = union(at, w.Box), text+w.Text
	}
	return normal(text + c.paragraph(ls, k, others)), at, true
}

// printedLetter is what counts options: it belongs to the place, not to the text.
var printedLetter = regexp.MustCompile(`^\(?(?:[A-Za-z][).:]|\d{1,2}\))$`)

// paragraph is the text of the lines that go on below line k, until another box stands beside one.
func (c *printedCopy) paragraph(ls []line, k int, boxes []geom.Box) (text string) {
	last := ls[k]
	for _, l := range ls[k+1:] {
		gap := l.Y - last.Y - last.H
		if math.Abs(l.X-ls[k].words[0].X) > 1.5 && math.Abs(l.X-ls[k].X) > 1.5 || gap < -1 {
			continue
		}
		if gap > 0.6*last.H || slices.ContainsFunc(boxes, func(b geom.Box) bool { return besideLeft(b, l.Box) }) {
			break
		}
		text += l.text()
		last = l
	}
	return text
}

// normal drops what type-setting changes from line to line: spaces and hyphens.
func normal(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\u00a0\u00ad\u2009\u202f-\u2010\u2011", r) {
			return -1
		}
		return r
	}, s)
}

// errDiffers is wrapped by what keeps a copy from being one of the exam.
var errDiffers = errors.New("the copies differ in more than where things stand")
