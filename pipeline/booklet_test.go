package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/raster"
	"scan/ocr"
)

// sixteen is an exam of 16 pages: a sticker on the cover, a credit question on page 7.
var sixteen = &exam.Exam{Pages: 16, Sticker: &exam.Sticker{Page: 1}, Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{
	{ID: "1.1", Kind: exam.Credit, Page: 7, Boxes: []exam.CreditBox{{Credits: 0, Corrector: 1}, {Credits: 1, Corrector: 1}}},
}}}}

// stack writes a scan down: page numbers and ranges ("1-16", "16-1"), "b" blank, "x"
// refused, "f" foreign, "/" a new file. "7=1" is page 7 with 1 credit, "1=S" a cover
// with sticker S, "7@E1:9" page 7 with a code of copy E1 that says page 9.
func stack(t *testing.T, script string) (pages []Scanned) {
	file, n := 1, 0
	add := func(p PageResult) {
		n++
		pages = append(pages, Scanned{Ref: raster.Ref{Path: fmt.Sprintf("scan%d.pdf", file), Page: n}, PageResult: p})
	}
	for _, word := range strings.Fields(script) {
		switch word {
		case "/":
			file, n = file+1, 0
		case "b":
			add(PageResult{Status: StatusBlank, Reason: "blank"})
		case "x":
			add(PageResult{Status: StatusRefused, Reason: "residual"})
		case "f":
			add(PageResult{Status: StatusForeign, Reason: "no-match"})
		default:
			for _, p := range writtenPages(t, word) {
				add(p)
			}
		}
	}
	return pages
}

func writtenPages(t *testing.T, word string) (pages []PageResult) {
	word, code, coded := strings.Cut(word, "@")
	word, value, _ := strings.Cut(word, "=")
	from, to, ranged := strings.Cut(word, "-")
	a, err := strconv.Atoi(from)
	require.NoError(t, err, word)
	b := a
	if ranged {
		b, err = strconv.Atoi(to)
		require.NoError(t, err, word)
	}
	step := cmp.Compare(b, a)
	for n := a; ; n += step {
		p := PageResult{Status: StatusOK, FormPage: n}
		if n == 1 {
			p.Sticker = &ocr.StickerReading{Value: value, Confidence: 1}
		}
		if n == 7 {
			col := detect.ColumnReading{Corrector: 1, Marked: 0, Confidence: 1}
			if value == "1" {
				col.Marked, col.Credits = 1, 1
			}
			p.Credits = []CreditResult{{Question: "1.1", Columns: []detect.ColumnReading{col}}}
		}
		if coded {
			p.Codes = writtenCodes(t, code, n)
		}
		pages = append(pages, p)
		if n == b {
			return pages
		}
	}
}

// writtenCodes takes "E1", "E1:9" (page 9 instead of the page's own) or "E1+E2" (two
// codes that disagree), each with an exam in front: "other!E1".
func writtenCodes(t *testing.T, script string, page int) (codes []ocr.PageCode) {
	for _, c := range strings.Split(script, "+") {
		ex := "X-1"
		if e, rest, ok := strings.Cut(c, "!"); ok {
			ex, c = e, rest
		}
		copyID, says, given := strings.Cut(c, ":")
		n := page + 2
		if given {
			var err error
			n, err = strconv.Atoi(says)
			require.NoError(t, err)
		}
		codes = append(codes, ocr.PageCode{Exam: ex, Copy: copyID, Page: n})
	}
	return codes
}

// told renders an assembly: each booklet with its pages and what it lacks, then every
// page with something to say as index:booklet:status:reason.
func told(a Assembly) string {
	var parts []string
	for _, b := range a.Booklets {
		s := b.ID + "[" + pageRanges(slices.Sorted(maps.Keys(b.Pages))) + "]"
		if b.Doubt != "" {
			s += "?" + b.Doubt
		}
		parts = append(parts, s)
	}
	for i, p := range a.Placed {
		if p.Status != StatusOK || p.Reason != "" {
			parts = append(parts, fmt.Sprintf("%d:%s:%s:%s", i+1, p.Booklet, p.Status, p.Reason))
		}
	}
	return strings.Join(parts, " ")
}

func all(n int) (pages []int) {
	for i := range n {
		pages = append(pages, i+1)
	}
	return pages
}

func TestAssembleByOrder(t *testing.T) {
	cases := []struct{ name, scan, want string }{
		{"two booklets", "1-16 1-16", "B001[1-16] B002[1-16]"},
		{"over files", "1-9 / 10-16 1-16", "B001[1-16] B002[1-16]"},
		{"nothing", "", ""},
		{"a page lost", "1-6 8-16 1-16", "B001[1-6 8-16] B002[1-16] 1:B001:ok:misses:7"},
		{"a cover lost", "1-16 2-16 1-16", "B001[1-16] B002[2-16] B003[1-16] 17:B002:ok:misses:1"},
		{"first cover lost", "2-16 1-16", "B001[2-16] B002[1-16] 1:B001:ok:misses:1"},
		{"the end lost", "1-7 1-16", "B001[1-7] B002[1-16] 1:B001:ok:misses:8-16"},
		{"the end lost, then a cover", "1-8 2-16", "B001[1-8] B002[2-16] 1:B001:ok:misses:9-16 9:B002:ok:misses:1"},
		{"two covers, nothing between", "1=A 1=B 2-16", "B001[1]?cover-misplaced B002[1-16]?cover-misplaced 1:B001:ok:misses:2-16"},
		{"a cover on another's pages", "1-16 1=A 1=B 2-16 2-16 1-16",
			"B001[1-16] B002[1]?cover-misplaced B003[1-16]?cover-misplaced B004[2-16]?cover-misplaced B005[1-16] 17:B002:ok:misses:2-16 34:B004:ok:misses:1"},
		{"unread covers are two booklets", "1 1 2-16", "B001[1]?cover-misplaced B002[1-16]?cover-misplaced 1:B001:ok:misses:2-16"},
		{"the same cover fed twice", "1=A 1=A 2-16 1=B 2-16", "B001[1-16] B002[1-16] 2:B001:duplicate:scanned-twice"},
		{"a page fed twice", "1-7 7 8-16", "B001[1-16] 8:B001:duplicate:scanned-twice"},
		{"a page fed twice, read differently", "1-7 7=1 8-16", "B001[1-16] 8:B001:review:duplicates-differ"},
		{"two sheets swapped", "1-4 7 8 5 6 9-16", "B001[1-16] 7:B001:ok:out-of-order"},
		{"backs before fronts", "2 1 4 3 6 5 8 7 10 9 12 11 14 13 16 15 2 1 4 3 6 5 8 7 10 9 12 11 14 13 16 15",
			"B001[1-16] B002[1-16]" + backsFirst()},
		{"fed backwards", "16-1 16-1", "B001[1-16] B002[1-16]" + fedBackwards(32, 16)},
		{"one file fed backwards", "1-16 / 16-1 / 1-16",
			"B001[1-16] B002[1-16] B003[1-16]" + strings.SplitAfter(fedBackwards(32, 16), "16:B001:ok:fed-backwards")[1]},
		{"blank backs", "1 b 2 b 3-16 b 1-16", "B001[1-16] B002[1-16] 2:B001:blank:blank 4:B001:blank:blank 19::blank:blank"},
		{"a refused page", "1-6 x 8-16 1-16", "B001[1-6 8-16] B002[1-16] 1:B001:ok:misses:7 7:B001:refused:residual"},
		{"a refused cover", "1-16 x 2-16", "B001[1-16] B002[2-16] 17::refused:residual 18:B002:ok:misses:1"},
		{"a page of another exam", "1-8 f 9-16", "B001[1-16] 9::foreign:no-match"},
		{"another's page behind", "1-7 7=1 8-16 1-6 8-16",
			"B001[1-16] B002[1-6 8-16] 8:B001:review:duplicates-differ 18:B002:ok:misses:7"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pages := stack(t, c.scan)
			assert.Equal(t, c.want, told(assembleRead(pages, sixteen, all(16))))
		})
	}
}

func backsFirst() (s string) {
	for i := 1; i <= 32; i++ {
		if i%2 == 0 {
			s += fmt.Sprintf(" %d:B%03d:ok:out-of-order", i, (i+15)/16)
		}
	}
	return s
}

func fedBackwards(pages, each int) (s string) {
	for i := 1; i <= pages; i++ {
		s += fmt.Sprintf(" %d:B%03d:ok:fed-backwards", i, (i+each-1)/each)
	}
	return s
}

// A stack that begins with page 2 and ends with a cover may be shifted by one student:
// nobody can know whose covers they are.
func TestShiftedCoversAreDoubted(t *testing.T) {
	for _, scan := range []string{strings.Repeat("2-16 1 ", 3), strings.Repeat("2-16 1 ", 40), strings.Repeat("1 16-2 ", 40)} {
		pages := stack(t, scan)
		for _, b := range assembleRead(pages, sixteen, all(16)).Booklets {
			assert.Equal(t, "cover-misplaced", b.Doubt, b.ID)
		}
	}
	pages := stack(t, "2-16 1-16")
	assert.Empty(t, assembleRead(pages, sixteen, all(16)).Booklets[1].Doubt, "a lost cover is no shift")
}

func TestOddAndEvenStacks(t *testing.T) {
	odd, even, turned := "1 3 5 7 9 11 13 15 ", "2 4 6 8 10 12 14 16 ", "16 14 12 10 8 6 4 2 "
	firstEven := func(script string) (pages []Scanned, a Assembly) {
		pages = stack(t, script)
		return pages, assembleRead(pages, sixteen, all(16))
	}
	t.Run("same order", func(t *testing.T) {
		_, a := firstEven(odd + odd + odd + "/ " + even + even + even)
		require.Len(t, a.Booklets, 3)
		for k, b := range a.Booklets {
			assert.Empty(t, b.Missing)
			assert.Equal(t, 8*k, b.Pages[1])
			assert.Equal(t, 24+8*k, b.Pages[2])
		}
	})
	t.Run("turned over", func(t *testing.T) {
		_, a := firstEven(odd + odd + odd + "/ " + turned + turned + turned)
		require.Len(t, a.Booklets, 3)
		for k, b := range a.Booklets {
			assert.Empty(t, b.Missing)
			assert.Equal(t, 8*k, b.Pages[1])
			assert.Equal(t, 24+8*(2-k)+7, b.Pages[2])
		}
	})
	t.Run("a half lost", func(t *testing.T) {
		_, a := firstEven(odd + odd + odd + "/ " + even + even)
		require.Len(t, a.Booklets, 3)
		for _, b := range a.Booklets {
			assert.Equal(t, "odd-even-stacks", b.Doubt)
		}
	})
}

func TestAssembleByCodes(t *testing.T) {
	cases := []struct{ name, scan, want string }{
		{"shuffled", "9-16@E2 1-16@E1 1-8@E2", "E1[1-16] E2[1-16]"},
		{"a page lost", "1-6@E1 8-16@E1", "E1[1-6 8-16] 1:E1:ok:misses:7"},
		{"a code unread", "1-6@E1 7 8-16@E1 1-16@E2", "E1[1-16] E2[1-16] 7:E1:ok:code-unread"},
		{"a code unread at the edge", "1-15@E1 16 1-16@E2", "E1[1-16] E2[1-16] 16:E1:ok:code-unread"},
		{"two neighbours lack it", "1-15@E1 16 1-15@E2", "E1[1-15] E2[1-15] 1:E1:ok:misses:16 16::review:no-code 17:E2:ok:misses:16"},
		{"a booklet without codes", "1-16@E1 1 2 3 4 1-2@E2 4-16@E2",
			"E1[1-16] E2[1-2 4-16] 17::review:no-code 18::review:no-code 19::review:no-code 20::review:no-code 21:E2:ok:misses:3"},
		{"no neighbour lacks it", "1-16@E1 7 1-16@E2", "E1[1-16] E2[1-16] 17::review:no-code"},
		{"codes disagree", "1-6@E1 7@E1+E2 8-16@E1", "E1[1-16] 7:E1:review:codes-disagree"},
		{"code against content", "1-6@E1 7@E1:12 8-16@E1", "E1[1-16] 7:E1:review:code-content-differ"},
		{"sound before doubtful", "7@E1:12 1-16@E1", "E1[1-16] 1:E1:review:code-content-differ"},
		{"another exam", "1-16@E1 3@other!E1", "E1[1-16] 17::foreign:other-exam"},
		{"scanned twice", "1-16@E1 7@E1", "E1[1-16] 17:E1:duplicate:scanned-twice"},
		{"scanned twice, read differently", "1-16@E1 7=1@E1", "E1[1-16] 17:E1:review:duplicates-differ"},
		{"natural order", "1-16@E10 1-16@E9", "E9[1-16] E10[1-16]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pages := stack(t, c.scan)
			assert.Equal(t, c.want, told(assembleRead(pages, sixteen, all(16))))
		})
	}
}

func TestUnregisteredPagesAreNamedByTheirCode(t *testing.T) {
	pages := stack(t, "1-6@E1 x 8-16@E1 f")
	pages[6].Codes = []ocr.PageCode{{Exam: "X-1", Copy: "E1", Page: 9}}
	pages[16-1+1].Codes = []ocr.PageCode{{Exam: "X-1", Copy: "E1", Page: 2}} // the envelope
	a := assembleRead(pages, sixteen, all(16))
	assert.Equal(t, "E1[1-6 8-16] 1:E1:ok:misses:7 7:E1:refused:residual 17:E1:foreign:envelope", told(a))
	assert.Equal(t, 7, a.Placed[6].Page)
}

func TestStatedCodesWin(t *testing.T) {
	e := *sixteen
	e.Codes = &exam.Codes{Exam: "Y-1", PageOffset: 2}
	pages := stack(t, "1-16@X-1!E1 1-2@Y-1!E1")
	a := assembleRead(pages, &e, all(16))
	require.Len(t, a.Booklets, 1)
	assert.Equal(t, map[int]int{1: 16, 2: 17}, a.Booklets[0].Pages)
	assert.Equal(t, "other-exam", a.Placed[0].Reason)
}

func TestSameFileTwice(t *testing.T) {
	pages := stack(t, "1=A 2-16 / 1=A 2-16")
	for i := 16; i < 32; i++ {
		pages[i].SameFile = "scan1.pdf"
	}
	a := assembleRead(pages, sixteen, all(16))
	require.Len(t, a.Booklets, 1)
	for _, p := range a.Placed[16:] {
		assert.Equal(t, "duplicate same-file", p.Status+" "+p.Reason)
	}
}

// Two students' empty pages can be equal to the last bit; neither may get lost.
func TestEqualSinglePagesAreNotDuplicates(t *testing.T) {
	pages := stack(t, "1=A 2-16 1=B 2-16")
	for i := range pages {
		pages[i].Path, pages[i].Page, pages[i].Alone = fmt.Sprintf("p%02d.png", i), 1, true
		pages[i].Credits = nil
		if i >= 16 && i != 16 {
			pages[i].SameFile = fmt.Sprintf("p%02d.png", i-16)
		}
	}
	assert.Equal(t, "B001[1-16] B002[1-16]", told(assembleRead(pages, sixteen, all(16))))
}

// A folder of single pages copied twice is no second booklet: pages without marks are known
// by what lies beside them.
func TestFolderCopiedTwice(t *testing.T) {
	for _, scan := range []string{"1-16 1-16", "16-1 16-1"} {
		pages := stack(t, scan)
		for i := range pages {
			pages[i].Path, pages[i].Page, pages[i].Alone = fmt.Sprintf("p%02d.png", i), 1, true
			if pages[i].FormPage == 1 {
				pages[i].Sticker = &ocr.StickerReading{Value: "A", Confidence: 1}
			}
			if i >= 16 {
				pages[i].SameFile = fmt.Sprintf("p%02d.png", i-16)
			}
		}
		a := assembleRead(pages, sixteen, all(16))
		assert.Len(t, a.Booklets, 1, scan)
		for _, p := range a.Placed[16:] {
			assert.Equal(t, "duplicate same-file", p.Status+" "+p.Reason)
		}
	}
}

// A second scan that lies in another booklet is known by what stands on it.
func TestStrayScanIsSentHome(t *testing.T) {
	e := *sixteen
	q := exam.Question{ID: "2.1", Kind: exam.Choice, Page: 2}
	for _, id := range strings.Split("abcdefgh", "") {
		q.Options = append(q.Options, exam.Option{ID: id})
	}
	e.Problems = append(slices.Clone(e.Problems), exam.Problem{ID: "2", Questions: []exam.Question{q}})
	answers := func(p *Scanned, states string) {
		c := ChoiceResult{Question: "2.1"}
		for _, s := range states {
			b := detect.BoxReading{State: detect.Empty, Confidence: 1}
			if s != '.' {
				b.State = detect.Crossed
			}
			if s == '?' {
				b.Reason = "unsure"
			}
			c.Boxes = append(c.Boxes, b)
		}
		p.Choices = []ChoiceResult{c}
	}
	pages := stack(t, "1-16 1-16 2")
	answers(&pages[1], "xxxxx.x.")
	answers(&pages[17], ".x.x.x.x")
	answers(&pages[32], "xxxxx.??")
	assert.Equal(t, "B001[1-16] B002[1-16] 33:B001:duplicate:scanned-twice", told(assembleRead(pages, &e, all(16))))
	assert.Empty(t, assembleRead(pages, &e, all(16)).Placed[17].Differ)

	answers(&pages[32], ".x.x....")
	a := assembleRead(pages, &e, all(16))
	assert.Equal(t, "B001[1-16] B002[1-16] 33:B002:review:duplicates-differ", told(a))
	assert.Equal(t, map[string]bool{"2.1.f": true, "2.1.h": true}, a.Placed[17].Differ)

	answers(&pages[32], ".x.x.?.?")
	assert.Equal(t, "B001[1-16] B002[1-16] 33:B002:duplicate:scanned-twice", told(assembleRead(pages, &e, all(16))))
}

// A page of the form without print cannot be recognised, so that it cannot be missed.
func TestBlankFormPagesAreNotRequired(t *testing.T) {
	required := RequiredPages(sixteen, []int{7, 16})
	assert.Contains(t, required, 7, "it has a field")
	assert.NotContains(t, required, 16)
	pages := stack(t, "1-15 b 1-15 b")
	assert.Equal(t, "B001[1-15] B002[1-15] 16::blank:blank 32::blank:blank", told(assembleRead(pages, sixteen, required)))
}

func TestNaturalOrder(t *testing.T) {
	want := []string{"a/scan1.pdf", "a/scan2.pdf", "a/scan10.pdf", "a b/1.pdf", "page-07.png", "page-7.png", "page-8.png", "scan"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, naturalCompare)
	assert.Equal(t, want, got)
}

func TestPageRanges(t *testing.T) {
	assert.Empty(t, pageRanges(nil))
	assert.Equal(t, "3 7-9 16", pageRanges([]int{3, 7, 8, 9, 16}))
}

// assembleRead puts pages together of which nobody said anything.
func assembleRead(pages []Scanned, e *exam.Exam, required []int) Assembly {
	return assemble(pages, e, required, nil, nil)
}
