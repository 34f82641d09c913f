package exam

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"scan/internal/geom"
)

// lineIndex maps the path of a thing in the file, e.g. "problems[0].questions[1].credits",
// to its line.
type lineIndex map[string]int

// of returns the line of a path or else of the nearest thing around it; 0 if unknown.
func (l lineIndex) of(path string) int {
	for {
		if n, ok := l[path]; ok {
			return n
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return l[""]
		}
		path = path[:cut]
	}
}

// document is a YAML file being decoded: what was wrong so far, and where things stand.
type document struct {
	name   string
	issues []Issue
	lines  lineIndex
	broken []string // paths whose value could not be taken
}

// value is a node of the file with its path and its name for people.
type value struct {
	doc   *document
	node  ast.Node
	path  string
	where string
}

// object is a mapping whose keys are all known.
type object struct {
	value
	fields map[string]value
}

// parseYAML returns the root of the only document in b.
func parseYAML(doc *document, b []byte) (value, bool) {
	file, err := parser.ParseBytes(b, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		doc.malformed(err)
		return value{}, false
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		doc.add(1, "", ErrMalformed, "the file is empty; describe the exam as docs/formats.md shows")
		return value{}, false
	case 1:
		return value{doc: doc, node: bodies[0]}, true
	}
	doc.add(lineOf(bodies[1]), "", ErrUnsupported, "a second document starts here; keep one exam in a file")
	return value{}, false
}

func (d *document) add(line int, where string, kind error, text string) {
	d.issues = append(d.issues, Issue{File: d.name, Line: line, Where: where, Text: text, Kind: kind})
}

// malformed records what the YAML parser said.
func (d *document) malformed(err error) {
	line, text := 0, err.Error()
	var ye yaml.Error
	if errors.As(err, &ye) {
		text = ye.GetMessage()
		if t := ye.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	d.add(line, "", ErrMalformed, "not valid YAML: "+text+"; check indentation, colons and brackets of this line")
}

// fail records an issue at v and that its value is not to be trusted.
func (v value) fail(kind error, format string, args ...any) {
	v.doc.broken = append(v.doc.broken, v.path)
	v.doc.add(v.doc.lines.of(v.path), v.where, kind, fmt.Sprintf(format, args...))
}

// object decodes a mapping and reports keys that are doubled or not in known.
func (v value) object(known ...string) (object, bool) {
	o := object{value: v, fields: map[string]value{}}
	m, ok := v.node.(*ast.MappingNode)
	if !ok {
		v.fail(ErrInconsistent, "%s stands where keys and values are expected; write %s", describe(v.node), strings.Join(known, ", "))
		return o, false
	}
	for _, kv := range m.Values {
		key := kv.Key.GetToken()
		f := value{doc: v.doc, node: kv.Value, path: join(v.path, key.Value), where: v.where}
		if _, twice := o.fields[key.Value]; twice {
			v.doc.add(key.Position.Line, v.where, ErrInconsistent, fmt.Sprintf("key %q stands twice; remove one", key.Value))
			continue
		}
		if !slices.Contains(known, key.Value) {
			v.doc.add(key.Position.Line, v.where, ErrInconsistent,
				fmt.Sprintf("unknown key %q; the keys here are %s", key.Value, strings.Join(known, ", ")))
			continue
		}
		v.doc.lines[f.path] = key.Position.Line
		o.fields[key.Value] = f
	}
	return o, true
}

// get returns the field of a key; an absent or null one is not there.
func (o object) get(key string) (value, bool) {
	f, ok := o.fields[key]
	if !ok {
		return value{doc: o.doc, path: join(o.path, key), where: o.where}, false
	}
	_, null := f.node.(*ast.NullNode)
	f.where = o.where
	return f, !null
}

// need is get, and an absent field is an issue.
func (o object) need(key, example string) (value, bool) {
	f, ok := o.get(key)
	if !ok {
		f.fail(ErrInconsistent, "%s is missing; add for example %s: %s", key, key, example)
	}
	return f, ok
}

// list returns the items of a sequence; an absent one has none.
func (o object) list(key string) []value {
	f, ok := o.get(key)
	if !ok {
		return nil
	}
	return f.items()
}

func (v value) items() []value {
	s, ok := v.node.(*ast.SequenceNode)
	if !ok {
		v.fail(ErrInconsistent, "%s stands where a list is expected; write one item a line, each after a dash", describe(v.node))
		return nil
	}
	items := make([]value, len(s.Values))
	for i, n := range s.Values {
		items[i] = value{doc: v.doc, node: n, path: fmt.Sprintf("%s[%d]", v.path, i), where: v.where}
		v.doc.lines[items[i].path] = lineOf(n)
	}
	return items
}

// text returns a scalar as it is written, so that the id 2.10 stays 2.10.
func (v value) text() string {
	switch n := v.node.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value
	}
	v.fail(ErrInconsistent, "%s stands where a word is expected; write it in quotes", describe(v.node))
	return ""
}

// number returns a finite number.
func (v value) number() float64 {
	switch n := v.node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		x, err := strconv.ParseFloat(n.GetToken().Value, 64)
		if err == nil && !math.IsInf(x, 0) && !math.IsNaN(x) {
			return x
		}
	}
	v.fail(ErrInconsistent, "%s stands where a number is expected; write it plainly, with a point: 4.5", describe(v.node))
	return 0
}

func (v value) integer() int {
	x := v.number()
	if x != math.Trunc(x) || math.Abs(x) > 1e6 {
		v.fail(ErrInconsistent, "%s is not a whole number; write one", FormatNumber(x))
		return 0
	}
	return int(x)
}

func (v value) boolean() bool {
	b, ok := v.node.(*ast.BoolNode)
	if !ok {
		v.fail(ErrInconsistent, "%s stands where true or false is expected; write one of them", describe(v.node))
		return false
	}
	return b.Value
}

// box returns [x, y, width, height].
func (v value) box() geom.Box {
	s, ok := v.node.(*ast.SequenceNode)
	if !ok || len(s.Values) != 4 {
		v.fail(ErrInconsistent, "box is not four numbers; write [x, y, width, height] in mm from the page's top-left corner")
		return geom.Box{}
	}
	var n [4]float64
	for i, item := range s.Values {
		n[i] = value{doc: v.doc, node: item, path: v.path, where: v.where}.number()
	}
	return geom.Box{X: n[0], Y: n[1], W: n[2], H: n[3]}
}

func isList(n ast.Node) bool {
	_, ok := n.(*ast.SequenceNode)
	return ok
}

// describe names a node for a message, scalars with their text.
func describe(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingNode:
		return "a set of keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.AliasNode, *ast.AnchorNode, *ast.MergeKeyNode:
		return "a YAML anchor or alias (not supported)"
	case *ast.TagNode:
		return "a YAML tag (not supported)"
	default:
		return strconv.Quote(n.GetToken().Value)
	}
}

// lineOf returns the line a node starts on.
func lineOf(n ast.Node) int {
	t := n.GetToken()
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		t = m.Values[0].Key.GetToken()
	}
	if t == nil || t.Position == nil {
		return 0
	}
	return t.Position.Line
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// FormatNumber writes credits and lengths everywhere: in the shortest form, with a point.
func FormatNumber(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
