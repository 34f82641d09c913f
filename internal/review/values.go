package review

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/mark"
)

// canonical checks what a reviewer says of a thing and returns it as the ledger has it: numbers
// as readings.csv writes them, booklets by their anchor. The error tells what may be said.
func (v *view) canonical(t *thing, value string) (string, error) {
	value = strings.TrimSpace(value)
	var err error
	switch {
	case t.reading != nil:
		value, err = mark.Accept(v.exam, v.roster, t.reading.Field, value)
	case t.page != nil:
		value, err = v.pageValue(t.page, value)
	case t.of == kindMissing:
		value, err = oneOf(value, mark.MissingWaived)
	default:
		value, err = oneOf(value, mark.BookletOK)
	}
	if err != nil {
		return "", problem{http.StatusUnprocessableEntity, err}
	}
	return value, nil
}

func oneOf(value string, allowed ...string) (string, error) {
	if slices.Contains(allowed, value) {
		return value, nil
	}
	return "", fmt.Errorf("%q is not possible here: it is %s", value, strings.Join(allowed, ", "))
}

// boxValues are the states of a choice box under the paper's conventions.
func boxValues(e *exam.Exam) []string {
	if e.Conventions.AnyMark() {
		return []string{"crossed", "empty"}
	}
	return []string{"crossed", "empty", "filled", "remarked"}
}

// mayBeEmpty reports whether a person may say that nothing need be written in a field.
func (v *view) mayBeEmpty(field string) bool {
	_, err := mark.Accept(v.exam, v.roster, field, mark.ValueNone)
	return err == nil
}

// number reads credits as readings.csv writes them.
func number(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

// credits writes credits as readings.csv does.
func credits(x float64) string {
	return strconv.FormatFloat(math.Round(x*1e6)/1e6, 'f', -1, 64)
}

// pageValue checks what is said of a page; booklets may be named by id or anchor.
func (v *view) pageValue(p *mark.Page, value string) (string, error) {
	words := strings.Fields(value)
	switch {
	case len(words) == 1 && words[0] == mark.PageKeep && mayKeep(p), len(words) == 1 && words[0] == mark.PageUse && mayUse(p):
		return words[0], nil
	case len(words) == 2 && words[0] == mark.PageDrop:
		reason, err := oneOf(words[1], mark.DropWords...)
		return mark.PageDrop + " " + reason, err
	case len(words) == 4 && words[0] == mark.PageAssign:
		return v.assignment(words[1], words[2], words[3])
	}
	may := []string{"assign BOOKLET PAGE TURN", "drop " + strings.Join(mark.DropWords, "|")}
	if mayKeep(p) {
		may = append(may, mark.PageKeep)
	}
	if mayUse(p) {
		may = append(may, mark.PageUse)
	}
	return "", fmt.Errorf("%q is nothing that can be said of this page: it is %s", value, strings.Join(may, ", "))
}

// mayKeep reports whether a page lies in a booklet, so that it can stay there.
func mayKeep(p *mark.Page) bool {
	return p.Booklet != "" && !slices.Contains([]string{"foreign", "refused", "unreadable"}, p.Status)
}

// secondScans are the reasons of pages that another scan may stand behind.
var secondScans = []string{"duplicates-differ", "scanned-twice", "by-hand", reasonDiffer}

// mayUse reports whether a page is one of two scans, so that it can be the one that counts.
func mayUse(p *mark.Page) bool {
	return mayKeep(p) && p.Page > 0 && slices.Contains(secondScans, p.Reason)
}

// newBooklet is the anchor that makes a booklet of its own, copyAnchor the beginning of a copy's.
const (
	newBooklet = "new"
	copyAnchor = "copy:"
)

func (v *view) assignment(booklet, page, turn string) (string, error) {
	anchor := v.anchor(booklet)
	if anchor == "" {
		return "", fmt.Errorf("there is no booklet %q: it is the id or the anchor of one, or %s", booklet, newBooklet)
	}
	if n, err := strconv.Atoi(page); err != nil || n < 1 || n > v.exam.Pages {
		return "", fmt.Errorf("there is no form page %q: the form has pages 1 to %d", page, v.exam.Pages)
	}
	if _, err := oneOf(turn, "0", "90", "180", "270"); err != nil {
		return "", err
	}
	return strings.Join([]string{mark.PageAssign, anchor, page, turn}, " "), nil
}

// anchor finds a booklet by its id or anchor, "" if there is none. A copy has an anchor also
// before any of its pages was found.
func (v *view) anchor(booklet string) string {
	if name, ok := strings.CutPrefix(booklet, copyAnchor); booklet == newBooklet || ok && name != "" {
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
