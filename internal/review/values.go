package review

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/mark"
)

// notAllowed says that a value cannot be decided, and what can.
type notAllowed struct{ value, allowed string }

func (e *notAllowed) Error() string {
	return fmt.Sprintf("%q is not possible here: %s", e.value, e.allowed)
}

// canonical checks what a reviewer says of a thing and returns it as the ledger has it: numbers
// as readings.csv writes them, booklets by their anchor.
func (v *view) canonical(t *thing, value string) (string, error) {
	value = strings.TrimSpace(value)
	switch t.of {
	case kindBox:
		return oneOf(value, boxValues(v.exam))
	case kindCredit:
		return v.credit(t, value)
	case kindScore:
		return v.score(t, value)
	case kindSticker:
		return v.sticker(t, value)
	case kindPage:
		return v.pageValue(value)
	case kindMissing:
		return oneOf(value, []string{mark.MissingWaived})
	}
	return oneOf(value, []string{mark.BookletOK})
}

func oneOf(value string, allowed []string) (string, error) {
	if slices.Contains(allowed, value) {
		return value, nil
	}
	return "", &notAllowed{value, "it must be " + strings.Join(allowed, ", ")}
}

// boxValues are the states of a choice box under the paper's conventions.
func boxValues(e *exam.Exam) []string {
	if e.Conventions.AnyMark() {
		return []string{"crossed", "empty"}
	}
	return []string{"crossed", "empty", "filled", "remarked"}
}

// mayBeEmpty reports whether nothing need be written in a field: a second corrector's, and a
// score that only repeats a sum.
func (v *view) mayBeEmpty(field string) bool {
	p := v.parts[field]
	return p.corrector == 2 || p.score != nil && p.problem != nil && len(p.problem.Questions) > 0
}

func (v *view) credit(t *thing, value string) (string, error) {
	p := v.parts[t.reading.Field]
	if p.question == nil {
		return "", &notAllowed{value, "the exam has no such column any more"}
	}
	if value == mark.ValueNone && v.mayBeEmpty(t.reading.Field) {
		return value, nil
	}
	var cells []string
	x, err := number(value)
	for _, c := range p.question.Column(p.corrector) {
		if err == nil && math.Abs(c.Credits-x) < creditSlack {
			return credits(c.Credits), nil
		}
		cells = append(cells, credits(c.Credits))
	}
	return "", &notAllowed{value, "the column has " + strings.Join(cells, ", ") + v.orNone(t.reading.Field)}
}

func (v *view) score(t *thing, value string) (string, error) {
	p := v.parts[t.reading.Field]
	if p.score == nil {
		return "", &notAllowed{value, "the exam has no such field any more"}
	}
	if value == mark.ValueNone && v.mayBeEmpty(t.reading.Field) {
		return value, nil
	}
	x, err := number(value)
	steps := math.Round(x / p.score.Step)
	if err != nil || x < 0 || x > p.score.Max+creditSlack || math.Abs(steps*p.score.Step-x) > creditSlack {
		return "", &notAllowed{value, fmt.Sprintf("it must be a number from 0 to %s in steps of %s%s",
			credits(p.score.Max), credits(p.score.Step), v.orNone(t.reading.Field))}
	}
	return credits(steps * p.score.Step), nil
}

func (v *view) orNone(field string) string {
	if v.mayBeEmpty(field) {
		return ", or " + mark.ValueNone
	}
	return ""
}

// creditSlack is less than any step of credits.
const creditSlack = 1e-6

// number reads credits with a point or a comma.
func number(s string) (float64, error) {
	x, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
		return 0, strconv.ErrRange
	}
	return x, err
}

// credits writes credits as readings.csv does.
func credits(x float64) string {
	return strconv.FormatFloat(math.Round(x*1e6)/1e6, 'f', -1, 64)
}

// sticker takes a code of the roster, or what the sticker itself says: a student may be missing
// in the roster, but a typing mistake must not make one.
func (v *view) sticker(t *thing, value string) (string, error) {
	said := readerOf(t.reading).Value
	switch {
	case value == "" || len(value) > 100:
		return "", &notAllowed{value, "it must be a student's code"}
	case v.roster == nil || value == said || value == t.reading.Printed:
		return value, nil
	}
	if _, ok := v.roster.ByCode(value); ok {
		return value, nil
	}
	return "", &notAllowed{value, "no student of the roster has this code; add the student to the roster and read again, or choose another"}
}

// readerOf is what the reader said of a field, whoever decided it since.
func readerOf(r *mark.Reading) mark.ReaderValue {
	if r.Read != nil {
		return *r.Read
	}
	return mark.ReaderValue{Value: r.Value, Confidence: r.Confidence, Reason: r.Reason, Review: r.Review}
}

const pageGrammar = "write assign BOOKLET PAGE TURN, drop REASON, use or keep"

// pageValue checks what is said of a page; booklets may be named by id or anchor.
func (v *view) pageValue(value string) (string, error) {
	words := strings.Fields(value)
	switch {
	case len(words) == 1 && (words[0] == mark.PageUse || words[0] == mark.PageKeep):
		return words[0], nil
	case len(words) == 2 && words[0] == mark.PageDrop:
		reason, err := oneOf(words[1], mark.DropWords)
		return mark.PageDrop + " " + reason, err
	case len(words) == 4 && words[0] == mark.PageAssign:
		return v.assignment(words[1], words[2], words[3])
	}
	return "", &notAllowed{value, pageGrammar}
}

// newBooklet is the anchor that makes a booklet of its own.
const newBooklet = "new"

func (v *view) assignment(booklet, page, turn string) (string, error) {
	anchor := v.anchor(booklet)
	if anchor == "" {
		return "", &notAllowed{booklet, "there is no such booklet; it must be the id or the anchor of one, or " + newBooklet}
	}
	if n, err := strconv.Atoi(page); err != nil || n < 1 || n > v.exam.Pages {
		return "", &notAllowed{page, fmt.Sprintf("the form has pages 1 to %d", v.exam.Pages)}
	}
	if _, err := oneOf(turn, []string{"0", "90", "180", "270"}); err != nil {
		return "", err
	}
	return strings.Join([]string{mark.PageAssign, anchor, page, turn}, " "), nil
}

// anchor finds a booklet by its id or anchor, "" if there is none.
func (v *view) anchor(booklet string) string {
	if booklet == newBooklet {
		return booklet
	}
	if b := v.booklets[booklet]; b != nil {
		return b.Anchor
	}
	for _, b := range v.batch.Booklets {
		if b.Anchor == booklet {
			return b.Anchor
		}
	}
	return ""
}
