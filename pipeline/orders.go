package pipeline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scan/internal/mark"
)

// order is what a person said of a page, out of the value of a decision.
type order struct {
	verb   string // mark.PageAssign, PageDrop, PageUse or PageKeep
	anchor string // of assign: whose booklet, see mark.Booklet.Anchor, or anchorNew
	page   int    // of assign: the form page
	turn   int    // of assign: clockwise degrees that bring the stored image upright
	word   string // of drop: one of mark.DropWords
}

// anchorNew stands for a booklet that is not there yet; anchorCopy goes before a copy's name.
const (
	anchorNew  = "new"
	anchorCopy = "copy:"
)

// parseOrder takes the value of a decision about a page apart. formPages is how many the form has.
func parseOrder(value string, formPages int) (order, error) {
	words := strings.Fields(value)
	if len(words) == 0 {
		return order{}, fmt.Errorf("nothing is said of the page: give %s, %s, %s or %s", mark.PageAssign, mark.PageDrop, mark.PageUse, mark.PageKeep)
	}
	o, rest := order{verb: words[0]}, words[1:]
	switch {
	case (o.verb == mark.PageUse || o.verb == mark.PageKeep) && len(rest) == 0:
		return o, nil
	case o.verb == mark.PageDrop && len(rest) == 1 && slices.Contains(mark.DropWords, rest[0]):
		o.word = rest[0]
		return o, nil
	case o.verb == mark.PageDrop:
		return order{}, fmt.Errorf("%q: a page is dropped with one of %s", value, strings.Join(mark.DropWords, ", "))
	case o.verb == mark.PageAssign && len(rest) == 3:
		return o.assign(value, rest, formPages)
	}
	return order{}, fmt.Errorf("%q is nothing that can be said of a page", value)
}

// assign reads anchor, form page and turn.
func (o order) assign(value string, words []string, formPages int) (order, error) {
	var errPage, errTurn error
	o.anchor = words[0]
	o.page, errPage = strconv.Atoi(words[1])
	o.turn, errTurn = strconv.Atoi(words[2])
	switch {
	case errPage != nil || o.page < 1 || o.page > formPages:
		return order{}, fmt.Errorf("%q: the form has pages 1 to %d, not %s", value, formPages, words[1])
	case errTurn != nil || !slices.Contains([]int{0, 90, 180, 270}, o.turn):
		return order{}, fmt.Errorf("%q: a page is turned by 0, 90, 180 or 270 degrees, not %s", value, words[2])
	case o.anchor == anchorCopy, strings.ContainsAny(o.anchor, `/\`):
		return order{}, fmt.Errorf("%q names no copy", value)
	}
	return o, nil
}
