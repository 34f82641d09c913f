package report

import "scan/internal/mark"

// view is the page as the template shows it: words and shapes, no numbers to compute with.
type view struct {
	Title, ID string
	Written   string
	Counted   string // how many booklets count
}

func newView(d Data, w words) view {
	final := 0
	for _, s := range d.Batch.Sheets {
		if s.Status == mark.StatusFinal {
			final++
		}
	}
	return view{Title: d.Exam.Title, ID: d.Exam.ID, Written: w.moment(d.Now),
		Counted: w.say("counted", w.count(final), w.count(len(d.Batch.Sheets)))}
}
