package author

import (
	"fmt"
	"path/filepath"
	"strings"

	"scan/internal/exam"
)

// TakeCopyKey reads the key from a solution of one of the copies. Which one is told by its page
// codes, its file's name, or the order of the options in its print; forms are the copies' files as
// FromForms lists them. The key goes with the options into every copy.
func (d *Draft) TakeCopyKey(forms []string, solution string) (*Key, error) {
	k, sure, err := d.solvedCopy(solution)
	if err != nil {
		return nil, err
	}
	if !sure {
		d.Notes = append(d.Notes, Note{Text: fmt.Sprintf("nothing tells which copy %s is the solution of; it was read as one of %s, whose options stand in an order of their own: compare the key",
			filepath.Base(solution), d.Exam.Copies[k].ID)})
	}
	own, _ := d.Exam.ForCopy(d.Exam.Copies[k].ID)
	sub := Draft{Exam: own}
	key, err := sub.TakeKey(forms[k], solution)
	if err != nil {
		return nil, err
	}
	d.Notes = append(d.Notes, sub.Notes...)
	for i := range d.Exam.Problems {
		for j := range d.Exam.Problems[i].Questions {
			q := &d.Exam.Problems[i].Questions[j]
			for o := range q.Options {
				q.Options[o].Correct = own.Problems[i].Questions[j].Options[o].Correct
			}
		}
	}
	return key, nil
}

// solvedCopy finds the copy whose solution a file is; the first one where nothing tells.
func (d *Draft) solvedCopy(solution string) (k int, sure bool, err error) {
	name := strings.TrimSuffix(filepath.Base(solution), filepath.Ext(solution))
	s := &printedCopy{path: solution, name: name, draft: Draft{Exam: &exam.Exam{Pages: codePages}}}
	if strings.EqualFold(filepath.Ext(solution), ".pdf") {
		if err := s.readWords(); err != nil {
			return 0, false, err
		}
		if err := s.readName(); err != nil {
			return 0, false, err
		}
	}
	for k, c := range d.Exam.Copies {
		if c.ID == s.name {
			return k, true, nil
		}
	}
	if s.code.Copy != "" {
		return 0, false, fmt.Errorf("%s is a solution of copy %s, which is not among the copies; put its PDF there", solution, s.name)
	}
	return d.byOrder(s)
}

// byOrder compares the order of the options in a solution with that in every copy. The words of
// the first copy say which text each option has.
func (d *Draft) byOrder(s *printedCopy) (k int, sure bool, err error) {
	if len(s.lines) < d.Exam.Pages {
		return 0, false, nil
	}
	best, asked := -1, 0
	for i, c := range d.Exam.Copies {
		own, _ := d.Exam.ForCopy(c.ID)
		agreed, n := s.agrees(own, d.texts)
		if agreed > best {
			k, best, asked = i, agreed, n
		}
	}
	switch {
	case asked == 0:
		return 0, false, nil
	case 10*best < 8*asked:
		return k, false, fmt.Errorf("%s has its options in an order that no copy has (%d of %d texts stand as in %s); give the solution of one of the copies",
			s.path, best, asked, d.Exam.Copies[k].ID)
	}
	return k, true, nil
}

// agrees counts the options of an exam whose text stands right of their box, of those that have
// one.
func (c *printedCopy) agrees(e *exam.Exam, texts map[string]string) (agreed, asked int) {
	for _, p := range e.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			for _, o := range q.Options {
				want := texts[exam.OptionField(q.ID, o.ID)]
				if want == "" || !e.CopyDependent(q.ID) {
					continue
				}
				asked++
				if text, _, _ := c.optionText(q.Page, o.Box, optionBoxes(q)); text == want {
					agreed++
				}
			}
		}
	}
	return agreed, asked
}
