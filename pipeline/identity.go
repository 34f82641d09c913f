package pipeline

import (
	"strings"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/ocr"
)

// weighNumber lets the roster judge a sticker of which code and printed number were
// read apart. Where they differ and the roster knows the code but not the number, the
// number was misread. A number without a code is offered to the person who will look:
// numbers are consecutive, so that the roster knows most misread ones too.
func weighNumber(row *mark.Reading, s *ocr.StickerReading, roster *exam.Roster) {
	if s == nil {
		return
	}
	_, codeKnown := lookUp(roster, s.Code)
	number, numberKnown := lookUp(roster, s.Printed)
	switch {
	case row.Reason == reasonCodeNoDiffer && codeKnown && !numberKnown:
		row.Value, row.Confidence, row.Reason = s.Code, 0.999, ""
	case row.Value == "" && numberKnown:
		row.Value, row.Confidence = number.Code, 0.9
	}
	if student, known := lookUp(roster, row.Value); known {
		row.Value = student.Code
	}
}

// lookUp finds a code as it stands, or else the only student whose code differs in
// nothing but leading zeros, which spreadsheets drop.
func lookUp(roster *exam.Roster, code string) (exam.Student, bool) {
	if s, ok := roster.ByCode(code); ok {
		return s, true
	}
	bare := strings.TrimLeft(code, "0")
	if roster == nil || bare == "" {
		return exam.Student{}, false
	}
	var found []exam.Student
	for _, s := range roster.Students {
		if strings.TrimLeft(s.Code, "0") == bare {
			found = append(found, s)
		}
	}
	if len(found) == 1 {
		return found[0], true
	}
	return exam.Student{}, false
}

// identify fills in whose booklet a sheet is; doubtful is one whose pages may not be one student's. A registration
// is only named where nothing speaks against it: a wrong name on a score is worse than none.
func identify(s *mark.Sheet, b *Booklet, doubtful bool, rows []mark.Reading, e *exam.Exam, roster *exam.Roster) {
	sticker := stickerRow(rows)
	if sticker == nil && e.Sticker == nil {
		s.Code = b.Copy // no stickers: the roster may list the copies
	}
	if !doubtful && (sticker == nil || !sticker.Review) {
		s.Register(roster)
	}
}

func stickerRow(rows []mark.Reading) *mark.Reading {
	for i := range rows {
		if rows[i].Kind == mark.KindSticker {
			return &rows[i]
		}
	}
	return nil
}
