package main

import (
	"fmt"
	"time"

	"scan/ocr"
)

const reportSheets = 6000

// reportAll measures a model on writers that neither training nor calibration saw.
func reportAll(m *ocr.Model, s *sets) error {
	fmt.Printf("single digits, 5 unseen writers, distorted: %.4f\n", penAccuracy(m, s, true))
	fmt.Printf("single digits, 5 unseen writers, as written: %.4f\n", penAccuracy(m, s, false))
	fmt.Printf("single digits, unseen cheques: %.4f\n", pictureAccuracy(m, s.chequeTest))
	newTally(m, s, reportSheets, 9000).print()
	return nil
}

// penAccuracy is the share of the test writers' digits that the network names
// right, pen and noise random.
func penAccuracy(m *ocr.Model, s *sets, distort bool) float64 {
	mk := newMaker(s, seed, 8000)
	right, n := 0, 0
	for i := range s.test {
		for d, samples := range s.test[i] {
			for _, st := range samples {
				if distort {
					st = mk.distort(st)
				}
				g, ok := mk.finish(mk.ink(st), d)
				if ok && digit(m.Net.Forward(&g.Glyph)) == d {
					right++
				}
				n++
			}
		}
	}
	return float64(right) / float64(n)
}

func pictureAccuracy(m *ocr.Model, pics []picture) float64 {
	right := 0
	for _, p := range pics {
		if g, ok := ocr.NormaliseGlyph(p.InkImage); ok && digit(m.Net.Forward(&g)) == p.class {
			right++
		}
	}
	return float64(right) / float64(len(pics))
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
	plain, best          int // fields with one allowed number; first guess right
	empty, emptyRight    int
	struck, struckSilent int
	odd, oddSilent       int
	emptyWrong           int // numbers taken for empty fields
	conf                 []float64
	right                []bool
	perField             time.Duration
}

// silent is the confidence from which no one looks, for the counts of fields that
// hold no allowed number.
const silent = 0.95

func newTally(m *ocr.Model, s *sets, n int, stream uint64) *tally {
	sc := newScene(s, s.test, stream)
	t := new(tally)
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
		if r.Reason == ocr.ReasonEmptyScore {
			t.emptyWrong++
		}
		right := len(r.Values) > 0 && r.Values[0].Value == sh.value
		if right {
			t.best++
		}
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
	fmt.Printf("fields with a number: %d, first guess right %.4f, taken for empty %d\n", t.plain, float64(t.best)/float64(t.plain), t.emptyWrong)
	for _, c := range []float64{0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995} {
		mis, rev := t.at(c)
		fmt.Printf("  threshold %.3f: misread %3d (%.4f), review %4d (%.3f)\n", c, mis, float64(mis)/float64(t.plain), rev, float64(rev)/float64(t.plain))
	}
	for b := range 10 {
		lo, hi := float64(b)/10, float64(b+1)/10
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
			fmt.Printf("  confidence %.1f: said %.3f, was %.3f of %d\n", lo, sum/float64(n), float64(r)/float64(n), n)
		}
	}
	fmt.Printf("empty %d, told %d; struck %d, silently wrong %d; not allowed %d, silently read %d (at %.2f)\n",
		t.empty, t.emptyRight, t.struck, t.struckSilent, t.odd, t.oddSilent, silent)
	fmt.Printf("time a field: %v\n", t.perField)
}
