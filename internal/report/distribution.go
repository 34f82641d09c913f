package report

import "math"

// distribution is how totals spread, in credits.
type distribution struct {
	n                     int
	mean, sd              figure
	least, q1, median, q3 figure
	most                  figure
	step                  float64 // width of a bin
	bins                  []int   // bin i holds totals from from+i*step up to the next; the last holds its end as well
	from                  float64 // lower end of the first bin
}

// mostBins keeps the histogram readable; with the steps of binWidth it has 10 to 25 bins.
const mostBins = 25

func (t *table) distribution() distribution {
	d := distribution{n: len(t.totals), mean: mean(t.totals), sd: deviation(t.totals),
		least: quantile(t.totals, 0), q1: quantile(t.totals, 0.25), median: quantile(t.totals, 0.5),
		q3: quantile(t.totals, 0.75), most: quantile(t.totals, 1)}
	if d.n == 0 {
		return d
	}
	end := max(t.most, d.most.x)
	d.step = binWidth(end - min(d.least.x, 0))
	d.from = math.Floor(min(d.least.x, 0)/d.step) * d.step
	d.bins = make([]int, max(1, int(math.Ceil(exact((end-d.from)/d.step)))))
	for _, x := range t.totals {
		i := int(math.Floor(exact((x - d.from) / d.step)))
		d.bins[min(i, len(d.bins)-1)]++
	}
	return d
}

// binWidth is the least of 0.5, 1, 2, 5, 10, 20, ... credits that cuts a span into no more than mostBins.
func binWidth(span float64) float64 {
	if span <= mostBins*0.5 {
		return 0.5
	}
	for unit := 1.0; ; unit *= 10 {
		for _, m := range []float64{1, 2, 5} {
			if span <= mostBins*m*unit {
				return m * unit
			}
		}
	}
}
