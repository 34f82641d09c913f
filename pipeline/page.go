package pipeline

import (
	"encoding/json"
	"fmt"
	"math"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/raster"
	"scan/ocr"
)

// ReadingVersion is part of every page's key in the store. Raise it with every change
// that reads some page differently: all pages are then read again.
const ReadingVersion = 3

// Hints are what is known of a page before it is looked at.
type Hints struct {
	Expect int // the form page it probably is, 0 if unknown
	// Copy is the copy it belongs to by the booklet around it, "" if unknown. It counts only
	// where no code on the page can be read.
	Copy string
}

// PageResult is everything read from one page. It is the same for the same bytes,
// exam, form and hints on any machine, and it knows no roster and no other page.
type PageResult struct {
	Status string `json:"status"`           // ok, blank, foreign, refused or unreadable
	Reason string `json:"reason,omitempty"` // a word from docs/formats.md
	Detail string `json:"detail,omitempty"` // for a person, e.g. the decoder's message
	// Program is the hash of the program that crashed on the page; another one tries it
	// again. Empty for all other results.
	Program string `json:"program,omitempty"`

	Width, Height int // of the image as stored, pixels
	// Turn is the clockwise turn with which the file asks to be shown, DPIX and DPIY what it claims
	// along the stored axes (0: nothing believable): how a page is shown that is not registered.
	Turn       int     `json:",omitempty"`
	DPIX, DPIY float64 `json:",omitempty"`

	// FormPage counts from 1; only where Status is ok it is more than a guess.
	FormPage   int
	Rotation   int
	SkewDeg    float64
	Scale      float64
	PxPerMM    float64
	ResidualMM float64
	Coverage   float64
	Margin     float64
	MMToPix    geom.Homography

	Copy    string              `json:",omitempty"` // whose print the boxes were read by, "" the form's
	Codes   []ocr.PageCode      `json:",omitempty"`
	Sticker *ocr.StickerReading `json:",omitempty"`
	Choices []ChoiceResult      `json:",omitempty"`
	Credits []CreditResult      `json:",omitempty"`
	Scores  []ScoreResult       `json:",omitempty"`
}

// ChoiceResult holds the boxes of a choice question in the order of its options; none, and
// Reason says why, where nobody knows which box is which.
type ChoiceResult struct {
	Question string
	Boxes    []detect.BoxReading
	Reason   string `json:",omitempty"`
}

// CreditResult holds the columns of a credit question; none with a Reason, as above.
type CreditResult struct {
	Question string
	Columns  []detect.ColumnReading
	Reason   string `json:",omitempty"`
}

// ScoreResult holds a handwritten number.
type ScoreResult struct {
	ID string
	ocr.ScoreReading
}

// minSide is the least side of a page in pixels: A4 at 25 dpi, far below what can be read.
// Less is a thumbnail or a damaged scan, which must not pass for a blank sheet.
const minSide = 200

// ReadPage reads one page: register it, then read whatever the exam says is there.
func ReadPage(page *raster.Page, e *exam.Exam, form *Form, hints Hints) PageResult {
	if min(page.W(), page.H()) < minSide {
		return unreadable(reasonUndecodable, fmt.Sprintf("the image has %d x %d pixels, too few for a page; scan it again with 150 dpi or more", page.W(), page.H()))
	}
	eyes := form.open()
	var r PageResult
	if e.HasCopies() {
		r = readCopyPage(page, e, eyes, hints)
	} else {
		r = readPage(page, e, eyes, hints)
	}
	form.release(eyes)
	return r
}

// eyes are the readers a page needs. Tests stand in for them.
type eyes interface {
	register(p *raster.Page, h Hints) detect.Registered
	codes(reg detect.Registered) []ocr.PageCode
	sticker(reg detect.Registered, box geom.Box) ocr.StickerReading
	choice(reg detect.Registered, q exam.Question, neighbours []geom.Box) []detect.BoxReading
	credit(reg detect.Registered, q exam.Question, neighbours []geom.Box) []detect.ColumnReading
	score(reg detect.Registered, s exam.Score) ocr.ScoreReading
}

func readPage(page *raster.Page, e *exam.Exam, eyes eyes, hints Hints) PageResult {
	reg := eyes.register(page, hints)
	r := registration(page, reg)
	if r.Status == StatusBlank {
		return r
	}
	r.Codes = eyes.codes(reg)
	if r.Status == StatusOK {
		r.readFields(reg, e, eyes, nil)
	}
	return r
}

// readFields reads whatever the exam says is on a registered page. open gives the questions
// that cannot be read a reason; nil reads all.
func (r *PageResult) readFields(reg detect.Registered, e *exam.Exam, eyes eyes, open func(q *exam.Question) string) {
	if s := e.Sticker; s != nil && s.Page == reg.FormPage {
		seen := eyes.sticker(reg, s.Box)
		r.Sticker = &seen
	}
	boxes := e.PageBoxes(reg.FormPage)
	for _, p := range e.Problems {
		for _, q := range p.Questions {
			if q.Page == reg.FormPage {
				reason := ""
				if open != nil {
					reason = open(&q)
				}
				r.readQuestion(reg, q, boxes, eyes, reason)
			}
		}
	}
	for _, s := range e.Scores {
		if s.Page == reg.FormPage {
			r.Scores = append(r.Scores, ScoreResult{s.ID, eyes.score(reg, s)})
		}
	}
}

func (r *PageResult) readQuestion(reg detect.Registered, q exam.Question, boxes []geom.Box, eyes eyes, reason string) {
	switch {
	case q.Kind == exam.Choice && reason != "":
		r.Choices = append(r.Choices, ChoiceResult{Question: q.ID, Reason: reason})
	case q.Kind == exam.Choice:
		r.Choices = append(r.Choices, ChoiceResult{Question: q.ID, Boxes: eyes.choice(reg, q, boxes)})
	case reason != "":
		r.Credits = append(r.Credits, CreditResult{Question: q.ID, Reason: reason})
	default:
		r.Credits = append(r.Credits, CreditResult{Question: q.ID, Columns: eyes.credit(reg, q, boxes)})
	}
}

// registration starts a result with where the page lies, or why nobody knows.
func registration(page *raster.Page, reg detect.Registered) PageResult {
	r := PageResult{
		Status: StatusOK, Width: page.W(), Height: page.H(), Turn: page.Turn, DPIX: finite(page.DPIX), DPIY: finite(page.DPIY),
		FormPage: reg.FormPage, Rotation: reg.Rotation, SkewDeg: finite(reg.SkewDeg),
		Scale: finite(reg.Scale), PxPerMM: finite(reg.PxPerMM),
		ResidualMM: finite(reg.ResidualMM), Coverage: finite(reg.Coverage), Margin: finite(reg.Margin),
		MMToPix: reg.MMToPix,
	}
	if reg.OK {
		return r
	}
	r.Reason = reg.Reason
	switch reg.Reason {
	case detect.ReasonBlank:
		r.Status = StatusBlank
	case detect.ReasonNoMatch:
		r.Status = StatusForeign
	default:
		r.Status = StatusRefused
	}
	return r
}

// finite makes a number fit for JSON.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// slim drops what only an explanation needs, so that a large batch fits in memory.
func (r *PageResult) slim() {
	for _, c := range r.Choices {
		for i := range c.Boxes {
			c.Boxes[i].Features = nil
		}
	}
	for _, c := range r.Credits {
		for _, col := range c.Columns {
			for i := range col.Cells {
				col.Cells[i].Features = nil
			}
		}
	}
}

// document is the result as it is stored. Features that are no numbers are dropped:
// JSON has no word for them.
func (r PageResult) document() ([]byte, error) {
	for _, c := range r.Choices {
		cleanFeatures(c.Boxes)
	}
	for _, c := range r.Credits {
		for _, col := range c.Columns {
			cleanFeatures(col.Cells)
		}
	}
	return json.Marshal(r)
}

func cleanFeatures(boxes []detect.BoxReading) {
	for _, b := range boxes {
		for name, v := range b.Features {
			if v != finite(v) {
				delete(b.Features, name)
			}
		}
	}
}
