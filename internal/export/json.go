package export

import (
	"encoding/json"
	"io"

	"scan/internal/exam"
	"scan/internal/mark"
)

// scoresVersion is raised when a key of scores.json changes its meaning or goes; new keys may come.
const scoresVersion = 1

// scoresDoc is scores.json; docs/formats.md explains its keys.
type scoresDoc struct {
	Version  int          `json:"version"`
	Program  string       `json:"program"`
	Exam     examDoc      `json:"exam"`
	Booklets []bookletDoc `json:"booklets"`
	LeftOut  []leftOutDoc `json:"left_out"`
}

type examDoc struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Hash     string       `json:"sha256"` // of exam.yaml
	Credits  float64      `json:"credits"`
	Problems []problemDoc `json:"problems"`
	Grades   []gradeDoc   `json:"grades,omitempty"`
}

type problemDoc struct {
	ID        string        `json:"id"`
	Title     string        `json:"title,omitempty"`
	Credits   float64       `json:"credits"`
	Questions []questionDoc `json:"questions"`
}

type questionDoc struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Credits float64 `json:"credits"`
}

type gradeDoc struct {
	From  float64 `json:"from"`
	Grade string  `json:"grade"`
}

// bookletDoc is one booklet; null stands for credits that are not known.
type bookletDoc struct {
	Booklet      string              `json:"booklet"`
	Code         string              `json:"code"`
	Registration string              `json:"registration"`
	Status       string              `json:"status"`
	Total        *float64            `json:"total"`
	Grade        string              `json:"grade,omitempty"`
	Problems     map[string]*float64 `json:"problems"`
	Questions    map[string]*float64 `json:"questions"`
}

type leftOutDoc struct {
	Booklet string `json:"booklet"`
	Status  string `json:"status"`
}

// JSON writes scores.json.
func JSON(w io.Writer, d *Data) error {
	doc := scoresDoc{Version: scoresVersion, Program: d.Program, Exam: d.examDoc(), Booklets: []bookletDoc{}, LeftOut: []leftOutDoc{}}
	for _, s := range d.Sheets() {
		doc.Booklets = append(doc.Booklets, bookletDoc{s.Booklet, s.Code, s.Registration, s.Status, s.Total, d.grade(s),
			known(s.Problems), known(s.Questions)})
	}
	for _, s := range inOrder(d.Batch.Sheets) {
		if !d.All && s.Status != mark.StatusFinal {
			doc.LeftOut = append(doc.LeftOut, leftOutDoc{s.Booklet, s.Status})
		}
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(doc)
}

func (d *Data) examDoc() examDoc {
	e := d.Exam
	doc := examDoc{ID: e.ID, Title: e.Title, Hash: d.ExamHash, Credits: e.Total(), Problems: []problemDoc{}}
	for _, p := range e.Problems {
		doc.Problems = append(doc.Problems, problemDoc{p.ID, p.Title, e.Worth(p.ID), questionDocs(p.Questions)})
	}
	if e.Grades != nil {
		for _, s := range e.Grades.Steps() {
			doc.Grades = append(doc.Grades, gradeDoc(s))
		}
	}
	return doc
}

func questionDocs(questions []exam.Question) []questionDoc {
	docs := []questionDoc{}
	for i := range questions {
		q := &questions[i]
		docs = append(docs, questionDoc{q.ID, string(q.Kind), q.Worth()})
	}
	return docs
}

// known makes no credits an empty object, not null.
func known(credits map[string]*float64) map[string]*float64 {
	if credits == nil {
		return map[string]*float64{}
	}
	return credits
}
