package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"scan/internal/bench"
)

// details tells of each set and kind of field of a class.
func details(d *Doc, results []bench.Result, class string, a About) error {
	started := false
	for _, r := range results {
		if r.Class != class || r.Err != nil || len(r.Items) == 0 {
			continue
		}
		if !started {
			d.heading(2, strings.ToUpper(class[:1])+class[1:])
			started = true
		}
		order, parts := bench.Split(r.Items)
		for i, k := range order {
			d.heading(3, k.Set+": "+k.Field)
			if i == 0 {
				d.text(r.About + ".")
			}
			if err := field(d, k, parts[k], a); err != nil {
				return fmt.Errorf("%s, %s: %w", k.Set, k.Field, err)
			}
		}
	}
	return nil
}

// minCurve and minPlaces are how many fields make a diagram and a map of the page worth
// looking at: below, every bar spans most of its axis and every cell holds a handful.
const (
	minCurve  = 100
	minPlaces = 400
)

// field tells of one kind of field in one set.
func field(d *Doc, k bench.Key, items []bench.Item, a About) error {
	reasons(d, items, a)
	confusion(d, items, a)
	if len(items) < minCurve {
		return nil
	}
	if err := curve(d, k, items, a); err != nil {
		return err
	}
	if err := calibration(d, k, items); err != nil {
		return err
	}
	places(d, items, a)
	return nil
}

// slug makes a file name of a set and a field.
func slug(kind string, k bench.Key) string {
	keep := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' {
			return r
		}
		return '-'
	}
	return kind + "-" + strings.Map(keep, k.Set+"-"+k.Field) + ".png"
}

// reasons counts what people are asked for.
func reasons(d *Doc, items []bench.Item, a About) {
	type row struct{ n, right, odd int }
	by := map[string]*row{}
	for i := range items {
		it := &items[i]
		if it.Outcome(a.Threshold) != bench.Review {
			continue
		}
		why := cmp.Or(it.Reason, map[bool]string{true: "nothing read", false: "confidence"}[it.Forced()])
		if by[why] == nil {
			by[why] = &row{}
		}
		r := by[why]
		r.n++
		if it.Accepts(it.Value) {
			r.right++
		}
		if it.Odd {
			r.odd++
		}
	}
	if len(by) == 0 {
		return
	}
	t := &Table{Left: 1, Head: []string{"asked because of", "fields", "of these odd", "value right all the same"}}
	for why, r := range by {
		t.add(why, whole(r.n), whole(r.odd), whole(r.right))
	}
	slices.SortFunc(t.Rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	d.table(t)
}

func confusion(d *Doc, items []bench.Item, a About) {
	c := bench.ConfusionOf(items, a.Threshold)
	if len(c.Rows) == 0 {
		return
	}
	t := &Table{Left: 1, Head: append([]string{"put there", "fields", "right", "review", "asked", "misread"}, prefixed("as ", c.Seen)...)}
	for _, r := range c.Rows {
		row := []string{r.Kind, whole(r.Fields), whole(r.Right), whole(r.Review), whole(r.Asked), whole(r.Misread)}
		for _, s := range c.Seen {
			cell := ""
			if n := r.Seen[s]; n > 0 {
				cell = whole(n)
			}
			row = append(row, cell)
		}
		t.add(row...)
	}
	d.table(t)
}

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = prefix + s
	}
	return out
}

// curve shows what other thresholds would give.
func curve(d *Doc, k bench.Key, items []bench.Item, a About) error {
	points := bench.Curve(items)
	t := &Table{Left: 1, Head: []string{"people are asked", "below", "review %", "misread", "silent"}}
	var marks []mark
	for _, p := range a.Policies {
		c := bench.CountOf(items, p.Threshold)
		marks = append(marks, mark{p.Name, p.Threshold, c})
		t.add(p.Name, confidence(p.Threshold), percent(c.ReviewRate()), whole(c.Misread), rate(c.Silent()))
	}
	for _, silent := range []float64{1e-3, 1e-4, 1e-5} {
		p := bench.Needed(points, silent)
		t.add("so that silent is at most "+rate(silent), confidence(p.Threshold), percent(p.Review), whole(p.Misread), rate(p.Silent))
	}
	last := points[len(points)-1]
	t.add("for a reason alone", "never", percent(last.Review), whole(last.Misread), rate(last.Silent))
	d.table(t)
	if last.Misread == 0 {
		d.text("No threshold lets a misread pass.")
		return nil
	}
	d.text(fmt.Sprintf("Area below the curve: %s.", rate(bench.Area(points))))
	f, err := silentCurve(points, len(items), marks, slug("curve", k),
		k.Set+", "+k.Field+": silent error against review as the threshold moves")
	if err != nil {
		return err
	}
	d.figure(f)
	return nil
}

// calibration compares confidences with what they promise.
func calibration(d *Doc, k bench.Key, items []bench.Item) error {
	r := bench.ReliabilityOf(items)
	if r.N < minCurve {
		return nil
	}
	f, err := reliability(r, slug("reliability", k), fmt.Sprintf("%s, %s: reliability diagram of bins with %d fields or more, with 95 %% Wilson intervals; bars that reach 0 saw no error",
		k.Set, k.Field, bench.MinBin))
	if err != nil {
		return err
	}
	d.figure(f)
	t := &Table{Left: 1, Head: []string{"confidence", "fields", "mean", "right", "95 % from", "to", ""}}
	for _, b := range r.Tail {
		if b.N == 0 {
			continue
		}
		verdict := ""
		if b.Boasts() {
			verdict = "promises too much"
		}
		t.add(fmt.Sprintf("%v to %v", b.From, b.To), whole(b.N), digits(b.Mean), digits(b.Share()), digits(b.Lo), digits(b.Hi), verdict)
	}
	d.table(t)
	d.text(fmt.Sprintf("Expected calibration error %s (bins of equal count), %s (bins above); greatest gap of a bin with %d fields or more: %s.",
		rate(r.ECE), rate(r.Sharper), bench.MinBin, rate(r.Max)))
	return nil
}

// digits writes a share near 1.
func digits(p float64) string {
	if p == math.Trunc(p) {
		return fmt.Sprintf("%.0f", p)
	}
	return fmt.Sprintf("%.5f", p)
}

// places maps the page.
func places(d *Doc, items []bench.Item, a About) {
	p := bench.PositionOf(items, a.Threshold)
	if p.Fields < minPlaces {
		return
	}
	t := &Table{Left: 1, Head: []string{"review %/misread"}}
	for x := range bench.Grid {
		t.Head = append(t.Head, fmt.Sprintf("column %d", x+1))
	}
	for y, row := range p.Cells {
		cells := []string{fmt.Sprintf("row %d", y+1)}
		for _, c := range row {
			text := ""
			if c.Fields > 0 {
				text = fmt.Sprintf("%s / %d of %s", percent(float64(c.Review)/float64(max(c.Plain, 1))), c.Misread, whole(c.Fields))
			}
			cells = append(cells, text)
		}
		t.add(cells...)
	}
	d.table(t)
	d.text(standsOut("review", p.Review) + " " + standsOut("misreads", p.Misread))
}

func standsOut(what string, t bench.Test) string {
	if !t.StandsOut() {
		return fmt.Sprintf("No part of the page stands out by %s (p %s).", what, rate(t.P))
	}
	return fmt.Sprintf("By %s, %s stands out: %s %% against %s %% all over (p %s).", what, t.Where(), percent(t.Rate), percent(t.All), rate(t.P))
}
