package export

import (
	"time"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/internal/store"
)

func yes(b bool) *bool { return &b }

// choice is a question of two options, the first of them right.
func choice(id string, credits float64) exam.Question {
	return exam.Question{ID: id, Kind: exam.Choice, Credits: credits, Rule: exam.AllOrNothing,
		Options: []exam.Option{{ID: "a", Correct: yes(true)}, {ID: "b", Correct: yes(false)}}}
}

// sampleExam has a problem of two questions, one of one question, and one with a written score.
func sampleExam() *exam.Exam {
	return &exam.Exam{ID: "practice", Title: "Practice & more",
		Problems: []exam.Problem{
			{ID: "1", Title: "Choice", Questions: []exam.Question{choice("1.1", 2), choice("1.2", 1.5)}},
			{ID: "2", Questions: []exam.Question{{ID: "2.1", Kind: exam.Credit, Credits: 3,
				Boxes: []exam.CreditBox{{Credits: 0, Corrector: 1}, {Credits: 3, Corrector: 1}}}}},
			{ID: "3"},
		},
		Scores: []exam.Score{{ID: "P3", Problem: "3", Corrector: 1, Max: 4, Step: 0.5}},
		Grades: &exam.Grades{List: []exam.GradeStep{{From: 0, Grade: "5.0"}, {From: 4.5, Grade: "4.0"}, {From: 7.5, Grade: "1.0"}}},
	}
}

// sampleReadings are the fields of a booklet: both options of 1.1 and 1.2, the column, the score.
func sampleReadings(booklet string, page int, values ...string) (readings []mark.Reading) {
	fields := []string{"1.1.a", "1.1.b", "1.2.a", "1.2.b", "2.1", "P3"}
	kinds := []string{mark.KindChoice, mark.KindChoice, mark.KindChoice, mark.KindChoice, mark.KindCredit, mark.KindScore}
	for i, v := range values {
		readings = append(readings, mark.Reading{Booklet: booklet, Source: "a.pdf", SourcePage: page, Page: 1, Field: fields[i],
			Kind: kinds[i], Value: v, Confidence: 0.99989, Image: "image" + booklet})
	}
	return readings
}

// sampleSheet scores readings the way a run does.
func sampleSheet(e *exam.Exam, readings []mark.Reading, code, registration, status string) mark.Sheet {
	s := mark.Score(e, readings)
	s.Booklet, s.Code, s.Registration, s.Status = readings[0].Booklet, code, registration, status
	return s
}

// sampleData is three booklets: all right, one whose column is unread, and one with a sign of
// everything that could go wrong in a spreadsheet.
func sampleData() *Data {
	e := sampleExam()
	one := sampleReadings("B2", 1, "crossed", "empty", "crossed", "empty", "3", "2.5")
	two := sampleReadings("B10", 2, "crossed", "empty", "empty", "empty", "", "4")
	two[4].Review, two[4].Reason = true, "none-marked"
	three := sampleReadings("B1", 3, "crossed", "crossed", "crossed", "empty", "3", "0")
	three[1].Read = &mark.ReaderValue{Value: "empty", Confidence: 0.7, Reason: "uncertain", Review: true}
	three[1].Reason, three[1].Decisions = mark.ReasonDecided, []string{"id2"}
	d := &Data{Exam: e, Program: "v1.2.3", ExamHash: "abc", Threshold: 0.99, Read: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Roster: &exam.Roster{}}
	d.Batch = mark.Batch{
		Pages: []mark.Page{{Source: "a.pdf", SourcePage: 1, Booklet: "B2", Page: 1, Status: "ok", Image: "imageB2"},
			{Source: "a.pdf", SourcePage: 2, Booklet: "B10", Page: 1, Status: "ok", Image: "imageB10"},
			{Source: "a.pdf", SourcePage: 3, Booklet: "B1", Page: 1, Status: "ok", Image: "imageB1"}},
		Sheets: []mark.Sheet{sampleSheet(e, one, "00123", "03712345", mark.StatusFinal),
			sampleSheet(e, two, "777", "", mark.StatusReview),
			sampleSheet(e, three, "=1+1", "0815", mark.StatusFinal)},
		Booklets: []mark.Booklet{{ID: "B2", Anchor: "copy:B2"}, {ID: "B10", Anchor: "imageB10"}, {ID: "B1", Anchor: "imageB1"}},
	}
	d.Batch.Readings = append(append(append(d.Batch.Readings, one...), two...), three...)
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	d.Decisions = []store.Decision{
		{ID: "id1", At: at, Page: "imageB1", Field: "1.1.b", Source: "a.pdf", SourcePage: 3, Who: "first", Action: store.ActionDecide,
			Mode: store.ModeSingle, Value: "empty", Old: "empty", OldReason: "uncertain", Confidence: 0.7, Note: "=HYPERLINK(\"x\")"},
		{ID: "id2", At: at.Add(time.Minute), Page: "imageB1", Field: "1.1.b", Source: "a.pdf", SourcePage: 3, Who: "second",
			Action: store.ActionDecide, Mode: store.ModeSingle, Value: "crossed", Supersedes: []string{"id1"}},
		{ID: "id3", At: at.Add(2 * time.Minute), Page: "copy:B2", Field: mark.FieldMissing, Who: "first", Action: store.ActionDecide,
			Mode: store.ModeSingle, Value: mark.MissingWaived},
		{ID: "id4", At: at.Add(3 * time.Minute), Page: "copy:B2", Field: mark.FieldMissing, Who: "first", Action: store.ActionWithdraw,
			Supersedes: []string{"id3"}},
	}
	return d
}
