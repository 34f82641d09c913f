package pipeline

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"scan/internal/exam"
	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/store"
)

// bookRows is a booklet: what was read of it, what was said of it, and what that comes to.
type bookRows struct {
	key      string // of all that it is made of
	bk       *Booklet
	base     []mark.Reading // as read
	exams    []*exam.Exam   // parallel to base: with the boxes where they are on this page
	files    map[int]string // hash of the file by form page
	lost     []mark.Reading // what stands on missing pages, once they are waived
	readCode mark.Reading   // its sticker among the others', without decisions

	reader      []mark.Reading // base graded: all that the reader says; made when first needed
	readerSheet mark.Sheet

	said bookSaid

	sign string         // what mine was made of
	mine []mark.Reading // decisions applied, to be graded
	// untouched tells that mine is base: nothing was decided of it.
	untouched bool
	code      mark.Reading // its sticker among the others'
	shared    bool         // another booklet has the same code: one of the two is somebody else's
	graded    string       // what rows were made of
	rows      []mark.Reading
	sheet     mark.Sheet
}

// bookSaid is what people said of a booklet.
type bookSaid struct {
	stand          map[ledger.Target]ledger.Verdict // of everything
	fields         map[int][]store.Decision         // by index into base
	missing, doubt []store.Decision
	waits          bool // a page in it waits for a person's word
}

// ofBook takes what was said of the booklet as a whole, under any of its pages.
func (b *bookSaid) ofBook(field string, heads []store.Decision) {
	to := &b.doubt
	if field == mark.FieldMissing {
		to = &b.missing
	}
	*to = append(*to, heads...)
	slices.SortFunc(*to, inOrder)
}

func newBookRows(bk *Booklet, l *laid, s *settler) *bookRows {
	b := &bookRows{bk: bk, files: map[int]string{}}
	for n, i := range bk.Pages {
		b.files[n] = l.pages[i].File
	}
	b.base = bookletReadings(bk, l.pages, l.assembly.Placed, s.exam)
	if r := stickerRow(b.base); r != nil {
		if i := bk.Pages[r.Page]; !l.assembly.Placed[i].Blind {
			weighNumber(r, l.pages[i].Sticker, s.roster)
		}
	}
	for i, r := range b.base {
		if s.wider[r.Field] {
			b.base[i].Reason = reasonWider
		}
		b.exams = append(b.exams, s.examOf(r.Copy))
	}
	for _, n := range bk.Missing {
		b.lost = append(b.lost, lostRows(bk, n, s.exam)...)
	}
	return b
}

// examOf returns the exam with the boxes of a copy, the form's for "".
func (s *settler) examOf(copyID string) *exam.Exam {
	if copyID == "" {
		return s.exam
	}
	if s.copies == nil {
		s.copies = map[string]*exam.Exam{}
	}
	if s.copies[copyID] == nil {
		own, ok := s.exam.ForCopy(copyID)
		if !ok {
			own = s.exam
		}
		s.copies[copyID] = own
	}
	return s.copies[copyID]
}

// apply makes the rows to be graded out of what was read and decided.
func (b *bookRows) apply(s *settler) {
	astray := b.astray()
	sign := b.signature(astray)
	if b.mine != nil && sign == b.sign {
		return
	}
	b.sign, b.mine = sign, b.base
	b.untouched = len(b.said.fields)+len(astray) == 0 && !b.waived()
	if b.untouched {
		return
	}
	b.readAll(s)
	b.mine = slices.Clone(b.base)
	for i, heads := range b.said.fields {
		rule(&b.mine[i], b.reader[i], heads, b.exams[i], s.roster)
	}
	b.applyAstray(astray, s)
	slices.SortStableFunc(b.mine, func(x, y mark.Reading) int { return x.Page - y.Page })
}

// setReadCode tells what the reader's sticker is among the others'. A booklet may serve in several
// layouts of the batch.
func (b *bookRows) setReadCode(code mark.Reading) {
	if !sameCode(b.readCode, code) {
		b.readCode, b.reader, b.rows, b.mine = code, nil, nil, nil
	}
}

// readAll grades what was read, without decisions.
func (b *bookRows) readAll(s *settler) {
	if b.reader == nil {
		b.reader, b.readerSheet = mark.Grade(s.exam, withCode(b.base, b.readCode), s.policy)
	}
}

// grade grades the booklet if anything changed.
func (b *bookRows) grade(s *settler) {
	code := fmt.Sprint(b.code.Value, b.code.Confidence, b.code.Reason, b.shared)
	if b.rows != nil && b.graded == b.sign+code {
		return
	}
	b.graded = b.sign + code
	if b.untouched && sameCode(b.code, b.readCode) {
		b.readAll(s)
		b.rows, b.sheet = b.reader, b.readerSheet
	} else {
		b.rows, b.sheet = mark.Grade(s.exam, withCode(b.mine, b.code), s.policy)
	}
	b.finish(s)
}

func sameCode(x, y mark.Reading) bool {
	return x.Value == y.Value && x.Confidence == y.Confidence && x.Reason == y.Reason
}

// withCode puts the sticker, looked at among the others', in its place.
func withCode(rows []mark.Reading, code mark.Reading) []mark.Reading {
	if stickerRow(rows) == nil {
		return rows
	}
	rows = slices.Clone(rows)
	*stickerRow(rows) = code
	return rows
}

// finish completes the sheet.
func (b *bookRows) finish(s *settler) {
	b.sheet.Booklet = b.bk.ID
	identify(&b.sheet, b.bk, b.doubt() != "" || b.said.waits || b.shared, b.rows, s.exam, s.roster)
	switch {
	case len(b.bk.Missing) > 0 && !b.waived():
		b.sheet.Status = mark.StatusIncomplete
	case (b.doubt() != "" || b.said.waits || b.shared) && b.sheet.Status == mark.StatusFinal:
		b.sheet.Status = mark.StatusReview
	}
}

// signature names all that mine and the sheet are made of.
func (b *bookRows) signature(astray map[int][]store.Decision) string {
	var s strings.Builder
	fmt.Fprint(&s, b.waived(), ids(b.said.missing), b.doubt() == "", b.said.waits)
	for _, of := range []map[int][]store.Decision{b.said.fields, astray} {
		for _, i := range slices.Sorted(maps.Keys(of)) {
			fmt.Fprint(&s, " ", i, ids(of[i]))
		}
		s.WriteByte(';')
	}
	return s.String()
}

// doubt is why its pages may not be one student's, "" also where a person accepted it.
func (b *bookRows) doubt() string {
	if slices.ContainsFunc(b.said.doubt, func(d store.Decision) bool {
		return d.Value == mark.BookletOK && (d.Place == "" || d.Place == placeOfDoubt(b.bk.Doubt, b.bk.Images))
	}) {
		return ""
	}
	return b.bk.Doubt
}

// booklet is its row of the batch.
func (b *bookRows) booklet() mark.Booklet {
	return mark.Booklet{ID: b.bk.ID, Copy: b.bk.Copy, Anchor: b.bk.Anchor, Missing: b.bk.Missing,
		Waived: b.waived(), Reason: b.bk.Reason, Doubt: b.doubt(), Images: b.bk.Images}
}

func (b *bookRows) notes() (notes []Note) {
	if len(b.bk.Missing) > 0 && !b.waived() {
		notes = append(notes, Note{Word: reasonMissesPages, About: b.bk.ID, Text: pageRanges(b.bk.Missing)})
	}
	for _, word := range []string{b.bk.Reason, b.doubt()} {
		if word != "" {
			notes = append(notes, Note{Word: word, About: b.bk.ID})
		}
	}
	return notes
}
