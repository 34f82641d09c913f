package mark

// The kinds of reading, as in readings.csv.
const (
	KindChoice  = "choice"
	KindCredit  = "credit"
	KindScore   = "score"
	KindSticker = "sticker"
)

// Reasons this package gives. Those of the readers pass through unchanged.
const (
	ReasonEmpty          = "empty"             // nothing written where nothing must be: no review
	ReasonDecided        = "decided"           // a person said so: no review
	ReasonUnread         = "unread"            // no value, and the reader gave no reason
	ReasonUncertain      = "uncertain"         // confidence below the policy's threshold
	ReasonSeveralCrosses = "several-crosses"   // more than one where select is one
	ReasonCorrectors     = "correctors-differ" // the two correctors gave different credits
	ReasonSum            = "sum-differs"       // a handwritten score is not the sum of its credits
	ReasonScans          = "scans-differ"      // the field was read twice, with different values
	ReasonScoreMissing   = "score-missing"     // nobody wrote the score that alone gives the credits
	ReasonNotInRoster    = "not-in-roster"     // no student has the sticker's code
	ReasonOddCode        = "odd-code"          // no roster, and the code holds signs that no number has
	ReasonCodeTwice      = "code-twice"        // another booklet has the same sticker code
)

// What the readers say of a column without a cross and of a score field without ink.
const (
	noneMarked = "none-marked"
	emptyField = "empty-score"
)

// DefaultCostRatio says how many reviews one unnoticed misread is worth. A review takes
// a person some ten seconds with its question around it; a wrong score that is found later
// takes an objection, the booklet from the archive and two people, some 20 minutes: about
// 100 times as much. It is the ratio the box reader's own doubt is set to.
const DefaultCostRatio = 100

// Policy says when a person is asked.
type Policy struct {
	// CostRatio is what an unnoticed misread costs, in reviews (> 1). Raising it asks
	// more often and errs less; 0 means DefaultCostRatio.
	CostRatio float64
}

// Threshold returns the confidence in [0,1) below which a reading goes to review: the
// one where the expected cost of a misread, (1-confidence) x ratio, equals a review.
func (p Policy) Threshold() float64 {
	ratio := p.CostRatio
	if ratio == 0 {
		ratio = DefaultCostRatio
	}
	return 1 - 1/max(ratio, 1)
}

// Decide sets which readings go to a person: those without a value, with a reason, or
// below the policy's threshold. Why is in Reason. What a person decided and what is
// rightly empty stays.
func Decide(readings []Reading, policy Policy) []Reading {
	decided := make([]Reading, len(readings))
	for i, r := range readings {
		decided[i] = decide(r, policy.Threshold())
	}
	return decided
}

func decide(r Reading, threshold float64) Reading {
	switch {
	case r.Reason == ReasonDecided:
		r.Review = false
		return r
	case r.Reason == ReasonEmpty:
		// That nothing is there must be as sure as anything else.
		if r.Confidence >= threshold {
			r.Review = false
			return r
		}
		r.Reason = ReasonUncertain
	case r.Reason != "":
	case r.Value == "":
		r.Reason = ReasonUnread
	case !(r.Confidence >= threshold): // also true for NaN
		r.Reason = ReasonUncertain
	}
	r.Review = r.Reason != ""
	return r
}
