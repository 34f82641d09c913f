package review

import (
	"slices"
	"strings"
	"time"

	"scan/internal/mark"
)

// item is a thing as the page gets it.
type item struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Of       string `json:"of"`
	Open     bool   `json:"open"`
	Field    string `json:"field"`
	Booklet  string `json:"booklet"`
	Problem  string `json:"problem"`
	Question string `json:"question"`
	Title    string `json:"question_title"` // of the problem

	Source     string `json:"source"`
	SourcePage int    `json:"source_page"`
	Page       int    `json:"page"`     // of the form; where the page is not placed, the one it resembles
	Rotation   int    `json:"rotation"` // clockwise degrees that the pictures are turned by already
	Status     string `json:"status,omitempty"`
	Detail     string `json:"detail,omitempty"`

	Reason     string   `json:"reason"`
	Value      string   `json:"value"` // what stands
	Guess      string   `json:"guess"` // what the reader said, "" if nothing
	Confidence *float64 `json:"confidence"`

	Choices    []choice    `json:"choices"`
	Number     *span       `json:"number"`
	Candidates []candidate `json:"candidates"`
	Group      string      `json:"group"`

	Place   string    `json:"place"` // of a field: where it is on its page; goes back with the answer, as does Seen
	Seen    []string  `json:"seen"`
	History []event   `json:"history"`
	Others  []other   `json:"others"`
	Sum     *sum      `json:"sum"`
	Pages   *pageHelp `json:"pages"`

	Pictures map[string]*picture `json:"pictures"`
}

// candidate is a value that a score may have, and its probability.
type candidate struct {
	Value string  `json:"value"`
	P     float64 `json:"p"`
}

// event is a decision that was made before.
type event struct {
	Who    string `json:"who"`
	At     string `json:"at"` // RFC 3339
	Value  string `json:"value"`
	Mode   string `json:"mode"`
	Action string `json:"action"`
	Stands bool   `json:"stands"`
}

// item returns a thing as the page gets it.
func (v *view) item(t *thing) item {
	it := item{ID: t.id, Kind: t.kind, Of: t.of, Open: t.open, Field: t.target.Field,
		Candidates: []candidate{}, Seen: []string{}, History: []event{}, Others: []other{}}
	if t.home != nil {
		it.Booklet = t.home.ID
	}
	it.Source, it.SourcePage = t.source()
	switch {
	case t.reading != nil:
		it.Place = v.placeText(t)
		v.describeField(&it, t)
	case t.page != nil:
		v.describePage(&it, t)
	default:
		it.Reason = t.booklet.Doubt
		if t.kind == kindMissing {
			it.Reason = "misses:" + pageList(t.booklet.Missing)
		}
		it.Pages = v.pageHelp(t)
	}
	it.Choices, it.Number, it.Pictures = v.choices(t), v.span(t), v.pictures(t)
	for i, c := range it.Choices {
		it.Choices[i].Guess = it.Guess != "" && c.Value == it.Guess
	}
	stand := v.standing(t)
	for _, d := range stand {
		it.Seen = append(it.Seen, d.ID)
	}
	for _, d := range v.past(t) {
		it.History = append(it.History, event{d.Who, d.At.Format(time.RFC3339Nano), d.Value, d.Mode, d.Action,
			slices.Contains(it.Seen, d.ID)})
	}
	it.Group = v.group(t)
	return it
}

// describeField fills in what is known of a field. Of a spot check the reader's word is kept back,
// and what others say of the same: who has seen it looks less closely.
func (v *view) describeField(it *item, t *thing) {
	r, p := t.reading, v.parts[t.reading.Field]
	it.Page, it.Reason = r.Page, r.Reason
	if p.problem != nil {
		it.Problem, it.Title = p.problem.ID, p.problem.Title
	}
	if p.question != nil {
		it.Question = p.question.ID
	}
	if t.kind == kindSpot {
		it.Reason = ""
		return
	}
	it.Others = v.others(t)
	said := r.AsRead()
	it.Value, it.Guess, it.Confidence = r.Value, said.Value, &said.Confidence
	for _, c := range r.Candidates {
		it.Candidates = append(it.Candidates, candidate{credits(c.Value), c.P})
	}
	it.Sum = v.sum(t)
}

func (v *view) describePage(it *item, t *thing) {
	p := t.page
	it.Page, it.Rotation, it.Status, it.Reason, it.Detail = p.Page, p.Rotation, p.Status, p.Reason, p.Detail
	if it.Page == 0 {
		it.Page = p.Guess
	}
	it.Pages = v.pageHelp(t)
	it.Guess = v.guessPlace(t)
}

// other is another field of the same question, as it stands.
type other struct {
	Field  string `json:"field"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
	Item   string `json:"item"`
}

func (v *view) others(t *thing) []other {
	list := []other{}
	for _, field := range v.siblings(t.reading.Field) {
		if o := v.field(t.reading.Booklet, field); o != nil && o != t {
			list = append(list, other{field, o.reading.Value, o.reading.Reason, o.id})
		}
	}
	return list
}

// items lists things as the page gets them.
func (v *view) items(all []*thing) []item {
	list := make([]item, len(all))
	for i, t := range all {
		list[i] = v.item(t)
	}
	return list
}

// group names the open things that are so alike that one look at all of them will do: the same
// kind, guess and reason, and about as sure. "" where each one needs its own answer.
func (v *view) group(t *thing) string {
	if !t.open || (t.kind != kindBox && t.kind != kindCredit && t.kind != kindScore) || t.reading.Value == "" {
		return ""
	}
	return strings.Join([]string{t.kind, t.reading.Value, t.reading.Reason, band(t.reading)}, ":")
}

// band tells roughly how sure the reader was.
func band(r *mark.Reading) string {
	switch {
	case r.Confidence >= 0.9:
		return "sure"
	case r.Confidence >= 0.6:
		return "fair"
	}
	return "weak"
}

// alike lists the open things of a group, in working order.
func (v *view) alike(key string) (list []*thing) {
	for _, t := range v.open {
		if key != "" && v.group(t) == key {
			list = append(list, t)
		}
	}
	return list
}
