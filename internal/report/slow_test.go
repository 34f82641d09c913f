package report

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/mark"
)

// The slow, obvious versions, from other formulas than the ones in use and straight from the batch.

// slowCovariance is the mean over all pairs of booklets of half the product of their differences.
func slowCovariance(xs, ys []float64) float64 {
	sum := 0.0
	for i := range xs {
		for j := range xs {
			sum += (xs[i] - xs[j]) * (ys[i] - ys[j]) / 2
		}
	}
	return sum / float64(len(xs)*(len(xs)-1))
}

func slowCorrelation(xs, ys []float64) float64 {
	return slowCovariance(xs, ys) / math.Sqrt(slowCovariance(xs, xs)*slowCovariance(ys, ys))
}

// slowAlpha is k/(k-1) times the share of covariances between items in the variance of their sum.
func slowAlpha(items [][]float64) float64 {
	between, all := 0.0, 0.0
	for i := range items {
		for j := range items {
			c := slowCovariance(items[i], items[j])
			all += c
			if i != j {
				between += c
			}
		}
	}
	k := float64(len(items))
	return k / (k - 1) * between / all
}

// earnedBy collects the final sheets' credits of a question, or of a problem without questions.
func earnedBy(sheets []mark.Sheet, id string) []float64 {
	var xs []float64
	for _, s := range sheets {
		if s.Status != mark.StatusFinal {
			continue
		}
		x := s.Questions[id]
		if x == nil {
			x = s.Problems[id]
		}
		xs = append(xs, *x)
	}
	return xs
}

func TestItemsAgainstTheSlowVersion(t *testing.T) {
	d := sample(75, 60)
	n := compute(d)
	ids := []string{"1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "2.5", "3"}
	var all [][]float64
	for _, id := range ids {
		all = append(all, earnedBy(d.Batch.Sheets, id))
	}
	require.Greater(t, len(all[0]), 55)
	require.Less(t, len(all[0]), 75, "some are not final")
	require.Len(t, n.items, len(ids))
	for i, id := range ids {
		f, earned := n.items[i], all[i]
		rest := make([]float64, len(earned))
		others := slices.Delete(slices.Clone(all), i, i+1)
		for _, o := range others {
			for j := range rest {
				rest[j] += o[j]
			}
		}
		require.Equal(t, id, n.table.items[i].id)
		sum, full, zero, most := 0.0, 0, 0, n.table.items[i].credits
		for _, x := range earned {
			sum += x
			if x == most {
				full++
			}
			if x == 0 {
				zero++
			}
		}
		size := float64(len(earned))
		assert.InDelta(t, sum/size, f.mean.x, 1e-9, id)
		assert.InDelta(t, sum/size/most, f.difficulty.x, 1e-9, id)
		assert.InDelta(t, float64(full)/size, f.full.x, 1e-9, id)
		assert.InDelta(t, float64(zero)/size, f.zero.x, 1e-9, id)
		assert.InDelta(t, math.Sqrt(slowCovariance(earned, earned)), f.sd.x, 1e-9, id)
		assert.InDelta(t, slowCorrelation(earned, rest), f.discrimination.x, 1e-9, id)
		assert.InDelta(t, slowAlpha(others), f.alphaWithout.x, 1e-9, id)
	}
	assert.InDelta(t, slowAlpha(all), n.byItems.alpha.x, 1e-9)
	assert.Equal(t, 10, n.byItems.items)
	assert.Equal(t, 3, n.byProblems.items)
}

func TestOptionsAgainstTheSlowVersion(t *testing.T) {
	d := sample(75, 60)
	n := compute(d)
	var totals []float64
	final := map[string]mark.Sheet{}
	for _, s := range d.Batch.Sheets {
		if s.Status == mark.StatusFinal {
			final[s.Booklet] = s
			totals = append(totals, *s.Total)
		}
	}
	slices.Sort(totals)
	low, high := totals[len(totals)/3-1], totals[len(totals)-len(totals)/3]
	for i, it := range n.table.items[:4] {
		for j, got := range n.table.options(it, n.answers) {
			var picked, rest, upper, lower []float64
			for _, r := range d.Batch.Readings {
				s, ok := final[r.Booklet]
				if !ok || r.Field != it.id+"."+got.id {
					continue
				}
				x := 0.0
				if r.Value == "crossed" {
					x = 1
				}
				picked, rest = append(picked, x), append(rest, *s.Total-*s.Questions[it.id])
				if *s.Total <= low {
					lower = append(lower, x)
				}
				if *s.Total >= high {
					upper = append(upper, x)
				}
			}
			name := it.id + got.id
			assert.Equal(t, len(picked), got.n, name)
			assert.InDelta(t, average(picked), got.selected.x, 1e-9, name)
			assert.InDelta(t, average(upper), got.upper.x, 1e-9, name)
			assert.InDelta(t, average(lower), got.lower.x, 1e-9, name)
			assert.InDelta(t, slowCorrelation(picked, rest), got.biserial.x, 1e-9, name)
			assert.Equal(t, i == 3 && j == 3, got.misleads(), "%s: its key is wrong in the sample, and only its", name)
		}
	}
}

func average(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
