package editor

import (
	"fmt"

	"scan/internal/exam"
	"scan/internal/geom"
)

// document is an exam as the page in the browser has it. Lengths are mm from the page's
// top-left corner, pages count from 1. At is the place of an item in its list of the file,
// from 1; 0 for a new one.
type document struct {
	Title    string    `json:"title"`
	Credits  *float64  `json:"credits"` // null: not stated
	Sticker  *sticker  `json:"sticker"`
	Problems []problem `json:"problems"`
	Scores   []score   `json:"scores"`
}

// box is [x, y, width, height].
type box [4]float64

type sticker struct {
	Page int `json:"page"`
	Box  box `json:"box"`
}

type problem struct {
	At        int        `json:"at"`
	ID        string     `json:"id"`
	Title     string     `json:"title"`
	Credits   *float64   `json:"credits"`
	Questions []question `json:"questions"`
}

type question struct {
	At      int     `json:"at"`
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Page    int     `json:"page"`
	Credits float64 `json:"credits"`
	Rule    string  `json:"rule"`
	Wrong   float64 `json:"wrong"`
	Floor   float64 `json:"floor"`
	Select  string  `json:"select"`
	Void    string  `json:"void"` // the page shows it nowhere and hands it back
	Boxes   []cell  `json:"boxes"`
}

// cell is an option of a choice question or a box of a credit question.
type cell struct {
	At        int     `json:"at"`
	ID        string  `json:"id"`
	Box       box     `json:"box"`
	Correct   *bool   `json:"correct"`
	Void      bool    `json:"void"`
	Credits   float64 `json:"credits"`
	Corrector int     `json:"corrector"`
}

type score struct {
	At        int      `json:"at"`
	ID        string   `json:"id"`
	Problem   string   `json:"problem"`
	Corrector int      `json:"corrector"`
	Page      int      `json:"page"`
	Box       box      `json:"box"`
	Max       *float64 `json:"max"` // null: what the problem's questions are worth
	Step      float64  `json:"step"`
}

func toBox(b geom.Box) box { return box{b.X, b.Y, b.W, b.H} }

func (b box) geom() geom.Box { return geom.Box{X: b[0], Y: b[1], W: b[2], H: b[3]} }

// newDocument shows an exam as it stands in its file.
func newDocument(e *exam.Exam) document {
	d := document{Title: e.Title, Credits: e.Credits, Problems: []problem{}, Scores: []score{}}
	if e.Sticker != nil {
		d.Sticker = &sticker{e.Sticker.Page, toBox(e.Sticker.Box)}
	}
	for i, p := range e.Problems {
		to := problem{At: i + 1, ID: p.ID, Title: p.Title, Credits: p.Credits, Questions: []question{}}
		for j, q := range p.Questions {
			to.Questions = append(to.Questions, newQuestion(j+1, q))
		}
		d.Problems = append(d.Problems, to)
	}
	for i, s := range e.Scores {
		to := score{At: i + 1, ID: s.ID, Problem: s.Problem, Corrector: s.Corrector, Page: s.Page, Box: toBox(s.Box), Step: s.Step}
		if e.Stated(fmt.Sprintf("scores[%d].max", i)) {
			to.Max = &s.Max
		}
		d.Scores = append(d.Scores, to)
	}
	return d
}

func newQuestion(at int, q exam.Question) question {
	to := question{At: at, ID: q.ID, Kind: string(q.Kind), Page: q.Page, Credits: q.Credits, Rule: string(q.Rule),
		Wrong: q.Wrong, Floor: q.Floor, Select: string(q.Select), Void: string(q.Void), Boxes: []cell{}}
	for i, o := range q.Options {
		to.Boxes = append(to.Boxes, cell{At: i + 1, ID: o.ID, Box: toBox(o.Box), Correct: o.Correct, Void: o.Void})
	}
	for i, b := range q.Boxes {
		to.Boxes = append(to.Boxes, cell{At: i + 1, Box: toBox(b.Box), Credits: b.Credits, Corrector: b.Corrector})
	}
	return to
}

// onto returns the exam of the file with the document's changes, and where each item was.
func (d document) onto(file *exam.Exam) (*exam.Exam, exam.Origin) {
	e, was := *file, exam.Origin{}
	e.Title, e.Credits, e.Sticker, e.Problems, e.Scores = d.Title, d.Credits, nil, nil, nil
	if s := d.Sticker; s != nil {
		e.Sticker = &exam.Sticker{Page: s.Page, Box: s.Box.geom()}
	}
	for _, p := range d.Problems {
		to, w := exam.Problem{ID: p.ID, Title: p.Title, Credits: p.Credits}, exam.Was{At: p.At}
		for _, q := range p.Questions {
			question, parts := q.exam()
			to.Questions, w.Parts = append(to.Questions, question), append(w.Parts, parts)
		}
		e.Problems, was.Problems = append(e.Problems, to), append(was.Problems, w)
	}
	for _, s := range d.Scores {
		to := exam.Score{ID: s.ID, Problem: s.Problem, Corrector: s.Corrector, Page: s.Page, Box: s.Box.geom(), Step: s.Step}
		if s.Max != nil {
			to.Max = *s.Max
		} else if p := e.Problem(s.Problem); p != nil && len(p.Questions) > 0 {
			to.Max = e.PrintedWorth(s.Problem)
		}
		e.Scores, was.Scores = append(e.Scores, to), append(was.Scores, exam.Was{At: s.At})
	}
	return &e, was
}

func (q question) exam() (exam.Question, exam.Was) {
	to := exam.Question{ID: q.ID, Kind: exam.Kind(q.Kind), Page: q.Page, Credits: q.Credits, Void: exam.Void(q.Void)}
	w := exam.Was{At: q.At}
	if to.Kind == exam.Choice {
		to.Rule, to.Select = exam.Rule(q.Rule), exam.Select(q.Select)
		if to.Rule == exam.PerOption {
			to.Wrong, to.Floor = q.Wrong, q.Floor
		}
	}
	for _, b := range q.Boxes {
		w.Parts = append(w.Parts, exam.Was{At: b.At})
		if to.Kind == exam.Choice {
			to.Options = append(to.Options, exam.Option{ID: b.ID, Box: b.Box.geom(), Correct: b.Correct, Void: b.Void})
		} else {
			to.Boxes = append(to.Boxes, exam.CreditBox{Credits: b.Credits, Box: b.Box.geom(), Corrector: b.Corrector})
		}
	}
	return to, w
}
