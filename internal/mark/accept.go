package mark

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
)

// Accept returns what a person says of a field in the words of readings.csv, or an error that tells what
// may be said. roster is nil where there is none.
func Accept(e *exam.Exam, roster *exam.Roster, field, value string) (string, error) {
	value = strings.TrimSpace(value)
	if field == exam.StickerField && e.Sticker != nil {
		return acceptSticker(roster, value)
	}
	for i := range e.Scores {
		if e.Scores[i].ID == field {
			return acceptScore(e, &e.Scores[i], value)
		}
	}
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			q := &e.Problems[i].Questions[j]
			for _, o := range q.Options {
				if exam.OptionField(q.ID, o.ID) == field {
					return acceptBox(field, value)
				}
			}
			for _, c := range q.Correctors() {
				if exam.CreditField(q.ID, c) == field {
					return acceptCredit(q, c, value)
				}
			}
		}
	}
	return "", fmt.Errorf("the exam has no field %s", field)
}

// boxValues are what a choice box may say.
var boxValues = []string{"empty", "crossed", "filled", "remarked"}

func acceptBox(field, value string) (string, error) {
	if !slices.Contains(boxValues, value) {
		return "", fmt.Errorf("%s is one of %s, not %q", field, strings.Join(boxValues, ", "), value)
	}
	return value, nil
}

func acceptCredit(q *exam.Question, corrector int, value string) (string, error) {
	if value == ValueNone && corrector == 2 && len(q.Column(1)) > 0 {
		return value, nil
	}
	x, ok := parseCredits(value)
	var may []string
	for _, b := range q.Column(corrector) {
		if ok && math.Abs(b.Credits-x) < 1e-6 {
			return exam.FormatNumber(b.Credits), nil
		}
		may = append(may, exam.FormatNumber(b.Credits))
	}
	return "", fmt.Errorf("%s has cells for %s credits, not %q", exam.CreditField(q.ID, corrector), strings.Join(may, ", "), value)
}

func acceptScore(e *exam.Exam, s *exam.Score, value string) (string, error) {
	if value == ValueNone && mayBeEmpty(e, s) {
		return value, nil
	}
	x, ok := parseCredits(value)
	steps := x / s.Step
	if !ok || x < 0 || x > s.Max+1e-6 || math.Abs(steps-math.Round(steps)) > 1e-6 {
		return "", fmt.Errorf("%s is a number from 0 to %s in steps of %s, not %q", s.ID, exam.FormatNumber(s.Max), exam.FormatNumber(s.Step), value)
	}
	return exam.FormatNumber(*rounded(&x)), nil
}

// mayBeEmpty reports whether a score only repeats what stands elsewhere: its problem has questions, or
// it is the second corrector's.
func mayBeEmpty(e *exam.Exam, s *exam.Score) bool {
	if p := e.Problem(s.Problem); p != nil && len(p.Questions) > 0 {
		return true
	}
	return s.Corrector == 2 && slices.ContainsFunc(e.Scores, func(o exam.Score) bool {
		return o.Problem == s.Problem && o.Corrector == 1
	})
}

func acceptSticker(roster *exam.Roster, value string) (string, error) {
	if value == "" {
		return "", errors.New("a sticker has a code; take the student from the roster")
	}
	if _, known := roster.ByCode(value); roster != nil && !known {
		return "", fmt.Errorf("no student of the roster has the code %q", value)
	}
	return value, nil
}

// parseCredits takes a point or a comma.
func parseCredits(value string) (float64, bool) {
	x, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}
