package exam

import (
	"bytes"
	"fmt"
)

// span is a piece of the file: bytes [from, to).
type span struct{ from, to int }

// shape tells the three kinds of node apart.
type shape int

const (
	scalarShape shape = iota
	mapShape
	listShape
)

// piece is a node of the file and where it stands. A scalar's span leaves out the comment
// behind it.
type piece struct {
	span
	shape   shape
	flow    bool // in braces or brackets
	column  int  // of the keys or dashes of a block
	entries []entry
}

// entry is one key with its value, or one item. Its span begins at the key or the dash.
type entry struct {
	span
	key   string
	colon int    // first byte after the colon of a key
	value *piece // nil where nothing is written
}

// entry returns the entry of a key, nil if there is none.
func (p *piece) entry(key string) *entry {
	if p == nil {
		return nil
	}
	for i := range p.entries {
		if p.entries[i].key == key {
			return &p.entries[i]
		}
	}
	return nil
}

// source finds out where every node of a YAML file stands. It knows what exam.yaml needs:
// block and flow maps and lists, plain, quoted and block scalars, comments. Whether the file is
// valid is for the parser to say.
type source struct {
	b  []byte
	at int
}

// unplacedError is what a file looks like that cannot be changed in place.
type unplacedError struct{ line int }

func (u unplacedError) Error() string {
	return fmt.Sprintf("line %d is written in a way that cannot be changed in place; write keys, lists and boxes as scan new does", u.line)
}

// place returns the root of the file.
func place(b []byte) (root *piece, err error) {
	s := &source{b: b}
	defer func() {
		if r := recover(); r != nil {
			u, ok := r.(unplacedError)
			if !ok {
				panic(r)
			}
			err = u
		}
	}()
	if bytes.HasPrefix(b, []byte("\ufeff")) {
		s.at = len("\ufeff")
	}
	if !s.skip() {
		return nil, unplacedError{1}
	}
	if s.marker() {
		s.at += len("---")
		if !s.skip() {
			return nil, unplacedError{1}
		}
	}
	root = s.node(-1)
	if s.skip() && !s.marker() {
		s.fail()
	}
	return root, nil
}

// fail gives up at the current line; place turns it into an error.
func (s *source) fail() { panic(unplacedError{1 + bytes.Count(s.b[:s.at], []byte("\n"))}) }

func (s *source) done() bool { return s.at >= len(s.b) }

// peek is the byte i behind the current one, a line break at the end of the file.
func (s *source) peek(i int) byte {
	if s.at+i >= len(s.b) {
		return '\n'
	}
	return s.b[s.at+i]
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// column is the distance from the beginning of the line.
func (s *source) column() int { return s.at - lineStart(s.b, s.at) }

// lineStart is where the line of a byte begins.
func lineStart(b []byte, at int) int {
	start := bytes.LastIndexByte(b[:at], '\n') + 1
	if start == 0 && bytes.HasPrefix(b, []byte("\ufeff")) {
		return min(at, len("\ufeff"))
	}
	return start
}

// lineEnd is where the line of a byte ends, at its line break.
func lineEnd(b []byte, at int) int {
	end := len(b)
	if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
		end = at + i
	}
	if end > at && b[end-1] == '\r' {
		end--
	}
	return end
}

// nextLine is where the next line begins.
func nextLine(b []byte, at int) int {
	if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(b)
}

// inline goes over the blanks of a line and reports whether anything but a comment follows.
func (s *source) inline() bool {
	for !s.done() && (s.b[s.at] == ' ' || s.b[s.at] == '\t') {
		s.at++
	}
	comment := s.peek(0) == '#' && (s.column() == 0 || isBlank(s.b[s.at-1]))
	return s.peek(0) != '\n' && s.peek(0) != '\r' && !comment
}

// skip goes over blank lines and comments to what comes next; false at the end of the file.
func (s *source) skip() bool {
	for !s.inline() {
		if s.at = nextLine(s.b, s.at); s.done() {
			return false
		}
	}
	return true
}

// marker reports whether a document begins or ends here.
func (s *source) marker() bool {
	rest := s.b[s.at:]
	return s.column() == 0 && (bytes.HasPrefix(rest, []byte("---")) || bytes.HasPrefix(rest, []byte("..."))) && isBlank(s.peek(3))
}

// node reads whatever stands here, below an entry in column parent.
func (s *source) node(parent int) *piece {
	switch c := s.peek(0); {
	case c == '{' || c == '[':
		return s.flow()
	case s.dash():
		return s.list()
	case s.keyEnd() > 0:
		return s.mapping()
	}
	return s.scalar(parent)
}

func (s *source) dash() bool { return s.peek(0) == '-' && isBlank(s.peek(1)) }

// keyEnd is where the key that stands here ends, before its colon; 0 if it is no key.
func (s *source) keyEnd() int {
	c := s.peek(0)
	if c == '"' || c == '\'' {
		t := source{b: s.b, at: s.at}
		t.quoted(c)
		end := t.at
		for t.peek(0) == ' ' {
			t.at++
		}
		if t.peek(0) == ':' && isBlank(t.peek(1)) {
			return end
		}
		return 0
	}
	for i := 0; ; i++ {
		switch c := s.peek(i); {
		case c == '\n', c == '#' && i > 0 && isBlank(s.peek(i-1)):
			return 0
		case c == ':' && isBlank(s.peek(i+1)) && i > 0:
			return s.at + i
		}
	}
}

// mapping reads a block of keys.
func (s *source) mapping() *piece {
	p := &piece{shape: mapShape, column: s.column(), span: span{from: s.at, to: s.at}}
	for {
		end := s.keyEnd()
		if end == 0 {
			s.fail()
		}
		e := entry{span: span{from: s.at}, key: string(bytes.Trim(s.b[s.at:end], ` "'`))}
		s.at = end
		s.at += bytes.IndexByte(s.b[end:], ':') + 1
		e.colon, e.to = s.at, s.at
		if e.value = s.below(p.column, true); e.value != nil {
			e.to = e.value.to
		}
		p.entries, p.to = append(p.entries, e), e.to
		if !s.more(p.column) {
			return p
		}
	}
}

// below reads the value of a key or a dash in a column: on its line, or on the next lines.
func (s *source) below(column int, key bool) *piece {
	if s.inline() {
		switch c := s.peek(0); {
		case !key:
			return s.node(column)
		case c == '{' || c == '[':
			return s.flow()
		}
		return s.scalar(column)
	}
	here := s.at
	if s.skip() && !s.marker() && (s.column() > column || key && s.column() == column && s.dash()) {
		return s.node(column)
	}
	s.at = here
	return nil
}

// more goes on to the next entry of a block and reports whether there is one.
func (s *source) more(column int) bool {
	here := s.at
	if !s.skip() || s.marker() || s.column() < column {
		s.at = here
		return false
	}
	if s.column() > column {
		s.fail()
	}
	return true
}

// list reads a block of items.
func (s *source) list() *piece {
	p := &piece{shape: listShape, column: s.column(), span: span{from: s.at, to: s.at}}
	for {
		e := entry{span: span{from: s.at, to: s.at + 1}}
		s.at++
		if e.value = s.below(p.column, false); e.value != nil {
			e.to = e.value.to
		}
		p.entries, p.to = append(p.entries, e), e.to
		here := s.at
		if !s.more(p.column) {
			return p
		}
		if !s.dash() { // a list may stand in the column of its key
			s.at = here
			return p
		}
	}
}

// scalar reads a word, quoted or not, or a block of text.
func (s *source) scalar(parent int) *piece {
	p := &piece{span: span{from: s.at}}
	switch c := s.peek(0); c {
	case '"', '\'':
		s.quoted(c)
	case '|', '>':
		s.at = lineEnd(s.b, s.at)
		s.deeper(parent, true)
	default:
		if s.plain(":") {
			s.deeper(parent, false)
		}
	}
	p.to = s.at
	return p
}

// plain goes to the end of an unquoted word; false if a comment ends it.
func (s *source) plain(stops string) bool {
	end := s.at
	for ; s.peek(0) != '\n' && s.peek(0) != '\r'; s.at++ {
		c := s.b[s.at]
		if c == '#' && s.at > 0 && isBlank(s.b[s.at-1]) {
			s.at = end
			return false
		}
		if c != ':' && bytes.IndexByte([]byte(stops), c) >= 0 || c == ':' && len(stops) > 1 && (isBlank(s.peek(1)) || bytes.IndexByte([]byte(",]}"), s.peek(1)) >= 0) {
			break
		}
		if !isBlank(c) {
			end = s.at + 1
		}
	}
	s.at = end
	return true
}

// deeper goes over the lines that continue a scalar: those further right than parent. In a
// block of text a # is a letter.
func (s *source) deeper(parent int, block bool) {
	for {
		t := source{b: s.b, at: nextLine(s.b, s.at)}
		for !t.done() && isBlank(t.b[t.at]) {
			t.at++
		}
		if t.done() || t.column() <= parent || t.marker() || !block && t.peek(0) == '#' {
			return
		}
		s.at = t.at
		if block {
			s.at = lineEnd(s.b, s.at)
		} else if !s.plain(":") {
			return
		}
	}
}

// quoted goes behind a quoted word.
func (s *source) quoted(quote byte) {
	for s.at++; !s.done(); s.at++ {
		switch c := s.b[s.at]; {
		case c == '\\' && quote == '"':
			s.at++
		case c == quote && quote == '\'' && s.peek(1) == '\'':
			s.at++
		case c == quote:
			s.at++
			return
		}
	}
	s.fail()
}

// flow reads {...} or [...].
func (s *source) flow() *piece {
	p := &piece{flow: true, shape: listShape, span: span{from: s.at}}
	closing := byte(']')
	if s.peek(0) == '{' {
		p.shape, closing = mapShape, '}'
	}
	s.at++
	for {
		s.need()
		if s.peek(0) == closing {
			s.at++
			p.to = s.at
			return p
		}
		p.entries = append(p.entries, s.flowEntry(p.shape == mapShape))
		s.need()
		switch s.peek(0) {
		case ',':
			s.at++
		case closing:
		default:
			s.fail()
		}
	}
}

// need goes on to what must come next.
func (s *source) need() {
	if !s.skip() {
		s.fail()
	}
}

func (s *source) flowEntry(keyed bool) entry {
	e := entry{span: span{from: s.at}}
	if keyed {
		word := s.flowValue()
		e.key = string(bytes.Trim(s.b[word.from:word.to], `"'`))
		e.to = word.to
		s.need()
		if s.peek(0) != ':' {
			s.fail()
		}
		s.at++
		e.colon, e.to = s.at, s.at
		s.need()
		if c := s.peek(0); c == ',' || c == '}' {
			return e
		}
	}
	e.value = s.flowValue()
	e.to = e.value.to
	return e
}

func (s *source) flowValue() *piece {
	p := &piece{span: span{from: s.at}}
	switch c := s.peek(0); c {
	case '{', '[':
		return s.flow()
	case '"', '\'':
		s.quoted(c)
	default:
		s.plain(",[]{}:")
	}
	if p.to = s.at; p.to == p.from {
		s.fail()
	}
	return p
}
