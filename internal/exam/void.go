package exam

import "fmt"

// Void says that a question no longer counts as printed: after the exam it turned out to be
// wrong, or nobody could answer it.
type Void string

// What becomes of a void question.
const (
	VoidFull Void = "full" // everybody gets all its credits, whatever was read, also where its page is lost
	VoidZero Void = "zero" // nobody gets any, and the exam's total is less by its credits
)

// Worth returns the credits the question can earn now: none where it is void and counts for
// nobody. Credits stays what is printed.
func (q *Question) Worth() float64 {
	if q.Void == VoidZero {
		return 0
	}
	return q.Credits
}

// Counts reports whether the value of one of the question's fields can change a score; it
// cannot where the question is void, or the option that the field is of.
func (q *Question) Counts(field string) bool {
	if q.Void != "" {
		return false
	}
	for _, o := range q.Options {
		if o.Void && OptionField(q.ID, o.ID) == field {
			return false
		}
	}
	return true
}

// void reads how a question is void, if it is.
func (o object) void() Void {
	if _, ok := o.get("void"); !ok {
		return ""
	}
	return Void(o.word("void", "", string(VoidFull), string(VoidZero)))
}

// voidLines is what voids add to the scoring hash: nothing where there are none.
func (q *Question) voidLines() (lines []string) {
	if q.Void != "" {
		lines = append(lines, fmt.Sprintf("question %q void %s", q.ID, q.Void))
	}
	for _, o := range q.Options {
		if o.Void {
			lines = append(lines, fmt.Sprintf("option %q void", OptionField(q.ID, o.ID)))
		}
	}
	return lines
}
