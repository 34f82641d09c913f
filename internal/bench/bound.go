package bench

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Level is the one-sided confidence level of all upper bounds.
const Level = 0.95

// Upper returns the upper bound at Level of a rate of which k of n were seen: the largest
// p that would show so few with probability 1-Level (Clopper and Pearson, Biometrika 26,
// 1934). For k = 0 it is 1-0.05^(1/n), the rule of three: about 3/n. It is 1 for n = 0.
// Fields of one sheet fail together, so the bound on fields is too kind where groups
// are few; that is why both are counted.
func Upper(k, n int) float64 {
	if k >= n {
		return 1
	}
	return mathext.InvRegIncBeta(float64(k+1), float64(n-k), Level)
}

// binomialUpper returns the probability of k or more of n at rate p.
func binomialUpper(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

// z95 is the standard normal deviate of two-sided 95 % intervals.
const z95 = 1.959963984540054

// Wilson returns the two-sided 95 % score interval of a rate of which k of n were seen
// (Wilson, JASA 22, 1927), [0,1] for n = 0.
func Wilson(k, n int) (lo, hi float64) {
	if n == 0 {
		return 0, 1
	}
	N, p := float64(n), float64(k)/float64(n)
	mid := (p + z95*z95/(2*N)) / (1 + z95*z95/N)
	half := z95 / (1 + z95*z95/N) * math.Sqrt(p*(1-p)/N+z95*z95/(4*N*N))
	lo, hi = max(0, mid-half), min(1, mid+half)
	if k == 0 {
		lo = 0 // the formula's, but for rounding
	}
	if k == n {
		hi = 1
	}
	return lo, hi
}
