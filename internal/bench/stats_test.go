package bench

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowTail is P(X <= k) of a binomial, summed term by term.
func slowTail(k, n int, p float64) float64 {
	sum, term := 0.0, math.Pow(1-p, float64(n))
	for i := 0; i <= k; i++ {
		sum += term
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
	}
	return sum
}

func TestUpperAgainstBinomialSums(t *testing.T) {
	for _, tc := range []struct{ k, n int }{{0, 1}, {0, 59}, {1, 20}, {3, 17}, {5, 10}, {9, 10}, {2, 400}, {17, 400}} {
		p := Upper(tc.k, tc.n)
		assert.InDelta(t, 1-Level, slowTail(tc.k, tc.n, p), 1e-9, "%d of %d", tc.k, tc.n)
	}
}

func TestUpperAtTheEnds(t *testing.T) {
	assert.InDelta(t, 1-math.Pow(0.05, 1.0/300), Upper(0, 300), 1e-12)
	assert.InEpsilon(t, 2.9957/300_000, Upper(0, 300_000), 1e-4, "the rule of three")
	assert.InEpsilon(t, 4.7439/300_000, Upper(1, 300_000), 1e-4, "Poisson's bound for one")
	assert.Equal(t, 1.0, Upper(7, 7))
	assert.Equal(t, 1.0, Upper(0, 0))
}

func TestBinomialUpperAgainstSums(t *testing.T) {
	for _, tc := range []struct {
		k, n int
		p    float64
	}{{1, 10, 0.1}, {3, 10, 0.1}, {10, 10, 0.4}, {40, 1000, 0.02}} {
		assert.InDelta(t, 1-slowTail(tc.k-1, tc.n, tc.p), binomialUpper(tc.k, tc.n, tc.p), 1e-9)
	}
	assert.Equal(t, 1.0, binomialUpper(0, 5, 0.3))
	assert.Equal(t, 0.0, binomialUpper(1, 5, 0))
}

// The interval of 8 right of 10, worked by hand: centre (0.8+0.19207)/(1+0.38415) =
// 0.71674, half width 1.95996/1.38415 x sqrt(0.016+0.009604) = 0.22659.
func TestWilsonByHand(t *testing.T) {
	lo, hi := Wilson(8, 10)
	assert.InDelta(t, 0.71674-0.22659, lo, 1e-4)
	assert.InDelta(t, 0.71674+0.22659, hi, 1e-4)
	lo, hi = Wilson(0, 50)
	assert.Zero(t, lo)
	assert.InDelta(t, 0.0713, hi, 1e-4)
	lo, hi = Wilson(0, 0)
	assert.Equal(t, [2]float64{0, 1}, [2]float64{lo, hi})
}

// box makes a choice box with truth x.
func box(value string, confidence float64) Item {
	return Item{Set: "s", Class: Simulated, Field: Choice, Truth: "x", Value: value, Confidence: confidence, X: -1, Y: -1}
}

func odd(it Item, also ...string) Item {
	it.Odd, it.Truth, it.Also = true, "odd", also
	return it
}

func reason(it Item) Item {
	it.Reason = "streak"
	return it
}

// eight fields, one of each outcome.
func eight() []Item {
	items := []Item{
		box("x", 0.999),              // right
		box("x", 0.98),               // review
		box("y", 0.995),              // misread
		box("y", 0.5),                // review
		reason(box("x", 1)),          // review at any threshold
		box("", 0.9999),              // unread
		odd(box("x", 0.999), "x"),    // odd, rightly taken
		odd(box("x", 0.9999)),        // odd, misread
		odd(box("x", 0.7), "x", "y"), // odd, rightly asked
	}
	for i := range items {
		items[i].Group = []string{"a", "b", "b"}[i%3]
	}
	return items
}

func TestCountByHand(t *testing.T) {
	c := CountOf(eight(), 0.99)
	assert.Equal(t, Count{Set: "s", Class: Simulated, Field: Choice, Fields: 9, Groups: 2, Right: 2, Review: 4, Asked: 1,
		Misread: 2, Odd: 3, OddMisread: 1, Unread: 1, Wrong: 4, BadGroups: 1}, c)
	assert.Equal(t, c.Fields, c.Right+c.Review+c.Asked+c.Misread)
	assert.InDelta(t, 4.0/6, c.ReviewRate(), 1e-12)
	assert.InDelta(t, 2.0/9, c.Silent(), 1e-12)
}

// Nothing where nothing is, read as nothing, is right; any value there is a misread.
func TestNothingIsAnAnswer(t *testing.T) {
	none := Item{Truth: "", Value: "", Confidence: 1}
	assert.Equal(t, Right, none.Outcome(0.99))
	ghost := Item{Truth: "", Value: "123", Confidence: 1}
	assert.Equal(t, Misread, ghost.Outcome(0.99))
	nan := box("x", math.NaN())
	assert.Equal(t, Review, nan.Outcome(0))
}

// randomItems have confidences in steps, so that many are equal.
func randomItems(n int, seed uint64) []Item {
	r := rand.New(rand.NewPCG(seed, 1))
	items := make([]Item, n)
	for i := range items {
		c := math.Round(r.Float64()*50) / 50
		it := box("x", c)
		if r.Float64() > c {
			it.Value = "y"
		}
		if r.IntN(20) == 0 {
			it = reason(it)
		}
		if r.IntN(10) == 0 {
			it = odd(it, "x")
		}
		it.X, it.Y = r.Float64(), r.Float64()
		items[i] = it
	}
	return items
}

// Whatever threshold is asked for, the point of the curve with the same misreads has no
// more review than counting at that threshold gives.
func TestCurveAgainstCounting(t *testing.T) {
	items := randomItems(400, 3)
	curve := Curve(items)
	for _, p := range curve {
		c := CountOf(items, p.Threshold)
		assert.Equal(t, c.Misread, p.Misread)
		assert.InDelta(t, c.ReviewRate(), p.Review, 1e-12)
		assert.InDelta(t, c.Silent(), p.Silent, 1e-12)
	}
	for i := -1; i <= 51; i++ {
		c := CountOf(items, float64(i)/50)
		assert.LessOrEqual(t, Needed(curve, c.Silent()).Review, c.ReviewRate()+1e-12)
	}
	assert.True(t, math.IsInf(curve[0].Threshold, 1))
	assert.Equal(t, CountOf(items, -1).Misread, curve[len(curve)-1].Misread)
}

// Four fields: right at 0.9, wrong at 0.8, right at 0.7 and 0.6. Review 1, 0.75, 0.5
// and 0; the error enters at 0.5 and costs 1/4 x (0.25 + 0.5).
func TestCurveByHand(t *testing.T) {
	curve := Curve([]Item{box("x", 0.9), box("y", 0.8), box("x", 0.7), box("x", 0.6)})
	assert.Equal(t, []Point{
		{math.Inf(1), 1, 0, 0},
		{0.9, 0.75, 0, 0},
		{0.8, 0.5, 0.25, 1},
		{0.6, 0, 0.25, 1},
	}, curve)
	assert.Equal(t, 0.75, Needed(curve, 0.1).Review)
	assert.InDelta(t, 0.1875, Area(curve), 1e-12)
}

func TestReliabilityByHand(t *testing.T) {
	var items []Item
	for range 9 {
		items = append(items, box("x", 0.95))
	}
	items = append(items, box("y", 0.95), box("x", 0.6), box("y", 0.6), reason(box("y", 1)))
	r := ReliabilityOf(items)
	assert.Equal(t, 12, r.N)
	require.Len(t, r.Equal, 2, "equal confidences stay together")
	assert.InDelta(t, (0.05*10+0.1*2)/12, r.ECE, 1e-12)
	assert.InDelta(t, r.ECE, r.Sharper, 1e-12)
	assert.Zero(t, r.Max, "no bin has enough items")
	b := r.Tail[2]
	assert.Equal(t, [3]any{10, 9, 0.9}, [3]any{b.N, b.Right, b.From})
	assert.False(t, b.Boasts())
}

func TestReliabilityFindsBoasting(t *testing.T) {
	var items []Item
	for i := range 1000 {
		it := box("x", 0.9995)
		if i%100 == 0 {
			it.Value = "y"
		}
		items = append(items, it)
	}
	r := ReliabilityOf(items)
	assert.True(t, r.Tail[4].Boasts())
	assert.InDelta(t, 0.0095, r.Max, 1e-12)
}

func TestBinsHoldEveryItem(t *testing.T) {
	r := ReliabilityOf(randomItems(997, 5))
	equal, tail := 0, 0
	for _, b := range r.Equal {
		equal += b.N
	}
	for _, b := range r.Tail {
		tail += b.N
	}
	assert.Equal(t, [2]int{r.N, r.N}, [2]int{equal, tail})
	assert.LessOrEqual(t, len(r.Equal), 15)
	assert.GreaterOrEqual(t, len(r.Equal), 12)
}

func TestConfusion(t *testing.T) {
	a, b, c := box("x", 1), box("y", 1), odd(box("x", 0.3))
	a.Kind, a.Seen, b.Kind, b.Seen, c.Kind = "cross", "cross", "cross", "fill", "ring"
	got := ConfusionOf([]Item{a, b, c}, 0.99)
	assert.Equal(t, []string{"?", "cross", "fill"}, got.Seen)
	assert.Equal(t, []KindRow{
		{Kind: "cross", Fields: 2, Right: 1, Misread: 1, Seen: map[string]int{"cross": 1, "fill": 1}},
		{Kind: "ring", Fields: 1, Asked: 1, Seen: map[string]int{"?": 1}},
	}, got.Rows)
	assert.Empty(t, ConfusionOf([]Item{box("x", 1)}, 0.99).Rows)
}

// A reader that is worse in a corner is found; one that is the same everywhere is not,
// in 200 seeds more than the chance of a few.
func TestPositionFindsACornerAndNoMore(t *testing.T) {
	alarms, seeds := 0, uint64(200)
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 2))
		items := make([]Item, 2000)
		for i := range items {
			items[i] = box("x", 1)
			items[i].X, items[i].Y = r.Float64(), r.Float64()
			if r.Float64() < 0.02 {
				items[i].Value = "y"
			}
			if items[i].X > 0.75 && items[i].Y > 0.75 && r.Float64() < 0.1 {
				items[i] = reason(items[i])
			}
		}
		p := PositionOf(items, 0.99)
		assert.True(t, p.Review.StandsOut())
		assert.Equal(t, "row 4, column 4", p.Review.Where())
		if p.Misread.StandsOut() {
			alarms++
		}
	}
	assert.LessOrEqual(t, alarms, 5)
	assert.Zero(t, PositionOf([]Item{box("x", 1)}, 0.99).Fields, "unknown places are left out")
}

func TestMatch(t *testing.T) {
	for _, tc := range []struct {
		pattern, name string
		want          bool
	}{{"practice/*", "practice/default", true}, {"*hard*", "practice/hard-pens", true}, {"*", "a/b", true},
		{"a", "a", true}, {"a", "ab", false}, {"*b", "ab", true}, {"*b", "abc", false}, {"a*c*e", "abcde", true}} {
		assert.Equal(t, tc.want, Match([]string{"nothing", tc.pattern}, tc.name), "%s %s", tc.pattern, tc.name)
	}
}
