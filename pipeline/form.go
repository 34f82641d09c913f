package pipeline

import (
	"sync"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// Form is the printed form made ready for reading. It is safe for concurrent use; the
// OCR engines it lends out are kept for the next page.
type Form struct {
	Pages  []raster.FormPage
	detect *detect.Form
	conv   exam.Conventions
	copies *copyForms // nil where all copies are printed alike
	mu     sync.Mutex
	idle   []*sight
}

// NewForm prepares the pages of a form (see raster.LoadForm) for an exam. The error is
// that of an exam that cannot be of this form.
func NewForm(pages []raster.FormPage, e *exam.Exam) (*Form, error) {
	sizes := make([]geom.Box, len(pages))
	for i, p := range pages {
		sizes[i] = geom.Box{W: p.WidthMM, H: p.HeightMM}
	}
	if err := e.CheckForm(ExamFile, sizes); err != nil {
		return nil, err
	}
	return &Form{Pages: pages, detect: detect.NewForm(pages), conv: e.Conventions}, nil
}

// Close frees the OCR engines. No page may be being read.
func (f *Form) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first error
	for _, s := range f.idle {
		if err := s.ocr.Close(); first == nil {
			first = err
		}
	}
	f.idle = nil
	return first
}

// open lends the readers for one page.
func (f *Form) open() *sight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(f.idle); n > 0 {
		s := f.idle[n-1]
		f.idle = f.idle[:n-1]
		return s
	}
	return &sight{form: f, ocr: ocr.NewReader()}
}

// release takes them back. After a panic they are not: their state is unknown.
func (f *Form) release(s *sight) {
	s.copy = nil
	f.mu.Lock()
	defer f.mu.Unlock()
	f.idle = append(f.idle, s)
}

// sight is the real eyes: one OCR engine, for one page at a time.
type sight struct {
	form *Form
	copy *copyForm // whose print the page is held against; nil: the form's
	ocr  *ocr.Reader
}

func (s *sight) page(reg detect.Registered) raster.FormPage {
	return s.printed().Page(reg.FormPage)
}

// printed is the form that pages are registered to.
func (s *sight) printed() *detect.Form {
	if s.copy != nil {
		return s.copy.printed
	}
	return s.form.detect
}

func (s *sight) register(p *raster.Page, h Hints) detect.Registered {
	return s.printed().Register(p, detect.Hints{Expect: h.Expect})
}

// codes reads the page codes: where they must be on a registered page, along all
// edges on any other.
func (s *sight) codes(reg detect.Registered) []ocr.PageCode {
	if reg.OK {
		f := s.page(reg)
		return s.ocr.FindPageCodes(reg.View, f.WidthMM, f.HeightMM)
	}
	return s.ocr.FindPageCodesRaw(reg.Page, s.guessPxPerMM(reg.Page))
}

// guessPxPerMM is the resolution of a page that could not be registered: what its file
// claims, or else what makes it as high as the form.
func (s *sight) guessPxPerMM(p *raster.Page) float64 {
	if p.DPIX > 0 {
		return p.DPIX / 25.4
	}
	f := s.form.Pages[0]
	return float64(max(p.W(), p.H())) / max(f.WidthMM, f.HeightMM)
}

func (s *sight) sticker(reg detect.Registered, box geom.Box) ocr.StickerReading {
	return s.ocr.ReadSticker(reg.View, s.page(reg), box)
}

func (s *sight) choice(reg detect.Registered, q exam.Question, neighbours []geom.Box) []detect.BoxReading {
	return detect.ReadChoice(reg, s.page(reg), q, neighbours, s.form.conv)
}

func (s *sight) credit(reg detect.Registered, q exam.Question, neighbours []geom.Box) []detect.ColumnReading {
	return detect.ReadCredit(reg, s.page(reg), q, neighbours, s.form.conv)
}

func (s *sight) score(reg detect.Registered, sc exam.Score) ocr.ScoreReading {
	return ocr.ReadScore(reg.View, s.page(reg), sc)
}
