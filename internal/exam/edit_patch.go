package exam

import (
	"bytes"
	"slices"
	"strings"
)

// patch replaces a piece of the file.
type patch struct {
	span
	text string
}

// patcher collects what changes in a file.
type patcher struct {
	b       []byte
	eol     string
	root    *piece
	patches []patch
}

func newPatcher(b []byte, root *piece) *patcher {
	p := &patcher{b: b, root: root, eol: "\n"}
	if i := bytes.IndexByte(b, '\n'); i > 0 && b[i-1] == '\r' {
		p.eol = "\r\n"
	}
	return p
}

func (p *patcher) replace(s span, text string) { p.patches = append(p.patches, patch{s, text}) }

func (p *patcher) insert(at int, text string) { p.replace(span{at, at}, text) }

// apply returns the changed file. Where an insertion stands at the beginning of a deletion it
// comes first.
func (p *patcher) apply() []byte {
	slices.SortStableFunc(p.patches, func(a, b patch) int {
		if d := a.from - b.from; d != 0 {
			return d
		}
		return a.to - b.to
	})
	var out bytes.Buffer
	at := 0
	for _, c := range p.patches {
		if c.from < at {
			continue // inside of what was taken out
		}
		out.Write(p.b[at:c.from])
		out.WriteString(c.text)
		at = c.to
	}
	out.Write(p.b[at:])
	return out.Bytes()
}

// fields brings the keys of a map from what the file says to what is wanted.
func (p *patcher) fields(m *piece, old, want []field) {
	var gone []int
	for i, f := range want {
		e := m.entry(f.key)
		was := fieldOf(old, f.key)
		switch {
		case f.keep, e == nil && !f.written(nil):
		case e == nil:
			p.addKey(m, want, i)
		case f.empty() && !was.empty():
			gone = append(gone, slices.IndexFunc(m.entries, func(o entry) bool { return o.key == f.key }))
		default:
			p.value(m, e, was, f)
		}
	}
	p.remove(m, gone)
}

func fieldOf(fs []field, key string) field {
	for _, f := range fs {
		if f.key == key {
			return f
		}
	}
	return field{key: key}
}

// empty reports whether the key must not stand in the file.
func (f field) empty() bool {
	return f.text == "" && f.box == nil && f.object == nil && len(f.list) == 0
}

// written reports whether a key that is not there is to be written; like is a neighbour.
func (f field) written(like *piece) bool {
	return !f.empty() && (f.text == "" || f.text != f.def || like.entry(f.key) != nil)
}

// writtenNew is written for an item that is new itself: without a neighbour it is written as
// scan new does.
func (f field) writtenNew(like *piece) bool {
	return f.written(like) || like == nil && f.show && !f.empty()
}

// value brings one key from was to f.
func (p *patcher) value(m *piece, e *entry, was, f field) {
	switch v := e.value; {
	case f.isList:
		p.list(m, e, was.list, f)
	case f.object != nil && v != nil && v.shape == mapShape:
		p.fields(v, was.object, f.object)
	case f.box != nil && v != nil && v.shape == listShape && len(v.entries) == 4 && len(was.box) == 4:
		for i, n := range f.box {
			if n != was.box[i] {
				p.replace(v.entries[i].value.span, n)
			}
		}
	case f.text == was.text && f.box == nil && f.object == nil:
	default:
		text := p.inline(f, v)
		if v == nil {
			p.insert(e.colon, " "+text)
		} else {
			p.replace(v.span, text)
		}
	}
}

// inline writes a value on one line; like is what stood there or at a neighbour.
func (p *patcher) inline(f field, like *piece) string {
	switch {
	case f.box != nil:
		return "[" + strings.Join(f.box, ", ") + "]"
	case f.object != nil:
		return p.braces(f.object, nil)
	case f.isList:
		items := make([]string, len(f.list))
		for i, it := range f.list {
			items[i] = p.braces(it.fields, nil)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case !f.word:
		return f.text
	}
	if like != nil {
		switch p.b[like.from] {
		case '"':
			return quoted(f.text)
		case '\'':
			if !strings.ContainsAny(f.text, "'\\\t\r\n") {
				return "'" + f.text + "'"
			}
		}
	}
	return scalar(f.text)
}

// addKey writes key i of want behind the key that comes before it.
func (p *patcher) addKey(m *piece, want []field, i int) {
	f := want[i]
	before := -1
	for k := range i {
		if n := slices.IndexFunc(m.entries, func(e entry) bool { return e.key == want[k].key }); n >= 0 && (want[k].keep || !want[k].empty()) {
			before = n
		}
	}
	text := f.key + ": " + p.inline(f, nil)
	switch {
	case m.flow && before < 0:
		p.insert(m.from+1, text+", ")
	case m.flow:
		p.insert(m.entries[before].to, ", "+text)
	case before < 0:
		p.insert(m.entries[0].from, p.keyLines(f, m.column)+p.eol+strings.Repeat(" ", m.column))
	default:
		p.insert(lineEnd(p.b, m.entries[before].to), p.eol+strings.Repeat(" ", m.column)+p.keyLines(f, m.column))
	}
}

// keyLines writes a key of a block in a column, and below it its items.
func (p *patcher) keyLines(f field, column int) string {
	if !f.isList {
		return f.key + ": " + p.inline(f, nil)
	}
	st := p.styleOf(f.key, column)
	return f.key + ":" + p.items(f.list, st)
}

// items writes new items, each behind a line break.
func (p *patcher) items(list []item, st style) string {
	var text strings.Builder
	for _, it := range list {
		text.WriteString(p.eol + p.item(it, st))
	}
	return text.String()
}

// style is how the items of a block list are written.
type style struct {
	column int    // of the dashes
	gap    int    // from the dash to what it stands before
	flow   bool   // each item in braces
	like   *piece // an item like it, nil if there is none
}

// styleOf is the style of a list that is not there yet, whose key stands in a column: that of
// the first list of this name in the file, else that of scan new.
func (p *patcher) styleOf(key string, column int) style {
	st := style{column: column + 2, gap: 2, flow: key != "problems" && key != "questions"}
	m, l := find(p.root, key)
	if l == nil || l.flow || l.shape != listShape {
		return st
	}
	st = styleAt(l, l.entries[0])
	st.column += column - m.column
	return st
}

// styleAt is the style of an item of a block list.
func styleAt(l *piece, e entry) style {
	st := style{column: l.column, gap: 2, like: e.value}
	if v := e.value; v != nil {
		st.flow = v.flow
		if !v.flow && v.shape == mapShape && v.column > l.column {
			st.gap = v.column - l.column
		}
	}
	return st
}

// find returns the first list of a name and the map that holds it.
func find(n *piece, key string) (m, l *piece) {
	if n == nil {
		return nil, nil
	}
	for _, e := range n.entries {
		if e.key == key && e.value != nil && len(e.value.entries) > 0 {
			return n, e.value
		}
		if m, l := find(e.value, key); l != nil {
			return m, l
		}
	}
	return nil, nil
}

// item writes a new item of a block list with its indentation, without a line break at the end.
func (p *patcher) item(it item, st style) string {
	head := strings.Repeat(" ", st.column) + "-" + strings.Repeat(" ", st.gap-1)
	if st.flow {
		return head + p.braces(it.fields, st.like)
	}
	column := st.column + st.gap
	var lines []string
	for _, f := range ordered(it.fields, st.like) {
		if !f.writtenNew(st.like) {
			continue
		}
		if f.isList {
			lines = append(lines, p.keyLines(f, column))
		} else {
			lines = append(lines, f.key+": "+p.inline(f, likeOf(st.like, f.key)))
		}
	}
	return head + strings.Join(lines, p.eol+strings.Repeat(" ", column))
}

// braces writes an item as {key: value, ...}.
func (p *patcher) braces(fs []field, like *piece) string {
	var parts []string
	for _, f := range ordered(fs, like) {
		if f.writtenNew(like) {
			parts = append(parts, f.key+": "+p.inline(f, likeOf(like, f.key)))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func likeOf(m *piece, key string) *piece {
	if e := m.entry(key); e != nil {
		return e.value
	}
	return nil
}

// ordered puts the fields in the order of a neighbour, if it has them all.
func ordered(fs []field, like *piece) []field {
	place := func(f field) int {
		if like == nil {
			return -1
		}
		return slices.IndexFunc(like.entries, func(e entry) bool { return e.key == f.key })
	}
	for _, f := range fs {
		if !f.empty() && place(f) < 0 && f.text != f.def {
			return fs
		}
	}
	fs = slices.Clone(fs)
	slices.SortStableFunc(fs, func(a, b field) int { return place(a) - place(b) })
	return fs
}

// list brings the items of a key from old to the wanted ones. Items that changed places are
// written anew.
func (p *patcher) list(m *piece, e *entry, old []item, f field) {
	l := e.value
	if l == nil || l.shape != listShape {
		if len(f.list) > 0 {
			p.insert(lineEnd(p.b, e.from), p.items(f.list, p.styleOf(f.key, m.column)))
		}
		return
	}
	kept := make([]bool, len(l.entries))
	last := -1
	for _, it := range f.list {
		if k := it.was - 1; k > last && k < len(kept) && k < len(old) && l.entries[k].value != nil {
			kept[k], last = true, k
			p.fields(l.entries[k].value, old[k].fields, it.fields)
		}
	}
	last = -1
	for _, it := range f.list {
		if k := it.was - 1; k > last && k < len(kept) && kept[k] {
			last = k
			continue
		}
		p.addItem(l, it, last, kept)
	}
	var gone []int
	for k := range kept {
		if !kept[k] {
			gone = append(gone, k)
		}
	}
	p.remove(l, gone)
}

// addItem writes an item behind item before, -1 for the first place.
func (p *patcher) addItem(l *piece, it item, before int, kept []bool) {
	if l.flow {
		p.addFlowItem(l, it, before, kept)
		return
	}
	st := styleAt(l, l.entries[max(before, 0)])
	if before < 0 {
		p.insert(lineStart(p.b, l.entries[0].from), p.item(it, st)+p.eol)
		return
	}
	gap := ""
	if start := lineStart(p.b, l.entries[before].from); before > 0 && start > 0 && len(bytes.TrimSpace(p.b[lineStart(p.b, start-1):start])) == 0 {
		gap = p.eol // a blank line between items
	}
	p.insert(lineEnd(p.b, l.entries[before].to), p.eol+gap+p.item(it, st))
}

func (p *patcher) addFlowItem(l *piece, it item, before int, kept []bool) {
	var like *piece
	if len(l.entries) > 0 {
		like = l.entries[max(before, 0)].value
	}
	text := p.braces(it.fields, like)
	next := slices.Index(kept, true)
	switch {
	case before >= 0:
		p.insert(l.entries[before].to, ", "+text)
	case next >= 0:
		p.insert(l.entries[next].from, text+", ")
	default:
		if slices.ContainsFunc(p.patches, func(c patch) bool { return c.from == l.from+1 && c.to == c.from }) {
			text = ", " + text
		}
		p.insert(l.from+1, text)
	}
}

// remove takes entries out of a block with their lines, out of braces with their commas.
func (p *patcher) remove(n *piece, gone []int) {
	if n.flow {
		p.removeFlow(n, gone)
		return
	}
	for _, k := range gone {
		e := n.entries[k]
		start := lineStart(p.b, e.from)
		switch {
		case len(bytes.TrimLeft(p.b[start:e.from], " ")) == 0:
			p.cutLines(start, e.to)
		case k+1 < len(n.entries): // the first key of an item stands behind its dash
			p.replace(span{e.from, n.entries[k+1].from}, "")
		}
	}
}

// cutLines takes out whole lines. Where the last line of a file has no line break, the one
// before it goes.
func (p *patcher) cutLines(from, to int) {
	end := nextLine(p.b, to)
	if end == len(p.b) && p.b[end-1] != '\n' && from > 0 {
		from -= len(p.eol)
	}
	p.replace(span{from, end}, "")
}

func (p *patcher) removeFlow(n *piece, gone []int) {
	for i := 0; i < len(gone); {
		j := i
		for j+1 < len(gone) && gone[j+1] == gone[j]+1 {
			j++
		}
		first, last := gone[i], gone[j]
		switch {
		case last+1 < len(n.entries):
			p.replace(span{n.entries[first].from, n.entries[last+1].from}, "")
		case first > 0:
			p.replace(span{n.entries[first-1].to, n.entries[last].to}, "")
		default:
			p.replace(span{n.entries[first].from, n.entries[last].to}, "")
		}
		i = j + 1
	}
}
