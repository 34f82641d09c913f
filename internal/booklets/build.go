package booklets

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/geom"
	"scan/internal/mark"
)

// statusOK is the status of the pages that count: all others are copies of them, or not the student's.
const statusOK = "ok"

// Build makes the booklet that a batch holds under an id. scan tells where the image of a page is. An
// error of scan ends it.
func Build(e *exam.Exam, batch mark.Batch, id string, scan func(mark.Page) (Scan, error)) (Booklet, error) {
	i := slices.IndexFunc(batch.Sheets, func(s mark.Sheet) bool { return s.Booklet == id })
	if i < 0 {
		return Booklet{}, fmt.Errorf("the batch has no booklet %s", id)
	}
	readings := of(batch, id)
	b := builder{exam: e, byField: map[string]mark.Reading{}, lines: map[string]mark.Line{}}
	for _, r := range readings {
		b.byField[r.Field] = r
	}
	for _, l := range mark.Account(e, readings) {
		b.lines[l.Step+" "+l.ID] = l
	}
	out := b.cover(batch, batch.Sheets[i])
	for _, p := range pagesOf(batch, id) {
		s, err := scan(p)
		if err != nil {
			return Booklet{}, err
		}
		out.Pages = append(out.Pages, b.page(p, s))
	}
	return out, nil
}

// of returns the readings of a booklet, which lie together.
func of(batch mark.Batch, id string) (out []mark.Reading) {
	for _, r := range batch.Readings {
		if r.Booklet == id {
			out = append(out, r)
		}
	}
	return out
}

// pagesOf returns the pages of a booklet that count, in the order of the form.
func pagesOf(batch mark.Batch, id string) (out []mark.Page) {
	for _, p := range batch.Pages {
		if p.Booklet == id && p.Status == statusOK && p.Page > 0 {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b mark.Page) int { return cmp.Compare(a.Page, b.Page) })
	return out
}

type builder struct {
	exam    *exam.Exam
	byField map[string]mark.Reading
	lines   map[string]mark.Line // of the account, by step and id
}

// cover is what stands on the cover: the sums as the sheet has them.
func (b *builder) cover(batch mark.Batch, s mark.Sheet) Booklet {
	out := Booklet{ID: s.Booklet, Code: s.Code, Exam: b.exam.Title, Total: s.Total, Worth: b.exam.Total()}
	for _, p := range b.exam.Problems {
		out.Rows = append(out.Rows, Row{p.ID, p.Title, s.Problems[p.ID], b.exam.Worth(p.ID)})
	}
	if s.Total != nil && s.Status == mark.StatusFinal {
		out.Grade, _ = b.exam.Grade(*s.Total)
	}
	switch s.Status {
	case mark.StatusReview:
		out.Notes = append(out.Notes, "Not final: something in it waits for a person.")
	case mark.StatusIncomplete:
		out.Notes = append(out.Notes, "Not final: pages are missing.")
	}
	for _, bk := range batch.Booklets {
		if bk.ID == s.Booklet && len(bk.Missing) > 0 {
			word := "Missing pages: "
			if bk.Waived {
				word = "Missing pages, which earn nothing: "
			}
			out.Notes = append(out.Notes, word+list(bk.Missing))
		}
	}
	if other := b.otherSums(s); len(other) > 0 {
		out.Notes = append(out.Notes, "Written, but not counted: "+strings.Join(other, ", "))
	}
	return out
}

// otherSums names the problems under which a number is written that is not what the problem's questions
// come to, with the number: the last corrector's who wrote one.
func (b *builder) otherSums(s mark.Sheet) (other []string) {
	for _, p := range b.exam.Problems {
		last, by := "", 0
		for _, score := range b.exam.Scores {
			v := b.byField[score.ID].Value
			if _, err := strconv.ParseFloat(v, 64); err == nil && score.Problem == p.ID && score.Corrector >= by {
				last, by = v, score.Corrector
			}
		}
		credits := s.Problems[p.ID]
		if len(p.Questions) > 0 && credits != nil && last != "" && last != number(*credits) {
			other = append(other, fmt.Sprintf("%s for problem %s", last, p.ID))
		}
	}
	return other
}

// list writes page numbers: "3, 7".
func list(pages []int) string {
	words := make([]string, len(pages))
	for i, n := range pages {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// page is one page with its marks.
func (b *builder) page(p mark.Page, s Scan) Page {
	out := Page{FormPage: p.Page, WidthMM: p.WidthMM, HeightMM: p.HeightMM, Scan: s}
	e := b.exam
	if own, ok := e.ForCopy(p.Copy); ok && p.Copy != "" {
		e = own
	}
	if !p.Registered {
		out.Notes = append(out.Notes, fmt.Sprintf("Page %d, put here by hand", p.Page))
	} else {
		out.Marks = b.fieldMarks(e, p)
	}
	for i := range e.Problems {
		for j := range e.Problems[i].Questions {
			q := &e.Problems[i].Questions[j]
			switch {
			case q.Page != p.Page:
			case !placed(e, q, p):
				out.Notes = append(out.Notes, q.ID+": "+b.credits(q))
			case q.Kind == exam.Choice:
				out.Marks = append(out.Marks, b.choice(q)...)
			default:
				out.Marks = append(out.Marks, b.credit(q)...)
			}
		}
	}
	alignResults(out.Marks)
	return out
}

// placed reports whether it is known where the boxes of a question are on a page: not on one that was
// put there by hand, nor where they depend on a copy that is not known.
func placed(e *exam.Exam, q *exam.Question, p mark.Page) bool {
	if !p.Registered {
		return false
	}
	c, known := e.Copy(p.Copy)
	if known {
		return !c.Open(q.ID)
	}
	return !e.CopyDependent(q.ID)
}

// fieldMarks are the marks of the sticker and of handwritten numbers.
func (b *builder) fieldMarks(e *exam.Exam, p mark.Page) (marks []Mark) {
	if e.Sticker != nil && e.Sticker.Page == p.Page {
		marks = append(marks, b.plain(exam.StickerField, e.Sticker.Box, Below))
	}
	for _, s := range e.Scores {
		if s.Page == p.Page {
			marks = append(marks, b.plain(s.ID, s.Box, Within))
		}
	}
	return marks
}

// alignResults writes the credits of choice questions below each other.
func alignResults(marks []Mark) {
	gap := 0.0
	aligned := func(m Mark) bool { return m.Look == Result && m.Side == LeftOf }
	for _, m := range marks {
		if aligned(m) {
			gap = max(gap, m.Gap)
		}
	}
	for i, m := range marks {
		if aligned(m) {
			marks[i].Gap = gap
		}
	}
}

// plain is the mark of a sticker or a handwritten number.
func (b *builder) plain(field string, box geom.Box, side Side) Mark {
	r, there := b.byField[field]
	m := Mark{Box: box, Side: side, Look: Plain, Text: r.Value, Frame: true, Decided: decided(r)}
	switch {
	case !there || r.Review || r.Value == "" && r.Reason != mark.ReasonEmpty:
		m.Look = Open
		m.Text += "?"
	case r.Value == mark.ValueNone || r.Value == "":
		m.Text = "empty"
	}
	return m
}

// words are what the values of choice boxes are called.
var words = map[string]string{"crossed": "crossed", "empty": "empty", "filled": "undone", "remarked": "re-marked"}

// signGap is how much is left free beside a filled box, in mm: the sign that selects it again stands there.
const signGap = 6.5

func (b *builder) choice(q *exam.Question) (marks []Mark) {
	all := Mark{Look: Result, Text: b.credits(q), Side: LeftOf}
	for i, o := range q.Options {
		field := exam.OptionField(q.ID, o.ID)
		m := b.option(field, o)
		all.Gap = max(all.Gap, m.Gap+1.5+width(markSize, m.runs()...))
		if all.Box = all.Box.Union(o.Box); i == 0 {
			all.Box = o.Box
		}
		marks = append(marks, m)
	}
	return append(marks, all)
}

func (b *builder) option(field string, o exam.Option) Mark {
	r := b.byField[field]
	m := Mark{Box: o.Box, Side: LeftOf, Text: words[r.Value], Decided: decided(r), Frame: true}
	if r.Value == "filled" || r.Value == "remarked" {
		m.Gap = signGap
	}
	switch b.lines[mark.StepField+" "+field].Verdict {
	case mark.VerdictRight:
		m.Look = Right
	case mark.VerdictWrong:
		m.Look = Wrong
	case mark.VerdictVoid:
		m.Look = Void
		m.Text = strings.TrimPrefix(m.Text+", void", ", ")
	}
	if m.Look != Void && (r.Review || r.Value == "") {
		m.Look = Open
		m.Text += "?"
	}
	return m
}

// credit marks the cell that was crossed in each column, and the question above its columns.
func (b *builder) credit(q *exam.Question) (marks []Mark) {
	all := Mark{Look: Result, Text: b.credits(q), Side: Above}
	correctors := q.Correctors()
	for i, c := range q.Boxes {
		if all.Box = all.Box.Union(c.Box); i == 0 {
			all.Box = c.Box
		}
	}
	for _, n := range correctors {
		m := b.column(q, n)
		if len(correctors) == 1 && m.Look != Open && !m.Decided {
			m.Text = "" // the question says it
		}
		if m.Text != "" || m.Decided {
			all.Gap = markSize + 0.6
		}
		marks = append(marks, m)
		if cell, ok := chosen(q, n, b.byField[exam.CreditField(q.ID, n)].Value); ok {
			marks = append(marks, Mark{Box: cell, Look: m.Look, Frame: true, Decided: false, Side: Above})
		}
	}
	return append(marks, all)
}

// column is the mark above a corrector's column.
func (b *builder) column(q *exam.Question, corrector int) Mark {
	field := exam.CreditField(q.ID, corrector)
	r := b.byField[field]
	m := Mark{Side: Above, Look: Plain, Text: r.Value, Decided: decided(r)}
	first := true
	for _, c := range q.Boxes {
		if c.Corrector == corrector {
			if m.Box = m.Box.Union(c.Box); first {
				m.Box = c.Box
			}
			first = false
		}
	}
	switch b.lines[mark.StepField+" "+field].Verdict {
	case mark.VerdictVoid:
		m.Look = Void
	case mark.VerdictEmpty:
		m.Text = ""
	case mark.VerdictMissing, mark.VerdictUnread:
		m.Look, m.Text = Open, "?"
	}
	if r.Review {
		m.Look, m.Frame = Open, true
		if r.Value != "" {
			m.Text = r.Value + "?"
		}
	}
	return m
}

// chosen is the cell of a column that gives a value.
func chosen(q *exam.Question, corrector int, value string) (geom.Box, bool) {
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return geom.Box{}, false
	}
	for _, c := range q.Boxes {
		if c.Corrector == corrector && c.Credits == v {
			return c.Box, true
		}
	}
	return geom.Box{}, false
}

// credits are what a question earned: "2.5 / 3".
func (b *builder) credits(q *exam.Question) string {
	l := b.lines[mark.StepQuestion+" "+q.ID]
	s := share(l.Credits, l.Worth)
	if q.Void != "" {
		s += " void"
	}
	return s
}

func decided(r mark.Reading) bool { return r.Reason == mark.ReasonDecided }
