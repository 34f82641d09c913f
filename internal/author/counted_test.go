package author

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/raster"
)

// countedForm is a real form and what is true of it.
type countedForm struct {
	name, file string
	title      string
	sticker    bool
	scores     int
	// questions: "id:credits:boxes" of every problem, in order. Cells of both correctors count.
	questions string
}

// countedForms hold what was found by the vector way and then checked: exam-a against the list of
// its form fields, and its credits and those of exam-c against the totals that the forms print (90
// and 45). exam-b prints no total; of exam-c only pages 1 and 2 were compared by eye. Where boxes
// lie is taken from the draft of the best way: moved says how far the others differ from it.
var countedForms = []countedForm{
	{name: "exam-a", file: "exam-a-blank.pdf", title: "Introduction to Deep Learning", sticker: true, scores: 0, questions: `
		1.1:2:4 1.2:2:4 1.3:2:4 1.4:2:4 1.5:2:4 1.6:2:4 1.7:2:4 1.8:2:4 1.9:2:4
		2.1:2:5 2.2:4:9 2.3:2:5 2.4:2:5 2.5:2:5 2.6:3:7 2.7:3:7
		3.1:2:5 3.2:2:5 3.3:2:5 3.4:3:7 3.5:2:5
		4.1:2:5 4.2:2:5 4.3:2:5 4.4:2:5 4.5:2:5
		5.1:3:7 5.2:2:5 5.3:2:5 5.4:3:7 5.5:1:3 5.6:1:3 5.7:1:3 5.8:2:5 5.9:1:3
		6.1:1:3 6.2:1:3 6.3:3:7 6.4:4:9
		7.1:1:3 7.2:2:5 7.3:2:5 7.4:3:7`},
	{name: "exam-b", file: "exam-b-blank.pdf", title: "Introduction to Deep Learning (I2DL)", scores: 3, questions: `
		1.1:2:4 1.2:2:4 1.3:2:4 1.4:2:4 1.5:2:4`},
	{name: "exam-c", file: "exam-c-double-correction.pdf", title: "Grundlagen Rechnernetze und Verteilte Systeme", sticker: true, scores: 8, questions: `
		1a:1:4 1b:2:6 1c:3:8
		2a:1:4 2b:2:6 2c:1:4 2d:3:8
		3a:2:6 3b:2:6 3c:2:6 3d:3:8 3e:2:6 3f:2:6 3g:1:4 3h:1:4 3i:2:6 3j:2:6
		4a:2:6 4b:2:6 4c:1:4 4d:2:6 4e:6:14`},
}

func sheetsOf(t *testing.T, path string) []Sheet {
	t.Helper()
	layouts, err := raster.ReadLayout(path)
	require.NoError(t, err)
	var sheets []Sheet
	for _, l := range layouts {
		sheets = append(sheets, fromLayout(l))
	}
	return sheets
}

func sheetsWithoutFields(t *testing.T, path string) []Sheet {
	t.Helper()
	layouts, err := raster.ReadLayout(path)
	require.NoError(t, err)
	var sheets []Sheet
	for _, l := range layouts {
		l.Fields = nil
		sheets = append(sheets, fromLayout(l))
	}
	return sheets
}

func sheetsHaveFields(sheets []Sheet) bool {
	d := drafter{sheets: sheets}
	return d.anyNamed()
}

// truth makes an exam out of the count and the places of a draft.
func (f countedForm) truth(t *testing.T, d Draft) *exam.Exam {
	t.Helper()
	want := *d.Exam
	want.Title = f.title
	require.Equal(t, f.sticker, d.Exam.Sticker != nil, f.name)
	require.Len(t, d.Exam.Scores, f.scores, f.name)
	var got []string
	for _, q := range questionsOf(d.Exam) {
		got = append(got, fmt.Sprintf("%s:%g:%d", q.ID, q.Credits, len(q.Options)+len(q.Boxes)))
	}
	require.Equal(t, strings.Fields(f.questions), got, f.name)
	return &want
}
