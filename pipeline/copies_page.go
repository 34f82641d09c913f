package pipeline

import (
	"scan/detect"
	"scan/internal/exam"
	"scan/internal/raster"
	"scan/ocr"
)

// readCopyPage reads a page of an exam whose copies differ. The codes come first: they are
// looked for without knowing where the page lies, since only they tell what is printed on it.
func readCopyPage(page *raster.Page, e *exam.Exam, s *sight, hints Hints) PageResult {
	codes := s.codesRaw(page)
	who := whichCopy(e, codes, hints.Copy)
	who.use(s)
	reg := s.register(page, hints)
	if len(codes) > 0 {
		toForm(codes, reg, s.guessPxPerMM(page))
	} else if reg.OK {
		// Registered, the edges can be looked at more closely.
		if codes = s.codes(reg); len(codes) > 0 {
			who = whichCopy(e, codes, "")
			who.use(s)
			reg = s.register(page, Hints{Expect: reg.FormPage})
		}
	}
	r := registration(page, reg)
	if r.Status == StatusBlank {
		return r
	}
	r.Codes, r.Detail = codes, who.detail
	if r.Status == StatusOK {
		r.readCopyFields(reg, e, s, who)
	}
	return r
}

// copyChoice is which copy a page is of, or why that is not known.
type copyChoice struct {
	name   string
	reason string // of all that depends on the copy, where name is ""
	detail string
	guess  bool // by the booklet around it, not by its codes
}

// whichCopy decides which copy a page is of, by its codes or else by a hint.
func whichCopy(e *exam.Exam, codes []ocr.PageCode, hint string) copyChoice {
	c, ok := agreeOn(codes)
	name, guess := c.copy, false
	switch {
	case !ok && hint == "", ok && c.disagree:
		return copyChoice{reason: reasonCopyUnknown}
	case !ok:
		name, guess = hint, true
	case e.Codes != nil && e.Codes.Exam != "" && e.Codes.Exam != c.exam:
		return copyChoice{reason: reasonCopyUnknown} // the booklets will tell that it is foreign
	}
	if _, listed := e.Copy(name); !listed {
		return copyChoice{reason: reasonCopyNotListed, detail: "copy " + name + " is not listed in " + e.CopiesFile}
	}
	return copyChoice{name: name, guess: guess}
}

// use holds the page against the print of the copy. One whose form cannot be loaded is not known.
func (c *copyChoice) use(s *sight) {
	s.copy = nil
	if c.name == "" {
		return
	}
	form, err := s.form.copies.get(c.name)
	if err != nil {
		*c = copyChoice{reason: reasonCopyForm, detail: err.Error()}
		return
	}
	s.copy = form
}

// readCopyFields reads the fields of a registered page: by the copy's boxes, or without what
// depends on the copy.
func (r *PageResult) readCopyFields(reg detect.Registered, e *exam.Exam, s *sight, who copyChoice) {
	if s.copy == nil {
		r.readFields(reg, e, s, func(q *exam.Question) string {
			if e.CopyDependent(q.ID) {
				return who.reason
			}
			return ""
		})
		return
	}
	r.Copy = who.name
	reason := ""
	if !s.copy.printAgrees(reg, e, who.guess) {
		reason = reasonCopyPrint
	}
	own, _ := e.Copy(who.name)
	r.readFields(reg, s.copy.exam, s, func(q *exam.Question) string {
		switch {
		case reason == "" && own.Open(q.ID):
			return reasonCopyOpen
		case e.CopyDependent(q.ID):
			return reason
		}
		return ""
	})
}

// codesRaw reads the codes of a page of which nothing is known yet.
func (s *sight) codesRaw(p *raster.Page) []ocr.PageCode {
	return s.ocr.FindPageCodesRaw(p, s.guessPxPerMM(p))
}

// toForm moves the centres of codes that were found at pxPerMM to mm on the form page.
func toForm(codes []ocr.PageCode, reg detect.Registered, pxPerMM float64) {
	inv, ok := reg.MMToPix.Inverse()
	if !reg.OK || !ok {
		return
	}
	for i := range codes {
		codes[i].Center = inv.Apply(codes[i].Center.Scale(pxPerMM))
	}
}
