package report

// grid is a table of the page.
type grid struct {
	Caption string
	Head    []string // the first is that of the rows' own heads
	Words   int      // so many columns at the end hold words; between them and the first are numbers
	Groups  []group
}

// group is rows under a heading of their own, or under none.
type group struct {
	Title string
	Rows  []row
}

// row is a head and a cell for every other column.
type row struct {
	Head  string
	Title string // a few words after the head
	Cells []cell
}

// cell is one value. Bar draws a share of [0,1] beside it.
type cell struct {
	Text  string
	Faint bool
	Bar   *bar
}

// bar is a share, its width in per cent of the widest.
type bar struct {
	Width float64
	Class string
}

// Word reports whether column i of the cells holds words.
func (g grid) Word(i int) bool { return i >= len(g.Head)-1-g.Words }

// WordHead reports whether column i of the heads is over words.
func (g grid) WordHead(i int) bool { return g.Word(i - 1) }

// mostShort is how many rows a table on paper may have to be moved to the next page as a whole rather
// than cut: half a page.
const mostShort = 24

// Short reports whether it has no more than that.
func (g grid) Short() bool {
	rows := 0
	for _, of := range g.Groups {
		rows += 1 + len(of.Rows)
	}
	return rows <= mostShort
}

// Span is how many columns there are.
func (g grid) Span() int { return len(g.Head) }

// one makes a group without a heading.
func one(rows []row) []group { return []group{{Rows: rows}} }

func plain(text string) cell { return cell{Text: text} }

// or writes a figure, or says that there is too little to know it.
func (w words) or(f figure, text func(float64) string) cell {
	if !f.ok {
		return cell{Text: w.say("unknown"), Faint: true}
	}
	return cell{Text: text(f.x)}
}

func (w words) number1(x float64) string { return w.number(x, 1) }
func (w words) number2(x float64) string { return w.number(x, 2) }
func (w words) percent(x float64) string { return w.share(x, 0) }

// barred is a share with a bar.
func (w words) barred(f figure, class string) cell {
	c := w.or(f, w.percent)
	if f.ok {
		c.Bar = &bar{round(100 * min(max(f.x, 0), 1)), class}
	}
	return c
}

// of writes a count and the share it is.
func (w words) of(n, all int) cell {
	p := part(n, all)
	if !p.ok {
		return plain(w.count(n))
	}
	return plain(w.say("of", w.count(n), w.share(p.x, 1)))
}
