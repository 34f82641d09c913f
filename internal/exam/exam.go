// Package exam describes what the paper looks like and what it is worth: it
// parses and checks exam.yaml and reads the roster.
package exam

import "scan/internal/geom"

// Exam is a checked exam.yaml. Lengths are mm from the page's top-left corner;
// pages count from 1.
type Exam struct {
	Version  int
	ID       string
	Title    string
	Form     string // file name of the form, relative to the exam folder
	Pages    int
	Sticker  *Sticker // nil: booklets carry no sticker
	Codes    *Codes   // nil: pages carry no codes, or codes of any exam are taken
	Credits  *float64 // the total as stated in the file, nil if not stated
	Problems []Problem
	Scores   []Score // handwritten numbers

	Conventions Conventions // how marks count on this paper
	Grades      *Grades     // the grading key, nil if there is none

	// Before is how the exam counted in earlier runs over the same batch, where keys or credits
	// were others: what a handwritten sum may have been computed by. It stands in no file.
	Before []*Exam

	CopiesFile string // file name of the copies that differ, "" if all are printed alike
	Copies     []Copy // what stands in it; empty until the file is read (Load does)

	lines     lineIndex // where things stand in the file; nil for an exam made in Go
	copyLines lineIndex // the same of the copies' file
}

// Codes tells which page codes belong to this exam.
type Codes struct {
	Exam string // all of a page code before the copy, e.g. "IN-I2DL-1-20200811"
	// PageOffset is the page in a code minus the form page: 2 where the codes count
	// an envelope that the form does not hold.
	PageOffset int
}

// Sticker is the field on the cover where the student's code goes.
type Sticker struct {
	Page int
	Box  geom.Box
}

// Problem groups questions whose credits are summed. A problem without questions is
// worth what its handwritten score can be at most.
type Problem struct {
	ID        string
	Title     string
	Credits   *float64 // as stated in the file, nil if not stated
	Questions []Question
}

// Kind tells who marks a question.
type Kind string

// The kinds of question.
const (
	Choice Kind = "choice" // crosses by the student
	Credit Kind = "credit" // one cross by a corrector
)

// Rule tells how a choice question earns its credits.
type Rule string

// The rules of a choice question.
const (
	AllOrNothing Rule = "all-or-nothing" // all credits if every box is right, else 0
	PerOption    Rule = "per-option"     // each option earns credits/len(options) if right, Wrong if not
)

// Select tells how many options a student may cross.
type Select string

// How many options may be crossed.
const (
	SelectAny Select = "any"
	SelectOne Select = "one"
)

// Question is what earns credits.
type Question struct {
	ID      string
	Kind    Kind
	Page    int
	Credits float64 // as printed, also where the question is void
	Void    Void    // "": it counts

	// Choice questions.
	Rule    Rule
	Wrong   float64 // credits of a wrong option under PerOption, usually <= 0
	Floor   float64 // least credits of the question
	Select  Select
	Options []Option

	// Credit questions.
	Boxes []CreditBox
}

// Option is one choice box. Correct is nil where the key is not known yet. In a void option,
// whatever the student did there counts as right.
type Option struct {
	ID      string
	Box     geom.Box
	Correct *bool
	Void    bool
}

// CreditBox is one cell of a credit column. Corrector is 1 or 2.
type CreditBox struct {
	Credits   float64
	Box       geom.Box
	Corrector int
}

// Score is a field for a handwritten number.
type Score struct {
	ID        string
	Problem   string
	Corrector int
	Page      int
	Box       geom.Box
	Max, Step float64
}
