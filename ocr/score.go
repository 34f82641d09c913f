package ocr

import (
	_ "embed"
	"math"
	"slices"
	"sync"

	"scan/internal/exam"
	"scan/internal/raster"
)

// Reasons of a score reading; docs/formats.md explains them.
const (
	ReasonEmptyScore   = "empty-score"   // nothing, or a dash
	ReasonStruckOut    = "struck-out"    // something was crossed out
	ReasonUnclearScore = "unclear-score" // ink that is no allowed value
	ReasonScoreCut     = "score-cut-off" // the scan does not show the whole field
)

//go:embed weights/digits.bin
var digitWeights []byte

// embedded is the model that the program carries.
var embedded = sync.OnceValue(func() *Model {
	m, err := ParseModel(digitWeights)
	if err != nil {
		panic(err) // TestWeightsRecord keeps this from happening
	}
	return m
})

// ReadScore reads a handwritten number from a cell of the cover's score table. form
// is the blank page, whose print is subtracted; v maps mm to pixels of the scan,
// good to about 0.4 mm. Values holds up to five allowed values, best first, and
// Confidence is the calibrated probability that Value is right, or that the field
// is empty where Reason is "empty-score". Safe for concurrent use.
func ReadScore(v raster.View, form raster.FormPage, s exam.Score) ScoreReading {
	return embedded().ReadScore(v, form, s)
}

// ReadScore is the function of that name with other weights.
func (m *Model) ReadScore(v raster.View, form raster.FormPage, s exam.Score) ScoreReading {
	return m.TraceScore(v, form, s).ScoreReading
}

// ScoreTrace is a reading with what it rests on, for training and for showing.
type ScoreTrace struct {
	ScoreReading
	Features CalFeatures // of Confidence
	Atoms    []AtomTrace // pieces of ink, left to right
	Tone     float64     // darkness of the pen, 0 paper to 1 black
}

// AtomTrace is a piece of ink small enough to be a separator.
type AtomTrace struct {
	X, Y, W, H float64 // mm on the form page
	Small      bool
	Sep        SepFeatures // where Small
}

// TraceScore reads a score and tells how.
func (m *Model) TraceScore(v raster.View, form raster.FormPage, s exam.Score) ScoreTrace {
	f := openField(v, form, s.Box)
	if f.outside > 0.1 {
		return ScoreTrace{ScoreReading: ScoreReading{Reason: ReasonScoreCut}}
	}
	atoms, height := f.segment(f.mask, f.keep)
	t := ScoreTrace{Tone: f.tone}
	empty, p := f.empty(atoms)
	if empty && (f.specks() >= manySpecks || len(f.faint()) > 0) {
		t.ScoreReading = ScoreReading{Reason: ReasonUnclearScore}
		return t
	}
	if empty {
		if v.Page.Bilevel {
			p = min(p, bilevelEmpty)
		}
		t.ScoreReading = ScoreReading{Confidence: p, Reason: ReasonEmptyScore}
		return t
	}
	if len(atoms) > maxAtoms {
		t.ScoreReading = ScoreReading{Reason: ReasonUnclearScore}
		return t
	}
	row := measureRow(atoms, height)
	for _, a := range atoms {
		t.Atoms = append(t.Atoms, row.trace(a, s.Box.X-cellMarginMM, s.Box.Y-cellMarginMM))
	}
	j := m.judge()
	l := j.lattice(f, atoms, row)
	j.conclude(&t, l, s, sight{f.tone, atoms, row})
	return t
}

// Pieces is the part of TraceScore that no network has a hand in: the pieces of ink.
func Pieces(v raster.View, form raster.FormPage, s exam.Score) ScoreTrace {
	f := openField(v, form, s.Box)
	t := ScoreTrace{Tone: f.tone}
	atoms, height := f.segment(f.mask, f.keep)
	row := measureRow(atoms, height)
	for _, a := range atoms {
		t.Atoms = append(t.Atoms, row.trace(a, s.Box.X-cellMarginMM, s.Box.Y-cellMarginMM))
	}
	return t
}

// A dot's worth of ink: 0.25 mm2 and 1 mm, in pixels.
const dotArea, dotSize = 25, 10

// bilevelEmpty is what is left of the certainty that a field is empty where the scan is
// black and white: some pens leave no trace there. Only a strict policy asks about it.
const bilevelEmpty = 0.992

// manySpecks in one field are what a black-and-white scan leaves of a pale pen, whatever
// their size: dirt spread evenly leaves one or two. TestReadScoreSpecks objects to more.
const manySpecks = 4

// specks counts the pieces of ink of any size away from the print.
func (f *field) specks() int {
	clear(f.label)
	n := 0
	const edge = 4 // pixels
	for _, a := range f.components(f.mask) {
		x, y := (a.x0+a.x1)/2, (a.y0+a.y1)/2
		if x >= f.inner.x0+edge && x < f.inner.x1-edge && y >= f.inner.y0+edge && y < f.inner.y1-edge && !f.printNear(x, y) {
			n++
		}
	}
	return n
}

// empty decides that a field holds no glyph: at most a dot's worth of ink. The
// probability falls with the ink that is there.
func (f *field) empty(atoms []atom) (bool, float64) {
	area, size := 0, 0
	for _, a := range atoms {
		area += a.area
		size = max(size, a.w(), a.h())
	}
	if area > dotArea || size > dotSize {
		return false, 0
	}
	return true, 0.998 - 0.1*float64(area)/dotArea
}

// Candidate is a run of neighbouring atoms that may be one glyph.
type Candidate struct {
	Glyph      Glyph
	X, Y, W, H float64 // mm on the form page
	from, to   int     // atoms
}

// Candidates returns everything in a field that ReadScore would give to the
// network: what to train it on.
func Candidates(v raster.View, form raster.FormPage, s exam.Score) []Candidate {
	f := openField(v, form, s.Box)
	atoms, height := f.segment(f.mask, f.keep)
	if len(atoms) > maxAtoms {
		return nil
	}
	out := f.candidates(atoms, measureRow(atoms, height))
	for i := range out {
		out[i].X += s.Box.X - cellMarginMM
		out[i].Y += s.Box.Y - cellMarginMM
	}
	return out
}

// candidates lists the runs, ordered by their last atom; boxes are in mm of the
// field.
func (f *field) candidates(atoms []atom, row row) []Candidate {
	var out []Candidate
	for to := 1; to <= len(atoms); to++ {
		for from := max(0, to-maxJoin); from < to; from++ {
			if !row.mayJoin(atoms[from:to]) {
				continue
			}
			ink, r := f.join(atoms[from:to])
			if g, ok := NormaliseGlyph(ink); ok {
				out = append(out, Candidate{g,
					float64(r.x0) / cellPxPerMM, float64(r.y0) / cellPxPerMM,
					float64(r.w()) / cellPxPerMM, float64(r.h()) / cellPxPerMM, from, to})
			}
		}
	}
	return out
}

// lattice gives the candidates to the networks.
func (j *judge) lattice(f *field, atoms []atom, row row) *lattice {
	l := &lattice{n: len(atoms), skip: make([]float64, len(atoms))}
	for i := range l.skip {
		l.skip[i] = neverDirt
	}
	for _, c := range f.candidates(atoms, row) {
		e := glyphEdge{from: c.from, to: c.to, cut: cutBody(atoms, c.from, c.to)}
		for class, p := range j.glyph(&c.Glyph) {
			e.p[class] = math.Pow(float64(p), sharpen)
		}
		if c.to-c.from == 1 {
			l.skip[c.from] = j.small(&e, atoms[c.from], row)
		}
		l.edges = append(l.edges, e)
	}
	return l
}

// neverDirt is what is left of the chance to skip an atom of a digit's size.
const neverDirt = 1e-4

// small lets the separator network share an glyphEdge's probability between part of a
// glyph, separator and dirt, and returns that of dirt.
func (j *judge) small(e *glyphEdge, a atom, row row) float64 {
	if !row.small(a) {
		return neverDirt
	}
	f := row.features(a)
	q := probabilities(j.Sep.Run(nil, f[:], j.sep))
	for c := range e.p {
		e.p[c] *= q[SepGlyph]
	}
	e.p[symSep] = q[SepSeparator]
	return max(q[SepDirt], neverDirt)
}

// cutBody reports whether the run ends or begins at a seam.
func cutBody(atoms []atom, from, to int) bool {
	return from > 0 && atoms[from-1].body == atoms[from].body ||
		to < len(atoms) && atoms[to-1].body == atoms[to].body
}

// When a field is not read. Where something is struck out and struckSure of all
// readings see nothing beside it, the number is gone. Where none of the readings is an
// allowed value (noneSure) and the best of them is worth less than unclearBelow, a list
// of values would only repeat what is allowed. TestScoreFields objects to lower values,
// TestReadScoreStruck to higher ones.
const (
	struckSure   = 0.5
	noneSure     = 0.95
	unclearBelow = 0.1
	struckHint   = 0.2
	struckCap    = 0.9   // confidence beside something struck out: only the sum makes up for it
	emptySure    = 0.995 // what a dash, or dirt, is believed at most
)

// sight is what the confidence rests on besides the lattice.
type sight struct {
	tone  float64
	atoms []atom
	row   row
}

// hang returns how far the lowest glyph of a path reaches below the highest one's
// bottom, in digit heights, separators left out: a comma that touches a digit pulls
// its outline down.
func (s sight) hang(l *lattice, b path) float64 {
	high, low := math.Inf(1), math.Inf(-1)
	for i, e := range b.edges {
		if b.syms[i] == symSep {
			continue
		}
		bottom := 0
		for _, a := range s.atoms[l.edges[e].from:l.edges[e].to] {
			bottom = max(bottom, a.y1)
		}
		high, low = min(high, float64(bottom)), max(low, float64(bottom))
	}
	return max(0, (low-high)/s.row.height)
}

// conclude decodes the lattice and fills the reading.
func (j *judge) conclude(t *ScoreTrace, l *lattice, s exam.Score, seen sight) {
	d := l.decode(s.Max, s.Step)
	best := l.best()
	t.Text = best.text
	t.Features = features(d, best, s, seen, l)
	top := d.values[0]
	switch {
	case d.dash > 0.5 && d.dash > top.P:
		t.Reason, t.Confidence = ReasonEmptyScore, min(d.dash, emptySure)
		return
	case d.blank > 0.5 && d.blank > top.P:
		t.Reason, t.Confidence = ReasonEmptyScore, min(d.blank, emptySure)
		return
	case d.gone > struckSure && d.gone > top.P:
		t.Reason = ReasonStruckOut
		return
	}
	p := j.confidence(t.Features)
	if d.struck > struckHint {
		p = min(p, struckCap)
	}
	t.Values = spread(d.values, p)
	if d.none > noneSure && p < unclearBelow {
		t.Reason = ReasonUnclearScore
		return
	}
	t.Read, t.Value, t.Confidence = true, top.Value, p
}

// What is left for the values that are not the first is shared as the lattice weighs
// them but for evenShare of it, which all get alike: a reading that is wrong is often
// wrong because the right glyph was never seen.
const (
	evenShare  = 0.15
	keepValues = 16
	leastP     = 1e-4
)

// spread gives the first value its calibrated probability p and the others what p
// leaves, and keeps the most probable.
func spread(values []ValueP, p float64) []ValueP {
	out := []ValueP{{values[0].Value, p}}
	rest := 0.0
	for _, v := range values[1:] {
		rest += v.P
	}
	for _, v := range values[1:] {
		share := evenShare / float64(len(values)-1)
		if rest > 0 {
			share += (1 - evenShare) * v.P / rest
		}
		q := min((1-p)*share, p)
		if len(out) == keepValues || q < leastP {
			break
		}
		out = append(out, ValueP{v.Value, q})
	}
	return out
}

// CalFeatures describe how sure a reading is; see features.
type CalFeatures [16]float32

// confidence returns the probability that the best value is right, kept off certainty:
// the fields it was fitted on do not show what happens less than once in a thousand.
func (j *judge) confidence(f CalFeatures) float64 {
	return min(0.9995, probabilities(j.Cal.Run(nil, f[:], j.cal))[1])
}

// features: log odds of the best value, log of its lead over the next, how well it
// fits, its weakest glyph, glyphs, glyphs at seams, dirt skipped, paleness of the pen,
// whether a missed separator would make another allowed value of it, how far a glyph
// hangs, the chance that something is struck out, the weight of what is no allowed
// value, the widest white between pieces, the pieces, and what the best path says.
func features(d decoded, b path, s exam.Score, seen sight, l *lattice) CalFeatures {
	top := d.values[0]
	p := min(max(top.P, 1e-4), 1-1e-6)
	next := 1e-6
	if len(d.values) > 1 {
		next = max(d.values[1].P, 1e-6)
	}
	agrees := float32(0)
	if slices.ContainsFunc(spellings(top.Value), func(s spelling) bool { return s.weight >= leadingZero && b.spells(s.sym) }) {
		agrees = 1
	}
	return CalFeatures{
		float32(math.Log(p/(1-p))) / 4,
		float32(math.Log(max(p/next, 1))) / 4,
		float32(math.Log(max(d.fit, 1e-4))) / 4,
		float32(math.Log(max(b.weakest, 1e-3))) / 2,
		float32(b.glyphs) / 3,
		float32(b.cuts) / 3,
		min(float32(b.skipped)/2, 2),
		float32(max(0, 0.4-seen.tone)) * 4,
		tenfold(top.Value, s.Step),
		float32(min(seen.hang(l, b), 1)),
		float32(min(d.struck, 1)),
		float32(math.Log(min(max(d.none, 1e-5), 1))) / 4,
		min(seen.widest(), 3),
		float32(len(seen.atoms)) / 6,
		agrees,
		float32(min(s.Max/s.Step, 100)) / 50,
	}
}

// widest returns the widest white column between neighbouring pieces, in digit heights.
func (s sight) widest() float32 {
	edge, widest := s.atoms[0].x1, 0
	for _, a := range s.atoms[1:] {
		widest = max(widest, a.x0-edge)
		edge = max(edge, a.x1)
	}
	return float32(float64(widest) / s.row.height)
}

// tenfold is 1 for a value read without a separator that is ten times an allowed
// one: "15" may be a "1,5" whose comma was lost.
func tenfold(v, step float64) float32 {
	if v < 10 || step <= 0 || v != math.Trunc(v) {
		return 0
	}
	if n := v / 10 / step; math.Abs(n-math.Round(n)) > 1e-6 {
		return 0
	}
	return 1
}
