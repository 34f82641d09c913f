package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"scan/ocr"
)

// reportAll measures a model on writers that neither training nor calibration saw.
func reportAll(m *ocr.Model, s *sets, fields int) error {
	printDigits(m, s.test)
	if fields == 0 {
		return nil
	}
	fmt.Println("fields drawn like those of the calibration:")
	newTally(m, s.test, fields, 9000).print()
	for _, level := range []string{"clean", "default", "heavy", "default-150"} {
		fmt.Printf("fields through the simulated scanner, level %s:\n", level)
		t, err := practiceTally(m, s.test, level, max(fields/500, 1))
		if err != nil {
			return err
		}
		t.print()
	}
	return nil
}

// printDigits counts single digits by set.
func printDigits(m *ocr.Model, p *part) {
	for _, set := range []string{"strokes, as written", "strokes, distorted", "mnist", "bhmsds", "optdigits32", "usps", "orand-car-a"} {
		wrong, n := digitErrors(m, p, set)
		fmt.Printf("single digits, %-20s %4d of %5d wrong: %.2f %%\n", set, wrong, n, 100*float64(wrong)/float64(n))
	}
}

// digitErrors names every digit of a set of one part, without reject.
func digitErrors(m *ocr.Model, p *part, set string) (wrong, n int) {
	mk := newMaker(p, seed, 8000)
	count := func(im ocr.InkImage, d int) {
		q, ok := m.Classify(im)
		if n++; !ok || digit(q) != d {
			wrong++
		}
	}
	if by, ok := p.digits[set]; ok {
		for d, pics := range by {
			for _, q := range pics {
				count(q.InkImage, d)
			}
		}
		return wrong, n
	}
	for i := range p.hands {
		for d, samples := range p.hands[i] {
			for _, st := range samples {
				if set == "strokes, distorted" {
					st = mk.distort(st)
				}
				count(mk.ink(st), d)
			}
		}
	}
	return wrong, n
}

// practiceTally reads pages of simulated fields in the hands of a part.
func practiceTally(m *ocr.Model, p *part, level string, pages int) (*tally, error) {
	t := &tally{rng: rand.New(rand.NewPCG(seed, 9500))}
	for page := range pages {
		fields, err := practicePage(p, level, uint64(500+page))
		if err != nil {
			return nil, err
		}
		for i := range fields {
			f := &fields[i]
			start := time.Now()
			f.got = m.ReadScore(f.view, f.form, f.score)
			t.perField += time.Since(start) / time.Duration(pages*len(fields))
			t.add(&sheet{empty: f.empty, value: f.value, score: f.score}, f.got)
		}
	}
	return t, nil
}

// digit is the most probable of the ten digits.
func digit(p [ocr.NetClasses]float32) int {
	best := 0
	for i := range 10 {
		if p[i] > p[best] {
			best = i
		}
	}
	return best
}

// tally counts what became of simulated fields.
type tally struct {
	sum                  sumTally
	rng                  *rand.Rand
	plain, best          int // fields with one allowed number; first guess right
	empty, emptyRight    int
	struck, struckSilent int
	odd, oddSilent       int
	emptyWrong           int     // numbers taken for empty fields
	listed               int     // fields whose value is among the values listed
	loss                 float64 // sum of -log of the probability given to what was written
	conf                 []float64
	right                []bool
	perField             time.Duration
}

// silent is the confidence from which no one looks, for the counts of fields that
// hold no allowed number.
const silent = 0.95

func newTally(m *ocr.Model, p *part, n int, stream uint64) *tally {
	sc := newScene(p, stream)
	t := &tally{rng: rand.New(rand.NewPCG(seed, 9500))}
	for range n {
		sh := sc.sheet()
		start := time.Now()
		r := m.ReadScore(sh.view, sh.form, sh.score)
		t.perField += time.Since(start) / time.Duration(n)
		t.add(sh, r)
	}
	return t
}

func (t *tally) add(sh *sheet, r ocr.ScoreReading) {
	quiet := r.Read && r.Reason == "" && r.Confidence >= silent
	switch {
	case sh.empty:
		t.empty++
		if r.Reason == ocr.ReasonEmptyScore {
			t.emptyRight++
		}
	case sh.struck:
		t.struck++
		if quiet && r.Value != sh.value {
			t.struckSilent++
		}
	case sh.odd:
		t.odd++
		if quiet {
			t.oddSilent++
		}
	default:
		t.plain++
		t.sum.add(t.rng, sh.score, sh.value, r)
		if r.Reason == ocr.ReasonEmptyScore {
			t.emptyWrong++
		}
		right := len(r.Values) > 0 && r.Values[0].Value == sh.value
		if right {
			t.best++
		}
		given := 1e-4
		if i := slices.IndexFunc(r.Values, func(v ocr.ValueP) bool { return v.Value == sh.value }); i >= 0 {
			given = max(given, r.Values[i].P)
			t.listed++
		}
		t.loss -= math.Log(given)
		c := r.Confidence
		if !r.Read || r.Reason != "" {
			c = 0
		}
		t.conf, t.right = append(t.conf, c), append(t.right, right)
	}
}

// at counts silent errors and reviews if everything below the threshold is
// reviewed.
func (t *tally) at(threshold float64) (misread, review int) {
	for i, c := range t.conf {
		if c < threshold {
			review++
		} else if !t.right[i] {
			misread++
		}
	}
	return
}

func (t *tally) print() {
	fmt.Printf("fields with a number: %d, first guess right %.4f, value listed %.4f, taken for empty %d, log loss %.4f, ECE %.4f\n",
		t.plain, float64(t.best)/float64(t.plain), float64(t.listed)/float64(t.plain), t.emptyWrong, t.loss/float64(t.plain), t.ece())
	for _, c := range []float64{0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995} {
		mis, rev := t.at(c)
		fmt.Printf("  threshold %.3f: misread %3d (%.4f), review %4d (%.3f)\n", c, mis, float64(mis)/float64(t.plain), rev, float64(rev)/float64(t.plain))
	}
	for _, b := range bins {
		lo, hi := b[0], b[1]
		n, r, sum := 0, 0, 0.0
		for i, c := range t.conf {
			if c >= lo && c < hi && c > 0 {
				n++
				sum += c
				if t.right[i] {
					r++
				}
			}
		}
		if n > 0 {
			fmt.Printf("  confidence %.2f: said %.3f, was %.3f of %d\n", lo, sum/float64(n), float64(r)/float64(n), n)
		}
	}
	t.sum.print()
	fmt.Printf("empty %d, told %d; struck %d, silently wrong %d; not allowed %d, silently read %d (at %.2f)\n",
		t.empty, t.emptyRight, t.struck, t.struckSilent, t.odd, t.oddSilent, silent)
	fmt.Printf("time a field: %v\n", t.perField)
}

// bins of the reliability diagram; fine where decisions fall.
var bins = [][2]float64{{0, 0.2}, {0.2, 0.4}, {0.4, 0.6}, {0.6, 0.8}, {0.8, 0.9}, {0.9, 0.95}, {0.95, 0.98}, {0.98, 0.99}, {0.99, 1.01}}

// ece is the expected calibration error: how far said and seen lie apart in a bin, in
// the mean over fields.
func (t *tally) ece() float64 {
	off := 0.0
	for _, b := range bins {
		said, seen := 0.0, 0.0
		for i, c := range t.conf {
			if c >= b[0] && c < b[1] {
				said += c
				if t.right[i] {
					seen++
				}
			}
		}
		off += math.Abs(said - seen)
	}
	return off / float64(max(len(t.conf), 1))
}
