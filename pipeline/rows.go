package pipeline

import (
	"scan/internal/mark"
)

// pageRows lists every page of the batch.
func pageRows(pages []Scanned, placed []Placed, sizes pageSizes) []mark.Page {
	rows := make([]mark.Page, len(pages))
	for i, p := range pages {
		at := placed[i]
		rows[i] = mark.Page{Source: p.Path, SourcePage: p.Page, Booklet: at.Booklet, Page: at.Page, Status: at.Status, Reason: at.Reason,
			Image: p.Image, Copy: p.Copy, Detail: p.Detail}
		registered, turn := p.Status == StatusOK, p.uprightTurn()
		if registered {
			rows[i].Rotation, rows[i].Scale, rows[i].ResidualMM = p.Rotation, p.Scale, p.ResidualMM
		}
		if at.Blind {
			registered, turn = false, at.Turn
		}
		frame(&rows[i], p.PageResult, registered, turn, sizes)
	}
	return rows
}

// summarize counts what a batch came to.
func summarize(out *Outcome) Summary {
	s := Summary{Pages: len(out.Pages), ByStatus: map[string]int{}, Booklets: len(out.Sheets)}
	for _, p := range out.Pages {
		s.ByStatus[p.Status]++
		if needsPerson(p.Status) {
			s.ReviewItems++
		}
	}
	for _, r := range out.Readings {
		if r.Review {
			s.ReviewItems++
		}
	}
	for _, b := range out.Booklets {
		if len(b.Missing) > 0 && !b.Waived {
			s.ReviewItems++
		}
		if b.Doubt != "" {
			s.ReviewItems++
		}
	}
	for _, sheet := range out.Sheets {
		switch sheet.Status {
		case mark.StatusFinal:
			s.Final++
		case mark.StatusReview:
			s.Review++
		default:
			s.Incomplete++
		}
	}
	return s
}

// needsPerson tells which pages somebody has to look at: all that are neither read nor
// certainly without anything to read, nor left out by a person.
func needsPerson(status string) bool {
	switch status {
	case StatusOK, StatusBlank, StatusDuplicate, StatusDropped:
		return false
	}
	return true
}
