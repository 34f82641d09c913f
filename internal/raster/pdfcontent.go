package raster

import (
	"math"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// matrix is a PDF transform [a b c d e f]: x' = a x + c y + e, y' = b x + d y + f.
type matrix [6]float64

// then returns the map "first m, then n".
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5]}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// upright reports whether m maps axis-parallel rectangles to such.
func (m matrix) upright() bool {
	const e = 1e-3
	return math.Abs(m[1])+math.Abs(m[2]) < e*(math.Abs(m[0])+math.Abs(m[3])) ||
		math.Abs(m[0])+math.Abs(m[3]) < e*(math.Abs(m[1])+math.Abs(m[2]))
}

// rect is a rectangle in points, y up: left, bottom, right, top.
type rect [4]float64

var everything = rect{-1e9, -1e9, 1e9, 1e9}

func (r rect) and(o rect) rect {
	return rect{math.Max(r[0], o[0]), math.Max(r[1], o[1]), math.Min(r[2], o[2]), math.Min(r[3], o[3])}
}

func (r rect) area() float64 { return math.Max(0, r[2]-r[0]) * math.Max(0, r[3]-r[1]) }

// bounds returns the smallest rectangle around the image of r.
func (m matrix) bounds(r rect) rect {
	out := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, c := range [4][2]float64{{r[0], r[1]}, {r[2], r[1]}, {r[0], r[3]}, {r[2], r[3]}} {
		x, y := m.apply(c[0], c[1])
		out = rect{math.Min(out[0], x), math.Min(out[1], y), math.Max(out[2], x), math.Max(out[3], y)}
	}
	return out
}

// placed is an image painted by a page: m maps the unit square to points.
type placed struct {
	stream *types.StreamDict
	m      matrix
	clip   rect
	fill   float64 // grey of the fill colour, 0 black to 1; -1 is another colour
}

// contentReader follows a page's content far enough to tell whether images are all
// it shows. reason says why it is not so; the page must then be rendered.
type contentReader struct {
	pdf    *pdfFile
	images []placed
	under  bool // something else is painted before the first image
	lost   bool // an object is drawn that the file does not hold
	reason string
}

type graphics struct {
	ctm      matrix
	clip     rect
	oddClip  bool // cut by something other than rectangles
	fill     float64
	textMode int
}

const maxFormDepth = 6

func (c *contentReader) complex(reason string) {
	if c.reason == "" {
		c.reason = reason
	}
}

// painted notes that something other than an image was drawn.
func (c *contentReader) painted(what string) {
	if len(c.images) == 0 {
		c.under = true
		return
	}
	c.complex(what + " over the image")
}

type path struct {
	rects []rect
	other bool
	clip  bool
}

// run interprets one content stream.
func (c *contentReader) run(content []byte, res types.Dict, gs graphics, depth int) {
	var stack []graphics
	var p path
	lex := lexer{b: content}
	for c.reason == "" {
		op, args, ok := lex.next()
		if !ok {
			return
		}
		switch op {
		case "q":
			if len(stack) < 500 {
				stack = append(stack, gs)
			}
		case "Q":
			if n := len(stack); n > 0 {
				gs, stack = stack[n-1], stack[:n-1]
			}
		case "cm":
			if v, ok := numbers(args, 6); ok {
				gs.ctm = matrix(v).then(gs.ctm)
			}
		case "Do":
			c.do(name(args), res, gs, depth)
		case "gs":
			c.extGState(name(args), res)
		case "BI":
			c.complex("an inline image")
		case "sh":
			c.painted("shading")
		case "BDC", "DP":
			if len(args) > 0 && args[0] == pdfName("OC") {
				c.complex("optional content")
			}
		default:
			if !c.pathOp(op, args, &gs, &p) && !c.stateOp(op, args, &gs) {
				c.complex("operator " + op)
			}
		}
	}
}

// pathOp handles path building, painting and clipping.
func (c *contentReader) pathOp(op string, args []any, gs *graphics, p *path) bool {
	switch op {
	case "re":
		if v, ok := numbers(args, 4); ok {
			r := rect{math.Min(v[0], v[0]+v[2]), math.Min(v[1], v[1]+v[3]), math.Max(v[0], v[0]+v[2]), math.Max(v[1], v[1]+v[3])}
			p.rects = append(p.rects, gs.ctm.bounds(r))
			p.other = p.other || !gs.ctm.upright()
		}
		return true
	case "m", "l", "c", "v", "y", "h":
		p.other = true
		return true
	case "W", "W*":
		p.clip = true
		return true
	case "n":
	case "f", "F", "f*", "B", "B*", "b", "b*", "s", "S":
		c.painted("drawing")
	default:
		return false
	}
	if p.clip && len(p.rects) == 1 && !p.other {
		gs.clip = gs.clip.and(p.rects[0])
	} else if p.clip {
		gs.oddClip = true
	}
	*p = path{}
	return true
}

var passive = []string{"w", "J", "j", "M", "d", "ri", "i", "BMC", "EMC", "MP", "BX", "EX", "BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf",
	"Ts", "Td", "TD", "Tm", "T*", "CS", "SC", "SCN", "G", "RG", "K", "d0", "d1"}

// stateOp handles colour and text.
func (c *contentReader) stateOp(op string, args []any, gs *graphics) bool {
	switch op {
	case "g", "rg", "k", "cs", "sc", "scn":
		gs.fillOp(op, args)
	case "Tr":
		if v, ok := numbers(args, 1); ok {
			gs.textMode = int(v[0])
		}
	case "Tj", "TJ", "'", "\"":
		if gs.textMode == 7 {
			c.complex("text as a clip")
		} else if gs.textMode != 3 {
			c.painted("text")
		}
	default:
		return slices.Contains(passive, op)
	}
	return true
}

// fillOp sets the fill colour.
func (gs *graphics) fillOp(op string, args []any) {
	switch op {
	case "g":
		if v, ok := numbers(args, 1); ok {
			gs.fill = v[0]
		}
	case "rg":
		if v, ok := numbers(args, 3); ok {
			gs.fill = -1
			if v[0] == v[1] && v[1] == v[2] {
				gs.fill = v[0]
			}
		}
	case "k":
		if v, ok := numbers(args, 4); ok {
			gs.fill = -1
			if v[0] == v[1] && v[1] == v[2] {
				gs.fill = math.Max(0, 1-v[0]-v[3])
			}
		}
	case "cs":
		gs.fill = 0
	case "sc", "scn":
		gs.fill = -1
		if v, ok := numbers(args, 1); ok && len(args) == 1 && v[0] == 0 {
			gs.fill = 0
		}
	}
}

func (c *contentReader) do(name string, res types.Dict, gs graphics, depth int) {
	xo, _ := c.pdf.dict(res["XObject"])
	sd, err := c.pdf.stream(xo[name])
	if err != nil || sd == nil {
		c.lost = true // viewers pass over it
		return
	}
	if sd.Dict["OC"] != nil {
		c.complex("optional content")
		return
	}
	switch sub, _ := c.pdf.name(sd.Dict["Subtype"]); sub {
	case "Image":
		if gs.oddClip {
			c.complex("an image cut by a shape")
		}
		c.images = append(c.images, placed{sd, gs.ctm, gs.clip, gs.fill})
	case "Form":
		c.form(sd, res, gs, depth)
	default:
		c.complex("an object of kind " + sub)
	}
}

func (c *contentReader) form(sd *types.StreamDict, res types.Dict, gs graphics, depth int) {
	if depth >= maxFormDepth {
		c.complex("deeply nested forms")
		return
	}
	content, err := c.pdf.decoded(sd)
	if err != nil {
		c.complex("a form that cannot be read")
		return
	}
	if v, ok := c.pdf.floats(sd.Dict["Matrix"], 6); ok {
		gs.ctm = matrix(v).then(gs.ctm)
	}
	if v, ok := c.pdf.floats(sd.Dict["BBox"], 4); ok {
		box := rect{math.Min(v[0], v[2]), math.Min(v[1], v[3]), math.Max(v[0], v[2]), math.Max(v[1], v[3])}
		gs.clip = gs.clip.and(gs.ctm.bounds(box))
		gs.oddClip = gs.oddClip || !gs.ctm.upright()
	}
	if own, _ := c.pdf.dict(sd.Dict["Resources"]); own != nil {
		res = own
	}
	c.run(content, res, gs, depth+1)
}

// extGState accepts a graphics state that neither blends nor fades.
func (c *contentReader) extGState(name string, res types.Dict) {
	all, _ := c.pdf.dict(res["ExtGState"])
	d, err := c.pdf.dict(all[name])
	if err != nil {
		c.complex("a lost graphics state")
	}
	if o, _ := c.pdf.deref(d["SMask"]); o != nil && o != types.Name("None") {
		c.complex("a soft mask")
	}
	if o, _ := c.pdf.deref(d["BM"]); o != nil && o != types.Name("Normal") && o != types.Name("Compatible") {
		c.complex("blending")
	}
	for _, k := range []string{"ca", "CA"} {
		if v, ok := c.pdf.float(d[k]); ok && v < 1 {
			c.complex("transparency")
		}
	}
}

type pdfName string

func name(args []any) string {
	if len(args) > 0 {
		if n, ok := args[len(args)-1].(pdfName); ok {
			return string(n)
		}
	}
	return ""
}

// numbers returns the last n operands if they are numbers.
func numbers(args []any, n int) ([]float64, bool) {
	if len(args) < n {
		return nil, false
	}
	out := make([]float64, n)
	for i, a := range args[len(args)-n:] {
		v, ok := a.(float64)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// lexer splits a content stream into operators with their operands. Strings,
// arrays and dictionaries are passed over: no operator of interest takes one.
type lexer struct {
	b []byte
	i int
}

const maxOperands = 64

func (l *lexer) next() (op string, args []any, ok bool) {
	for {
		l.space()
		if l.i >= len(l.b) {
			return "", nil, false
		}
		switch l.b[l.i] {
		case '(':
			l.str()
		case '/':
			l.i++
			args = append(args, pdfName(unescapeName(l.word())))
		case '<':
			l.hex()
		case '>', '[', ']', '{', '}', ')':
			l.i++
		default:
			w := l.word()
			v, err := strconv.ParseFloat(w, 64)
			if err != nil && w != "true" && w != "false" && w != "null" {
				return w, args, true
			}
			args = append(args, v)
		}
		if len(args) > maxOperands {
			args = args[1:]
		}
	}
}

func (l *lexer) space() {
	for l.i < len(l.b) {
		switch l.b[l.i] {
		case 0, '\t', '\n', '\f', '\r', ' ':
			l.i++
		case '%':
			for l.i < len(l.b) && l.b[l.i] != '\n' && l.b[l.i] != '\r' {
				l.i++
			}
		default:
			return
		}
	}
}

func (l *lexer) str() {
	for depth := 0; l.i < len(l.b); l.i++ {
		switch l.b[l.i] {
		case '\\':
			l.i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				l.i++
				return
			}
		}
	}
}

// hex passes over a hexadecimal string, or over one bracket of a dictionary's two.
func (l *lexer) hex() {
	l.i++
	if l.i < len(l.b) && l.b[l.i] != '<' {
		for l.i < len(l.b) && l.b[l.i] != '>' {
			l.i++
		}
	}
}

func (l *lexer) word() string {
	start := l.i
	for l.i < len(l.b) {
		switch l.b[l.i] {
		case 0, '\t', '\n', '\f', '\r', ' ', '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
			return string(l.b[start:l.i])
		}
		l.i++
	}
	return string(l.b[start:l.i])
}

func unescapeName(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}
