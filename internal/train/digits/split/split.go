// Package split holds the handwriting data apart: what trains the readers of digits,
// what their settings are chosen on, and what they are measured on. Everybody who
// measures digits asks here, so that no writer stands on both sides.
//
// Where the writers are known (the pen strokes) the split is by writer. The other
// sets come in the order in which they were collected; there it is by stretches of
// that order, and cheques are whole.
package split

// Part is one of the three.
type Part int

// Train fits weights; Validate fits confidences and chooses settings; Test is looked
// at to report, never to choose.
const (
	Train Part = iota
	Validate
	Test
)

// Writers of the pen strokes are numbered 1 to 30 in the file's .COMMENT lines.
const (
	writers        = 30
	firstValidate  = 22
	firstTest      = 26
	chequeEvery    = 5
	testShare      = 0.12
	validateShare  = 0.04
	chequeValidate = 3
	chequeTest     = 4
)

// OfWriter returns the part of a writer of the pen strokes, 1 to 30.
func OfWriter(w int) Part {
	switch {
	case w >= firstTest:
		return Test
	case w >= firstValidate:
		return Validate
	}
	return Train
}

// TestWriters lists the writers of the pen strokes that are only measured on.
func TestWriters() []int { return of(Test) }

// ValidationWriters lists the writers that settings are chosen on.
func ValidationWriters() []int { return of(Validate) }

// TrainWriters lists the writers that weights are fitted to.
func TrainWriters() []int { return of(Train) }

func of(p Part) (out []int) {
	for w := 1; w <= writers; w++ {
		if OfWriter(w) == p {
			out = append(out, w)
		}
	}
	return out
}

// OfItem returns the part of item i of n in the order of a file without writers: the
// last 12 % are Test, the 4 % before them Validate. For the symbols (bhmsds), whose
// file is ordered by class, i and n count within the class.
func OfItem(i, n int) Part {
	switch at := float64(i) / float64(n); {
	case at >= 1-testShare:
		return Test
	case at >= 1-testShare-validateShare:
		return Validate
	}
	return Train
}

// OfCheque returns the part of a line of the cheques' train.tsv, counted from 0: every
// fifth is Test, one in ten Validate.
func OfCheque(line int) Part {
	switch {
	case line%chequeEvery == chequeTest:
		return Test
	case line%(2*chequeEvery) == chequeValidate:
		return Validate
	}
	return Train
}
