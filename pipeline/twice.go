package pipeline

import (
	"slices"

	"scan/detect"
	"scan/internal/exam"
)

// Two scans of a page
//
// A page seen twice in a booklet is a second scan of it, or a page that strayed from
// another booklet. The values tell: where both scans are sure and differ, they are not
// of one page, or one is wrong. A scan that is unsure of a field contradicts nobody.

// value is what stands in a field, in the words of readings.csv.
type value struct {
	text string
	sure bool // the reader gave no reason for doubt
	says bool // it tells students apart: an empty box does not
}

// values lists what stands in the page's fields.
func (r PageResult) values(e *exam.Exam) map[string]value {
	m := map[string]value{}
	for _, row := range pageReadings(r, e) {
		m[row.Field] = value{text: row.Value, sure: row.Reason == "",
			says: row.Value != "" && row.Value != string(detect.Empty)}
	}
	return m
}

// differs lists the fields, sorted, of which both scans are sure and say different
// things, and counts those on which they agree and that tell students apart.
func (r PageResult) differs(o PageResult, e *exam.Exam) (fields []string, agree int) {
	theirs := o.values(e)
	for f, mine := range r.values(e) {
		their := theirs[f]
		switch {
		case !mine.sure || !their.sure:
		case mine.text != their.text:
			fields = append(fields, f)
		case mine.says:
			agree++
		}
	}
	slices.Sort(fields)
	return fields, agree
}

// tellingAgreement is how many telling fields must agree for a stray page to be known
// as another booklet's. Two students share five marks and contradict each other in
// none only where the marks are the right answers; then the one for the other changes
// nothing.
const tellingAgreement = 5

// sendStraysHome finds the booklet of pages that contradict the one they lie in: a
// second scan may lie anywhere in the stack. Where exactly one other booklet's page says
// the same, it is a scan of that.
func (a *assembler) sendStraysHome() {
	for i := range a.placed {
		p := &a.placed[i]
		if p.Reason != reasonDuplicates {
			continue
		}
		var home []*Booklet
		for _, b := range a.booklets {
			if j, has := b.Pages[p.Page]; has && b.ID != p.Booklet {
				if fields, agree := a.pages[j].differs(a.pages[i].PageResult, a.exam); len(fields) == 0 && agree >= tellingAgreement {
					home = append(home, b)
				}
			}
		}
		if len(home) == 1 {
			a.acquit(p.Booklet, i)
			p.Booklet, p.Status, p.Reason = home[0].ID, StatusDuplicate, reasonTwice
		}
	}
}

// acquit takes back what page i said against the page of a booklet.
func (a *assembler) acquit(booklet string, i int) {
	for _, b := range a.booklets {
		if b.ID != booklet {
			continue
		}
		first := b.Pages[a.placed[i].Page]
		fields, _ := a.pages[first].differs(a.pages[i].PageResult, a.exam)
		for _, f := range fields {
			delete(a.placed[first].Differ, f)
		}
	}
}
