package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"scan/internal/bench"
)

// About says how results came to be.
type About struct {
	Command     string // that makes them again
	Version     string // of the program
	Conventions string // of the exams, where a set says nothing else
	Threshold   float64
	Policies    []Policy // thresholds to point out, Threshold among them
}

// Policy is a threshold by name.
type Policy struct {
	Name      string
	Threshold float64
}

// Summary is what fits on a screen: every set and kind of field, the targets, the first
// misreads, and the names of what was not measured.
func Summary(results []bench.Result, a About, misreads int) Doc {
	var d Doc
	counts(&d, results, a)
	targets(&d, results, a)
	listMisreads(&d, results, a, misreads)
	named(&d, results)
	return d
}

// setsOf names the set of a row, or tells how many there are.
func setsOf(r bench.TargetRow) string {
	if len(r.Sets) == 1 {
		return r.Sets[0]
	}
	return count(len(r.Sets), "set")
}

// maxListed is how many misreads the report names.
const maxListed = 50

// Full is the whole report.
func Full(results []bench.Result, a About) (Doc, error) {
	d := Doc{Title: "Accuracy"}
	d.text("Made by")
	d.code(a.Command)
	d.text(fmt.Sprintf("with scan %s. A person is asked below confidence %s. %s", a.Version, confidence(a.Threshold), a.Conventions))
	d.text("Simulated sets are made whole by this program's generator, composited ones put real writing or real codes " +
		"on made paper, real ones are scans of real paper. They are never added up with each other.")
	d.heading(2, "Targets")
	targets(&d, results, a)
	d.text("Default and hard are the sets with these conditions in their names; hard is 150 dpi, 1-bit, fat and pale pens. " +
		"Real scans and digits are judged set by set. Of digits the value counts that would be read were nobody ever asked.")
	d.heading(2, "Sets")
	counts(&d, results, a)
	d.items([]string{
		"groups: sheets or writers that the fields belong to. Fields of one sheet fail together, so few groups make the bounds on fields too kind.",
		"review: fields sent to a person without need; the rate is of the fields that need nobody.",
		"asked/odd: of the fields at which a person must look (ambiguous marks), how many a person was asked about.",
		"misread: silently wrong, odd fields included. ≤ is the one-sided 95 % upper bound (Clopper-Pearson; 3/n where none is seen).",
	})
	d.heading(2, "Misreads")
	listMisreads(&d, results, a, maxListed)
	missing(&d, results)
	for _, class := range bench.Classes {
		if err := details(&d, results, class, a); err != nil {
			return Doc{}, err
		}
	}
	return d, nil
}

func counts(d *Doc, results []bench.Result, a About) {
	t := &Table{Left: 2, Head: []string{"set", "field", "fields", "groups", "right", "review", "%", "≤ %", "asked/odd", "misread", "≤"}}
	class := ""
	order, parts := bench.Split(bench.Items(results))
	for _, k := range order {
		if k.Class != class {
			class = k.Class
			t.add(class)
		}
		c := bench.CountOf(parts[k], a.Threshold)
		asked := ""
		if c.Odd > 0 {
			asked = fmt.Sprintf("%d/%d", c.Asked, c.Odd)
		}
		t.add(k.Set, k.Field, whole(c.Fields), whole(c.Groups), whole(c.Right), whole(c.Review),
			percent(c.ReviewRate()), percent(c.ReviewBound()), asked, whole(c.Misread), rate(c.SilentBound()))
	}
	if len(t.Rows) == 0 {
		d.text("No set was measured.")
		return
	}
	d.table(t)
}

func targets(d *Doc, results []bench.Result, a About) {
	rows := bench.Judge(bench.Items(results), a.Threshold)
	if len(rows) == 0 {
		return
	}
	slices.SortStableFunc(rows, func(a, b bench.TargetRow) int {
		return cmp.Compare(slices.Index(bench.Classes, a.Class), slices.Index(bench.Classes, b.Class))
	})
	t := &Table{Left: 2, Head: []string{"target", "sets", "fields", "silent", "≤", "goal", "", "review %", "≤ %", "goal", ""}}
	few, class := false, ""
	for _, r := range rows {
		if r.Class != class {
			class = r.Class
			t.add(class)
		}
		goal, review, bound := "", "", ""
		if r.Review != bench.NotSet {
			goal, review, bound = percent(r.Target.Review), percent(r.Count.ReviewRate()), percent(r.Count.ReviewBound())
		}
		t.add(r.Name, setsOf(r), whole(r.Count.Fields), rate(r.Rate), rate(r.Bound), rate(r.Target.Silent), string(r.Silent),
			review, bound, goal, string(r.Review))
		few = few || r.Silent == bench.TooFew || r.Review == bench.TooFew
	}
	d.table(t)
	if few {
		d.text("too few: the rate seen is within its goal, but the fields are too few for its upper bound (≤) to be.")
	}
}

// listMisreads names the first misreads; all are in items.csv.gz.
func listMisreads(d *Doc, results []bench.Result, a About, most int) {
	var lines []string
	n := 0
	for _, it := range bench.Items(results) {
		if it.Outcome(a.Threshold) != bench.Misread {
			continue
		}
		if n++; n <= most {
			lines = append(lines, misreadLine(it))
		}
	}
	if n == 0 {
		d.text("No field was misread.")
		return
	}
	if n > most {
		lines = append(lines, fmt.Sprintf("and %s more", whole(n-most)))
	}
	d.text(count(n, "field") + " misread:")
	d.items(lines)
}

func misreadLine(it bench.Item) string {
	kind := ""
	if it.Kind != "" {
		kind = " (" + it.Kind + ")"
	}
	if it.Odd {
		kind += ", a person must look"
	}
	return fmt.Sprintf("%s: %s is %q%s, read %q at %s", it.Set, it.Name, it.Truth, kind, it.Value, confidence(it.Confidence))
}

// missing lists the sets whose data is not there, and those that failed.
func missing(d *Doc, results []bench.Result) {
	var absent, failed []string
	for _, r := range results {
		switch {
		case r.Absent():
			absent = append(absent, r.Name+" ("+r.Class+"): "+r.About)
		case r.Err != nil:
			failed = append(failed, r.Err.Error())
		}
	}
	if len(absent) > 0 {
		d.text(fmt.Sprintf("Absent, so not measured (%d of %s):", len(absent), count(len(results), "set")))
		d.items(absent)
	}
	failures(d, failed)
}

// named lists the same with no more than names.
func named(d *Doc, results []bench.Result) {
	var absent, failed []string
	for _, r := range results {
		switch {
		case r.Absent():
			absent = append(absent, r.Name)
		case r.Err != nil:
			failed = append(failed, r.Err.Error())
		}
	}
	if len(absent) > 0 {
		d.text(fmt.Sprintf("Absent, so not measured (%d of %s): %s.", len(absent), count(len(results), "set"), strings.Join(absent, ", ")))
	}
	failures(d, failed)
}

func failures(d *Doc, failed []string) {
	if len(failed) > 0 {
		d.text(count(len(failed), "set") + " failed:")
		d.items(failed)
	}
}
