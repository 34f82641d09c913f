package export

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"scan/internal/exam"
	"scan/internal/ledger"
	"scan/internal/mark"
)

// reopen writes a workbook and opens it as another program would.
func reopen(t *testing.T, d *Data) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, Workbook(&out, d))
	f, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

func valueOf(t *testing.T, f *excelize.File, sheet, at string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	return v
}

func formulaOf(t *testing.T, f *excelize.File, sheet, at string) string {
	t.Helper()
	v, err := f.GetCellFormula(sheet, at)
	require.NoError(t, err)
	return v
}

func TestWorkbookHasScoresWithFormulasAndTheirValues(t *testing.T) {
	d := sampleData()
	d.All = true
	f := reopen(t, d)
	assert.Equal(t, []string{"scores", "per-question", "items", "decisions", "conventions"}, f.GetSheetList())
	rows, err := f.GetRows(sheetScores, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	assert.Equal(t, [][]string{
		{"booklet", "code", "registration", "status", "total", "grade", "1", "2", "3"},
		{"B1", "=1+1", "0815", "final", "4.5", "4", "1.5", "3", "0"},
		{"B2", "00123", "03712345", "final", "9", "1", "3.5", "3", "2.5"},
		{"B10", "777", "", "review", "", "", "2", "", "4"},
	}, rows)
	assert.Equal(t, "SUM(G3:I3)", formulaOf(t, f, sheetScores, "E3"))
	assert.Equal(t, "SUM(INDEX('per-question'!$F$2:$G$4,MATCH($A3,'per-question'!$A$2:$A$4,0),0))", formulaOf(t, f, sheetScores, "G3"))
	assert.Equal(t, "SUM(INDEX('per-question'!$H$2:$H$4,MATCH($A3,'per-question'!$A$2:$A$4,0),0))", formulaOf(t, f, sheetScores, "H3"))
	assert.Empty(t, formulaOf(t, f, sheetScores, "I3"), "a written score is a number")
	assert.Equal(t, `IF(COUNT(G4:I4)=3,SUM(G4:I4),"")`, formulaOf(t, f, sheetScores, "E4"), "waits for what is unread")
	assert.Equal(t, "LOOKUP(MAX(ROUND(E3,6),conventions!$A$3),conventions!$A$3:$A$5,conventions!$B$3:$B$5)", formulaOf(t, f, sheetScores, "F3"))
	assert.Empty(t, formulaOf(t, f, sheetScores, "F4"), "no grade while something is open")
}

// Every formula gives what is stored as its value when it is computed anew.
func TestFormulasGiveTheirValues(t *testing.T) {
	d := sampleData()
	d.All = true
	f := reopen(t, d)
	computed := 0
	for _, sheet := range []string{sheetScores, sheetQuestions} {
		for row := 2; row <= 4; row++ {
			for column := 5; column <= 9; column++ {
				at := cell(column, row)
				if formulaOf(t, f, sheet, at) == "" {
					continue
				}
				got, err := f.CalcCellValue(sheet, at, excelize.Options{RawCellValue: true})
				require.NoError(t, err, at)
				assert.Equal(t, valueOf(t, f, sheet, at), got, "%s %s", sheet, at)
				computed++
			}
		}
	}
	assert.Equal(t, 3+2+6, computed, "totals, grades, two problems")
}

// Thirds that make up whole credits do so in the workbook, too: a spreadsheet adds up what is written.
func TestFormulasOfThirds(t *testing.T) {
	e := &exam.Exam{Grades: &exam.Grades{List: []exam.GradeStep{{From: 0, Grade: "5.0"}, {From: 12, Grade: "4.0"}}}}
	var readings []mark.Reading
	for _, id := range []string{"1", "2", "3"} {
		p := exam.Problem{ID: id}
		for i := range 12 {
			q := choice(id+"."+string(rune('a'+i)), 1)
			q.Rule, q.Options = exam.PerOption, append(q.Options, exam.Option{ID: "c", Correct: yes(true)})
			p.Questions = append(p.Questions, q)
			for k, value := range []string{"crossed", "crossed", "empty"} {
				readings = append(readings, mark.Reading{Booklet: "B1", Field: exam.OptionField(q.ID, q.Options[k].ID), Value: value})
			}
		}
		e.Problems = append(e.Problems, p)
	}
	e.Problems[2].Questions = e.Problems[2].Questions[:11]
	e.Problems[1].Questions = append(e.Problems[1].Questions, e.Problems[0].Questions[11]) // 12 + 13 + 11 thirds
	e.Problems[1].Questions[12].ID = "2.m"
	for _, o := range []string{"a", "b", "c"} {
		value := map[string]string{"a": "crossed", "b": "crossed", "c": "empty"}[o]
		readings = append(readings, mark.Reading{Booklet: "B1", Field: "2.m." + o, Value: value})
	}
	s := mark.Score(e, readings)
	s.Status = mark.StatusFinal
	require.Equal(t, number(12), s.Total)
	f := reopen(t, &Data{Exam: e, Batch: mark.Batch{Sheets: []mark.Sheet{s}}})
	for at, want := range map[string]string{"E2": "12", "F2": "4", "G2": "4"} {
		require.NotEmpty(t, formulaOf(t, f, sheetScores, at), at)
		assert.Equal(t, want, valueOf(t, f, sheetScores, at))
		got, err := f.CalcCellValue(sheetScores, at, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		assert.Equal(t, want, got, at)
	}
	got, err := f.CalcCellValue(sheetScores, "H2", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	assert.Equal(t, "4.3333333", got)
	got, err = f.CalcCellValue(sheetQuestions, "E2", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	assert.Equal(t, "12", got)
}

func TestWorkbookIsFrozenFilteredAndTyped(t *testing.T) {
	var out bytes.Buffer
	d := sampleData()
	require.NoError(t, Workbook(&out, d))
	xml := part(t, out.Bytes(), "xl/worksheets/sheet2.xml")
	_, xml, found := strings.Cut(xml, "<sheetViews>")
	require.True(t, found)
	assert.Contains(t, xml, `state="frozen" topLeftCell="B2" xSplit="1" ySplit="1"`)
	assert.Contains(t, xml, `<cols><col min="1" max="1" width="11" customWidth="1"/><col min="2"`, "in order")
	assert.Contains(t, xml, `<autoFilter ref="$A$1:$I$3"`, "the final ones alone")
	assert.NotContains(t, xml, "B10")
	assert.Regexp(t, `<c r="E3" ?><f>SUM\(G3:I3\)</f><v>9</v></c>`, xml, "a number with its value")
	assert.Regexp(t, `<c r="B3" s="\d+" t="inlineStr"><is><t>00123</t></is></c>`, xml, "a code is text")
	assert.Regexp(t, `<c r="B2" s="\d+" t="inlineStr"><is><t>=1\+1</t></is></c>`, xml, "also one that looks like a formula")
}

func part(t *testing.T, archive []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	require.NoError(t, err)
	f, err := z.Open(name)
	require.NoError(t, err)
	defer f.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(f)
	require.NoError(t, err)
	return b.String()
}

func TestWorkbookOfTheSameDataHasTheSameBytes(t *testing.T) {
	var first bytes.Buffer
	require.NoError(t, Workbook(&first, sampleData()))
	for range 5 { // the parts come in random order
		var again bytes.Buffer
		require.NoError(t, Workbook(&again, sampleData()))
		require.True(t, bytes.Equal(first.Bytes(), again.Bytes()))
	}
}

func TestItemsTellWhatTheReaderHadSaid(t *testing.T) {
	f := reopen(t, sampleData())
	rows, err := f.GetRows(sheetItems, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Len(t, rows, 1+3*6, "all booklets, also those left out")
	assert.Equal(t, []string{"B1", "a.pdf", "3", "1", "1.1.b", "choice", "crossed", "0.9998", "0", "decided", "empty", "0.7", "uncertain", "second"}, rows[2])
	typ, err := f.GetCellType(sheetItems, "G6")
	require.NoError(t, err)
	assert.Equal(t, excelize.CellTypeUnset, typ, "credits are a number")
	assert.Equal(t, "3", valueOf(t, f, sheetItems, "G6"))
}

func TestDecisionsHaveTheWholeLedger(t *testing.T) {
	f := reopen(t, sampleData())
	rows, err := f.GetRows(sheetDecisions, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Len(t, rows, 5)
	assert.Equal(t, []string{"2026-11-23 10:00:00", "first", "decide", "single", "replaced", "B1", "1.1.b", "empty", "empty", "uncertain", "0.7",
		"a.pdf", "3", "=HYPERLINK(\"x\")", "id1", "", "", "", "imageB1"}, rows[1])
	assert.Empty(t, formulaOf(t, f, sheetDecisions, "N2"), "a note is text")
	assert.Equal(t, "stands", rows[2][4])
	assert.Equal(t, "withdrawn", rows[3][4])
	assert.Equal(t, "B2", rows[3][5], "decided about the booklet")
	assert.Equal(t, "withdrawal", rows[4][4])
}

func TestContradictionsAreNamed(t *testing.T) {
	d := sampleData()
	d.Decisions[1].Supersedes = nil
	states := ledger.States(d.Decisions)
	assert.Equal(t, ledger.Contradicted, states["id1"])
	assert.Equal(t, ledger.Contradicted, states["id2"])
}

func TestConventionsSayWhatTheCreditsRestOn(t *testing.T) {
	d := sampleData()
	d.Exam.Problems[0].Questions[0].Void = exam.VoidZero
	d.Exam.Problems[0].Questions[1].Options[1].Void = true
	f := reopen(t, d)
	rows, err := f.GetRows(sheetConventions, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	var text []string
	for _, r := range rows {
		text = append(text, strings.Join(r, "|"))
	}
	all := strings.Join(text, "\n")
	assert.Equal(t, []string{"Grading key", "credits from|grade", "0|5", "4.5|4", "7.5|1"}, text[:5])
	for _, want := range []string{"title|Practice & more", "SHA-256 of exam.yaml|abc", "program|v1.2.3", "booklets here|2", "booklets in all|3",
		"A cross selects an option.", "1.1|choice|2|all-or-nothing|a|counts for nobody", "1.2|choice|1.5|all-or-nothing|a|anything is right in b",
		"2.1|credit|3|one corrector"} {
		assert.Contains(t, all, want)
	}
}

func TestGradesThatAreWordsStayWords(t *testing.T) {
	d := sampleData()
	d.Exam.Grades = &exam.Grades{List: []exam.GradeStep{{From: 0, Grade: "failed"}, {From: 4, Grade: "1.0"}}}
	f := reopen(t, d)
	typ, err := f.GetCellType(sheetScores, "F3")
	require.NoError(t, err)
	assert.Equal(t, excelize.CellTypeFormula, typ)
	assert.Equal(t, "1.0", valueOf(t, f, sheetScores, "F3"))
	assert.Equal(t, "1.0", valueOf(t, f, sheetConventions, "B4"))
}

// A problem whose credits are not the sum of its questions must not become a formula that says
// otherwise.
func TestAFormulaNeverSaysOtherwise(t *testing.T) {
	d := sampleData()
	d.Batch.Sheets[0].Problems["1"] = number(1)
	f := reopen(t, d)
	assert.Empty(t, formulaOf(t, f, sheetScores, "G3"))
	assert.Equal(t, "1", valueOf(t, f, sheetScores, "G3"))
	assert.Empty(t, formulaOf(t, f, sheetScores, "E3"))
}

func TestAWorkbookOfNothing(t *testing.T) {
	f := reopen(t, &Data{Exam: &exam.Exam{}})
	assert.Equal(t, "booklet", valueOf(t, f, sheetScores, "A1"))
}

// A sticker may hold signs that no XML file can.
func TestOddSignsInCodes(t *testing.T) {
	d := sampleData()
	d.Batch.Sheets[0].Code = "7\x00\x07\n8\ufffe"
	d.Batch.Sheets[0].Status = mark.StatusFinal
	f := reopen(t, d)
	assert.Contains(t, valueOf(t, f, sheetScores, "B3"), "\n8")
}
