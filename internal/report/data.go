package report

import (
	"time"

	"scan/internal/exam"
	"scan/internal/mark"
)

// Data is all that a report tells of.
type Data struct {
	Exam   *exam.Exam
	Batch  mark.Batch // as it stands, decisions applied
	Run    Run
	Ledger Ledger
	Lang   string    // "de"; anything else is English
	Now    time.Time // when the report is written; its day and time stand on the page as they are
}

// Run is how the pages were read.
type Run struct {
	Program string      // version of the program
	Began   time.Time   // of the last run of scan read; zero where that is not known
	Seconds float64     // how long it took
	Read    int         // pages it decoded and read; all others were known from before
	Policy  mark.Policy // how sure readings had to be
}

// Ledger is what people decided, in numbers.
type Ledger struct {
	// ByMode counts the decisions that stand by store.ModeSingle, ModeBatch, ModeSpot.
	ByMode    map[string]int
	Withdrawn int // decisions that were taken back
	Reviewers int // people who decided anything
	Contested int // things on which the decisions that stand contradict each other
	Spot      Spot
}

// Spot is what spot checks of readings found that the reader was sure of.
type Spot struct {
	N, Wrong int
	Bound    float64 // in [0,1]: with 95 % confidence no more than this share is wrong
}
