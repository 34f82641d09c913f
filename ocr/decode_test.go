package ocr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// glyphChain is a lattice of one glyph after the other. Each is named by its symbol and
// has probability p; the rest goes to the symbol in second.
func glyphChain(p float64, text, second string) *lattice {
	l := &lattice{}
	alt := []rune(second)
	for i, c := range []rune(text) {
		e := glyphEdge{from: i, to: i + 1}
		e.p[symbolOf(c)] = p
		if i < len(alt) {
			e.p[symbolOf(alt[i])] += 1 - p
		}
		l.edges = append(l.edges, e)
		l.skip = append(l.skip, neverDirt)
		l.n++
	}
	return l
}

func symbolOf(c rune) int {
	if c == ',' {
		return symSep
	}
	for i, s := range []rune(symbolText) {
		if s == c {
			return i
		}
	}
	panic("no symbol " + string(c))
}

func TestDecodeSpellings(t *testing.T) {
	for text, want := range map[string]float64{
		"4": 4, "4,5": 4.5, "#4,5": 4.5, "4½": 4.5, "41/2": 4.5, "½": 0.5, "1/2": 0.5, "0,5": 0.5, ",5": 0.5,
		"04": 4, "04,5": 4.5, "13,0": 13, "13": 13, "0": 0, "0,0": 0, "4,50": 4.5, "29½": 29.5,
	} {
		d := glyphChain(0.95, text, "").decode(30, 0.5)
		require.NotEmpty(t, d.values)
		assert.InDelta(t, want, d.values[0].Value, 1e-9, text)
		assert.Greater(t, d.values[0].P, 0.9*(1-d.none), text)
	}
}

func TestDecodeQuarters(t *testing.T) {
	d := glyphChain(0.95, "2,75", "").decode(5, 0.25)
	assert.InDelta(t, 2.75, d.values[0].Value, 1e-9)
	assert.Greater(t, d.none, glyphChain(0.95, "2,75", "").decode(5, 0.25).none-1e-12)
	assert.Greater(t, glyphChain(0.95, "2,75", "").decode(5, 0.5).none, 0.9, "not allowed in steps of 0.5")
}

func TestDecodeRefusesWhatIsNotAllowed(t *testing.T) {
	for _, text := range []string{"19", "4,3", "4,", "--", "4-", "5,,5", "/", "180"} {
		d := glyphChain(0.95, text, "").decode(18, 0.5)
		assert.Greater(t, d.none, 0.9, text)
	}
}

func TestDecodePrefersAllowed(t *testing.T) {
	d := glyphChain(0.6, "79", "14").decode(18, 0.5) // 7 or 1, then 9 or 4
	assert.Contains(t, []float64{14, 19}, d.values[0].Value)
	assert.InDelta(t, 14.0, d.values[0].Value, 1e-9, "79, 74 and 19 are more than 18")
	assert.Less(t, d.values[0].P, 0.9, "yet the net saw a 7 and a 9")
}

// A 4 in two pieces: together it is a 4, apart junk and a 1.
func TestDecodeJoinsPieces(t *testing.T) {
	l := &lattice{n: 2, skip: []float64{neverDirt, neverDirt}}
	part, one, four := glyphEdge{from: 0, to: 1, cut: true}, glyphEdge{from: 1, to: 2, cut: true}, glyphEdge{from: 0, to: 2}
	part.p[ClassJunk], part.p[6] = 0.9, 0.1
	one.p[1], one.p[ClassJunk] = 0.8, 0.2
	four.p[4], four.p[9] = 0.9, 0.05
	l.edges = []glyphEdge{part, one, four}
	d := l.decode(91, 1)
	assert.InDelta(t, 4.0, d.values[0].Value, 1e-9)
	b := l.best()
	assert.Equal(t, "4", b.text)
	assert.Zero(t, b.cuts)
	assert.InDelta(t, 0.9, b.weakest, 1e-9)
}

func TestDecodeSkipsDirt(t *testing.T) {
	l := glyphChain(0.95, "4~", "")
	l.edges[1].p = [symbols]float64{} // a speck that is no glyph
	l.skip[1] = 0.9
	d := l.decode(18, 0.5)
	assert.InDelta(t, 4.0, d.values[0].Value, 1e-9)
	assert.Equal(t, 1, l.best().skipped)
}

func TestDecodeDashAndStruck(t *testing.T) {
	assert.Greater(t, glyphChain(0.95, "-", "").decode(18, 0.5).dash, 0.9)
	d := glyphChain(0.95, "#4", "").decode(18, 0.5)
	assert.Greater(t, d.struck, 0.9)
	assert.Less(t, glyphChain(0.95, "14", "").decode(18, 0.5).struck, 0.01)
}

// A 5 that its comma runs into: the network says so, and the comma counts.
func TestDecodeFused(t *testing.T) {
	l := glyphChain(0.95, "25", "")
	l.edges[1].p[5], l.edges[1].p[ClassFused+5] = 0.1, 0.85
	d := l.decode(30, 0.5)
	assert.InDelta(t, 2.5, d.values[0].Value, 1e-9)
	assert.InDelta(t, 25, d.values[1].Value, 1e-9)
	assert.Equal(t, "25,", l.best().text)
	assert.True(t, l.best().spells([]int{2, symSep, 5}))
	assert.False(t, l.best().spells([]int{2, 5}))
}

// "45" of 18 is most likely 4.5 without its comma, but nobody may rely on it.
func TestDecodeLostSeparator(t *testing.T) {
	d := glyphChain(0.95, "45", "").decode(18, 0.5)
	assert.InDelta(t, 4.5, d.values[0].Value, 1e-9)
	assert.Less(t, d.values[0].P, 0.6)
	d = glyphChain(0.95, "25", "").decode(30, 0.5)
	assert.InDelta(t, 25, d.values[0].Value, 1e-9)
	assert.InDelta(t, 2.5, d.values[1].Value, 1e-9)
}

// The sums of the forward algorithm against every way spelt out.
func TestWeighMatchesEnumeration(t *testing.T) {
	l := glyphChain(0.7, "1,5", "789")
	l.edges[1].p[5] = 0.2
	l.skip = []float64{0.1, 0.2, 0.3}
	wide := glyphEdge{from: 0, to: 2}
	wide.p[1], wide.p[5] = 0.25, 0.5
	l.edges = []glyphEdge{l.edges[0], l.edges[1], wide, l.edges[2]}
	for _, text := range []string{"1", "15", "1,5", "5", "55", ",5"} {
		var sym []int
		for _, c := range text {
			sym = append(sym, symbolOf(c))
		}
		assert.InDelta(t, enumerate(l, 0, sym), l.weigh(sym), 1e-12, text)
	}
}

func enumerate(l *lattice, node int, sym []int) float64 {
	if node == l.n {
		if len(sym) == 0 {
			return 1
		}
		return 0
	}
	sum := l.skip[node] * enumerate(l, node+1, sym)
	for _, e := range l.edges {
		if e.from == node && len(sym) > 0 {
			sum += e.p[sym[0]] * enumerate(l, e.to, sym[1:])
		}
	}
	return sum
}

func TestSpellingsAreDistinct(t *testing.T) {
	seen := map[string]float64{}
	for i := range 183 {
		v := float64(i) / 2
		for _, s := range spellings(v) {
			if s.weight <= lostSep {
				continue // "25" may be a 2.5 without its comma
			}
			var b strings.Builder
			for _, c := range s.sym {
				b.WriteString(symbolName(c))
			}
			other, twice := seen[b.String()]
			assert.False(t, twice, "%q spells %v and %v", b.String(), v, other)
			seen[b.String()] = v
		}
	}
}

// The list gives the first value its probability, and to each of the others a part of
// the rest: the value that was written is seldom missing from it.
func TestSpread(t *testing.T) {
	values := make([]ValueP, 61)
	for i := range values {
		values[i] = ValueP{float64(i) / 2, 1e-9}
	}
	values[0].P, values[1].P = 0.9, 0.02
	for _, p := range []float64{0.999, 0.7, 0.1} {
		out := spread(values, p)
		assert.InDelta(t, p, out[0].P, 1e-12)
		sum := 0.0
		for i, v := range out {
			sum += v.P
			assert.LessOrEqual(t, v.P, out[max(i-1, 0)].P)
		}
		assert.LessOrEqual(t, sum, 1+1e-9)
	}
	assert.Len(t, spread(values, 0.7), keepValues)
	assert.Len(t, spread(values, 0.9995), 2, "nothing that rare is worth listing")
}
