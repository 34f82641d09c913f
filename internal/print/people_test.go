package print

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
	"scan/internal/geom"
)

func rosterOf(t *testing.T, text string) *exam.Roster {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roster.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	r, err := exam.LoadDraft(path)
	require.NoError(t, err)
	return r
}

const students = "registration,Nachname,Vorname,seat\n3,Zaïri,Noël,B2\n1,Özdemir,Şükrü,A10\n2,Olsen,Ada,A2\n"

func TestGatherGivesNumbers(t *testing.T) {
	o := PeopleOptions{Lines: 5, Order: ByName, Seed: 4, Stickers: true}
	p, err := Gather(rosterOf(t, students), o)
	require.NoError(t, err)
	require.Len(t, p.Lines, 5)
	assert.Equal(t, []string{"Olsen, Ada", "Özdemir, Şükrü", "Zaïri, Noël", "", ""}, names(p.Lines), "ö with o, spares last")
	assert.Equal(t, 3, p.Given)
	assert.Equal(t, 5, p.Drawn)
	for _, a := range p.Lines {
		assert.Len(t, a.Code, 8)
		if s, ok := p.Roster.ByRegistration(a.Registration); ok {
			assert.Equal(t, a.Code, s.Code, "list and roster agree")
		}
	}
	o.Order = BySeat
	again, err := Gather(rosterOf(t, students), o)
	require.NoError(t, err)
	assert.Equal(t, p.Roster.CSV(), again.Roster.CSV(), "a seed gives the same numbers in any order of the list")
	assert.Equal(t, []string{"A2", "A10", "B2", "", ""}, []string{again.Lines[0].Seat, again.Lines[1].Seat, again.Lines[2].Seat, "", ""})
}

func names(lines []Attendee) (all []string) {
	for _, a := range lines {
		all = append(all, a.Name)
	}
	return all
}

func TestGatherKeepsNumbers(t *testing.T) {
	kept := rosterOf(t, "code,registration\n44444448,2\n")
	p, err := Gather(rosterOf(t, "code,registration\n,1\n,2\n55555555,3\n"),
		PeopleOptions{Lines: 4, Order: ByRegistration, Seed: 1, Stickers: true, Kept: kept, Extra: []string{"77777779"}})
	require.NoError(t, err)
	assert.Equal(t, []string{"44444448", "55555555", "77777779"}, []string{p.Lines[1].Code, p.Lines[2].Code, p.Lines[3].Code})
	assert.Equal(t, 1, p.Given)
}

// Without a sticker the copy is the code, in the order in which copies are handed out.
func TestGatherWithoutStickers(t *testing.T) {
	p, err := Gather(rosterOf(t, students), PeopleOptions{Order: BySeat, CopyName: func(i int) string { return CopyName(8 + i) }})
	require.NoError(t, err)
	for i, code := range []string{"E0008", "E0009", "E0010"} {
		assert.Equal(t, code, p.Lines[i].Code)
	}
	s, _ := p.Roster.ByCode("E0008")
	assert.Equal(t, "A2", s.Cell("seat"))
}

func TestGatherRefuses(t *testing.T) {
	_, err := Gather(rosterOf(t, "registration\n1\n"), PeopleOptions{Order: ByName, Stickers: true})
	assert.ErrorContains(t, err, "no column name")
	_, err = Gather(rosterOf(t, students[:len("registration,Nachname,Vorname")]+"\n1,A,B\n"), PeopleOptions{Order: BySeat, Stickers: true})
	assert.ErrorContains(t, err, "no column seat")
	_, err = Gather(rosterOf(t, "code,registration\n1234567890,1\n"), PeopleOptions{Order: ByRegistration, Stickers: true})
	assert.ErrorContains(t, err, "too long for a label")
}

func TestCompareSeats(t *testing.T) {
	for _, ordered := range [][2]string{{"A2", "A10"}, {"a2", "B1"}, {"9", "10"}, {"1-9", "1-10"}, {"A007", "A8"}, {"A", "A1"}, {"Z9", ""}} {
		assert.Negative(t, compareSeats(ordered[0], ordered[1]), ordered)
		assert.Positive(t, compareSeats(ordered[1], ordered[0]), ordered)
	}
	assert.Zero(t, compareSeats("A7", "a07"))
}

const examFile = `# ours
version: 1
id: dl-endterm
pages: 2   # both
problems:
  - id: "1"
    questions:
      - {id: "1.1", kind: choice, page: 1, credits: 1, options: [{id: a, box: [10, 100, 4, 4], correct: true}]} # keep
`

func TestAddCodes(t *testing.T) {
	for _, eol := range []string{"\n", "\r\n"} {
		source := bytes.ReplaceAll([]byte(examFile), []byte("\n"), []byte(eol))
		changed, ok := AddCodes(source, "DL-20261123", 0)
		require.True(t, ok)
		line := `codes: {exam: "DL-20261123", page_offset: 0}` + eol
		assert.Equal(t, string(source), string(bytes.Replace(changed, []byte(line), nil, 1)), "nothing else is changed")
		e, err := exam.Parse("exam.yaml", changed)
		require.NoError(t, err)
		assert.Equal(t, exam.Codes{Exam: "DL-20261123"}, *e.Codes)
		_, ok = AddCodes(changed, "DL-20261123", 0)
		assert.False(t, ok, "it is there already")
	}
	_, ok := AddCodes([]byte("{version: 1, id: x, pages: 2}\n"), "X", 0)
	assert.False(t, ok, "no line of its own")
}

func TestExamCode(t *testing.T) {
	day := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for id, want := range map[string]string{
		"dl-endterm":                       "DL-ENDTERM-20261123",
		"Übung 3 / ws":                     "BUNG-3-WS-20261123",
		"introduction-to-measurement-2026": "INTRODUCTION-TO-20261123",
		"---":                              "EXAM-20261123",
	} {
		code := ExamCode(&exam.Exam{ID: id}, day)
		assert.Equal(t, want, code)
		assert.NoError(t, CheckExamCode(code))
		for _, kind := range Kinds {
			_, err := PageSymbol(kind, CodeText(code, CopyName(maxCopyNumber), 100))
			assert.NoError(t, err, "%s %s", kind, id)
		}
	}
	assert.Equal(t, "OWN-1", ExamCode(&exam.Exam{ID: "x", Codes: &exam.Codes{Exam: "OWN-1"}}, day))
	assert.Error(t, CheckExamCode("A (1)"))
	assert.NoError(t, CheckCopyName("E0134"))
	assert.Error(t, CheckCopyName("E-134"), "the copy would begin behind the dash")
}

const maxCopyNumber = 9999

func TestLabels(t *testing.T) {
	sheet, last := Label(LabelsPerSheet-1, geom.Point{})
	assert.Zero(t, sheet)
	assert.InDelta(t, 210-4.67, last.X+last.W, 0.01, "the sheet is symmetric")
	assert.InDelta(t, 297-10.7, last.Y+last.H, 0.01)
	sheet, first := Label(LabelsPerSheet, geom.Point{X: 1, Y: -0.5})
	assert.Equal(t, 1, sheet)
	assert.Equal(t, geom.Box{X: labelLeft + 1, Y: labelTop - 0.5, W: 38.1, H: 21.2}, first)
}

// The same run gives the same bytes: what was printed can be told from what was not.
func TestSheetsAreReproducible(t *testing.T) {
	list := List{Title: "Çağ", Exam: "X-1", Lines: []Attendee{{Name: "Nguyễn", Registration: "1", Code: "12345670"}}, CodeHead: "Sticker"}
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		require.NoError(t, list.Write(w))
		require.NoError(t, Stickers(w, "x", Draw(66, 1, nil), geom.Point{}))
	}
	assert.True(t, bytes.Equal(a.Bytes(), b.Bytes()))
}

func TestUnprintable(t *testing.T) {
	assert.Empty(t, Unprintable("Nguyễn Thị Hồng, Łukasz, Γιώργος, Иван, Şükrü"))
	assert.Equal(t, []rune("李"), Unprintable("Li 李"))
}

func TestSpareNumbers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stickers.csv")
	spare, err := SpareNumbers(path)
	require.NoError(t, err)
	assert.Empty(t, spare)
	var b bytes.Buffer
	require.NoError(t, Numbers(&b, []Attendee{{Registration: "1", Code: "11"}, {Code: "22"}}))
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
	spare, err = SpareNumbers(path)
	require.NoError(t, err)
	assert.Equal(t, []string{"22"}, spare)
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "print")
	for _, text := range []string{"one", "two"} {
		f, err := NewFolder(dir)
		require.NoError(t, err)
		require.NoError(t, f.Write("a/b.txt", func(w io.Writer) error {
			_, err := w.Write([]byte(text))
			return err
		}))
		require.NoError(t, f.Commit())
		f.Discard()
		b, err := os.ReadFile(filepath.Join(dir, "a", "b.txt"))
		require.NoError(t, err)
		assert.Equal(t, text, string(b))
	}
	f, err := NewFolder(dir)
	require.NoError(t, err)
	f.Discard()
	entries, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "nothing is left lying about")
}
