package export

import (
	"fmt"
	"math"
	"strconv"

	"github.com/xuri/excelize/v2"

	"scan/internal/mark"
)

// whoColumns begin both sheets of credits; after them comes the total.
var whoColumns = []string{"booklet", "code", "registration", "status"}

// slack is how far the sum of credits may be from the credits of the sum: what rounding adds up to.
// Within exactly it is only that of floats.
const slack, exactly = 1e-6, 1e-11

// scores is a row a booklet with a column a problem.
func (b *book) scores() table {
	t := table{name: sheetScores, frozen: 1, widths: []float64{11, 14, 14, 11, 8}}
	t.heads = append(t.heads, whoColumns...)
	t.heads = append(t.heads, "total")
	if b.graded() {
		t.heads = append(t.heads, "grade")
	}
	first := len(t.heads) + 1
	for _, p := range b.Exam.Problems {
		t.heads = append(t.heads, p.ID)
	}
	for i, s := range b.sheets {
		row := append(who(s), b.total(s, i+2, first))
		if b.graded() {
			row = append(row, b.gradeCell(s, i+2))
		}
		for j := range b.Exam.Problems {
			row = append(row, b.problem(s, j, i+2))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func who(s mark.Sheet) []any { return []any{s.Booklet, s.Code, s.Registration, s.Status} }

// total adds up the problems, in columns from first on.
func (b *book) total(s mark.Sheet, row, first int) any {
	var parts []*float64
	for _, p := range b.Exam.Problems {
		parts = append(parts, s.Problems[p.ID])
	}
	return sumOf(fmt.Sprintf("%s:%s", cell(first, row), cell(first+len(parts)-1, row)), totalDigits, s.Total, parts)
}

// problem adds up the questions on the other sheet. They are looked up by the booklet: sorting one
// of the sheets must not give a student the credits of another.
func (b *book) problem(s mark.Sheet, index, row int) any {
	p, column := &b.Exam.Problems[index], firstQuestion
	for _, before := range b.Exam.Problems[:index] {
		column += len(before.Questions)
	}
	var parts []*float64
	for _, q := range p.Questions {
		parts = append(parts, s.Questions[q.ID])
	}
	last := len(b.sheets) + 1
	area := func(from, to int) string {
		return fmt.Sprintf("'%s'!$%s$2:$%s$%d", sheetQuestions, columnName(from), columnName(to), last)
	}
	lookup := fmt.Sprintf("INDEX(%s,MATCH($A%d,%s,0),0)", area(column, column+len(parts)-1), row, area(1, 1))
	return sumOf(lookup, problemDigits, s.Problems[p.ID], parts)
}

// Credits have 9 digits behind the point. Where they are thirds, their sum is rounded to fewer: that of
// many questions to 7 and that of problems to 6, so that thirds make up whole credits.
const problemDigits, totalDigits = 7, 6

// sumOf is a formula that adds up cells, with the value it has. Where a part is not known the
// formula waits for it. Where the whole is not the sum of its parts, such as a written score
// without questions, it is a plain number.
func sumOf(area string, digits int, whole *float64, parts []*float64) any {
	sum, known := 0.0, 0
	for _, p := range parts {
		if p != nil {
			sum += *p
			known++
		}
	}
	switch {
	case len(parts) == 0 && whole == nil:
		return nil
	case whole == nil && known < len(parts):
		return excelize.Cell{Formula: fmt.Sprintf(`IF(COUNT(%s)=%d,SUM(%[1]s),"")`, area, len(parts)), Value: ""}
	case whole == nil:
		return nil
	case known < len(parts) || len(parts) == 0 || math.Abs(sum-*whole) > slack:
		return *whole
	case math.Abs(sum-*whole) > exactly:
		return excelize.Cell{Formula: fmt.Sprintf("ROUND(SUM(%s),%d)", area, digits), Value: *whole}
	}
	return excelize.Cell{Formula: fmt.Sprintf("SUM(%s)", area), Value: *whole}
}

// gradeCell looks the grade up in the grading key on the sheet conventions. Below its lowest
// border the lowest grade holds, too.
func (b *book) gradeCell(s mark.Sheet, row int) any {
	grade := b.grade(s)
	if grade == "" {
		return nil
	}
	from, to := b.keyRows()
	key := func(column string) string {
		return fmt.Sprintf("%s!$%s$%d:$%s$%d", sheetConventions, column, from, column, to)
	}
	c := b.gradeShown(grade)
	c.Formula = fmt.Sprintf("LOOKUP(MAX(ROUND(%s,6),%s!$A$%d),%s,%s)", cell(len(whoColumns)+1, row), sheetConventions, from, key("A"), key("B"))
	return c
}

// gradeShown is a cell with a grade, 2.0 and not 2.
func (b *book) gradeShown(grade string) excelize.Cell {
	c := excelize.Cell{StyleID: b.style.text, Value: b.gradeValue(grade)}
	if _, number := c.Value.(float64); number {
		c.StyleID = b.style.grade
	}
	return c
}

// gradeValue is the grade as a number where all grades are numbers, so that they have a mean.
func (b *book) gradeValue(grade string) any {
	for _, s := range b.Exam.Grades.Steps() {
		if _, err := strconv.ParseFloat(s.Grade, 64); err != nil {
			return grade
		}
	}
	return numberOr(grade)
}

// firstQuestion is the column of the first question on the sheet per-question.
const firstQuestion = 6

// perQuestion is a row a booklet with a column a question.
func (b *book) perQuestion() table {
	t := table{name: sheetQuestions, frozen: 1, widths: []float64{11, 14, 14, 11, 8}}
	t.heads = append(append(t.heads, whoColumns...), "total")
	_, questions := columns(b.Exam)
	for _, id := range questions {
		t.heads, t.widths = append(t.heads, id), append(t.widths, 7)
	}
	for i, s := range b.sheets {
		row := append(who(s), b.totalOfQuestions(s, i+2))
		for _, id := range questions {
			row = append(row, optionalNumber(s.Questions[id]))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// totalOfQuestions adds up the questions, where nothing else earns credits.
func (b *book) totalOfQuestions(s mark.Sheet, row int) any {
	var parts []*float64
	for _, p := range b.Exam.Problems {
		if len(p.Questions) == 0 {
			return optionalNumber(s.Total)
		}
		for _, q := range p.Questions {
			parts = append(parts, s.Questions[q.ID])
		}
	}
	return sumOf(fmt.Sprintf("%s:%s", cell(firstQuestion, row), cell(firstQuestion+len(parts)-1, row)), totalDigits, s.Total, parts)
}

func optionalNumber(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

// numberOr is a number where the text is one as programs write it, and otherwise the text.
func numberOr(text string) any {
	if x, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
		return x
	}
	return text
}

// valueCell is the value of a field: a number of credits, or a word or code.
func valueCell(kind, value string) any {
	if kind == mark.KindCredit || kind == mark.KindScore {
		return numberOr(value)
	}
	return value
}
