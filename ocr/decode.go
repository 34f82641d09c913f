package ocr

import (
	"slices"
	"strconv"
	"strings"
)

// Decoding reads a lattice of possible glyphs against the values that are allowed.
// Every way through the lattice that spells an allowed value adds to the value's
// weight; ways that spell anything else make up "none of these". All sums are by
// dynamic programming over the lattice's nodes, as in a forward algorithm.

// Symbols of a spelling: the network's classes, then the separator, which is told
// by its size and place. A fused glyph is two symbols: a digit and a separator.
const (
	symSep     = NetClasses
	symbols    = NetClasses + 1
	symbolText = "0123456789½/-#~" // one rune a symbol, in order; then come the fused ones
)

func symbolName(sym int) string {
	switch {
	case sym == symSep:
		return ","
	case sym >= ClassFused:
		return string(rune('0'+sym-ClassFused)) + ","
	}
	return string([]rune(symbolText)[sym])
}

// fusedOf returns the fused class that two neighbouring symbols make up, -1 for none.
func fusedOf(a, b int) int {
	switch {
	case a < 10 && b == symSep:
		return ClassFused + a
	case a == symSep && b < 10:
		return ClassFused + b
	}
	return -1
}

// glyphEdge is a possible glyph: the atoms from node from up to node to, with the
// probability of every symbol.
type glyphEdge struct {
	from, to int
	p        [symbols]float64
	cut      bool // its outline rests on a seam
}

// lattice holds the possible glyphs of a field of n atoms; nodes are 0 to n. skip
// is the probability that an atom is dirt.
type lattice struct {
	n     int
	edges []glyphEdge // ordered by to
	skip  []float64
}

// spelling is one way to write a value, and how usual it is beside the usual one.
type spelling struct {
	sym    []int
	weight float64
}

// How usual the spellings are. They only have to be of the right order: they
// decide between readings the ink leaves open.
const (
	usual       = 1.0
	leadingZero = 0.02  // "04": rarer than an "0,4" whose comma was lost
	longDecimal = 0.2   // "13,0", "4,50"
	bareDecimal = 0.1   // ",5"
	lostSep     = 0.015 // "45" for 4.5: a comma that a scan lost or that lies in a digit
)

// spellings lists how people write a value: "4", "4,0", "04", "4,5", "4½", "4 1/2".
func spellings(v float64) []spelling {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	whole, frac, _ := strings.Cut(text, ".")
	w := digitsOf(whole)
	var out []spelling
	add := func(weight float64, parts ...[]int) { out = append(out, spelling{slices.Concat(parts...), weight}) }
	sep := []int{symSep}
	if frac == "" {
		add(usual, w)
		add(longDecimal, w, sep, []int{0})
	} else {
		d := digitsOf(frac)
		add(usual, w, sep, d)
		add(lostSep, w, d)
		if len(d) == 1 {
			add(longDecimal, w, sep, d, []int{0})
		}
		if whole == "0" {
			add(bareDecimal, sep, d)
		}
	}
	if frac == "5" {
		if whole == "0" {
			w = nil
		}
		add(usual, w, []int{ClassHalf})
		add(usual, w, []int{1, ClassSlash, 2})
	}
	if len(whole) == 1 && v != 0 {
		for _, s := range slices.Clone(out) {
			if len(s.sym) > 0 && s.sym[0] != symSep {
				add(s.weight*leadingZero, []int{0}, s.sym)
			}
		}
	}
	return out
}

func digitsOf(s string) []int {
	out := make([]int, len(s))
	for i := range s {
		out[i] = int(s[i] - '0')
	}
	return out
}

// decoded is what a lattice says about the allowed values.
type decoded struct {
	values []ValueP // by probability, none of these left out; sums to 1-none
	none   float64  // probability that it is no allowed value
	struck float64  // share of all readings that hold a struck glyph
	gone   float64  // share of all readings that hold nothing else
	dash   float64  // share of all readings that are a single dash
	blank  float64  // probability that all of it is dirt
	fit    float64  // weight of all allowed readings: 1 for clean writing
}

// Weights of "none of these". Correctors seldom write what is not allowed, so such
// a reading counts noneShare; noneFloor is what an unreadable scrawl leaves: where
// all readings together weigh less, none of them is believed. sharpen is the power
// of a glyph's probability: the sum over the many wrong ways to cut a field drowns
// the right one at 1, and at 2 one sure glyph outvotes three fair ones. All three
// were set on the fields that calibrate the confidence.
const (
	noneShare = 0.03
	noneFloor = 0.001
	sharpen   = 1.25
)

// decode weighs the values from 0 to most in steps.
func (l *lattice) decode(most, step float64) decoded {
	all, clean := l.total(true), l.total(false)
	dirt := l.dirt()
	gone := max(0, l.weigh(nil)-dirt)
	var d decoded
	allowed, sum := 0.0, 0.0
	for i := 0; ; i++ {
		v := float64(i) * step
		if v > most+step*1e-6 || i > maxValues {
			break
		}
		w := 0.0
		for _, s := range spellings(v) {
			p := l.weigh(s.sym)
			if s.weight > lostSep {
				allowed += p
			}
			w += p * s.weight
		}
		d.values = append(d.values, ValueP{v, w})
		sum += w
		if step <= 0 {
			break
		}
	}
	none := noneShare*max(0, all-allowed) + noneFloor
	for i := range d.values {
		d.values[i].P /= sum + none
	}
	d.none, d.fit = none/(sum+none), allowed
	d.struck = max(0, all-clean) / (all + noneFloor)
	d.gone = gone / (all + noneFloor)
	d.blank = dirt / (all + dirt + noneFloor)
	d.dash = l.weigh([]int{ClassMinus}) / (all + noneFloor)
	slices.SortStableFunc(d.values, func(a, b ValueP) int {
		if a.P > b.P {
			return -1
		}
		if a.P < b.P {
			return 1
		}
		return 0
	})
	return d
}

// maxValues bounds the work for an exam whose step is tiny against its maximum.
const maxValues = 2000

// weigh sums over all ways through the lattice that spell sym.
func (l *lattice) weigh(sym []int) float64 {
	k := len(sym)
	if l.n > maxAtoms || k > maxAtoms {
		return 0
	}
	var f [maxAtoms + 1][maxAtoms + 1]float64 // f[symbols read][node]
	f[0][0] = 1
	e := 0
	for node := 1; node <= l.n; node++ {
		for j := 0; j <= k; j++ {
			f[j][node] = f[j][node-1] * l.skip[node-1]
		}
		for ; e < len(l.edges) && l.edges[e].to == node; e++ {
			ed := &l.edges[e]
			for j := range k + 1 { // beside something struck out stands what counts
				f[j][node] += f[j][ed.from] * ed.p[ClassStruck]
			}
			for j := 1; j <= k; j++ {
				f[j][node] += f[j-1][ed.from] * ed.p[sym[j-1]]
			}
			for j := 2; j <= k; j++ {
				if c := fusedOf(sym[j-2], sym[j-1]); c >= 0 {
					f[j][node] += f[j-2][ed.from] * ed.p[c]
				}
			}
		}
	}
	return f[k][l.n]
}

// total sums over all ways that spell anything of at least one symbol, junk left
// out: that a wrong segment is junk says nothing against the right one.
func (l *lattice) total(withStruck bool) float64 {
	f := make([]float64, l.n+1)
	f[0] = 1
	e := 0
	for node := 1; node <= l.n; node++ {
		f[node] = f[node-1] * l.skip[node-1]
		for ; e < len(l.edges) && l.edges[e].to == node; e++ {
			f[node] += f[l.edges[e].from] * l.edges[e].sum(withStruck)
		}
	}
	return max(0, f[l.n]-l.dirt())
}

// dirt is the weight of the way that skips every atom.
func (l *lattice) dirt() float64 {
	p := 1.0
	for _, s := range l.skip {
		p *= s
	}
	return p
}

// sum is the probability that the edge is a glyph at all.
func (e *glyphEdge) sum(withStruck bool) float64 {
	s := 0.0
	for c, p := range e.p {
		if c != ClassJunk && (c != ClassStruck || withStruck) {
			s += p
		}
	}
	return s
}

// path is the most probable way through a lattice.
type path struct {
	text    string
	weakest float64 // least probability of a glyph on it
	skipped int     // atoms taken for dirt
	cuts    int     // glyphs whose outline rests on a seam
	glyphs  int
	edges   []int
	syms    []int
}

// spells reports that the path reads as sym, struck glyphs left out.
func (p path) spells(sym []int) bool {
	var own []int
	for _, c := range slices.Backward(p.syms) {
		if c != ClassStruck {
			own = append(own, c)
		}
	}
	k := 0
	for _, c := range own {
		if c >= ClassFused && c < NetClasses {
			if k+2 > len(sym) || fusedOf(sym[k], sym[k+1]) != c {
				return false
			}
			k += 2
			continue
		}
		if k == len(sym) || sym[k] != c {
			return false
		}
		k++
	}
	return k == len(sym)
}

// best follows the most probable way that spells anything (Viterbi).
func (l *lattice) best() path {
	type back struct {
		p    float64
		edge int // -1: skipped
		sym  int
	}
	b := make([]back, l.n+1)
	b[0].p = 1
	e := 0
	for node := 1; node <= l.n; node++ {
		b[node] = back{b[node-1].p * l.skip[node-1], -1, 0}
		for ; e < len(l.edges) && l.edges[e].to == node; e++ {
			for c, p := range l.edges[e].p {
				if q := b[l.edges[e].from].p * p; c != ClassJunk && q > b[node].p {
					b[node] = back{q, e, c}
				}
			}
		}
	}
	out := path{weakest: 1}
	for node := l.n; node > 0; {
		if b[node].edge < 0 {
			out.skipped++
			node--
			continue
		}
		ed := &l.edges[b[node].edge]
		out.text = symbolName(b[node].sym) + out.text
		out.weakest = min(out.weakest, ed.p[b[node].sym])
		if ed.cut {
			out.cuts++
		}
		out.glyphs++
		out.edges = append(out.edges, b[node].edge)
		out.syms = append(out.syms, b[node].sym)
		node = ed.from
	}
	return out
}
