package report

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// figure is a number that may not be known: too few booklets, or all of them alike.
type figure struct {
	x  float64
	ok bool
}

// known makes a figure of x, unless it is no number.
func known(x float64) figure {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return figure{}
	}
	return figure{x, true}
}

// fewest is how many booklets a correlation needs: two always lie on a line.
const fewest = 3

// mean is the arithmetic mean.
func mean(xs []float64) figure {
	if len(xs) == 0 {
		return figure{}
	}
	return known(stat.Mean(xs, nil))
}

// deviation is the standard deviation with n-1: of the exam's takers as a sample of all who might.
func deviation(xs []float64) figure {
	if len(xs) < 2 {
		return figure{}
	}
	return known(math.Sqrt(variance(xs)))
}

// variance is that with n-1; exactly 0 where all are alike.
func variance(xs []float64) float64 {
	if alike(xs) {
		return 0
	}
	return stat.Variance(xs, nil)
}

func alike(xs []float64) bool { return len(xs) == 0 || slices.Min(xs) == slices.Max(xs) }

// quantile interpolates linearly between the order statistics at (n-1)p: definition 7 of
// Hyndman & Fan (1996), the one of R, Excel and NumPy. p in [0,1].
func quantile(xs []float64, p float64) figure {
	if len(xs) == 0 {
		return figure{}
	}
	sorted := slices.Sorted(slices.Values(xs))
	at := float64(len(sorted)-1) * p
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return known(sorted[low] + (at-float64(low))*(sorted[high]-sorted[low]))
}

// correlation is Pearson's r of pairs. It is not known where one side does not vary.
func correlation(xs, ys []float64) figure {
	if len(xs) < fewest || alike(xs) || alike(ys) {
		return figure{}
	}
	return known(min(max(stat.Correlation(xs, ys, nil), -1), 1))
}

// surelyNegative reports whether chance alone gives an r this far below 0 less than once in
// 20 times (Fisher's z, one-sided): what a person is asked to look at must not be noise.
func surelyNegative(r figure, n int) bool {
	if !r.ok || n <= fewest {
		return false
	}
	return math.Atanh(r.x)*math.Sqrt(float64(n-3)) < -1.645
}

// alpha is Cronbach's (1951): k/(k-1) (1 - sum of the items' variances / variance of their sum).
// items[i][j] is what booklet j earned on item i. Items that do not vary tell nothing and are
// left out; two must stay.
func alpha(items [][]float64) (a figure, k int) {
	var sum []float64
	parts := 0.0
	for _, earned := range items {
		if alike(earned) {
			continue
		}
		k++
		parts += variance(earned)
		if sum == nil {
			sum = make([]float64, len(earned))
		}
		for j, x := range earned {
			sum[j] += x
		}
	}
	if k < 2 || len(sum) < fewest || exact(variance(sum)) == 0 {
		return figure{}, k
	}
	return known(float64(k) / float64(k-1) * (1 - parts/variance(sum))), k
}

// alphaRange is the 95 % confidence interval of alpha by Feldt (1965): (1-alpha) over its
// estimate is distributed as F with n-1 and (n-1)(k-1) degrees of freedom.
func alphaRange(a figure, n, k int) (low, high figure) {
	if !a.ok || n < fewest || k < 2 {
		return figure{}, figure{}
	}
	f := distuv.F{D1: float64(n - 1), D2: float64((n - 1) * (k - 1))}
	return known(1 - (1-a.x)*f.Quantile(0.975)), known(1 - (1-a.x)*f.Quantile(0.025))
}

// measurementError is the standard error of measurement in credits: how far a total lies from what
// the same student would get on average over exams like this one.
func measurementError(sd, a figure) figure {
	if !sd.ok || !a.ok || a.x < 0 || a.x > 1 {
		return figure{}
	}
	return known(sd.x * math.Sqrt(1-a.x))
}

// exact rounds credits to 1e-6, so that sums of thirds and tenths compare equal.
func exact(x float64) float64 { return math.Round(x*1e6)/1e6 + 0 }

// minus subtracts one list from another.
func minus(xs, ys []float64) []float64 {
	left := make([]float64, len(xs))
	for i := range xs {
		left[i] = exact(xs[i] - ys[i])
	}
	return left
}

// part is how many of all: nothing is no part of nothing.
func part(n, all int) figure {
	if all == 0 {
		return figure{}
	}
	return known(float64(n) / float64(all))
}
