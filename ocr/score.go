package ocr

import (
	_ "embed"
	"math"
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
	if empty && len(f.faint()) > 0 {
		t.ScoreReading = ScoreReading{Reason: ReasonUnclearScore}
		return t
	}
	if empty {
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
	l := m.lattice(f, atoms, row)
	m.conclude(&t, l, s, sight{f.tone, atoms, row})
	return t
}

// A dot's worth of ink: 0.25 mm2 and 1 mm, in pixels.
const dotArea, dotSize = 25, 10

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
func (m *Model) lattice(f *field, atoms []atom, row row) *lattice {
	l := &lattice{n: len(atoms), skip: make([]float64, len(atoms))}
	for i := range l.skip {
		l.skip[i] = neverDirt
	}
	for _, c := range f.candidates(atoms, row) {
		e := glyphEdge{from: c.from, to: c.to, cut: cutBody(atoms, c.from, c.to)}
		for class, p := range m.Net.Forward(&c.Glyph) {
			e.p[class] = math.Pow(float64(p), sharpen)
		}
		if c.to-c.from == 1 {
			l.skip[c.from] = m.small(&e, atoms[c.from], row)
		}
		l.edges = append(l.edges, e)
	}
	return l
}

// neverDirt is what is left of the chance to skip an atom of a digit's size.
const neverDirt = 1e-4

// small lets the separator network share an glyphEdge's probability between part of a
// glyph, separator and dirt, and returns that of dirt.
func (m *Model) small(e *glyphEdge, a atom, row row) float64 {
	if !row.small(a) {
		return neverDirt
	}
	q := m.Sep.Forward(row.features(a))
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

// When a field is not read, or read only for a person to confirm. Below unclearBelow
// the best value is more likely wrong than right. From struckHint a glyph may have
// been crossed out, which one field in fifty of clean writing seems to hold as
// well; from struckSure the number is not what remains. TestScoreFields objects to
// lower values, TestReadScoreStruck to higher ones.
const (
	unclearBelow = 0.5
	struckHint   = 0.2
	struckSure   = 0.5
	struckCap    = 0.5 // confidence of a reading beside something struck out
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
func (m *Model) conclude(t *ScoreTrace, l *lattice, s exam.Score, seen sight) {
	d := l.decode(s.Max, s.Step)
	best := l.best()
	t.Text = best.text
	t.Features = features(d, best, s, seen.tone, seen.hang(l, best))
	top := d.values[0]
	switch {
	case d.dash > 0.5 && d.dash > top.P:
		t.Reason, t.Confidence = ReasonEmptyScore, d.dash
		return
	case d.blank > 0.5 && d.blank > top.P:
		t.Reason, t.Confidence = ReasonEmptyScore, d.blank
		return
	case d.struck > struckSure:
		t.Reason = ReasonStruckOut
		return
	}
	p := m.Cal.Confidence(t.Features)
	t.Values = spread(d.values, p)
	switch {
	case p < unclearBelow:
		t.Reason = ReasonUnclearScore
		return
	case d.struck > struckHint:
		t.Reason = ReasonStruckOut
		p = min(p, struckCap)
	}
	t.Read, t.Value, t.Confidence = true, top.Value, p
}

// spread keeps the five best values, gives the first the calibrated probability
// and scales the others so that nothing exceeds 1 in sum.
func spread(values []ValueP, p float64) []ValueP {
	const keep, least = 5, 1e-4
	out := []ValueP{{values[0].Value, p}}
	k := 1.0
	if rest := 1 - values[0].P; rest > 0 {
		k = min(1, (1-p)/rest)
	}
	for _, v := range values[1:] {
		q := min(v.P*k, p)
		if len(out) == keep || q < least {
			break
		}
		out = append(out, ValueP{v.Value, q})
	}
	return out
}

// CalFeatures describe how sure a reading is; see features.
type CalFeatures [10]float32

// Calibration turns features into the probability that the value is right, by
// logistic regression fitted on the fields of writers that the networks never saw.
type Calibration struct {
	W    CalFeatures
	Bias float32
}

// Confidence returns the probability, kept off certainty: the fields it was fitted
// on do not show what happens less than once in a thousand.
func (c *Calibration) Confidence(f CalFeatures) float64 {
	z := c.Bias
	for i := range f {
		z += c.W[i] * f[i]
	}
	return min(0.999, 1/(1+math.Exp(-float64(z))))
}

// features: log odds of the best value, how well it fits, its weakest glyph,
// glyphs, glyphs at seams, dirt skipped, paleness of the pen, whether a missed
// separator would make another allowed value of it, how far a glyph hangs, and the
// chance that something is struck out.
func features(d decoded, b path, s exam.Score, tone, hang float64) CalFeatures {
	p := min(max(d.values[0].P, 1e-4), 1-1e-5)
	return CalFeatures{
		float32(math.Log(p / (1 - p))),
		float32(math.Log(max(d.fit, 1e-4))),
		float32(math.Log(max(b.weakest, 1e-3))),
		float32(b.glyphs),
		float32(b.cuts),
		float32(b.skipped),
		float32(max(0, 0.4-tone)),
		tenfold(d.values[0].Value, s.Step),
		float32(min(hang, 1)),
		float32(d.struck),
	}
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
