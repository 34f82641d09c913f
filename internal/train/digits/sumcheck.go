package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"scan/internal/exam"
	"scan/internal/mark"
	"scan/ocr"
)

// slipShare is how often the simulated correctors write another number than the sum.
const slipShare = 0.02

// sumTally counts what becomes of fields once the sum of the credits stands beside them
// and the default policy decides.
type sumTally struct{ n, misread, review, slips, slipMisread int }

func (t *sumTally) add(r *rand.Rand, s exam.Score, value float64, got ocr.ScoreReading) {
	total, slip := value, r.Float64() < slipShare
	if slip {
		total = float64(r.IntN(int(s.Max/s.Step)+1)) * s.Step
		slip = total != value
	}
	decided := decideWithSum(s, total, got)
	t.n++
	if slip {
		t.slips++
	}
	switch {
	case decided.Review:
		t.review++
	case decided.Value != number(value):
		t.misread++
		if slip {
			t.slipMisread++
		}
	}
}

// decideWithSum lets internal/mark decide on a reading beside one credit column that was
// read for sure.
func decideWithSum(s exam.Score, total float64, got ocr.ScoreReading) mark.Reading {
	s.Problem = "1"
	q := exam.Question{ID: "1.1", Kind: exam.Credit, Credits: s.Max}
	for v := 0.0; v <= s.Max; v += s.Step {
		q.Boxes = append(q.Boxes, exam.CreditBox{Credits: v, Corrector: 1})
	}
	e := &exam.Exam{Problems: []exam.Problem{{ID: "1", Questions: []exam.Question{q}}}, Scores: []exam.Score{s}}
	score := mark.Reading{Field: s.ID, Kind: mark.KindScore, Confidence: got.Confidence, Reason: got.Reason}
	if got.Read {
		score.Value = number(got.Value)
	}
	for _, v := range got.Values {
		score.Candidates = append(score.Candidates, mark.ValueP(v))
	}
	credit := mark.Reading{Field: exam.CreditField(q.ID, 1), Kind: mark.KindCredit, Value: number(total), Confidence: 0.99999}
	out := mark.Decide(mark.Check(e, []mark.Reading{credit, score}), mark.Policy{})
	return out[1]
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (t *sumTally) print() {
	if t.n == 0 {
		return
	}
	fmt.Printf("with the sum beside it, default policy: %d fields, misread %d (%.4f; %d of them of %d slips of the pen), review %d (%.3f)\n",
		t.n, t.misread, float64(t.misread)/float64(t.n), t.slipMisread, t.slips, t.review, float64(t.review)/float64(t.n))
}
