package exam

import "strconv"

// CopiesYAML writes the copies as the file that CopiesFile names. head becomes the comment at
// the top. ParseCopies reads it back to equal copies.
func (e *Exam) CopiesYAML(head ...string) []byte {
	w := &writer{}
	for _, l := range head {
		w.line("# %s", l)
	}
	w.line("version: %d", formatVersion)
	w.line("copies:")
	for _, c := range e.Copies {
		w.copy(c)
	}
	return w.Bytes()
}

func (w *writer) copy(c Copy) {
	w.line("  - copy: %s", quoted(c.ID))
	w.line("    form: %s", quoted(c.Form))
	if len(c.Pages) == 0 {
		return
	}
	w.line("    pages: %s", yamlPages(c.Pages))
	if len(c.Questions) > 0 {
		w.line("    questions:")
	}
	for _, q := range c.Questions {
		if len(q.Options)+len(q.Boxes) == 0 {
			w.line("      %s: []   # not known; the boxes in printed order go here", quoted(q.ID))
			continue
		}
		w.line("      %s:", quoted(q.ID))
		for _, o := range q.Options {
			w.line("        - {id: %s, box: %s}", scalar(o.ID), yamlBox(o.Box))
		}
		for _, b := range q.Boxes {
			second := ""
			if b.Corrector == 2 {
				second = ", corrector: 2"
			}
			w.line("        - {credits: %s, box: %s%s}", FormatNumber(b.Credits), yamlBox(b.Box), second)
		}
	}
}

func yamlPages(pages []int) string {
	s := "["
	for i, p := range pages {
		if i > 0 {
			s += ", "
		}
		s += strconv.Itoa(p)
	}
	return s + "]"
}
