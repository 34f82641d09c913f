package pipeline

import (
	"time"

	"scan/internal/mark"
)

// settle turns pages put together into rows: readings to decisions to scores.
func (b *batch) settle(pages []Scanned, a Assembly) *Outcome {
	out := &Outcome{Exam: b.exam, Pages: pageRows(pages, a.Placed)}
	for _, bk := range a.Booklets {
		rows := bookletReadings(bk, pages, a.Placed, b.exam)
		if r := stickerRow(rows); r != nil {
			weighNumber(r, pages[bk.Pages[r.Page]].Sticker, b.roster)
		}
		out.Readings = append(out.Readings, rows...)
	}
	// Stickers are looked at together: no two booklets may have the same.
	rest := mark.CheckStickers(out.Readings, b.roster)
	out.Readings = out.Readings[:0:0]
	for _, bk := range a.Booklets {
		n := 0
		for n < len(rest) && rest[n].Booklet == bk.ID {
			n++
		}
		rows, sheet := mark.Grade(b.exam, rest[:n], b.Policy)
		rest = rest[n:]
		out.Readings = append(out.Readings, rows...)
		out.Sheets = append(out.Sheets, b.finish(sheet, bk, rows))
		out.Notes = append(out.Notes, bookletNotes(bk)...)
	}
	return out
}

// finish completes the sheet of a booklet.
func (b *batch) finish(s mark.Sheet, bk *Booklet, rows []mark.Reading) mark.Sheet {
	s.Booklet = bk.ID
	identify(&s, bk, rows, b.exam, b.roster)
	switch {
	case len(bk.Missing) > 0:
		s.Status = mark.StatusIncomplete
	case bk.Doubt != "" && s.Status == mark.StatusFinal:
		s.Status = mark.StatusReview
	}
	return s
}

func bookletNotes(b *Booklet) (notes []Note) {
	if len(b.Missing) > 0 {
		notes = append(notes, Note{Word: reasonMissesPages, About: b.ID, Text: pageRanges(b.Missing)})
	}
	for _, word := range []string{b.Reason, b.Doubt} {
		if word != "" {
			notes = append(notes, Note{Word: word, About: b.ID})
		}
	}
	return notes
}

// pageRows lists every page of the batch.
func pageRows(pages []Scanned, placed []Placed) []mark.Page {
	rows := make([]mark.Page, len(pages))
	for i, p := range pages {
		rows[i] = mark.Page{Source: p.Path, SourcePage: p.Page,
			Booklet: placed[i].Booklet, Page: placed[i].Page, Status: placed[i].Status, Reason: placed[i].Reason}
		if p.Status == StatusOK {
			rows[i].Rotation, rows[i].Scale, rows[i].ResidualMM = p.Rotation, p.Scale, p.ResidualMM
		}
	}
	return rows
}

// summary counts what the run did and what it left to do.
func (b *batch) summary(sources []source, out *Outcome, took time.Duration) Summary {
	s := Summary{Sources: len(sources), Pages: len(out.Pages), Read: b.read, Cached: len(out.Pages) - b.read,
		ByStatus: map[string]int{}, Booklets: len(out.Sheets), Seconds: took.Seconds()}
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
// certainly without anything to read.
func needsPerson(status string) bool {
	switch status {
	case StatusOK, StatusBlank, StatusDuplicate:
		return false
	}
	return true
}
