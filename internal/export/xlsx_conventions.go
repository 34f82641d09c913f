package export

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"scan/internal/exam"
	"scan/internal/mark"
)

// conventions says what the credits rest on: the exam, the grading key, how marks count, and
// every question with its rule and key. The key comes first: the grades look into it, see keyRows.
func (b *book) conventions() table {
	t := table{name: sheetConventions, plain: true, widths: []float64{24, 20, 10, 18, 34, 26}}
	add := func(cells ...any) { t.rows = append(t.rows, cells) }
	title := func(text string) { add(b.titled(text)...) }
	if b.graded() {
		title("Grading key")
		title("credits from|grade")
		for _, s := range b.Exam.Grades.Steps() {
			add(s.From, b.gradeShown(s.Grade))
		}
		add()
	}
	title("Exam")
	for _, line := range b.facts() {
		add(line[0], line[1])
	}
	add()
	title("How marks count")
	for _, line := range markRules(b.Exam) {
		add(line)
	}
	add()
	title("question|kind|credits|rule|correct options|void")
	for _, p := range b.Exam.Problems {
		for i := range p.Questions {
			q := &p.Questions[i]
			add(q.ID, string(q.Kind), q.Credits, ruleText(q), keyText(q), voidText(q))
		}
	}
	return t
}

// keyRows are the first and the last row of the grading key on the sheet conventions.
func (b *book) keyRows() (from, to int) { return 3, 2 + len(b.Exam.Grades.Steps()) }

// titled is a row of bold cells.
func (b *book) titled(texts string) []any {
	var row []any
	for text := range strings.SplitSeq(texts, "|") {
		row = append(row, excelize.Cell{StyleID: b.style.title, Value: text})
	}
	return row
}

// facts tells which exam, which program and how much.
func (b *book) facts() [][2]any {
	facts := [][2]any{{"id", b.Exam.ID}, {"title", b.Exam.Title}, {"credits", b.Exam.Total()},
		{"SHA-256 of exam.yaml", b.ExamHash}, {"program", b.Program}, {"scans read (UTC)", timeText(b.Read)},
		{"asked below confidence", b.Threshold}, {"booklets here", len(b.sheets)}, {"booklets in all", len(b.Batch.Sheets)}}
	open := b.Open()
	for _, status := range []string{mark.StatusReview, mark.StatusIncomplete} {
		facts = append(facts, [2]any{"with status " + status, open[status]})
	}
	return facts
}

// markRules are the rules of marking as the paper has them.
func markRules(e *exam.Exam) []string {
	rules := []string{"A cross selects an option.", "A complete fill undoes it.", "A sign beside a filled box selects it again."}
	if e.Conventions.AnyMark() {
		rules = []string{"Every deliberate mark selects an option, and nothing undoes it."}
	}
	if inks := e.Conventions.CorrectorInks(); len(inks) > 0 {
		rules = append(rules, "Correctors' inks, which students must not use: "+strings.Join(inks, ", ")+".")
	}
	return append(rules, "A credit column counts the one cell that is crossed; a second corrector's column wins.")
}

// ruleText says how a question earns its credits.
func ruleText(q *exam.Question) string {
	switch {
	case q.Kind == exam.Credit && len(q.Correctors()) > 1:
		return "two correctors"
	case q.Kind == exam.Credit:
		return "one corrector"
	}
	text := string(q.Rule)
	if q.Rule == exam.PerOption {
		text = fmt.Sprintf("%s, wrong %s, floor %s", text, exam.FormatNumber(q.Wrong), exam.FormatNumber(q.Floor))
	}
	if q.Select == exam.SelectOne {
		text += ", select one"
	}
	return text
}

// keyText lists the correct options.
func keyText(q *exam.Question) string {
	if q.Kind == exam.Credit {
		return ""
	}
	var correct []string
	for _, o := range q.Options {
		switch {
		case o.Correct == nil && !o.Void:
			return "not known"
		case o.Correct != nil && *o.Correct:
			correct = append(correct, o.ID)
		}
	}
	if len(correct) == 0 {
		return "none"
	}
	return strings.Join(correct, " ")
}

// voidText says what no longer counts as printed.
func voidText(q *exam.Question) string {
	switch q.Void {
	case exam.VoidFull:
		return "everybody has all credits"
	case exam.VoidZero:
		return "counts for nobody"
	}
	var void []string
	for _, o := range q.Options {
		if o.Void {
			void = append(void, o.ID)
		}
	}
	if len(void) == 0 {
		return ""
	}
	return "anything is right in " + strings.Join(void, " ")
}
